"""Delivery by zip: letters as files, one zip for the post, the list of registered letters (faults 66, 70, 124).

Everything is written into a work folder and put on the disk; the letters are delivered when the caller gives that
folder its name. The same letters make the same zip: fixed dates, no compression, names in postal order.
"""

import contextlib
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.delivery.message import Words
from dunning_batch.delivery.partfile import PartFile
from dunning_batch.delivery.places import LETTERS, PRINT, REGISTERED, ZIP
from dunning_batch.delivery.registered import registered_workbook
from dunning_batch.files import make_folder, sha256_of, sync_files, write_ahead, write_file
from dunning_batch.language import Language

_UNIX = 3


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished letter."""

    reminder: Reminder
    file: str  # its name inside `letters/`
    zip_name: str  # its name inside the zip
    pdf: bytes
    words: Words | None = None  # of the e-mail that carries it; none for the post


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
        """Everything is on its way: what was written."""


class ZipDelivery:
    """Letters for the post: each as a file, all in one zip. Used as a context: left too early, it leaves no zip."""

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
        self._parts = {ZIP: PartFile(folder / ZIP)}
        self._zip = zipfile.ZipFile(self._parts[ZIP].file, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> Self:
        """The delivery itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever was not finished goes."""
        with contextlib.suppress(OSError, ValueError):
            self._zip.close()
        for part in self._parts.values():
            part.discard()

    def print_file(self) -> PartFile:
        """Where to write the print file, once; `finish` puts it in its place. Raises OutputError."""
        self._parts[PRINT] = PartFile(self._folder / PRINT)
        return self._parts[PRINT]

    def deliver(self, parcel: Parcel) -> Outcome:
        """Write a letter and put it into the zip. Raises OutputError."""
        document = f"{LETTERS}/{parcel.file}"
        write_ahead(self._folder / document, parcel.pdf)
        member = zipfile.ZipInfo(parcel.zip_name, self._stamp)
        member.create_system, member.external_attr = _UNIX, 0o600 << 16
        with self._parts[ZIP].writing():
            self._zip.writestr(member, parcel.pdf)
        self._written.append(Written(document, sha256_of(parcel.pdf)))
        if parcel.reminder.level.registered:
            self._registered.append((parcel.reminder, parcel.file))
        return Outcome(parcel.reminder.id, "delivered", document, parcel.reminder.name)

    def finish(self) -> tuple[Written, ...]:
        """Put zip, print file and the list of registered letters in place; none without letters. Raises OutputError.

        Returns:
            Every file that was written, letters first.
        """
        sync_files(self._folder / one.path for one in self._written)
        with self._parts[ZIP].writing():
            self._zip.close()
        if self._written:
            self._written += [Written(name, part.finish()) for name, part in self._parts.items()]
        if self._registered:
            data = registered_workbook(self._registered, self._language)
            write_file(self._folder / REGISTERED, data)
            self._written.append(Written(REGISTERED, sha256_of(data)))
        return tuple(self._written)
