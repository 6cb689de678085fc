"""Columns that read as a sequence of records."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.arrays import distinct_of
from dunning_batch.core.duedates import NO_DAY, dates_or_none
from dunning_batch.core.itemcolumns import credits_of, items_of
from tests.core.samples import DAY, credit, item
from tests.core.tables import settled

ITEMS = (item("DUPONT", "F1", "2026-02-11", 10), item("MARTIN", "", "2026-02-12", 20, kind="opening"))


def test_records_become_columns_and_are_themselves_again():
    items = items_of(ITEMS)
    assert items.open.tolist() == [1000, 2000]
    assert items.customer.some(np.array([1, 0])) == ["MARTIN", "DUPONT"]
    assert items == ITEMS
    assert items[1] is ITEMS[1]
    assert items_of(items) is items
    assert credits_of((credit("DUPONT", "2026-02-11", 5),))[0].amount == 500


def test_columns_make_records_one_by_one_some_and_all_alike():
    items = settled("""
        customer | date       | piece | debit
        DUPONT   | 2026-01-15 | F001  | 120.00
        MARTIN   | 2026-01-16 |       | 30.00
        DUPONT   | 2026-01-17 | F003  | 9.00
    """).items
    alone, some = [items[0], items[1], items[-1]], items[:2]
    assert items.made is None
    assert list(items) == alone
    assert list(some) == alone[:2]
    assert items.some(np.array([2, 0])) == [alone[2], alone[0]]
    assert items[1].source.line == 3
    with pytest.raises(IndexError):
        items[3]


def test_an_item_without_a_piece_is_called_by_its_label():
    items = items_of(ITEMS)
    assert items.names(np.array([1, 0])) == ["Vente", "F1"]
    assert items.without_piece().tolist() == [False, True]


def test_words_rank_in_the_order_of_their_texts():
    items = items_of([item(who, "F1", "2026-02-11", 10) for who in ("MARTIN", "DUPONT", "MARTIN")])
    assert items.customer.ranks().tolist() == [1, 0, 1]
    assert items.customer.among(["DUPONT"]).tolist() == [-1, 0]


@given(st.lists(st.integers(-(2**40), 2**40) | st.integers(-5, 5)))
def test_distinct_values_are_those_of_numpy(values):
    values = np.array(values, np.int64)
    distinct, place = distinct_of(values)
    assert distinct.tolist() == sorted(set(values.tolist()))
    assert (distinct[place] == values).all()


def test_no_day_is_none():
    assert dates_or_none(np.array([0, NO_DAY])) == [DAY("1970-01-01"), None]
