"""Sentences, amounts and dates in the user's language (French or English), from the gettext catalogues."""

import datetime
import gettext
import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from dunning_batch.core.money import grouped_text
from dunning_batch.errors import Message

LanguageCode = Literal["fr", "en"]
LANGUAGES: tuple[LanguageCode, ...] = ("fr", "en")

_CATALOGUES = Path(__file__).parent / "locale"
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
NARROW_SPACE, FIXED_SPACE = "\u202f", "\u00a0"


class Language(string.Formatter):
    """One language: translates messages and prints their values."""

    def __init__(self, code: LanguageCode) -> None:
        """The language of a dossier, a customer or a command."""
        self.code = code
        self._catalogue = gettext.translation("dunning_batch", _CATALOGUES, [code], fallback=True)

    def __reduce__(self) -> tuple[object, ...]:
        """In another process it is read anew."""
        return language, (self.code,)

    def text(self, text: str, /, **values: object) -> str:
        """A translated sentence; the catalogue is extracted from the calls of this method too."""
        return self.vformat(self._catalogue.gettext(text), (), values)

    def message(self, message: Message) -> str:
        """A message of the core, translated."""
        return self.text(message.text, **dict(message.values))

    @property
    def colon(self) -> str:
        """What stands between a heading and what it announces; French has a space before it."""
        return f"{FIXED_SPACE}: " if self.code == "fr" else ": "

    def money(self, cents: int) -> str:
        """An amount with two decimals: `1 234,50` with narrow no-break spaces (fr), `1,234.50` (en)."""
        return grouped_text(cents, NARROW_SPACE, ",") if self.code == "fr" else grouped_text(cents, ",", ".")

    def euros(self, cents: int) -> str:
        """An amount with its currency: `1 234,50 €` (fr), `€1,234.50` (en)."""
        return f"{self.money(cents)}{FIXED_SPACE}€" if self.code == "fr" else f"€{self.money(cents)}"

    def date(self, day: datetime.date) -> str:
        """A day in figures, `dd/mm/yyyy` in both languages, as on French paper."""
        return f"{day:%d/%m/%Y}"

    def long_date(self, day: datetime.date) -> str:
        """A day in words: `1er décembre 2026`, `1 December 2026`."""
        number = "1er" if self.code == "fr" and day.day == 1 else str(day.day)
        return f"{number} {_MONTHS[self.code][day.month - 1]} {day.year}"

    def format_field(self, value: Any, format_spec: str) -> Any:  # noqa: ANN401 - as the base class has it
        """Formats of message fields: `money` (cents, with €), `date`, `long_date`, and a noun in both its numbers.

        `{count:line|lines}` prints `1 line` or `2 lines`; French counts 0 as one. A nested message is translated.
        """
        if isinstance(value, Message):
            return self.message(value)
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{value} {one if value == 1 or (value == 0 and self.code == 'fr') else many}"
        if format_spec == "money":
            return self.euros(value)
        if format_spec in ("date", "long_date"):
            return getattr(self, format_spec)(value)
        return super().format_field(value, format_spec)

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Fields are always named."""
        return kwargs[str(key)]


@lru_cache
def language(code: LanguageCode) -> Language:
    """The language of a code, loaded once."""
    return Language(code)
