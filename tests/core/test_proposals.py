"""The lettering that is left to do: groups of lines, the pass that found them, what they leave."""

from dunning_batch.core.allocation import allocate
from dunning_batch.core.proposals import proposals_of
from tests.core.samples import credit, item, settlement


def proposed(items, credits_):
    """Group, pass, credit, pieces, amount and rest of each proposal."""
    found = settlement(items, credits_)
    return [
        (one.group, one.number, one.credit.piece, [owed.piece for owed in one.items], one.amount, one.rest)
        for one in proposals_of(found, allocate(found))
    ]


def test_each_pass_says_itself_and_the_greatest_amount_comes_first():
    items = [
        item("A", "F001", "2026-01-31", 100, order=0),
        item("B", "F002", "2026-01-31", 200, order=1),
        item("C", "F003", "2026-01-31", 300, order=2),
        item("D", "F004", "2026-01-31", 150, order=3),
        item("D", "F005", "2026-01-31", 250, order=4),
    ]
    credits_ = [
        credit("A", "2026-02-10", 60, piece="F001", order=10),
        credit("B", "2026-02-10", 200, piece="V2", label="Virement F002", order=11),
        credit("C", "2026-02-10", 300, piece="V3", order=12),
        credit("D", "2026-02-10", 400, piece="V4", order=13),
    ]
    assert proposed(items, credits_) == [
        (1, 4, "V4", ["F004", "F005"], 40000, 0),
        (2, 3, "V3", ["F003"], 30000, 0),
        (3, 2, "V2", ["F002"], 20000, 0),
        (4, 1, "F001", ["F001"], 6000, 4000),
    ]


def test_lines_that_hang_together_are_one_group():
    """Two credits pay one invoice, and one of them another invoice too: letter all four, 10 are left."""
    items = [item("A", "F001", "2026-01-31", 100, order=0), item("A", "F002", "2026-02-28", 50, order=1)]
    credits_ = [
        credit("A", "2026-02-10", 60, piece="V1", label="F001", order=10),
        credit("A", "2026-02-12", 80, piece="V2", label="F001 F002", order=11),
    ]
    assert proposed(items, credits_) == [
        (1, 2, "V2", ["F001", "F002"], 8000, 1000),
        (1, 2, "V1", ["F001"], 6000, 1000),
    ]


def test_what_goes_to_the_oldest_due_is_no_proposal_but_stays_in_the_rest():
    items = [item("A", "F001", "2026-01-31", 100, order=0), item("A", "F002", "2026-02-28", 50, order=1)]
    assert proposed(items, [credit("A", "2026-02-10", 77, order=10)]) == []
    assert proposed(items, [credit("A", "2026-02-10", 120, label="F001", order=10)]) == [
        (1, 2, "", ["F001"], 10000, -2000)
    ]


def test_nothing_to_letter():
    assert proposed([item("A", "F001", "2026-01-31", 100)], []) == []
