"""One row of the levels workbook, as the journal keeps it."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from dunning_batch.core.identity import Remembered


@dataclass(frozen=True, slots=True)
class Row:
    """An item in `Niveaux`, or in `Soldées` where it has a day of settlement. Cents."""

    key: str
    customer: str = ""  # as in a legacy list without customers
    name: str = ""
    piece: str = ""
    issued: date | None = None
    due: date | None = None
    amount: int | None = None
    open: int = 0
    asked: int = 0
    # Another one every day: neither kept by the journal nor compared, or each run would record every row.
    days_overdue: int = field(default=0, compare=False)
    level: int = 0
    last_reminded: date | None = None
    channel: str = ""
    next_level: int | None = None
    next_date: date | None = None
    held: bool = False
    held_until: date | None = None
    reason: str = ""
    note: str = ""
    settled_on: date | None = None
    previous: tuple[tuple[int, date], ...] = ()  # (level, date) of its reminders, oldest first


_NAMES = tuple(one.name for one in fields(Row) if one.compare and one.name != "previous")
_DAYS = ("issued", "due", "last_reminded", "next_date", "held_until", "settled_on")
_SHARED = tuple({one.name for one in fields(Remembered)} & {one.name for one in fields(Row)})


def to_json(row: Row) -> dict[str, Any]:
    """A row for the journal; what is empty is left out."""
    found = {name: value for name in _NAMES if (value := getattr(row, name)) not in (None, "", False, 0)}
    for name in _DAYS:
        if name in found:
            found[name] = found[name].isoformat()
    if row.previous:
        found["previous"] = [[level, day.isoformat()] for level, day in row.previous]
    return found


def from_json(found: dict[str, Any]) -> Row:
    """A row of the journal."""
    days = {name: date.fromisoformat(found[name]) for name in _DAYS if name in found}
    previous = tuple((level, date.fromisoformat(day)) for level, day in found.get("previous", ()))
    return Row(**{**found, **days, "previous": previous})


def remembered(row: Row, *, uncertain: bool = False, doubtful: bool = False) -> Remembered:
    """What identity needs of a row (rule H1)."""
    shared = {name: getattr(row, name) for name in _SHARED}
    return Remembered(**shared, uncertain=uncertain, doubtful=doubtful)
