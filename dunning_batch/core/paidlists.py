"""Settling lists of invoices that say themselves what is paid (rules C; B8 in their terms).

A list has no payments: what is open of a row is its amount less what it says is paid. So the balance of a customer is
what is left of its rows, `open - unallocated`, and nothing is lettered elsewhere. A credit note lowers the invoice
whose number it bears or names; no other one (rule C3).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.arrays import Flags, Integers, sums_by
from dunning_batch.core.balances import balances_of
from dunning_batch.core.duedates import due_days, issued_days, to_date
from dunning_batch.core.itemgroups import Groups
from dunning_batch.core.itemlines import open_items, unallocated_credits
from dunning_batch.core.ledger import Counterpart, Ledger
from dunning_batch.core.lettering import Columns, Lettered, columns_of, lower
from dunning_batch.core.openitems import Settlement
from dunning_batch.core.paidsigns import alike_rows, credit_notes_deducted, credit_notes_left, refuse_shared_invoices
from dunning_batch.core.piecenames import NamedPieces

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(frozen=True, slots=True)
class _Invoices:
    """The invoices and credit notes of a list, in the order of their first rows. Cents."""

    number: Integers  # of the invoice of each row of the list
    row: Integers  # the first of each
    amount: Integers
    left: Integers  # less than 0: of a credit note


def settle_paid(ledger: Ledger, customer_terms: Mapping[str, str], default_terms: str) -> Settlement:
    """What is owed by lists of invoices; the rows of one invoice are one item.

    Args:
        ledger: Its lines have a column `paid`: of the amount, by rule C1.
        customer_terms: Terms by customer code, known spellings (rule E2) only.
        default_terms: A known spelling.

    Raises:
        InputError: two lists hold the same invoice.
        DefectError: the invariant B8 is broken.
    """
    issued = issued_days(ledger.lines)
    due, due_source = due_days(ledger.lines, issued, customer_terms, default_terms)
    booked = columns_of(ledger.lines, issued, due)
    refuse_shared_invoices(ledger, booked)
    owed = replace(ledger, lines=_owed(ledger.lines))
    columns = columns_of(owed.lines, issued, due)
    invoices = _invoices_of(booked, columns.amount)
    used = _use_credit_notes(owed, columns, invoices)
    groups = _groups_of(columns, invoices, used)
    nothing = np.zeros(len(used.left), np.int64)
    return Settlement(
        open_items(owed, columns, groups, due_source),
        unallocated_credits(owed, columns, used.left),
        balances_of(owed, np.ones(len(used.left), bool), used.left, nothing, used.differences),
        (
            *alike_rows(owed, booked.amount, invoices.number),
            *credit_notes_deducted(owed, used.payments),
            *credit_notes_left(owed, used.left),
        ),
    )


def _owed(lines: "pd.DataFrame") -> "pd.DataFrame":
    """The lines with what is owed as their amounts; a row is an invoice or a credit note, which sales stand against."""
    amount, paid = lines["amount"].to_numpy(), lines["paid"].to_numpy()
    within = np.clip(paid, np.minimum(amount, 0), np.maximum(amount, 0))
    return lines.assign(amount=amount - within, counterparts=np.uint8(Counterpart.SALES))


def _invoices_of(booked: Columns, owed: Integers) -> _Invoices:
    """Rows of one customer with one piece, issued and due on the same days, are one invoice (rule A6)."""
    places = np.arange(len(owed))
    own = np.where(booked.piece < 0, places, -1)  # no piece is no piece's equal (rule A4)
    key = pd.DataFrame(
        {"customer": booked.customer, "account": booked.account, "piece": booked.piece, "issued": booked.issued,
         "due": booked.due, "own": own}
    )  # fmt: skip
    number = key.groupby(list(key.columns), sort=False).ngroup().to_numpy().astype(np.int64)
    count = int(number.max(initial=-1)) + 1
    first = np.full(count, len(owed))
    np.minimum.at(first, number, places)
    left = sums_by(number, owed, count)
    # A discount on a row of its own is part of the invoice, however it is marked.
    return _Invoices(number, first, np.maximum(sums_by(number, booked.amount, count), left), left)


def _use_credit_notes(owed: Ledger, columns: Columns, invoices: _Invoices) -> Lettered:
    """What is left of each row, that of an invoice on its first, once credit notes have lowered what they name."""
    left = np.zeros(len(columns.amount), np.int64)
    left[invoices.row] = invoices.left
    used = Lettered(left, np.zeros(len(left), bool), np.zeros(columns.customers, np.int64))
    credits = _by_customer(columns, left < 0)
    debits = _by_customer(columns, (left > 0) & np.isin(columns.customer, list(credits)))
    rank = np.lexsort((columns.issued, columns.due)).argsort()
    for customer, rows in credits.items():
        _lower_named(owed, columns, used, rows, sorted(debits.get(customer, ()), key=rank.__getitem__))
    return used


def _by_customer(columns: Columns, wanted: Flags) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(wanted).tolist():
        rows[int(columns.customer[row])].append(row)
    return rows


def _lower_named(owed: Ledger, columns: Columns, used: Lettered, credits: Iterable[int], debits: Sequence[int]) -> None:
    """Each credit note lowers the invoices of its own piece, then those that its label names, oldest due first."""
    pieces = owed.lines["piece"].iloc[list(debits)].tolist()
    named = NamedPieces(pieces)
    for credit in credits:
        piece = columns.piece[credit]
        if piece >= 0:
            lower(used, [credit], [debit for debit in debits if columns.piece[debit] == piece])
        label = str(owed.lines["label"].iloc[credit])
        lower(used, [credit], [debits[place] for place in named.in_label(label)])


def _groups_of(columns: Columns, invoices: _Invoices, used: Lettered) -> Groups:
    """The invoices with something open; what lowered them are credit notes."""
    lowered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for debit, credit, cents in used.payments:
        lowered[debit].append((int(columns.day[credit]), cents))
    some = np.flatnonzero(used.left[invoices.row] > 0)
    rows = invoices.row[some]
    payments = {
        place: tuple((to_date(day), cents) for day, cents in sorted(lowered[row]))
        for place, row in enumerate(rows.tolist())
        if row in lowered
    }
    return Groups(rows, invoices.amount[some], used.left[rows], payments)
