"""Pages into drawing commands, once: the letter's own file and the print file hold the same ones.

Everything is text through one drawing call: no markup, no image, no link is ever interpreted (S7, fault 58).
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.fonts import FACES, Face, font
from dunning_batch.documents.pages import HEIGHT, About, Ink, Letter, Modules, Page

_RUN = re.compile(rb"[^\0]+")


class Subset(NamedTuple):
    """Signs of a face that a page uses."""

    face: Face
    number: int

    @property
    def name(self) -> str:
        """What pages call it: the same in every document."""
        return f"F{FACES.index(self.face)}.{self.number}"


class Sheet(NamedTuple):
    """One page: its commands, packed, and the drawings that they place."""

    content: bytes
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter that is drawn: whatever document it goes into, its pages are these."""

    about: About
    sheets: tuple[Sheet, ...]
    fonts: frozenset[Subset]
    artworks: Mapping[str, Artwork]  # by name: what the sheets place, and perhaps more


def draw(letter: Letter) -> Drawn:
    """Draw every page of a letter."""
    fonts: set[Subset] = set()
    artworks: dict[str, Artwork] = {}
    sheets = []
    for number, page in enumerate(letter.pages):
        placed = [*([letter.under[min(number, 1)]] if letter.under else []), *_artworks(page)]
        under = [f"/{letter.under[min(number, 1)].name} Do"] if letter.under else []
        commands = "\n".join([*under, *_pictures(page), *_shapes(page), "BT", *_texts(page, fonts), "ET"])
        sheets.append(_sheet(commands, placed, artworks))
    sheets += [_sheet(f"/{artwork.name} Do", [artwork], artworks) for artwork in letter.behind]
    return Drawn(letter.about, tuple(sheets), frozenset(fonts), artworks)


def _sheet(commands: str, placed: list[Artwork], artworks: dict[str, Artwork]) -> Sheet:
    artworks.update((one.name, one) for one in placed)
    return Sheet(zlib.compress(commands.encode("latin-1")), tuple(dict.fromkeys(one.name for one in placed)))


def _artworks(page: Page) -> Iterator[Artwork]:
    return (one.artwork for _, row in page for one in row.pictures)


def _pictures(page: Page) -> Iterator[str]:
    for top, row in page:
        for one in row.pictures:
            low = HEIGHT - top - one.y - one.height
            place = f"{one.width:.4f} 0 0 {one.height:.4f} {one.x:.4f} {low:.4f} cm"
            yield f"q {place} /{one.artwork.name} Do Q"


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


def _texts(page: Page, fonts: set[Subset]) -> Iterator[str]:
    ink = chosen = None
    for top, row in page:
        for text in row.texts:
            if text.ink != ink:
                ink = text.ink
                yield f"{_rgb(ink)} rg"
            yield f"1 0 0 1 {text.x:.2f} {HEIGHT - top - text.y:.2f} Tm"
            for piece in font(text.face).pieces(text.text):
                if (text.face, piece.subset, text.size) != chosen:
                    chosen = (text.face, piece.subset, text.size)
                    fonts.add(subset := Subset(text.face, piece.subset))
                    yield f"/{subset.name} {text.size:g} Tf"
                yield f"({piece.string}) Tj"


def _rgb(ink: Ink) -> str:
    return f"{ink[0]:g} {ink[1]:g} {ink[2]:g}"
