"""Which of the matches by amount (rule F6, passes 3 and 4) are certain enough to be proposed for lettering.

F6 deducts what it finds, and the total asked is right. Which invoices were meant is another question: an amount that
stands on two invoices names neither, and among many invoices some add up to a payment by chance. So a match is certain

- in pass 3 if no other invoice that was issued by the day of the credit, and no other credit, could take its place;
- in pass 4 if no other set has that sum, its items were issued by that day and follow each other in order of due date,
  and no other credit is of that amount. Among twenty items there are 21 679 sets, but only 70 that skip none.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dunning_batch.core.creditpasses import BY_AMOUNT, BY_SET, Account, Part
from dunning_batch.core.itemsets import only_set, sums_of_sets

_Cents = dict[int, int]


def certain(account: Account) -> list[bool]:
    """Whether each part that the passes have found is certain, in the order in which they were found."""
    by_amount = [part for part in account.found if part[3] == BY_AMOUNT]
    by_set = [part for part in account.found if part[3] == BY_SET]
    sure: set[tuple[int, int]] = set()
    if by_amount or by_set:
        left, unused = _before(account, (*by_amount, *by_set))
        sure.update(_sure_amounts(account, by_amount, left, unused))
        for credit, item in sure:
            del left[item], unused[credit]
        sure.update(_sure_sets(account, by_set, left, unused))
    return [number < BY_AMOUNT or (credit, item) in sure for credit, item, _, number in account.found]


def _before(account: Account, parts: Sequence[Part]) -> tuple[_Cents, _Cents]:
    """What was left of each item and credit when pass 3 began, in their order; not those used up by then."""
    left, unused = dict(account.left), dict(account.unused)
    for credit, item, cents, _ in parts:
        left[item] += cents
        unused[credit] += cents
    return ({item: left[item] for item in account.items if left[item]},
            {credit: unused[credit] for credit in account.credits if unused[credit]})  # fmt: skip


def _sure_amounts(account: Account, parts: Sequence[Part], left: _Cents, unused: _Cents) -> Iterator[tuple[int, int]]:
    """Pass 3: what the days leave no choice about."""
    applied = {(credit, item) for credit, item, _, _ in parts}
    owed, paid = _by_cents(left), _by_cents(unused)
    for cents in {cents for _, _, cents, _ in parts}:
        yield from applied.intersection(_without_choice(account, owed[cents], paid[cents]))


def _by_cents(amounts: _Cents) -> dict[int, list[int]]:
    found = defaultdict(list)
    for place, cents in amounts.items():
        found[cents].append(place)
    return found


def _without_choice(account: Account, items: Sequence[int], credits: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Credits and items of one amount that belong together, whatever else does; the credits oldest first.

    What one credit may pay, a later one may too. So the first one of which that is not clear ends it.
    """
    free = set(items)
    for place, credit in enumerate(credits):
        payable = [item for item in free if account.issued[item] <= account.days[credit]]
        rivals = credits[place + 1 : place + 2]
        contested = [item for item in free for rival in rivals if account.issued[item] <= account.days[rival]]
        if len(payable) != 1 or payable == contested:
            return
        free -= set(payable)
        yield credit, payable[0]


def _sure_sets(account: Account, parts: Sequence[Part], left: _Cents, unused: _Cents) -> Iterator[tuple[int, int]]:
    """Pass 4; what was found first is taken away for the next."""
    for credit in dict.fromkeys(credit for credit, _, _, _ in parts):
        items = list(left)
        sums = sums_of_sets([left[item] for item in items])
        places = only_set(sums, unused[credit], len(items))
        chosen = [items[place] for place in places]
        alone = list(unused.values()).count(unused[credit]) == 1
        issued = all(account.issued[item] <= account.days[credit] for item in chosen)
        if places and alone and issued and places[-1] - places[0] == len(places) - 1:
            yield from ((credit, item) for item in chosen)
            del unused[credit]
            for item in chosen:
                del left[item]
