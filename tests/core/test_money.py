"""Money: cents read strictly, printed exactly, rounded in one way (fault 8)."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dunning_batch.core.money import LARGEST, as_decimal, decimal_text, grouped_text, read_amount, round_cents

KNOWN = {
    "": 0, "   ": 0, "0": 0, "0,00": 0, "12": 1200, "2592": 259200, "12,5": 1250, "777,18": 77718, "777.18": 77718,
    "1234,56": 123456, "1 234,56": 123456, "1\u00a0234,56": 123456, "1\u202f234,56": 123456, "1.234,56": 123456,
    "1,234.56": 123456, "12 345 678,90": 1234567890, "-12,00": -1200, "12,00-": -1200, "- 12,00": -1200,
    "(12,00)": -1200, "+12,00": 1200, "12,00+": 1200, "0000000074,70": 7470, "+000000069,40": 6940,
    " 000000000003000,00": 300000, "000000000000000000000000012,00": 1200, "12,0000": 1200, "1000000000000,00": LARGEST,
}  # fmt: skip
DOUBTFUL = ["(12,00", "12,00)", "(12-)", "(+12)", "12,345", "1.234", "12,5O", "1,2,3", "1 23,45", "12 34", "1.23.4", "--12", "-12-", "(-12)", "+12-", "12,",
            ",12", "12€", "1e3", "0x10", "١٢", "12,00 EUR", "1'234,56", "1_000", "nan", "inf", "-", "1000000000000,01",
            "9" * 70]  # fmt: skip


@pytest.mark.parametrize(("text", "cents"), KNOWN.items())
def test_a_known_spelling(text, cents):
    assert read_amount(text) == cents


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubtful_spelling_is_no_amount(text):
    assert read_amount(text) is None


@given(st.integers(-LARGEST, LARGEST))
@example(-1)
def test_a_printed_amount_is_read_back_in_every_usual_way(cents):
    for group, point in (("", ","), ("", "."), (" ", ","), ("\u202f", ","), (".", ","), (",", ".")):
        assert read_amount(grouped_text(cents, group, point)) == cents
    assert read_amount(decimal_text(cents)) == cents
    if cents < 0:
        positive = grouped_text(-cents, "", ",")
        assert read_amount(f"{positive}-") == read_amount(f"({positive})") == cents


@given(st.integers(-LARGEST, LARGEST))
def test_a_workbook_cell_is_exact(cents):
    assert as_decimal(cents) * 100 == cents


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123450, "1234.50"), (-100, "-1.00")])
def test_cents_as_json_has_them(cents, text):
    assert decimal_text(cents) == text


@pytest.mark.parametrize(
    ("value", "cents"), [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-2.5", -3), ("7", 7)]
)
def test_half_a_cent_is_rounded_away_from_zero(value, cents):
    assert round_cents(Decimal(value)) == cents


@pytest.mark.parametrize(("cents", "text"), [(0, "0,00"), (-1, "-0,01"), (123456789, "1 234 567,89"), (-100000, "-1 000,00")])
def test_cents_in_groups(cents, text):
    assert grouped_text(cents, " ", ",") == text
