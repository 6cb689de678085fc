"""What a text file is made of: its encoding, damaged bytes, lines that are none (faults 5, 21)."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from dunning_batch.errors import InputError, Problem, Source, msg

BLOCK = 3 << 20  # smaller ones cost more calls than they save memory
HEAD = 1 << 16
LONGEST_LINE = 1 << 18
_PIECE = 1 << 16  # what the processor keeps near
_SAMPLE = 1 << 20  # bytes of blocks with signs beyond ASCII that are looked at to tell an encoding
# Within words what are signs of punctuation in cp1252; é and É (a low quotation mark, and nothing) also at their ends.
_DOS_LETTERS = re.compile(
    rb"[\x82\x90](?=[A-Za-z])|(?<=[A-Za-z])[\x82\x90]"
    rb"|(?<=[A-Za-z])[\x80\x81\x83\x85\x87\x88\x8a\x8c\x93\x96\x97](?=[A-Za-z\x82\x8a])|\xf8"
)
_LATIN_LETTERS = re.compile(rb"[\xc0-\xf7\xf9-\xff]")  # without ø, which is ° in CP850
_NOT_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_NO_UTF8, _BEYOND_ASCII = re.compile("[\udc80-\udcff]"), re.compile("[^\0-\x7f\udc80-\udcff]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "cp1252",
          "iso8859-15": "ISO-8859-15", "cp850": "CP850"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """A text file as bytes."""

    path: Path
    shown: str
    encoding: str
    bom: int  # bytes of it
    has_nul: bool
    ended: bool  # the last line has its end
    sha256: str = ""  # of its bytes; empty where only its beginning was looked at

    @property
    def is_wide(self) -> bool:
        """Whether a sign is more than one byte wide even in ASCII."""
        return self.encoding.startswith("utf-16")

    def reads_like(self, other: "Content") -> bool:
        """Whether the bytes of both mean the same texts."""
        return (self.encoding, self.bom, self.has_nul) == (other.encoding, other.bom, other.has_nul)

    @property
    def encoding_name(self) -> str:
        """As told to users."""
        return _NAMES[self.encoding] + (" BOM" if self.encoding == "utf-8" and self.bom else "")


def blocks(path: Path, skip: int = 0) -> Iterator[bytes]:
    """The bytes of a file, block by block."""
    with path.open("rb") as file:
        file.seek(skip)
        while block := file.read(BLOCK):
            yield block


def pieces(block: np.ndarray) -> Iterator[np.ndarray]:
    """A block cut so that what is made of a piece stays near the processor, and in memory that is used again."""
    return (block[place : place + _PIECE] for place in range(0, len(block), _PIECE))


def examine(path: Path, shown: str) -> Content:
    """Look at every byte of a file once, and take its digest. Raises InputError where it cannot be text."""
    survey, digest = _Survey(), hashlib.sha256()
    for block in blocks(path):
        survey.take(block)
        digest.update(block)
    if survey.too_long:
        text = msg("This line is longer than any line of a ledger: the file is damaged. Export it again.")
        raise InputError(Problem("long_line", text, "error", Source(shown, _line_at(path, survey.long_at))))
    content = survey.content(path, shown)
    if (content.encoding == "utf-8" and not survey.is_whole_utf8) or content.is_wide:
        _refuse_undecodable(content)
    if content.encoding == "cp1252":
        _refuse_undefined(content)
    return replace(content, sha256=digest.hexdigest())


def presumed(path: Path, shown: str, head: bytes) -> Content:
    """What the first lines of a file tell of it: what `examine` finds, where the rest is like them."""
    survey = _Survey()
    survey.take(head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head)
    return survey.content(path, shown)


def text_of(head: bytes) -> str:
    """The beginning of a file as text; a guess where it is all that is looked at."""
    bom, encoding = encoding_of(head)
    if not encoding:
        is_utf8 = _is_utf8(head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head)
        encoding = "utf-8" if is_utf8 else _single_byte(head, re.search(rb"[\x80-\x9f]", head) is not None)
    return head[bom:].decode(encoding, errors="replace").replace("\0", "")


def encoding_of(head: bytes) -> tuple[int, str]:
    """The length of the byte order mark and the encoding it tells, or that NULs between letters tell; else empty."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return len(mark), name
    pairs = head[:2000]
    even, odd, most = pairs[::2].count(0), pairs[1::2].count(0), 0.4 * len(pairs[::2])
    if len(pairs) < 40 or (even and odd):
        return 0, ""
    return 0, "utf-16-le" if odd > most else "utf-16-be" if even > most else ""


def told_by(data: bytes) -> str:
    """The encoding of a whole text without a byte order mark."""
    return "utf-8" if _is_utf8(data) else _single_byte(data, _has_c1(data))


