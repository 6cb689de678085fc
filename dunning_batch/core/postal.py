"""A postal address as the French post wants it, and the order in which letters are posted.

NF Z10-011: six lines at most (seven abroad) of 38 signs, from the person to the place; the last lines in capitals
without accents or punctuation. The name is printed as it is known.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dunning_batch.core.customers import Customer

LINE_LENGTH = 38
MAX_LINES = 6
_CAPITAL_LINES = 3  # the last ones of a French address
_FRANCE = frozenset({"", "fr", "fra", "france"})
_PUNCTUATION = re.compile(r"[\s,;.:]+")
_POSTCODE = re.compile(r"(?:[A-Z]{1,3}[ -])?\d[\d ]{3,5} +")
_CEDEX = re.compile(r"\s+cedex\b.*", re.IGNORECASE)
_BOX = re.compile(r"(?:bp|cs|tsa|lieu[- ]dit)\b", re.IGNORECASE)
_STREET = re.compile(
    r"\d|(?:rue|av|ave|avenue|bd|bld|boulevard|place|all[ée]e|chemin|impasse|route|quai|cours|square)\b", re.IGNORECASE
)
_SMALL_WORDS = re.compile(r"\b(?:a|à|au|aux|d|de|des|du|en|et|l|la|le|les|lès|près|sous|sur)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Lines for an envelope or a label; the first ones are the name."""

    lines: tuple[str, ...]
    cut: bool  # something was left out to fit


def postal_address(customer: Customer, name: str) -> PostalAddress:
    """The address of a customer, his name on top; only the name where nothing else is known."""
    foreign = is_abroad(customer)
    place = [in_capitals(line) for line in _wrapped(_place(customer, foreign))]
    room = max(2, MAX_LINES + foreign - len(place))
    names, streets = _wrapped([name]), _wrapped(customer.address)
    # The name gives way first, down to one line; then the street's first lines: the street itself stands last.
    kept_names = names[: max(1, room - len(streets))]
    kept_streets = streets[-(room - len(kept_names)) :]
    capitals = 0 if foreign else _CAPITAL_LINES - len(place)
    plain = kept_streets[: len(kept_streets) - capitals] if capitals > 0 else kept_streets
    lines = (*kept_names, *plain, *map(in_capitals, kept_streets[len(plain) :]), *place)
    return PostalAddress(lines, len(kept_names) + len(kept_streets) < len(names) + len(streets))


def postal_slots(customer: Customer, name: str) -> tuple[str, ...]:
    """The six lines of NF Z10-011, each in its place, empty where it says nothing, as services of the post take them.

    One: a company, or two: a person; three: building, floor; four: number and street; five: box or hamlet; six:
    postcode and town. What has too many lines for that keeps the order of the envelope, the place last.
    """
    names, lines = _wrapped([name]), _wrapped(customer.address)
    boxes = [line for line in lines if _BOX.match(line)]
    streets = [line for line in lines if line not in boxes]
    street = next((line for line in streets if _STREET.match(line)), streets[-1] if streets else "")
    others = [line for line in streets if line != street]
    first = 1 if customer.type == "consumer" else 0
    place = [in_capitals(line) for line in _wrapped(_place(customer, foreign=False))]
    free = 3 - first - len(names)
    if len(others) > free or len(boxes) > 1 or len(place) != 1:
        kept = [line for line in postal_address(replace(customer, country=""), name).lines if line not in place]
        return (*kept, *[""] * (MAX_LINES - len(kept) - len(place)), *place)[:MAX_LINES]
    top = [*[""] * first, *names, *[""] * (free - len(others)), *others]
    low = [street, *(boxes or [""])]
    return (*top, *(low if is_abroad(customer) else map(in_capitals, low)), *place)


def is_abroad(customer: Customer) -> bool:
    """Whether letters leave the country."""
    return _folded(customer.country) not in _FRANCE


def postal_order(customer: Customer, name: str) -> tuple[str, str, str, str]:
    """Sort key: the country (France first), the postcode, the name, the code."""
    country = _folded(customer.country) if is_abroad(customer) else ""
    return country, _folded(customer.postcode).replace(" ", ""), _folded(name), customer.code


def town_of(address: Iterable[str]) -> str:
    """The town of an address, for the head of a letter: `Lyon` of `69003 LYON CEDEX 03`; empty where none is seen."""
    for line in reversed(tuple(address)):
        if found := _POSTCODE.match(line.strip()):
            town = _CEDEX.sub("", line.strip()[found.end() :]).strip()
            return _as_name(town) if town.isupper() else town
    return ""


def in_capitals(line: str) -> str:
    """In capitals without accents or punctuation, as the post reads them."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", line) if not unicodedata.combining(sign))
    return _PUNCTUATION.sub(" ", unicodedata.normalize("NFC", bare.upper())).strip()


def _place(customer: Customer, foreign: bool) -> list[str]:
    return [f"{customer.postcode} {customer.town}", customer.country if foreign else ""]


def _wrapped(texts: Iterable[str]) -> list[str]:
    """Lines of no more than 38 signs, none empty."""
    return [line for text in texts for line in textwrap.wrap(" ".join(text.split()), LINE_LENGTH)]


def _folded(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def _as_name(town: str) -> str:
    named = re.sub(r"\w+", lambda word: word[0].capitalize(), town)
    lowered = _SMALL_WORDS.sub(lambda word: word[0].lower() if word.start() else word[0], named)
    return lowered[:1].upper() + lowered[1:]
