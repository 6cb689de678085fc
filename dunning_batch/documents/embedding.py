"""Fonts inside PDFs: subsets that are cut and compressed once, however many letters are written.

Most letters use the same signs. Given to each document in one fixed order, these make the same subset, which is then
ready for the next letter: half of the time that a letter takes.
"""

import zlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFTrueTypeFont
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont, makeToUnicodeCMap

_USUAL = "\u202f€àâäçèéêëîïôöùûüÿœæÀÂÇÈÉÊËÎÏÔÙÛÜŒÆ«»’‘“”…–—•°²³§·×−£¼½¾"
_SYMBOLIC, _NOT_SYMBOLIC = 4, 32  # flags of a font descriptor: our codes are no standard encoding


class Subset(NamedTuple):
    """Up to 256 signs of a face, as a PDF holds them."""

    name: str
    widths: bytes
    unicode: bytes  # what a reader copies out: code -> sign
    program: bytes


class SharedFont(TTFont):  # type: ignore[misc]
    """A TrueType face for reportlab, which knows it by its name from now on."""

    def __init__(self, name: str, path: Path) -> None:
        """Read the file."""
        super().__init__(name, str(path))
        self.subset = lru_cache(maxsize=32)(self._subset)
        pdfmetrics.registerFont(self)

    def prepare(self, document: PDFDocument) -> None:
        """Give a new document the usual signs, in the order that all documents share."""
        self.splitString(_USUAL, document)

    def encoded(self, text: str, document: PDFDocument) -> list[tuple[str, bytes]]:
        """The codes of a text, each run with the name that the document has for its subset."""
        runs = self.splitString(text, document)
        return [(self.getSubsetInternalName(number, document), codes) for number, codes in runs]

    def addObjects(self, document: PDFDocument) -> None:  # noqa: N802 - reportlab's name, called when it saves
        """Put the subsets that were used into the document."""
        state = self.state[document]
        state.frozen = 1
        for number, codes in enumerate(state.subsets):
            subset = self.subset(number, tuple(codes))
            resource = self.getSubsetInternalName(number, document)[1:]
            font = PDFTrueTypeFont()
            font.Name, font.BaseFont = resource, subset.name
            font.FirstChar, font.LastChar, font.Widths = 0, len(codes) - 1, subset.widths
            font.ToUnicode = document.Reference(subset.unicode, f"unicode:{subset.name}")
            font.FontDescriptor = document.Reference(self._descriptor(subset, document), f"descriptor:{subset.name}")
            document.Reference(font, resource)
            document.idToObject["BasicFonts"].dict[resource] = font
        del self.state[document]

    def _subset(self, number: int, codes: tuple[int, ...]) -> Subset:
        name = f"{SUBSETN(number).decode()}+{self.face.name.decode()}"
        program = self.face.makeSubset(list(codes))
        return Subset(
            name,
            PDFArray(map(self.face.getCharWidth, codes)).format(None),
            _stream(makeToUnicodeCMap(name, codes).encode(), ""),
            _stream(program, f"/Length1 {len(program)} "),
        )

    def _descriptor(self, subset: Subset, document: PDFDocument) -> PDFDictionary:
        face = self.face
        return PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": PDFName(subset.name),
                "FontFile2": document.Reference(subset.program, f"program:{subset.name}"),
                "Flags": face.flags & ~_NOT_SYMBOLIC | _SYMBOLIC,
                "FontBBox": PDFArray(face.bbox),
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.capHeight,
                "ItalicAngle": face.italicAngle,
                "StemV": face.stemV,
                "MissingWidth": face.defaultWidth,
            }
        )


def _stream(content: bytes, extra: str) -> bytes:
    packed = zlib.compress(content, 9)
    head = f"<< {extra}/Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return head.encode() + packed + b"\nendstream\n"
