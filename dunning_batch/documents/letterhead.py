"""A company's own stationery: a PDF laid under each page, its first page under the first, its last under the others.

It is read and checked once, before the first letter; whatever is wrong is said with the key `[letters] letterhead`.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from pypdf import PageObject, PdfReader

from dunning_batch.documents.artwork import Artwork, ArtworkError, page_artwork
from dunning_batch.documents.foreign import DAMAGED
from dunning_batch.documents.freearea import printed_boxes
from dunning_batch.documents.logo import Logo, load_logo
from dunning_batch.documents.matrices import Matrix
from dunning_batch.documents.pages import HEIGHT, MM, WIDTH
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.errors import ConfigurationError, Message, Problem, Source, msg
from dunning_batch.files import sha256_of

_KEY = "[letters] letterhead"
_MOST_BYTES = 20_000_000
_SIZE_TOLERANCE = 3 * MM
_BACKGROUND = 0.6  # of the height: what is taller is no head and no foot
_HEAD, _FOOT = 0.4, 0.7  # of the height from above: a head ends, and a foot begins, no further down
_GAP = 5 * MM
_ROOM = 100 * MM
Window = Literal["right", "left"]


class Mark(NamedTuple):
    """A printed part of a page. Points from the left and the upper edge."""

    left: float
    upper: float
    right: float
    lower: float


_WINDOWS = {"right": Mark(110 * MM, 55 * MM, 190 * MM, 80 * MM), "left": Mark(22 * MM, 55 * MM, 102 * MM, 80 * MM)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of stationery. Points below the upper edge."""

    artwork: Artwork
    top: float  # the head ends above it
    bottom: float  # the foot begins below it


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The stationery of a dossier."""

    first: Sheet
    following: Sheet
    text: str  # what can be read on it
    sha256: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Stationery:
    """What the company's letters are printed on: a letterhead, or a logo above the sender's name, or nothing."""

    letterhead: Letterhead | None = None
    logo: Logo | None = None
    digests: Mapping[str, str] = field(default_factory=dict)  # file -> sha256 of what was read
    problems: tuple[Problem, ...] = ()

    @property
    def under(self) -> tuple[Artwork, Artwork] | None:
        """What lies under the first page and under the others."""
        head = self.letterhead
        return (head.first.artwork, head.following.artwork) if head else None

    @property
    def artworks(self) -> Mapping[str, Artwork]:
        """By name, all that letters may place."""
        return {one.name: one for one in (*(self.under or ()), *([self.logo.artwork] if self.logo else ()))}


PLAIN = Stationery()


def load_stationery(root: Path, look: Look, sender: Sender) -> Stationery:
    """What `[letters]` names, read once. Raises ConfigurationError with everything that is wrong."""
    problems: list[Problem] = []
    letterhead, logo = None, None
    try:
        letterhead = load_letterhead(root / look.letterhead, look.letterhead, look.window) if look.letterhead else None
    except ConfigurationError as error:
        problems += error.problems
    try:
        logo = load_logo(root / look.logo, look.logo) if look.logo else None
    except ConfigurationError as error:
        problems += error.problems
    if problems:
        raise ConfigurationError(*problems)
    read = {look.letterhead: letterhead.sha256 if letterhead else "", look.logo: logo.sha256 if logo else ""}
    said = (*letterhead.problems, *_mention_problems(letterhead, look.letterhead, sender)) if letterhead else ()
    said = (*said, *(logo.problems if logo else ()))
    return Stationery(letterhead, logo, {name: digest for name, digest in read.items() if name}, said)


def _mention_problems(letterhead: Letterhead, shown: str, sender: Sender) -> Iterator[Problem]:
    """Nothing of ours names the company where it has its own paper (R123-237)."""
    if sender.siren and sender.siren not in re.sub(r"\D", "", letterhead.text):
        text = msg(
            "The SIREN of [creditor] cannot be read on {name}: the law wants name, form, seat and registration on each "
            "letter. Look at the letterhead, or leave it out and let [creditor] be printed.",
            name=shown,
        )
        yield Problem("letterhead_without_mentions", text, "warning", Source(key=_KEY))


def load_letterhead(path: Path, shown: str, window: Window) -> Letterhead:
    """Read a letterhead.

    Args:
        path: A PDF.
        shown: Its name in messages.
        window: Where the address will stand.

    Raises:
        ConfigurationError: it is missing, damaged, locked, or not A4.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
    except OSError as error:
        text = msg("{name} cannot be read: {reason}.", name=shown, reason=error.strerror or str(error))
        raise _refused(text) from error
    if data is None:
        raise _refused(msg("{name} is larger than 20 MB: save it with smaller pictures.", name=shown))
    try:
        return _read(data, shown, window)
    except ArtworkError as error:
        text = msg("{name} holds too many objects: print it to a new PDF, and use that.", name=shown)
        raise _refused(text) from error
    except DAMAGED as error:
        text = msg("{name} is no readable PDF: print it to a new PDF, and use that.", name=shown)
        raise _refused(text) from error


