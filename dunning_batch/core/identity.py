"""Keys and levels of items from month to month (rules H)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Remembered:
    """One row of the levels workbook (sheet `Niveaux`, or `Soldées`), or of a legacy list. Cents.

    A legacy list may know no more than a piece and a level: what it does not know is empty or None, and its key too.
    """

    key: str
    customer: str
    piece: str
    issued: date | None
    due: date | None
    amount: int | None
    level: int
    last_reminded: date | None = None
    held: bool = False
    held_until: date | None = None
    reason: str = ""
    note: str = ""
    settled_on: date | None = None  # set for a row of `Soldées`
    uncertain: bool = False  # its last reminder awaits `resume`
    previous: tuple[tuple[int, date], ...] = ()  # (level, date) of its reminders, oldest first
    doubtful: bool = False  # a cell of the row could not be read: the item is held (fault 100)
