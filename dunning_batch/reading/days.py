"""Days as ledgers write them, read strictly (fault 10)."""

import re
from datetime import date
from functools import lru_cache

from dunning_batch.core.words import plain

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_YEAR, _LAST_YEAR = 1970, 2099
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d\d)[-/.](\d\d)(?:[T ][\d:.]+Z?)?", re.ASCII)
_FRENCH = re.compile(r"(\d\d)[-/.](\d\d)[-/.](\d{4})(?: [\d:.]+)?", re.ASCII)
_IN_WORDS = re.compile(r"(\d\d?)(?:er)? ([^\W\d_]{3,9})\.? (\d{4})")
_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aout", "sep", "oct", "nov", "dec")
_FILLED = re.compile(r"[0\s/.-]*")


@lru_cache(maxsize=1 << 14)
def read_day(text: str) -> date | str | None:
    """The day of a text, None where it is empty or filled with `0`, `-`, `/`; the text itself where it is no day.

    Known: `20260115` `2026-01-15` `15/01/2026` `15.01.2026` `15 avr. 2026`, each with or without a time.
    """
    text = text.strip()
    if _FILLED.fullmatch(text):
        return None
    if found := _COMPACT.fullmatch(text) or _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _FRENCH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _IN_WORDS.fullmatch(text.lower()):
        day, month, year = int(found[1]), _month(plain(found[2])), int(found[3])
    else:
        return text
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else text
    except ValueError:
        return text


def _month(word: str) -> int:
    return next((number for number, start in enumerate(_MONTHS, 1) if word.startswith(start)), 0)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH
