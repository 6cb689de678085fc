"""The plan workbook: what a run would do, to tick; and what comes back ticked (contract section 6, fault 122)."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

from dunning_batch.core.policy import Decision, Plan
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Message, Problem, msg
from dunning_batch.files import cannot_write, temporary_files, write_file
from dunning_batch.state.cells import NO, YES, cents_of_cell, text_of_cell
from dunning_batch.state.columns import LEFT, LEVELS, PLAN, SHEETS, sheet_name
from dunning_batch.state.levels import row_getter
from dunning_batch.state.marks import Look
from dunning_batch.state.reading import Mark
from dunning_batch.state.rows import Row
from dunning_batch.state.sheets import add_sheet, new_book
from dunning_batch.state.tables import SheetLike, Table, table_of_sheet

_REQUIRED = ("tick", "customer", "piece", "asked", "level", "next_level", "key")
# The ticked item may be left out of this run without its row being wrong.
_STILL_AGREES = frozenset({"remind", "filtered", "no_channel", "not_selected"})


@temporary_files()
def plan_bytes(plan: Plan, rows: Mapping[str, Row], why: Callable[[Decision], str], creditor: str, look: Look) -> bytes:
    """The workbook: items to be reminded, all ticked, and those that are not, with the reason.

    Args:
        plan: The decisions.
        rows: By key, as `advance` gives them.
        why: A decision in words.
        creditor: The dossier's, for the properties.
        look: Language and levels.
    """
    book, cells = new_book(creditor, 0), row_getter(LEVELS, look.language)
    proposed, left = [], []
    for one in plan.decisions:
        values = cells(rows[one.history.key])
        if one.reason == "remind":
            proposed.append((True, *values, _state(one)))
        else:
            left.append((why(one), *values))
    add_sheet(book, sheet_name("plan", look.language), PLAN, proposed, look)
    add_sheet(book, sheet_name("left", look.language), LEFT, left, look)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _state(one: Decision) -> str:
    """What the levels of a row are measured against when it comes back: `1/2`."""
    return f"{one.history.last_level}/{one.next_level}"


def put_plan(path: Path, data: bytes) -> None:
    """Write a plan; another one that is there already, and may be ticked, is kept under a name of its own."""
    if path.exists() and not path.is_symlink():
        try:
            before = path.read_bytes()
        except OSError as error:
            raise cannot_write(path, error) from error
        if _contents(before) != _contents(data):
            names = (f"{path.stem}.previous{f'-{n}' if n > 1 else ''}{path.suffix}" for n in count(1))
            write_file(next(kept for name in names if not (kept := path.with_name(name)).exists()), before)
    write_file(path, data)


def _contents(data: bytes) -> object:
    """Lengths and checksums of the sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {
                (one.filename, one.file_size, one.CRC) for one in archive.infolist() if "/worksheets/" in one.filename
            }
    except (zipfile.BadZipFile, ValueError):
        return data


def selection(
    sheets: Sequence[SheetLike], mark: Mark | None, creditor: str, decisions: Sequence[Decision], levels: int
) -> dict[str, int]:
    """Key of each ticked item -> the level wanted.

    Args:
        sheets: The workbook as read.
        mark: Its properties.
        creditor: The dossier's.
        decisions: What a run would do without a selection.
        levels: How many the dossier has.

    Raises:
        InputError: rows that no longer agree with the ledger, and cells that say nothing, each with its cell.
    """
    table = table_of_sheet(sheets, SHEETS["plan"], PLAN, _REQUIRED)
    if mark is None or mark.creditor != creditor:
        text = msg("This is no plan of this dossier: make one with dunning-batch plan.")
        raise InputError(Problem("strange_plan", text, "error", table.sheet.source(table.first - 1)))
    return _Selecting(table, {one.history.key: one for one in decisions}, levels).chosen()


class _Selecting:
    """The rows of a plan held against what is decided now."""

    def __init__(self, table: Table, decisions: Mapping[str, Decision], levels: int) -> None:
        self._table, self._decisions, self._levels = table, decisions, levels
        self._chosen: dict[str, int] = {}
        self._problems: list[Problem] = []

    def chosen(self) -> dict[str, int]:
        for number in range(self._table.first, len(self._table.sheet.rows)):
            if any(self._table.cell(number, name) not in ("", None) for name in ("key", "customer", "tick")):
                self._read(number)
        if self._problems:
            raise InputError(*self._problems)
        return self._chosen

    def _read(self, number: int) -> None:
        tick = self._text(number, "tick")
        if plain(tick) not in YES | NO | {""}:
            self._refuse(number, "tick", msg("{value} is neither oui nor non.", value=tick))
        elif plain(tick) in YES:
            self._take(number, self._text(number, "key"))

    def _take(self, number: int, key: str) -> None:
        name = f"{self._text(number, 'customer')} {self._text(number, 'piece')}".strip()
        one = self._decisions.get(key)
        if one is None:
            text = msg("{item} is no open item any more: untick it, or make a new plan.", item=name)
            self._refuse(number, "key", text)
        elif key in self._chosen:
            self._refuse(number, "key", msg("{item} stands here twice: remove one of the rows.", item=name))
        elif one.asked != cents_of_cell(self._table.cell(number, "asked")):
            text = msg("{item} has changed since the plan was made (now asked: {asked:money}): untick it, or make a "
                       "new plan.", item=name, asked=one.asked)  # fmt: skip
            self._refuse(number, "asked", text)
        elif one.reason not in _STILL_AGREES or self._text(number, "state") not in ("", _state(one)):
            text = msg("{item} was reminded or held since the plan was made: untick it, or make a new plan.", item=name)
            self._refuse(number, "key", text)
        else:
            self._take_level(number, key, one, name)

    def _take_level(self, number: int, key: str, one: Decision, name: str) -> None:
        """`Prochain niveau` if it was changed, else one above a changed `Niveau`."""
        following, level = self._level(number, "next_level"), self._level(number, "level")
        field = "level" if level is None else "next_level"
        if following == one.next_level and level is not None and level != one.history.last_level:
            following, field = level + 1, "level"
        if following is None or level is None or not 1 <= following <= self._levels:
            text = msg("{item}: this gives no level from 1 to {last}.", item=name, last=self._levels)
            self._refuse(number, field, text)
        else:
            self._chosen[key] = following

    def _text(self, number: int, name: str) -> str:
        return text_of_cell(self._table.cell(number, name))

    def _level(self, number: int, name: str) -> int | None:
        text = self._text(number, name)
        return int(text) if len(text) == 1 and text.isdecimal() else None

    def _refuse(self, number: int, name: str, message: Message) -> None:
        source, customer = self._table.source(number, name), self._text(number, "customer")
        self._problems.append(Problem("plan_row", message, "error", source, customer))
