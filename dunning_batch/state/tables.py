"""Sheets that come back from users: found by their headings, whatever was moved, added or sorted (fault 100)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Protocol

from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Message, Problem, Source, msg
from dunning_batch.state.columns import Column, spellings

_HEAD_ROWS = 30  # among which the row of headings is looked for


class SheetLike(Protocol):
    """A sheet as `reading/sheets.py` gives it."""

    @property
    def name(self) -> str:
        """Of the sheet."""
        ...

    @property
    def file(self) -> str:
        """As shown."""
        ...

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """Cells; an empty one is `""`, numbers are int or float, days date or datetime."""
        ...

    def source(self, row: int, column: int | None = None) -> Source:
        """The address of a cell."""
        ...

    def fault(self, row: int, column: int) -> Any:  # noqa: ANN401
        """Whether the cell, which reads as empty, is an error or a formula without a value."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose row of headings was found."""

    sheet: SheetLike
    first: int  # row after the headings
    places: Mapping[str, int]  # field -> column
    own: tuple[tuple[int, str], ...]  # columns of the user: place and heading
    twice: frozenset[str] = frozenset()  # fields with more than one column, of which the first is taken

    def heading(self, name: str) -> str:
        """The heading of a column as it stands in the sheet."""
        return str(self.sheet.rows[self.first - 1][self.places[name]]).strip()

    def cell(self, number: int, name: str) -> Any:  # noqa: ANN401
        """A cell, texts without the blanks around them; empty where the column or the cell is missing."""
        place = self.places.get(name)
        row = self.sheet.rows[number]
        cell = row[place] if place is not None and place < len(row) else ""
        return cell.strip() if isinstance(cell, str) else cell

    def source(self, number: int, name: str) -> Source:
        """The address of a cell, or of its row where the column is missing."""
        return self.sheet.source(number, self.places.get(name))


@dataclass(frozen=True, slots=True)
class Extras:
    """What users added to the workbook: headings of their own columns, and their cells by key."""

    headings: tuple[str, ...] = ()
    cells: Mapping[str, tuple[object, ...]] = field(default_factory=dict)


def table_of_sheet(
    sheets: Sequence[SheetLike], names: tuple[str, str], columns: tuple[Column, ...], required: Sequence[str]
) -> Table:
    """The table of a sheet, by its headings.

    Args:
        sheets: The workbook.
        names: Of the sheet: in French and in English.
        columns: Those that are known.
        required: Fields whose column must be there, and once.

    Raises:
        InputError: the sheet or a required column is missing, or stands twice.
    """
    sheet = next((one for one in sheets if one.name in names), None)
    if sheet is None:
        text = msg("The sheet {name} is missing: put it back, or take the last kept copy of the workbook.",
                   name=" / ".join(names))  # fmt: skip
        raise InputError(Problem("missing_sheet", text, "error", Source(sheets[0].file if sheets else "")))
    table = max(candidates(sheet, spellings(columns)), key=lambda one: len(one.places), default=Table(sheet, 0, {}, ()))
    headings = {column.field: column.heading("fr" if sheet.name == names[0] else "en") for column in columns}
    missing = [name for name in required if name not in table.places]
    if missing:
        text = msg("The column {name} is missing in the sheet {sheet}: give it its heading back.",
                   name=", ".join(headings[name] for name in missing), sheet=sheet.name)  # fmt: skip
        raise _refused(table, "missing_column", text)
    twice = [name for name in required if name in table.twice]
    if twice:
        text = msg("The column {name} stands twice in the sheet {sheet}: give your own column another heading.",
                   name=", ".join(headings[name] for name in twice), sheet=sheet.name)  # fmt: skip
        raise _refused(table, "column_twice", text)
    return table


def _refused(table: Table, code: str, text: Message) -> InputError:
    source = table.sheet.source(table.first - 1) if table.first else Source(table.sheet.file)
    return InputError(Problem(code, text, "error", source))


def candidates(sheet: SheetLike, known: Mapping[str, Column]) -> Iterator[Table]:
    """Each of the first rows as if it were the row of headings."""
    for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        places: dict[str, int] = {}
        own, twice = [], set()
        for place, cell in enumerate(row):
            column = known.get(plain(str(cell)))
            if column and column.field not in places:
                places[column.field] = place
                continue
            if column:
                twice.add(column.field)
            if str(cell).strip():
                own.append((place, str(cell).strip()))
        yield Table(sheet, number + 1, places, tuple(own), frozenset(twice))


def extras_of(tables: Iterable[Table]) -> Extras:
    """The users' columns of sheets with keys; columns of one heading are one column in all of them."""
    headings: dict[tuple[str, int], None] = {}
    cells: dict[str, dict[tuple[str, int], object]] = {}
    for table in tables:
        names = list(_numbered(heading for _, heading in table.own))
        headings |= dict.fromkeys(names)
        for number in range(table.first, len(table.sheet.rows)) if names else ():
            row, key = table.sheet.rows[number], str(table.cell(number, "key"))
            own = (_own_cell(row[place]) if place < len(row) else "" for place, _ in table.own)
            cells.setdefault(key, dict(zip(names, own, strict=True)))
    return Extras(
        tuple(heading for heading, _ in headings),
        {key: tuple(found.get(name, "") for name in headings) for key, found in cells.items() if key},
    )


def _numbered(headings: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each heading with how many like it stand before it."""
    seen: dict[str, int] = {}
    for heading in headings:
        yield heading, seen.setdefault(heading, 0)
        seen[heading] += 1


def _own_cell(cell: object) -> object:
    return cell.date() if isinstance(cell, datetime) and cell.time() == time() else cell
