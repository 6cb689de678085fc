"""What a report tells: one record of everything that was read, decided and done."""

from dataclasses import dataclass
from datetime import date

from dunning_batch.core.customers import Customer
from dunning_batch.core.ledger import Accounting, LedgerFile
from dunning_batch.core.openitems import Settlement
from dunning_batch.core.policy import Plan
from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.errors import Problem


@dataclass(frozen=True, slots=True)
class Record:
    """One status, plan or run. `reminders` and `outcomes` are empty for a status; `run` is then empty too."""

    as_of: date
    accounting: Accounting
    files: tuple[LedgerFile, ...]
    settlement: Settlement
    customers: dict[str, Customer]  # by code, those of the customers file
    plan: Plan
    problems: tuple[Problem, ...] = ()
    run: str = ""  # such as 2026-11-24-01
    dry_run: bool = False
    reminders: tuple[Reminder, ...] = ()
    outcomes: tuple[Outcome, ...] = ()  # parallel to `reminders`
    stale_since: date | None = None  # last bank entry (rule C: what a list knows), older than `stale_after_days`


def is_made(record: Record, outcome: Outcome) -> bool:
    """Whether a letter or message of a dry run is there to be looked at, which is all that it was for."""
    return record.dry_run and outcome.result in ("delivered", "skipped")
