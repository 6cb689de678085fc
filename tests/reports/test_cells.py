"""Columns of a table on the screen: the same as value by value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.language import language
from dunning_batch.reports import cells
from dunning_batch.reports.cells import Amounts, Cells, Words, lines, widest


@given(st.lists(st.integers(0, 10**9) | st.integers(0, 200)), st.sampled_from(["fr", "en"]))
def test_amounts_are_printed_as_one_by_one(values, code):
    found = Amounts(np.array(values, np.int64)).texts(language(code)).to_pylist()
    assert found == [language(code).money(value) for value in values]


def test_amounts_below_zero_have_their_sign():
    assert Amounts(np.array([-50, 50, -123456])).texts(language("en")).to_pylist() == ["-0.50", "0.50", "-1,234.56"]


def test_only_values_that_a_row_has_widen_a_column():
    texts = Cells(["DUPONT", "a name that nobody bears"], np.array([0, 0])).texts(str)
    assert widest(texts) == len("DUPONT")
    assert texts.to_pylist() == ["DUPONT", "DUPONT"]


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_rows_are_the_same_however_many_are_joined_at_once(monkeypatch, at_once):
    monkeypatch.setattr(cells, "_AT_ONCE", at_once)
    names, sums = Words(["Café", "Œuvre d'art", ""]).texts(), Cells([1, None], np.array([0, 1, 0])).texts(str)
    found = b"".join(lines([sums, names], [4, 5], [False, True])).decode().splitlines()
    assert found == ["   1 Café", "None Œuvr…", "   1"]


def test_no_row_is_no_line():
    assert b"".join(lines([Words([]).texts()], [4], [True])) == b""
