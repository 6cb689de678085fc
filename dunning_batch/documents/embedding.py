"""Fonts inside PDFs: subsets that are cut and compressed once, however many letters are written.

Most letters use the same signs. Given to each document in one fixed order, these make the same subset, which is then
ready for the next letter: most of the time that a letter would take.
"""

import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from reportlab.pdfbase.ttfonts import SUBSETN, TTFont, makeToUnicodeCMap

_USUAL = "\u202f€àâäçèéêëîïôöùûüÿœæÀÂÇÈÉÊËÎÏÔÙÛÜŒÆ«»’‘“”…–—•°²³§·×−£¼½¾"
_SPACE, _FIXED_SPACE = 0x20, 0xA0  # one glyph
_SYMBOLIC, _NOT_SYMBOLIC = 4, 32  # flags of a font descriptor: our codes are no standard encoding


class Document(Protocol):
    """What reportlab's fonts note in a document."""

    fontMapping: dict[str, str]  # noqa: N815 - reportlab's name
    delayedFonts: list["SharedFont"]  # noqa: N815


class Subset(NamedTuple):
    """Up to 256 signs of a face, in the syntax of PDF."""

    font: str  # dictionary entries
    descriptor: str
    unicode: bytes  # stream: what a reader copies out, code -> sign
    program: bytes  # stream


class SharedFont(TTFont):  # type: ignore[misc]
    """A TrueType face whose subsets are ready for every document that uses the same signs."""

    def __init__(self, name: str, path: Path) -> None:
        """Read the file."""
        super().__init__(name, str(path))
        self._remembered = lru_cache(maxsize=32)(self._subset)
        self._codes: dict[int, int] = {}  # of the usual signs, in every document

    def prepare(self, document: Document) -> None:
        """Give a new document the usual signs, in the order that all documents share."""
        self.splitString(_USUAL, document)
        self._codes = self._codes or dict(self.state[document].assignments) | {_FIXED_SPACE: _SPACE}

    def encoded(self, text: str, document: Document) -> list[tuple[str, bytes]]:
        """The codes of a text, each run with the name that the document has for its subset."""
        if self._codes.keys() >= set(map(ord, text)):
            return [(self.getSubsetInternalName(0, document), text.translate(self._codes).encode("latin-1"))]
        runs = self.splitString(text, document)
        return [(self.getSubsetInternalName(number, document), codes) for number, codes in runs]

    def subsets(self, document: Document) -> Iterator[tuple[str, Subset]]:
        """What a document uses of this face: the name that it has for each subset, and the subset."""
        for number, codes in enumerate(self.state[document].subsets):
            yield self.getSubsetInternalName(number, document), self._remembered(number, tuple(codes))

    def _subset(self, number: int, codes: tuple[int, ...]) -> Subset:
        face = self.face
        name = f"{SUBSETN(number).decode()}+{face.name.decode()}"
        program = face.makeSubset(list(codes))
        widths = " ".join(f"{face.getCharWidth(code):g}" for code in codes)
        box = " ".join(f"{edge:g}" for edge in face.bbox)
        return Subset(
            f"/Type /Font /Subtype /TrueType /BaseFont /{name} /FirstChar 0 /LastChar {len(codes) - 1} "
            f"/Widths [{widths}]",
            f"/Type /FontDescriptor /FontName /{name} /Flags {face.flags & ~_NOT_SYMBOLIC | _SYMBOLIC} "
            f"/FontBBox [{box}] /Ascent {face.ascent:g} /Descent {face.descent:g} /CapHeight {face.capHeight:g} "
            f"/ItalicAngle {face.italicAngle:g} /StemV {face.stemV:g} /MissingWidth {face.defaultWidth:g}",
            stream(makeToUnicodeCMap(name, codes).encode()),
            stream(program, f"/Length1 {len(program)}"),
        )


def stream(content: bytes, entries: str = "") -> bytes:
    """A compressed stream with its dictionary."""
    packed = zlib.compress(content)
    head = f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"
