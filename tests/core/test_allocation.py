"""Rule F6: what is unallocated goes to open items, pass by pass."""

from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dunning_batch.core.allocation import allocate
from dunning_batch.core.piecenames import NamedPieces
from tests.core.samples import credit, item, settlement
from tests.core.tables import settled


def covered(settlement_):
    """What each item is covered by, in cents, by piece, and which passes did it."""
    amounts, passes = defaultdict(int), defaultdict(list)
    for part in allocate(settlement_):
        piece = settlement_.items[part.item].piece
        amounts[piece] += part.amount
        passes[piece].append(part.number)
    return dict(amounts), dict(passes)


def test_f6_piece_then_label_then_amount():
    amounts, passes = covered(
        settled("""
        jnl | date       | customer | piece  | label                  | debit  | credit
        VE  | 2026-01-10 | DUPONT   | F001   | Facture F001           | 100.00 |
        VE  | 2026-01-12 | DUPONT   | FA0002 | Facture FA0002         | 120.00 |
        VE  | 2026-01-14 | DUPONT   | F003   | Facture F003           | 30.00  |
        BQ  | 2026-02-01 | DUPONT   | F001   | Virement               |        | 30.00
        BQ  | 2026-02-02 | DUPONT   | VIR2   | VIR DUPONT fa0002/jan  |        | 50.00
        BQ  | 2026-02-03 | DUPONT   | VIR3   | VIR DUPONT FA00029     |        | 40.00
        BQ  | 2026-02-04 | DUPONT   | VIR4   | Reglement F003.        |        | 30.00
        VE  | 2026-01-10 | MARTIN   | F010   | Vente                  | 150.00 |
        VE  | 2026-01-11 | MARTIN   | F011   | Vente                  | 70.00  |
        BQ  | 2026-02-01 | MARTIN   | VIR5   | Virement               |        | 70.00
        BQ  | 2026-02-05 | MARTIN   | F011   | Virement               |        | 30.00
        VE  | 2026-01-12 | LEROY    | F020   | Vente                  | 100.00 |
        VE  | 2026-01-10 | LEROY    | F021   | Vente                  | 45.00  |
        VE  | 2026-01-11 | LEROY    | F022   | Vente                  | 30.00  |
        BQ  | 2026-02-01 | LEROY    | F020   | Virement               |        | 130.00
    """)
    )
    assert amounts == {
        "F001": 7000,
        "FA0002": 5000,
        "F003": 3000,
        "F010": 7000,
        "F011": 3000,
        "F020": 10000,
        "F022": 3000,
    }
    assert passes == {"F001": [1, 5], "FA0002": [2], "F003": [2], "F010": [5], "F011": [1], "F020": [1], "F022": [3]}


def test_f6_the_oldest_due_item_of_exactly_the_amount():
    amounts, _ = covered(
        settled("""
        jnl | date       | customer | piece | debit  | credit
        VE  | 2026-01-15 | DUPONT   | F001  | 100.00 |
        VE  | 2026-01-10 | DUPONT   | F002  | 250.00 |
        BQ  | 2026-02-10 | DUPONT   | VIR1  |        | 100.00
        VE  | 2026-01-16 | MARTIN   | F011  | 100.00 |
        VE  | 2026-01-15 | MARTIN   | F010  | 100.00 |
        BQ  | 2026-02-10 | MARTIN   | VIR2  |        | 100.00
        VE  | 2026-01-15 | PETIT    | F030  | 60.00  |
        VE  | 2026-02-20 | PETIT    | F031  | 90.00  |
        BQ  | 2026-02-21 | PETIT    | VIR3  |        | 90.00
    """)
    )
    assert amounts == {"F001": 10000, "F010": 10000, "F031": 9000}


