"""Late interest and the fixed indemnity (rules G1 to G4; L441-10, D441-5, R2192-31).

Interest runs on what was still open on each day: a payment lowers it from the day after its entry date, a credit that
covers the item from the day after the credit's date. It is cut into segments where the amount or the rate changes,
each rounded by itself; nothing is compounded.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from dunning_batch.core.customers import CustomerType
from dunning_batch.core.money import round_cents
from dunning_batch.core.openitems import OpenItem

Index = Literal["ecb", "legal"]

_FORMULA = re.compile(
    r"(?P<index>ecb|legal)(?:\+(?P<points>\d+(?:\.\d+)?)|\*(?P<factor>\d+(?:\.\d+)?))?|(?P<percent>\d+(?:\.\d+)?)%"
)
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Rates:
    """Percent a year by half-year such as "2026-S2": the ECB main refinancing rate, the legal rate of businesses."""

    ecb: dict[str, Decimal] = field(default_factory=dict)
    legal: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """`[penalties]`: a formula by type of customer ("ecb+10", "legal*3", "12.5%", "legal", "none"); cents."""

    professional: str = "ecb+10"
    consumer: str = "none"
    public: str = "ecb+8"
    fixed_indemnity: int = 4000


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of days at one rate and one amount; both days included."""

    first: date
    last: date
    days: int
    base: int  # cents
    rate: Decimal  # percent a year
    interest: int  # cents, rounded half up


@dataclass(frozen=True, slots=True)
class Formula:
    """An annual rate in percent: index * factor + points, or the points alone."""

    index: Index | None
    factor: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True, order=True)
class MissingRate:
    """A half-year that a letter needs and the rate table lacks (rule G2); `index` is its key in `[penalties]`."""

    index: Index
    half_year: str


@dataclass(frozen=True, slots=True)
class Interest:
    """The interest on one item, or the half-years that are missing to compute it."""

    segments: tuple[Segment, ...] = ()
    missing: tuple[MissingRate, ...] = ()


def rates_from(table: Mapping[str, Sequence[Mapping[str, Any]]]) -> Rates:
    """The rates of the program's own table, `data/rates.toml` as parsed."""
    return Rates(*({row["half_year"]: Decimal(row["percent"]) for row in table[index]} for index in ("ecb", "legal")))


def formula_of(text: str) -> Formula | None:
    """The formula written as `ecb+10`, `legal*3`, `legal` or `12.5%`; None for `none`, which asks for nothing."""
    found = _FORMULA.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    if found["percent"]:
        return Formula(None, Decimal(0), Decimal(found["percent"]))
    index: Index = "ecb" if found["index"] == "ecb" else "legal"
    return Formula(index, Decimal(found["factor"] or 1), Decimal(found["points"] or 0))


def formula_for(customer: CustomerType, terms: PenaltyTerms) -> str:
    """What is asked of a type of customer, as `formula_of` reads it: `none` of an unknown one."""
    formulas = {"professional": terms.professional, "public": terms.public, "consumer": terms.consumer}
    return formulas.get(customer, "none")


def half_year(day: date) -> str:
    """The half-year of a day: `2026-S1` up to 30 June, `2026-S2` from 1 July."""
    return f"{day.year}-S{1 if day.month <= 6 else 2}"


def interest_of(
    item: OpenItem,
    coverings: Sequence[tuple[date, int]],
    customer: CustomerType,
    formal_notice: date | None,
    as_of: date,
    terms: PenaltyTerms,
    rates: Rates,
) -> Interest:
    """Late interest on one item up to the letter's date included, by type of customer (rules G1, G3).

    Args:
        item: Its `payments` say what was open when.
        coverings: Dates and cents of the credits that cover it without being lettered (rule F6).
        customer: None is added for an unknown type.
        formal_notice: The day of the item's first formal notice: a consumer owes no interest before it.
        as_of: The letter's date.
        terms: The formula for each type.
        rates: What the indices were.
    """
    formula = formula_of(formula_for(customer, terms))
    start = formal_notice if customer == "consumer" else item.due
    if formula is None or start is None:
        return Interest()
    since = max(start, item.due) + _DAY
    # Public buyers: the rate of the half-year in which interest began holds to the end (R2192-31).
    fixed = half_year(since) if customer == "public" else None
    splits = formula.index is not None and fixed is None
    segments: list[Segment] = []
    missing: list[MissingRate] = []
    for first, last in _stretches(since, as_of, [day for day, _ in (*item.payments, *coverings)], splits):
        base = _open_on(first, item, coverings)
        rate = _rate(formula, rates, fixed or half_year(first))
        if base and isinstance(rate, MissingRate):
            missing.append(rate)
        elif base and isinstance(rate, Decimal):
            segments.append(_segment(first, last, base, rate))
    return Interest(tuple(segments), tuple(missing))


def indemnity_is_due(customer: CustomerType, item: OpenItem) -> bool:
    """Whether an item of this customer may bear the fixed indemnity (rule G3; D441-5, D2192-35)."""
    return customer in ("professional", "public") and item.kind in ("invoice", "opening")


def _stretches(since: date, as_of: date, changes: Iterable[date], by_half_year: bool) -> Iterable[tuple[date, date]]:
    """The days from `since` to `as_of`, cut after each change of the amount and before each half-year."""
    cuts = {since} | {day + _DAY for day in changes if since <= day < as_of}
    if by_half_year:
        years = range(since.year, as_of.year + 1)
        halves = (date(year, month, 1) for year in years for month in (1, 7))
        cuts |= {day for day in halves if since < day <= as_of}
    firsts = sorted(day for day in cuts if day <= as_of)
    return zip(firsts, [*(day - _DAY for day in firsts[1:]), as_of], strict=False)


def _open_on(day: date, item: OpenItem, coverings: Iterable[tuple[date, int]]) -> int:
    """What was open on that day: payments of that day and later ones were not yet received, nor were credits."""
    later = sum(amount for paid_on, amount in item.payments if paid_on >= day)
    covered = sum(amount for dated, amount in coverings if dated < day)
    return max(0, item.open + later - covered)


def _rate(formula: Formula, rates: Rates, half: str) -> Decimal | MissingRate:
    if formula.index is None:
        return formula.points
    percent = getattr(rates, formula.index).get(half)
    return MissingRate(formula.index, half) if percent is None else percent * formula.factor + formula.points


def _segment(first: date, last: date, base: int, rate: Decimal) -> Segment:
    days = (last - first).days + 1
    return Segment(first, last, days, base, rate, round_cents(base * rate * days / 36500))
