"""Drawn letters into PDFs: one in a file of its own, or many in one for the printer, with one copy of each font.

Pages are written as they come; what is kept of them is their number (fault 72).
"""

import io
from typing import Self

from dunning_batch.documents.drawing import Drawn, Sheet, Subset, draw
from dunning_batch.documents.fonts import font
from dunning_batch.documents.metadata import catalogue_entries, put_information
from dunning_batch.documents.pages import HEIGHT, WIDTH, About, Letter
from dunning_batch.documents.pdffile import PdfFile, Sink, name, packed_stream, string

_BRANCH = 64  # pages on one branch of the tree of pages
_BLANK = Sheet(b"")


def pdf_of(letter: Letter) -> bytes:
    """A letter that is laid out as a PDF of its own."""
    return bound(draw(letter))


def bound(drawn: Drawn) -> bytes:
    """A letter that is drawn as a PDF of its own."""
    file = io.BytesIO()
    with PrintFile(file, drawn.about) as alone:
        alone.add(drawn)
    return file.getvalue()


class PrintFile:
    """One PDF of many letters, each starting on a page of its own. Used as a context."""

    def __init__(self, sink: Sink, about: About, *, duplex: bool = False) -> None:
        """Begin without pages; the file has no end, and nobody opens it, unless the context ends well.

        Args:
            sink: Where it goes; it is not closed.
            about: The whole file.
            duplex: Each letter starts on a front page.
        """
        self._about, self._duplex = about, duplex
        self._file = PdfFile(sink)
        self._root, self._tree, self._fonts = (self._file.reserve() for _ in range(3))
        self._subsets: set[Subset] = set()
        self._forms: dict[str, int] = {}  # artworks that the file holds
        self._branches: list[int] = []
        self._leaves: list[int] = []  # of the last branch
        self._count = 0
        self._outline: list[tuple[str, int]] = []  # entry, its page

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the file, unless something failed."""
        if kind is None:
            self._finish()

    def add(self, drawn: Drawn, *, entry: str = "") -> None:
        """Write the pages of a letter; `entry`: its line in the outline of the file."""
        self._subsets |= drawn.fonts
        for form in (form for sheet in drawn.sheets for form in sheet.forms):
            if form not in self._forms:
                self._forms[form] = drawn.artworks[form].put(self._file)
        pages = [self._page(sheet) for sheet in drawn.sheets]
        if entry:
            self._outline.append((entry, pages[0]))
        if self._duplex and len(pages) % 2:
            self._page(_BLANK)

    def _page(self, sheet: Sheet) -> int:
        """Write a page; its number."""
        if len(self._leaves) % _BRANCH == 0:
            self._end_branch()
            self._branches.append(self._file.reserve())
        forms = b"".join(b"%s %d 0 R" % (name(form), self._forms[form]) for form in sheet.forms)
        resources = b"/Font %d 0 R%s" % (self._fonts, b"/XObject<<%s>>" % forms if forms else b"")
        content = b"/Contents %d 0 R" % self._file.put(packed_stream(sheet.content)) if sheet.content else b""
        size = b"/MediaBox[0 0 %.4f %.4f]" % (WIDTH, HEIGHT)
        parts = (self._branches[-1], size, resources, content)
        self._leaves.append(self._file.put(b"<</Type/Page/Parent %d 0 R%s/Resources<<%s>>%s>>" % parts))
        self._count += 1
        return self._leaves[-1]

    def _end_branch(self) -> None:
        if self._leaves:
            parts = (self._tree, len(self._leaves), _references(self._leaves))
            self._file.put(b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % parts, self._branches[-1])
            self._leaves = []

    def _finish(self) -> None:
        self._end_branch()
        kids = _references(self._branches)
        self._file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (self._count, kids), self._tree)
        fonts = [
            b"/%s %d 0 R" % (subset.name.encode(), font(subset.face).put(self._file, subset.number))
            for subset in sorted(self._subsets)
        ]
        self._file.put(b"<<%s>>" % b"".join(fonts), self._fonts)
        outline = b"/Outlines %d 0 R/PageMode/UseOutlines" % self._put_outline() if self._outline else b""
        says = catalogue_entries(self._file, self._about)
        self._file.put(b"<</Type/Catalog/Pages %d 0 R%s%s>>" % (self._tree, says, outline), self._root)
        self._file.finish(self._root, put_information(self._file, self._about))

    def _put_outline(self) -> int:
        """One line an entry; the number of their root."""
        root, numbers = self._file.reserve(), [self._file.reserve() for _ in self._outline]
        for place, (entry, page) in enumerate(self._outline):
            before = b"/Prev %d 0 R" % numbers[place - 1] if place else b""
            after = b"/Next %d 0 R" % numbers[place + 1] if place + 1 < len(numbers) else b""
            parts = (string(entry), root, page, before, after)
            self._file.put(b"<</Title%s/Parent %d 0 R/Dest[%d 0 R/Fit]%s%s>>" % parts, numbers[place])
        parts_of_root = (numbers[0], numbers[-1], len(numbers))
        return self._file.put(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % parts_of_root, root)


def _references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