def test_f6_the_only_set():
    amounts, passes = covered(
        settled("""
        jnl | date       | customer | piece | debit  | credit
        VE  | 2026-01-15 | DUPONT   | F001  | 100.00 |
        VE  | 2026-01-15 | DUPONT   | F002  | 150.00 |
        VE  | 2026-01-15 | DUPONT   | F003  | 50.00  |
        VE  | 2026-01-10 | DUPONT   | F004  | 70.00  |
        BQ  | 2026-02-10 | DUPONT   | VIR1  |        | 300.00
        VE  | 2026-01-13 | MARTIN   | F010  | 100.00 |
        VE  | 2026-01-14 | MARTIN   | F011  | 200.00 |
        VE  | 2026-01-15 | MARTIN   | F012  | 150.00 |
        VE  | 2026-01-16 | MARTIN   | F013  | 150.00 |
        BQ  | 2026-02-10 | MARTIN   | VIR2  |        | 300.00
        VE  | 2026-01-15 | DURAND   | F020  | 100.00 |
        VE  | 2026-01-15 | DURAND   | F021  | 250.00 |
        BQ  | 2026-02-12 | DURAND   | VIR4  |        | 100.00
        BQ  | 2026-02-10 | DURAND   | VIR3  |        | 350.00
        VE  | 2026-01-12 | LEROY    | F030  | 200.00 |
        VE  | 2026-01-15 | LEROY    | F031  | 3.00   |
        VE  | 2026-01-15 | LEROY    | F032  | 5.00   |
        VE  | 2026-01-15 | LEROY    | F033  | 9.00   |
        VE  | 2026-01-15 | LEROY    | F034  | 17.00  |
        VE  | 2026-01-15 | LEROY    | F035  | 33.00  |
        VE  | 2026-01-15 | LEROY    | F036  | 65.00  |
        BQ  | 2026-02-10 | LEROY    | VIR5  |        | 132.00
    """)
    )
    assert amounts == {
        "F001": 10000, "F002": 15000, "F003": 5000, "F010": 10000, "F011": 20000, "F020": 10000, "F021": 25000,
        "F030": 13200,
    }  # fmt: skip
    assert [passes[piece] for piece in ("F001", "F010", "F020", "F021", "F030")] == [[4], [5], [3], [5], [5]]


@pytest.mark.parametrize(("count", "number"), [(20, 4), (21, 5)])
def test_f6_sets_are_looked_for_among_twenty_items_at_most(count, number):
    """Powers of two: every sum is that of one set only."""
    items = [item("DUPONT", f"P{place}", "2026-02-01", 2**place, order=place) for place in range(count)]
    found = allocate(settlement(items, [credit("DUPONT", "2026-03-01", 2**3 + 2**5 + 2**7)]))
    assert {part.number for part in found} == {number}


def test_f6_a_set_that_is_covered_leaves_fewer_items_for_the_next():
    """300 is {100, 200} and {150, 150} until the older credit of 455 has taken {100, 355}."""
    amounts = [100, 355, 200, 150, 150]
    items = [item("DUPONT", f"P{place}", "2026-02-01", euros, order=place) for place, euros in enumerate(amounts)]
    credits_ = [credit("DUPONT", "2026-03-02", 300, order=90), credit("DUPONT", "2026-03-01", 455, order=91)]
    found = [(part.credit, part.item, part.number) for part in allocate(settlement(items, credits_))]
    assert found == [(1, 0, 4), (1, 1, 4), (0, 3, 4), (0, 4, 4)]


def test_f6_the_oldest_due_first_in_the_order_due_date_piece_date_ledger():
    found = settled(
        """
        jnl | date       | piece_date | customer | piece | debit | credit
        VE  | 2026-01-20 |            | DUPONT   | F002  | 50.00 |
        VE  | 2026-01-22 | 2026-01-10 | DUPONT   | F003  | 60.00 |
        VE  | 2026-01-02 | 2025-12-30 | DUPONT   | F001  | 40.00 |
        BQ  | 2026-02-10 |            | DUPONT   | VIR1  |       | 75.00
        VE  | 2026-01-20 |            | MARTIN   | F010  | 30.00 |
        VE  | 2026-02-20 |            | MARTIN   | F011  | 45.00 |
        BQ  | 2026-02-10 |            | MARTIN   | VIR2  |       | 500.00
        """,
        default="fin de mois",
    )
    assert covered(found)[0] == {"F001": 4000, "F003": 3500, "F010": 3000, "F011": 4500}


def test_f6_the_oldest_credit_first_by_its_piece_date():
    found = settled("""
        jnl | date       | piece_date | customer | piece | debit | credit
        VE  | 2026-01-20 |            | DUPONT   | F001  | 50.00 |
        VE  | 2026-01-21 |            | DUPONT   | F002  | 50.00 |
        BQ  | 2026-02-10 |            | DUPONT   | VIR1  |       | 30.00
        BQ  | 2026-02-12 | 2026-02-01 | DUPONT   | VIR2  |       | 40.00
    """)
    pieces = [(found.credits[part.credit].piece, found.items[part.item].piece, part.amount) for part in allocate(found)]
    assert pieces == [("VIR2", "F001", 4000), ("VIR1", "F001", 1000), ("VIR1", "F002", 2000)]


