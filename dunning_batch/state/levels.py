"""The levels workbook as the program writes it: a projection of the journal and of what users wrote by hand."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dunning_batch.errors import Message, msg
from dunning_batch.files import sha256_of, write_file
from dunning_batch.language import language
from dunning_batch.state.columns import LEVELS, PAST, SETTLED, sheet_name
from dunning_batch.state.memory import Memory, PastRow
from dunning_batch.state.rows import Row
from dunning_batch.state.sheets import Look, add_sheet, new_book

_KEPT_COPIES = 24
RESULTS: dict[str, Message] = {
    "delivered": msg("delivered"),
    "refused": msg("refused"),
    "failed": msg("failed"),
    "uncertain": msg("uncertain"),
    "skipped": msg("skipped"),
    "manual": msg("changed by hand"),
    "undone": msg("undone"),
    "set": msg("marked as reminded"),
}
_CHANNELS: dict[str, Message] = {"zip": msg("post"), "email": msg("e-mail"), "drafts": msg("draft")}


@dataclass(frozen=True, slots=True)
class Extras:
    """What users added to the workbook: headings of their own columns, and their cells by key."""

    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # sheet -> headings
    cells: Mapping[str, Mapping[str, tuple[object, ...]]] = field(default_factory=dict)  # sheet -> key -> cells


def workbook_bytes(memory: Memory, creditor: str, mark: int, look: Look, extras: Extras) -> bytes:
    """The three sheets."""
    book = new_book(creditor, mark)
    rows = sorted(memory.rows.values(), key=lambda row: (row.customer, row.due is None, row.due, row.piece, row.key))
    open_rows = (row for row in rows if row.settled_on is None)
    settled = (row for row in rows if row.settled_on is not None)
    names = {sheet: sheet_name(sheet, look.language) for sheet in ("levels", "past", "settled")}
    add_sheet(book, names["levels"], LEVELS, _values(open_rows, "levels", look, extras), look,
              extras.headings.get("levels", ()))  # fmt: skip
    add_sheet(book, names["past"], PAST, _past_values(memory.past, look), look)
    add_sheet(book, names["settled"], SETTLED, _values(settled, "settled", look, extras), look,
              extras.headings.get("settled", ()))  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _values(rows: Iterable[Row], sheet: str, look: Look, extras: Extras) -> Iterable[tuple[object, ...]]:
    fields = [column.field for column in (LEVELS if sheet == "levels" else SETTLED)]
    own, blank = extras.cells.get(sheet, {}), tuple("" for _ in extras.headings.get(sheet, ()))
    words = {name: language(look.language).message(text) for name, text in _CHANNELS.items()}
    for row in rows:
        values = [getattr(row, name) for name in fields]
        if "channel" in fields:
            place = fields.index("channel")
            values[place] = words.get(row.channel, row.channel)
        yield (*values, *own.get(row.key, blank))


def _past_values(past: Sequence[PastRow], look: Look) -> Iterable[tuple[object, ...]]:
    fields = [column.field for column in PAST]
    results = {name: language(look.language).message(text) for name, text in RESULTS.items()}
    channels = {name: language(look.language).message(text) for name, text in _CHANNELS.items()}
    for row in past:
        found = {name: getattr(row, name) for name in fields}
        found["result"] = results.get(row.result, row.result)
        found["channel"] = channels.get(row.channel, row.channel)
        yield tuple(found.values())


def put_in_place(path: Path, data: bytes, run: str) -> str:
    """Write the workbook beside and rename it; the previous one is kept under the run's name. Gives the digest."""
    if run and path.exists():
        write_file(path.with_name(f"{path.stem}.{run}{path.suffix}"), path.read_bytes())
        _forget_old_copies(path)
    write_file(path, data)
    return sha256_of(data)


def _forget_old_copies(path: Path) -> None:
    copies = sorted(path.parent.glob(f"{path.stem}.????-??-??-??*{path.suffix}"))
    for old in copies[:-_KEPT_COPIES]:
        old.unlink(missing_ok=True)
