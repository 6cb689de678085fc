"""What a run changes: the new rows of the levels workbook, and the steps that the journal records of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dunning_batch.core.identity import Recall, Remembered
from dunning_batch.core.openitems import OpenItem
from dunning_batch.core.policy import Decision, Plan, Policy, next_step
from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.language import Language
from dunning_batch.state.journal import Body
from dunning_batch.state.reconciling import HOLDS, Edit
from dunning_batch.state.rows import Row, from_json, to_json

Raised = Mapping[str, tuple[int, str]]


def advance(
    plan: Plan,
    recall: Recall,
    raised: Raised,
    known: Mapping[str, Row],
    names: Mapping[str, str],
    policy: Policy,
    language: Language,
) -> dict[str, Row]:
    """The rows after a run: every open item, and what is settled (rules F10, F11).

    Args:
        plan: The decision for each open item.
        recall: Rows that are no longer open.
        raised: Key of each item whose reminder was delivered -> its level, and how.
        known: The rows before, with hand edits.
        names: By customer.
        policy: For the level that follows the one just reached.
        language: Of the words that say why an item is held.
    """
    rows = {one.history.key: _row(one, known.get(one.history.key), names, language) for one in plan.decisions}
    for gone in recall.settled:
        if gone.key not in rows:
            row = known.get(gone.key) or _never_seen(gone, names)
            rows[gone.key] = _settled(row, plan.as_of)
    for key, (level, channel) in raised.items():
        if key in rows or key in known:
            row = rows.get(key) or _settled(known[key], plan.as_of)
            rows[key] = raised_row(row, level, channel, plan.as_of, policy)
    return rows


def _settled(row: Row, as_of: date) -> Row:
    return replace(row, settled_on=row.settled_on or as_of, open=0, asked=0, next_level=None, next_date=None)


def _never_seen(gone: Remembered, names: Mapping[str, str]) -> Row:
    """A row of a legacy list whose item is paid: should it come back open, it resumes at its level (rule F10)."""
    return Row(
        gone.key, gone.customer, names.get(gone.customer, ""), gone.piece, gone.issued, gone.due, gone.amount,
        level=gone.level, last_reminded=gone.last_reminded, held=gone.held, held_until=gone.held_until,
        reason=gone.reason, note=gone.note, previous=gone.previous,
    )  # fmt: skip


def _row(one: Decision, known: Row | None, names: Mapping[str, str], language: Language) -> Row:
    item, history = one.item, one.history
    doubt = language.message(history.doubt) if history.doubt else ""
    return Row(
        history.key, item.customer, names.get(item.customer, ""), item.piece, item.issued, item.due, item.amount,
        item.open, one.asked, one.days_overdue, history.last_level, history.last_reminded,
        known.channel if known else "",
        one.next_level, one.next_date, history.held or bool(doubt), history.held_until, history.reason or doubt,
        history.note, previous=history.previous,
    )  # fmt: skip


def raised_row(row: Row, level: int, channel: str, day: date, policy: Policy) -> Row:
    """A row at a new level since that day; level 0 is that of an item that was never reminded."""
    last = day if level else None
    number, following = next_step(row.due or day, level, last, 1, policy) if row.settled_on is None else (None, None)
    return replace(
        row, level=level, last_reminded=last, channel=channel or row.channel, next_level=number, next_date=following,
        previous=(*row.previous, (level, day)) if level else (),
    )  # fmt: skip


def raised_later(reminders: Iterable[Body], known: Mapping[str, Row]) -> tuple[dict[str, tuple[int, str]], list[Row]]:
    """What reminders of a past run raise: key -> level, and how; a level that somebody has written since stays.

    Args:
        reminders: As planned; those of which it is known now that they were delivered.
        known: The rows, with hand edits.

    Returns:
        What is raised, and the rows whose level stays.
    """
    raised, kept = {}, []
    for one in reminders:
        for item in one["items"]:
            row, level = known.get(item["key"]), item["level"]
            if row is not None and row.level != item["before"]:
                kept += [row] if row.level != level else []
                level = row.level
            raised[item["key"]] = (level, one["channel"])
    return raised, kept


def planned_step(
    run: str, plan: Plan, reminders: Sequence[Reminder], outcomes: Sequence[Outcome], facts: Body
) -> tuple[str, Body]:
    """What a run is about to deliver; recorded before it does."""
    return "planned", {
        "run": run,
        "as_of": plan.as_of.isoformat(),
        "total": sum(one.total for one in reminders),
        "reminders": [_reminder(one, outcome) for one, outcome in zip(reminders, outcomes, strict=True)],
        **facts,
    }


def _reminder(one: Reminder, outcome: Outcome) -> Body:
    return {
        "id": one.id, "customer": one.customer.code, "name": one.name, "channel": one.channel,
        "recipient": outcome.recipient, "document": outcome.document, "reference": outcome.reference,
        "items": [
            {"key": item.decision.history.key, "piece": item.decision.item.piece, "open": item.decision.item.open,
             **_dates(item.decision.item), "amount": item.decision.item.amount,
             "asked": item.decision.asked, "before": item.decision.history.last_level,
             "last": item.decision.history.last_reminded and item.decision.history.last_reminded.isoformat(),
             "level": item.decision.next_level}
            for item in one.items
        ],
    }  # fmt: skip


def _dates(item: OpenItem) -> Body:
    return {name: day.isoformat() for name, day in (("issued", item.issued), ("due", item.due)) if day}


def planned_rows(reminders: Iterable[Body]) -> dict[str, Row]:
    """The rows of planned items as they were then: of one that was paid before it had a row, nothing else is known."""
    return {
        item["key"]: from_json({
            "key": item["key"], "customer": one["customer"], "name": one["name"], "piece": item["piece"],
            **{name: item[name] for name in ("issued", "due", "amount") if item.get(name) is not None},
            "level": item["before"], **({"last_reminded": item["last"]} if item["last"] else {}),
        })
        for one in reminders
        for item in one["items"]
    }  # fmt: skip


def changed_rows(before: Mapping[str, Row], after: Mapping[str, Row]) -> Body:
    """The rows that are new or other than before, the keys that are gone, and the day of it all."""
    days = (row.due + timedelta(row.days_overdue) for row in after.values() if row.due and row.settled_on is None)
    as_of = next(days, None)
    return {
        "as_of": as_of and as_of.isoformat(),
        "rows": [to_json(row) for key, row in after.items() if before.get(key) != row],
        "gone": [key for key in before if key not in after],
    }


def delivered_step(run: str, outcomes: Iterable[Outcome], rows: Body) -> tuple[str, Body]:
    """What became of each reminder, with the rows that follow: neither is recorded without the other."""
    return "delivered", {
        "run": run,
        "outcomes": [{"id": one.reminder, "result": one.result, "document": one.document, "reference": one.reference}
                     for one in outcomes],
        **rows,
    }  # fmt: skip


def hand_steps(edits: Sequence[Edit], numbers: Sequence[Body], day: date) -> tuple[tuple[str, Body], ...]:
    """What users wrote since the last run: into the workbook (fault 109), and numbers of registered letters."""
    changed = {
        "day": day.isoformat(),
        "changes": [_change(edit) for edit in edits],
        "rows": [to_json(edit.after) for edit in edits],
    }
    return (*([("manual", changed)] if edits else []), *(("registered", one) for one in numbers))


def level_change(row: Row, before: int, level: int) -> Body:
    """A level that moves without a reminder, as the journal and `Historique` have it."""
    return {"key": row.key, "customer": row.customer, "name": row.name, "piece": row.piece, "before": before,
            "level": level, "open": row.open}  # fmt: skip


def _change(edit: Edit) -> Body:
    before, after = edit.before, edit.after
    what = {name: getattr(after, name) for name in HOLDS if getattr(before, name) != getattr(after, name)}
    if isinstance(what.get("held_until"), date):
        what["held_until"] = what["held_until"].isoformat()
    return {**level_change(after, before.level, after.level), "what": what}
