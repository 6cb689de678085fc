"""The levels workbook as the program writes it: a projection of the journal and of what users wrote by hand."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from operator import attrgetter
from pathlib import Path

from dunning_batch.errors import Message
from dunning_batch.files import cannot_write, forget_unfinished, sha256_of, temporary_files, write_file
from dunning_batch.language import LanguageCode, language
from dunning_batch.state.columns import LEVELS, PAST, SETTLED, Column, sheet_name
from dunning_batch.state.marks import Look
from dunning_batch.state.memory import Memory
from dunning_batch.state.past import PastRow
from dunning_batch.state.rows import Row
from dunning_batch.state.sheets import YES, add_sheet, new_book
from dunning_batch.state.tables import Extras
from dunning_batch.wording import CHANNELS, PAST_RESULTS

_KEPT_COPIES = 24
_ORDER = attrgetter("customer", "due", "piece", "key")
_HEADINGS = {column.field: column for column in LEVELS}


@temporary_files()
def workbook_bytes(memory: Memory, creditor: str, mark: int, look: Look, extras: Extras) -> bytes:
    """The three sheets.

    Args:
        memory: The journal.
        creditor: The dossier's, for the properties.
        mark: Number of the step that will record the writing.
        look: Language and levels.
        extras: The users' own columns; they stand in `Niveaux` and `Soldées`.
    """
    book = new_book(creditor, mark)
    rows = sorted((row for row in memory.rows.values() if row.due), key=_ORDER)
    rows += [row for row in memory.rows.values() if not row.due]
    settled = (row for row in rows if row.settled_on and (row.level or row.held or row.held_until))
    values = _RowValues(memory, look, extras)
    levels = values.of(LEVELS, (row for row in rows if not row.settled_on))
    add_sheet(book, sheet_name("levels", look.language), LEVELS, levels, look, extras.headings)
    add_sheet(book, sheet_name("past", look.language), PAST, _past_values(memory.past, look.language), look)
    add_sheet(book, sheet_name("settled", look.language), SETTLED, values.of(SETTLED, settled), look, extras.headings)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _RowValues:
    """Rows as cells, with the user's own behind."""

    def __init__(self, memory: Memory, look: Look, extras: Extras) -> None:
        self._as_of, self._look = memory.as_of, look
        self._own, self._blank = extras.cells, ("",) * len(extras.headings)

    def of(self, columns: tuple[Column, ...], rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
        get = row_getter(columns, self._look.language)
        for row in rows:
            late = (self._as_of - row.due).days if self._as_of and row.due else 0
            yield (*get(replace(row, days_overdue=late)), *self._own.get(row.key, self._blank))


def row_getter(columns: Iterable[Column], code: LanguageCode) -> Callable[[Row], tuple[object, ...]]:
    """What makes the cells of a row, in words of that language."""
    words = _words(CHANNELS, code)
    special: dict[str, Callable[[Row], object]] = {"channel": lambda row: words.get(row.channel, row.channel)}
    getters = [special.get(column.field) or attrgetter(column.field) for column in columns]
    return lambda row: tuple([get(row) for get in getters])


def _words(texts: dict[str, Message], code: LanguageCode) -> dict[str, str]:
    return {name: language(code).message(text) for name, text in texts.items()}


def _past_values(past: Iterable[PastRow], code: LanguageCode) -> Iterator[tuple[object, ...]]:
    results, channels = _words(PAST_RESULTS, code), _words(CHANNELS, code)
    special: dict[str, Callable[[PastRow], object]] = {
        "result": lambda row: results.get(row.result, row.result),
        "channel": lambda row: channels.get(row.channel, row.channel),
        "reference": lambda row: row.reference or _change_text(row, code),
    }
    getters = [special.get(column.field) or attrgetter(column.field) for column in PAST]
    for row in past:
        yield tuple(get(row) for get in getters)


def _change_text(row: PastRow, code: LanguageCode) -> str:
    """What was changed by hand beside the level: `Suspendu : oui, Motif : litige`."""
    words = {True: YES[code][0], False: YES[code][1], None: "-", "": "-"}
    return ", ".join(f"{_HEADINGS[name].heading(code)} : {words.get(value, value)}" for name, value in row.what)


def put_in_place(path: Path, data: bytes, run: str) -> str:
    """Write the workbook beside and rename it; the previous one is kept.

    Args:
        path: The workbook.
        data: Its new content.
        run: Names the copy; without a run the copy is named for when the workbook was last saved.

    Returns:
        The digest of the workbook.

    Raises:
        OutputError: the workbook of before is whole.
    """
    forget_unfinished(path)
    if path.exists():
        try:
            _forget_old_copies(path, _keep_copy(path, run))
        except OSError as error:
            raise cannot_write(path, error) from error
    write_file(path, data)
    return sha256_of(data)


def _keep_copy(path: Path, run: str) -> Path:
    """Where the workbook now has a copy.

    `undo`, and `resume` of a run cut after the rename, come to a name that is taken: the copy there may be the only
    one of what a user wrote.
    """
    before, saved = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    name = run or saved.strftime("%Y-%m-%d-%Hh%M")
    names = (f"{path.stem}.{name}{f'-{number}' if number > 1 else ''}{path.suffix}" for number in count(1))
    kept = next(one for one in map(path.with_name, names) if not one.exists() or one.read_bytes() == before)
    if not kept.exists():
        write_file(kept, before)
    return kept


def _forget_old_copies(path: Path, kept: Path) -> None:
    """All but the last ones; a list of long ago that was only now replaced is no old copy."""
    copies = sorted(set(path.parent.glob(f"{path.stem}.????-??-??-??*{path.suffix}")) - {kept})
    for old in copies[: 1 - _KEPT_COPIES]:
        with suppress(OSError):
            old.unlink()
