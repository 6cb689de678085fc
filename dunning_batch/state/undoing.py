"""The rows as they were before a run (fault 121)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dunning_batch.core.policy import Policy, next_step
from dunning_batch.state.advancing import level_change
from dunning_batch.state.journal import Body
from dunning_batch.state.memory import Run
from dunning_batch.state.rows import Row


def undone_rows(run: Run, known: Mapping[str, Row], policy: Policy) -> tuple[list[Body], list[Row], list[Row]]:
    """What `Historique` says, the rows that go back, and those that somebody changed since and that stay.

    Args:
        run: A run that delivered, and the last one that did.
        known: The rows with hand edits.
        policy: For the level that then follows.
    """
    changes, rows, kept = [], [], []
    delivered = (one for one in run.reminders if one["id"] in run.delivered_ids)
    for item in (item for reminder in delivered for item in reminder["items"]):
        row = known.get(item["key"])
        if row is None:
            continue
        if row.level != item["level"] or row.last_reminded != run.as_of:
            kept.append(row)
            continue
        rows.append(_before(row, item, policy))
        changes.append(level_change(row, row.level, item["before"]))
    return changes, rows, kept


def _before(row: Row, item: Body, policy: Policy) -> Row:
    level, last = item["before"], date.fromisoformat(item["last"]) if item["last"] else None
    open_due = row.due if row.settled_on is None else None
    number, day = next_step(open_due, level, last, 1, policy) if open_due else (None, None)
    return replace(row, level=level, last_reminded=last, next_level=number, next_date=day, previous=row.previous[:-1])
