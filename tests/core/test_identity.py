"""Rules H: items found again from month to month."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.identity import Remembered, recall
from tests.core.samples import DAY, cents, item


def row(piece, issued, due, amount, level=1, *, customer="DUPONT", key=None, **more):
    """A row of the levels workbook; dates or amount may be None."""
    return Remembered(
        key=f"K-{piece}-{issued}-{due}-{amount}-{customer}" if key is None else key,
        customer=customer,
        piece=piece,
        issued=issued and DAY(issued),
        due=due and DAY(due),
        amount=None if amount is None else cents(amount),
        level=level,
        last_reminded=DAY("2026-02-20") if level else None,
        **more,
    )


def found(items, rows, dossier="D"):
    return recall(items, rows, dossier)


def levels_of(items, rows):
    return [(one.last_level, one.held) for one in found(items, rows).histories]


def codes(recalled):
    return [problem.code for problem in recalled.problems]


SEEN = row("F1", "2026-01-11", "2026-02-11", 10)


@pytest.mark.parametrize(
    ("piece", "issued", "due", "amount", "same"),
    [
        ("F1", "2026-01-11", "2026-02-11", 10, True),
        (" F1 ", "2026-01-11", "2026-03-31", 10, True),  # pass 1
        ("F1", "2026-01-14", "2026-03-31", 10, True),  # 2
        ("F1", "2026-01-14", "2026-02-11", 35, True),  # 3
        ("f 1", "2026-01-11", "2026-03-31", 10, True),  # 4
        ("", "2026-01-11", "2026-03-31", 10, True),
        ("F1", "2026-01-14", "2026-03-31", 35, False),
        ("F2", "2026-01-14", "2026-03-31", 10, False),
        ("", "2026-01-14", "2026-02-11", 10, False),
    ],
)
def test_h1_pass_by_pass(piece, issued, due, amount, same):
    debt = item("DUPONT", piece, due, amount, issued=issued)
    recalled = found([debt], [SEEN])
    [history] = recalled.histories
    assert (history.key == SEEN.key, history.last_level) == ((True, 1) if same else (False, 0))
    assert history.last_reminded == (DAY("2026-02-20") if same else None)
    assert recalled.settled == (() if same else (SEEN,))
    assert recalled.problems == ()


def test_h1_the_surer_likeness_is_taken_first():
    items = [
        item("DUPONT", "F2", "2026-02-11", 10, issued="2026-01-11"),
        item("DUPONT", "F1", "2026-02-11", 10, issued="2026-01-11"),
    ]
    assert levels_of(items, [SEEN]) == [(0, False), (1, False)]


@pytest.mark.parametrize("placeholder", ["-", "x", "X", "0", " "])
def test_h1_a_placeholder_is_no_piece(placeholder):
    debt = item("DUPONT", placeholder, "2026-02-11", 35, issued="2026-01-14")
    assert levels_of([debt], [row(placeholder, "2026-01-11", "2026-02-11", 10)]) == [(0, False)]


@pytest.mark.parametrize(("kind", "level"), [("opening", 1), ("invoice", 0)])
def test_h1_an_opening_item_is_found_by_its_amount_alone(kind, level):
    debt = item("DUPONT", "", "2027-01-31", 10, issued="2027-01-01", kind=kind)
    assert levels_of([debt], [SEEN]) == [(level, False)]


def test_h1_another_customers_row_is_none_of_its_own():
    debt = item("MARTIN", "F1", "2026-02-11", 10, issued="2026-01-11")
    mine = item("DUPONT", "F1", "2026-03-11", 55, issued="2026-02-11")
    assert levels_of([debt, mine], [SEEN]) == [(0, False), (0, False)]


def test_h1_a_row_serves_once():
    items = [
        item("DUPONT", "F1", "2026-02-11", 10, issued="2026-01-11"),
        item("DUPONT", "F1", "2026-03-11", 10, issued="2026-02-11"),
    ]
    assert levels_of(items, [SEEN]) == [(1, False), (0, False)]


TWIN = item("DUPONT", "T1", "2026-02-14", 25, issued="2026-01-15")


def twins(*levels):
    return [row("T1", "2026-01-15", "2026-02-14", 25, level, key=f"T{rank}") for rank, level in enumerate(levels)]


def test_h2_twins_are_matched_in_order_and_a_third_is_new():
    recalled = found([TWIN, TWIN, TWIN], twins(1, 1))
    assert [one.last_level for one in recalled.histories] == [1, 1, 0]
    assert [one.key for one in recalled.histories[:2]] == ["T0", "T1"]
    assert recalled.histories[2].key not in ("T0", "T1")
    assert codes(recalled) == []


def test_h2_twins_of_different_levels_take_the_lower_with_its_date_and_it_is_said():
    rows = twins(2, 1)
    rows[1] = replace(rows[1], last_reminded=DAY("2026-02-28"), previous=((1, DAY("2026-02-28")),))
    recalled = found([TWIN, TWIN], rows)
    assert [(one.key, one.last_level, str(one.last_reminded)) for one in recalled.histories] == [
        ("T0", 1, "2026-02-28"),
        ("T1", 1, "2026-02-28"),
    ]
    assert codes(recalled) == ["twin_levels_differ"]


def test_h2_of_three_twins_two_were_seen_at_different_levels():
    assert levels_of([TWIN, TWIN, TWIN], twins(2, 1)) == [(1, False), (1, False), (0, False)]


def test_h2_of_twins_one_is_paid():
    recalled = found([TWIN], twins(2, 1))
    assert [(one.key, one.last_level) for one in recalled.histories] == [("T0", 1)]
    assert [one.key for one in recalled.settled] == ["T1"]


def test_h2_instalments_that_agree_on_all_but_the_due_date_are_told_apart_by_it():
    items = [item("DUPONT", "F9", due, 300, issued="2026-01-15") for due in ("2026-02-14", "2026-03-17")]
    rows = [row("F9", "2026-01-15", "2026-03-17", 300, 0), row("F9", "2026-01-15", "2026-02-14", 300, 2)]
    assert levels_of(items, rows) == [(2, False), (0, False)]


def test_h2_instalments_without_a_piece_are_told_apart_by_their_due_date_too():
    items = [item("DUPONT", "", due, 300, issued="2026-01-15") for due in ("2026-02-14", "2026-03-17")]
    rows = [row("", "2026-01-15", "2026-03-17", 300, 0), row("", "2026-01-15", "2026-02-14", 300, 2)]
    assert levels_of(items, rows) == [(2, False), (0, False)]


def test_h2_what_is_left_after_a_later_pass_is_no_longer_ambiguous():
    """Twins of an instalment plan whose second due date and piece date have moved: only one row is left for it."""
    items = [
        item("DUPONT", "F9", "2026-02-14", 300, issued="2026-01-15"),
        item("DUPONT", "F9", "2026-04-17", 300, issued="2026-01-20"),
    ]
    rows = [row("F9", "2026-01-16", "2026-02-14", 300, 1), row("F9", "2026-01-16", "2026-03-17", 300, 2)]
    assert levels_of(items, rows) == [(1, False), (2, False)]


def test_h2_what_cannot_be_told_apart_is_held_and_reported():
    items = [item("MARTIN", "", "2026-01-31", 50, issued="2026-01-01", kind="opening", order=n) for n in (0, 1)]
    rows = [
        row("", "2025-11-05", "2025-12-05", 50, 1, customer="MARTIN"),
        row("", "2025-11-10", "2025-12-10", 50, 2, customer="MARTIN"),
    ]
    recalled = found(items, rows)
    assert [(one.last_level, one.held) for one in recalled.histories] == [(0, True), (0, True)]
    assert [(problem.code, problem.customer) for problem in recalled.problems] == [("item_ambiguous", "MARTIN")] * 2
    assert recalled.histories[0].doubt == recalled.problems[0].message


def test_h3_no_two_items_share_a_key():
    items = [TWIN] * 50 + [item("MARTIN", "T1", "2026-02-14", 25, issued="2026-01-15")] * 50
    keys = {one.key for one in found(items, twins(1, 1)).histories}
    assert len(keys) == 100


def test_h3_a_new_key_is_the_same_whenever_it_is_asked_for_and_never_one_in_use():
    [fresh] = found([TWIN], []).histories
    assert len(fresh.key) == 10
    assert found([TWIN], []).histories[0].key == fresh.key
    assert found([TWIN], [], dossier="E").histories[0].key != fresh.key
    taken = row("F7", "2026-01-01", "2026-01-31", 70, key=fresh.key)
    assert found([TWIN], [taken]).histories[0].key != fresh.key


def test_h3_a_row_copied_by_hand_gives_one_key_and_holds_the_item_where_the_copies_differ():
    same = found([TWIN], [*twins(1), *twins(1)])
    assert [(one.key, one.held) for one in same.histories] == [("T0", False)]
    assert (same.settled, codes(same)) == ((), [])
    other = found([TWIN], [*twins(1), *twins(2)])
    assert [(one.key, one.last_level, one.held) for one in other.histories] == [("T0", 1, True)]
    assert (other.settled, codes(other)) == ((), ["level_row_twice"])


def test_f10_a_settled_item_that_is_open_again_resumes_at_its_level():
    paid = replace(SEEN, settled_on=DAY("2026-02-25"), level=3)
    recalled = found([item("DUPONT", "F1", "2026-02-11", 10, issued="2026-01-11")], [paid])
    assert [one.last_level for one in recalled.histories] == [3]
    assert recalled.settled == ()


def test_f10_a_row_of_an_open_item_goes_before_one_of_a_settled_item():
    rows = [replace(row, settled_on=DAY("2026-02-25")) for row in twins(1)] + [replace(twins(2)[0], key="OPEN")]
    recalled = found([TWIN], rows)
    assert [(one.key, one.last_level) for one in recalled.histories] == [("OPEN", 2)]
    assert [one.key for one in recalled.settled] == ["T0"]


def test_settled_rows_are_those_with_a_level_or_a_hold_and_those_settled_before():
    before = replace(row("F2", "2026-01-12", "2026-02-12", 20, 0), settled_on=DAY("2026-02-01"))
    held = row("F4", "2026-01-12", "2026-02-12", 20, 0, held=True)
    never = row("F3", "2026-01-13", "2026-02-13", 30, 0)
    assert found([], [SEEN, before, held, never]).settled == (SEEN, before, held)


def test_what_the_user_wrote_comes_along():
    noted = replace(
        SEEN, held=True, held_until=DAY("2026-03-20"), reason="litige", note="vu", uncertain=True,
        previous=((1, DAY("2026-02-20")),),
    )  # fmt: skip
    [history] = found([item("DUPONT", "F1", "2026-02-11", 10, issued="2026-01-11")], [noted]).histories
    assert (history.held, history.held_until, history.reason, history.note) == (True, DAY("2026-03-20"), "litige", "vu")
    assert (history.uncertain, history.previous, history.doubt) == (True, ((1, DAY("2026-02-20")),), None)


def test_100_an_item_whose_row_could_not_be_read_is_held_without_end():
    """What fault 100 asks."""
    doubtful = replace(SEEN, doubtful=True, held_until=DAY("2026-01-01"))
    [history] = found([item("DUPONT", "F1", "2026-02-11", 10, issued="2026-01-11")], [doubtful]).histories
    assert (history.held, history.held_until) == (True, None)


def legacy(piece, level, **known):
    return row(piece, None, None, None, level, key="", **{"customer": "", **known})


def test_a_legacy_list_needs_a_piece_and_a_level_only():
    items = [item("DUPONT", "F1", "2026-02-11", 10), item("MARTIN", "F2", "2026-02-11", 20)]
    recalled = found([*items, item("MARTIN", "F3", "2026-02-11", 20)], [legacy("F1", 2), legacy("F2", 1)])
    assert [one.last_level for one in recalled.histories] == [2, 1, 0]
    assert all(len(one.key) == 10 for one in recalled.histories)


def test_a_legacy_piece_of_two_customers_is_told_by_its_customer_else_held():
    items = [item("DUPONT", "F1", "2026-02-11", 10), item("MARTIN", "F1", "2026-02-11", 20)]
    assert levels_of(items, [legacy("F1", 2, customer="MARTIN")]) == [(0, False), (2, False)]
    recalled = found(items, [legacy("F1", 2)])
    assert [(one.last_level, one.held) for one in recalled.histories] == [(0, True), (0, True)]
    assert codes(recalled) == ["item_ambiguous", "item_ambiguous"]


def test_a_legacy_item_that_is_no_longer_open_is_settled_under_a_key_of_its_own():
    [kept] = found([], [legacy("F1", 2)]).settled
    assert (kept.piece, kept.level, len(kept.key)) == ("F1", 2, 10)


def test_45_an_item_that_vanished_under_another_code_is_held():
    moved = item("DUPONT2", "F1", "2026-02-11", 10, issued="2026-01-11")
    recalled = found([moved], [SEEN])
    assert [(one.last_level, one.held) for one in recalled.histories] == [(0, True)]
    assert [(problem.code, problem.customer) for problem in recalled.problems] == [("item_moved", "DUPONT2")]
    # Nothing is lost where it was never reminded, and nothing has moved where the old customer still has it.
    assert levels_of([moved], [replace(SEEN, level=0)]) == [(0, False)]
    assert levels_of([moved, replace(moved, customer="DUPONT", amount=900)], [SEEN])[0] == (0, False)


def test_105_a_draft_entry_renumbered_and_a_number_reused_next_year():
    """What fault 105 asks."""
    again = item("DUPONT", "F1", "2027-02-11", 80, issued="2027-01-11")
    recalled = found([again], [SEEN])
    assert [(one.last_level, one.held) for one in recalled.histories] == [(0, False)]
    assert recalled.histories[0].key != SEEN.key


ITEMS = st.lists(
    st.builds(
        item,
        st.sampled_from(["DUPONT", "MARTIN"]),
        st.sampled_from(["", "-", "F1", "F2"]),
        st.sampled_from(["2026-02-14", "2026-03-17"]),
        st.sampled_from([10, 20]),
        issued=st.sampled_from(["2026-01-14", "2026-01-15"]),
        kind=st.sampled_from(["invoice", "opening"]),
    ),
    max_size=12,
)


@given(ITEMS, st.randoms())
def test_what_has_not_changed_is_recognised_whatever_the_order_and_nothing_is_doubted(items, random):
    """Read again from a workbook that was sorted by hand: the same keys, and no problem."""
    first = found(items, [])
    rows = [
        Remembered(history.key, one.customer, one.piece, one.issued, one.due, one.amount, 1)
        for one, history in zip(items, first.histories, strict=True)
    ]
    random.shuffle(rows)
    again = found(items, rows)
    likes = {key.key: (key.customer, key.piece.strip("-"), key.issued, key.due, key.amount) for key in rows}
    assert len({history.key for history in again.histories}) == len(items)
    assert [likes[history.key] for history in again.histories] == [
        (one.customer, one.piece.strip("-"), one.issued, one.due, one.amount) for one in items
    ]
    assert all(history.last_level == 1 and not history.held for history in again.histories)
    assert (again.settled, again.problems) == ((), ())


@given(ITEMS, ITEMS)
def test_h3_keys_are_never_shared_nor_rows_lost_whatever_has_changed(before, after):
    rows = [
        Remembered(history.key, one.customer, one.piece, one.issued, one.due, one.amount, 1)
        for one, history in zip(before, found(before, []).histories, strict=True)
    ]
    recalled = found(after, rows)
    keys = [history.key for history in recalled.histories] + [row.key for row in recalled.settled]
    assert len(set(keys)) == len(keys)
    assert {row.key for row in rows} <= set(keys)
    customers = {row.key: row.customer for row in rows}
    for one, history in zip(after, recalled.histories, strict=True):
        assert customers.get(history.key, one.customer) == one.customer
