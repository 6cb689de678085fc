"""A PDF, written page by page as it grows: no page stays in memory, and the same pages make the same bytes.

Only what letters need: pages of text and lines in embedded fonts, a title, an author, a language, a date (ISO 32000-1,
7.5 for the file, 9.6.3 for the fonts).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from dunning_batch.documents.embedding import SharedFont, stream
from dunning_batch.documents.fonts import FACES, Face, font

_CATALOG, _PAGES, _INFO, _RESOURCES = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself."""

    title: str
    author: str
    language: str  # "fr-FR"
    day: date


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> object:
        """Write at the end."""


class PdfFile:
    """One document."""

    def __init__(self, file: Sink, about: About, width: float, height: float) -> None:
        """Begin without pages.

        Args:
            file: At its beginning; only written to, and not closed.
            about: Metadata.
            width: Of every page, in points.
            height: Likewise.
        """
        self.fontMapping: dict[str, str] = {}
        self.delayedFonts: list[SharedFont] = []
        self._file, self._about, self._box = file, about, f"[0 0 {width:.2f} {height:.2f}]"
        self._offsets = dict.fromkeys((_CATALOG, _PAGES, _INFO, _RESOURCES), 0)
        self._pages: list[int] = []
        self._size, self._digest = 0, hashlib.sha256()
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        for face in FACES:
            font(face).prepare(self)

    def encoded(self, text: str, face: Face) -> list[tuple[str, bytes]]:
        """A text as runs of codes, each with the name of its font on the pages of this document."""
        return font(face).encoded(text, self)

    def add_page(self, content: str) -> None:
        """A page from its drawing operators."""
        drawn = self._add(stream(content.encode("ascii")))
        page = f"<< /Type /Page /Parent {_PAGES} 0 R /Resources {_RESOURCES} 0 R /Contents {drawn} 0 R >>"
        self._pages.append(self._add(page.encode()))

    def close(self) -> None:
        """Write fonts, page tree and index."""
        fonts = [(name, self._add_font(subset)) for face in self.delayedFonts for name, subset in face.subsets(self)]
        listed = " ".join(f"{name} {number} 0 R" for name, number in fonts)
        self._put(_RESOURCES, f"<< /Font << {listed} >> /ProcSet [/PDF /Text] >>")
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._put(_PAGES, f"<< /Type /Pages /Count {len(self._pages)} /MediaBox {self._box} /Kids [{kids}] >>")
        self._put(_INFO, self._information())
        self._put(
            _CATALOG,
            f"<< /Type /Catalog /Pages {_PAGES} 0 R /Lang ({self._about.language}) "
            "/ViewerPreferences << /DisplayDocTitle true >> >>",
        )
        self._write_index()

    def _add_font(self, subset: tuple[str, str, bytes, bytes]) -> int:
        entries, descriptor, unicode, program = subset
        described = self._add(f"<< {descriptor} /FontFile2 {self._add(program)} 0 R >>".encode())
        return self._add(
            f"<< {entries} /FontDescriptor {described} 0 R /ToUnicode {self._add(unicode)} 0 R >>".encode()
        )

    def _information(self) -> str:
        moment = f"(D:{self._about.day:%Y%m%d}120000+00'00')"
        return (
            f"<< /Title {_text(self._about.title)} /Author {_text(self._about.author)} /Creator (dunning-batch) "
            f"/CreationDate {moment} /ModDate {moment} >>"
        )

    def _write_index(self) -> None:
        start, count = self._size, len(self._offsets) + 1
        entries = "".join(f"{self._offsets[number]:010} 00000 n \n" for number in range(1, count))
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n{entries}".encode())
        name = self._digest.hexdigest()[:32]
        trailer = f"<< /Size {count} /Root {_CATALOG} 0 R /Info {_INFO} 0 R /ID [<{name}> <{name}>] >>"
        self._write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())

    def _add(self, content: bytes) -> int:
        """A new object; its number."""
        number = len(self._offsets) + 1
        self._offsets[number] = self._size
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        return number

    def _put(self, number: int, content: str) -> None:
        """An object whose number was promised."""
        self._offsets[number] = self._size
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, content.encode()))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._size += len(data)
        self._digest.update(data)


def _text(text: str) -> str:
    """A text string in any script."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
