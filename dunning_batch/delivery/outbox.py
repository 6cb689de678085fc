"""Letters that go by e-mail: each as a PDF and as the message that carries it, written before anything is sent.

Messages are sent from here later, byte for byte. Drafts are sent by a person: they are delivered, as letters in the zip
are, by standing whole in the run's folder (fault 124); mail programs open them as messages yet to be sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dunning_batch.core.reminders import NOT_SENT_YET, Outcome
from dunning_batch.delivery.archive import Parcel, Written
from dunning_batch.delivery.message import Content, Heading, Message, Words, build
from dunning_batch.delivery.places import LETTERS
from dunning_batch.files import make_folder, sha256_of, sync_files, write_ahead

Kind = Literal["messages", "drafts"]
MESSAGES, DRAFTS = "messages", "drafts"


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it lies in the run's folder."""

    file: str  # relative to it
    sha256: str
    message_id: str
    recipients: tuple[str, ...]


class Outbox:
    """The messages of a run, or its drafts."""

    def __init__(
        self,
        folder: Path,
        kind: Kind,
        heading: Heading,
        previous: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Prepare the work folder. Raises OutputError.

        Args:
            folder: Exists already; nobody else writes there.
            kind: Whether the program sends them, or a person.
            heading: What they have in common.
            previous: Customer -> the Message-IDs of earlier reminders, oldest first.
        """
        self._folder, self._kind, self._heading, self._previous = folder, kind, heading, previous
        self.kept: dict[str, Kept] = {}  # by reminder
        self._written: list[Written] = []
        for name in (LETTERS, kind):
            make_folder(folder / name)

    def deliver(self, parcel: Parcel) -> Outcome:
        """Write a letter and its message. Raises OutputError."""
        document = f"{LETTERS}/{parcel.file}"
        write_ahead(self._folder / document, parcel.pdf)
        self._written.append(Written(document, sha256_of(parcel.pdf)))
        message = build(self._content(parcel), self._heading)
        self._keep(parcel, message)
        drafted = self._kind == DRAFTS
        return Outcome(
            parcel.reminder.id,
            "delivered" if drafted else "failed",
            self.kept[parcel.reminder.id].file if drafted else document,
            ", ".join(message.recipients),
            message.message_id,
            None if drafted else NOT_SENT_YET,
        )

    def finish(self) -> tuple[Written, ...]:
        """Put every file on the disk; what was written, in order. Raises OutputError."""
        sync_files(self._folder / one.path for one in self._written)
        return tuple(self._written)

    def _content(self, parcel: Parcel) -> Content:
        reminder, earlier = parcel.reminder, self._previous.get(parcel.reminder.customer.code, ())
        words = parcel.words or Words(reminder.level.name, "", "")
        return Content(reminder.id, reminder.name, reminder.customer.emails, words, parcel.file, parcel.pdf, earlier)

    def _keep(self, parcel: Parcel, message: Message) -> None:
        file = f"{self._kind}/{parcel.file.removesuffix('.pdf')}.eml"
        write_ahead(self._folder / file, message.data)
        kept = Kept(file, sha256_of(message.data), message.message_id, message.recipients)
        self.kept[parcel.reminder.id] = kept
        self._written.append(Written(file, kept.sha256))
