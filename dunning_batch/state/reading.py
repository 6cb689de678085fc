"""The levels workbook as it comes back from its users, or a legacy list from another program (faults 100 to 102)."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol
from xml.sax.saxutils import unescape

from dunning_batch.core.identity import Remembered
from dunning_batch.core.money import read_amount
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Message, Problem, Source, msg
from dunning_batch.state.columns import LEVELS, SETTLED, SHEETS, Column, spellings
from dunning_batch.state.levels import Extras
from dunning_batch.state.rows import Row, remembered
from dunning_batch.state.sheets import CREDITOR, FORMAT, MARK

_HEAD_ROWS = 30  # among which the row of headings is looked for
_REQUIRED = ("customer", "piece", "level", "key")
_WORDS = {"oui": True, "yes": True, "o": True, "x": True, "1": True, "true": True, "vrai": True,
          "non": False, "no": False, "n": False, "0": False, "false": False, "faux": False, "": False}  # fmt: skip
_PROPERTY = re.compile(r'<property\b[^>]*\bname="([^"]*)"[^>]*>\s*<(?:vt:)?\w+>([^<]*)</', re.DOTALL)


class SheetLike(Protocol):
    """A sheet as `reading/sheets.py` gives it."""

    @property
    def name(self) -> str:
        """Empty for a .csv."""
        ...

    @property
    def file(self) -> str:
        """As shown."""
        ...

    @property
    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """Cells."""
        ...

    def source(self, row: int, column: int | None = None) -> Source:
        """The address of a cell."""
        ...

    def fault(self, row: int, column: int) -> Any:  # noqa: ANN401
        """Whether the cell is an error, or a formula without a value."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """The document properties that the program writes."""

    creditor: str
    format: int
    number: int


@dataclass(frozen=True, slots=True)
class Book:
    """What a levels workbook says."""

    mark: Mark | None  # None: it was not written by this program, or lost its properties
    rows: tuple[Row, ...]  # of `Niveaux`, in its order
    doubtful: frozenset[int] = frozenset()  # places in `rows` with a cell that could not be read
    legacy: tuple[Remembered, ...] = ()
    extras: Extras = field(default_factory=Extras)
    problems: tuple[Problem, ...] = ()


def mark_of(data: bytes) -> Mark | None:
    """The properties of a workbook that was looked at before (reading/archive_guard.py)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "docProps/custom.xml" in archive.namelist():
            text = archive.read("docProps/custom.xml").decode("utf-8", "replace")
            found = {name: unescape(value, {"&quot;": '"'}) for name, value in _PROPERTY.findall(text)}
        elif "meta.xml" in archive.namelist():
            text = archive.read("meta.xml").decode("utf-8", "replace")
            pairs = re.findall(r'<meta:user-defined\b[^>]*meta:name="([^"]*)"[^>]*>([^<]*)<', text)
            found = {name: unescape(value) for name, value in pairs}
        else:
            return None
    try:
        return Mark(found[CREDITOR], int(float(found[FORMAT])), int(float(found[MARK])))
    except (KeyError, ValueError):
        return None


