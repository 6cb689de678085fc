"""Files that are whole or not there: written beside, synced, renamed; private; never through a link leading out."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from dunning_batch.errors import OutputError, Problem, Source, msg

_SHARING_ERRORS = (5, 32, 33)  # Windows: antivirus, indexer or cloud folder holds the file for a moment
_PATIENCE_SECONDS = 2.5
_SYNCS = 8  # at a time


def sha256_of(data: bytes) -> str:
    """The digest under which a file's content is recorded."""
    return hashlib.sha256(data).hexdigest()


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The error for a file or folder that cannot be written (exit code 9)."""
    text = msg(
        "{path} cannot be written: {reason}. Free some space or get the right to write there, then run again.",
        path=str(path),
        reason=error.strerror or str(error),
    )
    return OutputError(Problem("cannot_write", text, "error", Source(path.name)))


@contextmanager
def temporary_files() -> Iterator[None]:
    """Around what makes a workbook: each of its sheets is first a file of the temporary folder. Raises OutputError."""
    try:
        yield
    except OSError as error:
        text = msg(
            "The temporary folder cannot be written ({reason}): free some space there, or name another one in the "
            "environment variable TMPDIR (TEMP under Windows), then run again.",
            reason=error.strerror or str(error),
        )
        raise OutputError(Problem("temporary_folder", text, "error")) from error


def make_folder(path: Path) -> None:
    """Make a folder and its parents, readable by its owner only; an existing one is left as it is."""
    try:
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not path.is_dir():
            raise NotADirectoryError(20, "there is a file in its place")
    except OSError as error:
        raise cannot_write(path, error) from error


def write_file(path: Path, data: bytes) -> None:
    """Write a whole file, or leave what was there; returns once it is on the disk. Raises OutputError.

    What is no file, as `/dev/null` or a pipe, is written into: renamed over, it would be gone for the whole computer.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
    except OSError as error:
        raise cannot_write(path, error) from error
    write_parts(path, (data,))


def write_parts(path: Path, parts: Iterable[bytes]) -> str:
    """The same for a file that comes bit by bit; its sha256. Raises OutputError."""
    digest = hashlib.sha256()
    try:
        descriptor, beside = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        with ExitStack() as unfinished:
            unfinished.callback(Path(beside).unlink, missing_ok=True)
            with os.fdopen(descriptor, "wb") as file:
                for part in parts:
                    digest.update(part)
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            replace(Path(beside), path)
            unfinished.pop_all()
    except OSError as error:
        raise cannot_write(path, error) from error
    return digest.hexdigest()


def write_ahead(path: Path, data: bytes) -> None:
    """Write a new file into a folder that nobody reads yet; `sync_files` puts it on the disk. Raises OutputError."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        raise cannot_write(path, error) from error


def sync_files(paths: Iterable[Path]) -> None:
    """Put files and their names on the disk: many at a time take it a fifth of the time. Raises OutputError."""
    folders: set[Path] = set()
    with ThreadPoolExecutor(_SYNCS) as threads:
        for path, error in threads.map(_synced, paths):
            if error:
                raise cannot_write(path, error) from error
            folders.add(path.parent)
    for folder in folders:
        sync_folder(folder)


def _synced(path: Path) -> tuple[Path, OSError | None]:
    """A file that is on the disk, or why it is not."""
    try:
        descriptor = os.open(path, os.O_RDWR)  # Windows syncs only what it may write
        with os.fdopen(descriptor, "r+b"):
            os.fsync(descriptor)
    except OSError as error:
        return path, error
    return path, None


def forget_unfinished(path: Path) -> None:
    """Remove what `write_file` left of a file, and of copies named after it, in a program that was killed."""
    left_over = re.compile(rf"\.{re.escape(path.stem)}\..*\.[a-z0-9_]{{8}}")
    for other in path.parent.iterdir() if path.parent.is_dir() else ():
        if left_over.fullmatch(other.name):
            with suppress(OSError):
                other.unlink()


def replace(source: Path, target: Path) -> None:
    """Rename over the target and sync the folder; a sharing error of Windows is waited out. Raises OSError."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            os.replace(source, target)  # noqa: PTH105 - one call to inject faults into
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_ERRORS or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            sync_folder(target.parent)
            return


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refuse_link(path: Path, inside: Path) -> None:
    """Refuse an output that is a link leading outside the output folder (fault 117). Raises OutputError."""
    if path.is_symlink() and not path.resolve().is_relative_to(inside.resolve()):
        text = msg("{path} is a link that leads outside the output folder. Remove the link.", path=str(path))
        raise OutputError(Problem("link_outside", text, "error", Source(path.name)))
