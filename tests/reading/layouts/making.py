"""How layouts are written down, and the bytes of their files."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

from tests.reading.books import saved

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """One export. `items`: customer, piece, cents open, due date. `balances`: name and cents by customer; a name that
    the file does not give is empty."""

    name: str
    file: str
    make: Callable[[], bytes]
    lines: int  # customer lines
    balances: dict[str, tuple[str, int]]
    items: tuple[tuple[str, str, int, str], ...]
    accounting: str = "accrual"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is no ledger. `says`: words of the message, in English."""

    name: str
    file: str
    make: Callable[[], bytes]
    says: tuple[str, ...]


def day(text: str) -> date:
    """A date as it is printed in France."""
    month_day = text.split("/")
    return date(int(month_day[2]), int(month_day[1]), int(month_day[0]))


def row(**cells: Any) -> Row:
    """A row by the letters of its columns: `row(A=1, F=2)`."""
    places = {column_index_from_string(letters): value for letters, value in cells.items()}
    return tuple(places.get(number) for number in range(1, max(places, default=0) + 1))


def workbook(*rows: Row, sheet: str = "Feuil1", merged: Sequence[str] = ()) -> bytes:
    """An .xlsx with these rows; an empty one is a blank row."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for values in rows:
        book.active.append(list(values))
    for area in merged:
        book.active.merge_cells(area)
    return saved(book)


def text(
    *rows: Row, separator: str = ";", encoding: str = "utf-8", newline: str = "\r\n", quoted: bool = False
) -> bytes:
    """A text file with these rows."""
    file = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=separator, lineterminator=newline, quoting=quoting).writerows(rows)
    return file.getvalue().encode(encoding)


def table(drawn: str) -> list[list[str]]:
    """The rows of a table drawn with bars."""
    return [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]
