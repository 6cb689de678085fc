"""Cells that users may have written, read strictly: one that cannot be read holds its item, listed (fault 100)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dunning_batch.core.money import Cents, read_amount, round_cents
from dunning_batch.core.words import plain
from dunning_batch.errors import Message, Problem, msg
from dunning_batch.state.rows import Row
from dunning_batch.state.tables import Table

YES, NO = (
    frozenset(("oui", "yes", "o", "y", "x", "1", "true", "vrai")),
    frozenset(("non", "no", "n", "0", "false", "faux")),
)
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y")
_FIRST_YEAR, _LAST_YEAR = 1950, 2200
_HIGHEST = 9  # levels that any dossier may have


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be read."""

    field: str
    hint: str  # `Niveau : II ?`, in the words of the workbook itself
    problem: Problem


def cents_of_cell(cell: object) -> Cents | None:
    """The cents of an amount; None for an empty cell, or one that is no amount."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return round_cents(Decimal(repr(cell)).scaleb(2))
    return read_amount(cell) if isinstance(cell, str) and cell else None


def text_of_cell(cell: object) -> str:
    """A cell as text: 411000 and never 411000.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


class RowReading:
    """One row of `Niveaux` or of a legacy list, with what could not be read of it."""

    def __init__(
        self, table: Table, number: int, levels: int, spelling: Callable[[str], str] = lambda text: text
    ) -> None:
        """The row with that number; `levels`: how many the dossier has; `spelling`: the digit of a level, if any."""
        self._table, self._number, self._levels, self._spelling = table, number, levels, spelling
        self.faults: list[Fault] = []

    def is_empty(self) -> bool:
        """Nothing in it tells of an item."""
        return all(self._table.cell(self._number, name) in ("", None) for name in ("customer", "piece", "key", "level"))

    def row(self) -> Row:
        """The row; what could not be read is as if it were empty."""
        text, day = self._text, self._day
        return Row(
            text("key"), text("customer"), text("name"), text("piece"), day("issued"), day("due"),
            cents_of_cell(self._table.cell(self._number, "amount")), level=self._level(),
            last_reminded=day("last_reminded"), held=self._held(), held_until=day("held_until"),
            reason=text("reason"), note=text("note"),
        )  # fmt: skip

    def _bad(self, name: str, value: object, message: Message) -> None:
        if any(fault.field == name for fault in self.faults):
            return
        source = self._table.source(self._number, name)
        customer = text_of_cell(self._table.cell(self._number, "customer"))
        hint = f"{self._table.heading(name)} : {value} ?"
        self.faults.append(Fault(name, hint, Problem("doubtful_cell", message, "warning", source, customer)))

    def _cell(self, name: str) -> Any:  # noqa: ANN401
        cell = self._table.cell(self._number, name)
        place = self._table.places.get(name)
        if cell == "" and place is not None and self._table.sheet.fault(self._number, place):
            self._bad(name, "#", msg("The cell holds an error: the item is held. Correct the cell."))
        return cell

    def _text(self, name: str) -> str:
        return text_of_cell(self._cell(name))

    def _day(self, name: str) -> date | None:
        cell = self._cell(name)
        if cell == "":
            return None
        found = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else _written_day(cell)
        if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
        self._bad(name, cell, msg("{value} is no date: the item is held. Write it as 31/01/2026.", value=str(cell)))
        return None

    def _level(self) -> int:
        text = self._spelling(self._text("level"))
        number = int(text) if len(text) == 1 and text.isdecimal() else None
        # The program writes a level into each of its rows: an emptied cell is a slip, and no way back to level 1.
        missing = not text and bool(self._table.cell(self._number, "key"))
        if missing or (text and (number is None or number > self._levels)):
            self._bad("level", text, msg("{value} is no level from 0 to {last}: the item is held. Correct the cell.",
                                         value=text, last=self._levels))  # fmt: skip
        return min(number or 0, _HIGHEST)

    def _held(self) -> bool:
        text = self._text("held")
        answer = plain(text)
        if answer and answer not in YES | NO:
            self._bad("held", text, msg("{value} is neither oui nor non: the item is held.", value=text))
        return answer in YES


def _written_day(cell: object) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(str(cell), form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return None
