"""Pages as values: rows of texts, rules and panels at a height, drawn into a PDF as often as needed.

A letter is laid out once and drawn twice: into its own file, and into the print file, which holds one copy of the font.
Everything is text through one drawing call: no markup, no image, no link is ever interpreted (S7, fault 58).
The same input gives the same bytes: no clock, no random identifier.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol, Self

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfgen.canvas import Canvas

from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.fonts import Face, font

_RUN = re.compile(rb"[^\0]+")
rl_config.useA85 = 0  # ASCII85 would make every page a quarter longer

MM = 72 / 25.4
WIDTH, HEIGHT = A4
LEFT, RIGHT = 20 * MM, 190 * MM  # of the text

Ink = tuple[float, float, float]
BLACK: Ink = (0.13, 0.14, 0.16)
GREY: Ink = (0.40, 0.42, 0.45)
ACCENT: Ink = (0.12, 0.25, 0.40)
HAIRLINE: Ink = (0.78, 0.80, 0.83)
TINT: Ink = (0.945, 0.955, 0.965)


class Text(NamedTuple):
    """A text; `x` in points from the left edge of the page, `y` of its baseline in points below the row's top."""

    x: float
    y: float
    text: str
    face: Face = "regular"
    size: float = 10
    ink: Ink = BLACK


class Rule(NamedTuple):
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float = 0.5
    ink: Ink = HAIRLINE


class Panel(NamedTuple):
    """A filled rectangle; `y` is its top."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink = TINT


class Modules(NamedTuple):
    """The black squares of a code on a white square; `y` is its top."""

    x: float
    y: float
    side: float
    pitch: float  # of a module
    margin: int  # modules left white on each side
    lines: tuple[bytes, ...]  # a byte a module, 0 for white, from the top


class Picture(NamedTuple):
    """A drawing that fills a rectangle; `y` is its top."""

    x: float
    y: float
    width: float
    height: float
    artwork: Artwork


@dataclass(frozen=True, slots=True)
class Row:
    """What stays together on one page. Points."""

    height: float
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    panels: tuple[Panel, ...] = ()
    codes: tuple[Modules, ...] = ()
    pictures: tuple[Picture, ...] = ()
    keep: bool = False  # with the row that follows


Page = Sequence[tuple[float, Row]]  # rows and their tops, in points below the upper edge


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


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is laid out, ready to be drawn."""

    about: About
    pages: tuple[Page, ...]
    under: tuple[Artwork, Artwork] | None = None  # stationery: under the first page, under the others
    behind: tuple[Artwork, ...] = ()  # whole pages after its own: copies of invoices


def pdf_of(letter: Letter) -> bytes:
    """The letter as a PDF of its own."""
    file = io.BytesIO()
    with PrintFile(file, letter.about) as alone:
        alone.add(letter)
    return file.getvalue()


class PrintFile:
    """One PDF of many letters, each starting on a page of its own, with one copy of the font. Used as a context."""

    def __init__(self, file: Sink, about: About, *, duplex: bool = False) -> None:
        """Begin without pages; the file is written, and not closed, when the context ends.

        Args:
            file: Where it goes.
            about: The whole file.
            duplex: Each letter starts on a front page.
        """
        self._duplex = duplex
        first = font("regular").fontName  # else reportlab adds Helvetica, which is not embedded
        self._canvas = canvas = Canvas(
            file, pagesize=A4, invariant=1, pageCompression=1, lang=about.language, initialFontName=first
        )
        canvas.setTitle(about.title)
        canvas.setAuthor(about.author)
        canvas.setSubject(about.title)
        canvas.setCreator("dunning-batch")
        canvas.setDateFormatter(lambda *_: f"D:{about.day:%Y%m%d}120000+00'00'")
        canvas.setViewerPreference("DisplayDocTitle", "true")

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the file, unless something failed."""
        if kind is None:
            self._canvas.save()

    def add(self, letter: Letter, *, entry: str = "") -> None:
        """Draw the pages of a letter; `entry`: its line in the outline of the file."""
        document = self._canvas._doc  # noqa: SLF001 - reportlab has no public name for it
        if entry:
            place = f"page-{self._canvas.getPageNumber()}"
            self._canvas.bookmarkPage(place)
            self._canvas.addOutlineEntry(entry, place, level=0)
        for number, page in enumerate(letter.pages):
            if letter.under:
                self._canvas.doForm(letter.under[min(number, 1)].placed(document))
            self._place_pictures(page)
            self._canvas.addLiteral("\n".join([*_shapes(page), "BT", *_texts(page, document), "ET"]))
            self._canvas.showPage()
        for artwork in letter.behind:
            self._canvas.doForm(artwork.placed(document))
            self._canvas.showPage()
        if self._duplex and (len(letter.pages) + len(letter.behind)) % 2:
            self._canvas.showPage()

    def _place_pictures(self, page: Page) -> None:
        for top, row in page:
            for one in row.pictures:
                self._canvas.saveState()
                self._canvas.transform(one.width, 0, 0, one.height, one.x, HEIGHT - top - one.y - one.height)
                self._canvas.doForm(one.artwork.placed(self._canvas._doc))  # noqa: SLF001
                self._canvas.restoreState()


def _shapes(page: Page) -> Iterator[str]:
    for top, row in page:
        zero = HEIGHT - top
        for panel in row.panels:
            low = zero - panel.y - panel.height
            yield f"{_rgb(panel.ink)} rg {panel.x:.2f} {low:.2f} {panel.width:.2f} {panel.height:.2f} re f"
        for rule in row.rules:
            line = f"{rule.x:.2f} {zero - rule.y:.2f} m {rule.to_x:.2f} {zero - rule.to_y:.2f} l S"
            yield f"{_rgb(rule.ink)} RG {rule.width:g} w {line}"
        for code in row.codes:
            yield _modules(code, zero)


def _modules(code: Modules, zero: float) -> str:
    """A white square, then one path of all runs of black modules."""
    left, top, pitch = code.x + code.margin * code.pitch, zero - code.y - code.margin * code.pitch, code.pitch
    runs = [
        f"{left + run.start() * pitch:.3f} {top - (rank + 1) * pitch:.3f} {len(run[0]) * pitch:.3f} {pitch:.3f} re"
        for rank, line in enumerate(code.lines)
        for run in _RUN.finditer(line)
    ]
    white = f"1 1 1 rg {code.x:.2f} {zero - code.y - code.side:.2f} {code.side:.2f} {code.side:.2f} re f"
    return f"{white} 0 0 0 rg {' '.join(runs)} f"


def _texts(page: Page, document: PDFDocument) -> Iterator[str]:
    ink = chosen = None
    for top, row in page:
        for text in row.texts:
            if text.ink != ink:
                ink = text.ink
                yield f"{_rgb(ink)} rg"
            yield f"1 0 0 1 {text.x:.2f} {HEIGHT - top - text.y:.2f} Tm"
            for name, string in font(text.face).strings(text.text, document):
                if (name, text.size) != chosen:
                    chosen = (name, text.size)
                    yield f"{name} {text.size:g} Tf"
                yield f"({string}) Tj"


def _rgb(ink: Ink) -> str:
    return f"{ink[0]:g} {ink[1]:g} {ink[2]:g}"
