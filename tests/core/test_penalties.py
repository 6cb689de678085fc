"""Rules G1 to G4: late interest and the fixed indemnity."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.penalties import (
    MissingRate,
    PenaltyTerms,
    Rates,
    formula_of,
    half_year,
    indemnity_is_due,
    interest_of,
)
from tests.core.samples import DAY, item

RATES = Rates(
    ecb={"2025-S2": Decimal("2.15"), "2026-S1": Decimal("2.15"), "2026-S2": Decimal("2.40")},
    legal={"2026-S1": Decimal("2.62"), "2026-S2": Decimal("2.75")},
)
F001 = item("PRO", "F001", "2026-04-30", 1000)


def interest(debt=F001, *, coverings=(), customer="professional", notice=None, as_of="2026-11-24", **terms):
    dated = [(DAY(day), amount * 100) for day, amount in coverings]
    return interest_of(debt, dated, customer, DAY(notice) if notice else None, DAY(as_of), PenaltyTerms(**terms), RATES)


def rows(found):
    """First day, days, base in cents, rate and interest in cents of each segment."""
    return [(str(one.first), one.days, one.base, str(one.rate), one.interest) for one in found.segments]


def test_g4_the_example():
    assert rows(interest()) == [
        ("2026-05-01", 61, 100000, "12.15", 2031),
        ("2026-07-01", 147, 100000, "12.40", 4994),
    ]


def test_g1_from_the_day_after_due_to_the_letters_date_included():
    assert rows(interest(as_of="2026-04-30")) == []
    assert rows(interest(as_of="2026-05-01")) == [("2026-05-01", 1, 100000, "12.15", 33)]


def test_g1_a_partial_payment_lowers_it_from_the_day_after_its_entry_date():
    debt = item("PRO", "F001", "2026-04-30", 980, payments=[("2026-06-10", 20)])
    assert rows(interest(debt)) == [
        ("2026-05-01", 41, 100000, "12.15", 1365),
        ("2026-06-11", 20, 98000, "12.15", 652),
        ("2026-07-01", 147, 98000, "12.40", 4894),
    ]


@pytest.mark.parametrize("day", ["2026-03-15", "2026-04-30"])
def test_g1_what_was_paid_by_the_due_date_bears_none(day):
    paid = item("PRO", "F001", "2026-04-30", 800, payments=[(day, 200)])
    covered = interest(coverings=[(day, 200)])
    assert [row[1:3] for row in rows(interest(paid))] == [(61, 80000), (147, 80000)]
    assert rows(covered) == rows(interest(paid))
    assert sum(row[-1] for row in rows(covered)) == 5619


def test_g1_what_a_credit_covers_lowers_it_from_the_day_after_the_credits_date():
    assert [row[:3] for row in rows(interest(coverings=[("2026-08-31", 25)]))] == [
        ("2026-05-01", 61, 100000),
        ("2026-07-01", 62, 100000),
        ("2026-09-01", 85, 97500),
    ]


def test_g1_a_payment_after_the_letter_or_on_its_day_lowers_nothing_yet():
    for day in ("2026-11-24", "2026-12-24"):
        debt = item("PRO", "F001", "2026-04-30", 900, payments=[(day, 100)])
        assert rows(interest(debt)) == rows(interest())


def test_g1_a_payment_on_the_last_day_of_a_half_year_cuts_once():
    debt = item("PRO", "F001", "2026-04-30", 900, payments=[("2026-06-30", 100)])
    assert [row[:3] for row in rows(interest(debt))] == [("2026-05-01", 61, 100000), ("2026-07-01", 147, 90000)]


def test_g1_a_public_buyers_rate_is_fixed_when_interest_begins():
    assert rows(interest(customer="public")) == [("2026-05-01", 208, 100000, "10.15", 5784)]
    late = item("PUBLIC", "F001", "2026-06-30", 1000)
    assert [row[3] for row in rows(interest(late, customer="public"))] == ["10.40"]


def test_g1_always_365_days_a_year():
    debt = item("PRO", "F001", "2027-12-31", 365)
    found = interest(debt, as_of="2028-12-31", professional="10%")
    assert rows(found) == [("2028-01-01", 366, 36500, "10", 3660)]


@pytest.mark.parametrize(
    ("formula", "rates"),
    [("legal*3", ["7.86", "8.25"]), ("legal", ["2.62", "2.75"]), ("12.5%", ["12.5"]), ("ecb+12.5", ["14.65", "14.90"])],
)
def test_g1_other_formulas(formula, rates):
    assert [row[3] for row in rows(interest(professional=formula))] == rates


DATED = st.lists(st.tuples(st.dates(DAY("2025-12-01"), DAY("2026-12-31")).map(str), st.integers(1, 90)), max_size=4)


@given(DATED, DATED, st.dates(DAY("2026-04-30"), DAY("2026-12-31")).map(str))
def test_g1_the_segments_follow_each_other_over_all_days(payments, coverings, as_of):
    debt = item("PRO", "F001", "2026-04-30", 1000, payments=payments)
    segments = interest(debt, coverings=coverings, as_of=as_of).segments
    assert sum(one.days for one in segments) == (DAY(as_of) - DAY("2026-04-30")).days
    assert all(one.first > other.last for other, one in pairwise(segments))
    assert all(one.base >= other.base or one.rate != other.rate for one, other in pairwise(segments))


@pytest.mark.parametrize("text", ["none", "ecb", "ecb10", "prime+2", "legal*", ""])
def test_what_is_a_formula(text):
    assert (formula_of(text) is None) is (text != "ecb")


def test_g2_a_missing_half_year_is_named_and_nothing_takes_its_place():
    found = interest(as_of="2027-07-01")
    assert found.missing == (MissingRate("ecb", "2027-S1"), MissingRate("ecb", "2027-S2"))
    assert interest(professional="legal*3", as_of="2027-01-01").missing == (MissingRate("legal", "2027-S1"),)
    assert interest(professional="12.5%", as_of="2031-01-01").missing == ()
    assert interest(customer="public", as_of="2031-01-01").missing == ()


def test_g2_no_rate_is_needed_where_nothing_was_open():
    assert interest(coverings=[("2026-12-31", 1000)], as_of="2027-03-31").missing == ()


@pytest.mark.parametrize(
    ("customer", "notice", "terms", "first"),
    [
        ("unknown", "2026-06-01", {}, None),
        ("consumer", "2026-06-01", {}, None),
        ("consumer", None, {"consumer": "legal"}, None),
        ("consumer", "2026-06-01", {"consumer": "legal"}, "2026-06-02"),
        ("consumer", "2026-04-01", {"consumer": "legal"}, "2026-05-01"),
        ("professional", None, {"professional": "none"}, None),
    ],
)
def test_g3_who_owes_interest_and_since_when(customer, notice, terms, first):
    found = rows(interest(customer=customer, notice=notice, **terms))
    assert (found[0][0] if found else None) == first


@pytest.mark.parametrize(
    ("customer", "kind", "due"),
    [
        ("professional", "invoice", True),
        ("public", "opening", True),
        ("professional", "refund", False),
        ("professional", "other", False),
        ("consumer", "invoice", False),
        ("unknown", "invoice", False),
    ],
)
def test_g3_who_owes_the_indemnity(customer, kind, due):
    assert indemnity_is_due(customer, item("X", "F1", "2026-04-30", 10, kind=kind)) is due


def test_half_years():
    days = ["2026-01-01", "2026-06-30", "2026-07-01", "2026-12-31"]
    assert [half_year(DAY(day)) for day in days] == ["2026-S1", "2026-S1", "2026-S2", "2026-S2"]


def test_g1_a_public_buyers_rate_holds_through_a_payment_in_the_next_half_year():
    debt = item("PRO", "F001", "2026-04-30", 600, amount=1000, payments=[("2026-08-10", 400)])
    assert [(first, base, rate) for first, _, base, rate, _ in rows(interest(debt, customer="public"))] == [
        ("2026-05-01", 100000, "10.15"), ("2026-08-11", 60000, "10.15"),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["payment", "covering"])
def test_g1_money_of_the_first_day_of_interest_lowers_it_from_the_second(how):
    day, cents = "2026-05-01", 400
    debt = item("PRO", "F001", "2026-04-30", 600, payments=[(day, cents)]) if how == "payment" else F001
    found = rows(interest(debt, coverings=[(day, cents)] if how == "covering" else (), as_of="2026-05-11"))
    assert [(first, days, base) for first, days, base, _, _ in found] == [
        ("2026-05-01", 1, 100000), ("2026-05-02", 10, 60000),
    ]  # fmt: skip


def test_g1_days_on_which_nothing_was_open_have_no_segment():
    found = rows(interest(coverings=[("2026-05-10", 1000)]))
    assert [(first, days) for first, days, *_ in found] == [("2026-05-01", 10)]