def book_of(sheets: Sequence[SheetLike], mark: Mark | None, levels: int) -> Book:
    """A workbook of this program if it has its mark, else a legacy list.

    Raises:
        InputError: a required column is missing, or there is no list at all.
    """
    if mark is None:
        return _legacy(sheets, levels)
    main = table_of_sheet(sheets, SHEETS["levels"], LEVELS, _REQUIRED)
    table = main
    rows: list[Row] = []
    doubtful: set[int] = set()
    problems: list[Problem] = []
    for number in range(table.first, len(table.sheet.rows)):
        reading = _RowReading(table, number, levels)
        if reading.is_empty():
            continue
        if reading.problems:
            doubtful.add(len(rows))
            problems += reading.problems
        rows.append(reading.row())
    extras = _extras([("levels", main), *(("settled", one) for one in _settled(sheets))])
    return Book(mark, tuple(rows), frozenset(doubtful), extras=extras, problems=tuple(problems))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose row of headings was found."""

    sheet: SheetLike
    first: int  # row after the headings
    places: dict[str, int]  # field -> column
    own: tuple[tuple[int, str], ...]  # columns of the user: place and heading


def table_of_sheet(
    sheets: Sequence[SheetLike], names: tuple[str, str], columns: tuple[Column, ...], required: Sequence[str]
) -> Table:
    """The table of a sheet, by its headings. Raises InputError where the sheet or a required column is missing."""
    sheet = next((one for one in sheets if one.name in names), None)
    if sheet is None:
        text = msg(
            "The sheet {name} is missing: put it back, or take the last kept copy of the workbook.", name=names[0]
        )
        raise InputError(Problem("missing_sheet", text, "error", Source(sheets[0].file if sheets else "")))
    table = max(_candidates(sheet, spellings(columns)), key=lambda one: len(one.places), default=None)
    missing = [field for field in required if table is None or field not in table.places]
    if table is None or missing:
        headings = [column.fr for column in columns if column.field in missing]
        text = msg("The column {name} is missing in the sheet {sheet}: give it its heading back.",
                   name=", ".join(headings), sheet=sheet.name)  # fmt: skip
        raise InputError(Problem("missing_column", text, "error", Source(sheet.file, sheet=sheet.name)))
    return table


def _candidates(sheet: SheetLike, known: dict[str, Column]) -> Iterator[Table]:
    for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        places: dict[str, int] = {}
        own = []
        for place, cell in enumerate(row):
            column = known.get(plain(str(cell)))
            if column and column.field not in places:
                places[column.field] = place
            elif str(cell).strip():
                own.append((place, str(cell).strip()))
        yield Table(sheet, number + 1, places, tuple(own))


def _settled(sheets: Sequence[SheetLike]) -> Iterator[Table]:
    for sheet in sheets:
        if sheet.name in SHEETS["settled"]:
            table = max(_candidates(sheet, spellings(SETTLED)), key=lambda one: len(one.places), default=None)
            if table and "key" in table.places:
                yield table


def _extras(tables: Sequence[tuple[str, Table]]) -> Extras:
    headings, cells = {}, {}
    for name, table in tables:
        headings[name] = tuple(text for _, text in table.own)
        cells[name] = {
            str(row[table.places["key"]]).strip(): tuple(_own_cell(row[place]) for place, _ in table.own)
            for row in table.sheet.rows[table.first :]
            if table.own and len(row) > table.places["key"]
        }
    return Extras(headings, cells)


def _own_cell(cell: object) -> object:
    return cell.date() if isinstance(cell, datetime) else cell


class _RowReading:
    """One row: every cell read strictly; one that cannot be read holds the item and is listed."""

    def __init__(self, table: Table, number: int, levels: int) -> None:
        self._table, self._number, self._levels = table, number, levels
        self.problems: list[Problem] = []

    def _cell(self, name: str) -> Any:  # noqa: ANN401
        place = self._table.places.get(name)
        row = self._table.sheet.rows[self._number]
        cell = row[place] if place is not None and place < len(row) else ""
        return cell.strip() if isinstance(cell, str) else cell

    def is_empty(self) -> bool:
        return all(self._cell(name) in ("", None) for name in ("customer", "piece", "key", "level"))

    def _bad(self, name: str, message: Message) -> None:
        source = self._table.sheet.source(self._number, self._table.places[name])
        self.problems.append(Problem("doubtful_cell", message, "warning", source, self.text("customer")))

    def text(self, name: str) -> str:
        cell = self._cell(name)
        return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)

    def day(self, name: str) -> date | None:
        cell = self._cell(name)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date) or cell == "":
            return cell or None
        for form in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"):
            try:
                return datetime.strptime(str(cell), form).date()  # noqa: DTZ007 - a day
            except ValueError:
                continue
        self._bad(name, msg("{value} is no date: the item is held. Write it as 31/01/2026.", value=str(cell)))
        return None

    def cents(self, name: str) -> int | None:
        cell = self._cell(name)
        if cell == "":
            return None
        return round(cell * 100) if isinstance(cell, int | float) else read_amount(str(cell))

    def level(self) -> int:
        text = self.text("level")
        if self._table.sheet.fault(self._number, self._table.places["level"]):
            text = "?"
        if text == "":
            return 0
        if text.isdecimal() and int(text) <= self._levels:
            return int(text)
        self._bad("level", msg("{value} is no level from 0 to {last}: the item is held. Correct the cell.", value=text,
                               last=self._levels))  # fmt: skip
        return 0

    def yes(self, name: str) -> bool:
        text = self.text(name)
        answer = _WORDS.get(plain(text))
        if answer is None:
            self._bad(name, msg("{value} is neither oui nor non: the item is held.", value=text))
            return True
        return answer

    def row(self) -> Row:
        return Row(
            self.text("key"), self.text("customer"), self.text("name"), self.text("piece"), self.day("issued"),
            self.day("due"), self.cents("amount"), level=self.level(), last_reminded=self.day("last_reminded"),
            held=self.yes("held"), held_until=self.day("held_until"), reason=self.text("reason"),
            note=self.text("note"),
        )  # fmt: skip


def _legacy(sheets: Sequence[SheetLike], levels: int) -> Book:
    """Any sheet with a piece and a level column (contract section 5)."""
    known = spellings(LEVELS, legacy=True)
    tables = [
        table for sheet in sheets for table in _candidates(sheet, known) if {"piece", "level"} <= table.places.keys()
    ]
    if not tables:
        file = sheets[0].file if sheets else ""
        text = msg("The levels workbook has no row of headings with Pièce and Niveau: correct it, or take it away.")
        raise InputError(Problem("no_levels", text, "error", Source(file)))
    table = tables[0]
    found, problems = [], []
    for number in range(table.first, len(table.sheet.rows)):
        reading = _RowReading(table, number, levels)
        if not reading.is_empty():
            one = remembered(replace(reading.row(), key=""))
            found.append(replace(one, doubtful=bool(reading.problems)))
            problems += reading.problems
    return Book(None, (), legacy=tuple(found), problems=tuple(problems))
