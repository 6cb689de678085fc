"""What a text file is made of, found in one pass over its bytes: encoding, line ends, digest (faults 5, 6, 21)."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dunning_batch.errors import InputError, Problem, Source, msg

BLOCK = 1 << 22
_SAMPLE = 1 << 24  # bytes with signs beyond ASCII that are looked at to tell an encoding
_DOS_LETTERS = bytes([0x82, 0x85, 0x87, 0x88, 0x8A, 0x8C, 0x93, 0x96, 0x97, 0xF8])  # é à ç ê è î ô û ù ° in CP850
_LATIN_LETTERS = bytes([*range(0xC0, 0xF8), *range(0xF9, 0x100)])  # without ø, which is ° in CP850
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UTF8_PAIR = re.compile(rb"[\xc3\xc2\xc5][\x80-\xbf]|\xe2[\x80-\xbf]{2}")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "cp1252",
         "iso8859-15": "ISO-8859-15",
         "cp850": "CP850"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """A text file as bytes."""

    path: Path
    shown: str
    sha256: str
    encoding: str
    bom: int  # bytes of it
    size: int
    has_controls: bool  # NUL bytes or end-of-file marks: lines are to be tidied before they are parsed
    ended: bool  # the last line has its end

    @property
    def encoding_name(self) -> str:
        """As told to users."""
        return NAMES[self.encoding] + (" BOM" if self.encoding == "utf-8" and self.bom else "")


def blocks(path: Path, skip: int = 0) -> Iterator[bytes]:
    """The bytes of a file, block by block."""
    with path.open("rb") as file:
        file.seek(skip)
        while block := file.read(BLOCK):
            yield block


def examine(path: Path, shown: str) -> Content:
    """Look at every byte of a file once. Raises InputError where it cannot be text."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    sample, size, controls, last, valid = bytearray(), 0, False, b"", True
    for block in blocks(path):
        digest.update(block)
        controls = controls or b"\0" in block or b"\x1a" in block
        if not block.isascii() or decoder.getstate()[0]:
            valid = valid and _goes_on(decoder, block)
            if len(sample) < _SAMPLE:
                sample += block
        size, last = size + len(block), block
    head = next(blocks(path), b"")
    bom, encoding = next(((len(mark), name) for mark, name in _BOMS if head.startswith(mark)), (0, ""))
    if not encoding:
        encoding = _utf16_without_bom(head) or (
            "utf-8" if valid and not decoder.getstate()[0] else _single_byte(bytes(sample))
        )
    if encoding == "utf-8" and not valid:
        _refuse_byte(path, shown, _first_bad_utf8(path))
    if encoding == "cp1252":
        _refuse_undefined(path, shown)
    return Content(
        path, shown, digest.hexdigest(), encoding, bom, size, controls, last.endswith((b"\n", b"\r", b"\n\0", b"\0\n"))
    )


def _goes_on(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_bom(head: bytes) -> str:
    """A text of Latin letters has a NUL in every second byte."""
    pairs = head[:2000]
    if len(pairs) < 40:
        return ""
    even, odd = pairs[::2].count(0), pairs[1::2].count(0)
    most = 0.4 * len(pairs[::2])
    return "utf-16-le" if odd > most and not even else "utf-16-be" if even > most and not odd else ""


def _single_byte(sample: bytes) -> str:
    """The encoding of bytes that are no UTF-8: CP850 by its letters, ISO-8859-15 or cp1252 by what only one has."""
    dos = sum(map(sample.count, (bytes([letter]) for letter in _DOS_LETTERS)))
    latin = len(sample) - len(sample.translate(None, _LATIN_LETTERS))
    if dos > latin:
        return "cp850"
    has_c1 = len(sample) != len(sample.translate(None, bytes(range(0x80, 0xA0))))
    return "cp1252" if has_c1 else "iso8859-15"


def _refuse_undefined(path: Path, shown: str) -> None:
    """A byte that the encoding does not have, or a file that is UTF-8 but for a damaged byte."""
    line = 1
    for block in blocks(path):
        if len(_UTF8_PAIR.findall(block)) > 2 * len(re.findall(rb"[\x80-\xff]", _UTF8_PAIR.sub(b"", block))) > 0:
            _refuse_byte(path, shown, _first_bad_utf8(path))
        if found := _NOT_CP1252.search(block):
            _refuse_byte(path, shown, line + block.count(b"\n", 0, found.start()))
        line += block.count(b"\n")


def _first_bad_utf8(path: Path) -> int:
    line, decoder = 1, codecs.getincrementaldecoder("utf-8")()
    for block in blocks(path):
        for piece in block.splitlines(keepends=True):
            if not _goes_on(decoder, piece):
                return line
            line += piece.endswith(b"\n")
    return line


def _refuse_byte(path: Path, shown: str, line: int) -> None:
    text = msg("This line holds a byte that cannot be read as text: the file is damaged. Export it again.")
    raise InputError(Problem("unreadable_byte", text, "error", Source(shown, line)))
