"""Whole pages of PDFs that others made, upright on our A4 (invoice copies, letters of the past)."""

from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from dunning_batch.documents.artwork import Artwork, ArtworkError, page_artwork
from dunning_batch.documents.matrices import Matrix
from dunning_batch.documents.pages import HEIGHT, WIDTH

# A damaged file shows itself in many ways once its objects are asked for.
DAMAGED = (PyPdfError, ArtworkError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class TooLargeError(Exception):
    """The file is larger than what may be put into a letter."""


def pages_of_file(file: Path, most_pages: int, most_bytes: int) -> tuple[Artwork, ...]:
    """Every page as artwork.

    Args:
        file: A PDF.
        most_pages: More are refused.
        most_bytes: So is a larger file.

    Raises:
        TooLargeError: It is above one of the limits.
        OSError: It cannot be opened.
        DAMAGED: It is no PDF, cut, or locked.
    """
    with file.open("rb") as data:
        pages = PdfReader(data).pages
        if len(pages) > most_pages or file.stat().st_size > most_bytes:
            raise TooLargeError
        return tuple(page_artwork(page, _upright(page)) for page in pages)


def _upright(page: PageObject) -> Matrix:
    """The page in the middle of ours, made smaller where it is larger, never larger."""
    box = page.mediabox
    left, low, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    cos, sin = {0: (1, 0), 90: (0, -1), 180: (-1, 0), 270: (0, 1)}[page.rotation % 360]
    across, up = (width, height) if cos else (height, width)
    scale = min(1.0, WIDTH / across, HEIGHT / up)
    a, b, c, d = scale * cos, scale * sin, -scale * sin, scale * cos
    middle_x, middle_y = left + width / 2, low + height / 2
    return a, b, c, d, WIDTH / 2 - a * middle_x - c * middle_y, HEIGHT / 2 - b * middle_x - d * middle_y
