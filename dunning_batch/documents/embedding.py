"""Fonts inside PDFs: fixed subsets, each cut and compressed once, however many letters are written.

Which code a sign has depends on the sign alone, never on the letter: a page that is drawn once fits every document.
Nearly every letter needs the first subset only, ASCII with the usual signs; each other one holds ASCII and 128 signs
of Unicode, so that a word seldom needs two.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFontFace

from dunning_batch.documents.pdffile import PdfFile, name, stream

_USUAL = "\u202f€àâäçèéêëîïôöùûüÿœæÀÂÇÈÉÊËÎÏÔÙÛÜŒÆ«»’‘“”…–—•°²³§·×−£¼½¾÷"
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_SPACE, _FIXED_SPACE = " ", "\u00a0"  # one glyph
_HIGH = 0x80  # the codes of what is not ASCII begin there
_ESCAPED = {"(": r"\(", ")": r"\)", "\\": r"\\"}
_BLOCK = 100  # most entries that a map of codes may have in one block


class Piece(NamedTuple):
    """A stretch of text in one subset, as a PDF string without its brackets."""

    subset: int
    string: str  # in Latin-1 it has the codes of the subset


class _Cut(NamedTuple):
    """A subset, ready for any document."""

    base: bytes  # its name
    widths: bytes
    descriptor: bytes
    unicode: bytes  # what a reader copies out: code -> sign
    program: bytes
    last: int  # its last code


class FontFile:
    """A TrueType face and its subsets."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self.face = TTFontFace(str(path))
        self._strings = lru_cache(maxsize=None)(self._strings_of)
        self._usual = str.maketrans(self._strings(0))
        self.cut = lru_cache(maxsize=None)(self._cut)

    def pieces(self, text: str) -> list[Piece]:
        """A text whose every sign the face has; the subset changes only where it must."""
        if self._strings(0).keys() >= set(text):
            return [Piece(0, text.translate(self._usual))]
        found: list[Piece] = []
        subset = 0
        for sign in text:
            if sign not in self._strings(subset):
                subset = 0 if sign in self._strings(0) else ord(sign) // _HIGH
            string = self._strings(subset)[sign]
            if found and found[-1].subset == subset:
                found[-1] = Piece(subset, found[-1].string + string)
            else:
                found.append(Piece(subset, string))
        return found

    def put(self, file: PdfFile, subset: int) -> int:
        """A subset into a document; the number of the font object."""
        cut = self.cut(subset)
        unicode, program = file.put(cut.unicode), file.put(cut.program)
        descriptor = file.put(b"<<%s/FontFile2 %d 0 R>>" % (cut.descriptor, program))
        head = b"/Type/Font/Subtype/TrueType/BaseFont%s/FirstChar 32/LastChar %d" % (cut.base, cut.last)
        parts = (head, cut.widths, unicode, descriptor)
        return file.put(b"<<%s/Widths[%s]/ToUnicode %d 0 R/FontDescriptor %d 0 R>>" % parts)

    def _signs(self, subset: int) -> list[str]:
        """What the codes from 0x80 on stand for; a blank where the face has no such sign."""
        signs = _USUAL if subset == 0 else map(chr, range(subset * _HIGH, (subset + 1) * _HIGH))
        return [sign if ord(sign) in self.face.charToGlyph else _SPACE for sign in signs]

    def _strings_of(self, subset: int) -> dict[str, str]:
        """Sign -> its code, as it stands in a string."""
        high = {sign: chr(_HIGH + place) for place, sign in enumerate(self._signs(subset)) if sign != _SPACE}
        return {sign: _ESCAPED.get(sign, sign) for sign in _ASCII} | {_FIXED_SPACE: _SPACE} | high

    def _cut(self, subset: int) -> _Cut:
        face = self.face
        codes = [*[ord(_SPACE)] * 0x20, *map(ord, _ASCII), ord(_SPACE), *map(ord, self._signs(subset))]
        base = f"{SUBSETN(subset).decode()}+{face.name.decode()}"
        program = face.makeSubset(codes)
        facts = {
            "FontName": f"/{base}",
            "Flags": face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC,  # our codes are no standard encoding
            "FontBBox": f"[{' '.join(f'{edge:g}' for edge in face.bbox)}]",
            "Ascent": f"{face.ascent:g}",
            "Descent": f"{face.descent:g}",
            "CapHeight": f"{face.capHeight:g}",
            "ItalicAngle": f"{face.italicAngle:g}",
            "StemV": f"{face.stemV:g}",
            "MissingWidth": f"{face.defaultWidth:g}",
        }
        return _Cut(
            name(base),
            " ".join(f"{face.getCharWidth(code):g}" for code in codes[0x20:]).encode(),
            ("/Type/FontDescriptor" + "".join(f"/{key} {value}" for key, value in facts.items())).encode(),
            stream(_unicode(codes)),
            stream(program, b"/Length1 %d" % len(program)),
            len(codes) - 1,
        )


def _unicode(codes: Sequence[int]) -> bytes:
    """The map from codes to signs."""
    return "\n".join((
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <00> <FF> endcodespacerange",
        *_blocks(codes),
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    )).encode()  # fmt: skip


def _blocks(codes: Sequence[int]) -> Iterator[str]:
    entries = [f"<{code:02X}> <{sign:04X}>" for code, sign in enumerate(codes)][0x20:]
    for some in _parts(entries, _BLOCK):
        yield "\n".join((f"{len(some)} beginbfchar", *some, "endbfchar"))


def _parts(things: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (things[start : start + size] for start in range(0, len(things), size))
