"""One run at a time in a dossier: a lock of the operating system, freed by it when its holder dies."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from dunning_batch.errors import Problem, Source, StateError, msg
from dunning_batch.files import cannot_write, make_folder

NAME = "journal.lock"


@contextmanager
def dossier_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of an output folder. Raises StateError naming who holds it."""
    make_folder(folder)
    path = folder / NAME
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        if not _taken(file):
            raise _held(path)
        file.truncate(0)
        started = datetime.now().astimezone().isoformat(timespec="seconds")
        file.write(f"{socket.gethostname()}, process {os.getpid()}, {started}\n")
        file.flush()
        yield


def _taken(file: IO[str]) -> bool:
    """Whether the lock was free; it goes with the file's descriptor."""
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - there only

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl  # noqa: PLC0415 - there only

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _held(path: Path) -> StateError:
    try:
        holder = path.read_text(encoding="utf-8").strip()
    except OSError:
        holder = ""
    text = msg("Another run is in progress in this dossier ({holder}). Wait until it has ended.", holder=holder or "?")
    return StateError(Problem("another_run", text, "error", Source(path.name)))
