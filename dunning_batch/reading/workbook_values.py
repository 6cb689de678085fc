"""Columns of cells -> cents, days and texts, a whole column at once (faults 8, 10, 27, 31).

A cell holds a number, a day or a text; what is not certainly an amount or a day is blamed by its row, never guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from dunning_batch.core.money import LARGEST
from dunning_batch.reading.amounts import read_amounts
from dunning_batch.reading.cells import NO_DAY
from dunning_batch.reading.days import day_number, read_day
from dunning_batch.reading.sheets import cell_text

Column = Sequence[Any]

_NOISE = 1e-4  # of a cent: what sums of binary fractions are off
_CURRENCY = re.compile(r"^(?:€|EUR)\s*|\s*(?:€|EUR)$", re.IGNORECASE)
_SHORT = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[ T][\d:.]+)?", re.ASCII)
_PACKED = re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII)
_FRACTION = re.compile(r"\.0+$")
_SERIALS = range(32874, 73051)  # 1990 to 2099
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_NULL_DAYS = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})  # what programs write for none
_FIRST_YEAR, _LAST_YEAR, _CENTURY = 1970, 2099, 70


def texts(column: Column) -> list[str]:
    """Cells as texts without blanks around; whole numbers without `.0`."""
    if set(map(type, column)) <= {str}:
        return list(map(str.strip, column))
    return [
        cell.strip() if type(cell) is str
        else str(int(cell)) if type(cell) is float and cell.is_integer()
        else cell_text(cell)
        for cell in column
    ]  # fmt: skip


def codes(column: Column) -> list[str]:
    """Account numbers and customers' codes: the same in a number, in `411000.0` and in `411 000` (fault 27)."""
    known = {cell: _code(cell) for cell in set(column)}
    return [known[cell] for cell in column]


def _code(cell: Any) -> str:  # noqa: ANN401 - whatever a cell may hold
    text = cell_text(cell).strip()
    bare = re.sub(r"\s", "", text)
    digits = _FRACTION.sub("", bare)
    return digits if digits.isdigit() else text


def cents(column: Column) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cents, which cells are filled, and which of these are no amounts (their cents are 0)."""
    nothing = np.nan
    given = [cell if type(cell) is float or type(cell) is int else nothing for cell in column]
    numbers = np.fromiter(given, float, len(given))
    is_number = np.isfinite(numbers)
    scaled = np.where(is_number, numbers, 0.0) * 100
    found = np.rint(scaled)
    wrong = (np.abs(scaled - found) > _NOISE) | (np.abs(found) > LARGEST)
    result = np.where(wrong, 0, found).astype(np.int64)
    filled = is_number.copy()
    if not is_number.all():
        _read_texts(column, np.flatnonzero(~is_number), result, filled, wrong)
    return result, filled, wrong


def _read_texts(column: Column, rows: np.ndarray, result: np.ndarray, filled: np.ndarray, wrong: np.ndarray) -> None:
    """The same of cells that are no numbers, into the arrays of all cells."""
    kept = [(row, cell) for row in rows.tolist() if (cell := column[row]) != ""]
    if not kept:
        return
    read = [_CURRENCY.sub("", cell.strip()) if isinstance(cell, str) else "?" for _, cell in kept]
    places = np.array([row for row, _ in kept], np.int64)
    amounts, unreadable = read_amounts(pa.array(read, pa.string()))
    result[places] = amounts
    filled[places] = [bool(text) for text in read]
    wrong[places[unreadable]] = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a file writes its days."""

    epoch_1904: bool = False  # plain numbers count from 1904
    month_first: bool = False  # 01/31/2026


@dataclass(frozen=True, slots=True)
class Numbers:
    """How days that stand as plain numbers are to be read; both where the numbers allow both."""

    serials: bool
    packed: bool  # JMMAA


