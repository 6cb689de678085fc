"""Several fiscal years as one history: opening lines repeat what the year before left (rules D1 to D3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from dunning_batch.core.arrays import Flags, Integers, sums_by
from dunning_batch.core.itemgroups import item_numbers
from dunning_batch.core.lettering import Columns, Judge, chosen, letter
from dunning_batch.core.openinglines import Ones, matches
from dunning_batch.core.years import Turn


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A customer whose opening lines are not what the year before closed at (rule D3). Cents."""

    customer: int
    closing: int
    opening: int
    row: int  # its first opening line, else its first line of before


@dataclass(slots=True)
class History:
    """The lines of all years, as far as they still matter; arrays over all rows.

    An amount of 0 in `columns` no longer matters; the others are what years before left of a line.
    """

    columns: Columns  # amounts, codes, code days, accounts and files change as years are closed
    booked: Integers  # cents as booked
    files: np.ndarray  # where each line was read
    counted: Flags  # its amount as booked counts in the balance (rule B8)
    differences: Integers  # cents by customer (rule B3)
    payments: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    mismatches: list[Mismatch] = field(default_factory=list)

    def pay(self, payments: Iterable[tuple[int, int, int]]) -> None:
        """Remember what lowered each debit row: the entry day of the credit row, and the cents."""
        for debit, credit, cents in payments:
            self.payments[debit].append((int(self.columns.day[credit]), cents))


def history_of(columns: Columns) -> History:
    """The lines before any year is closed."""
    changing = ("amount", "code", "code_day", "account", "file", "credited")
    own = {name: getattr(columns, name).copy() for name in changing}
    counted, differences = np.ones(len(columns.amount), bool), np.zeros(columns.customers, np.int64)
    return History(replace(columns, **own), columns.amount, columns.file, counted, differences)


def close_years(history: History, turns: Iterable[Turn], judge: Judge) -> None:
    """Close each year that the next one opens.

    Args:
        history: Changed in place.
        turns: In order.
        judge: Rule B5 must be off: what a year leaves is taken before it (rule D2).
    """
    for turn in turns:
        columns = history.columns
        before = np.isin(history.files, turn.earlier) & (columns.opening | (columns.day < turn.day))
        opening = np.isin(history.files, turn.files) & columns.opening
        wrong = _let_opening_win(history, before, opening)
        rows = np.flatnonzero(before & ~wrong[columns.customer] & (columns.amount != 0))
        _carry(history, rows, judge)
        _replace(history, rows[columns.amount[rows] != 0], np.flatnonzero(opening & ~wrong[columns.customer]))


def _let_opening_win(history: History, before: Flags, opening: Flags) -> Flags:
    """Where the opening is not the closing balance, the lines of before do not count (rule D3); those customers."""
    columns = history.columns
    closing, opened = (
        sums_by(columns.customer[rows], history.booked[rows], columns.customers)
        for rows in (np.flatnonzero(before & history.counted), np.flatnonzero(opening))
    )
    wrong: Flags = closing != opened
    gone = before & wrong[columns.customer]
    columns.amount[gone] = 0
    history.counted[gone] = False
    history.differences[wrong] = 0
    first = np.full(columns.customers, -1)
    for rows in (np.flatnonzero(gone)[::-1], np.flatnonzero(opening)[::-1]):
        first[columns.customer[rows]] = rows  # the last assignment stands
    history.mismatches.extend(
        Mismatch(customer, int(closing[customer]), int(opened[customer]), int(first[customer]))
        for customer in np.flatnonzero(wrong).tolist()
    )
    return wrong


def _carry(history: History, rows: Integers, judge: Judge) -> None:
    """Keep of a year only what it leaves open or unallocated, as lines of that amount."""
    columns = history.columns
    lettered = letter(chosen(columns, rows), judge)
    history.differences[: len(lettered.differences)] += lettered.differences
    history.pay((int(rows[debit]), int(rows[credit]), cents) for debit, credit, cents in lettered.payments)
    columns.amount[rows] = lettered.left
    columns.credited[rows[lettered.partly]] = True


def _replace(history: History, left: Integers, opening: Integers) -> None:
    """Put what is left of before in the place of the opening lines that repeat it (rule D2)."""
    columns = history.columns
    rows, item = _items_of(columns, left)
    items, lines = _ones(columns, rows, item), _ones(columns, opening, np.arange(len(opening)))
    matched_items, matched_lines = matches(items, lines)
    line_of = np.full(len(items.amount), -1)
    line_of[matched_items] = opening[matched_lines]
    repeated = line_of[item] >= 0
    _take_lettering(columns, rows[repeated], line_of[item[repeated]])
    own = np.ones(len(opening), bool)
    own[matched_lines] = False
    # A customer's only line that matches nothing is the balance; several lines are items, in the place of what they
    # replace.
    own &= np.bincount(columns.customer[opening], minlength=columns.customers)[columns.customer[opening]] > 1
    replacing = np.zeros(columns.customers, bool)
    replacing[columns.customer[opening[own]]] = True
    columns.amount[opening[~own]] = 0
    columns.amount[rows[~repeated & replacing[columns.customer[rows]]]] = 0
    history.counted[opening] = False
    history.differences[replacing] = 0


def _items_of(columns: Columns, left: Integers) -> tuple[Integers, Integers]:
    """The rows in order of due date, piece date and file, and the number of the item or credit that each belongs to."""
    rows = left[np.lexsort((left, columns.issued[left], columns.due[left]))]
    is_debit = columns.amount[rows] > 0
    debits = item_numbers(columns, rows[is_debit])
    item = np.zeros(len(rows), np.int64)
    item[is_debit] = debits
    item[~is_debit] = debits.max(initial=-1) + 1 + np.arange(np.count_nonzero(~is_debit))
    return rows, item


def _ones(columns: Columns, rows: Integers, number: Integers) -> Ones:
    """What the rows of each number are together; the first tells their piece and date."""
    count = int(number.max(initial=-1)) + 1
    first = np.full(count, len(rows))
    np.minimum.at(first, number, np.arange(len(rows)))
    of = rows[first]
    return Ones(
        columns.customer[of], columns.piece[of], columns.issued[of], sums_by(number, columns.amount[rows], count)
    )


def _take_lettering(columns: Columns, rows: Integers, lines: Integers) -> None:
    """What is open of an item is lettered as its opening line; a line without a code takes none away."""
    lettered = columns.code[lines] >= 0
    rows, lines = rows[lettered], lines[lettered]
    for values in (columns.code, columns.code_day, columns.account, columns.file):
        values[rows] = values[lines]
    columns.credited[rows] = False
