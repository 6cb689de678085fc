"""Pages as values: rows of texts, rules and panels at a height, drawn into a PDF as often as needed.

A letter is laid out once and drawn twice: into its own file, and into the print file, which holds one copy of the font.
Everything is text through one drawing call: no markup, no image, no link is ever interpreted (S7, fault 58).
The same input gives the same bytes: no clock, no random identifier.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, NamedTuple

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from dunning_batch.documents.fonts import FACES, Face, font

rl_config.useA85 = 0  # ASCII85 would make every page a quarter longer

MM = 72 / 25.4
WIDTH, HEIGHT = A4

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


@dataclass(frozen=True, slots=True)
class Row:
    """What stays together on one page. Points."""

    height: float
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    panels: tuple[Panel, ...] = ()
    keep: bool = False  # with the row that follows


Page = Sequence[tuple[float, Row]]  # rows and their tops, in points below the upper edge


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is laid out, ready to be drawn."""

    title: str
    author: str
    language: str
    day: date
    pages: tuple[Page, ...]


def pdf_of(letter: Letter) -> bytes:
    """The letter as a PDF of its own."""
    file = io.BytesIO()
    canvas = _canvas(file, letter.title, letter.author, letter.language, letter.day)
    _draw_all(canvas, letter.pages)
    canvas.save()
    return file.getvalue()


class PrintFile:
    """One PDF of many letters, each starting on a page of its own, with one copy of the font."""

    def __init__(self, title: str, author: str, language: str, day: date) -> None:
        """Begin without pages."""
        self._file = io.BytesIO()
        self._canvas = _canvas(self._file, title, author, language, day)

    def add(self, letter: Letter) -> None:
        """Draw the pages of a letter."""
        _draw_all(self._canvas, letter.pages)

    def content(self) -> bytes:
        """The whole file; nothing can be added any more."""
        self._canvas.save()
        return self._file.getvalue()


def _canvas(file: IO[bytes], title: str, author: str, language: str, day: date) -> Canvas:
    first = font("regular").fontName
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1, lang=language, initialFontName=first)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject(title)
    canvas.setCreator("dunning-batch")
    canvas.setDateFormatter(lambda *_: f"D:{day:%Y%m%d}120000+00'00'")
    for face in FACES:
        font(face).prepare(canvas._doc)  # noqa: SLF001 - reportlab gives its documents no public name
    return canvas


def _draw_all(canvas: Canvas, pages: Iterable[Page]) -> None:
    for page in pages:
        canvas.addLiteral("\n".join([*_shapes(page), "BT", *_texts(page, canvas), "ET"]))
        canvas.showPage()


def _shapes(page: Page) -> Iterator[str]:
    for top, row in page:
        zero = HEIGHT - top
        for panel in row.panels:
            low = zero - panel.y - panel.height
            yield f"{_rgb(panel.ink)} rg {panel.x:.2f} {low:.2f} {panel.width:.2f} {panel.height:.2f} re f"
        for rule in row.rules:
            line = f"{rule.x:.2f} {zero - rule.y:.2f} m {rule.to_x:.2f} {zero - rule.to_y:.2f} l S"
            yield f"{_rgb(rule.ink)} RG {rule.width:g} w {line}"


def _texts(page: Page, canvas: Canvas) -> Iterator[str]:
    ink = chosen = None
    for top, row in page:
        for text in row.texts:
            if text.ink != ink:
                ink = text.ink
                yield f"{_rgb(ink)} rg"
            yield f"1 0 0 1 {text.x:.2f} {HEIGHT - top - text.y:.2f} Tm"
            for name, codes in font(text.face).encoded(text.text, canvas._doc):  # noqa: SLF001
                if (name, text.size) != chosen:
                    chosen = (name, text.size)
                    yield f"{name} {text.size:g} Tf"
                yield f"<{codes.hex()}> Tj"


def _rgb(ink: Ink) -> str:
    return f"{ink[0]:g} {ink[1]:g} {ink[2]:g}"
