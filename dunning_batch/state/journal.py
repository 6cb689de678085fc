"""The journal: every step of every run, only added to, each row with a digest over itself and the row before.

`output/journal.sqlite`, one table, one transaction a step, no write-ahead log (which fails on network shares). A step
that was cut is rolled back by SQLite when the journal is opened next: that is no damage (faults 93, 98, 110). While
messages leave, two steps each, the file is kept open; every step is committed and synced all the same.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, overload

from dunning_batch.errors import OutputError, Problem, Source, StateError, msg
from dunning_batch.files import make_folder, refuse_link, replace

FORMAT = 2  # 2: delivery notices
_FORMATS = (1, FORMAT)  # those that can be read; what is added makes it the newest
# Compared with what the file says, so it never changes within a format.
_TABLE = (
    "CREATE TABLE event (number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, "
    "digest TEXT NOT NULL)"
)
_PATIENCE_SECONDS = 10.0
# The file may be sound; everything else means that it is not.
_UNREACHABLE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM,
})  # fmt: skip
Body = dict[str, Any]
Clock = Callable[[], datetime]  # tells the time, with its offset
_Line = tuple[int, str, str, str, str]  # as in the table


@dataclass(frozen=True, slots=True)
class Event:
    """One row."""

    number: int  # from 1, without gap
    kind: str
    body: Body
    at: str = ""  # when it was recorded: ISO, UTC


class Events(Sequence[Event]):
    """The rows that there are. Their bodies stay text: an event is read from it each time it is asked for.

    As records, those of a run over 50 000 items would take ten times the room of their text.
    """

    def __init__(self) -> None:
        """None yet."""
        self._lines: list[tuple[int, str, str, str]] = []  # number, kind, body, when

    def add(self, number: int, kind: str, body: str, at: str) -> None:
        """One more; `body` is JSON."""
        self._lines.append((number, kind, body, at))

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | Sequence[Event]:
        if isinstance(place, int):
            return _event(*self._lines[place])
        some = Events()
        some._lines = self._lines[place]
        return some

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as lists have it


def _event(number: int, kind: str, body: str, at: str) -> Event:
    return Event(number, kind, json.loads(body), at)


class Journal:
    """The journal of one dossier, read and verified as a whole when it is opened."""

    def __init__(self, path: Path, creditor: str, clock: Clock, name: str = "") -> None:
        """Open and verify; a journal that is not there yet is made by the first row.

        Args:
            path: The file.
            creditor: The dossier's.
            clock: For the rows that are added.
            name: The creditor's, which tells the dossier until it has a SIREN.

        Raises:
            StateError: it is damaged, of another creditor or of a newer program; the file is left as it is.
        """
        self.path, self._creditor, self._name, self.clock = path, creditor, name, clock
        refuse_link(path, path.parent)
        self._digest = ""
        self._keeps, self._kept = False, _Kept()
        self.events = Events()
        for line in self._verified(self._read()) if path.exists() else ():
            self.events.add(*line)
        self._check_owner()

    def _read(self) -> list[_Line]:
        # Not read-only: a step that was cut could not be rolled back.
        address = f"{self.path.resolve().as_uri()}?mode=rw"
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS)) as connection:
                self._check_structure(connection)
                return connection.execute("SELECT number, at, kind, body, digest FROM event ORDER BY number").fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            raise self._unreachable(error) if code in _UNREACHABLE else self._damaged() from error

    def _check_structure(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        if tables and version > FORMAT:
            text = msg("The journal was written by a newer version of dunning-batch: update the program.")
            raise StateError(Problem("journal_newer", text, "error", Source(self.path.name)))
        if version not in _FORMATS or tables != [("event", _TABLE)]:
            raise self._damaged()
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise self._damaged()

    def _verified(self, lines: Iterable[Sequence[object]]) -> Iterator[tuple[int, str, str, str]]:
        for expected, (number, at, kind, body, digest) in enumerate(lines, 1):
            if not (isinstance(at, str) and isinstance(kind, str) and isinstance(body, str)):
                raise self._damaged()
            self._digest = _digest(self._digest, expected, at, kind, body)
            if number != expected or digest != self._digest:
                raise self._damaged()
            yield expected, kind, body, at

    def _damaged(self) -> StateError:
        text = msg(
            "The journal {name} is damaged or no journal. Nothing was changed: put the last good copy of it back, or "
            "ask for help before the next run.",
            name=self.path.name,
        )
        return StateError(Problem("journal_damaged", text, "error", Source(self.path.name)))

    def _unreachable(self, error: Exception) -> StateError:
        text = msg(
            "The journal {name} cannot be read ({reason}): close what else uses it, or get the right to read it.",
            name=self.path.name,
            reason=str(error),
        )
        return StateError(Problem("journal_unreachable", text, "error", Source(self.path.name)))

    def _check_owner(self) -> None:
        if not self.path.exists():
            return
        if not self.events or self.events[0].kind != "opened":
            raise self._damaged()
        theirs = next(body["creditor"] for body in (one.body for one in reversed(self.events)) if "creditor" in body)
        if theirs not in (self._creditor, self._name):
            text = msg("The journal is of {theirs}, the configuration of {ours}: is it the right dossier?",
                       theirs=theirs, ours=self._creditor)  # fmt: skip
            raise StateError(Problem("journal_of_another", text, "error", Source(self.path.name)))

    def append(self, *steps: tuple[str, Body]) -> None:
        """Add rows in one transaction; they are on the disk when this returns. Raises OutputError."""
        first = not self.events
        lines = self._lines([("opened", {"creditor": self._creditor}), *steps] if first else steps)
        try:
            with self._new_file() if first else self._connected() as connection:
                _write(connection, lines, new=first)
        except (sqlite3.Error, OSError) as error:
            text = msg(
                "The journal cannot be written ({reason}): nothing more was delivered. Free some space or get the "
                "right to write it, then type the command again.",
                reason=str(error),
            )
            raise OutputError(Problem("journal_unwritable", text, "error", Source(self.path.name))) from error
        self._digest = lines[-1][4] if lines else self._digest
        for number, at, kind, body, _ in lines:
            self.events.add(number, kind, body, at)

    def _lines(self, steps: Iterable[tuple[str, Body]]) -> list[_Line]:
        lines: list[_Line] = []
        digest, at = self._digest, self.clock().astimezone(UTC).isoformat(timespec="seconds")
        for number, (kind, body) in enumerate(steps, len(self.events) + 1):
            text = json.dumps(body, ensure_ascii=False)
            digest = _digest(digest, number, at, kind, text)
            lines.append((number, at, kind, text, digest))
        return lines

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """For many steps, one after the other: each is on the disk when `append` returns, as ever, but sooner.

        What a step that is cut is rolled back from is not a new file for each, deleted afterwards, but one that is
        voided: a disk takes several times as long to sync names as to sync contents.
        """
        self._keeps = True
        try:
            yield
        finally:
            self._keeps = False
            self._kept.close()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        if not self._keeps:
            with closing(_opened(self.path, "DELETE")) as connection:
                yield connection
            return
        with ExitStack() as failed:
            failed.callback(self._kept.close)
            yield self._kept.connected(self.path)
            failed.pop_all()

    @contextmanager
    def _new_file(self) -> Iterator[sqlite3.Connection]:
        """A file beside, which takes its name once its first rows are in it: an empty journal is a damaged one."""
        make_folder(self.path.parent)
        for left in self.path.parent.glob(f".{self.path.name}.*"):
            left.unlink()
        descriptor, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        os.close(descriptor)
        beside = Path(name)
        with ExitStack() as unfinished:
            unfinished.callback(_forget, beside)
            with closing(_opened(beside, "DELETE")) as connection:
                yield connection
            replace(beside, self.path)
            unfinished.pop_all()


def _forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


class _Kept:
    """A connection that outlives one step, for as long as its file bears the name."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)

    def connected(self, path: Path) -> sqlite3.Connection:
        """The one there is, or a new one where the file was replaced: what is written must not go into a lost file."""
        if self._connection is None or _identity(path) != self._file:
            self.close()
            self._connection, self._file = _opened(path, "PERSIST"), _identity(path)
        return self._connection

    def close(self) -> None:
        """Let go of the file, and take the voided one beside it away."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with closing(connection), suppress(sqlite3.Error):
                connection.rollback()  # of a step that failed
                connection.execute("PRAGMA journal_mode=DELETE")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    """A connection whose every transaction is on the disk at its end; the threads that send take turns with it."""
    connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    with ExitStack() as unready:
        unready.callback(connection.close)
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("PRAGMA synchronous=EXTRA")
        unready.pop_all()
    return connection


def _write(connection: sqlite3.Connection, lines: Sequence[_Line], *, new: bool) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if new:
        connection.execute(_TABLE)
    connection.execute(f"PRAGMA user_version={FORMAT}")
    connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", lines)
    connection.execute("COMMIT")


def _digest(before: str, number: int, at: str, kind: str, body: str) -> str:
    return hashlib.sha256("\n".join((before, str(number), at, kind, body)).encode()).hexdigest()
