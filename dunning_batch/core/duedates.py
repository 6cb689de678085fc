"""Due dates of the lines of a ledger (rule E1), each distinct pair of terms and day worked out once."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dunning_batch.core.terms import Terms, due_date, parse_terms

_EPOCH = date(1970, 1, 1)
_DAYS = 1 << 32  # more than any day
FROM_LEDGER, FROM_CUSTOMER, FROM_DEFAULT = 0, 1, 2
SOURCES = ("ledger", "customer_terms", "default_terms")


def to_date(days: int) -> date:
    """A day counted from 1970-01-01."""
    return _EPOCH + timedelta(days=days)


def days_of(column: "pd.Series[pd.Timestamp]") -> np.ndarray:
    """Days since 1970-01-01, the smallest integer for none."""
    days: np.ndarray = column.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days


NO_DAY = np.iinfo(np.int64).min  # what NumPy makes of NaT


def due_days(
    lines: pd.DataFrame, issued: np.ndarray, customer_terms: Mapping[str, str], default_terms: str
) -> tuple[np.ndarray, np.ndarray]:
    """The due day of each line and where it comes from (index into SOURCES).

    Args:
        lines: The table of core/ledger.py.
        issued: Piece date, else entry date, in days.
        customer_terms: Terms by customer code, known spellings (rule E2) only.
        default_terms: A known spelling.
    """
    due = days_of(lines["due"])
    codes = lines["customer"].cat.categories
    spellings = [default_terms, *sorted(set(customer_terms.values()))]
    rank = {text: number for number, text in enumerate(spellings)}
    by_customer = np.array([rank[customer_terms[code]] if code in customer_terms else 0 for code in codes], np.int64)
    own = np.array([code in customer_terms for code in codes], bool)
    customer = lines["customer"].cat.codes.to_numpy()
    missing = due == NO_DAY
    source = np.where(missing, np.where(own[customer], FROM_CUSTOMER, FROM_DEFAULT), FROM_LEDGER).astype(np.int8)
    pairs = by_customer[customer[missing]] * _DAYS + issued[missing]
    distinct, place = np.unique(pairs, return_inverse=True)
    due = due.copy()
    due[missing] = np.array([_due(spellings, int(pair)) for pair in distinct], np.int64)[place]
    return due, source


def _due(spellings: list[str], pair: int) -> int:
    number, day = divmod(pair, _DAYS)
    terms = parse_terms(spellings[number]) or Terms()
    return (due_date(terms, to_date(day)) - _EPOCH).days
