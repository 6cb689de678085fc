"""Pages as values: rows of texts, rules, panels and pictures at a height; `drawing.py` makes commands of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.fonts import Face

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM  # A4
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


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is laid out, ready to be drawn."""

    about: About
    pages: tuple[Page, ...]
    under: tuple[Artwork, Artwork] | None = None  # stationery: under the first page, under the others
    behind: tuple[Artwork, ...] = ()  # whole pages after its own: copies of invoices
