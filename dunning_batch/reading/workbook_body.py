"""What stands below the headings of a sheet: a column of cells for each field, with the address of each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Any

import numpy as np

from dunning_batch.errors import Message, Problem, Severity, Source
from dunning_batch.reading.sheets import Sheet, cell_text
from dunning_batch.reading.workbook_coded import Coded, coded
from dunning_batch.reading.workbook_header import Header
from dunning_batch.reading.workbook_values import Calendar, Column, texts, writes_month_first

_DAYS = ("date", "piece_date", "due_date", "paid_on", "lettering_date")


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a header; rows count from 0 here."""

    sheet: Sheet
    header: Header
    columns: tuple[Column, ...]  # all of them, by place
    fields: Mapping[str, int]  # where the values stand
    titles: Mapping[str, str]  # the heading of each field as written
    calendar: Calendar = field(default_factory=Calendar)

    @property
    def start(self) -> int:
        """The first row's index in the sheet."""
        return self.header.last + 1

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.sheet.rows) - self.start

    def cells(self, name: str) -> Column | None:
        """The column of a field."""
        place = self.fields.get(name)
        return self.columns[place] if place is not None and place < len(self.columns) else None

    def cells_of(self, name: str, rows: np.ndarray) -> Column | None:
        """Some cells of a column."""
        column = self.cells(name)
        if column is None or len(rows) == len(column):
            return column
        return itemgetter(*rows.tolist())(column) if len(rows) > 1 else [column[row] for row in rows.tolist()]

    def texts_of(self, name: str, rows: np.ndarray) -> list[str]:
        """The same as texts, empty ones where there is no such column."""
        cells = self.cells_of(name, rows)
        return [""] * len(rows) if cells is None else texts(cells)

    def coded(self, name: str, rows: np.ndarray) -> Coded:
        """The same as distinct cells, and which of them each row holds."""
        return coded(self.cells_of(name, rows), len(rows))

    def row(self, row: int) -> Sequence[Any]:
        """The cells of a row."""
        return self.sheet.rows[self.start + row]

    def texts(self, row: int) -> list[tuple[int, str]]:
        """The cells of a row that hold something: column and text."""
        return [(place, cell_text(cell).strip()) for place, cell in enumerate(self.row(row)) if cell not in ("", None)]

    def at(self, row: int, name: str = "") -> Source:
        """The address of a row, or of the cell of a field in it."""
        return self.sheet.source(self.start + row, self.fields.get(name))

    def heading(self, name: str) -> str:
        """The heading of a field as written."""
        return self.titles.get(name, name)

    def problem(self, code: str, text: Message, row: int, name: str = "", severity: Severity = "error") -> Problem:
        """A problem with the address of a cell."""
        return Problem(code, text, severity, self.at(row, name))

    def line_numbers(self, rows: np.ndarray) -> np.ndarray:
        """The numbers of rows in the spreadsheet."""
        lines = np.array(self.sheet.lines, np.int64)
        found: np.ndarray = lines[rows + self.start]
        return found


def body_of(sheet: Sheet, header: Header) -> Body:
    """The columns below a header; short rows are filled up with empty cells, also where all are shorter than it."""
    rows = sheet.rows[header.last + 1 :]
    widths = set(map(len, rows))
    columns = _columns(rows, *widths) if len(widths) == 1 else tuple(zip_longest(*rows, fillvalue=""))
    beyond = max(header.fields.values(), default=-1) + 1 - len(columns)
    columns += (("",) * (len(sheet.rows) - header.last - 1),) * beyond
    titles = {name: header.headings.get(place, "") for name, place in header.fields.items()}
    return Body(sheet, header, columns, header.fields, titles)


def _columns(rows: Sequence[Sequence[Any]], width: int) -> tuple[Column, ...]:
    """The columns of rows of one width: all cells in a row, and then each so many, is half the time of `zip`."""
    cells = list(chain.from_iterable(rows))
    return tuple(cells[place::width] for place in range(width))


def with_fields(body: Body, fields: Mapping[str, int], titles: Mapping[str, str] | None = None) -> Body:
    """The body with other columns for its fields."""
    return replace(body, fields=fields, titles=body.titles if titles is None else titles)


def with_calendar(body: Body, *, epoch_1904: bool) -> Body:
    """The body that knows how its days are written: one column tells it for all."""
    columns = (body.cells(name) or () for name in _DAYS)
    written = {cell for column in columns for cell in set(column) if isinstance(cell, str)}
    return replace(body, calendar=Calendar(epoch_1904, writes_month_first(written)))


def with_column(body: Body, name: str, column: Column) -> Body:
    """The body with other cells in the column of a field."""
    place = body.fields[name]
    return replace(body, columns=(*body.columns[:place], column, *body.columns[place + 1 :]))
