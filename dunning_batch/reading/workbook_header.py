"""Which row of a sheet holds its headings, and which column each field has (faults 28, 29).

A row is a header if its headings name a day, an amount and something else. Two rows are one header where the lower one
completes the upper one (`Mouvements` above `Débit` and `Crédit`). `[ledger.columns]` and `header_row` win over all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dunning_batch.core.words import plain
from dunning_batch.reading.sheets import Sheet
from dunning_batch.reading.workbook_headings import meanings

_LOOKED_AT = 300  # first rows among which headings are looked for
_GIVEN = 10.0  # weight of a heading that the configuration names
ENTRY_DAYS = ("date", "piece_date", "due_date")  # which of them says when an entry was made: the first there is
_MONEY = frozenset({"debit", "credit", "amount", "residual"})
_PARTIES = frozenset({"account", "customer", "customer_name", "account_name"})
_BALANCES = frozenset({"balance", "bucket"})
_ENTRIES = frozenset({"journal", "lettering", "number"})

_VALUE, _WORD = re.compile(r"\d"), re.compile(r"[^\W\d_]")

Weighted = dict[int, dict[str, float]]  # column -> field -> weight


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a sheet."""

    first: int  # index into the rows of the sheet
    last: int
    headings: dict[int, str]  # column -> as written, both rows joined
    fields: dict[str, int]  # field -> column
    rivals: dict[str, tuple[int, ...]] = field(default_factory=dict)  # other columns that would do as well
    score: float = 0.0

    @property
    def is_ledger(self) -> bool:
        """Whether it names days, amounts (debits and credits, never one alone), and something more."""
        names = self.fields.keys()
        amounts = bool(names & {"amount", "residual"}) or {"debit", "credit"} <= names
        return bool(names & set(ENTRY_DAYS)) and amounts and len(names) >= 3

    @property
    def is_balance(self) -> bool:
        """Whether it names parties and sums, and no movements."""
        names = self.fields.keys()
        return bool(names & _PARTIES) and bool(names & (_MONEY | _BALANCES)) and not names & set(ENTRY_DAYS)


def find_header(sheet: Sheet, row: int, columns: Mapping[str, str]) -> Header | None:
    """The header of a sheet; None where it has none. Of a list of balances where it has nothing better.

    Args:
        sheet: Cells.
        row: `[ledger] header_row`, 0 for none: only this row is looked at, alone or with the one below.
        columns: `[ledger.columns]`.
    """
    wanted = {plain(heading): name for name, heading in columns.items()}
    found = list(_candidates(sheet, row, wanted))
    ledgers = [header for header in found if header.is_ledger]
    best = max(ledgers or found, key=lambda header: header.score, default=None)
    if best is None or not (best.is_ledger or best.is_balance or len(best.fields) > 3 or row):
        return None
    return best


def _candidates(sheet: Sheet, row: int, wanted: Mapping[str, str]) -> Iterator[Header]:
    for index in range(min(len(sheet.rows), _LOOKED_AT)):
        if row and sheet.lines[index] != row:
            continue
        upper = _texts(sheet.rows[index])
        if not upper:
            continue
        single = _header(index, index, upper, wanted)
        yield single
        lower = {} if _holds_values(sheet.rows[index]) else _lower(sheet, index)
        if lower:
            both = _header(index, index + 1, _joined(upper, lower), wanted)
            alone = _header(index + 1, index + 1, lower, wanted)
            is_first = both.is_ledger and not (single.is_ledger or alone.is_ledger)
            if is_first or len(both.fields) > max(len(single.fields), len(alone.fields)):
                yield both


def _texts(row: Sequence[Any]) -> dict[int, str]:
    """The cells of a row that may be headings."""
    return {place: cell.strip() for place, cell in enumerate(row) if isinstance(cell, str) and cell.strip()}


def _holds_values(row: Sequence[Any]) -> bool:
    """Whether a row holds numbers or days, and so is no half of a header, whatever words stand beside them."""
    return any(
        not isinstance(cell, str) or (bool(_VALUE.search(cell)) and not _WORD.search(cell))
        for cell in row
        if cell != ""
    )


def _lower(sheet: Sheet, index: int) -> dict[int, str]:
    """The next row if it may be the lower half of a header: it holds short texts only."""
    if index + 1 >= len(sheet.rows):
        return {}
    row = sheet.rows[index + 1]
    texts = _texts(row)
    has_values = any(cell != "" and not isinstance(cell, str) for cell in row)
    digits = any(any(sign.isdigit() for sign in text) for text in texts.values())
    return {} if has_values or digits or max(map(len, texts.values()), default=99) > 40 else texts


def _joined(upper: dict[int, str], lower: dict[int, str]) -> dict[int, str]:
    """Two rows as one: a merged heading stands above several others, its text in the first column only."""
    joined: dict[int, str] = {}
    above = ""
    for place in range(max(*upper, *lower) + 1):
        own, below = upper.get(place, ""), lower.get(place, "")
        if own:
            above = own if below else ""
        head = own or (above if below else "")
        choices = [text for text in (f"{head} {below}".strip(), below, own) if text]  # `Soldes` `Débit` is no debit
        if choices:
            joined[place] = max(choices, key=lambda text: max(meanings(text).values(), default=0.0))
    return joined


def _header(first: int, last: int, texts: dict[int, str], wanted: Mapping[str, str]) -> Header:
    weighted: Weighted = {}
    for place, text in texts.items():
        given = wanted.get(plain(text))
        if found := {given: _GIVEN} if given else meanings(text):
            weighted[place] = found
    fields = _assigned(weighted)
    names = fields.keys()
    if "balance" in names and names & _PARTIES and names & {"invoice", "due_date"} and not names & (_MONEY | _ENTRIES):
        fields["residual"] = fields.pop("balance")  # the only sum of an invoice is what is left of it
        weighted[fields["residual"]] = {"residual": 1.0}
    score = sum(min(weighted[place][name], 1.5) for name, place in fields.items() if name != "bucket")
    return Header(first, last, texts, fields, _rivals(weighted, fields), score)


def _assigned(weighted: Weighted) -> dict[str, int]:
    """One column for each field, one field for each column, the heaviest first, then from left to right."""
    ranked = sorted(
        ((weight, -place, name) for place, found in weighted.items() for name, weight in found.items()),
        key=lambda one: (-one[0], -one[1]),
    )
    fields: dict[str, int] = {}
    taken: set[int] = set()
    for _, place, name in ranked:
        if name not in fields and -place not in taken:
            fields[name] = -place
            taken.add(-place)
    return fields


def _rivals(weighted: Weighted, fields: dict[str, int]) -> dict[str, tuple[int, ...]]:
    """Columns that no field has, and that are as good for one as the one it has."""
    free = {place: found for place, found in weighted.items() if place not in fields.values()}
    rivals = {
        name: tuple(place for place, found in free.items() if found.get(name, 0.0) >= weighted[chosen][name])
        for name, chosen in fields.items()
        if name != "bucket"
    }
    return {name: places for name, places in rivals.items() if places}


def is_repeated(row: Sequence[Any], header: Header) -> bool:
    """Whether a row repeats the headings, as printed pages do."""
    texts = {plain(text) for text in _texts(row).values()}
    known = {plain(text) for text in header.headings.values()}
    return len(texts) >= 3 and len(texts & known) * 2 > len(texts) and any(meanings(text) for text in texts)
