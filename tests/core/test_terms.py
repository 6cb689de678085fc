"""Rules E2, E3 and E4."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.terms import KNOWN_SPELLINGS, Terms, due_date, legal_cap_exceeded, parse_terms


@pytest.mark.parametrize(
    ("french", "english", "issued", "due"),
    [
        ("30 jours", "30 days", "2026-01-15", "2026-02-14"),
        ("60 jours nets", "60 days", "2026-01-15", "2026-03-16"),
        ("45 jours fin de mois", "45 days end of month", "2026-01-15", "2026-03-31"),
        ("fin de mois 45 jours", "end of month 45 days", "2026-01-15", "2026-03-17"),
        ("30 jours fin de mois", "30 days end of month", "2026-01-15", "2026-02-28"),
        ("fin du mois suivant", "end of next month", "2026-01-15", "2026-02-28"),
        ("fin du mois suivant", "end of next month", "2026-01-31", "2026-02-28"),
        ("fin du mois suivant", "end of next month", "2026-12-10", "2027-01-31"),
        ("30 jours fin de mois le 10", "30 days end of month the 10th", "2026-04-15", "2026-06-10"),
        ("30 jours fin de mois le 31", "30 days end of month the 31st", "2026-03-15", "2026-05-31"),
        ("30 jours fin de mois le 30", "30 days end of month the 30th", "2026-01-01", "2026-02-28"),
        ("30 jours fin de mois le 1er", "30 days end of month the 1st", "2026-04-15", "2026-06-01"),
        ("fin de mois", "end of month", "2026-01-15", "2026-01-31"),
        ("à réception", "on receipt", "2026-01-15", "2026-01-15"),
        ("comptant", "on receipt", "2026-01-15", "2026-01-15"),
    ],
)
def test_e2_e3_every_spelling_in_both_languages(french, english, issued, due):
    for text in (french, english):
        assert due_date(parse_terms(text), date.fromisoformat(issued)) == date.fromisoformat(due)


@pytest.mark.parametrize("text", ["  30   JOURS ", "30\u00a0jours", "30jours", "30 Jours NETS", "30 jour"])
def test_e2_case_accents_and_blanks_do_not_matter(text):
    assert parse_terms(text) == Terms(30)
    assert parse_terms("A RECEPTION") == parse_terms("À Réception") == Terms()


@pytest.mark.parametrize(
    "text",
    ["", "30", "45 jours calendaires", "fin du trimestre", "-30 jours", "3,0 jours", "1000 jours", "30 jours le 10",
     "30 jours fin de mois le 0", "30 days end of month the 32nd", "30 jours ou comptant"],
)  # fmt: skip
def test_e2_anything_else_is_no_spelling(text):
    assert parse_terms(text) is None


def test_the_known_spellings_are_known():
    assert all(map(parse_terms, KNOWN_SPELLINGS))


@pytest.mark.parametrize(
    ("text", "exceeded"),
    [
        ("60 jours", False), ("61 jours", True), ("45 jours fin de mois", False), ("46 jours fin de mois", True),
        ("fin de mois 45 jours", False), ("fin de mois 46 jours", True), ("fin du mois suivant", False),
        ("10 jours fin de mois le 10", False), ("45 jours fin de mois le 10", True), ("comptant", False),
    ],
)  # fmt: skip
def test_e4_legal_caps(text, exceeded):
    assert legal_cap_exceeded(parse_terms(text)) is exceeded


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120), st.integers(1, 31))
def test_the_day_of_a_month_is_always_after_the_months_end_before_it(issued, days, number):
    month_end = due_date(Terms(days, month_end_last=True), issued)
    due = due_date(Terms(days, month_end_last=True, day_of_month=number), issued)
    assert month_end < due <= month_end + timedelta(31)
    assert due.day == number or (due.day < number and (due + timedelta(1)).day == 1)
