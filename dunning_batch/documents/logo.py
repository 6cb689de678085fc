"""The company's mark above its name: SVG, PNG or JPEG, brought to its printed size (key `[letters] logo`).

A picture is decoded and packed anew from its pixels, a drawing from its outlines: nothing else that the file holds
reaches a letter (S7).
"""

import io
import warnings
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from dunning_batch.documents.artwork import Artwork, image_artwork
from dunning_batch.documents.pages import MM
from dunning_batch.documents.svg import looks_like_svg, vectors_of
from dunning_batch.documents.svg_values import SvgError
from dunning_batch.errors import ConfigurationError, Message, Problem, Source, msg
from dunning_batch.files import sha256_of

_WIDTH, _HEIGHT = 60 * MM, 18 * MM  # at most
_PIXELS_PER_POINT = 300 / 72
_MOST_PIXELS, _MOST_BYTES = 50_000_000, 20_000_000
_KEY = "[letters] logo"
_FILLED = 0.3  # of its page: a drawing with less is printed tiny


class Logo(NamedTuple):
    """A picture and the size at which it is printed, in points."""

    artwork: Artwork
    width: float
    height: float
    sha256: str  # of the file
    problems: tuple[Problem, ...] = ()


def load_logo(path: Path, shown: str) -> Logo:
    """Read a logo. Raises ConfigurationError where it is missing, none of the three, damaged, or enormous."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(msg("{name} is larger than 20 MB: save it smaller.", name=shown))
        data = path.read_bytes()
        if looks_like_svg(data):
            return _drawn(data, shown)
        with warnings.catch_warnings(), _opened(data) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise _too_large(shown)
            return _logo(_on_white(image), sha256_of(data))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(shown) from error
    except SvgError as error:
        raise _refused(msg("{name} {fault}", name=shown, fault=error.fault)) from error
    except UnidentifiedImageError as error:
        text = msg("{name} is no SVG, PNG or JPEG picture: export the logo in one of these forms.", name=shown)
        raise _refused(text) from error
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or msg("it is damaged")
        raise _refused(msg("{name} cannot be read: {reason}.", name=shown, reason=reason)) from error


def _drawn(data: bytes, shown: str) -> Logo:
    """The outlines of a drawing, at the size of the letter."""
    vectors = vectors_of(data)
    scale = min(_WIDTH / vectors.width, _HEIGHT / vectors.height)
    said = () if vectors.filled >= _FILLED else (_mostly_margin(shown, vectors.filled),)
    return Logo(vectors.artwork, vectors.width * scale, vectors.height * scale, sha256_of(data), said)


def _mostly_margin(shown: str, filled: float) -> Problem:
    text = msg(
        "The drawing of {name} fills {percent} % of its page, so that the logo is printed small. Take the margin away "
        "(in Inkscape: Document Properties, Resize to content; in Illustrator: Object, Artboards, Fit to Artwork "
        "Bounds).",
        name=shown,
        percent=round(filled * 100),
    )
    return Problem("logo_mostly_margin", text, "warning", Source(key=_KEY))


def _opened(data: bytes) -> Image.Image:
    """Its head alone is read; Pillow warns of one that is enormous, and refuses one that is twice that."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, in red, green and blue."""
    pixels = image.convert("RGBA")
    white = Image.new("RGBA", pixels.size, "white")
    white.alpha_composite(pixels)
    return white.convert("RGB")


def _logo(image: Image.Image, sha256: str) -> Logo:
    scale = min(_WIDTH / image.width, _HEIGHT / image.height)
    width, height = image.width * scale, image.height * scale
    most = (max(1, round(width * _PIXELS_PER_POINT)), max(1, round(height * _PIXELS_PER_POINT)))
    if image.width > most[0]:
        image = image.resize(most, Image.Resampling.LANCZOS)
    return Logo(image_artwork(image.tobytes(), image.width, image.height), width, height, sha256)


def _too_large(shown: str) -> ConfigurationError:
    return _refused(msg("{name} has more than 50 million pixels: save it smaller.", name=shown))


def _refused(text: Message) -> ConfigurationError:
    return ConfigurationError(Problem("logo_unreadable", text, "error", Source(key=_KEY)))
