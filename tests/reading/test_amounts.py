"""Amounts by the column are what they are one by one, and nothing that could be two amounts is one (fault 8)."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dunning_batch.core.money import LARGEST, grouped_text, read_amount
from dunning_batch.reading.amounts import read_amounts

KNOWN = {
    "": 0, "   ": 0, "0": 0, "0,00": 0, "12": 1200, "2592": 259200, "12,5": 1250, "777,18": 77718, "777.18": 77718,
    "1234,56": 123456, "1 234,56": 123456, "1\u00a0234,56": 123456, "1\u202f234,56": 123456, "1.234,56": 123456,
    "1,234.56": 123456, "12 345 678,90": 1234567890, "-12,00": -1200, "12,00-": -1200, "- 12,00": -1200,
    "(12,00)": -1200, "+12,00": 1200, "12,00+": 1200, "0000000074,70": 7470, "+000000069,40": 6940,
    " 000000000003000,00": 300000, "000000000000000000000000012,00": 1200, "12,0000": 1200, "1000000000000,00": LARGEST,
}  # fmt: skip
DOUBTFUL = ["12,345", "1.234", "12,5O", "1,2,3", "1 23,45", "12 34", "1.23.4", "--12", "-12-", "(-12)", "+12-", "12,",
            ",12", "12€", "1e3", "0x10", "١٢", "12,00 EUR", "1'234,56", "1_000", "nan", "inf", "-", "1000000000000,01",
            "9" * 70]  # fmt: skip


def read(texts):
    cents, wrong = read_amounts(pa.array(texts, pa.string()))
    return [None if row in wrong.tolist() else amount for row, amount in enumerate(cents.tolist())]


@pytest.mark.parametrize(("text", "cents"), KNOWN.items())
def test_a_known_spelling(text, cents):
    assert (read_amount(text), read([text])) == (cents, [cents])


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubtful_spelling_is_no_amount(text):
    assert (read_amount(text), read([text])) == (None, [None])


def test_a_whole_column_of_all_spellings():
    texts = [*KNOWN, *DOUBTFUL]
    assert read(texts) == [read_amount(text) for text in texts]


def test_an_amount_in_quotes_counts_and_a_lonely_quote_does_not():
    assert read(['"12,50"', '" 1 234,56 "', '"12,50']) == [1250, 123456, None]


def test_what_no_ledger_holds_is_no_amount_in_the_usual_spelling_either():
    assert read(["1000000000000,01", "12,00"]) == [None, 1200]
    assert read(["123456789012345,67", "000000000000012,00"]) == [None, 1200]


def test_an_empty_column():
    assert read([]) == []


@given(st.integers(-LARGEST, LARGEST))
@example(-1)
def test_a_printed_amount_is_read_back_in_every_usual_way(cents):
    for group, point in (("", ","), ("", "."), (" ", ","), ("\u202f", ","), (".", ","), (",", ".")):
        assert read_amount(grouped_text(cents, group, point)) == cents
    if cents < 0:
        positive = grouped_text(-cents, "", ",")
        assert read_amount(f"{positive}-") == read_amount(f"({positive})") == cents


usual = st.integers(0, LARGEST + 1000).map(lambda cents: grouped_text(cents, "", ","))
spellings = st.one_of(
    usual,
    st.integers(0, 10**9).map(str),
    st.sampled_from([*KNOWN, *DOUBTFUL]),
    st.text(alphabet='0123456789,.- +()\u00a0"', max_size=20),
)


@given(st.lists(spellings, max_size=30))
@example(["12", "1"])
@example(["1,23", "", "12,3"])
def test_a_column_is_read_as_its_cells_are(texts):
    unquoted = [text.strip()[1:-1].replace('""', '"') if _is_quoted(text.strip()) else text for text in texts]
    assert read(texts) == [read_amount(text) for text in unquoted]


def _is_quoted(text):
    return len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', "")


@given(st.lists(usual, min_size=1, max_size=20))
def test_a_column_of_the_usual_spelling_alone(texts):
    assert read(texts) == [read_amount(text) for text in texts]
