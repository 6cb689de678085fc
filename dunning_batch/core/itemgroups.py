"""Which debits are one item, and what is left of it (rule A6)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from dunning_batch.core.arrays import Integers, sums_by
from dunning_batch.core.duedates import to_date
from dunning_batch.core.lettering import Columns

Payments = Mapping[int, Iterable[tuple[int, int]]]  # row -> (entry day, cents) of what lowered it


class Groups(NamedTuple):
    """The items with something open, in ledger order."""

    row: Integers  # the first of its lines
    amount: Integers
    left: Integers
    payments: dict[int, tuple[tuple[date, int], ...]]  # by place, of those that have some


def item_numbers(columns: Columns, debits: Integers) -> Integers:
    """A number for each debit line, the same for the lines of one item (rule A6); none is left out.

    One item are the debits of one customer in one entry with one due date and one piece; a line of an opening journal
    is joined to nothing.
    """
    first = np.arange(len(debits))
    near = _in_shared_entries(columns, debits)
    if len(near):
        rows = debits[near]
        own = np.where(columns.opening[rows], rows + 1, 0)
        parts = (columns.customer[rows], columns.entry[rows], columns.due[rows], columns.piece[rows], own)
        _, places, number = np.unique(np.stack(parts), axis=1, return_index=True, return_inverse=True)
        first[near] = near[places[number]]
    rank: Integers = np.cumsum(first == np.arange(len(debits))) - 1
    return rank[first]


def _in_shared_entries(columns: Columns, debits: Integers) -> Integers:
    """The places of debits that are not their customer's only one in the entry. Most are."""
    owner = columns.entry[debits] * columns.customers + columns.customer[debits]
    order = np.argsort(owner, kind="stable")
    same = np.flatnonzero(np.diff(owner[order]) == 0)
    return np.sort(order[np.union1d(same, same + 1)])


def groups_of(columns: Columns, booked: Integers, left: Integers, payments: Payments) -> Groups:
    """The items with something open.

    Args:
        columns: Over all rows.
        booked: Cents of each row as booked.
        left: What is left of each row.
        payments: What lowered each.
    """
    is_open = np.zeros(int(columns.entry.max(initial=-1)) + 1, bool)
    is_open[columns.entry[left > 0]] = True
    debits = np.flatnonzero((booked > 0) & is_open[columns.entry])
    numbers = item_numbers(columns, debits)
    count = int(numbers.max(initial=-1)) + 1
    amounts, open_ = (sums_by(numbers, values[debits], count) for values in (booked, left))
    first = np.full(count, len(left))
    np.minimum.at(first, numbers, debits)
    some = np.flatnonzero(open_ > 0)
    some = some[np.argsort(first[some], kind="stable")]
    place = np.full(count, -1)
    place[some] = np.arange(len(some))
    return Groups(first[some], amounts[some], open_[some], _payments_of(debits, place[numbers], payments))


def _payments_of(debits: Integers, items: Integers, payments: Payments) -> dict[int, tuple[tuple[date, int], ...]]:
    """What lowered the lines of each item, oldest first; an item of -1 is none."""
    rows = np.array(sorted(payments), np.int64)
    rows = rows[np.isin(rows, debits)]
    paid: dict[int, list[tuple[int, int]]] = {}
    for row, item in zip(rows.tolist(), items[np.searchsorted(debits, rows)].tolist(), strict=True):
        if item >= 0:
            paid.setdefault(item, []).extend(payments[row])
    return {item: tuple((to_date(day), cents) for day, cents in sorted(parts)) for item, parts in paid.items()}
