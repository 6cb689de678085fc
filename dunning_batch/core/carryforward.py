"""Several fiscal years as one history: opening lines repeat what the year before left (rules D1 to D3)."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dunning_batch.core.itemlines import item_numbers
from dunning_batch.core.lettering import Columns, Judge, chosen, letter

Payments = dict[int, list[tuple[int, int]]]  # row -> (entry day, cents) of what lowered it


@dataclass(slots=True)
class History:
    """The lines of all years, as far as they still matter; arrays over all rows."""

    columns: Columns  # amounts, codes and code days change as years are closed
    keep: np.ndarray  # the row still matters
    counted: np.ndarray  # its amount as booked counts in the balance (rule B8)
    booked: np.ndarray  # cents as booked; on the first row of an item that was carried, those of the whole item
    payments: Payments = field(default_factory=lambda: defaultdict(list))
    differences: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # customer -> cents (rule B3)
    mismatches: list[tuple[int, int, int, int]] = field(default_factory=list)  # customer, closing, opening, first row


def history_of(columns: Columns) -> History:
    """The lines before any year is closed."""
    everything = np.ones(len(columns.amount), bool)
    own = {name: getattr(columns, name).copy() for name in ("amount", "code", "code_day", "file", "credited")}
    return History(replace(columns, **own), everything, everything.copy(), columns.amount.copy())


def close_years(history: History, year_of: Sequence[int], judge: Judge) -> None:
    """Close each year that the next one opens.

    Args:
        history: Changed in place.
        year_of: The year of each file, counted from 0 in the order of their dates.
        judge: Rule B5 must be off: what a year leaves is taken before it (rule D2).
    """
    years = np.asarray(year_of, np.int64)[history.columns.file]
    for year in range(1, int(years.max(initial=0)) + 1):
        opening = np.flatnonzero(history.keep & (years == year) & history.columns.opening)
        before = np.flatnonzero(history.keep & (years < year))
        if len(opening) and len(before):
            _close(history, before, opening, judge)


def _close(history: History, before: np.ndarray, opening: np.ndarray, judge: Judge) -> None:
    columns = history.columns
    closing = _by_customer(columns, before)
    for customer, cents in history.differences.items():
        closing[customer] = closing.get(customer, 0) + cents
    opened = _by_customer(columns, opening)
    wrong = {code for code in closing.keys() | opened.keys() if closing.get(code, 0) != opened.get(code, 0)}
    _let_opening_win(history, before, opening, wrong, (closing, opened))
    agreed = before[~np.isin(columns.customer[before], sorted(wrong))]
    _carry(history, agreed, judge)
    left = _by_rows(columns, agreed[history.keep[agreed]])
    for customer, lines in _by_rows(columns, opening).items():
        if customer not in wrong:
            _match(history, left.get(customer, []), lines)


def _by_customer(columns: Columns, rows: np.ndarray) -> dict[int, int]:
    sums = np.zeros(int(columns.customer.max(initial=0)) + 1, np.int64)
    np.add.at(sums, columns.customer[rows], columns.amount[rows])
    return {int(code): int(sums[code]) for code in np.unique(columns.customer[rows])}


def _by_rows(columns: Columns, rows: np.ndarray) -> dict[int, list[int]]:
    found = defaultdict(list)
    for row in rows.tolist():
        found[int(columns.customer[row])].append(row)
    return found


def _let_opening_win(
    history: History,
    before: np.ndarray,
    opening: np.ndarray,
    wrong: set[int],
    balances: tuple[dict[int, int], dict[int, int]],
) -> None:
    """Where the opening differs from the closing balance, the lines of before do not count (rule D3)."""
    gone = before[np.isin(history.columns.customer[before], sorted(wrong))]
    all_before = np.isin(history.columns.customer, sorted(wrong)) & (np.arange(len(history.keep)) <= before.max())
    history.keep[gone] = False
    history.counted[all_before & ~np.isin(np.arange(len(history.keep)), opening)] = False
    first = {int(history.columns.customer[row]): row for row in reversed([*before.tolist(), *opening.tolist()])}
    for customer in sorted(wrong):
        history.differences.pop(customer, None)
        closing, opened = (balance.get(customer, 0) for balance in balances)
        history.mismatches.append((customer, closing, opened, first[customer]))


def _carry(history: History, before: np.ndarray, judge: Judge) -> None:
    """Keep of a year only what it leaves open or unallocated, as lines of that amount."""
    columns = history.columns
    lettered = letter(chosen(columns, before), judge)
    for customer, cents in lettered.differences.items():
        history.differences[customer] += cents
    for debit, credit, cents in lettered.payments:
        history.payments[int(before[debit])].append((int(columns.day[before[credit]]), cents))
    _carry_booked(history, before, lettered.left)
    columns.amount[before] = lettered.left
    history.keep[before[lettered.left == 0]] = False
    columns.credited[before[lettered.partial]] = True


def _carry_booked(history: History, before: np.ndarray, left: np.ndarray) -> None:
    """An item of several lines keeps the sum of its debits, whichever of its lines are left (rule A6)."""
    debits = before[history.columns.amount[before] > 0]
    numbers = item_numbers(history.columns, debits)
    sums = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
    np.add.at(sums, numbers, history.booked[debits])
    open_debits = before[left > 0]
    open_numbers = numbers[np.searchsorted(debits, open_debits)]
    history.booked[debits] = 0
    _, first = np.unique(open_numbers, return_index=True)
    history.booked[open_debits[first]] = sums[open_numbers[first]]


@dataclass(frozen=True, slots=True)
class _Left:
    """An open item or unallocated credit that a year leaves. Signed cents."""

    rows: tuple[int, ...]
    piece: int
    issued: int
    amount: int


def _match(history: History, rows: Sequence[int], opening: Sequence[int]) -> None:
    """Find the lines of before behind one customer's opening lines (rule D2)."""
    columns = history.columns
    left = _left_of(history, rows)
    lines = [
        _Left((row,), int(columns.piece[row]), int(columns.issued[row]), int(columns.amount[row])) for row in opening
    ]
    pairs = _pairs(left, lines)
    history.keep[list(opening)] = False
    history.counted[list(opening)] = False
    for number, line in pairs.items():
        _take_lettering(columns, left[number].rows, lines[line].rows[0])
    unmatched = [line.rows[0] for place, line in enumerate(lines) if place not in set(pairs.values())]
    # A customer's only line that matches nothing is the balance; several lines are items, in the place of what they
    # replace.
    if unmatched and len(opening) > 1:
        history.keep[unmatched] = True
        history.keep[[row for number, one in enumerate(left) if number not in pairs for row in one.rows]] = False
        history.differences.pop(int(columns.customer[opening[0]]), None)


