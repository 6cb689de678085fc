"""The journal: every step of every run, only added to, each row with a digest over itself and the row before.

`output/journal.sqlite`, one table, one transaction a step, no write-ahead log (which fails on network shares).
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dunning_batch.errors import OutputError, Problem, Source, StateError, msg
from dunning_batch.files import make_folder, refuse_link

FORMAT = 1
_TABLE = "CREATE TABLE event (number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL)"
_PATIENCE_SECONDS = 10.0
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One row."""

    number: int  # from 1, without gap
    kind: str
    body: Body


class Journal:
    """The journal of one dossier, read and verified as a whole when it is opened."""

    def __init__(self, path: Path, creditor: str) -> None:
        """Open and verify; a journal that is not there yet is made by the first row.

        Raises:
            StateError: it is damaged, of another creditor or of a newer program; the file is left as it is.
        """
        self.path, self._creditor = path, creditor
        refuse_link(path, path.parent)
        self._digest = ""
        self.events: list[Event] = list(self._read()) if path.exists() else []
        self._check_owner()

    def _read(self) -> Iterator[Event]:
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                rows = connection.execute("SELECT number, at, kind, body, digest FROM event ORDER BY number").fetchall()
        except sqlite3.Error as error:
            raise self._damaged() from error
        for expected, (number, at, kind, body, digest) in enumerate(rows, 1):
            texts = (at, kind, body, digest)
            if number != expected or not all(isinstance(text, str) for text in texts):
                raise self._damaged()
            self._digest = _digest(self._digest, number, at, kind, body)
            if digest != self._digest:
                raise self._damaged()
            yield Event(number, kind, json.loads(body))

    def _damaged(self) -> StateError:
        text = msg(
            "The journal {name} is damaged or no journal. Nothing was changed: put the last good copy of it back, or ask "
            "for help before the next run.",
            name=self.path.name,
        )
        return StateError(Problem("journal_damaged", text, "error", Source(self.path.name)))

    def _check_owner(self) -> None:
        if not self.events:
            return
        opened = self.events[0].body
        if self.events[0].kind != "opened":
            raise self._damaged()
        if opened["format"] > FORMAT:
            text = msg("The journal was written by a newer version of dunning-batch: update the program.")
            raise StateError(Problem("journal_newer", text, "error", Source(self.path.name)))
        if opened["creditor"] != self._creditor:
            text = msg("The journal is of {theirs}, the configuration of {ours}: is it the right dossier?",
                       theirs=opened["creditor"], ours=self._creditor)  # fmt: skip
            raise StateError(Problem("journal_of_another", text, "error", Source(self.path.name)))

    def append(self, *steps: tuple[str, Body]) -> None:
        """Add rows in one transaction; they are on the disk when this returns. Raises OutputError."""
        if not self.events:
            steps = (("opened", {"creditor": self._creditor, "format": FORMAT}), *steps)
        made, digest = [], self._digest
        for number, (kind, body) in enumerate(steps, len(self.events) + 1):
            at, text = datetime.now(UTC).isoformat(timespec="seconds"), json.dumps(body, ensure_ascii=False)
            digest = _digest(digest, number, at, kind, text)
            made.append((number, at, kind, text, digest))
        try:
            with self._writing() as connection:
                connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", made)
        except (sqlite3.Error, OSError) as error:
            text = msg("The journal cannot be written ({reason}): nothing more was delivered.", reason=str(error))
            raise OutputError(Problem("journal_unwritable", text, "error", Source(self.path.name))) from error
        self._digest = digest
        self.events += [Event(number, kind, json.loads(text)) for number, _, kind, text, _ in made]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if not self.path.exists():
            make_folder(self.path.parent)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone():
                connection.execute(_TABLE)
            yield connection
            connection.execute("COMMIT")


def _digest(before: str, number: int, at: str, kind: str, body: str) -> str:
    return hashlib.sha256("\n".join((before, str(number), at, kind, body)).encode()).hexdigest()
