"""Rule F6: going through the passes only where one can find something changes nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core import allocation
from dunning_batch.core.allocation import allocate
from tests.core.samples import credit, item, settlement

CUSTOMERS, PIECES, DAYS = st.sampled_from("ABC"), st.sampled_from(["", "F001", "F-12", "RG7"]), st.integers(1, 28)
LABELS = st.sampled_from(["Virement", "Reglt F001", "vir f-12.", "F-123"])
ITEMS = st.lists(st.tuples(CUSTOMERS, PIECES, DAYS, st.integers(1, 12)), max_size=8)
CREDITS = st.lists(st.tuples(CUSTOMERS, PIECES, DAYS, st.integers(1, 20), LABELS), max_size=5)


def settled(items, credits_):
    owed = [
        item(who, piece, f"2026-01-{day:02d}", euros, order=rank) for rank, (who, piece, day, euros) in enumerate(items)
    ]
    paid = [
        credit(who, f"2026-01-{day:02d}", euros, piece, label, order=100 + rank)
        for rank, (who, piece, day, euros, label) in enumerate(credits_)
    ]
    return settlement(owed, paid)


@given(ITEMS, CREDITS)
def test_f6_of_the_customers_left_aside_no_pass_finds_anything(items, credits_):
    found = list(allocate(settled(items, credits_)))
    chosen = allocation.may_belong
    try:
        allocation.may_belong = lambda accounts: np.arange(accounts.count)
        assert list(allocate(settled(items, credits_))) == found
    finally:
        allocation.may_belong = chosen


def test_f6_customers_whose_credits_fit_nothing_are_left_aside():
    one = settled(
        [("A", "F001", 1, 7), ("B", "F001", 1, 7)], [("A", "", 2, 3, "Virement"), ("B", "", 2, 7, "Virement")]
    )
    accounts = allocation.accounts_of(allocation.items_of(one.items), allocation.credits_of(one.credits))
    assert accounts.items.customer.texts[allocation.may_belong(accounts)].tolist() == ["B"]


@given(ITEMS, CREDITS)
def test_f6_no_credit_and_no_item_is_used_up_twice(items, credits_):
    one = settled(items, credits_)
    found = allocate(one)
    used, covered = np.zeros(len(one.credits), np.int64), np.zeros(len(one.items), np.int64)
    np.add.at(used, found.credit, found.amount)
    np.add.at(covered, found.item, found.amount)
    assert all(cents <= whole.amount for cents, whole in zip(used, one.credits, strict=True))
    assert all(cents <= whole.open for cents, whole in zip(covered, one.items, strict=True))
    for who in "ABC":
        left = sum(whole.open - cents for cents, whole in zip(covered, one.items, strict=True) if whole.customer == who)
        idle = sum(
            whole.amount - cents for cents, whole in zip(used, one.credits, strict=True) if whole.customer == who
        )
        assert not (left and idle), "a credit lies idle beside an open item"
