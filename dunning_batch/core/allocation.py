"""Unallocated credits applied to open items (rule F6): what customers paid is not asked, lettered or not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from dunning_batch.core.openitems import Credit, OpenItem, Settlement
from dunning_batch.core.piecenames import NamedPieces


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a credit that covers part of an item."""

    credit: int  # index into Settlement.credits
    item: int  # index into Settlement.items
    amount: int  # cents, more than 0
    number: int  # the pass of F6 that found it, 1 to 5


@dataclass(slots=True)
class _Account:
    """One customer's items, oldest due first, and credits, oldest first, with what is left of each."""

    items: list[tuple[int, OpenItem]]
    credits: list[tuple[int, Credit]]
    left: dict[int, int]  # item -> cents
    unused: dict[int, int]  # credit -> cents
    found: list[Application] = field(default_factory=list)

    def apply(self, credit: int, item: int, number: int) -> None:
        """Cover as much of the item as is left of both."""
        part = min(self.unused[credit], self.left[item])
        if part > 0:
            self.unused[credit] -= part
            self.left[item] -= part
            self.found.append(Application(credit, item, part, number))

    def usable(self) -> Iterator[tuple[int, Credit]]:
        """The credits of which something is left."""
        return ((index, credit) for index, credit in self.credits if self.unused[index])

    def remaining(self) -> list[int]:
        """The items of which something is left."""
        return [index for index, _ in self.items if self.left[index]]


def allocate(settlement: Settlement) -> tuple[Application, ...]:
    """The five passes of F6 for each customer with credits, in the order in which they were found."""
    credits: dict[str, list[tuple[int, Credit]]] = defaultdict(list)
    for index, credit in enumerate(settlement.credits):
        credits[credit.customer].append((index, credit))
    items: dict[str, list[tuple[int, OpenItem]]] = defaultdict(list)
    for index, item in enumerate(settlement.items):
        if item.customer in credits:
            items[item.customer].append((index, item))
    return tuple(found for code, owed in items.items() for found in _applied(owed, credits[code]))


def _applied(items: list[tuple[int, OpenItem]], credits: list[tuple[int, Credit]]) -> list[Application]:
    account = _Account(
        sorted(items, key=lambda one: (one[1].due, one[1].issued, one[1].order)),
        sorted(credits, key=lambda one: (one[1].date, one[1].order)),
        {index: item.open for index, item in items},
        {index: credit.amount for index, credit in credits},
    )
    for one_pass in (_by_piece, _by_label, _by_amount, _by_set, _by_age):
        one_pass(account)
        if not any(account.unused.values()):
            break
    return account.found


def _by_piece(account: _Account) -> None:
    """Pass 1: to the items with the credit's own piece."""
    by_piece = defaultdict(list)
    for index, item in account.items:
        if piece := item.piece.strip():
            by_piece[piece].append(index)
    for index, credit in account.credits:
        for place in by_piece.get(credit.piece.strip(), ()):
            account.apply(index, place, 1)


def _by_label(account: _Account) -> None:
    """Pass 2: to the items whose piece the credit's label names."""
    named = NamedPieces([item.piece for _, item in account.items])
    for index, credit in account.usable():
        for place in named.in_label(credit.label):
            account.apply(index, account.items[place][0], 2)


def _by_amount(account: _Account) -> None:
    """Pass 3: to the oldest due item of exactly what is left of the credit."""
    by_amount = defaultdict(list)
    for item in reversed(account.remaining()):
        by_amount[account.left[item]].append(item)
    for index, _ in account.usable():
        if same := by_amount.get(account.unused[index]):
            account.apply(index, same.pop(), 3)


def _by_set(account: _Account) -> None:
    """Pass 4: to the only set of two to five items that sums to what is left of the credit."""
    from dunning_batch.core.itemsets import only_set, sums_of_sets  # noqa: PLC0415 - settings know this module, not NumPy

    remaining = account.remaining()
    sums = sums_of_sets([account.left[item] for item in remaining])
    for index, _ in account.usable():
        only = only_set(sums, account.unused[index], len(remaining))
        for place in only:
            account.apply(index, remaining[place], 4)
        if only:
            remaining = account.remaining()
            sums = sums_of_sets([account.left[item] for item in remaining])


def _by_age(account: _Account) -> None:
    """Pass 5: what is left of all credits, to the oldest due first."""
    remaining = iter(account.remaining())
    item = next(remaining, None)
    for index, _ in account.usable():
        while item is not None and account.unused[index]:
            account.apply(index, item, 5)
            if not account.left[item]:
                item = next(remaining, None)
