"""The plan workbook: what a run would do, to tick; and what comes back ticked (contract section 6, fault 122)."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dunning_batch.core.policy import Decision, Plan
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Message, Problem, msg
from dunning_batch.files import write_file
from dunning_batch.state.columns import LEVELS, SHEETS, TICK, WHY, sheet_name
from dunning_batch.state.reading import Mark
from dunning_batch.state.rows import Row
from dunning_batch.state.sheets import Look, add_sheet, new_book
from dunning_batch.state.tables import SheetLike, table_of_sheet

_YES, _NO = frozenset({"oui", "yes", "x", "1", "o", "y"}), frozenset({"non", "no", "n", "0", ""})


def plan_bytes(plan: Plan, rows: Mapping[str, Row], why: Callable[[Decision], str], creditor: str, look: Look) -> bytes:
    """The workbook: items to be reminded, all ticked, and those that are not, with the reason."""
    book = new_book(creditor, 0)
    fields = [column.field for column in LEVELS]
    proposed, left = [], []
    for one in plan.decisions:
        values = tuple(getattr(rows[one.history.key], name) for name in fields)
        if one.reason == "remind":
            proposed.append((True, *values))
        else:
            left.append((why(one), *values))
    add_sheet(book, sheet_name("plan", look.language), (TICK, *LEVELS), proposed, look)
    add_sheet(book, sheet_name("left", look.language), (WHY, *LEVELS), left, look)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put_plan(path: Path, data: bytes) -> None:
    """Write a plan; one that is there already, and may be ticked, is kept under another name."""
    if path.exists():
        write_file(path.with_name(f"{path.stem}.previous{path.suffix}"), path.read_bytes())
    write_file(path, data)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The rows of a plan held against what is decided now."""

    decisions: Mapping[str, Decision]
    levels: int
    problems: list[Problem]


def selection(
    sheets: Sequence[SheetLike], mark: Mark | None, creditor: str, decisions: Sequence[Decision], levels: int
) -> dict[str, int]:
    """Key of each ticked item -> the level wanted.

    Raises:
        InputError: rows that no longer agree with the ledger, and cells that say nothing, each with its cell.
    """
    table = table_of_sheet(sheets, SHEETS["plan"], (TICK, *LEVELS), ("tick", "key"))
    if mark is None or mark.creditor != creditor:
        text = msg("This is no plan of this dossier: make one with dunning-batch plan.")
        raise InputError(Problem("strange_plan", text, "error", table.sheet.source(table.first - 1)))
    reading = _Reading({one.history.key: one for one in decisions}, levels, [])
    chosen = {}
    for number in range(table.first, len(table.sheet.rows)):
        ticked = _ticked_row(reading, table, number)
        if ticked:
            chosen[ticked[0]] = ticked[1]
    if reading.problems:
        raise InputError(*reading.problems)
    return chosen


def _ticked_row(reading: _Reading, table: Any, number: int) -> tuple[str, int] | None:  # noqa: ANN401
    cell = _cells(table, number)
    key, tick = str(cell("key")), plain(str(cell("tick")))
    if not key and not str(cell("customer")):
        return None
    if tick not in _YES | _NO:
        _refuse(reading, table, number, "tick", msg("{value} is neither oui nor non.", value=str(cell("tick"))))
    if tick not in _YES:
        return None
    name = f"{cell('customer')} {cell('piece')}".strip()
    one = reading.decisions.get(key)
    if one is None:
        _refuse(reading, table, number, "key", msg("{item} is no open item any more.", item=name))
        return None
    if one.reason != "remind" or one.asked != _cents(cell("asked")):
        text = msg(
            "{item} has changed since the plan was made (now asked: {asked:money}): make a new plan.",
            item=name,
            asked=one.asked,
        )
        _refuse(reading, table, number, "asked", text)
    level = _wanted(one, cell)
    if level is None or not 1 <= level <= reading.levels:
        text = msg("{item}: this is no level from 1 to {last}.", item=name, last=reading.levels)
        _refuse(reading, table, number, "level", text)
        return None
    return key, level


def _refuse(reading: _Reading, table: Any, number: int, field: str, message: Message) -> None:  # noqa: ANN401
    reading.problems.append(
        Problem("plan_row", message, "error", table.sheet.source(number, table.places.get(field, 0)))
    )


def _cells(table: Any, number: int) -> Callable[[str], Any]:  # noqa: ANN401
    row = table.sheet.rows[number]

    def cell(field: str) -> Any:  # noqa: ANN401
        place = table.places.get(field)
        value = row[place] if place is not None and place < len(row) else ""
        if isinstance(value, float) and value.is_integer() and field != "asked":
            return int(value)
        return value.strip() if isinstance(value, str) else value

    return cell


def _cents(value: Any) -> int | None:  # noqa: ANN401
    return round(value * 100) if isinstance(value, int | float) else None


def _wanted(one: Decision, cell: Callable[[str], Any]) -> int | None:
    """The level to send: `Prochain niveau` if it was changed, else one above a changed `Niveau`."""
    following, level = _number(cell("next_level")), _number(cell("level"))
    if following is None or level is None:
        return None
    if following != one.next_level:
        return following
    return level + 1 if level != one.history.last_level else following


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() else None
