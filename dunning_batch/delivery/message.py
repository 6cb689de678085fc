"""One e-mail as bytes, without a network (faults 38, 39, 89; security rule S5).

Text and HTML, and the letter as a PDF. Everything is 7-bit, lines are short and end with CRLF, so that any server takes
it as it is. The same values make the same bytes: what is stored is what is sent, and what is sent again is the same.
"""

import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from dunning_batch.core.emailaddress import wire_address
from dunning_batch.delivery.headers import address_parts, field, words
from dunning_batch.delivery.mailbox import Mailbox

_LINE = 76  # signs of base64 in a line
_CHAIN = 10  # earlier reminders that a message refers to


@dataclass(frozen=True, slots=True)
class Heading:
    """What the messages of a run have in common."""

    sender: Mailbox
    moment: datetime  # of the run, with an offset
    reply_to: Mailbox | None = None
    redirect_to: Mailbox | None = None  # every message goes there, its subject marked
    unsent: bool = False  # drafts, which mail programs open to be sent


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says, beside the letter in it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Content:
    """What one customer gets."""

    reminder: str  # its id, from which the Message-ID is made
    name: str  # the customer's
    addresses: tuple[str, ...]  # checked, the customer's own only
    words: Words
    file: str  # name of the attachment, in ASCII
    pdf: bytes
    previous: tuple[str, ...] = ()  # Message-IDs of that customer's earlier reminders, oldest first


@dataclass(frozen=True, slots=True)
class Message:
    """An e-mail that is ready: its bytes are stored and sent as they are."""

    message_id: str
    recipients: tuple[str, ...]  # of the envelope; copies for the archive come on top
    data: bytes


def message_id(reminder: str, heading: Heading) -> str:
    """The Message-ID of a reminder: the same whenever it is made again, another one where it is redirected.

    A server that has seen a redirected message must not take the real one for its double.
    """
    tail = f".{heading.moment:%Y%m%d%H%M%S%f}" if heading.redirect_to else ""
    return f"<{reminder}{tail}@{heading.sender.domain}>"


def build(content: Content, heading: Heading) -> Message:
    """The message of one reminder."""
    recipients = tuple(wire_address(address) for address in content.addresses)
    if heading.redirect_to:
        recipients = (heading.redirect_to.address,)
    identity = message_id(content.reminder, heading)
    mixed, either = (_boundary(content.reminder, kind) for kind in ("mixed", "alternative"))
    texts = (_text_part("plain", content.words.text), _text_part("html", content.words.html))
    body = field("Content-Type", "multipart/alternative;", f'boundary="{either}"') + _parts(either, *texts)
    data = (
        *_head(content, heading, recipients, identity),
        field("MIME-Version", "1.0"),
        field("Content-Type", "multipart/mixed;", f'boundary="{mixed}"'),
        _parts(mixed, body, _attachment(content)),
        b"\r\n",
    )
    return Message(identity, recipients, b"".join(data))


def note(heading: Heading, subject: str, text: str) -> bytes:
    """A message of the sender to itself, without a letter."""
    identity = hashlib.sha256(f"{heading.sender.address} {heading.moment.isoformat()}".encode()).hexdigest()[:32]
    return b"".join((
        field("From", *address_parts([heading.sender])),
        field("To", *address_parts([heading.sender])),
        field("Subject", *words(subject)),
        field("Date", format_datetime(heading.moment)),
        field("Message-ID", f"<{identity}@{heading.sender.domain}>"),
        field("Auto-Submitted", "auto-generated"),
        field("MIME-Version", "1.0"),
        _text_part("plain", text),
    ))  # fmt: skip


def _head(content: Content, heading: Heading, recipients: tuple[str, ...], identity: str) -> Iterator[bytes]:
    subject = content.words.subject
    if heading.redirect_to:
        subject = f"[{', '.join(content.addresses)}] {subject}"
    yield field("From", *address_parts([heading.sender]))
    if heading.reply_to:
        yield field("Reply-To", *address_parts([heading.reply_to]))
    yield field("To", *address_parts(Mailbox(address, content.name) for address in recipients))
    yield field("Subject", *words(subject))
    yield field("Date", format_datetime(heading.moment))
    yield field("Message-ID", identity)
    if content.previous:
        yield field("In-Reply-To", content.previous[-1])
        yield field("References", *content.previous[-_CHAIN:])
    yield field("Auto-Submitted", "auto-generated")
    if heading.unsent:
        yield field("X-Unsent", "1")


def _boundary(reminder: str, kind: str) -> str:
    """A line that no part can hold: neither base64 nor quoted-printable ever writes `=_`."""
    return f"=_{hashlib.sha256(f'{kind} {reminder}'.encode()).hexdigest()[:32]}"


def _parts(boundary: str, *parts: bytes) -> bytes:
    mark = b"\r\n--" + boundary.encode("ascii")
    return b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--"


def _text_part(subtype: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return (
        field("Content-Type", f'text/{subtype}; charset="utf-8"')
        + field("Content-Transfer-Encoding", "quoted-printable")
        + b"\r\n"
        + binascii.b2a_qp(lines.encode("utf-8", "replace"), istext=True)
    )


def _attachment(content: Content) -> bytes:
    # One call for the whole file: the e-mail package takes ten times as long, line by line.
    encoded = binascii.b2a_base64(content.pdf, newline=False)
    lines = [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]
    return (
        field("Content-Type", "application/pdf;", f'name="{content.file}"')
        + field("Content-Disposition", "attachment;", f'filename="{content.file}"')
        + field("Content-Transfer-Encoding", "base64")
        + b"\r\n"
        + b"\r\n".join(lines)
    )
