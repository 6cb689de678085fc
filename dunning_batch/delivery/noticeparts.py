"""The parts of a message that somebody else made: read without trust in charsets, encodings or structure."""

import binascii
import email
import html
import re
from collections.abc import Iterable, Iterator
from email.header import decode_header
from email.message import Message
from email.policy import compat32

from dunning_batch.delivery.headers import one_line

IDENTITY = re.compile(r"<[^<>\s@]{1,250}@[^<>\s@]{1,250}>")
_TAG = re.compile(r"<[^<>]*>")
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/tr|/h\d)\b[^<>]*>", re.IGNORECASE)
_STYLE = re.compile(r"<(style|script)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")
_LONGEST = 300


def clean(text: str) -> str:
    """A text as a terminal or a cell may show it: one line, no controls, not too long."""
    return one_line(text)[:_LONGEST]


def leaves(mail: Message) -> Iterator[Message]:
    """The parts that are no containers; a message inside is one part, and what it holds is none."""
    payload = mail.get_payload()
    if mail.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from leaves(part)
    else:
        yield mail


def mails_in(part: Message) -> Iterator[Message]:
    """The message that a part returns or has attached."""
    payload = part.get_payload()
    if part.get_content_maintype() == "message" and isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def value(mail: Message, *names: str) -> str:
    """The first of these fields that is there, decoded, its lines joined."""
    found = next((str(field) for name in names if (field := mail.get(name)) is not None), "")
    if "=?" not in found:
        return " ".join(found.split())
    try:
        pieces = decode_header(found)
    except (ValueError, binascii.Error):
        return " ".join(found.split())
    texts = (piece if isinstance(piece, str) else decoded(piece, charset or "ascii") for piece, charset in pieces)
    return " ".join("".join(texts).split())


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text: by their charset, else by the usual ones; nothing is refused."""
    for name in (charset, "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def text_of(parts: Iterable[Message]) -> Iterator[str]:
    """What the parts say to a reader: plain text, and HTML where there is no plain text."""
    readable = [part for part in parts if not isinstance(part.get_payload(), list)]
    plain = [part for part in readable if part.get_content_subtype() not in ("html", "delivery-status")]
    texts = [part for part in plain if part.get_content_maintype() in ("text", "multipart", "message")]
    for part in texts:
        yield _content(part)
    if not any(part.get_content_subtype() == "plain" for part in texts):
        for part in readable:
            if part.get_content_type() == "text/html":
                yield _words(_content(part))


def _content(part: Message) -> str:
    data = part.get_payload(decode=True)
    return decoded(data, str(part.get_content_charset() or "utf-8")) if isinstance(data, bytes) else ""


def _words(source: str) -> str:
    lines = _LINE_TAG.sub("\n", _STYLE.sub(" ", source))
    return html.unescape(_TAG.sub(" ", lines))


def status_blocks(part: Message) -> Iterator[Message]:
    """The blocks of fields of a report for programs: one of the message, one of each address."""
    payload = part.get_payload()
    if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))
        return
    # The package takes an international report for a message, its blocks but the first for what that says.
    inner = next((one.get_payload() for one in mails_in(part)), payload)
    for block in _BLANK.split(inner) if isinstance(inner, str) else ():
        yield email.message_from_string(block.lstrip(), policy=compat32)
