"""Unallocated credits applied to open items (rule F6): what customers paid is not asked, lettered or not.

Four passes ask which items a credit belongs to (core/creditpasses.py). They are gone through for the customers only of
whom a pass can find something; what is left of all credits goes to the oldest due of all customers at once. All of it
is deducted; what of it is proposed for lettering is another question (core/certainty.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from dunning_batch.core.arrays import Flags, Integers
from dunning_batch.core.certainty import certain
from dunning_batch.core.creditpasses import BY_AGE, Account, apply_surely
from dunning_batch.core.creditsigns import Accounts, accounts_of, may_belong
from dunning_batch.core.itemcolumns import credits_of, items_of
from dunning_batch.core.ondemand import OnDemand
from dunning_batch.core.openitems import Settlement


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a credit that covers part of an item."""

    credit: int  # index into Settlement.credits
    item: int  # index into Settlement.items
    amount: int  # cents, more than 0
    number: int  # the pass of F6 that found it, 1 to 5
    sure: bool = True  # of passes 3 and 4: nothing else could have been meant (core/certainty.py)


@dataclass(slots=True, eq=False)
class Applications(OnDemand[Application]):
    """Applications as columns, in the order in which they were found."""

    credit: Integers
    item: Integers
    amount: Integers
    number: npt.NDArray[np.uint8]
    sure: Flags
    made: Sequence[Application] | None = None

    def __len__(self) -> int:
        return len(self.amount)

    def make(self, places: Integers) -> list[Application]:
        """New records."""
        columns = (self.credit, self.item, self.amount, self.number, self.sure)
        return list(map(Application, *(column[places].tolist() for column in columns)))


def applications_of(records: Sequence[Application]) -> Applications:
    """The columns of records."""
    if isinstance(records, Applications):
        return records
    return _columns(map(attrgetter("credit", "item", "amount", "number", "sure"), records))


def no_applications() -> Applications:
    """None at all."""
    return _columns(())


def allocate(settlement: Settlement) -> Applications:
    """The five passes of F6 for each customer with credits, in the order in which they were found."""
    accounts = accounts_of(items_of(settlement.items), credits_of(settlement.credits))
    found = _columns(_surely(accounts, may_belong(accounts)))
    np.subtract.at(accounts.left, found.item, found.amount)
    np.subtract.at(accounts.unused, found.credit, found.amount)
    by_age = _by_age(accounts)
    credit, item, amount, number, sure = (
        np.concatenate([getattr(some, name) for some in (found, by_age)])
        for name in ("credit", "item", "amount", "number", "sure")
    )
    first = np.full(accounts.count, len(accounts.left))
    np.minimum.at(first, accounts.owner, np.arange(len(accounts.owner)))
    order = np.argsort(first[accounts.owner[item]], kind="stable")
    return Applications(credit[order], item[order], amount[order], number[order], sure[order])


def _columns(parts: Iterable[tuple[int, int, int, int, bool]]) -> Applications:
    table = np.array(list(parts), np.int64).reshape(-1, 5)
    credit, item, amount, number, sure = table.T
    return Applications(credit, item, amount, number.astype(np.uint8), sure.astype(bool))


def _surely(accounts: Accounts, customers: Integers) -> Iterable[tuple[int, int, int, int, bool]]:
    """Passes 1 to 4 for these customers."""
    items, credits = accounts.items, accounts.credits
    for customer in customers.tolist():
        owed, paid = accounts.items_of(customer), accounts.credits_of(customer)
        account = Account(
            owed.tolist(), items.piece[owed].tolist(), paid.tolist(), credits.piece[paid].tolist(),
            credits.label[paid].tolist(), dict(zip(owed.tolist(), items.open[owed].tolist(), strict=True)),
            dict(zip(paid.tolist(), credits.amount[paid].tolist(), strict=True)),
            dict(zip(owed.tolist(), items.issued[owed].tolist(), strict=True)),
            dict(zip(paid.tolist(), credits.date[paid].tolist(), strict=True)),
        )  # fmt: skip
        apply_surely(account)
        for part, sure in zip(account.found, certain(account), strict=True):
            yield *part, sure


def _by_age(accounts: Accounts) -> Applications:
    """Pass 5: what is left of all credits, to the oldest due first.

    The items and the credits of each customer are laid out on one line, a stretch of the length of what is left each,
    in their order; where two lie side by side, one covers the other.
    """
    items = accounts.item_order[accounts.left[accounts.item_order] > 0]
    credits = accounts.credit_order[accounts.unused[accounts.credit_order] > 0]
    left, unused = accounts.left[items], accounts.unused[credits]
    owner, payer = accounts.owner[items], accounts.payer[credits]
    owed, paid = np.zeros((2, accounts.count), np.int64)
    np.add.at(owed, owner, left)
    np.add.at(paid, payer, unused)
    room = np.maximum(owed, paid)
    begin = np.cumsum(room) - room
    item_end = np.cumsum(left) + (begin - (np.cumsum(owed) - owed))[owner]
    credit_end = np.cumsum(unused) + (begin - (np.cumsum(paid) - paid))[payer]
    starts = np.concatenate([item_end - left, credit_end - unused])
    covered = starts < (begin + np.minimum(owed, paid))[np.concatenate([owner, payer])]
    points = np.unique(starts[covered])
    item, credit = (np.searchsorted(ends, points, side="right") for ends in (item_end, credit_end))
    amount = np.minimum(item_end[item], credit_end[credit]) - points
    count = len(points)
    return Applications(credits[credit], items[item], amount, np.full(count, BY_AGE, np.uint8), np.zeros(count, bool))