def test_f6_no_piece_is_nobodys_and_blanks_do_not_count():
    items = [item("DUPONT", "", "2026-02-01", 10), item("DUPONT", " F1 ", "2026-03-01", 20, order=1)]
    credits_ = [credit("DUPONT", "2026-03-01", 7, piece="F1"), credit("DUPONT", "2026-03-02", 4, piece="")]
    assert [(part.item, part.number) for part in allocate(settlement(items, credits_))] == [(1, 1), (0, 5)]


def test_credits_of_one_customer_are_not_for_another():
    items = [item("MARTIN", "F1", "2026-02-01", 10)]
    assert allocate(settlement(items, [credit("DUPONT", "2026-03-01", 10, piece="F1")])) == ()


@pytest.mark.parametrize(
    ("piece", "label", "named"),
    [
        ("FA-2026/12", "virt fa-2026/12 merci", True), ("FA-2026/12", "FA-2026/123", False),
        ("FA-2026/12", "XFA-2026/12", False), ("F001", "f001", True), ("F001", "_F001_", True), ("F01", "F01", False),
        ("FACT", "FACT", False), ("0001", "n°0001.", True), ("#12-34", "ref#12-34", False), ("#12-34", "ref #12-34", True),
        ("É001", "é001", True), ("F001", "XF001 F001", True),
    ],
)  # fmt: skip
def test_f6_what_a_label_names(piece, label, named):
    """`ref#12-34` touches a letter."""
    assert NamedPieces([piece]).in_label(label) == ([0] if named else [])


@given(st.lists(st.text("F0 1-/", min_size=1, max_size=6), max_size=6), st.text("F0 1-/x", max_size=20))
def test_f6_names_are_found_as_if_each_piece_were_looked_for(pieces, label):
    def is_named(piece):
        piece = piece.strip()
        places = [place for place in range(len(label)) if label.lower().startswith(piece.lower(), place)]
        touched = [label[max(0, place - 1) : place] + label[place + len(piece) :][:1] for place in places]
        return any(not any(sign.isalnum() for sign in signs) for signs in touched)

    can = [len(piece.strip()) >= 4 and any(sign.isdigit() for sign in piece) for piece in pieces]
    wanted = [place for place, piece in enumerate(pieces) if can[place] and is_named(piece)]
    assert NamedPieces(pieces).in_label(label) == wanted


AMOUNTS = st.lists(st.integers(1, 30), min_size=1, max_size=8)


@given(AMOUNTS, AMOUNTS)
@settings(deadline=None)
def test_nothing_is_applied_twice(owed, paid):
    items = [item("DUPONT", f"FA{place % 3}", "2026-02-01", euros, order=place) for place, euros in enumerate(owed)]
    credits_ = [
        credit("DUPONT", "2026-03-01", euros, piece=f"FA{place % 4}", label=f"virt FA{place}", order=90 + place)
        for place, euros in enumerate(paid)
    ]
    used, got = defaultdict(int), defaultdict(int)
    for part in allocate(settlement(items, credits_)):
        assert part.amount > 0
        used[part.credit] += part.amount
        got[part.item] += part.amount
    assert all(amount <= credits_[place].amount for place, amount in used.items())
    assert all(amount <= items[place].open for place, amount in got.items())
    assert sum(got.values()) == 100 * min(sum(owed), sum(paid))


@given(st.lists(st.integers(1, 12), min_size=1, max_size=9), st.integers(1, 40))
@settings(deadline=None)
def test_f6_a_set_is_the_only_one_or_none(owed, paid):
    items = [item("DUPONT", "", "2026-02-01", euros, order=place) for place, euros in enumerate(owed)]
    found = allocate(settlement(items, [credit("DUPONT", "2026-03-01", paid)]))
    sets = [chosen for size in range(2, 6) for chosen in combinations(range(len(owed)), size)
            if sum(owed[place] for place in chosen) == paid]  # fmt: skip
    if paid in owed:
        assert [(part.item, part.number) for part in found] == [(owed.index(paid), 3)]
    elif len(sets) == 1:
        assert [(part.item, part.number) for part in found] == [(place, 4) for place in sets[0]]
    else:
        assert {part.number for part in found} == {5}