def _read(data: bytes, shown: str, window: Window) -> Letterhead:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise _refused(msg("{name} is locked by a password: save it without one.", name=shown))
    if not reader.pages:
        raise _refused(msg("{name} has no page.", name=shown))
    first, following = reader.pages[0], reader.pages[-1]
    marks = _marks(first, shown)
    sheets = _sheet(first, marks), _sheet(following, _marks(following, shown))
    if any(sheet.bottom - sheet.top < _ROOM for sheet in sheets):
        raise _refused(msg("{name} leaves less than 10 cm between its head and its foot: no letter fits.", name=shown))
    return Letterhead(
        *sheets,
        "\n".join(page.extract_text() for page in (first, following)),
        sha256_of(data),
        tuple(_window_problems(marks, window, shown)),
    )


def _sheet(page: PageObject, marks: Sequence[Mark]) -> Sheet:
    """The artwork of a page, and the room between its head and its foot."""
    heads = [mark.lower for mark in marks if mark.lower <= _HEAD * HEIGHT]
    feet = [mark.upper for mark in marks if mark.upper >= _FOOT * HEIGHT]
    return Sheet(page_artwork(page, _onto_a4(page)), max(heads, default=0) + _GAP, min(feet, default=HEIGHT) - _GAP)


def _marks(page: PageObject, shown: str) -> list[Mark]:
    """What is printed on it, backgrounds apart. Raises ConfigurationError where it is no sheet of A4."""
    box = page.mediabox
    if abs(float(box.width) - WIDTH) > _SIZE_TOLERANCE or abs(float(box.height) - HEIGHT) > _SIZE_TOLERANCE:
        raise _refused(msg("{name} is not A4 upright (210 × 297 mm): save it in that size.", name=shown))
    if page.rotation % 360:
        raise _refused(msg("{name} holds a turned page: print it to a new PDF, and use that.", name=shown))
    *_, across, up = _onto_a4(page)
    return [
        Mark(one.left + across, HEIGHT - one.top - up, one.right + across, HEIGHT - one.bottom - up)
        for one in printed_boxes(page)
        if one.top - one.bottom < _BACKGROUND * HEIGHT
    ]


def _onto_a4(page: PageObject) -> Matrix:
    """The upper left corners lie on each other."""
    return 1, 0, 0, 1, -float(page.mediabox.left), HEIGHT - float(page.mediabox.top)


def _window_problems(marks: Sequence[Mark], window: Window, shown: str) -> Iterator[Problem]:
    """Whatever stands in the window is read as part of the address."""
    place = _WINDOWS[window]
    if any(_overlap(mark, place) for mark in marks):
        text = msg(
            "{name} prints where the address stands (5.5 to 8 cm from above): nothing else may show in the window of "
            "the envelope.",
            name=shown,
        )
        yield Problem("letterhead_in_window", text, "warning", Source(key=_KEY))


def _overlap(one: Mark, other: Mark) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.upper < other.lower and other.upper < one.lower


def _refused(text: Message) -> ConfigurationError:
    return ConfigurationError(Problem("letterhead_unreadable", text, "error", Source(key=_KEY)))
