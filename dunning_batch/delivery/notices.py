"""A delivery notice: what it says became of a message, of which one, for which address, and why.

RFC 3464 reports first, then the words of mail systems that send none. Only a failure for good is a failure: delays,
receipts, successes and answers of people who are away are told apart (contract, section 1).
"""

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message as Mail
from email.policy import compat32

from dunning_batch.delivery.noticeparts import IDENTITY, clean, leaves, mails_in, status_blocks, text_of, value
from dunning_batch.delivery.noticetext import Failure, Kind, read_words
from dunning_batch.errors import Source

_NESTED = re.compile(rb"^content-type[ \t]*:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_MOST_NESTED = 40  # containers in one message; a notice has three
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
             "message/global-headers", "message/partial")  # fmt: skip
_QUOTED = re.compile(r"^[>\s]*message-id\s*:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ATTACHED = 2  # levels of messages that somebody attached to a message of their own


@dataclass(frozen=True, slots=True)
class Notice:
    """One message, understood."""

    source: Source
    identity: str  # the same for the same notice, wherever it was saved
    kind: Kind
    failures: tuple[Failure, ...] = ()
    originals: tuple[tuple[str, ...], ...] = ()  # Message-IDs it may be about, in groups, the surest first


def read_notice(data: bytes, source: Source) -> Notice:
    """What a message says; whatever it holds, this never raises."""
    unknown = Notice(source, _digest(data), "unreadable")
    if len(_NESTED.findall(data)) > _MOST_NESTED:
        return unknown
    try:
        mail = email.message_from_bytes(data, policy=compat32)
        return _understood(mail, unknown, _ATTACHED)
    # What the e-mail package raises on damaged messages, by its own list of defects and by what fuzzing showed.
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return unknown


def _understood(mail: Mail, unknown: Notice, depth: int) -> Notice:
    parts = tuple(leaves(mail))
    text = "\n".join(text_of(parts))
    kind, failures = _reported(parts)
    if kind == "other":
        kind, failures = read_words(mail, text)
    found = replace(unknown, kind=kind, failures=failures, identity=_identity(mail) or unknown.identity)
    if kind == "failure":
        return replace(found, originals=tuple(_originals(mail, parts, text)))
    inner = (_understood(one, unknown, depth - 1) for part in parts for one in mails_in(part)) if depth else ()
    return next((one for one in inner if one.kind == "failure"), found) if kind == "other" else found


def _identity(mail: Mail) -> str:
    """By its own Message-ID: saved twice, the same notice may differ in line ends and in headers of the way."""
    found = IDENTITY.search(value(mail, "Message-ID"))
    return _digest(found[0].encode("utf-8", "replace")) if found else ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data.replace(b"\r\n", b"\n").strip()).hexdigest()[:32]


def _reported(parts: tuple[Mail, ...]) -> tuple[Kind, tuple[Failure, ...]]:
    """What a report for programs says; `other` where there is none that says anything."""
    kinds = {part.get_content_type() for part in parts}
    if "message/disposition-notification" in kinds:
        return "receipt", ()
    if "message/feedback-report" in kinds:
        return "reply", ()
    blocks = [block for part in parts if part.get_content_type() in _REPORTS for block in status_blocks(part)]
    said = [(_action(block), block) for block in blocks if value(block, "Final-Recipient", "Original-Recipient")]
    failures = tuple(_failure(block) for action, block in said if action == "failed")
    if failures:
        return "failure", failures
    if any(action == "delayed" for action, _ in said):
        return "delayed", ()
    return ("delivered", ()) if any(action for action, _ in said) else ("other", ())


def _action(block: Mail) -> str:
    """`failed`, `delayed`, `delivered`, `relayed`, `expanded`; told from the status where the field is missing."""
    word = re.match(r"[a-z]+", value(block, "Action").lower())
    if word:
        return word[0]
    return {"5": "failed", "4": "delayed", "2": "delivered"}.get(value(block, "Status")[:1], "")


def _failure(block: Mail) -> Failure:
    status = _STATUS.search(value(block, "Status"))
    diagnostic = value(block, "Diagnostic-Code").split(";", 1)[-1].strip()
    code = status[0] if status else ""
    reason = diagnostic if code in diagnostic else f"{code} {diagnostic}"
    original, final = (_address(value(block, name)) for name in ("Original-Recipient", "Final-Recipient"))
    return Failure(original or final, final or original, clean(reason))


def _address(written: str) -> str:
    return clean(written.split(";", 1)[-1].strip(" <>\t"))


def _originals(mail: Mail, parts: tuple[Mail, ...], text: str) -> Iterator[tuple[str, ...]]:
    """The message that a failure is about. What it returns says so for certain; else what it answers or quotes."""
    for part in parts:
        if part.get_content_type() in _RETURNED and (found := _returned(part)):
            yield (found,)
            return
    yield tuple(IDENTITY.findall(value(mail, "In-Reply-To")))[:1]
    if quoted := _QUOTED.search(text):
        yield (quoted[1],)
        return
    yield tuple(IDENTITY.findall(value(mail, "References")))[-1:]
    yield tuple(dict.fromkeys(IDENTITY.findall(text)))


def _returned(part: Mail) -> str:
    inner = next(mails_in(part), None)
    if inner is not None:
        found = IDENTITY.search(value(inner, "Message-ID"))
        if found:
            return found[0]
    quoted = _QUOTED.search("\n".join(text_of((inner or part,))))
    return quoted[1] if quoted else ""
