"""Settling a ledger, step by step: years, lettering, items, balances."""

from collections.abc import Iterable, Mapping

import numpy as np

from dunning_batch.core.balances import balances_of
from dunning_batch.core.carryforward import History, close_years, history_of
from dunning_batch.core.duedates import days_of, due_days, issued_days, to_days
from dunning_batch.core.itemgroups import groups_of
from dunning_batch.core.itemlines import open_items, unallocated_credits
from dunning_batch.core.ledger import Ledger, LedgerRules
from dunning_batch.core.lettering import Judge, Lettered, chosen, columns_of, letter
from dunning_batch.core.openitems import Settlement
from dunning_batch.core.years import refuse_gaps, refuse_repeated_openings, refuse_shared_entries, turns_of, years_of
from dunning_batch.errors import Problem, Source, msg

_NAMED = 5


def settle(ledger: Ledger, rules: LedgerRules, customer_terms: Mapping[str, str], default_terms: str) -> Settlement:
    """What is paid and what is owed (rules A5, A6, B, D, E).

    Args:
        ledger: All files as one history.
        rules: For the tolerance.
        customer_terms: Terms by customer code, known spellings (rule E2) only.
        default_terms: A known spelling.

    Raises:
        InputError: a year is missing, or two files overlap so that lines would count twice (rule D1).
        DefectError: the invariant B8 is broken.
    """
    refuse_gaps(ledger)
    refuse_shared_entries(ledger)
    refuse_repeated_openings(ledger)
    issued = issued_days(ledger.lines)
    due, due_source = due_days(ledger.lines, issued, customer_terms, default_terms)
    history = history_of(columns_of(ledger.lines, issued, due))
    turns = turns_of(ledger)
    ends = np.array([_end_of(ledger, number) for number in range(len(ledger.files))], np.int64)
    years = years_of(ledger)
    np.maximum.at(ends, years, ends)
    history.columns.file[:] = years[history.columns.file]  # rules B2 and B5 mean the file of a whole year
    close_years(history, turns, Judge(rules.tolerance, ends, elsewhere=False))
    rows = np.flatnonzero(history.columns.amount)
    lettered = letter(chosen(history.columns, rows), Judge(rules.tolerance, ends))
    left, elsewhere = _on_all_rows(history, rows, lettered)
    groups = groups_of(history.columns, history.booked, left, history.payments)
    return Settlement(
        open_items(ledger, history.columns, groups, due_source),
        unallocated_credits(ledger, history.columns, left),
        balances_of(ledger, history.counted, left, elsewhere, history.differences),
        (*_mismatches(ledger, history), *_settled_elsewhere(ledger, elsewhere)),
    )


def _end_of(ledger: Ledger, number: int) -> int:
    """The later of a file's last entry and the closing date of its name (rule B5), in days."""
    file = ledger.files[number]
    ends = [day for day in (file.last, file.closing) if day]
    if ends:
        return to_days(max(ends))
    return int(days_of(ledger.lines.loc[ledger.lines["file"] == number, "date"]).max(initial=0))


def _on_all_rows(history: History, rows: np.ndarray, lettered: Lettered) -> tuple[np.ndarray, np.ndarray]:
    """What is left of each row, and the cents of each that are settled elsewhere."""
    left, elsewhere = np.zeros((2, len(history.booked)), np.int64)
    left[rows] = lettered.left
    elsewhere[rows[lettered.elsewhere]] = history.columns.amount[rows[lettered.elsewhere]]
    history.differences[: len(lettered.differences)] += lettered.differences
    history.pay((int(rows[debit]), int(rows[credit]), cents) for debit, credit, cents in lettered.payments)
    return left, elsewhere


def _settled_elsewhere(ledger: Ledger, elsewhere: np.ndarray) -> Iterable[Problem]:
    """Once a customer: what is lettered with another year's payments (rule B5)."""
    rows = np.flatnonzero(elsewhere)
    lines = ledger.lines[["customer", "code", "file", "line"]].iloc[rows].assign(cents=elsewhere[rows])
    for customer, some in lines.groupby("customer", observed=True):
        codes = some["code"].unique().tolist()
        text = msg(
            "{amount:money} lettered {code} have no payment in these files: taken as settled in another year. "
            "Add the file of that year to be sure.",
            amount=int(some["cents"].sum()),
            code=", ".join(codes[:_NAMED]) + (", ..." if len(codes) > _NAMED else ""),
        )
        yield Problem("lettered_elsewhere", text, "notice", _source(ledger, int(some.index[0])), str(customer))


def _mismatches(ledger: Ledger, history: History) -> Iterable[Problem]:
    """Once a customer: an opening balance that is not the closing balance of the year before (rule D3)."""
    codes = ledger.lines["customer"].cat.categories
    for one in history.mismatches:
        text = msg(
            "The year before closes {customer} at {closing:money}, the opening balance is {opening:money}: a "
            "difference of {difference:money}. The opening lines count, the older lines do not; export both again.",
            customer=str(codes[one.customer]),
            closing=one.closing,
            opening=one.opening,
            difference=abs(one.closing - one.opening),
        )
        yield Problem("opening_mismatch", text, "warning", _source(ledger, one.row), str(codes[one.customer]))


def _source(ledger: Ledger, row: int) -> Source:
    file, line = (int(ledger.lines[name].to_numpy()[row]) for name in ("file", "line"))
    return Source(ledger.files[file].name, line)
