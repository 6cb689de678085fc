"""The rows as they were before a run (fault 121)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dunning_batch.core.policy import Policy, next_step
from dunning_batch.state.journal import Body
from dunning_batch.state.memory import Memory, Run
from dunning_batch.state.rows import Row


def undone_rows(
    run: Run, known: Mapping[str, Row], memory: Memory, policy: Policy
) -> tuple[list[Body], list[Row], list[Row]]:
    """What `Historique` says, the rows that go back, and those that somebody changed since and that stay.

    Args:
        run: A run that delivered.
        known: The rows with hand edits.
        memory: For what became of each reminder.
        policy: For the level that then follows.
    """
    raised = {(row.customer, row.piece) for row in memory.past if row.run == run.name and row.result == "delivered"}
    changes, rows, kept = [], [], []
    for reminder in run.reminders:
        for item in reminder["items"]:
            row = known.get(item["key"])
            if row is None or (reminder["customer"], item["piece"]) not in raised:
                continue
            if row.level != item["level"] or row.last_reminded != run.as_of:
                kept.append(row)
                continue
            rows.append(_before(row, item, policy))
            changes.append({"customer": row.customer, "name": row.name, "piece": row.piece, "before": row.level,
                            "level": item["before"], "open": row.open})  # fmt: skip
    return changes, rows, kept


def _before(row: Row, item: dict[str, Any], policy: Policy) -> Row:
    last = date.fromisoformat(item["last"]) if item["last"] else None
    number, day = (
        next_step(row.due or date.max, item["before"], last, 1, policy) if row.settled_on is None else (None, None)
    )
    return replace(
        row, level=item["before"], last_reminded=last, next_level=number, next_date=day, previous=row.previous[:-1]
    )
