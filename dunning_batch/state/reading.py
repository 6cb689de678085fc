"""The levels workbook as it comes back from its users, or a legacy list from another program (faults 100 to 102)."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from dunning_batch.core.identity import Remembered
from dunning_batch.errors import Problem
from dunning_batch.state.cells import Fault, RowReading
from dunning_batch.state.columns import LEVELS, SETTLED, SHEETS, spellings
from dunning_batch.state.legacy import legacy_rows
from dunning_batch.state.marks import CREDITOR, FORMAT, MARK
from dunning_batch.state.rows import Row, remembered
from dunning_batch.state.tables import Extras, SheetLike, Table, candidates, extras_of, table_of_sheet

# A column that was renamed would else be read as cleared in every row, and let everybody go who is held.
_REQUIRED = ("customer", "piece", "level", "held", "held_until", "key")
_PROPERTY_PARTS = ("docProps/custom.xml", "meta.xml")  # of .xlsx and of .ods


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
    rows: tuple[Row, ...] = ()  # of `Niveaux`, in its order
    faults: Mapping[int, tuple[Fault, ...]] = field(default_factory=dict)  # by place in `rows`
    fields: frozenset[str] = frozenset()  # those that have a column
    legacy: tuple[Remembered, ...] = ()
    extras: Extras = field(default_factory=Extras)
    problems: tuple[Problem, ...] = ()  # of a legacy list


def mark_of(data: bytes) -> Mark | None:
    """The properties of a workbook that was looked at before (reading/archive_guard.py)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(part) for part in _PROPERTY_PARTS if part in archive.namelist()]
    found = dict(pair for part in parts for pair in _properties(part))
    try:
        return Mark(found[CREDITOR], int(float(found[FORMAT])), int(float(found[MARK])))
    except (KeyError, ValueError, OverflowError):
        return None


def _properties(part: bytes) -> Iterator[tuple[str, str]]:
    """Names and values, whatever program wrote them and however it spells its XML; entities are not followed."""
    if b"<!" in part:
        return
    try:
        root = ElementTree.fromstring(part)  # noqa: S314 - without declarations nothing is expanded
    except ElementTree.ParseError:
        return
    for element in root.iter():
        name = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "name"), None)
        if name is not None:
            yield name, "".join(element.itertext()).strip()


def book_of(sheets: Sequence[SheetLike], mark: Mark | None, levels: int) -> Book:
    """A workbook of this program if it has its mark, else a legacy list.

    Args:
        sheets: As read.
        mark: Its properties.
        levels: How many the dossier has.

    Raises:
        InputError: a required column is missing, or there is no list at all.
    """
    if mark is None:
        return _legacy(sheets, levels)
    main = table_of_sheet(sheets, SHEETS["levels"], LEVELS, _REQUIRED)
    rows, faults = _rows_of(main, levels)
    return Book(mark, rows, faults, frozenset(main.places), extras=extras_of([main, *_settled(sheets)]))


def _rows_of(table: Table, levels: int) -> tuple[tuple[Row, ...], dict[int, tuple[Fault, ...]]]:
    rows, faults = [], {}
    for number in range(table.first, len(table.sheet.rows)):
        reading = RowReading(table, number, levels)
        if reading.is_empty():
            continue
        rows.append(reading.row())
        if reading.faults:
            faults[len(rows) - 1] = tuple(reading.faults)
    return tuple(rows), faults


def _settled(sheets: Sequence[SheetLike]) -> Iterator[Table]:
    """The sheet `Soldées`, for the users' own columns; nothing else in it is theirs."""
    for sheet in sheets:
        if sheet.name in SHEETS["settled"]:
            tables = candidates(sheet, spellings(SETTLED))
            yield from sorted((one for one in tables if "key" in one.places), key=lambda one: -len(one.places))[:1]


def _legacy(sheets: Sequence[SheetLike], levels: int) -> Book:
    """Any sheets with a piece and a level column (contract section 5)."""
    rows = list(legacy_rows(sheets, levels))
    legacy = tuple(doubted(row, faults) for row, faults in rows)
    return Book(None, legacy=legacy, problems=tuple(one.problem for _, faults in rows for one in faults))


def doubted(row: Row, faults: Sequence[Fault]) -> Remembered:
    """What is remembered of a row: held, and why, if a cell of it could not be read."""
    reason = row.reason or ", ".join(fault.hint for fault in faults)
    return remembered(replace(row, reason=reason), doubtful=bool(faults))
