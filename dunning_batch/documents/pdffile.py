"""A PDF as it is written: object after object, nothing kept but where each one stands (fault 72).

The same objects make the same bytes: no clock, no random identifier.
"""

import hashlib
import re
import zlib
from array import array
from typing import Protocol

_PLAIN = re.compile(r"[\x20-\x7e]*")
_UNSAFE_IN_NAMES = re.compile(rb"[^!-~]|[#%()<>\[\]{}/]")
_ENTRIES = 4096  # of the table of objects, written at once


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> object:
        """Write at the end."""


class PdfFile:
    """The objects of one PDF; numbers begin at 1."""

    def __init__(self, sink: Sink) -> None:
        """Begin the file."""
        self._sink, self._digest = sink, hashlib.sha256()
        self._places = array("Q", [0])  # by number
        self._length = 0
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._places.append(0)
        return len(self._places) - 1

    def put(self, body: bytes, number: int = 0) -> int:
        """Write an object; its number, a new one unless it was reserved."""
        number = number or self.reserve()
        self._places[number] = self._length
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def finish(self, root: int, info: int) -> None:
        """Write where each object stands; `root` and `info` are the numbers of the catalogue and of what it says."""
        start, count = self._length, len(self._places)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for first in range(1, count, _ENTRIES):
            places = self._places[first : first + _ENTRIES]
            self._write(b"".join(b"%010d 00000 n \n" % place for place in places))
        identity = self._digest.hexdigest()[:32].encode()
        trailer = b"<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>" % (count, root, info, identity, identity)
        self._write(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))

    def _write(self, data: bytes) -> None:
        self._sink.write(data)
        self._digest.update(data)
        self._length += len(data)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """The body of a stream, packed."""
    return packed_stream(zlib.compress(content), entries)


def packed_stream(packed: bytes, entries: bytes = b"") -> bytes:
    """The body of a stream that is packed already."""
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def name(text: str) -> bytes:
    """A name."""
    return b"/" + _UNSAFE_IN_NAMES.sub(lambda found: b"#%02X" % found[0][0], text.encode())


def string(text: str) -> bytes:
    """A text that readers show: of the outline, of what a file says of itself."""
    if _PLAIN.fullmatch(text):
        return b"(%s)" % re.sub(r"([()\\])", r"\\\1", text).encode()
    return b"<FEFF%s>" % text.encode("utf-16-be", "surrogatepass").hex().upper().encode()
