"""Which customers have a credit that may belong to certain items (rule F6), seen in columns, without trying each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.arrays import Flags, Integers
from dunning_batch.core.itemcolumns import Credits, Items
from dunning_batch.core.itemsets import MOST_ITEMS, have_a_set

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(slots=True)
class Accounts:
    """The open items of customers who have credits, and those credits; customers are numbers."""

    items: Items
    credits: Credits
    owner: Integers  # of each item
    payer: Integers  # of each credit
    count: int  # of customers
    item_order: Integers  # places of items by customer, oldest due first
    credit_order: Integers  # places of credits by customer, oldest first
    item_begins: Integers  # where in `item_order` each customer's begin; one more: where the last ones end
    credit_begins: Integers
    left: Integers  # cents of each item
    unused: Integers  # cents of each credit

    def items_of(self, customer: int) -> Integers:
        """The places of a customer's items, oldest due first."""
        return self.item_order[self.item_begins[customer] : self.item_begins[customer + 1]]

    def credits_of(self, customer: int) -> Integers:
        """The places of a customer's credits, oldest first."""
        return self.credit_order[self.credit_begins[customer] : self.credit_begins[customer + 1]]


def accounts_of(items: Items, credits: Credits) -> Accounts:
    """The accounts of customers who have both; the items and credits of the others stand in no order."""
    count = len(items.customer.texts)
    owner = items.customer.codes
    payer = credits.customer.among(items.customer.texts)[credits.customer.codes]
    has_credit = np.zeros(count, bool)
    has_credit[payer[payer >= 0]] = True
    owed, paid = np.flatnonzero(has_credit[owner]), np.flatnonzero(payer >= 0)
    item_order = owed[np.lexsort((items.order[owed], items.issued[owed], items.due[owed], owner[owed]))]
    credit_order = paid[np.lexsort((credits.order[paid], credits.date[paid], payer[paid]))]
    item_begins, credit_begins = (
        np.searchsorted(customers, np.arange(count + 1)) for customers in (owner[item_order], payer[credit_order])
    )
    return Accounts(
        items, credits, owner, payer, count, item_order, credit_order, item_begins, credit_begins, items.open.copy(),
        credits.amount.copy(),
    )  # fmt: skip


def may_belong(accounts: Accounts) -> Integers:
    """The customers of whom passes 1 to 4 may find something; of all others they find nothing."""
    some = np.zeros(accounts.count, bool)
    some[_with_own_piece(accounts)] = True
    some[_with_digits(accounts)] = True
    some[_with_own_amount(accounts)] = True
    some[_with_set(accounts, some)] = True
    return np.flatnonzero(some)


def _with_own_piece(accounts: Accounts) -> list[int]:
    """Pass 1: a credit bears the piece of an item."""
    pieces = accounts.credits.piece[accounts.credit_order].tolist()
    owners = accounts.payer[accounts.credit_order].tolist()
    known = {(owner, piece.strip()) for owner, piece in zip(owners, pieces, strict=True) if piece.strip()}
    named = {piece for _, piece in known}
    owed = [piece.strip() for piece in accounts.items.piece[accounts.item_order].tolist()]
    alike = np.array([place for place, piece in enumerate(owed) if piece in named], np.int64)
    found = zip(accounts.owner[accounts.item_order[alike]].tolist(), alike.tolist(), strict=True)
    return [owner for owner, place in found if (owner, owed[place]) in known]


def _with_digits(accounts: Accounts) -> Integers:
    """Pass 2: a label holds a digit; without one it names no piece."""
    labels = pd.Series(accounts.credits.label[accounts.credit_order])
    digits = [label for label in labels.unique() if any(sign.isdigit() for sign in label)]
    return accounts.payer[accounts.credit_order[labels.isin(digits).to_numpy()]]


def _with_own_amount(accounts: Accounts) -> Integers:
    """Pass 3: a credit is as large as an item."""
    amounts = np.unique(accounts.unused[accounts.credit_order])
    rank = np.minimum(np.searchsorted(amounts, accounts.left[accounts.item_order]), max(len(amounts) - 1, 0))
    alike = np.flatnonzero(amounts[rank] == accounts.left[accounts.item_order]) if len(amounts) else rank[:0]
    owed = accounts.owner[accounts.item_order[alike]] * len(amounts) + rank[alike]
    payer = accounts.payer[accounts.credit_order]
    paid = payer * len(amounts) + np.searchsorted(amounts, accounts.unused[accounts.credit_order])
    return payer[np.isin(paid, owed)]


def _with_set(accounts: Accounts, known: Flags) -> Integers:
    """Pass 4: a credit is as large as some items together; not looked for where another pass is gone through."""
    counts = np.diff(accounts.item_begins)
    payers = accounts.payer[accounts.credit_order]
    found = []
    for count in range(2, MOST_ITEMS + 1):
        customers = np.flatnonzero((counts == count) & ~known)
        if len(customers):
            places = accounts.item_order[accounts.item_begins[customers] + np.arange(count)[:, None]]
            mine = np.flatnonzero(np.isin(payers, customers))
            column = np.searchsorted(customers, payers[mine])
            has_one = have_a_set(accounts.left[places], column, accounts.unused[accounts.credit_order[mine]])
            found.append(customers[has_one])
    return np.concatenate(found) if found else np.zeros(0, np.int64)
