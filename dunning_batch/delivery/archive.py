"""Delivery by zip: letters as files, one zip for the post, the list of registered letters (fault 70).

Everything is written into a work folder and put on the disk; the letters are delivered when the caller gives that
folder its name. The same letters make the same zip: fixed dates, no compression, names in postal order.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.delivery.registered import registered_workbook
from dunning_batch.files import cannot_write, make_folder, replace, sha256_of, write_file
from dunning_batch.language import Language

LETTERS, ZIP, PRINT, REGISTERED = "letters", "letters.zip", "print.pdf", "registered.xlsx"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished letter."""

    reminder: Reminder
    file: str  # its name inside `letters/`
    zip_name: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the run's folder."""

    path: str  # relative to it, with `/`
    sha256: str


class Delivery(Protocol):
    """A way of bringing letters to customers."""

    def deliver(self, parcel: Parcel) -> Outcome:
        """Bring one letter on its way."""

    def finish(self) -> tuple[Written, ...]:
        """Everything is on its way: what was written beside the letters."""


class ZipDelivery:
    """Letters for the post: each as a file, all in one zip. Used as a context; left by an error, it leaves no zip."""

    def __init__(self, folder: Path, as_of: date, language: Language) -> None:
        """Prepare the work folder. Raises OutputError.

        Args:
            folder: Exists already; nobody else writes there.
            as_of: The date of the files inside the zip.
            language: Of the list of registered letters.
        """
        self._folder, self._language = folder, language
        self._stamp = (as_of.year, as_of.month, as_of.day, 12, 0, 0)
        self._registered: list[tuple[Reminder, str]] = []
        self._written: list[Written] = []
        make_folder(folder / LETTERS)
        self._beside = folder / f".{ZIP}.part"
        with _writing(self._beside):
            self._file = self._beside.open("xb")
            self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> Self:
        """The delivery itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever happened, no half zip stays behind."""
        self._file.close()
        self._beside.unlink(missing_ok=True)

    def deliver(self, parcel: Parcel) -> Outcome:
        """Write a letter and put it into the zip. Raises OutputError."""
        document = f"{LETTERS}/{parcel.file}"
        write_file(self._folder / LETTERS / parcel.file, parcel.pdf)
        member = zipfile.ZipInfo(parcel.zip_name, self._stamp)
        member.create_system, member.external_attr = 3, 0o600 << 16
        with _writing(self._beside):
            self._zip.writestr(member, parcel.pdf)
        self._written.append(Written(document, sha256_of(parcel.pdf)))
        if parcel.reminder.level.registered:
            self._registered.append((parcel.reminder, parcel.file))
        return Outcome(parcel.reminder.id, "delivered", document, parcel.reminder.name)

    def finish(self) -> tuple[Written, ...]:
        """Put the zip, and the list of registered letters if there is one, in place. Raises OutputError.

        Returns:
            Every file that was written, letters first.
        """
        with _writing(self._folder / ZIP):
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            replace(self._beside, self._folder / ZIP)
        self._written.append(Written(ZIP, _digest(self._folder / ZIP)))
        if self._registered:
            self._add(REGISTERED, registered_workbook(self._registered, self._language))
        return tuple(self._written)

    def add_print_file(self, pdf: bytes) -> None:
        """Write the print file beside the zip. Raises OutputError."""
        self._add(PRINT, pdf)

    def _add(self, name: str, data: bytes) -> None:
        write_file(self._folder / name, data)
        self._written.append(Written(name, sha256_of(data)))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
