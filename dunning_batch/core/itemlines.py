"""From lines to items: which debits are one item, and what kind of thing a line is (rules A5, A6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dunning_batch.core.arrays import Integers, Texts, sums_by
from dunning_batch.core.duedates import SOURCES, to_date
from dunning_batch.core.ledger import Counterpart, Ledger
from dunning_batch.core.lettering import Columns
from dunning_batch.core.openitems import Credit, CreditKind, ItemKind, OpenItem
from dunning_batch.errors import Source

Payments = Mapping[int, Iterable[tuple[int, int]]]  # row -> (entry day, cents) of what lowered it
_BITS = range(16)  # every sum of Counterpart


class Items(NamedTuple):
    """The items with something open, in ledger order."""

    row: Integers  # the first of its lines
    amount: Integers
    left: Integers
    payments: Sequence[tuple[tuple[date, int], ...]]


def item_numbers(columns: Columns, debits: Integers) -> Integers:
    """A number for each debit line, the same for the lines of one item (rule A6).

    One item are the debits of one customer in one entry with one due date and one piece; a line of an opening journal
    is joined to nothing.
    """
    own = np.where(columns.opening[debits], debits + 1, 0)
    key = pd.DataFrame(
        {"customer": columns.customer[debits], "entry": columns.entry[debits], "due": columns.due[debits],
         "piece": columns.piece[debits], "own": own}
    )  # fmt: skip
    return key.groupby(list(key.columns), sort=False).ngroup().to_numpy().astype(np.int64)


def kind_of_debit(opening: bool, counterparts: int) -> ItemKind:
    """Invoice, opening, refund or other (rule A5); unknown counterparts make an invoice."""
    if opening:
        return "opening"
    if counterparts & Counterpart.BANK and not counterparts & Counterpart.SALES:
        return "refund"
    known = Counterpart.SALES | Counterpart.VAT | Counterpart.BANK
    return "other" if counterparts and not counterparts & known else "invoice"


def kind_of_credit(opening: bool, counterparts: int) -> CreditKind:
    """Opening, credit note, payment or other (rule A5)."""
    if opening:
        return "opening"
    if counterparts & Counterpart.SALES:
        return "credit_note"
    return "payment" if counterparts & Counterpart.BANK else "other"


_DEBIT_KINDS = np.array([kind_of_debit(opening, bits) for opening in (False, True) for bits in _BITS], object)
_CREDIT_KINDS = np.array([kind_of_credit(opening, bits) for opening in (False, True) for bits in _BITS], object)


def items_of(columns: Columns, booked: Integers, left: Integers, payments: Payments) -> Items:
    """The items with something open.

    Args:
        columns: Over all rows.
        booked: Cents of each row as booked.
        left: What is left of each row.
        payments: What lowered each.
    """
    debits = np.flatnonzero((booked > 0) & np.isin(columns.entry, columns.entry[left > 0]))
    numbers = item_numbers(columns, debits)
    count = int(numbers.max(initial=-1)) + 1
    amounts, open_ = (sums_by(numbers, values[debits], count) for values in (booked, left))
    first = np.full(count, len(booked))
    np.minimum.at(first, numbers, debits)
    paid = _payments_of(debits, numbers, payments)
    some = np.flatnonzero(open_ > 0)
    some = some[np.argsort(first[some], kind="stable")]
    return Items(first[some], amounts[some], open_[some], [paid.get(number, ()) for number in some.tolist()])


def _payments_of(debits: Integers, numbers: Integers, payments: Payments) -> dict[int, tuple[tuple[date, int], ...]]:
    """What lowered the lines of each item, oldest first."""
    rows = np.array(sorted(payments), np.int64)
    rows = rows[np.isin(rows, debits)]
    paid: dict[int, list[tuple[int, int]]] = {}
    for row, number in zip(rows.tolist(), numbers[np.searchsorted(debits, rows)].tolist(), strict=True):
        paid.setdefault(number, []).extend(payments[row])
    return {number: tuple((to_date(day), cents) for day, cents in sorted(parts)) for number, parts in paid.items()}


def open_items(
    ledger: Ledger, columns: Columns, items: Items, due_source: npt.NDArray[np.int8]
) -> tuple[OpenItem, ...]:
    """The records of items, with the texts of their first lines.

    Args:
        ledger: For the texts.
        columns: Over all its rows.
        items: Which.
        due_source: Index into SOURCES by row.
    """
    rows = items.row
    texts = (_words(ledger, name, rows) for name in ("customer", "account", "piece", "label"))
    dates = (_dates(days[rows]) for days in (columns.issued, columns.due))
    sources = np.array(SOURCES, object)[due_source[rows]].tolist()
    cents = (items.amount.tolist(), items.left.tolist())
    values = (*texts, _kinds(ledger, rows, _DEBIT_KINDS), *dates, sources, *cents, items.payments, rows.tolist())
    return tuple(map(OpenItem, *values, _places(ledger, rows)))


def unallocated_credits(ledger: Ledger, columns: Columns, left: Integers) -> tuple[Credit, ...]:
    """What customers have in credit, in ledger order (rules B6, B7)."""
    rows = np.flatnonzero(left < 0)
    texts = (_words(ledger, name, rows) for name in ("customer", "piece", "label"))
    values = (*texts, _kinds(ledger, rows, _CREDIT_KINDS), _dates(columns.issued[rows]), (-left[rows]).tolist())
    return tuple(map(Credit, *values, rows.tolist(), _places(ledger, rows)))


def _words(ledger: Ledger, name: str, rows: Integers) -> list[str]:
    column = ledger.lines[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        words: Texts = column.cat.categories.to_numpy(dtype=object)
        return list(words[column.cat.codes.to_numpy()[rows]])
    return column.iloc[rows].tolist()


def _kinds(ledger: Ledger, rows: Integers, table: Texts) -> list[str]:
    opening, bits = (ledger.lines[name].to_numpy()[rows] for name in ("opening", "counterparts"))
    return list(table[opening * len(_BITS) + bits])


def _dates(days: Integers) -> list[date]:
    """Dates of days since 1970, each distinct one made once."""
    distinct, place = np.unique(days, return_inverse=True)
    return list(np.array([to_date(day) for day in distinct.tolist()], object)[place])


def _places(ledger: Ledger, rows: Integers) -> list[Source]:
    names = np.array([file.name for file in ledger.files], object)
    files, lines = (ledger.lines[name].to_numpy()[rows] for name in ("file", "line"))
    return list(map(Source, names[files].tolist(), lines.tolist()))
