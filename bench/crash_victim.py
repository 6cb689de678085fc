"""The process that is killed: it counts its steps, and dies by SIGKILL before the one it is told.

A step is a file of the dossier opened for writing, a rename, a removal, a folder made, BEGIN and COMMIT of the journal,
a connection, and each thing said to the mail server: before it is said, half-way through a message, and once it is
said. Each is written down with a name before it happens, so that the last name is that of the step that did not.

Nothing of this is in the product: it is put around it here, and so are the planted defects.
"""

import json
import os
import signal
import smtplib
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl  # noqa: F401 - loaded once for all that are forked from here
import pandas as pd  # noqa: F401
import reportlab.pdfgen.canvas  # noqa: F401

from dunning_batch import batch, bouncing, recovery, resuming  # noqa: F401
from dunning_batch.cli import looking, past, running, session  # noqa: F401
from dunning_batch.cli.main import run_command_line
from dunning_batch.delivery.smtp import Attempt, Envelope
from dunning_batch.mailing import Journaled
from dunning_batch.reading import fec, reader, workbook  # noqa: F401
from dunning_batch.reports import bounced, summary, tables  # noqa: F401
from dunning_batch.state import memory
from dunning_batch.state.journal import Event, Journal
from dunning_batch.state.memory import Memory

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_LONG = 1000  # bytes: what is longer is a message
_PATHS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree")


@dataclass(frozen=True)
class Call:
    """A command line, and the step at which it dies."""

    root: str  # the dossier
    arguments: list[str]
    told: str  # file for what it says; its steps stand in another beside it
    kill_at: int = 0  # 0: it ends by itself
    defect: str = ""


class Steps:
    """Counts them; the process dies before the one that was asked for."""

    def __init__(self, call: Call) -> None:
        self._root, self._kill_at, self._count = call.root + os.sep, call.kill_at, 0
        self._notes = os.open(f"{call.told}.steps", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._lock = threading.RLock()
        self.kinds = ""  # of the rows that are being added to the journal

    def step(self, name: str) -> None:
        """One more, unless the process dies before it."""
        with self._lock:  # files are synced by several threads
            self._count += 1
            os.write(self._notes, f"{name}\n".encode())
            if self._count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """For `sys.addaudithook`."""
        if event == "socket.connect":
            self.step("connect")
        elif event == "open" and (not isinstance(arguments[2], int) or not arguments[2] & _WRITES):
            return
        elif event == "open" or event in _PATHS:
            self._of_path(event.rpartition(".")[2], arguments[0])

    def _of_path(self, what: str, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        whole = str(Path(os.fsdecode(path)).absolute())
        if whole.startswith(self._root):
            self.step(f"{what} {_plain(whole.removeprefix(self._root))}")


def _plain(path: str) -> str:
    """Without the letters by which temporary files are told apart."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.rpartition('.')[0] if name.startswith('.') and name.count('.') > 2 else name}".strip("/")


def suffer(call: Call) -> None:
    """Run a command line, and leave with its exit code; for a process of its own."""
    told = os.open(call.told, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    null = os.open(os.devnull, os.O_RDONLY)
    for stream, descriptor in ((0, null), (1, told), (2, told)):
        os.dup2(descriptor, stream)
    modes = ((0, "r"), (1, "w"), (2, "w"))
    sys.stdin, sys.stdout, sys.stderr = (open(stream, mode, closefd=False) for stream, mode in modes)  # noqa: SIM115
    os.chdir(call.root)
    os.environ["DUNNING_SMTP_PASSWORD"] = "secret"  # noqa: S105 - a test's own
    session.datetime = SimpleNamespace(datetime=SimpleNamespace(now=lambda: NOW))  # type: ignore[assignment]
    DEFECTS[call.defect]()
    _watch(Steps(call))
    code = int(run_command_line(["--lang", "en", *call.arguments]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _watch(steps: Steps) -> None:
    append, send, connect = Journal.append, smtplib.SMTP.send, sqlite3.connect

    def named(self: Journal, *rows: tuple[str, Any]) -> None:
        steps.kinds = "+".join(kind for kind, _ in rows)
        append(self, *rows)

    def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:  # noqa: ANN401
        found = connect(*arguments, **more)
        verbs = {"BEGIN IMMEDIATE": "begin", "COMMIT": "commit"}
        found.set_trace_callback(lambda text: steps.step(f"{verbs[text]} {steps.kinds}") if text in verbs else None)
        return found

    def said(self: smtplib.SMTP, text: str | bytes) -> None:
        data = text.encode("ascii") if isinstance(text, str) else bytes(text)
        what = "message" if len(data) > _LONG else "dot" if data == b".\r\n" else data.split()[0].decode().upper()
        steps.step(f"say {what}")
        if len(data) > _LONG:
            send(self, data[: len(data) // 2])
            steps.step("go on with message")
            data = data[len(data) // 2 :]
        send(self, data)
        steps.step(f"wait for the reply to {what}")

    Journal.append = named  # type: ignore[method-assign]
    smtplib.SMTP.send = said  # type: ignore[method-assign]
    sqlite3.connect = traced  # type: ignore[assignment]
    sys.addaudithook(steps.hook)


def _sending_late() -> None:
    """`sending` is committed, but after DATA and the reply to it."""
    end = Journaled.end

    def late(self: Journaled, envelope: Envelope, attempt: Attempt, *, final: bool) -> None:
        self._journal.append(("sending", {"run": self._mail.run, "id": envelope.reminder}))
        end(self, envelope, attempt, final=final)

    Journaled.begin = lambda *_: None  # type: ignore[method-assign]
    Journaled.end = late  # type: ignore[method-assign]


def _digest_off() -> None:
    """Rows of the journal are believed, whatever their digests."""

    def believed(self: Journal, lines: Iterable[tuple[int, str, str, str, str]]) -> Iterator[tuple[int, str, str, str]]:
        for number, at, kind, body, digest in lines:
            self._digest = digest
            yield number, kind, body, at

    Journal._verified = believed  # type: ignore[assignment, method-assign]


def _level_on_planned() -> None:
    """A level rises as soon as its reminder is planned."""
    planned = memory._STEPS["planned"]

    def raised(known: Memory, event: Event) -> None:
        planned(known, event)
        day = date.fromisoformat(event.body["as_of"])
        for item in (item for one in event.body["reminders"] for item in one["items"]):
            row = known.rows.get(item["key"])
            if row is not None:
                known.rows[row.key] = replace(row, level=item["level"], last_reminded=day)
                known.changed = event.number

    memory._STEPS["planned"] = raised


DEFECTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "sending-late": _sending_late,
    "digest-off": _digest_off,
    "level-on-planned": _level_on_planned,
}


def serve() -> None:
    """For each call that comes in, a fork that suffers it; its exit code goes out, or less than 0: the signal."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                suffer(Call(**json.loads(line)))
            finally:
                traceback.print_exc()
                os._exit(97)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
