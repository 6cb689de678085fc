"""The letters' font: what a text measures, and which signs it has (fault 59).

One embedded family with Latin, Greek and Cyrillic. A sign that it lacks is replaced by its nearest plain form where
there is one, else by a question mark, and named, so that no letter leaves with an empty box.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal

from dunning_batch.documents.embedding import FontFile

Face = Literal["regular", "bold", "italic", "bolditalic"]
FACES: tuple[Face, ...] = ("regular", "bold", "italic", "bolditalic")
REPLACEMENT = "?"

_FOLDER = Path(__file__).parent.parent / "data" / "fonts"
_LOOKALIKES = {"\u2011": "-", "\u00ad": "", "\u2028": " ", "\u2029": " ", "\u3000": " "}
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


@lru_cache
def font(face: Face) -> FontFile:
    """A face, read once."""
    return FontFile(_FOLDER / f"{face}.ttf")


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    known = [set(font(face).face.charToGlyph) for face in FACES]
    return frozenset(map(chr, set.intersection(*known)))


@lru_cache(maxsize=10_000)
def width_of(text: str, face: Face, size: float) -> float:
    """The width of a printable text in points."""
    measured = font(face).face
    units: float = sum(measured.charWidths.get(ord(sign), measured.defaultWidth) for sign in text)
    return units * size / 1000


@lru_cache(maxsize=5_000)
def printable(text: str) -> tuple[str, str]:
    """A text as the font can print it, and the signs that it cannot, each once; `?` stands for them.

    Line ends and tabs become blanks; control and direction marks go, as they have no sign.
    """
    if text.isascii() and text.isprintable():
        return text, ""
    shown = [_shown(sign) for sign in unicodedata.normalize("NFC", text)]
    return "".join(sign for sign, _ in shown), "".join(dict.fromkeys(lost for _, lost in shown if lost))


@lru_cache(maxsize=5_000)
def _shown(sign: str) -> tuple[str, str]:
    """What is printed for a sign, and the sign itself if that is not it."""
    if sign in "\t\r\n":
        return " ", ""
    if sign in _signs():
        return sign, ""
    if sign in _LOOKALIKES:
        return _LOOKALIKES[sign], ""
    if unicodedata.category(sign) in _UNSEEN or "\ufe00" <= sign <= "\ufe0f":
        return "", ""
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and _signs().issuperset(plain):
        return plain, ""
    return REPLACEMENT, sign
