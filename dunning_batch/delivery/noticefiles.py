"""Files that hold delivery notices: messages (.eml), boxes of them (.mbox), folders of both.

Of each message only the beginning is kept: what a notice says, and the head of what it returns, stand before the
returned text. However large a file is, memory stays flat.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from dunning_batch.errors import InputError, Message, Problem, Source, msg

KEPT = 2_000_000  # bytes of one message that are looked at
_PIECE = 65_536
_SUFFIXES = frozenset({".eml", ".mbox", ".mbx"})
_ENVELOPE = b"From "  # begins each message of a box
_HEAD = 4_096
_FIELD = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_KNOWN = re.compile(
    rb"^(?:return-path|received|from|to|subject|date|message-id|mime-version|content-type)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


def messages_in(paths: Iterable[Path]) -> tuple[tuple[Source, bytes], ...]:
    """Every message of these files and folders, with where it stands.

    Raises:
        InputError: files that cannot be read or hold no e-mail, all of them named.
    """
    found: list[tuple[Source, bytes]] = []
    problems: list[Problem] = []
    for path in paths:
        for file in _files(path, problems):
            try:
                found += _messages(file, problems)
            except OSError as error:
                text = msg("The file cannot be read: {reason}.", reason=error.strerror or str(error))
                problems.append(Problem("notice_unreadable", text, "error", Source(str(file))))
    if problems:
        raise InputError(*problems)
    return tuple(found)


def _files(path: Path, problems: list[Problem]) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(one for one in path.rglob("*") if one.suffix.lower() in _SUFFIXES and one.is_file())
    if not files:
        text = msg("No file in this folder ends in .eml or .mbox: save the notices there first.")
        problems.append(Problem("no_notices", text, "error", Source(str(path))))
    return files


def _messages(path: Path, problems: list[Problem]) -> list[tuple[Source, bytes]]:
    """Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
        fault = _fault(head)
        if fault:
            problems.append(Problem("notice_unreadable", fault, "error", Source(str(path))))
            return []
        file.seek(0)
        if not head.startswith(_ENVELOPE):
            return [(Source(str(path)), file.read(KEPT).removeprefix(b"\xef\xbb\xbf").lstrip())]
        return [(Source(str(path), line), data) for line, data in _of_box(file)]


def _fault(head: bytes) -> Message | None:
    if not head:
        return msg("The file is empty.")
    if head.startswith(b"PK\x03\x04"):
        return msg("This is an archive: unpack it, and give the folder.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return msg(
            "This is a message in Outlook's own form: open it there and save it as .eml, or forward it to yourself as "
            "an attachment."
        )
    begins = head.startswith(_ENVELOPE) or _FIELD.match(head)
    if b"\x00" in head or not begins or not _KNOWN.search(head):
        return msg("This is no e-mail: notices are .eml files, .mbox files, or folders of them.")
    return None


def _of_box(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The line at which each message of a box begins, and its beginning."""
    number = begun = 0
    at_start = after_blank = True
    kept: list[bytes] = []
    room = 0
    while piece := file.readline(_PIECE):
        number += at_start
        if at_start and after_blank and piece.startswith(_ENVELOPE):
            if kept:
                yield begun, b"".join(kept)
            kept, room, begun = [], KEPT, number
        elif room > 0:
            kept.append(piece)
            room -= len(piece)
        after_blank = at_start and not piece.strip()
        at_start = piece.endswith(b"\n")
    if kept:
        yield begun, b"".join(kept)
