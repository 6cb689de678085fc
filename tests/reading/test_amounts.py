"""Amounts by the column are what they are one by one, and nothing that could be two amounts is one (fault 8)."""

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from dunning_batch.core.money import LARGEST, grouped_text, read_amount
from dunning_batch.reading.amounts import read_amounts
from tests.core.test_money import DOUBTFUL, KNOWN


def read(texts):
    cents, wrong = read_amounts(pa.array(texts, pa.string()))
    return [None if row in wrong.tolist() else amount for row, amount in enumerate(cents.tolist())]


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
