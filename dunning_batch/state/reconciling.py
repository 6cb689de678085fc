"""The journal and the workbook held against each other: hand edits, lost rows, older copies (faults 99 to 102)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dunning_batch.core.identity import Remembered
from dunning_batch.errors import Problem, Source, StateError, msg
from dunning_batch.state.journal import Event
from dunning_batch.state.levels import Extras
from dunning_batch.state.memory import Memory, fold
from dunning_batch.state.reading import Book
from dunning_batch.state.rows import Row, remembered
from dunning_batch.state.sheets import FORMAT_NUMBER

_HOLDS = ("held", "held_until", "reason", "note")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a user changed in one row of `Niveaux`."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What is known of every item, in the workbook's order."""

    remembered: tuple[Remembered, ...]  # rows of `Niveaux`, then of `Soldées`
    rows: dict[str, Row]  # by key, with the user's edits
    edits: tuple[Edit, ...] = ()
    extras: Extras = Extras()  # noqa: RUF009 - frozen and empty
    missing: bool = False  # the workbook is not there though the journal knows runs
    sha256: str = ""  # of the workbook as read; empty where there is none
    first: bool = False  # nothing was ever recorded, and there is no list
    problems: tuple[Problem, ...] = ()


def reconcile(
    events: Sequence[Event], memory: Memory, book: Book | None, creditor: str, shown: str, sha256: str = ""
) -> Reconciled:
    """What is remembered, from both.

    Args:
        events: The journal.
        memory: What they come to.
        book: The workbook; None where there is none.
        creditor: The dossier's.
        shown: The workbook's name.
        sha256: Of the workbook.

    Raises:
        StateError: the workbook is of another dossier, of a newer program, or newer than the journal.
    """
    if book is None or (book.mark is None and not memory.is_empty):
        rows = dict(memory.rows)
        known = _remembered(rows.values())
        return Reconciled(known, rows, missing=not memory.is_empty, first=memory.is_empty, sha256=sha256)
    if book.mark is None:
        return Reconciled(book.legacy, {}, problems=book.problems, sha256=sha256)
    _refuse_strange(book, memory, creditor, shown)
    older = book.mark.number < memory.changed
    # What the workbook said when it was written; what differs from that is the user's.
    written = fold(events[: book.mark.number]) if older else memory
    return replace(_held_against(memory, written, book, shown, older=older), sha256=sha256)


def _refuse_strange(book: Book, memory: Memory, creditor: str, shown: str) -> None:
    mark = book.mark
    if mark is None:
        return
    source = Source(shown)
    if mark.creditor != creditor:
        text = msg("The levels workbook is of {theirs}, the configuration of {ours}: is it the right dossier?",
                   theirs=mark.creditor, ours=creditor)  # fmt: skip
        raise StateError(Problem("levels_of_another", text, "error", source))
    if mark.format > FORMAT_NUMBER:
        text = msg("The levels workbook was written by a newer version of dunning-batch: update the program.")
        raise StateError(Problem("levels_newer", text, "error", source))
    # A workbook that was put in place just before a cut is one step ahead of the journal.
    if mark.number > memory.events + 1:
        text = msg(
            "The levels workbook is newer than the journal: an older copy of journal.sqlite was put back. Put the "
            "newest one back, or reminders would go out twice."
        )
        raise StateError(Problem("journal_older", text, "error", source))


def _held_against(memory: Memory, written: Memory, book: Book, shown: str, *, older: bool) -> Reconciled:
    rows, edits, order, unknown = dict(memory.rows), [], [], []
    doubtful: set[str] = set()
    for place, found in enumerate(book.rows):
        known = memory.rows.get(found.key)
        if known is None:
            if found.key not in written.rows:
                unknown.append(remembered(replace(found, key=""), doubtful=place in book.doubtful))
            continue
        row = _edited(known, written.rows.get(found.key, known), found, levels=not older and place not in book.doubtful)
        if place in book.doubtful:
            doubtful.add(found.key)
        if row != known:
            edits.append(Edit(known, row))
        if found.key not in order:
            order.append(found.key)
        rows[found.key] = row
    listed = set(order)
    order += [key for key in rows if key not in listed]
    problems = [*book.problems, *_restored(written, memory, listed, shown), *([_older(shown)] if older else [])]
    ordered = {key: rows[key] for key in order}
    known_rows = _remembered(ordered.values(), frozenset(doubtful))
    return Reconciled((*known_rows, *unknown), ordered, tuple(edits), book.extras, problems=tuple(problems))


def _edited(known: Row, written: Row, found: Row, *, levels: bool) -> Row:
    """The row with what the user changed; in a workbook that is behind the journal, levels are not the user's."""
    fields = (*_HOLDS, "level") if levels else _HOLDS
    changes: dict[str, Any] = {
        name: getattr(found, name) for name in fields if getattr(found, name) != getattr(written, name)
    }
    return replace(known, **changes)


def _remembered(rows: Iterable[Row], doubtful: frozenset[str] = frozenset()) -> tuple[Remembered, ...]:
    """Open rows first, then settled ones."""
    ordered = sorted(rows, key=lambda row: row.settled_on is not None)
    return tuple(remembered(row, doubtful=row.key in doubtful) for row in ordered)


def _restored(written: Memory, memory: Memory, listed: set[str], shown: str) -> Iterator[Problem]:
    """Rows that somebody deleted come back from the journal (fault 100)."""
    gone = [
        row for key, row in written.rows.items() if key not in listed and row.settled_on is None and key in memory.rows
    ]
    if gone:
        text = msg(
            "{count} rows were deleted from the levels workbook and come back ({pieces}): to hold an item, write oui "
            "under Suspendu.",
            count=len(gone),
            pieces=", ".join(row.piece or row.key for row in gone[:5]),
        )
        yield Problem("rows_restored", text, "warning", Source(shown))


def _older(shown: str) -> Problem:
    text = msg("This is an older copy of the levels workbook: levels come from the journal, hand edits are kept.")
    return Problem("older_copy", text, "warning", Source(shown))
