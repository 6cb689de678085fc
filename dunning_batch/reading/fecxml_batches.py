"""Entries of a FEC in XML -> a batch as the text reader has them, and what only XML can get wrong.

What an entry or a journal says counts for each of its lines, unless the line says it itself. The lettering of an entry
is that of its customers, and of nobody's advances: an advance would be lettered with what it was taken off.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import Problem, Source, msg
from dunning_batch.reading.cells import sides
from dunning_batch.reading.fec_batches import Columns, Layout
from dunning_batch.reading.fec_columns import Header
from dunning_batch.reading.fecxml_elements import Cells, Entries

_NAMES = {
    "journal": "JournalCode", "journal_label": "JournalLib", "number": "EcritureNum", "date": "EcritureDate",
    "account": "CompteNum", "account_name": "CompteLib", "customer": "CompAuxNum", "customer_name": "CompAuxLib",
    "piece": "PieceRef", "piece_date": "PieceDate", "label": "EcritureLib", "debit": "Debit", "credit": "Credit",
    "lettering": "EcritureLet", "lettering_date": "DateLet", "invoice": "NumFacture", "due_date": "DateLimitReglmt",
}  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_NAMES)}
HEADER = Header("", tuple(_NAMES.values()), _PLACES)
_LETTERING = ("lettering", "lettering_date")
_MONEY = {"debit", "credit", "amount"}
_KNOWN = _PLACES.keys() | {"amount", "side"}


def layout_of(rules: LedgerRules) -> Layout:
    """How the batches are to be understood."""
    return Layout(HEADER, rules, "utf-8")


def batch_of(
    entries: Entries, field_of: Callable[[str], str], rules: LedgerRules, shown: str
) -> tuple[pa.RecordBatch, list[Problem]]:
    """The lines of some entries as texts, and what is wrong with them beyond their cells.

    Args:
        entries: Some of a file.
        field_of: The field that an element's tag means, empty for none.
        rules: `[ledger]`.
        shown: The file, as shown.
    """
    table = _Table(entries, field_of)
    columns = {name: table.column(name) for name in _PLACES}
    faults = [*_without_account(columns["account"], entries, shown), *_without_amount(table, columns, field_of, shown)]
    if table.has("amount"):
        faults += _with_sides(table, columns, shown)
    if not any(table.stands_in_lines(name) for name in _LETTERING):
        _clear_advances(columns, rules.advance_accounts)
    named = {str(place): columns[name].fill_null("").view(pa.binary()) for name, place in _PLACES.items()}
    return pa.RecordBatch.from_pydict(named), faults


class _Table:
    """Lines with what their entry and journal say."""

    def __init__(self, entries: Entries, field_of: Callable[[str], str]) -> None:
        self.entries = entries
        entry = pa.array(np.repeat(np.arange(len(entries.counts)), entries.counts))
        levels = (entries.lines, entries.heads, entries.journals)
        self._lines, heads, journals = (
            _texts_by_field(cells, tags, field_of) for cells, tags in zip(levels, entries.tags, strict=True)
        )  # fmt: skip
        self._others = [
            {name: [texts.take(entry) for texts in columns] for name, columns in level.items() if name in _KNOWN}
            for level in (heads, journals)
        ]

    def has(self, name: str) -> bool:
        """Whether any line or entry says it."""
        return any(name in level for level in (self._lines, *self._others))

    def stands_in_lines(self, name: str) -> bool:
        """Whether lines say it, and not only their entry."""
        return name in self._lines

    def column(self, name: str) -> pa.Array:
        """A field of each line, null where nothing says it: the line's own, else its entry's, else its journal's."""
        found = [texts for level in (self._lines, *self._others) for texts in level.get(name, ())]
        return pc.coalesce(*found) if found else pa.nulls(len(self.entries.lines), pa.string())


def _texts_by_field(
    cells: list[Cells], said: Iterable[str], field_of: Callable[[str], str]
) -> dict[str, list[pa.Array]]:
    """The elements that mean each field, as columns."""
    tags = [tag for tag in sorted(said) if field_of(tag)]
    columns = pa.array(cells, pa.struct([(tag, pa.string()) for tag in tags])).flatten()
    found: dict[str, list[pa.Array]] = {}
    for tag, texts in zip(tags, columns, strict=True):
        found.setdefault(field_of(tag), []).append(texts)
    return found


def _without_account(accounts: pa.Array, entries: Entries, shown: str) -> Iterator[Problem]:
    is_empty = pc.equal(pc.utf8_trim_whitespace(accounts.fill_null("")), "").to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(is_empty).tolist():
        text = msg("This line has no CompteNum: export it again.")
        yield Problem("no_account", text, "error", Source(shown, entries.numbers[row]))


def _without_amount(table: _Table, columns: Columns, field_of: Callable[[str], str], shown: str) -> Iterator[Problem]:
    """Lines without the element, as it may be misspelt; an empty one is an amount of nothing."""
    is_none = pc.and_(pc.is_null(columns["debit"]), pc.is_null(columns["credit"])).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(is_none).tolist():
        if not _MONEY & set(map(field_of, table.entries.lines[row])):
            text = msg("This line has neither Debit, Credit nor Montant: export it again.")
            yield Problem("no_amount", text, "error", Source(shown, table.entries.numbers[row]))


def _with_sides(table: _Table, columns: Columns, shown: str) -> Iterator[Problem]:
    """Montant and Sens, line by line beside Debit and Credit: the amount goes to its side."""
    amount, written = table.column("amount"), table.column("side").fill_null("")
    side, wrong = sides(written.view(pa.binary()), "utf-8")
    for name, sign in (("debit", 1), ("credit", -1)):
        columns[name] = pc.if_else(pa.array(side == sign), pc.coalesce(amount, columns[name]), columns[name])
    is_amount = pc.is_valid(amount).to_numpy(zero_copy_only=False)
    for row in wrong[is_amount[wrong]].tolist():
        text = msg("{column}: {text} is neither D nor C, +1 nor -1.", column="Sens", text=written[row].as_py() or "''")
        yield Problem("wrong_side", text, "error", Source(shown, table.entries.numbers[row]))


def _clear_advances(columns: Columns, prefixes: Iterable[str]) -> None:
    for prefix in prefixes:
        is_advance = pc.starts_with(columns["account"].fill_null(""), prefix)
        for name in _LETTERING:
            columns[name] = pc.if_else(is_advance, "", columns[name])