@dataclass(slots=True)
class _Survey:
    """What is known of the blocks so far."""

    head: bytes = b""
    sample: bytearray = field(default_factory=bytearray)  # of what is not ASCII
    size: int = 0
    is_utf8: bool = True
    has_nul: bool = False
    has_c1: bool = False  # bytes 80 to 9F
    too_long: bool = False
    long_at: int = 0
    ended: bool = False
    _line: int = 0  # bytes of the line that the last block left open
    _open: bytes = b""  # the end of the last block that may lack bytes of a sign

    @property
    def is_whole_utf8(self) -> bool:
        """Whether all of it is valid, the last sign too."""
        return self.is_utf8 and not self._open

    def content(self, path: Path, shown: str) -> Content:
        """What a file is, if it is what was seen."""
        bom, encoding = encoding_of(self.head)
        if not encoding:
            encoding = "utf-8" if self.is_whole_utf8 else _single_byte(bytes(self.sample), self.has_c1)
        has_nul = self.has_nul and not encoding.startswith("utf-16")
        return Content(path, shown, encoding, bom, has_nul, self.ended)

    def take(self, block: bytes) -> None:
        """The next block."""
        self.head = self.head or block[:HEAD]
        self.has_nul = self.has_nul or b"\0" in block
        self._find_long_line(block)
        if not block.isascii() or self._open:
            self._take_signs(block)
        self.size += len(block)
        self.ended = block.rstrip(b"\0\x1a")[-1:] in (b"\n", b"\r")

    def _take_signs(self, block: bytes) -> None:
        if len(self.sample) < _SAMPLE:
            self.sample += block
        if self.is_utf8:
            whole = self._open + block
            cut = len(whole) - _incomplete(whole)
            self.is_utf8, self._open = _is_utf8(whole[:cut]), whole[cut:]
        if not self.is_utf8 and not self.has_c1:
            self.has_c1 = _has_c1(block)

    def _find_long_line(self, block: bytes) -> None:
        place = 0
        while not self.too_long and len(block) - place > LONGEST_LINE - self._line:
            end = _last_end(block, place, place + LONGEST_LINE - self._line)
            self.too_long, self.long_at = end < 0, self.size + place
            place, self._line = end + 1, 0
        end = _last_end(block, place, len(block))
        self._line = len(block) - 1 - end if end >= 0 else self._line + len(block) - place


def _has_c1(block: bytes) -> bool:
    return any(((piece - np.uint8(0x80)) < 0x20).any() for piece in pieces(np.frombuffer(block, np.uint8)))


def _last_end(block: bytes, start: int, stop: int) -> int:
    return max(block.rfind(b"\n", start, stop), block.rfind(b"\r", start, stop))


def _incomplete(text: bytes) -> int:
    """How many bytes at the end begin a sign in UTF-8 that is not whole."""
    for count in range(1, min(4, len(text) + 1)):
        byte = text[-count]
        if byte >= 0xC0:
            return count if count < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
        if byte < 0x80:
            return 0
    return 0


def _is_utf8(text: bytes) -> bool:
    offsets = np.array([0, len(text)], np.int64)
    array = pa.LargeStringArray.from_buffers(1, pa.py_buffer(offsets), pa.py_buffer(text))
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _single_byte(sample: bytes, has_c1: bool) -> str:
    """The encoding of bytes that are no valid UTF-8.

    UTF-8 with damage if most signs are valid; CP850 by its letters; cp1252 by bytes that ISO-8859-15 has no use for.
    """
    text = sample.decode("utf-8", errors="surrogateescape")
    if len(_BEYOND_ASCII.findall(text)) > len(_NO_UTF8.findall(text)):
        return "utf-8"
    if len(_DOS_LETTERS.findall(sample)) > len(_LATIN_LETTERS.findall(sample)):
        return "cp850"
    return "cp1252" if has_c1 else "iso8859-15"


def _refuse_undecodable(content: Content) -> None:
    """UTF-8 with a damaged byte, UTF-16 with half a sign."""
    decoder = codecs.getincrementaldecoder(content.encoding)()
    line = 1
    for block in blocks(content.path, content.bom):
        for piece in re.split(rb"(?<=\n)", block):
            try:
                line += decoder.decode(piece).count("\n")
            except UnicodeDecodeError:
                _refuse_byte(content, line)
    if decoder.getstate()[0]:
        _refuse_byte(content, line)


def _refuse_undefined(content: Content) -> None:
    """A byte that cp1252 does not have."""
    place = 0
    for block in blocks(content.path):
        if len(block.translate(None, _NOT_IN_CP1252)) != len(block):
            first = min(found for found in map(block.find, (bytes([b]) for b in _NOT_IN_CP1252)) if found >= 0)
            _refuse_byte(content, _line_at(content.path, place + first))
        place += len(block)


def _line_at(path: Path, place: int) -> int:
    """The number of the line that holds a byte."""
    line, last = 1, b""
    for block in blocks(path):
        part = block[:place]
        line += part.count(b"\n") + part.count(b"\r") - part.count(b"\r\n") - (last + part[:1] == b"\r\n")
        place, last = place - len(part), part[-1:]
        if place <= 0:
            break
    return line


def _refuse_byte(content: Content, line: int) -> None:
    text = msg("This line holds a byte that cannot be read as text: the file is damaged. Export it again.")
    raise InputError(Problem("unreadable_byte", text, "error", Source(content.shown, line)))
