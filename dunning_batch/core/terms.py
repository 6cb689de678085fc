"""Payment terms -> due date (rules E2 to E4; L441-10 I for the caps)."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dunning_batch.core.words import plain

KNOWN_SPELLINGS = (
    "30 jours", "30 days", "45 jours fin de mois", "45 days end of month", "fin de mois 45 jours",
    "end of month 45 days", "fin du mois suivant", "end of next month", "30 jours fin de mois le 10",
    "30 days end of month the 10th", "fin de mois", "end of month", "à réception", "on receipt", "comptant",
)  # fmt: skip

_CAP_DAYS = 60  # after the invoice, between professionals
_CAP_DAYS_THEN_MONTH_END = 45


@dataclass(frozen=True, slots=True)
class Terms:
    """Steps from the invoice to the due date, taken in this order.

    Go to the month's end (`month_end_first`), add months' ends, add days, go to the month's end, go to the next day
    of that number.
    """

    days: int = 0
    month_end_first: bool = False
    months: int = 0  # month's ends after that of the invoice
    month_end_last: bool = False
    day_of_month: int = 0  # 0: none


def _days_then_month_end(found: re.Match[str]) -> Terms | None:
    day = int(found[2] or 0)
    if found[2] and not 1 <= day <= 31:
        return None
    return Terms(int(found[1]), month_end_last=True, day_of_month=day)


_MONTH_END = r"(?:fin de mois|fin du mois|end of (?:the )?month)"
_DAYS = r"(\d{1,3}) ?(?:jours?|jrs?|j|days?|d)(?: (?:nets?|net|date de facture))?"
_THE_DAY = r"(?: (?:le|the) (\d{1,2})(?:st|nd|rd|th|er)?)"

_SPELLINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Terms | None]], ...] = (
    (re.compile(_DAYS), lambda found: Terms(int(found[1]))),
    (re.compile(f"{_DAYS} {_MONTH_END}{_THE_DAY}?"), _days_then_month_end),
    (re.compile(f"{_MONTH_END} {_DAYS}"), lambda found: Terms(int(found[1]), month_end_first=True)),
    (re.compile(r"(?:fin (?:du|de) mois (?:suivant|prochain)|end of (?:the )?(?:next|following) month)"),
     lambda _: Terms(months=1, month_end_first=True)),
    (re.compile(_MONTH_END), lambda _: Terms(month_end_first=True)),
    (re.compile(r"(?:a|des) (?:la )?reception(?: de (?:la )?facture)?|(?:up)?on receipt|au comptant|comptant|cash"),
     lambda _: Terms()),
)  # fmt: skip


def parse_terms(text: str) -> Terms | None:
    """The terms of a text in French or English, whatever the case, accents and blanks; None for no known spelling."""
    words = plain(text)
    for spelling, read in _SPELLINGS:
        found = spelling.fullmatch(words)
        if found:
            return read(found)
    return None


def due_date(terms: Terms, issued: date) -> date:
    """The day on which an invoice of that day is due; a non-working day is left as it is (rule E4)."""
    day = issued
    if terms.month_end_first:
        day = _month_end(_next_months(day, terms.months))
    day += timedelta(days=terms.days)
    if terms.month_end_last:
        day = _month_end(day)
    return _next_day_of_month(day, terms.day_of_month) if terms.day_of_month else day


def legal_cap_exceeded(terms: Terms) -> bool:
    """Above what professionals may agree: 60 days, or 45 days and the month's end (rule E4); said, never changed."""
    if terms.day_of_month:
        return True
    if terms.month_end_first or terms.month_end_last:
        return terms.days > _CAP_DAYS_THEN_MONTH_END
    return terms.days > _CAP_DAYS


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _next_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1) if months else day


def _next_day_of_month(month_end: date, number: int) -> date:
    """The next such day, always after the month's end before it; the last day of a month that lacks it."""
    first = month_end + timedelta(days=1)
    return first.replace(day=min(number, calendar.monthrange(first.year, first.month)[1]))
