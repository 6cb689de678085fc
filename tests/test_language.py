"""Sentences, amounts and dates in both languages."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.money import read_amount
from dunning_batch.errors import msg
from dunning_batch.language import LANGUAGES, Language, language


@pytest.mark.parametrize(
    ("code", "cents", "money", "euros"),
    [
        ("fr", 123450, "1\u202f234,50", "1\u202f234,50\u00a0€"),
        ("fr", -5, "-0,05", "-0,05\u00a0€"),
        ("fr", 0, "0,00", "0,00\u00a0€"),
        ("fr", 100000000, "1\u202f000\u202f000,00", "1\u202f000\u202f000,00\u00a0€"),
        ("en", 123450, "1,234.50", "€1,234.50"),
        ("en", -5, "-0.05", "€-0.05"),
    ],
)
def test_amounts(code, cents, money, euros):
    assert (language(code).money(cents), language(code).euros(cents)) == (money, euros)


@pytest.mark.parametrize("code", LANGUAGES)
@given(cents=st.integers(-(10**12), 10**12))
def test_a_printed_amount_can_be_read_back(code, cents):
    assert read_amount(language(code).money(cents)) == cents


@pytest.mark.parametrize(
    ("code", "day", "short", "long"),
    [
        ("fr", datetime.date(2026, 12, 1), "01/12/2026", "1er décembre 2026"),
        ("fr", datetime.date(2026, 8, 2), "02/08/2026", "2 août 2026"),
        ("en", datetime.date(2026, 12, 1), "01/12/2026", "1 December 2026"),
    ],
)
def test_dates(code, day, short, long):
    assert (language(code).date(day), language(code).long_date(day)) == (short, long)


def test_a_message_prints_its_values_by_their_form():
    text = msg("{amount:money} of {customer} on {day:date}, {day:long_date}: {count} lines", amount=1050,
               customer="DUPONT", day=datetime.date(2026, 2, 1), count=3)  # fmt: skip
    assert language("en").message(text) == "€10.50 of DUPONT on 01/02/2026, 1 February 2026: 3 lines"


def test_a_message_inside_a_message_is_printed_too():
    assert language("en").message(msg("so: {why}.", why=msg("{count} lines", count=2))) == "so: 2 lines."


def test_braces_in_a_value_are_no_fields():
    assert language("en").message(msg("{name} owes", name="{amount:money} {0}")) == "{amount:money} {0} owes"


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [("en", 0, "0 lines"), ("en", 1, "1 line"), ("en", 2, "2 lines"), ("fr", 0, "0 line"), ("fr", 1, "1 line"),
     ("fr", 2, "2 lines")],
)  # fmt: skip
def test_a_number_with_its_noun(code, count, said):
    assert language(code).message(msg("{count:line|lines} read", count=count)) == f"{said} read"


def test_french_has_a_space_before_its_colon():
    assert (language("fr").colon, language("en").colon) == ("\u00a0: ", ": ")


def test_a_language_is_loaded_once():
    assert language("fr") is language("fr")
    assert isinstance(language("en"), Language)
