"""What the cells of a list of invoices say is paid (rule C1): a flag, a date, an amount."""

import re
from datetime import date

from dunning_batch.core.words import plain
from dunning_batch.errors import Problem, msg

_FIRST_DAY = date(1950, 1, 1)  # spreadsheets show an empty date as one of 1899, 1900 or 1904 (rule C1)
_TICKS = frozenset("✓✔☑☒√✅\ufe0f")
_EMPTY = frozenset("-–—☐□▢◻\ufe0f")
_PAID = re.compile(
    r"(?:(?:(?:la |cette )?(?:facture )?(?:deja |entierement |totalement |integralement |classee? )?"
    r"(?:paye|regle|solde|acquitte|encaisse|lettre|rembourse)(?:e?s?|e? e|e? e s)"
    r"|(?:fully |already )?(?:paid|settled|cleared|closed|collected|refunded)(?: in full)?)"
    r"(?: (?:le|du|on) [\d ]+| (?:par|by) (?:cb|carte|card|cheque|check|virement|transfer|prelevement|especes|cash))?)"
)
_UNPAID = re.compile(
    r"(?:non|pas|pas encore|not|not yet|jamais) (?:paye|regle|solde|acquitte|encaisse|lettre)(?:e?s?|e? e|e? e s)"
    r"|(?:non|not|not yet) (?:paid|settled|cleared|collected)"
    r"|(?:impaye|impayee|impaye e|un ?paid|unsettled|outstanding|overdue|past due|due|open|pending|late|sent)s?"
    r"|(?:a|en attente de|reste a) (?:payer|regler|encaisser|solder|paiement|reglement|encaissement)"
    r"|en (?:attente|retard)|echue?s?|envoye(?:e|e?s| e)?|ouverte?s?|du|due?s|relance(?:e|e?s| e)?"
    r"|awaiting payment|to (?:be paid|pay)"
)
_NOT_OWED = re.compile(
    r"annule(?:e|e?s| e)?|abandonne(?:e|e?s| e)?|brouillons?|extourne(?:e|e?s| e)?|avoir emis"
    r"|cancell?ed|void(?:ed)?|drafts?|reversed|written off"
)
_PARTLY = re.compile(
    r".*\b(?:partie|partiel|partielle|partiels|partielles|partiellement|partial|partially|partly|acompte|commence)\b.*"
)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00(?::00)?)?|(\d\d?)[/.-](\d\d?)[/.-](\d{4})")
_YES = frozenset(("oui", "o", "yes", "y", "x", "1", "1.0", "1,0", "100%", "100 %", "true", "vrai", "ok"))
_NO = frozenset(("non", "n", "no", "0", "0.0", "0,0", "0%", "0 %", "false", "faux"))


def read_flag(text: str, *, amount_known: bool = False) -> bool | None:
    """Whether a cell of the paid column says that nothing is owed on its row (rule C1).

    Args:
        text: The cell as text; blank, a dash or an empty box mean no.
        amount_known: An amount paid stands on the row: words such as `partiellement payée` then mean no more than no.

    Returns:
        None where the cell cannot be read: an error with its cell. A draft or a cancelled invoice is owed by nobody.
    """
    signs = text.strip().casefold()
    if set(signs) <= _EMPTY:
        return False
    if signs in _YES | _NO or set(signs) <= _TICKS:
        return signs not in _NO
    if day := _DAY.fullmatch(signs):
        return _says_day(*(int(part) for part in day.groups() if part))
    words = plain(signs) if "?" not in signs else ""
    if _PARTLY.fullmatch(words):
        return False if amount_known else None
    if _UNPAID.fullmatch(words):
        return False
    return True if _PAID.fullmatch(words) or _NOT_OWED.fullmatch(words) else None


def _says_day(*parts: int) -> bool | None:
    """Whether a day that stands in the place of a flag is a paid date; None where there is no such day."""
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    try:
        return is_day(date(year, month, day))
    except ValueError:
        return None


def paid_cents(amount: int, flag: bool | None, paid_on: date | None, paid_amount: int | None) -> int:
    """What of a row is paid, in cents, from 0 to its amount: flag or date settle it, an amount paid in part (rule C1).

    Args:
        amount: Of the invoice; negative for a credit note.
        flag: None where there is no such column.
        paid_on: Before 1950: none.
        paid_amount: Of a credit note either sign is meant.
    """
    if flag or is_day(paid_on):
        return amount
    paid = paid_amount or 0
    return max(amount, -abs(paid)) if amount < 0 else min(amount, max(paid, 0))


def is_day(paid_on: date | None) -> bool:
    """Whether a paid date is one (rule C1)."""
    return paid_on is not None and paid_on >= _FIRST_DAY


def doubt_of(amount: int, flag: bool | None, paid_on: date | None, paid_amount: int | None) -> Problem | None:
    """What does not agree in the cells of a row that say what is paid; its source is the reader's to add.

    An error where nobody can tell what is owed: a negative amount paid of an invoice.
    """
    if not paid_amount:
        return None
    if amount >= 0 > paid_amount:
        text = msg(
            "The amount paid, {paid:money}, is negative and the invoice is not: correct one of them.", paid=paid_amount
        )
        return Problem("negative_amount_paid", text, "error")
    if abs(paid_amount) > abs(amount):
        text = msg(
            "{paid:money} are paid of {amount:money}: the row counts as paid, and what is too much is set against "
            "nothing. Correct the amount, or write it on the row where it belongs.",
            paid=paid_amount,
            amount=amount,
        )
        return Problem("paid_too_much", text)
    if abs(paid_amount) < abs(amount) and (flag or is_day(paid_on)):
        text = msg(
            "The row says that it is paid, and that {paid:money} of {amount:money} are: it counts as paid. If the rest "
            "is owed, empty the flag and the date.",
            paid=paid_amount,
            amount=amount,
        )
        return Problem("paid_in_part_and_whole", text)
    return None
