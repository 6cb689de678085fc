"""The creditor's own numbers: IBAN, BIC, SIREN and VAT number are checked before any letter (fault 51).

Each check takes the number without blanks and in capitals, and says what is wrong with it, or nothing.
"""

import re

from dunning_batch.errors import Message, msg

# ISO 13616, the countries where a French company is likely to hold an account.
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
}  # fmt: skip


def iban_fault(iban: str) -> Message | None:
    """ISO 13616: form, length of the country, remainder 97."""
    if not re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", iban):
        return msg("an IBAN starts with two letters and two digits, such as FR76: copy it from your bank's statement")
    length = _IBAN_LENGTHS.get(iban[:2])
    if length not in (None, len(iban)):
        return msg(
            "an IBAN that starts with {country} has {length} signs, this one has {found}",
            country=iban[:2],
            length=length,
            found=len(iban),
        )
    if int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 != 1:
        return msg("its check digits do not agree: one sign at least is wrong, copy it from your bank's statement")
    return None


def bic_fault(bic: str) -> Message | None:
    """ISO 9362: eight or eleven signs."""
    if not re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", bic):
        return msg("a BIC has 8 or 11 signs, the fifth and sixth being the country: copy it from your bank's statement")
    return None


def siren_fault(siren: str) -> Message | None:
    """Nine digits whose Luhn sum ends in zero."""
    if re.fullmatch(r"\d{14}", siren):
        return msg("14 digits are a SIRET: the SIREN is its first nine digits")
    if not re.fullmatch(r"[0-9]{9}", siren):
        return msg("a SIREN has nine digits")
    if _luhn(siren) % 10:
        return msg("its check digit does not agree: one digit at least is wrong")
    return None


def _luhn(digits: str) -> int:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled)


def vat_fault(vat: str) -> Message | None:
    """A French number: FR, a key, the SIREN; of another country: its two letters and up to 13 signs."""
    if not vat.startswith("FR"):
        found = re.fullmatch(r"[A-Z]{2}[A-Z0-9+*]{2,13}", vat)
        return None if found else msg("a VAT number starts with the two letters of its country, such as FR")
    if not re.fullmatch(r"FR[0-9A-HJ-NP-Z]{2}[0-9]{9}", vat):
        return msg("a French VAT number is FR, two signs and the nine digits of the SIREN")
    if fault := siren_fault(vat[4:]):
        return fault
    if vat[2:4].isdigit() and int(vat[2:4]) != (12 + 3 * (int(vat[4:]) % 97)) % 97:
        return msg("its key, the two digits after FR, does not agree with the SIREN")
    return None
