"""Rows onto pages: nothing is lost, nothing overlaps, what belongs together stays together."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.documents.flow import Block, Carried, Flow
from dunning_batch.documents.invoice_table import with_ends_kept
from dunning_batch.documents.pages import Row, Text
from tests.documents.letters import pages_of, pdf, reminder, with_pieces


def row(name, height=10.0, *, keep=False):
    return Row(height, (Text(0, 0, name),), keep=keep)


def laid(*blocks, first=0.0, following=0.0, bottom=100.0):
    """Names of the rows on each page."""
    flow = Flow(first, following, bottom)
    flow.add(blocks)
    return [[placed.texts[0].text for _, placed in page] for page in flow.pages]


def rows(count, **options):
    return [row(str(number), **options) for number in range(count)]


def test_rows_fill_a_page_then_the_next():
    assert laid(Block(rows(12))) == [[str(n) for n in range(10)], ["10", "11"]]


def test_no_row_of_a_table_is_alone_at_the_end_of_a_page_nor_at_the_top_of_one():
    table = [*with_ends_kept(rows(4)), row("sum")]
    assert laid(Block([row("x")]), Block(table), first=80) == [["x"], ["0", "1", "2", "3", "sum"]]
    assert laid(Block([row("x")]), Block(table), first=50) == [["x", "0", "1", "2"], ["3", "sum"]]
    assert with_ends_kept(rows(1)) == [row("0", keep=True)]


def test_the_first_page_begins_lower():
    assert [len(page) for page in laid(Block(rows(12)), first=50)] == [5, 7]


def test_rows_that_are_kept_move_together():
    kept = [row("a"), *[row(name, keep=True) for name in "bcd"], row("e")]
    assert laid(Block(kept), first=70) == [["a"], ["b", "c", "d", "e"]]


def test_a_block_that_is_kept_waits_for_the_next():
    assert laid(Block(rows(1)), Block([row("a")], keep=True), Block([row("b")]), first=80) == [["0"], ["a", "b"]]


def test_blocks_that_are_kept_one_after_the_other_wait_for_the_last_of_them():
    pages = laid(Block(rows(7)), Block([row("x")], keep=True), Block([row("y")], keep=True), Block([row("z", 20)]))
    assert pages[1] == ["x", "y", "z"]
    pages = laid(Block(rows(6)), Block([row("x")], keep=True), Block([row("y")], keep=True), Block([row("z", 20)]))
    assert len(pages) == 1


def test_the_head_of_a_table_is_repeated_and_never_alone():
    assert laid(Block([row("x")]), Block(rows(3), head=row("head")), first=75) == [["x"], ["head", "0", "1", "2"]]
    assert laid(Block(rows(12), head=row("head")))[1] == ["head", "9", "10", "11"]


def test_sums_are_carried_from_page_to_page():
    table = Block(rows(20), head=row("head"), carry=lambda count: Carried(row(f"below {count}"), row(f"above {count}")))
    pages = laid(table)
    assert pages[0] == ["head", *(str(n) for n in range(8)), "below 8"]
    assert pages[1][:3] == ["head", "above 8", "8"]
    assert pages[1][-1] == "below 15"
    assert pages[2] == ["head", "above 15", *(str(n) for n in range(15, 20))]


def test_a_row_that_no_page_can_hold_is_drawn_all_the_same():
    assert laid(Block([row("a"), row("huge", 500), row("b")])) == [["a"], ["huge"], ["b"]]


@given(
    st.lists(st.lists(st.tuples(st.floats(1, 60), st.booleans()), min_size=1, max_size=8), max_size=6), st.booleans()
)
def test_every_row_is_placed_once_in_order_and_above_the_bottom(blocks, keep):
    flow = Flow(40, 10, 100)
    number = 0
    made = []
    for heights in blocks:
        made.append(Block([row(str(number + n), height, keep=kept) for n, (height, kept) in enumerate(heights)],
                          before=5, keep=keep))  # fmt: skip
        number += len(heights)
    flow.add(made)
    placed = [(page, top, one) for page, content in enumerate(flow.pages) for top, one in content]
    assert [one.texts[0].text for _, _, one in placed] == [str(n) for n in range(number)]
    for (page, top, one), (next_page, next_top, _) in pairwise(placed):
        assert next_page > page or next_top >= top + one.height - 1e-9


def test_60_totals_are_carried_over_the_pages_of_a_letter():
    pages = pages_of(pdf(with_pieces(reminder(), [f"P-{number:04}" for number in range(120)])))
    for page, following in pairwise(pages):
        if "Carried forward" in page or "À reporter" in page:
            carried = page.split("Carried forward" if "Carried forward" in page else "À reporter")[1].split()[0]
            assert carried in following.split("P-")[0]
    assert any("Carried forward" in page or "À reporter" in page for page in pages)
