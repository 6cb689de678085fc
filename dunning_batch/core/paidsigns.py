"""What a list of invoices leaves to say: invoices twice, credit notes, invoices that it no longer has (rules C)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dunning_batch.core.arrays import Integers
from dunning_batch.core.identity import Remembered
from dunning_batch.core.ledger import Ledger
from dunning_batch.core.lettering import Columns
from dunning_batch.errors import InputError, Problem, Source, msg

_NAMED = 5


def refuse_shared_invoices(ledger: Ledger, columns: Columns) -> None:
    """Two lists with the same invoice: last month's beside this month's. Raises InputError (fault 13)."""
    places: dict[tuple[object, ...], int] = {}
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, key in enumerate(_looks(ledger, columns) if len(ledger.files) > 1 else ()):
        first = places.setdefault(key, row)
        if columns.file[first] != columns.file[row]:
            shared[int(columns.file[first]), int(columns.file[row])].append(row)
    if shared:
        raise InputError(*(_shared(ledger, one, two, rows) for (one, two), rows in shared.items()))


def _looks(ledger: Ledger, columns: Columns) -> Iterator[tuple[object, ...]]:
    """What makes two rows the same invoice: its customer, number, day and amount; its label where it has no number."""
    labels = (label if piece < 0 else "" for label, piece in zip(ledger.lines["label"], columns.piece, strict=True))
    numbers = (array.tolist() for array in (columns.customer, columns.piece, columns.issued, columns.amount))
    return zip(*numbers, labels, strict=True)


def _shared(ledger: Ledger, one: int, two: int, rows: Sequence[int]) -> Problem:
    text = msg(
        "{one} and {two} both hold {count:invoice|invoices} ({examples}): what is owed would be asked twice. Keep the "
        "newest list, and take the other one away.",
        one=ledger.files[one].name,
        two=ledger.files[two].name,
        count=len(rows),
        examples=_named(ledger, rows),
    )
    return Problem("lists_share_invoices", text, "error", _source(ledger, rows[0]))


def alike_rows(owed: Ledger, amounts: Integers, invoices: Integers) -> Iterator[Problem]:
    """Unpaid rows of one invoice over the same amount: two parts of it, or one row twice?

    Args:
        owed: The list, with what is owed as its amounts.
        amounts: Of the rows as written.
        invoices: The number of the invoice of each row.
    """
    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in np.flatnonzero(owed.lines["amount"].to_numpy() > 0).tolist():
        rows[int(invoices[row]), int(amounts[row])].append(row)
    for (_, amount), alike in rows.items():
        if len(alike) > 1:
            text = msg(
                "{count} rows of {piece} are alike, over {amount:money} each (lines {lines}): they are added. If it is "
                "one row twice, remove one.",
                count=len(alike),
                piece=_named(owed, alike),
                amount=amount,
                lines=_listed([str(owed.lines["line"].iloc[row]) for row in alike]),
            )
            yield Problem("invoice_rows_alike", text, source=_source(owed, alike[0]), customer=_owner(owed, alike[0]))


def credit_notes_deducted(ledger: Ledger, payments: Iterable[tuple[int, int, int]]) -> Iterator[Problem]:
    """Credit notes that lowered invoices: (row of the invoice, row of the credit note, cents)."""
    parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for debit, credit, cents in payments:
        parts[credit].append((debit, cents))
    for credit, lowered in parts.items():
        text = msg(
            "The credit note {credit} is not marked as used: {amount:money} of it are deducted from {invoices}, whose "
            "number it bears or names.",
            credit=_named(ledger, [credit]),
            amount=sum(cents for _, cents in lowered),
            invoices=_named(ledger, [debit for debit, _ in lowered]),
        )
        yield Problem("credit_note_deducted", text, "notice", _source(ledger, credit), _owner(ledger, credit))


def credit_notes_left(ledger: Ledger, left: Integers) -> Iterator[Problem]:
    """Once a customer: credit notes that belong to no open invoice (rule C3)."""
    by_customer: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(left < 0).tolist():
        by_customer[_owner(ledger, row)].append(row)
    for customer, rows in by_customer.items():
        text = msg(
            "{amount:money} of credit notes of {customer} ({pieces}) name no open invoice of the list and are deducted "
            "from nothing. Mark them as paid, and enter them as paid on the invoices that they lower.",
            amount=-int(left[rows].sum()),
            customer=customer,
            pieces=_named(ledger, rows),
        )
        yield Problem("credit_note_left", text, source=_source(ledger, rows[0]), customer=customer)


def vanished(ledger: Ledger, settled: Iterable[Remembered]) -> Iterator[Problem]:
    """Reminded invoices that the list no longer has at all: nobody said that they are paid (rule F10)."""
    listed = set(zip(ledger.lines["customer"].astype(str), ledger.lines["piece"].str.strip(), strict=True))
    gone = [
        one for one in settled if one.settled_on is None and (one.customer.strip(), one.piece.strip()) not in listed
    ]
    if gone:
        text = msg(
            "{count:reminded invoice|reminded invoices} of the last list ({pieces}) are not in this one, paid or not: "
            "they are taken as settled. If the list shows them again, they go on at the level they had.",
            count=len(gone),
            pieces=_listed([one.piece or one.customer for one in gone]),
        )
        yield Problem("invoices_vanished", text, "notice")


def _named(ledger: Ledger, rows: Sequence[int]) -> str:
    pieces, labels = (ledger.lines[name].iloc[list(rows)].tolist() for name in ("piece", "label"))
    return _listed([piece or label for piece, label in zip(pieces, labels, strict=True)])


def _listed(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    return ", ".join(distinct[:_NAMED]) + (", ..." if len(distinct) > _NAMED else "")


def _owner(ledger: Ledger, row: int) -> str:
    return str(ledger.lines["customer"].iloc[row])


def _source(ledger: Ledger, row: int) -> Source:
    file, line = (int(ledger.lines[name].iloc[row]) for name in ("file", "line"))
    return Source(ledger.files[file].name, line)
