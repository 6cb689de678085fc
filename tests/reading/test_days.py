"""Days as ledgers write them, read strictly (fault 10)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.reading.days import day_number, read_day

DAY = datetime.date(2026, 4, 5)


@pytest.mark.parametrize(
    "text",
    ["20260405", "2026-04-05", "2026/04/05", "2026.04.05", "05/04/2026", "05-04-2026", "05.04.2026", " 20260405 ",
     "2026-04-05T00:00:00", "2026-04-05 10:11:12.5Z", "05/04/2026 00:00", "5 avr. 2026", "5 avril 2026", "05 AVR 2026"],
)  # fmt: skip
def test_a_known_spelling(text):
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [("1er février 2026", (2026, 2, 1)), ("15 août 2025", (2025, 8, 15)), ("3 juin 2026", (2026, 6, 3)),
     ("3 juil. 2026", (2026, 7, 3)), ("31 déc. 2099", (2099, 12, 31)), ("29022024", None), ("20240229", (2024, 2, 29))],
)  # fmt: skip
def test_months_in_words_and_leap_days(text, day):
    assert read_day(text) == (datetime.date(*day) if day else text)


@pytest.mark.parametrize("text", ["", " ", "0", "00000000", "-", "/", "00/00/0000", "  /  /    ", "--"])
def test_a_filled_day_is_none(text):
    assert read_day(text) is None


@pytest.mark.parametrize(
    "text",
    ["31022026", "20260231", "2026-02-31", "31/02/2026", "19000101", "22060101", "46000", "2026-4-5", "5/4/26",
     "04/2026", "2026", "2026-13-01", "20261301", "5 foo 2026", "45 avril 2026", "٢٠٢٦٠٤٠٥", "2026-04-05x", "1e8"],
)  # fmt: skip
def test_what_is_no_day_comes_back_as_it_is(text):
    assert read_day(text) == text


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2099, 12, 31)))
def test_every_day_of_the_span_is_read_in_every_form(day):
    for form in ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S"):
        assert read_day(day.strftime(form)) == day


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2099, 12, 31)))
def test_the_number_of_a_day(day):
    assert datetime.date(1970, 1, 1) + datetime.timedelta(day_number(day)) == day


@given(st.text(max_size=12))
def test_no_text_breaks_it(text):
    found = read_day(text)
    assert found is None or found == text.strip() or isinstance(found, datetime.date)
