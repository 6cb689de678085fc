"""One run at a time in a dossier: a lock of the operating system, freed by it when its holder dies (92, 93, S15)."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dunning_batch.errors import Problem, Source, StateError, msg
from dunning_batch.files import cannot_write, make_folder, refuse_link

NAME = "journal.lock"
_HELD = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_FAR = 1 << 30  # Windows lets nobody read a locked byte: lock one that lies behind the holder's name
_LONGEST = 500  # bytes of the holder's name


@contextmanager
def dossier_lock(folder: Path, started: datetime) -> Iterator[None]:
    """Hold the lock of an output folder.

    Args:
        folder: The output folder; made where it is missing.
        started: Told to whoever finds it locked.

    Raises:
        StateError: another process holds it; it is named.
        OutputError: the lock cannot be made.
    """
    make_folder(folder)
    path = folder / NAME
    refuse_link(path, folder)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        _take(descriptor, path, started)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, started: datetime) -> None:
    """Lock the file and write into it who holds it; the lock goes with the descriptor."""
    since = started.isoformat(timespec="seconds")
    try:
        _lock(descriptor)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{socket.gethostname()}, process {os.getpid()}, {since}\n".encode())
    except OSError as error:
        if error.errno in _HELD:
            raise _held(descriptor, path) from error
        raise cannot_write(path, error) from error


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415 - there only

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl  # noqa: PLC0415 - there only

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _held(descriptor: int, path: Path) -> StateError:
    os.lseek(descriptor, 0, os.SEEK_SET)
    holder = os.read(descriptor, _LONGEST).decode("utf-8", "replace").strip()
    text = msg("Another run is in progress in this dossier ({holder}). Wait until it has ended.", holder=holder or "?")
    return StateError(Problem("another_run", text, "error", Source(path.name)))
