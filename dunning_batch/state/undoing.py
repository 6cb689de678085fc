"""The rows as they were before a run (fault 121), or before one reminder that did not arrive."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from dunning_batch.core.policy import Policy, next_step
from dunning_batch.errors import Problem, msg
from dunning_batch.state.advancing import level_change
from dunning_batch.state.journal import Body
from dunning_batch.state.past import Run
from dunning_batch.state.rows import Row

Past = Mapping[tuple[str, int, date], Body]  # key, level and day of a reminder -> its item, as it was planned


def undone_rows(
    run: Run, known: Mapping[str, Row], policy: Policy, never: Past = MappingProxyType({})
) -> tuple[list[Body], list[Row], list[Row]]:
    """What `Historique` says, the rows that go back, and those that somebody changed since and that stay.

    Args:
        run: A run that delivered, and the last one that did.
        known: The rows with hand edits.
        policy: For the level that then follows.
        never: Reminders that did not arrive, on which nothing stands.
    """
    changes, rows, kept = [], [], []
    delivered = (one for one in run.reminders if one["id"] in run.delivered_ids)
    for item in (item for reminder in delivered for item in reminder["items"]):
        row = known.get(item["key"])
        if row is None:
            continue
        if not raised_by(item, run.as_of, row):
            kept.append(row)
            continue
        rows.append(row_before(row, item, policy, never))
        changes.append(level_change(row, row.level, rows[-1].level))
    return changes, rows, kept


def raised_by(item: Body, day: date, row: Row) -> bool:
    """The row stands where that reminder put it: nothing and nobody has moved it since."""
    return bool(row.level == item["level"] and row.last_reminded == day)


def never_arrived(runs: Iterable[Run]) -> Past:
    """The reminders that went out and of which a notice said later that nobody had them."""
    lost: dict[tuple[str, int, date], Body] = {}
    arrived: set[tuple[str, int, date]] = set()
    for run in runs:
        for reminder in run.reminders:
            places = {(item["key"], item["level"], run.as_of): item for item in reminder["items"]}
            if run.results.get(reminder["id"]) == "delivered" and not run.undone:
                arrived |= places.keys()
            elif reminder["id"] in run.lost:
                lost |= places
    # Sent anew on the same day, by post for example, it did arrive.
    return {place: item for place, item in lost.items() if place not in arrived}


def row_before(row: Row, item: Body, policy: Policy, never: Past) -> Row:
    """The row as it was before its last reminder, and before those under it that never arrived."""
    level, last = item["before"], _day(item)
    previous = row.previous[:-1]
    while last and (under := never.get((row.key, level, last))) is not None:
        if (under["before"], _day(under)) == (level, last):
            break
        level, last, previous = under["before"], _day(under), previous[:-1]
    open_due = row.due if row.settled_on is None else None
    number, day = next_step(open_due, level, last, 1, policy) if open_due else (None, None)
    return replace(row, level=level, last_reminded=last, next_level=number, next_date=day, previous=previous)


def _day(item: Body) -> date | None:
    return date.fromisoformat(item["last"]) if item["last"] else None


def kept_problems(kept: Iterable[Row]) -> Iterator[Problem]:
    """The levels that somebody has changed since."""
    for row in kept:
        text = msg("The level of {piece} was changed since that run: it stays as it is.", piece=row.piece or row.key)
        yield Problem("level_kept", text, "warning", customer=row.customer)
