"""Header fields as bytes: ASCII, folded, and never with a line end that a name or subject brought along (fault 38, S5).

Encoded words (RFC 2047) are made here, not by the e-mail package: that one loses blanks where it parts a long accented
name, differently from version to version, and a stored message must be the same whenever it is made.
"""

import base64
import re
from collections.abc import Iterable, Iterator

from dunning_batch.delivery.mailbox import Mailbox

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_PLAIN = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_SAFE = re.compile(r"[!-9;-~]+: [ -~]*(?:\r\n [ -~]*)*\r\n")
_WORD = 42  # bytes in an encoded word: 56 signs of base64, 68 with what stands around it
_LONGEST = 60  # signs of a text that stands as it is


def one_line(text: str) -> str:
    """A text as a header may hold it: no line end, no control or direction mark."""
    return " ".join(_UNFIT.sub(" ", text).split())


def field(name: str, *parts: str) -> bytes:
    """One field, each part on a line of its own. Raises ValueError for anything that is no such field."""
    line = f"{name}: " + "\r\n ".join(parts) + "\r\n"
    if not _SAFE.fullmatch(line):
        raise ValueError(name)
    return line.encode("ascii")


def words(text: str) -> tuple[str, ...]:
    """A subject: as it stands where every server and reader takes that, else as encoded words."""
    text = one_line(text)
    return (text,) if _is_plain(text) else tuple(_encoded(text))


def address_parts(boxes: Iterable[Mailbox]) -> tuple[str, ...]:
    """Addresses with their names, for the parts of one field."""
    listed = [_with_name(box) for box in boxes]
    return tuple(part for box in (*([*one[:-1], f"{one[-1]},"] for one in listed[:-1]), *listed[-1:]) for part in box)


def _with_name(box: Mailbox) -> list[str]:
    name = one_line(box.name)
    if not name:
        return [box.address]
    if not _is_plain(name):
        return [*_encoded(name), f"<{box.address}>"]
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f"{name} <{box.address}>" if _ATOMS.fullmatch(name) else f'"{quoted}" <{box.address}>']


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and len(text) <= _LONGEST and "=?" not in text


def _encoded(text: str) -> Iterator[str]:
    """The text in encoded words; no letter is parted."""
    piece = b""
    for letter in text:
        data = letter.encode()
        if len(piece) + len(data) > _WORD:
            yield _word(piece)
            piece = b""
        piece += data
    yield _word(piece)


def _word(piece: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(piece).decode('ascii')}?="
