"""Days that stand without their month: `Jour` beside `Période`, or below a title such as `JANVIER 2026`."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from dunning_batch.core.words import plain
from dunning_batch.reading.days import read_day
from dunning_batch.reading.workbook_body import Body, with_column
from dunning_batch.reading.workbook_values import Column, day_of

_TITLE = re.compile(r"(?:periode |mois |mois de |du mois de )?([a-z]{3,9}) (\d{4})")


def whole_days(body: Body) -> Body:
    """The body with whole days, where its column of dates holds days of a month only."""
    column = body.cells("date")
    kept = {cell for cell in column or () if cell != ""}
    numbers = {number for cell in kept if (number := _day_of_month(cell))}
    if column is None or not numbers or len(numbers) < 0.5 * len(kept) or any(_is_number_beyond(cell) for cell in kept):
        return body
    months = _periods(body) or list(_titles(body))
    if not any(months):
        return body
    return with_column(body, "date", tuple(_joined(cell, month) for cell, month in zip(column, months, strict=True)))


def _day_of_month(cell: Any) -> int:  # noqa: ANN401 - whatever a cell may hold
    text = str(int(cell)) if type(cell) in (int, float) else cell.strip() if isinstance(cell, str) else ""
    return int(text) if text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 31 else 0


def _is_number_beyond(cell: Any) -> bool:  # noqa: ANN401
    return type(cell) in (int, float) and not 1 <= cell <= 31


def _joined(cell: Any, month: date | None) -> Any:  # noqa: ANN401
    day = _day_of_month(cell)
    if not day or month is None:
        return cell
    try:
        return month.replace(day=day)
    except ValueError:
        return f"{day}/{month.month:02d}/{month.year}"  # a day that the month lacks: to be blamed as written


def _periods(body: Body) -> list[date | None]:
    """The month of each row from a column of its own."""
    column: Column = body.cells("period") or ()
    days = [day_of(cell) for cell in column]
    return [day.replace(day=1) if isinstance(day, date) else _month(str(day or "")) for day in days]


def _titles(body: Body) -> Iterator[date | None]:
    """The month of each row from the last title above it."""
    month = None
    for row in body.sheet.rows[: body.start]:
        month = _in(row) or month
    for number in range(body.count):
        month = _in(body.row(number)) or month
        yield month


def _in(row: Sequence[Any]) -> date | None:
    """The month that a row names, if it holds little else."""
    texts = [cell for cell in row if cell != ""]
    if len(texts) > 3:
        return None
    return next((month for cell in texts if isinstance(cell, str) and (month := _month(cell))), None)


def _month(text: str) -> date | None:
    found = _TITLE.fullmatch(plain(text))
    day = read_day(f"1 {found[1]} {found[2]}") if found else None
    return day if isinstance(day, date) else None
