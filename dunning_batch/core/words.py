"""Words compared as people mean them: without case, accents and punctuation."""

import re
import unicodedata

_MARKS = re.compile(r"[\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})


def plain(text: str) -> str:
    """Lower case without accents, every run of other signs one blank: `Suspendu jusqu’au` -> `suspendu jusqu au`."""
    if text.isascii():
        return _MARKS.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    return _MARKS.sub(" ", "".join(sign for sign in folded if not unicodedata.combining(sign))).strip()
