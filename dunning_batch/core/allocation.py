"""Unallocated credits applied to open items (rule F6): what customers paid is not asked, lettered or not.

Four passes ask which items a credit belongs to (core/creditpasses.py). They are gone through for the customers only of
whom a pass can find something; what is left of all credits goes to the oldest due of all customers at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from dunning_batch.core.arrays import Integers
from dunning_batch.core.creditpasses import Account, Part, apply_surely
from dunning_batch.core.creditsigns import Accounts, accounts_of, may_belong
from dunning_batch.core.itemcolumns import credits_of, items_of
from dunning_batch.core.ondemand import OnDemand
from dunning_batch.core.openitems import Settlement

_BY_AGE = 5


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a credit that covers part of an item."""

    credit: int  # index into Settlement.credits
    item: int  # index into Settlement.items
    amount: int  # cents, more than 0
    number: int  # the pass of F6 that found it, 1 to 5


@dataclass(slots=True, eq=False)
class Applications(OnDemand[Application]):
    """Applications as columns, in the order in which they were found."""

    credit: Integers
    item: Integers
    amount: Integers
    number: npt.NDArray[np.uint8]
    made: Sequence[Application] | None = None

    def __len__(self) -> int:
        return len(self.amount)

    def make(self, places: Integers) -> list[Application]:
        """New records."""
        columns = (self.credit, self.item, self.amount, self.number)
        return list(map(Application, *(column[places].tolist() for column in columns)))


def applications_of(records: Sequence[Application]) -> Applications:
    """The columns of records."""
    if isinstance(records, Applications):
        return records
    return _columns(map(attrgetter("credit", "item", "amount", "number"), records))


def no_applications() -> Applications:
    """None at all."""
    return _columns(())


def allocate(settlement: Settlement) -> Applications:
    """The five passes of F6 for each customer with credits, in the order in which they were found."""
    accounts = accounts_of(items_of(settlement.items), credits_of(settlement.credits))
    sure = _columns(_surely(accounts, may_belong(accounts)))
    np.subtract.at(accounts.left, sure.item, sure.amount)
    np.subtract.at(accounts.unused, sure.credit, sure.amount)
    by_age = _by_age(accounts)
    credit, item, amount, number = (
        np.concatenate([getattr(some, name) for some in (sure, by_age)])
        for name in ("credit", "item", "amount", "number")
    )
    first = np.full(accounts.count, len(accounts.left))
    np.minimum.at(first, accounts.owner, np.arange(len(accounts.owner)))
    order = np.argsort(first[accounts.owner[item]], kind="stable")
    return Applications(credit[order], item[order], amount[order], number[order])


def _columns(parts: Iterable[Part]) -> Applications:
    table = np.array(list(parts), np.int64).reshape(-1, 4)
    return Applications(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.uint8))


def _surely(accounts: Accounts, customers: Integers) -> Iterable[Part]:
    """Passes 1 to 4 for these customers."""
    items, credits = accounts.items, accounts.credits
    for customer in customers.tolist():
        owed, paid = accounts.items_of(customer), accounts.credits_of(customer)
        account = Account(
            owed.tolist(), items.piece[owed].tolist(), paid.tolist(), credits.piece[paid].tolist(),
            credits.label[paid].tolist(), dict(zip(owed.tolist(), items.open[owed].tolist(), strict=True)),
            dict(zip(paid.tolist(), credits.amount[paid].tolist(), strict=True)),
        )  # fmt: skip
        apply_surely(account)
        yield from account.found


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
    return Applications(credits[credit], items[item], amount, np.full(len(points), _BY_AGE, np.uint8))
