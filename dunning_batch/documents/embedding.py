"""Fonts inside PDFs: subsets that are cut and compressed once, however many letters are written.

Most letters use the same signs. Given to each document in one fixed order, these make the same subset, which is then
ready for the next letter: half of the time that a letter would take.
"""

import zlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFStream, PDFTrueTypeFont
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFont, makeToUnicodeCMap

_USUAL = "\u202f€àâäçèéêëîïôöùûüÿœæÀÂÇÈÉÊËÎÏÔÙÛÜŒÆ«»’‘“”…–—•°²³§·×−£¼½¾"
_SPACE, _FIXED_SPACE = 0x20, 0xA0  # one glyph
_ESCAPED = tuple(
    chr(code) if " " <= chr(code) <= "~" and chr(code) not in "()\\" else f"\\{code:03o}" for code in range(256)
)


class Packed(NamedTuple):
    """A compressed stream."""

    content: bytes
    entries: dict[str, object]


class Subset(NamedTuple):
    """Up to 256 signs of a face, as every document holds them."""

    name: str
    widths: bytes
    descriptor: dict[str, object]
    unicode: Packed  # what a reader copies out: code -> sign
    program: Packed


class SharedFont(TTFont):  # type: ignore[misc]
    """A TrueType face whose subsets are ready for every document that uses the same signs."""

    def __init__(self, name: str, path: Path) -> None:
        """Read the file; reportlab knows the face by its name from now on."""
        super().__init__(name, str(path))
        self._remembered = lru_cache(maxsize=32)(self._subset)
        self._usual: dict[int, str] = {}  # usual signs as every document writes them
        pdfmetrics.registerFont(self)

    def strings(self, text: str, document: PDFDocument) -> list[tuple[str, str]]:
        """A text as PDF strings without their brackets, each with the name that the document has for its subset."""
        if document not in self.state:
            self._begin(document)
        if self._usual.keys() >= set(map(ord, text)):
            return [(self.getSubsetInternalName(0, document), text.translate(self._usual))]
        return [
            (self.getSubsetInternalName(number, document), "".join(_ESCAPED[code] for code in codes))
            for number, codes in self.splitString(text, document)
        ]

    def addObjects(self, document: PDFDocument) -> None:  # noqa: N802 - reportlab's name, called when it saves
        """Put the subsets that were used into the document."""
        resource = document.fontMapping[self.fontName].removeprefix("/")
        for number, codes in enumerate(self.state.pop(document).subsets):
            subset = self._remembered(number, tuple(codes))
            program = _put(document, f"program:{subset.name}", subset.program)
            descriptor = PDFDictionary(subset.descriptor | {"FontFile2": program})
            font = PDFTrueTypeFont()
            font.Name, font.BaseFont = f"{resource}+{number}", subset.name
            font.FirstChar, font.LastChar, font.Widths = 0, len(codes) - 1, subset.widths
            font.ToUnicode = _put(document, f"unicode:{subset.name}", subset.unicode)
            font.FontDescriptor = document.Reference(descriptor, f"descriptor:{subset.name}")
            document.Reference(font, font.Name)
            document.idToObject["BasicFonts"].dict[font.Name] = font

    def _begin(self, document: PDFDocument) -> None:
        """Give a new document the usual signs, in the order that all documents share."""
        self.splitString(_USUAL, document)
        if not self._usual:
            usual = {sign: _ESCAPED[code] for sign, code in self.state[document].assignments.items()}
            self._usual = usual | {_FIXED_SPACE: usual[_SPACE]}

    def _subset(self, number: int, codes: tuple[int, ...]) -> Subset:
        face = self.face
        name = f"{SUBSETN(number).decode()}+{face.name.decode()}"
        program = face.makeSubset(list(codes))
        descriptor = {
            "Type": "/FontDescriptor",
            "FontName": PDFName(name),
            "Flags": face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC,  # our codes are no standard encoding
            "FontBBox": PDFArray(face.bbox),
            "Ascent": face.ascent,
            "Descent": face.descent,
            "CapHeight": face.capHeight,
            "ItalicAngle": face.italicAngle,
            "StemV": face.stemV,
            "MissingWidth": face.defaultWidth,
        }
        return Subset(
            name,
            PDFArray(map(face.getCharWidth, codes)).format(None),
            descriptor,
            _packed(makeToUnicodeCMap(name, codes).encode(), {}),
            _packed(program, {"Length1": len(program)}),
        )


def _packed(content: bytes, entries: dict[str, object]) -> Packed:
    return Packed(zlib.compress(content), entries | {"Filter": "/FlateDecode"})


def _put(document: PDFDocument, name: str, packed: Packed) -> object:
    """A reference to the stream, which is in the document now."""
    return document.Reference(PDFStream(PDFDictionary(packed.entries), packed.content), name)
