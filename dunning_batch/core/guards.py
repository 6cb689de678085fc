"""What must be confirmed by a person before a run goes on (faults 15, 16, 106, 120)."""

from dataclasses import dataclass
from datetime import date, timedelta

from dunning_batch.core.ledger import Accounting, LedgerFile
from dunning_batch.errors import Problem, msg


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last run that was not undone left to compare with. Cents."""

    as_of: date
    total: int  # principal, penalties and indemnities asked by its letters
    ledger_end: date | None  # last entry of its ledger


def last_bank_entry(files: tuple[LedgerFile, ...]) -> date | None:
    """The day of the latest entry on a bank or cash account; None where the ledger holds none."""
    return max((file.last_bank for file in files if file.last_bank), default=None)


def ledger_end(files: tuple[LedgerFile, ...]) -> date | None:
    """The day of the latest entry, opening lines apart."""
    return max((file.last for file in files if file.last), default=None)


def stale_since(
    files: tuple[LedgerFile, ...], as_of: date, stale_after_days: int, accounting: Accounting = "accrual"
) -> date | None:
    """The last bank entry, where it is older than so many days: people who have paid since would be reminded.

    Of a list of invoices it is the last payment; where the list dates no payment, the newest invoice says its age.
    """
    last = last_bank_entry(files) or (ledger_end(files) if accounting == "cash" else None)
    return last if last is not None and as_of - last > timedelta(days=stale_after_days) else None


def warnings_before_run(
    files: tuple[LedgerFile, ...], as_of: date, today: date, last_run: LastRun | None, total: int, max_growth: float
) -> tuple[Problem, ...]:
    """What is said in the question before a run; the age of the bank entries stands in the diagnosis."""
    found = []
    if as_of > today:
        found.append(Problem("as_of_in_future", msg("The day of the run, {day:date}, lies in the future.", day=as_of)))
    end = ledger_end(files)
    if last_run and last_run.ledger_end and end and end < last_run.ledger_end:
        text = msg(
            "The ledger ends on {end:date}, before the one of the last run ({before:date}): is it the newest export?",
            end=end,
            before=last_run.ledger_end,
        )
        found.append(Problem("ledger_older_than_last_run", text))
    if last_run and last_run.total > 0 and total > last_run.total * max_growth:
        text = msg(
            "The letters ask {total:money}, more than {times} times the {before:money} of the last run.",
            total=total,
            times=f"{max_growth:g}",
            before=last_run.total,
        )
        found.append(Problem("total_has_grown", text))
    return tuple(found)
