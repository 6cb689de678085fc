"""The journal and the workbook held against each other: hand edits, lost rows, older copies (faults 99 to 102)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from dunning_batch.core.identity import Remembered
from dunning_batch.errors import Problem, Source, StateError, msg
from dunning_batch.state.cells import Fault
from dunning_batch.state.journal import Body, Event
from dunning_batch.state.marks import FORMAT_NUMBER
from dunning_batch.state.memory import Memory, fold
from dunning_batch.state.reading import Book, Mark, doubted
from dunning_batch.state.rows import Row, from_json, remembered
from dunning_batch.state.tables import Extras

HOLDS = ("held", "held_until", "reason", "note")
_SHOWN = 5  # pieces named in one message


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
    extras: Extras = field(default_factory=Extras)
    numbers: tuple[Body, ...] = ()  # of registered letters, filled in by hand: run, and number by document
    missing: bool = False  # the workbook was written once, and is not there or has lost its properties
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
    was_written = bool(memory.mark)
    if book is None or (book.mark is None and (was_written or memory.rows)):
        rows = dict(memory.rows)
        known = _settled_last(map(remembered, rows.values()))
        return Reconciled(known, rows, missing=was_written, first=not memory.rows, sha256=sha256)
    if book.mark is None:  # a legacy list, which stays one until a run has taken it over
        return Reconciled(book.legacy, {}, problems=book.problems, sha256=sha256)
    _refuse_strange(book.mark, memory, creditor, shown)
    older = book.mark.number < memory.mark
    written = memory if book.mark.number >= memory.changed else _as_last_read(events, book.mark.number, older=older)
    return replace(_Merging(memory, written, book, shown, older=older).result(), sha256=sha256)


def _as_last_read(events: Sequence[Event], mark: int, *, older: bool) -> Memory:
    """What the workbook said when it was written, and with the hand edits that were read from it since.

    Args:
        events: The journal.
        mark: Number of the step that recorded the writing.
        older: A later workbook was written: hand edits after this one's mark are not of this one.
    """
    written = fold(events[: mark - 1])
    for event in () if older else events[mark - 1 :]:
        if event.kind == "manual":
            for change, row in zip(event.body["changes"], map(from_json, event.body["rows"]), strict=True):
                fields = [*change["what"], *(["level"] if change["level"] != change["before"] else [])]
                if row.key in written.rows:
                    edits = {name: getattr(row, name) for name in fields}
                    written.rows[row.key] = replace(written.rows[row.key], **edits)
    return written


def _refuse_strange(mark: Mark, memory: Memory, creditor: str, shown: str) -> None:
    source = Source(shown)
    if mark.creditor not in (creditor, *memory.creditors):
        text = msg("The levels workbook is of {theirs}, the configuration of {ours}: is it the right dossier?",
                   theirs=mark.creditor, ours=creditor)  # fmt: skip
        raise StateError(Problem("levels_of_another", text, "error", source))
    if mark.format > FORMAT_NUMBER:
        text = msg("The levels workbook was written by a newer version of dunning-batch: update the program.")
        raise StateError(Problem("levels_newer", text, "error", source))
    if memory.is_empty:
        text = msg(
            "The levels workbook is there, and its journal, journal.sqlite, is missing: put it back, or reminders "
            "would go out twice."
        )
        raise StateError(Problem("journal_missing", text, "error", source))
    # A workbook that was put in place just before a cut is one step ahead of the journal.
    if mark.number > memory.events + 1:
        text = msg(
            "The levels workbook is newer than the journal: an older copy of journal.sqlite was put back. Put the "
            "newest one back, or reminders would go out twice."
        )
        raise StateError(Problem("journal_older", text, "error", source))


class _Merging:
    """What the user changed since the workbook was written, laid over what the journal has by now."""

    def __init__(self, memory: Memory, written: Memory, book: Book, shown: str, *, older: bool) -> None:
        self._memory, self._written, self._book, self._shown, self._older = memory, written, book, shown, older
        self._rows: dict[str, Row] = {}  # in the workbook's order
        self._remembered: list[Remembered] = []
        self._edits: list[Edit] = []
        self._problems: list[Problem] = []
        self._not_taken: list[Row] = []  # rows whose level was edited in vain

    def result(self) -> Reconciled:
        for place, found in enumerate(self._book.rows):
            self._take(found, self._book.faults.get(place, ()))
        self._problems += self._about_rows()
        for key, row in self._memory.rows.items():
            if key not in self._rows:
                self._rows[key] = row
                self._remembered.append(remembered(row))
        return Reconciled(
            _settled_last(self._remembered), self._rows, tuple(self._edits), self._book.extras,
            problems=tuple(self._problems),
        )  # fmt: skip

    def _take(self, found: Row, faults: Sequence[Fault]) -> None:
        known = self._memory.rows.get(found.key)
        base = self._written.rows.get(found.key, known)
        if known is None and base is not None:
            return  # the journal has forgotten it since
        # A level that the program wrote itself is legal, whatever the configuration has become.
        faults = [one for one in faults if base is None or one.field != "level" or found.level != base.level]
        self._problems += [one.problem for one in faults]
        if known is None or base is None:
            self._remembered.append(doubted(replace(found, key=""), faults))
            return
        row = self._edited(known, base, found, frozenset(one.field for one in faults))
        self._remembered.append(doubted(row, faults))
        # Of rows copied by hand the first is taken; identity holds the item where they differ.
        if found.key not in self._rows:
            self._rows[found.key] = row
            if row != known:
                self._edits.append(Edit(known, row))

    def _edited(self, known: Row, base: Row, found: Row, faulty: frozenset[str]) -> Row:
        fields = [name for name in ("level", *HOLDS) if name in self._book.fields and name not in faulty]
        changes = {name: getattr(found, name) for name in fields if getattr(found, name) != getattr(base, name)}
        # Once a level has moved on, what was written over an earlier one is void.
        void = self._older or known.level != base.level
        if void and changes.pop("level", known.level) != known.level:
            self._not_taken.append(known)
        return replace(known, **changes)

    def _about_rows(self) -> Iterator[Problem]:
        gone = [
            row
            for key, row in self._written.rows.items()
            if key not in self._rows and row.settled_on is None and key in self._memory.rows
        ]
        if gone:
            text = msg(
                "{count:row deleted from the levels workbook comes|rows deleted from the levels workbook come} back "
                "({pieces}): to hold an item, write oui under Suspendu.",
                count=len(gone),
                pieces=_pieces(gone),
            )
            yield Problem("rows_restored", text, "warning", Source(self._shown))
        if self._older:
            text = msg(
                "This is an older copy of the levels workbook: levels come from the journal, hand edits are kept."
            )
            yield Problem("older_copy", text, "warning", Source(self._shown))
        if self._not_taken:
            text = msg(
                "Levels written by hand into a workbook that was no longer the last one are not taken ({pieces}): look "
                "at them in the new one.",
                pieces=_pieces(self._not_taken),
            )
            yield Problem("levels_not_taken", text, "warning", Source(self._shown))


def _pieces(rows: Sequence[Row]) -> str:
    named = [row.piece or row.key for row in rows[:_SHOWN]]
    return ", ".join([*named, "..."] if len(rows) > _SHOWN else named)


def _settled_last(found: Iterable[Remembered]) -> tuple[Remembered, ...]:
    return tuple(sorted(found, key=lambda row: row.settled_on is not None))
