"""Values that do not stand under their headings, as in printed exports: the column of each field is found by its cells.

Headings and columns of values keep their order; a heading above an empty column takes the nearest values of its kind.
Only done where no amount stands under a heading of amounts, or no day under one of days: elsewhere headings are right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dunning_batch.reading.workbook_body import Body, with_fields
from dunning_batch.reading.workbook_header import is_repeated
from dunning_batch.reading.workbook_sections import kind_of_sum
from dunning_batch.reading.workbook_values import Column, day_of, is_number

_SAMPLE = 400  # rows that look like movements
_SEARCHED = 4000
_DAYS = frozenset({"date", "piece_date", "due_date", "paid_on", "lettering_date"})
_MONEY = frozenset({"debit", "credit", "amount", "balance", "residual", "paid_amount"})
_ESSENTIAL = frozenset({"date", "debit", "credit", "amount"})
_FAR, _LEFT, _LOST, _STRANGE = 0.1, 1.0, 4.0, 6.0  # a column off, unused, essential and unused, no such kind


@dataclass(frozen=True, slots=True)
class _Values:
    """A column of values in the sampled rows."""

    place: int
    days: float  # shares of its cells
    numbers: float


def aligned(body: Body) -> Body:
    """The body with the columns in which the values stand."""
    rows = _movements(body)
    columns = {place: [body.columns[place][row] for row in rows] for place in range(len(body.columns))}
    filled = {place for place, cells in columns.items() if any(cell != "" for cell in cells)}
    named = {name: place for name, place in body.fields.items() if name in _ESSENTIAL}
    if all(place in filled for place in named.values()) or not filled - set(body.header.headings):
        return body
    values = [_seen(place, columns[place]) for place in sorted(filled)]
    headings = sorted(body.header.headings)
    of_place = {place: name for name, place in body.fields.items()}
    places = _matched(headings, values, of_place)
    fields = {name: places[place] for name, place in body.fields.items() if place in places}
    return with_fields(body, fields) if _ESSENTIAL & fields.keys() == _ESSENTIAL & body.fields.keys() else body


def _movements(body: Body) -> list[int]:
    """Rows that look like movements: several cells, a number among them, and no sum."""
    rows: list[int] = []
    for row in range(min(body.count, _SEARCHED)):
        cells = [cell for cell in body.row(row) if cell != ""]
        is_sum = kind_of_sum([cell for cell in cells if isinstance(cell, str)])
        may_be = len(cells) > 3 and not is_sum and any(is_number(cell) for cell in cells)
        if may_be and not is_repeated(body.row(row), body.header):
            rows.append(row)
        if len(rows) >= _SAMPLE:
            break
    return rows


def _seen(place: int, cells: Column) -> _Values:
    kept = [cell for cell in cells if cell != ""]
    return _Values(
        place,
        sum(not isinstance(day_of(cell), str | None) for cell in kept) / len(kept),
        sum(is_number(cell) for cell in kept) / len(kept),
    )


def _cost(heading: int, values: _Values, name: str) -> float:
    """What it costs to take values for what a heading names."""
    strange = (
        (name in _MONEY and values.numbers < 0.9)
        or (name in _DAYS and values.days < 0.5 and (name != "date" or values.numbers < 0.9))
        or (name not in _DAYS and values.days > 0.5)
        or (name in ("label", "lettering") and values.numbers > 0.9)
    )
    return abs(heading - values.place) * _FAR + (_STRANGE if strange else 0.0)


def _matched(headings: Sequence[int], values: Sequence[_Values], of_place: Mapping[int, str]) -> dict[int, int]:
    """From places of headings to those of their values: the cheapest way that keeps both in order."""
    best: list[list[tuple[float, dict[int, int]]]] = [[(0.0, {})] * (len(values) + 1) for _ in range(len(headings) + 1)]
    for column in range(1, len(values) + 1):
        best[0][column] = (column * _LEFT, {})
    for line, heading in enumerate(headings, 1):
        name = of_place.get(heading, "")
        lost = _LOST if name in _ESSENTIAL else _LEFT
        best[line][0] = (best[line - 1][0][0] + lost, {})
        for column, one in enumerate(values, 1):
            before, pairs = best[line - 1][column - 1]
            ways = (
                (before + _cost(heading, one, name), {**pairs, heading: one.place}),
                (best[line - 1][column][0] + lost, best[line - 1][column][1]),
                (best[line][column - 1][0] + _LEFT, best[line][column - 1][1]),
            )
            best[line][column] = min(ways, key=lambda way: way[0])
    return best[-1][-1][1]
