"""What stands in the attributes of SVG elements: numbers, lengths, colours, transforms."""

import math
import re
from typing import NamedTuple

from PIL import ImageColor

from dunning_batch.documents.matrices import IDENTITY, Matrix, times
from dunning_batch.errors import Message, msg

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
ITEM = re.compile(rf"[\s,]*({_NUMBER})")
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|pc|mm|cm|in|Q|%)?\s*")
_UNITS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "Q": 96 / 101.6}
_FUNCTION = re.compile(r"[\s,]*([A-Za-z]+)\s*\(([^()]*)\)")
_RGB = re.compile(rf"rgba?\(\s*({_NUMBER}%?)[\s,]+({_NUMBER}%?)[\s,]+({_NUMBER}%?)(?:[\s,/]+({_NUMBER}%?))?\s*\)")
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_LARGEST = 1e7


class SvgError(Exception):
    """A drawing that is not printed; `fault` is a sentence's end: it "uses ..." or "is ..."."""

    def __init__(self, fault: Message) -> None:
        """What is wrong, and what to do."""
        super().__init__(fault.text)
        self.fault = fault


class Colour(NamedTuple):
    """Red, green, blue and how much it covers, each from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


def unprintable(feature: str) -> SvgError:
    """The drawing needs what is not printed here."""
    return SvgError(
        msg(
            'uses "{feature}", which is not printed here. Save it as plain SVG without that, or export the logo as '
            "PNG.",
            feature=feature[:60],
        )
    )


def damaged(text: str) -> SvgError:
    """A value that says nothing certain."""
    return SvgError(msg('is damaged at "{text}": export the logo again, or as PNG.', text=text.strip()[:60]))


def too_detailed() -> SvgError:
    """More than a logo is, or a file that multiplies itself."""
    return SvgError(msg("is too detailed for a letter: simplify the drawing, or export the logo as PNG."))


def number(text: str) -> float:
    """A plain number."""
    numbers = number_list(text)
    if len(numbers) != 1:
        raise damaged(text)
    return numbers[0]


def number_list(text: str) -> list[float]:
    """Numbers between blanks or commas."""
    found: list[float] = []
    place = 0
    while match := ITEM.match(text, place):
        found.append(_within(float(match[1]), text))
        place = match.end()
    if text[place:].strip(" \t\r\n,"):
        raise damaged(text[place:])
    return found


def length(text: str, whole: float) -> float:
    """A length in user units; `whole`: what a percentage is of."""
    match = _LENGTH.fullmatch(text)
    if not match:
        raise damaged(text)
    value, unit = float(match[1]), match[2] or "px"
    return _within(value * whole / 100 if unit == "%" else value * _UNITS[unit], text)


def share(text: str) -> float:
    """An opacity: a number or a percentage, from 0 to 1."""
    return min(1.0, max(0.0, length(text, 1)))


def colour(text: str, current: str = "black") -> Colour:
    """A colour; `current`: what `currentColor` stands for."""
    plain = text.strip().lower()
    if plain == "currentcolor":
        return colour(current)
    if plain == "transparent":
        return Colour(0, 0, 0, 0)
    if match := _RGB.fullmatch(plain):
        red, green, blue = (_part(one, 255) for one in match.group(1, 2, 3))
        return Colour(red, green, blue, share(match[4]) if match[4] else 1.0)
    if _HEX.fullmatch(plain) or plain in ImageColor.colormap:
        red, green, blue, *alpha = (part / 255 for part in ImageColor.getrgb(plain))
        return Colour(red, green, blue, *alpha)
    raise unprintable(text)


def transform_of(text: str) -> Matrix:
    """The `transform` of an element."""
    whole = IDENTITY
    place = 0
    while match := _FUNCTION.match(text, place):
        whole = times(whole, _function(match[1], number_list(match[2]), text))
        place = match.end()
    if text[place:].strip():
        raise damaged(text)
    return whole


def digits(value: float) -> str:
    """A number as PDF writes it: six figures that count, never an exponent."""
    short = f"{value:.6g}"
    if "e" in short:
        short = f"{value:.9f}".rstrip("0").rstrip(".")
    return "0" if short in ("-0", "") else short


def written(*values: float) -> str:
    """Numbers side by side."""
    return " ".join(map(digits, values))


def _function(name: str, given: list[float], text: str) -> Matrix:
    count = len(given)
    if name == "matrix" and count == 6:
        a, b, c, d, e, f = given
        return a, b, c, d, e, f
    if name == "translate" and count in (1, 2):
        return 1, 0, 0, 1, given[0], given[1] if count == 2 else 0
    if name == "scale" and count in (1, 2):
        return given[0], 0, 0, given[-1], 0, 0
    if name == "rotate" and count in (1, 3):
        cos, sin = math.cos(math.radians(given[0])), math.sin(math.radians(given[0]))
        x, y = given[1:] or (0, 0)
        return cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y
    if name in ("skewX", "skewY") and count == 1:
        slant = math.tan(math.radians(given[0]))
        return (1, 0, slant, 1, 0, 0) if name == "skewX" else (1, slant, 0, 1, 0, 0)
    raise damaged(text)


def _part(text: str, whole: float) -> float:
    value = float(text.rstrip("%")) / (100 if text.endswith("%") else whole)
    return min(1.0, max(0.0, value))


def _within(value: float, text: str) -> float:
    if not abs(value) <= _LARGEST:
        raise damaged(text)
    return value
