"""Matches by amount (rule F6, passes 3 and 4): deducted as found, proposed only where nothing else could be meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.allocation import allocate
from dunning_batch.core.diagnosis import credits_of, items_of
from dunning_batch.core.matchsigns import credit_signs
from dunning_batch.core.proposals import proposals_of
from dunning_batch.language import language
from tests.core.samples import credit, item, settlement


def account(text):
    """One customer: `F1 1 100` is an invoice of 1 January over 100, `V1 9 -100` a credit; due 30 days later."""
    items, credits_ = [], []
    for order, (piece, day, euros) in enumerate(part.split() for part in text.split(",")):
        date = f"2026-{int(day) // 28 + 1:02d}-{int(day) % 28 + 1:02d}"
        if euros.startswith("-"):
            credits_.append(credit("DUPONT", date, euros[1:], piece, order=order))
        else:
            items.append(item("DUPONT", piece, date, euros, issued=date, order=order))
    return settlement(items, credits_)


def found(text):
    """What is proposed, and what is only deducted: a credit and its items each."""
    one = account(text)
    applied = allocate(one)
    sure, unsure = {}, {}
    for part in applied:
        if part.number in (3, 4):
            into = sure if part.sure else unsure
            into.setdefault(one.credits[part.credit].piece, []).append(one.items[part.item].piece)
    assert sure == {
        part.credit.piece: [owed.piece for owed in part.items] for part in proposals_of(one, applied) if part.number > 2
    }
    return tuple(" ".join(f"{piece}={'+'.join(items)}" for piece, items in some.items()) for some in (sure, unsure))


@pytest.mark.parametrize(
    ("lines", "sure", "unsure"),
    [
        ("F1 1 100, F2 1 90, V1 9 -100", "V1=F1", ""),
        ("F1 1 100, F2 2 100, V1 9 -100", "", "V1=F1"),  # either of two
        ("F1 1 100, V1 8 -100, V2 9 -100", "", "V1=F1"),  # by either of two
        ("F1 1 100, F2 2 100, V1 8 -100, V2 9 -100", "", "V1=F1 V2=F2"),  # the two may be crossed
        ("F1 9 100, V1 8 -100", "", "V1=F1"),  # invoiced later
        ("F1 8 100, V1 8 -100", "V1=F1", ""),  # invoiced that day
        ("F1 1 100, F2 20 100, V1 9 -100", "V1=F1", ""),  # only one was there yet
        ("F1 1 100, F2 20 100, V1 9 -100, V2 30 -100", "V1=F1 V2=F2", ""),  # each had one choice
        ("F1 1 100, F2 20 100, F3 25 100, V1 9 -100, V2 30 -100", "V1=F1", "V2=F2"),
        ("F1 1 100, F2 20 100, V1 9 -100, V2 10 -100", "", "V1=F1 V2=F2"),  # one of the two came before F2
        ("F1 5 100, F2 20 100, V1 1 -100, V2 9 -100", "", "V1=F1 V2=F2"),  # paid before any invoice
        ("F1 1 100, F2 2 70, F2 2 30, F3 1 40, V1 9 -100", "V1=F1", ""),  # a set does not speak against one amount
    ],
)
def test_f6_one_amount_is_proposed_where_the_days_leave_no_choice(lines, sure, unsure):
    assert found(lines) == (sure, unsure)


@pytest.mark.parametrize(
    ("lines", "sure", "unsure"),
    [
        ("F1 1 100, F2 2 150, F3 3 70, V1 9 -250", "V1=F1+F2", ""),
        ("F1 1 100, F2 2 150, F3 3 70, V1 9 -170", "", "V1=F1+F3"),  # skips F2
        ("F1 1 100, F2 2 150, F3 3 70, V1 2 -320", "", "V1=F1+F2+F3"),  # F3 was not there yet
        ("F1 1 100, F2 2 150, F3 3 70, V1 3 -320", "V1=F1+F2+F3", ""),
        ("F1 1 100, F2 2 150, F3 3 70, V1 8 -250, V2 9 -250", "", "V1=F1+F2"),  # which of two credits
    ],
)
def test_f6_a_set_is_proposed_where_it_skips_nothing(lines, sure, unsure):
    assert found(lines) == (sure, unsure)


def test_f6_a_set_that_holds_one_of_two_equal_items_is_no_proof():
    """50 was deducted from F1: {F2, F3} is the only set left, but {F1, F3} was as good."""
    assert found("F1 1 50, F2 2 50, F3 3 30, V1 8 -50, V2 9 -80") == ("", "V1=F1 V2=F2+F3")


def test_f6_what_bears_a_number_is_certain_whatever_the_amount():
    one = account("F1 1 100, F2 2 100, F2 9 -100")
    assert [(part.number, part.sure) for part in allocate(one)] == [(1, True)]


def test_f6_a_set_that_was_proposed_is_taken_away_for_the_next():
    """Until V1 took F1 and F2, 360 was F1 + F2 + F3 as well as F4 + F5."""
    lines = "F1 1 100, F2 2 200, F3 3 60, F4 4 330, F5 5 30"
    assert found(f"{lines}, V2 9 -360") == ("", "")
    assert found(f"{lines}, V1 8 -300, V2 9 -360") == ("V1=F1+F2 V2=F4+F5", "")


def said(text):
    one = account(text)
    signs = credit_signs(items_of(one.items), credits_of(one.credits), allocate(one))
    return [(sign.code, language("en").message(sign.message)) for sign in signs]


def test_what_is_not_certain_names_every_invoice_that_it_may_be():
    [(code, text)] = said("F1 1 100, F2 2 100, F3 3 90, V1 9 -100")
    assert code == "credit_fits_several"
    assert "over €100.00 equals what is left of each of F1, F2: the amount does not tell" in text
    assert "It is deducted from F1;" in text


def test_what_was_left_before_counts_not_what_an_invoice_was():
    """F2 was paid in part under its number, and then owes as much as F1."""
    signs = dict(said("F1 1 100, F2 2 130, F3 3 90, F2 8 -30, V1 9 -100"))
    assert "of each of F1, F2:" in signs["credit_fits_several"]


def test_what_may_be_chance_says_so():
    [(code, text)] = said("F1 1 100, F2 2 150, F3 3 70, V1 9 -170")
    assert code == "credit_fits_several"
    assert "equals what is left together of F1, F3, perhaps by chance" in text


LINES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), min_size=1, max_size=6)


@given(LINES, LINES)
def test_f6_nothing_proposed_by_one_amount_could_be_swapped(owed, paid):
    """Against a naive reading: of all ways to give each credit an invoice of its amount, every one has the same links."""
    text = ", ".join(
        [f"F{rank} {day} {euros}" for rank, (day, euros) in enumerate(owed)]
        + [f"V{rank} {day} -{euros}" for rank, (day, euros) in enumerate(paid)]
    )
    one = account(text)
    for part in allocate(one):
        if part.number == 3 and part.sure:
            paying, item_ = one.credits[part.credit], one.items[part.item]
            same = [other for other in one.items if other.open == item_.open and other.issued <= paying.date]
            rivals = [other for other in one.credits if other.amount == paying.amount and other.date <= paying.date]
            assert item_ in same
            assert len(rivals) == len(same), "each earlier credit had exactly one invoice to go to"
