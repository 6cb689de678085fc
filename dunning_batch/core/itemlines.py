"""From lines to items: which debits are one item, and what kind of thing a line is (rules A5, A6)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

from dunning_batch.core.duedates import SOURCES, to_date
from dunning_batch.core.ledger import Counterpart, Ledger
from dunning_batch.core.lettering import Columns, Lettered
from dunning_batch.core.openitems import Credit, CreditKind, ItemKind, OpenItem
from dunning_batch.errors import Source

Kind = TypeVar("Kind")


def item_numbers(columns: Columns, debits: np.ndarray) -> np.ndarray:
    """A number for each debit line, the same for the lines of one item (rule A6).

    One item are the debits of one customer in one entry with one due date and one piece; a line of an opening journal
    is joined to nothing.
    """
    if not len(debits):
        return np.zeros(0, np.int64)
    own = np.where(columns.opening[debits], debits + 1, 0)
    key = pd.DataFrame(
        {"customer": columns.customer[debits], "entry": columns.entry[debits], "due": columns.due[debits],
         "piece": columns.piece[debits], "own": own}
    )  # fmt: skip
    numbers: np.ndarray = key.groupby(list(key.columns), sort=False).ngroup().to_numpy()
    return numbers


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


def open_items(
    ledger: Ledger,
    columns: Columns,
    lettered: Lettered,
    booked: np.ndarray,
    due_source: np.ndarray,
    payments: dict[int, list[tuple[int, int]]],
) -> tuple[OpenItem, ...]:
    """The items with something open, in ledger order.

    Args:
        ledger: For the texts of the lines.
        columns: Over all its lines.
        lettered: What is left of each line.
        booked: Cents of each line as booked.
        due_source: Index into SOURCES by line.
        payments: Row -> (entry day, cents) of what lowered it.
    """
    open_rows = np.flatnonzero(lettered.left > 0)
    if not len(open_rows):
        return ()
    debits = np.flatnonzero(np.isin(columns.entry, columns.entry[open_rows]) & (booked >= 0) & (columns.amount > 0))
    numbers = item_numbers(columns, debits)
    count = int(numbers.max()) + 1
    left, amounts = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(left, numbers, lettered.left[debits])
    np.add.at(amounts, numbers, booked[debits])
    first = np.full(count, len(columns.amount), np.int64)
    np.minimum.at(first, numbers, debits)
    paid = _paid_by_item(debits, numbers, payments)
    chosen = np.flatnonzero(left > 0)
    chosen = chosen[np.argsort(first[chosen], kind="stable")]
    return _items(
        ledger,
        first[chosen],
        (amounts[chosen], left[chosen]),
        (columns, due_source),
        [paid.get(n, ()) for n in chosen.tolist()],
    )


def _paid_by_item(
    debits: np.ndarray, numbers: np.ndarray, payments: dict[int, list[tuple[int, int]]]
) -> dict[int, tuple[tuple[int, int], ...]]:
    if not payments:
        return {}
    number_of = dict(zip(debits.tolist(), numbers.tolist(), strict=True))
    paid: dict[int, list[tuple[int, int]]] = {}
    for row, parts in payments.items():
        if row in number_of:
            paid.setdefault(number_of[row], []).extend(parts)
    return {number: tuple(sorted(parts)) for number, parts in paid.items()}


def _items(
    ledger: Ledger,
    rows: np.ndarray,
    cents: tuple[np.ndarray, np.ndarray],
    days: tuple[Columns, np.ndarray],
    paid: Sequence[tuple[tuple[int, int], ...]],
) -> tuple[OpenItem, ...]:
    columns, due_source = days
    texts = ledger.lines.iloc[rows]
    names = [file.name for file in ledger.files]
    kinds = _kinds(texts, kind_of_debit)
    dates = _dates(columns.issued[rows]), _dates(columns.due[rows])
    sources = [SOURCES[number] for number in due_source[rows].tolist()]
    return tuple(
        OpenItem(customer, account, piece, label, kind, issued, due, source, amount, left,
                 tuple((to_date(day), part) for day, part in parts), order, Source(names[file], line))
        for customer, account, piece, label, kind, issued, due, source, amount, left, parts, order, file, line in zip(
            texts["customer"].tolist(), texts["account"].tolist(), texts["piece"].tolist(), texts["label"].tolist(),
            kinds, *dates, sources, cents[0].tolist(), cents[1].tolist(), paid, rows.tolist(),
            texts["file"].tolist(), texts["line"].tolist(), strict=True,
        )
    )  # fmt: skip


def unallocated_credits(ledger: Ledger, columns: Columns, lettered: Lettered) -> tuple[Credit, ...]:
    """What customers have in credit, in ledger order (rules B6, B7)."""
    rows = np.flatnonzero(lettered.left < 0)
    texts = ledger.lines.iloc[rows]
    names = [file.name for file in ledger.files]
    return tuple(
        Credit(customer, piece, label, kind, day, amount, order, Source(names[file], line))
        for customer, piece, label, kind, day, amount, order, file, line in zip(
            texts["customer"].tolist(), texts["piece"].tolist(), texts["label"].tolist(),
            _kinds(texts, kind_of_credit), _dates(columns.issued[rows]), (-lettered.left[rows]).tolist(),
            rows.tolist(), texts["file"].tolist(), texts["line"].tolist(), strict=True,
        )
    )  # fmt: skip


def _kinds(texts: pd.DataFrame, kind: Callable[[bool, int], Kind]) -> list[Kind]:
    """The kind of each line; there are few combinations."""
    pairs = list(zip(texts["opening"].tolist(), texts["counterparts"].tolist(), strict=True))
    known = {pair: kind(*pair) for pair in set(pairs)}
    return [known[pair] for pair in pairs]


def _dates(days: np.ndarray) -> list[date]:
    """Dates of days since 1970, each distinct one made once."""
    distinct, place = np.unique(days, return_inverse=True)
    made = [to_date(day) for day in distinct.tolist()]
    return [made[number] for number in place.tolist()]
