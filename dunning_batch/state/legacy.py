"""A list of levels from another program, taken over on a first run: any sheets with a piece and a level column.

Levels may be words (`2ème relance`, `Niveau 2`), customers may be names, and a list may tell each reminder in a row of
its own. What is not certain is held by its cell, or left to rule H2, which takes the lower of two levels.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from dunning_batch.core.identity import Remembered
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.state.cells import Fault, RowReading
from dunning_batch.state.columns import LEVELS, SHEETS, spellings
from dunning_batch.state.rows import Row
from dunning_batch.state.tables import SheetLike, Table, candidates

_TOKENS = re.compile(r"\d+|[a-z]+")
_ORDINALS = ("premier premiere first", "deuxieme second seconde", "troisieme third", "quatrieme fourth",
             "cinquieme fifth", "sixieme sixth", "septieme seventh", "huitieme eighth", "neuvieme ninth")  # fmt: skip
_NUMBERS = {word: number for number, words in enumerate(_ORDINALS, 1) for word in words.split()}
_NONE = frozenset("aucun aucune jamais none never neant".split())
_SILENT = frozenset(
    "niveau niv relance relances rappel rappels lettre courrier level reminder reminders dunning stage etape n no num "
    "numero r l er re ere e eme nd nde st rd th envoye envoyee faite sent".split()
)


def level_in_words(text: str) -> str:
    """The digit of a level written as `Niveau 2`, `2ème relance`, `Deuxième rappel`, `R2`, `aucune`; else the text."""
    numbers, others = [], []
    for token in _TOKENS.findall(plain(text)):
        if token.isdigit():
            numbers.append(token)
        elif token in _NUMBERS or token in _NONE:
            numbers.append(str(_NUMBERS.get(token, 0)))
        else:
            others.append(token)
    return numbers[0] if len(numbers) == 1 and _SILENT.issuperset(others) else text


def legacy_rows(sheets: Sequence[SheetLike], levels: int) -> Iterator[tuple[Row, tuple[Fault, ...]]]:
    """The rows of all sheets that have both columns, with the cells that could not be read.

    Raises:
        InputError: there is no such sheet.
    """
    tables = list(_tables(sheets))
    if not tables:
        file = sheets[0].file if sheets else ""
        text = msg("The levels workbook has no row of headings with Pièce and Niveau: correct it, or take it away.")
        raise InputError(Problem("no_levels", text, "error", Source(file)))
    rows = []
    for table in tables:
        for number in range(table.first, len(table.sheet.rows)):
            reading = RowReading(table, number, levels, level_in_words)
            if not reading.is_empty() and _names_something(table, number):
                rows.append((replace(reading.row(), key=""), tuple(reading.faults)))
    yield from _last_reminders(rows)


def _tables(sheets: Sequence[SheetLike]) -> Iterator[Table]:
    """Of a workbook of this program that lost its properties, `Niveaux` only; of any other, every visible sheet."""
    known = spellings(LEVELS, legacy=True)
    own = [sheet for sheet in sheets if sheet.name in SHEETS["levels"]]
    visible = [sheet for sheet in sheets if not getattr(sheet, "hidden", False)]
    for sheet in own or visible or sheets:
        found = [table for table in candidates(sheet, known) if {"piece", "level"} <= table.places.keys()]
        if found:
            yield max(found, key=lambda table: len(table.places))


def _names_something(table: Table, number: int) -> bool:
    """A line of totals or remarks has a customer or a number at most, and no piece."""
    return table.cell(number, "piece") not in ("", None)


def _last_reminders(rows: list[tuple[Row, tuple[Fault, ...]]]) -> Iterator[tuple[Row, tuple[Fault, ...]]]:
    """Of rows that tell the reminders of one invoice, each later at a higher level, the last one."""
    of_piece: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    for place, (row, _) in enumerate(rows):
        of_piece[row.customer, row.piece, row.amount].append(place)
    dropped: set[int] = set()
    for places in of_piece.values():
        told = [rows[place][0] for place in places]
        days = [row.last_reminded or date.min for row in told]
        ordered = sorted(zip(days, (row.level for row in told), places, strict=True))
        is_history = all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(ordered))
        if is_history and date.min not in days:
            dropped.update(place for _, _, place in ordered[:-1])
    yield from (row for place, row in enumerate(rows) if place not in dropped)


def coded(rows: Iterable[Remembered], names: Mapping[str, str]) -> tuple[Remembered, ...]:
    """Rows of a list whose customers may be written as names, with the codes of the ledger.

    Args:
        rows: Of a list, or of a levels workbook, whose rows have keys and stay as they are.
        names: The ledger's customers: name by code.
    """
    rows = tuple(rows)
    strange = {row.customer for row in rows if not row.key and row.customer and row.customer not in names}
    if not strange:
        return rows
    codes: dict[str, list[str]] = defaultdict(list)
    for code, name in names.items():
        codes[plain(name)].append(code)
    return tuple(
        replace(row, customer=_code(row.customer, codes)) if not row.key and row.customer in strange else row
        for row in rows
    )


def _code(name: str, codes: Mapping[str, Sequence[str]]) -> str:
    """The one customer of that name; none where nobody or several bear it: then the piece alone tells."""
    found = codes.get(plain(name), ())
    return found[0] if len(found) == 1 else ""


def unmatched(rows: Iterable[Remembered], settled: Iterable[Remembered], file: str) -> Iterator[Problem]:
    """What is said of rows of a list that no open item took: else they would begin at level 1 unnoticed."""
    pieces = {row.piece for row in rows if not row.key and row.level}
    left = [row.piece for row in settled if row.piece in pieces]
    if left:
        text = msg(
            "{count:row|rows} of the list of levels name no open invoice, for example {piece}: they are paid, or their "
            "number is written otherwise in the ledger; then correct it in the list, or they start at level 1.",
            count=len(left),
            piece=left[0],
        )
        yield Problem("legacy_rows_left", text, "warning", Source(file))