def numbers_meant(column: Column, rows: Sequence[int]) -> Numbers:
    """What the plain numbers of a column of days can be: only where no cell is a day as such, and all agree."""
    cells = list(map(column.__getitem__, rows))
    distinct = set(cells)
    found = [number for cell in distinct if (number := _small_number(cell)) is not None]
    if not found or any(_plain_day(cell) for cell in distinct):
        return Numbers(serials=False, packed=False)
    lonely = sum(_small_number(cell) is not None for cell in cells) < 2
    packed = all(_packed_day(number) is not None for number in found)
    return Numbers(serials=not lonely and all(int(number) in _SERIALS for number in found), packed=packed)


def _small_number(cell: Any) -> float | None:  # noqa: ANN401
    """A number that is no YYYYMMDD: a serial, or JMMAA."""
    if type(cell) in (int, float):
        return float(cell) if 0 < cell < 1_000_000 else None
    if isinstance(cell, str) and cell.strip().isdigit() and len(cell.strip()) <= 6:
        return float(cell)
    return None


def _packed_day(number: float) -> date | None:
    if not float(number).is_integer():
        return None
    rest, year = divmod(int(number), 100)
    day, month = divmod(rest, 100)
    return _date(year + (1900 if year >= _CENTURY else 2000), month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _plain_day(cell: Any) -> bool:  # noqa: ANN401
    return isinstance(day_of(cell), date)


@lru_cache(maxsize=1 << 14)
def day_of(cell: Any, *, month_first: bool = False) -> date | str | None:  # noqa: ANN401
    """The day of a cell that is one as such; None of an empty one; its text where it is none."""
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return None if day in _NULL_DAYS else day if _FIRST_YEAR <= day.year <= _LAST_YEAR else day.isoformat()
    text = cell_text(cell).strip()
    if text.startswith(("1900-01-01", "01/01/1900", "1899-12-3")):
        return None
    found = read_day(text)
    if not isinstance(found, str):
        return found if not (found and month_first and "/" in text[:6]) else _short_day(text, month_first=True) or text
    return _short_day(text, month_first=month_first) or text


def _short_day(text: str, *, month_first: bool) -> date | None:
    """`1/2/26`, `01.02.2026` and `01022026`."""
    match = _SHORT.fullmatch(text) or _PACKED.fullmatch(text)
    if match is None:
        return None
    first, second, year = (int(part) for part in match.groups())
    if len(match[3]) == 2:
        year += 1900 if year >= _CENTURY else 2000
    return _date(year, first, second) if month_first else _date(year, second, first)


def days(column: Column, meant: Numbers, calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970, NO_DAY for none; which cells hold something that is no day.

    Args:
        column: Cells.
        meant: What plain numbers are; not both.
        calendar: How the file writes its days.
    """
    known: dict[Any, int] = {}
    for cell in set(column):
        day = _number_day(cell, meant, calendar) or day_of(cell, month_first=calendar.month_first)
        known[cell] = NO_DAY if day is None else NO_DAY + 1 if isinstance(day, str) else day_number(day)
    numbers = np.fromiter(map(known.__getitem__, column), np.int32, len(column))
    wrong = numbers == NO_DAY + 1
    numbers[wrong] = NO_DAY
    return numbers, wrong


def writes_month_first(cells: set[Any]) -> bool:
    """Whether 01/31/2026 is written: some day is none the French way, and all are days the other way."""
    written = [cell.strip() for cell in cells if isinstance(cell, str) and _SHORT.fullmatch(cell.strip())]
    if all(_short_day(text, month_first=False) for text in written):
        return False
    return all(_short_day(text, month_first=True) for text in written)


def _number_day(cell: Any, meant: Numbers, calendar: Calendar) -> date | None:  # noqa: ANN401
    number = _small_number(cell) if meant.packed or meant.serials else None
    if number is None:
        return None
    if meant.packed:
        return _packed_day(number)
    return _EPOCHS[calendar.epoch_1904] + timedelta(days=int(number)) if int(number) in _SERIALS else None


def is_number(cell: Any) -> bool:  # noqa: ANN401
    """Whether a cell is an amount, as a number or a text with digits."""
    if type(cell) in (int, float):
        return True
    if not isinstance(cell, str) or not any(sign.isdigit() for sign in cell):
        return False
    return len(read_amounts(pa.array([_CURRENCY.sub("", cell.strip())], pa.string()))[1]) == 0