def _left_of(history: History, rows: Sequence[int]) -> list[_Left]:
    columns = history.columns
    debits = np.array([row for row in rows if columns.amount[row] > 0], np.int64)
    items = defaultdict(list)
    for row, number in zip(debits.tolist(), item_numbers(columns, debits).tolist(), strict=True):
        items[number].append(row)
    groups = [*items.values(), *([row] for row in rows if columns.amount[row] < 0)]
    return [
        _Left(
            tuple(group),
            int(columns.piece[group[0]]),
            int(columns.issued[group[0]]),
            sum(map(int, columns.amount[group])),
        )
        for group in sorted(groups)
    ]


def _pairs(left: Sequence[_Left], lines: Sequence[_Left]) -> dict[int, int]:
    """Which of what is left is which opening line: by piece, then by piece date, then by an amount that is unique."""
    pairs: dict[int, int] = {}
    keys: tuple[Callable[[_Left], tuple[int, int]], ...] = (
        lambda one: (one.piece, one.amount),
        lambda one: (one.issued, one.amount),
    )
    for key in keys:
        free = _free(lines, set(pairs.values()), key)
        for number, one in enumerate(left):
            place = free.get(key(one))
            if number not in pairs and place and (key(one)[0] != -1):
                pairs[number] = place.pop(0)
    ours = _free(left, set(pairs), lambda one: one.amount)
    theirs = _free(lines, set(pairs.values()), lambda one: one.amount)
    for amount, numbers in ours.items():
        if len(numbers) == len(theirs.get(amount, ())) == 1:
            pairs[numbers[0]] = theirs[amount][0]
    return pairs


def _free(ones: Sequence[_Left], taken: set[int], key: Callable[[_Left], Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for number, one in enumerate(ones):
        if number not in taken:
            found[key(one)].append(number)
    return found


def _take_lettering(columns: Columns, rows: Sequence[int], opening: int) -> None:
    """What is open of an item is lettered as its opening line; a line without a code takes none away."""
    if columns.code[opening] < 0:
        return
    for row in rows:
        columns.code[row] = columns.code[opening]
        columns.code_day[row] = columns.code_day[opening]
        columns.file[row] = columns.file[opening]
        columns.credited[row] = False
