"""Columns of bytes as text: decoded, trimmed, without signs that cannot be seen (faults 4, 5, 21)."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.reading.texts import decoded, seen, trimmed, unquoted

ENCODINGS = ("utf-8", "cp1252", "iso8859-15", "cp850")


def trim(*texts):
    return trimmed(pa.array(texts, pa.string())).to_pylist()


def see(*texts):
    column, rows = seen(pa.array(texts, pa.string()))
    return column.to_pylist(), rows.tolist()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_cell_is_decoded_by_itself(encoding):
    texts = ["Été", "", "n° 12 à l'œil" if encoding != "cp850" else "n° 12", "ABC", "É"]
    if encoding == "iso8859-15":
        texts.append("10 €")
    assert decoded(pa.array([text.encode(encoding) for text in texts], pa.binary()), encoding).to_pylist() == texts


@given(st.lists(st.binary(max_size=12), max_size=12), st.sampled_from(ENCODINGS[1:]), st.integers(0, 3))
def test_a_slice_is_decoded_as_its_cells_are(cells, encoding, start):
    column = pa.array(cells, pa.binary()).slice(start)
    assert decoded(column, encoding).to_pylist() == [cell.decode(encoding, errors="replace") for cell in cells[start:]]


def test_blanks_of_every_kind_go_from_the_edges_only():
    assert trim("  a b ", "\u00a0a\u00a0b\u202f", "\ta\u3000", "a", "") == ["a b", "a\u00a0b", "a", "a", ""]


@pytest.mark.parametrize(
    ("text", "bare"),
    [('"a"', "a"), (' " a b " ', "a b"), ('"Le ""Bon"" coin"', 'Le "Bon" coin'), ('""', ""), ('LE "BON', 'LE "BON'),
     ('"LE BON', '"LE BON'), ('a "b" c', 'a "b" c'), ('"a" et "b"', '"a" et "b"'), ('"', '"')],
)  # fmt: skip
def test_a_field_quoted_as_a_whole_loses_its_quotes_and_no_other_does(text, bare):
    assert trim(text) == [bare]
    assert unquoted(text.strip()) == bare


@given(st.lists(st.text(alphabet=' "a\u00a0é', max_size=6), max_size=8))
def test_a_column_is_trimmed_as_its_cells_are(texts):
    assert trim(*texts) == [unquoted(text.strip()) for text in texts]


def test_signs_that_cannot_be_seen_go_and_their_rows_are_told():
    texts = ["plain", "a\x07b", "rtl\u202etxt", "zero\u200bwidth", "c1\x85line", "bom\ufeff", "été €", "\U0001f600 ok"]
    clean, rows = see(*texts)
    assert clean == ["plain", "ab", "rtltxt", "zerowidth", "c1 line", "bom", "été €", "\U0001f600 ok"]
    assert rows == [1, 2, 3, 4, 5]


def test_a_tab_becomes_a_blank_and_is_no_fault():
    assert see("a\tb", "c") == (["a b", "c"], [])


@given(st.lists(st.text(max_size=8), max_size=8))
def test_what_was_cleaned_needs_no_cleaning(texts):
    clean, _ = see(*texts)
    assert see(*clean)[1] == []
