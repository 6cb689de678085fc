"""Money: integer cents, read strictly and printed; the only rounding of the program.

Debit is positive. A spelling that is not certainly one amount is no amount (fault 8): `12,345` may be twelve euros or
twelve thousand, and nobody guesses. Nor is a number that no ledger holds: sums of millions of lines must stay exact.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

Cents = int

_BLANKS = str.maketrans("", "", " \t\u00a0\u202f\u2009")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}|[0-9]{2}0{2,}))?")
_FRENCH_GROUPS = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,2})")
_ENGLISH_GROUPS = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{1,2})")
_BLANK_GROUPS = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?:[.,][0-9]{1,2})?")
_LONGEST = 64  # signs; fixed-width files pad with zeros
LARGEST = 10**14  # cents: a thousand billion euros
_SIGNED = re.compile(r"([+-]?)(.*?)([+-]?)", re.DOTALL)


def read_amount(text: str) -> Cents | None:
    """The cents of a written amount; 0 for an empty one; None where the spelling is not certainly an amount.

    Known: `1234,56` `1 234,56` `1234.56` `1.234,56` `1,234.56` `-12,00` `12,00-` `(12,00)` `+0000012,00` `12` `12,5`.
    """
    text = text.strip(" \t\u00a0\u202f\u2009")
    if not text:
        return 0
    if len(text) > _LONGEST:
        return None
    negative = text.startswith("(") and text.endswith(")")
    body = text[1:-1].strip() if negative else text
    signed = _SIGNED.fullmatch(body)
    if signed is None or (signed[1] and signed[3]) or (negative and (signed[1] or signed[3])):
        return None
    cents = _read_digits(signed[2].strip())
    if cents is None or cents > LARGEST:
        return None
    return -cents if negative or "-" in (signed[1], signed[3]) else cents


def _read_digits(body: str) -> Cents | None:
    if not body.isascii() or " " in body:
        if not _BLANK_GROUPS.fullmatch(body):
            return None
        body = body.translate(_BLANKS)
    if found := _PLAIN.fullmatch(body):
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")[:2])
    found = _FRENCH_GROUPS.fullmatch(body) or _ENGLISH_GROUPS.fullmatch(body)
    if found is None:
        return None
    return int(re.sub(r"[.,]", "", found[1])) * 100 + int(found[2].ljust(2, "0"))


def decimal_text(cents: Cents) -> str:
    """Cents as JSON and CSV have them: `-1234.50`."""
    sign, whole = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def grouped_text(cents: Cents, group: str, point: str) -> str:
    """Cents with a separator between thousands and a decimal sign, two decimals: `1 234,50`."""
    sign, whole = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{whole // 100:,}".replace(",", group) + f"{point}{whole % 100:02d}"


def as_decimal(cents: Cents) -> Decimal:
    """Euros for a workbook cell, exact to the cent."""
    return Decimal(cents).scaleb(-2)


def round_cents(euro_cents: Decimal) -> Cents:
    """Whole cents, half away from zero."""
    return int(euro_cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))
