"""Payment terms -> due date (rules E2 to E4; L441-10 I for the caps)."""

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

KNOWN_SPELLINGS = (
    "30 jours", "30 jours nets", "30 days", "45 jours fin de mois", "45 days end of month", "fin de mois 45 jours",
    "end of month 45 days", "fin du mois suivant", "end of next month", "30 jours fin de mois le 10",
    "30 days end of month the 10th", "fin de mois", "end of month", "à réception", "on receipt", "comptant",
)  # fmt: skip

_CAP_DAYS = 60  # after the invoice, between professionals
_CAP_DAYS_THEN_MONTH_END = 45
_TWO_YEARS = [date(2027, 1, 1) + timedelta(days=number) for number in range(731)]  # one of them a leap year


@dataclass(frozen=True, slots=True)
class Terms:
    """Steps from the invoice to the due date, taken in this order.

    Go to the end of the month (`month_end_first`) that is `months` later, add days, go to the month's end
    (`month_end_last`), go to the next day of that number.
    """

    days: int = 0
    month_end_first: bool = False
    months: int = 0
    month_end_last: bool = False
    day_of_month: int = 0  # 0: none


def _days_then_month_end(found: re.Match[str]) -> Terms | None:
    day = int(found["day"] or 0)
    if found["day"] and not 1 <= day <= 31:
        return None
    return Terms(int(found["days"]), month_end_last=True, day_of_month=day)


_JOURS = r"(?P<days>\d{1,3}) ?jours?"
_DAYS = r"(?P<days>\d{1,3}) ?days?"
_SPELLINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Terms | None]], ...] = (
    (re.compile(rf"{_JOURS}(?: nets?)?|comptant|a reception"), lambda found: Terms(int(found["days"] or 0))),
    (re.compile(rf"{_DAYS}|on receipt"), lambda found: Terms(int(found["days"] or 0))),
    (re.compile(rf"{_JOURS} fin de mois(?: le (?P<day>\d{{1,2}})(?:er)?)?"), _days_then_month_end),
    (re.compile(rf"{_DAYS} end of month(?: the (?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?"), _days_then_month_end),
    (re.compile(rf"fin de mois(?: {_JOURS})?"), lambda found: Terms(int(found["days"] or 0), month_end_first=True)),
    (re.compile(rf"end of month(?: {_DAYS})?"), lambda found: Terms(int(found["days"] or 0), month_end_first=True)),
    (re.compile(r"fin du mois suivant|end of next month"), lambda _: Terms(months=1, month_end_first=True)),
)


def parse_terms(text: str) -> Terms | None:
    """The terms of a text in French or English, whatever the case, accents and blanks; None for no known spelling."""
    words = _folded(text)
    for spelling, read in _SPELLINGS:
        found = spelling.fullmatch(words)
        if found:
            return read(found)
    return None


def _folded(text: str) -> str:
    """Lower case, no accents, single blanks. Signs stay: `-30 jours` is no spelling of thirty days."""
    letters = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join("".join(letters).casefold().split())


def due_date(terms: Terms, issued: date) -> date:
    """The day on which an invoice of that day is due; a non-working day is left as it is (rule E4)."""
    day = issued
    if terms.month_end_first:
        day = _month_end(_first_after(day, terms.months))
    day += timedelta(days=terms.days)
    if terms.month_end_last:
        day = _month_end(day)
    return _next_day_of_month(day, terms.day_of_month) if terms.day_of_month else day


@lru_cache
def legal_cap_exceeded(terms: Terms) -> bool:
    """Above what professionals may agree (rule E4): 60 days, or 45 days and the month's end in its two readings.

    True if an invoice of some day of the year would be due later than all of them allow; it is said, never changed.
    """
    return any(due_date(terms, day) > _latest_legal(day) for day in _TWO_YEARS)


def _latest_legal(issued: date) -> date:
    return max(
        issued + timedelta(days=_CAP_DAYS),
        _month_end(issued + timedelta(days=_CAP_DAYS_THEN_MONTH_END)),
        _month_end(issued) + timedelta(days=_CAP_DAYS_THEN_MONTH_END),
    )


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _first_after(day: date, months: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _next_day_of_month(month_end: date, number: int) -> date:
    """The next such day, always after the month's end before it; the last day of a month that lacks it."""
    first = month_end + timedelta(days=1)
    return first.replace(day=min(number, calendar.monthrange(first.year, first.month)[1]))
