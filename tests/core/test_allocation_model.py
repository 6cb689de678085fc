"""Rule F6 against a naive reading of it, one credit and one item after the other."""

import re
from collections import defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from dunning_batch.core.allocation import allocate
from tests.core.samples import credit, item, settlement

CUSTOMERS = st.sampled_from(["DUPONT", "MARTIN"])
DAYS = st.sampled_from(["2026-01-05", "2026-01-06", "2026-02-01", "2026-03-01"])
PIECES = st.sampled_from(["", "F001", "F0012", "FA-7", "AB", " F001 "])
LABELS = st.sampled_from(["Virement", "VIR F001", "vir f0012 du mois", "F001 et F0012", "XF001", "FA-7.", "AB"])
EUROS = st.integers(1, 9)
ITEMS = st.lists(st.tuples(CUSTOMERS, PIECES, DAYS, EUROS, DAYS), max_size=9)
CREDITS = st.lists(st.tuples(CUSTOMERS, DAYS, st.integers(1, 20), PIECES, LABELS), max_size=5)


def named(piece, label):
    """Whether a label names a piece: a digit, four signs, no letter or digit beside it, whatever the case."""
    if len(piece) < 4 or not re.search(r"\d", piece):
        return False
    return re.search(rf"(?<![^\W_]){re.escape(piece.casefold())}(?![^\W_])", label.casefold()) is not None


class Model:
    """One customer's items and credits, oldest first; (credit, item, pass) -> cents."""

    def __init__(self, items, credits):
        self.items = sorted(items, key=lambda one: (one.due, one.issued, one.order))
        self.credits = sorted(credits, key=lambda one: (one.date, one.order))
        self.left = {one.order: one.open for one in items} | {one.order: one.amount for one in credits}
        self.found = defaultdict(int)

    def apply(self, one, items, number):
        for owed in items:
            amount = min(self.left[one.order], self.left[owed.order])
            if amount:
                self.left[one.order] -= amount
                self.left[owed.order] -= amount
                self.found[one.order, owed.order, number] += amount

    def open_items(self):
        return [owed for owed in self.items if self.left[owed.order]]

    def only_set(self, total):
        owing = self.open_items()
        sets = [some for size in range(2, 6) for some in combinations(owing, size)
                if sum(self.left[owed.order] for owed in some) == total] if len(owing) <= 20 else []  # fmt: skip
        return sets[0] if len(sets) == 1 else ()

    def run(self):
        for one in self.credits:
            piece = one.piece.strip()
            self.apply(one, [owed for owed in self.items if piece and owed.piece.strip() == piece], 1)
        for one in self.credits:
            self.apply(one, [owed for owed in self.items if named(owed.piece.strip(), one.label)], 2)
        for one in self.credits:
            self.apply(one, [o for o in self.items if self.left[one.order] == self.left[o.order]][:1], 3)
        for one in self.credits:
            if self.left[one.order]:
                self.apply(one, self.only_set(self.left[one.order]), 4)
        for one in self.credits:
            self.apply(one, self.items, 5)
        return dict(self.found)


@given(ITEMS, CREDITS)
@settings(max_examples=100, deadline=None)
def test_f6_is_what_a_naive_reading_gives(owed, paid):
    items = [item(who, piece, due, euros, issued=issued, order=place)
             for place, (who, piece, due, euros, issued) in enumerate(owed)]  # fmt: skip
    credits = [credit(who, day, euros, piece, label, order=100 + place)
               for place, (who, day, euros, piece, label) in enumerate(paid)]  # fmt: skip
    expected = {}
    for who in ("DUPONT", "MARTIN"):
        own = [[one for one in some if one.customer == who] for some in (items, credits)]
        expected |= Model(*own).run()
    found = defaultdict(int)
    for part in allocate(settlement(items, credits)):
        found[credits[part.credit].order, items[part.item].order, part.number] += part.amount
    assert dict(found) == expected
