"""What the value of a key may be: each kind reads one value strictly, or says what is expected in its place."""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from dunning_batch.config.identifiers import bic_fault, iban_fault, siren_fault, vat_fault
from dunning_batch.core.emailaddress import address_fault, read_addresses
from dunning_batch.core.money import read_amount
from dunning_batch.core.terms import KNOWN_SPELLINGS, parse_terms
from dunning_batch.errors import Message, msg

_KNOWN_TERMS = ", ".join(KNOWN_SPELLINGS)
_MAX_NAME = 255  # bytes of a file name, on every usual disk
_RATE = re.compile(r"-?\d{1,2}(?:[.,]\d{1,4})?")
_HALF_YEAR = re.compile(r"20\d\d-S[12]")
_FORMULA = re.compile(r"ecb ?\+ ?\d{1,2}([.,]\d{1,2})?|legal ?\* ?\d{1,2}([.,]\d{1,2})?|\d{1,2}([.,]\d{1,2})? ?%|none")


class UnfitError(ValueError):
    """The value cannot be taken; with a message where more can be said than what is expected."""

    def __init__(self, message: Message | None = None) -> None:
        """What is wrong, if it is not only the kind."""
        super().__init__()
        self.message = message


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: what is expected in words, and its strict reading (raises UnfitError)."""

    expected: Message
    read: Callable[[Any], Any]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _one_line(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    if not isinstance(value, str):
        raise UnfitError
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in value):
        raise UnfitError(
            msg(
                "it holds a line end or a control character; in double quotes a backslash starts a code: "
                "write a path between single quotes, or with slashes"
            )
        )
    return value.strip()


def _block(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise UnfitError
    return value


def _lines(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        raise UnfitError
    return tuple(text for text in map(_one_line, value) if text)


def _flag(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise UnfitError
    return value


def _cents(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, float) and math.isfinite(value):
        written = f"{value:.2f}"
        raise UnfitError(msg('an amount with decimals stands in double quotes: "{amount}"', amount=written))
    cents = value * 100 if _is_number(value) else read_amount(value) if isinstance(value, str) and value else None
    if cents is None:
        raise UnfitError
    if cents < 0:
        raise UnfitError(msg("it cannot be negative"))
    return int(cents)


def _day(value: Any) -> date:  # noqa: ANN401
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnfitError from None


def whole(least: int, most: int) -> Kind:
    """A whole number between two bounds, both allowed."""

    def read(value: Any) -> int:  # noqa: ANN401
        if not _is_number(value) or not least <= value <= most:
            raise UnfitError
        return int(value)

    return Kind(msg("a whole number from {least} to {most}", least=least, most=most), read)


def wholes(least: int, most: int) -> Kind:
    """A list of whole numbers between two bounds."""

    def read(value: Any) -> tuple[int, ...]:  # noqa: ANN401
        if not isinstance(value, list) or not all(_is_number(part) and least <= part <= most for part in value):
            raise UnfitError
        return tuple(value)

    return Kind(msg("a list of whole numbers from {least} to {most}", least=least, most=most), read)


def factor(least: int) -> Kind:
    """A number with or without decimals, no money."""

    def read(value: Any) -> float:  # noqa: ANN401
        number = float(value) if _is_number(value) or isinstance(value, float) else math.nan
        if not math.isfinite(number) or number < least:
            raise UnfitError
        return number

    return Kind(msg("a number, {least} or more", least=least), read)


def choice(*options: str) -> Kind:
    """One of a few words."""

    def read(value: Any) -> str:  # noqa: ANN401
        if value not in options:
            raise UnfitError
        return str(value)

    return Kind(msg("one of {options}", options=" | ".join(f'"{option}"' for option in options)), read)


def columns(names: tuple[str, ...]) -> Kind:
    """A table from the program's names of columns to their headings in the user's files."""

    def read(value: Any) -> dict[str, str]:  # noqa: ANN401
        if not isinstance(value, dict) or not all(name in names for name in value):
            raise UnfitError
        return {name: _one_line(heading) for name, heading in value.items()}

    expected = msg("a table from names of columns ({names}) to headings in double quotes", names=", ".join(names))
    return Kind(expected, read)


def _checked(fault: Callable[[str], Message | None], *, squeeze: bool = True) -> Callable[[Any], str]:
    """Text that a check must pass; blanks between groups of signs are left out; empty is allowed."""

    def read(value: Any) -> str:  # noqa: ANN401
        text = _one_line(value)
        text = "".join(text.split()).upper() if squeeze else text
        if text and (found := fault(text)):
            raise UnfitError(found)
        return text

    return read


def _addresses(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    found = [address for text in _lines(value) for address in _addresses_of(text)]
    return tuple(found)


def _addresses_of(text: str) -> tuple[str, ...]:
    good, bad = read_addresses(text)
    if bad:
        raise UnfitError(bad[0][1])
    return good


def _mailbox(value: Any) -> str:  # noqa: ANN401
    text = _one_line(value)
    if text and len(_addresses_of(text)) != 1:
        raise UnfitError
    return text


def _terms(value: Any) -> str:  # noqa: ANN401
    text = _one_line(value)
    if parse_terms(text) is None:
        raise UnfitError(msg('"{terms}" is not known; write one of: {known}', terms=text, known=_KNOWN_TERMS))
    return text


def _formula(value: Any) -> str:  # noqa: ANN401
    text = _one_line(value)
    if not _FORMULA.fullmatch(text):
        raise UnfitError
    return text.replace(" ", "").replace(",", ".")


def _rates(value: Any) -> dict[str, Decimal]:  # noqa: ANN401
    if not isinstance(value, dict) or not all(_HALF_YEAR.fullmatch(half_year) for half_year in value):
        raise UnfitError
    rates = {half_year: str(rate) if _is_number(rate) else rate for half_year, rate in value.items()}
    if not all(isinstance(rate, str) and _RATE.fullmatch(rate) for rate in rates.values()):
        raise UnfitError
    return {half_year: Decimal(rate.replace(",", ".")) for half_year, rate in rates.items()}


def _pattern(value: Any) -> str:  # noqa: ANN401
    text = _one_line(value)
    try:
        groups = re.compile(text).groups
    except (re.error, OverflowError, RecursionError):
        raise UnfitError from None
    if text and groups != 1:
        raise UnfitError
    return text


def _path(value: Any) -> str:  # noqa: ANN401
    text = _one_line(value)
    if not text or any(len(part.encode()) > _MAX_NAME for part in PurePath(text).parts):
        raise UnfitError
    return text


def _optional_path(value: Any) -> str:  # noqa: ANN401
    return _path(value) if value else _one_line(value)


def _patterns(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    patterns = _lines(value)
    for pattern in patterns:
        name, parts = PurePath(_path(pattern)).name, PurePath(pattern).parts
        if name in ("", "..") or any("**" in part and part != "**" for part in parts):
            raise UnfitError
    return patterns


def _name(form: str) -> Callable[[Any], str]:
    allowed = re.compile(form)

    def read(value: Any) -> str:  # noqa: ANN401
        text = _one_line(value)
        if not allowed.fullmatch(text):
            raise UnfitError
        return text

    return read


def _accounts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    accounts = _lines(value)
    if not all(re.fullmatch(r"\d{2,}\w*", account) for account in accounts):
        raise UnfitError
    return accounts


TEXT = Kind(msg("a text in double quotes"), _one_line)
BLOCK = Kind(msg("a text in double quotes"), _block)
PATH = Kind(msg("a path, relative to the folder of this file"), _path)
OPTIONAL_PATH = Kind(PATH.expected, _optional_path)
PATTERNS = Kind(msg("a list of paths in which * and ? stand for any signs"), _patterns)
TEXTS = Kind(msg("a list of texts"), _lines)
FLAG = Kind(msg("true or false, in lower case and without quotes"), _flag)
AMOUNT = Kind(msg("an amount in euros such as {example}", example='"10.50"'), _cents)
DAY = Kind(msg("a day such as {example}, without quotes", example="2026-11-24"), _day)
IBAN = Kind(msg("an IBAN in double quotes"), _checked(iban_fault))
BIC = Kind(msg("a BIC in double quotes"), _checked(bic_fault))
SIREN = Kind(msg("a SIREN of nine digits in double quotes"), _checked(siren_fault))
VAT = Kind(msg("a VAT number in double quotes"), _checked(vat_fault))
ADDRESS = Kind(msg("an e-mail address in double quotes"), _checked(address_fault, squeeze=False))
ADDRESSES = Kind(msg("a list of e-mail addresses"), _addresses)
MAILBOX = Kind(msg("an e-mail address such as {example}", example='"Name <address>"'), _mailbox)
TERMS = Kind(msg("payment terms that the program knows"), _terms)
FORMULA = Kind(
    msg("one of {options}", options='"ecb+10" | "legal*3" | "12.5%" | "none"'),
    _formula,
)
RATES = Kind(msg("a table of half-years with percents such as {example}", example='{ "2027-S1" = "2.15" }'), _rates)
PATTERN = Kind(msg("a regular expression with exactly one group between brackets"), _pattern)
ACCOUNTS = Kind(msg("a list of account numbers or their first digits, such as {example}", example='["411"]'), _accounts)
TEMPLATE = Kind(
    msg("the name of a template without path or ending, such as {example}", example='"level1"'),
    _name(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}"),
)
VARIABLE = Kind(msg("the name of an environment variable"), _name(r"[A-Za-z_][A-Za-z0-9_]*"))
