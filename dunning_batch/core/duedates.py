"""Due dates of the lines of a ledger (rule E1), each distinct pair of terms and day worked out once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dunning_batch.core.arrays import Integers, distinct_of
from dunning_batch.core.openitems import DueSource
from dunning_batch.core.terms import Terms, due_date, parse_terms
from dunning_batch.errors import DefectError, Problem, msg

if TYPE_CHECKING:
    import pandas as pd

_EPOCH = date(1970, 1, 1)
SOURCES: tuple[DueSource, ...] = ("ledger", "customer_terms", "default_terms", "invoice")
_LEDGER, _CUSTOMER, _DEFAULT, _INVOICE = range(4)
FROM_INVOICE = "due_from_invoice"  # a column of lines whose due date is that of an invoice copy
NO_DAY = np.iinfo(np.int64).min  # what NumPy makes of NaT


def to_date(days: int) -> date:
    """A day counted from 1970-01-01."""
    return _EPOCH + timedelta(days=days)


def to_days(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def dates_of(days: Integers) -> list[date]:
    """Days as dates, each distinct one made once."""
    distinct, place = distinct_of(days)
    return list(np.array([to_date(day) for day in distinct.tolist()], object)[place])


def dates_or_none(days: Integers) -> list[date | None]:
    """The same of days of which some may be NO_DAY."""
    found: list[date | None] = list(dates_of(np.maximum(days, 0)))
    for place in np.flatnonzero(days == NO_DAY).tolist():
        found[place] = None
    return found


def days_of(column: "pd.Series[pd.Timestamp]") -> Integers:
    """Days since 1970-01-01, NO_DAY for none."""
    days: Integers = column.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days


def issued_days(lines: "pd.DataFrame") -> Integers:
    """The piece date of each line, else its entry date: what terms count from."""
    piece = days_of(lines["piece_date"])
    return np.where(piece == NO_DAY, days_of(lines["date"]), piece)


def due_days(
    lines: "pd.DataFrame", issued: Integers, customer_terms: Mapping[str, str], default_terms: str
) -> tuple[Integers, npt.NDArray[np.int8]]:
    """The due day of each line and where it comes from (index into SOURCES).

    Args:
        lines: The table of core/ledger.py.
        issued: Piece date, else entry date, in days.
        customer_terms: Terms by customer code, known spellings (rule E2) only.
        default_terms: A known spelling.
    """
    codes = lines["customer"].cat.categories.tolist()
    spellings = dict.fromkeys((default_terms, *customer_terms.values()))
    number = {text: place for place, text in enumerate(spellings)}
    terms = [_known(text) for text in spellings]
    of_customer = np.array([number[customer_terms.get(code, default_terms)] for code in codes], np.int64)
    source = np.array([_CUSTOMER if code in customer_terms else _DEFAULT for code in codes], np.int8)
    due = days_of(lines["due"])
    missing = due == NO_DAY
    customer = lines["customer"].cat.codes.to_numpy()
    first = int(issued.min(initial=0))
    span = int(issued.max(initial=0)) - first + 1
    pairs, place = distinct_of(of_customer[customer[missing]] * span + issued[missing] - first)
    found = [_due(terms, pair // span, pair % span + first) for pair in pairs.tolist()]
    due[missing] = np.array(found, np.int64)[place]
    told = np.where(lines[FROM_INVOICE], _INVOICE, _LEDGER) if FROM_INVOICE in lines else _LEDGER
    return due, np.where(missing, source[customer], told).astype(np.int8)


def _due(terms: list[Terms], number: int, day: int) -> int:
    return to_days(due_date(terms[number], to_date(day)))


def _known(text: str) -> Terms:
    """Configuration and customers file are checked before: an unknown spelling here is a defect."""
    terms = parse_terms(text)
    if terms is None:
        sentence = msg('The terms "{terms}" were not checked when they were read.', terms=text)
        raise DefectError(Problem("terms_unchecked", sentence, "error"))
    return terms
