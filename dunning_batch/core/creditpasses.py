"""The first four passes of rule F6, customer by customer: credits that belong to certain items."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from dunning_batch.core.itemsets import only_set, sums_of_sets
from dunning_batch.core.piecenames import NamedPieces

BY_PIECE, BY_LABEL, BY_AMOUNT, BY_SET, BY_AGE = range(1, 6)  # the passes; the last one is of core/allocation.py
Part = tuple[int, int, int, int]  # credit, item, cents, pass


@dataclass(slots=True)
class Account:
    """One customer's items, oldest due first, and credits, oldest first, with what is left of each."""

    items: list[int]
    pieces: list[str]  # of the items
    credits: list[int]
    credit_pieces: list[str]
    labels: list[str]  # of the credits
    left: dict[int, int]  # item -> cents
    unused: dict[int, int]  # credit -> cents
    issued: dict[int, int]  # item -> its day
    days: dict[int, int]  # credit -> its day
    found: list[Part] = field(default_factory=list)

    def apply(self, credit: int, item: int, number: int) -> None:
        """Cover as much of the item as is left of both."""
        part = min(self.unused[credit], self.left[item])
        if part > 0:
            self.unused[credit] -= part
            self.left[item] -= part
            self.found.append((credit, item, part, number))

    def usable(self) -> Iterator[int]:
        """The credits of which something is left."""
        return (credit for credit in self.credits if self.unused[credit])

    def remaining(self) -> list[int]:
        """The items of which something is left."""
        return [item for item in self.items if self.left[item]]


def apply_surely(account: Account) -> None:
    """Passes 1 to 4, each as long as some credit is left."""
    for one_pass in (_by_piece, _by_label, _by_amount, _by_set):
        one_pass(account)
        if not any(account.unused.values()):
            break


def _by_piece(account: Account) -> None:
    """Pass 1: to the items with the credit's own piece."""
    by_piece = defaultdict(list)
    for item, text in zip(account.items, account.pieces, strict=True):
        if piece := text.strip():
            by_piece[piece].append(item)
    for credit, text in zip(account.credits, account.credit_pieces, strict=True):
        for item in by_piece.get(text.strip(), ()):
            account.apply(credit, item, BY_PIECE)


def _by_label(account: Account) -> None:
    """Pass 2: to the items whose piece the credit's label names."""
    named = NamedPieces(account.pieces)
    for credit, label in zip(account.credits, account.labels, strict=True):
        if account.unused[credit]:
            for place in named.in_label(label):
                account.apply(credit, account.items[place], BY_LABEL)


def _by_amount(account: Account) -> None:
    """Pass 3: to the oldest due item of exactly what is left of the credit."""
    by_amount = defaultdict(list)
    for item in reversed(account.remaining()):
        by_amount[account.left[item]].append(item)
    for credit in account.usable():
        if same := by_amount.get(account.unused[credit]):
            account.apply(credit, same.pop(), BY_AMOUNT)


def _by_set(account: Account) -> None:
    """Pass 4: to the only set of two to five items that sums to what is left of the credit."""
    remaining = account.remaining()
    sums = sums_of_sets([account.left[item] for item in remaining])
    for credit in account.usable():
        only = only_set(sums, account.unused[credit], len(remaining))
        for place in only:
            account.apply(credit, remaining[place], BY_SET)
        if only:
            remaining = account.remaining()
            sums = sums_of_sets([account.left[item] for item in remaining])
