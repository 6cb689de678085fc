"""A large file that is written bit by bit and appears under its name only when it is whole (faults 66, 70)."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dunning_batch.files import cannot_write, replace


class PartFile:
    """One file, beside its place until it is finished."""

    def __init__(self, target: Path) -> None:
        """Begin it, readable by its owner only. Raises OutputError."""
        self._target = target
        self._beside = target.with_name(f".{target.name}.part")
        with self.writing():
            descriptor = os.open(self._beside, os.O_CREAT | os.O_TRUNC | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
            self.file = os.fdopen(descriptor, "w+b")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around whatever writes to `file`: what fails is an OutputError that names the file."""
        try:
            yield
        except OSError as error:
            raise cannot_write(self._target, error) from error

    def write(self, data: bytes) -> int:
        """Write at the end. Raises OutputError."""
        with self.writing():
            return self.file.write(data)

    def finish(self) -> str:
        """Put the file on the disk and in its place; its sha256. Raises OutputError."""
        with self.writing():
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.seek(0)
            digest = hashlib.file_digest(self.file, "sha256").hexdigest()
            self.file.close()
            replace(self._beside, self._target)
        return digest

    def discard(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            self._beside.unlink(missing_ok=True)
