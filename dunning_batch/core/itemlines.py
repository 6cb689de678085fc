"""From lines to items and credits: what kind of thing a line is (rule A5), and the columns of what is left."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from dunning_batch.core.arrays import Integers
from dunning_batch.core.duedates import SOURCES
from dunning_batch.core.itemcolumns import Credits, Items, Places, Words
from dunning_batch.core.itemgroups import Groups
from dunning_batch.core.ledger import Counterpart, Ledger
from dunning_batch.core.lettering import Columns
from dunning_batch.core.openitems import CreditKind, ItemKind
from dunning_batch.errors import Source

_BITS = range(16)  # every sum of Counterpart


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


_DEBIT_KINDS: tuple[ItemKind, ...] = ("invoice", "opening", "refund", "other")
_CREDIT_KINDS: tuple[CreditKind, ...] = ("payment", "credit_note", "opening", "other")


def open_items(ledger: Ledger, columns: Columns, groups: Groups, due_source: npt.NDArray[np.int8]) -> Items:
    """The items with something open, with the texts of their first lines.

    Args:
        ledger: For the texts.
        columns: Over all its rows.
        groups: Which.
        due_source: Index into SOURCES by row.
    """
    rows = groups.row
    customer, account = (_words(ledger, name, rows) for name in ("customer", "account"))
    piece, label = (ledger.lines[name].array[rows] for name in ("piece", "label"))
    issued, due = (days[rows] for days in (columns.issued, columns.due))
    kinds = _kinds(ledger, rows, kind_of_debit, _DEBIT_KINDS)
    sources = Words(due_source[rows].astype(np.int64), np.array(SOURCES, object))
    return Items(
        customer, account, piece, label, kinds, issued, due, sources, groups.amount, groups.left, groups.payments,
        rows, _places(ledger, rows),
    )  # fmt: skip


def unallocated_credits(ledger: Ledger, columns: Columns, left: Integers) -> Credits:
    """What customers have in credit, in ledger order (rules B6, B7)."""
    rows = np.flatnonzero(left < 0)
    piece, label = (ledger.lines[name].array[rows] for name in ("piece", "label"))
    kinds = _kinds(ledger, rows, kind_of_credit, _CREDIT_KINDS)
    customer = _words(ledger, "customer", rows)
    return Credits(customer, piece, label, kinds, columns.issued[rows], -left[rows], rows, _places(ledger, rows))


def _words(ledger: Ledger, name: str, rows: Integers) -> Words:
    column = ledger.lines[name].cat
    return Words(column.codes.to_numpy()[rows].astype(np.int64), column.categories.to_numpy(dtype=object))


def _kinds(ledger: Ledger, rows: Integers, kind_of: Callable[[bool, int], str], kinds: Sequence[str]) -> Words:
    """The kind of each row; there are few distinct pairs of an opening flag and counterparts."""
    table = [kinds.index(kind_of(opening, bits)) for opening in (False, True) for bits in _BITS]
    opening, bits = (ledger.lines[name].to_numpy()[rows] for name in ("opening", "counterparts"))
    return Words(np.array(table)[opening * len(_BITS) + bits], np.array(kinds, object))


def _places(ledger: Ledger, rows: Integers) -> Places:
    """Where the lines of these rows stand."""
    names = np.array([file.name for file in ledger.files], object)
    files, lines = (ledger.lines[name].to_numpy()[rows] for name in ("file", "line"))
    return lambda places: map(Source, names[files[places]].tolist(), lines[places].tolist())
