"""Settling a ledger, step by step: years, lettering, items, balances, and the invariant B8."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from dunning_batch.core.carryforward import History, close_years, history_of
from dunning_batch.core.duedates import NO_DAY, days_of, due_days, to_date
from dunning_batch.core.itemlines import open_items, unallocated_credits
from dunning_batch.core.ledger import Ledger, LedgerRules
from dunning_batch.core.lettering import Judge, Lettered, chosen, columns_of, letter
from dunning_batch.core.openitems import CustomerBalance, Settlement
from dunning_batch.core.years import refuse_gaps, refuse_shared_entries, years_of
from dunning_batch.errors import DefectError, Problem, Source, msg


def settle(ledger: Ledger, rules: LedgerRules, customer_terms: Mapping[str, str], default_terms: str) -> Settlement:
    """What is paid and what is owed (rules A5, A6, B, D, E).

    Args:
        ledger: All files as one history.
        rules: For the tolerance.
        customer_terms: Terms by customer code, known spellings (rule E2) only.
        default_terms: A known spelling.

    Raises:
        InputError: a year is missing, or two files share entries (rule D1).
        DefectError: the invariant B8 is broken.
    """
    years = years_of(ledger)
    refuse_gaps(ledger, years)
    refuse_shared_entries(ledger)
    issued = _issued(ledger.lines)
    due, due_source = due_days(ledger.lines, issued, customer_terms, default_terms)
    history = history_of(columns_of(ledger.lines, issued, due))
    file_end = [_file_end(ledger, number) for number in range(len(ledger.files))]
    close_years(history, years, Judge(rules.tolerance, file_end, elsewhere=False))
    lettered = _letter_what_is_kept(history, Judge(rules.tolerance, file_end))
    items = open_items(
        ledger, history.columns, lettered, np.where(history.keep, history.booked, 0), due_source, history.payments
    )
    credits = unallocated_credits(ledger, history.columns, lettered)
    balances = _balances(ledger, history, lettered)
    problems = (*_elsewhere_problems(ledger, lettered), *_mismatch_problems(ledger, history))
    return Settlement(items, credits, balances, problems)


def _issued(lines: pd.DataFrame) -> np.ndarray:
    piece = days_of(lines["piece_date"])
    return np.where(piece == NO_DAY, days_of(lines["date"]), piece)


def _file_end(ledger: Ledger, number: int) -> int:
    """The later of the file's last entry and the closing date of its name (rule B5), in days."""
    file = ledger.files[number]
    ends = [day for day in (file.last, file.closing) if day]
    if ends:
        return (max(ends) - to_date(0)).days
    return int(days_of(ledger.lines.loc[ledger.lines["file"] == number, "date"]).max(initial=0))


def _letter_what_is_kept(history: History, judge: Judge) -> Lettered:
    """The last lettering, over what the years left; its results are put back to all rows."""
    if history.keep.all():
        lettered = letter(history.columns, judge)
    else:
        rows = np.flatnonzero(history.keep)
        part = letter(chosen(history.columns, rows), judge)
        left = np.zeros(len(history.keep), np.int64)
        left[rows] = part.left
        place = rows.tolist()
        lettered = replace(
            part,
            left=left,
            payments=[(place[debit], place[credit], cents) for debit, credit, cents in part.payments],
            elsewhere_groups=[(code, text, cents, place[row]) for code, text, cents, row in part.elsewhere_groups],
        )
    for debit, credit, cents in lettered.payments:
        history.payments[debit].append((int(history.columns.day[credit]), cents))
    for customer, cents in history.differences.items():
        lettered.differences[customer] += cents
    return lettered


def _balances(ledger: Ledger, history: History, lettered: Lettered) -> tuple[CustomerBalance, ...]:
    """A balance per customer in order of code; the invariant B8 holds for each, or the program is wrong."""
    customer = history.columns.customer
    codes = ledger.lines["customer"].cat.categories
    count = len(codes)
    balance = _sum_by(customer, np.where(history.counted, ledger.lines["amount"].to_numpy(), 0), count)
    left_open = _sum_by(customer, np.maximum(lettered.left, 0), count)
    credit = -_sum_by(customer, np.minimum(lettered.left, 0), count)
    nobody = np.zeros(count, bool)
    nobody[customer[ledger.lines["nobody"].to_numpy()]] = True
    found = [
        CustomerBalance(
            code, name, bool(nobody[number]), int(balance[number]), int(left_open[number]), int(credit[number]),
            lettered.elsewhere.get(number, 0), lettered.differences.get(number, 0),
        )
        for number, (code, name) in enumerate(zip(codes, _names(ledger.lines), strict=True))
    ]  # fmt: skip
    check_invariant(found)
    return tuple(sorted(found, key=lambda one: one.code))


def _sum_by(customer: np.ndarray, amounts: np.ndarray, count: int) -> np.ndarray:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, customer, amounts)
    return sums


def _names(lines: pd.DataFrame) -> list[str]:
    """The last name that is not empty, by number of the customer."""
    names = ["" for _ in lines["customer"].cat.categories]
    pairs = pd.DataFrame({"customer": lines["customer"].cat.codes, "name": lines["name"].cat.codes})
    texts = lines["name"].cat.categories
    for customer, name in pairs.drop_duplicates(keep="last").itertuples(index=False):
        if name >= 0 and texts[name]:
            names[customer] = str(texts[name])
    return names


def check_invariant(balances: Iterable[CustomerBalance]) -> None:
    """Rule B8: open - unallocated + lettered elsewhere + settled differences is the balance. Raises DefectError."""
    wrong = [
        one
        for one in balances
        if one.open - one.unallocated + one.lettered_elsewhere + one.settled_differences != one.balance
    ]
    if wrong:
        codes = ", ".join(one.code for one in wrong[:5])
        text = msg("The accounts of {customers} do not add up (rule B8): nothing was done.", customers=codes)
        raise DefectError(Problem("invariant_broken", text, "error"))


def _elsewhere_problems(ledger: Ledger, lettered: Lettered) -> Iterable[Problem]:
    codes = ledger.lines["customer"].cat.categories
    for customer, code, cents, row in lettered.elsewhere_groups:
        text = msg(
            "{amount:money} lettered {code} have no payment in these files: taken as settled in another year. "
            "Add the file of that year to be sure.",
            amount=cents,
            code=code,
        )
        yield Problem("lettered_elsewhere", text, "notice", _source(ledger, row), str(codes[customer]))


def _mismatch_problems(ledger: Ledger, history: History) -> Iterable[Problem]:
    codes = ledger.lines["customer"].cat.categories
    for customer, closing, opening, row in history.mismatches:
        text = msg(
            "The year before closes {customer} at {closing:money}, the opening balance is {opening:money}: a "
            "difference of {difference:money}. The opening lines count, the older lines do not; export both again.",
            customer=str(codes[customer]),
            closing=closing,
            opening=opening,
            difference=closing - opening,
        )
        yield Problem("opening_mismatch", text, "warning", _source(ledger, row), str(codes[customer]))


def _source(ledger: Ledger, row: int) -> Source:
    file, line = (int(ledger.lines[name].to_numpy()[row]) for name in ("file", "line"))
    return Source(ledger.files[file].name, line)
