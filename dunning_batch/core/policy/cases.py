"""Open items on the way to their decisions: what their customers and their histories make of them (rules F1 to F8)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from dunning_batch.core.allocation import Applications
from dunning_batch.core.arrays import Flags, Integers, sums_by
from dunning_batch.core.customers import Customer, customer_of, is_held
from dunning_batch.core.duedates import NO_DAY, to_days
from dunning_batch.core.itemcolumns import Items
from dunning_batch.core.openitems import CustomerBalance
from dunning_batch.core.policy.plans import Histories
from dunning_batch.core.policy.records import REASONS, Filters, Policy
from dunning_batch.core.policy.steps import next_steps


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for every item of one customer."""

    customer: Customer
    filtered: bool
    nobody: bool  # a pseudo-customer that the customers file does not know
    held: bool
    doubt: bool  # rule F8
    balance: int  # open - unallocated


@dataclass(slots=True)
class Cases:
    """Open items as columns; reason and level are set as they are found. Days since 1970, cents."""

    items: Items
    histories: Histories
    standings: Sequence[Standing]  # by code of the items' customers
    covered: Integers
    asked: Integers
    days_overdue: Integers
    next_level: Integers  # 0: none follows
    next_date: Integers
    reason: npt.NDArray[np.uint8]  # index into REASONS

    def of_customer(self, fact: Callable[[Standing], int]) -> Integers:
        """What holds for the customer of each item."""
        return np.array([fact(one) for one in self.standings], np.int64)[self.items.customer.codes]

    def where_customer(self, fact: Callable[[Standing], bool]) -> Flags:
        """The items whose customer is so."""
        return np.array([fact(one) for one in self.standings], bool)[self.items.customer.codes]


def cases_of(
    items: Items,
    histories: Histories,
    standings: Sequence[Standing],
    applied: Applications,
    policy: Policy,
    as_of: date,
) -> Cases:
    """What would be asked of each item, and when and at which level it would be reminded."""
    covered = sums_by(applied.item, applied.amount, len(items))
    starts = np.array([one.customer.start_level for one in standings], np.int64)[items.customer.codes]
    numbers, days = next_steps(items.due, histories.level, histories.reminded, starts, policy)
    overdue = to_days(as_of) - items.due
    reason = np.full(len(items), REASONS.index("remind"), np.uint8)
    return Cases(items, histories, standings, covered, items.open - covered, overdue, numbers, days, reason)


def standing_of(
    balance: CustomerBalance, customers: Mapping[str, Customer], doubt: bool, policy: Policy, as_of: date
) -> Standing:
    """What a customer's row and balance mean for all of its items."""
    customer = customer_of(balance.code, customers, balance.name)
    # A start level that does not exist is a slip of the keyboard, and nobody gets a formal notice by one.
    barred = customer.doubtful or not customer.remind or customer.start_level > len(policy.levels)
    return Standing(
        customer,
        filtered=not _chosen(customer, policy.filters),
        nobody=balance.nobody and balance.code not in customers,
        held=barred or is_held(False, customer.held_until, as_of),
        doubt=doubt,
        balance=balance.open - balance.unallocated,
    )


def passing(cases: Cases, filters: Filters) -> Flags:
    """The items that pass the filters on their due date and last level; their bounds are kept (rule F1)."""
    due, passed = cases.items.due, np.ones(len(cases.items), bool)
    if filters.due_from is not None:
        passed &= due >= to_days(filters.due_from)
    if filters.due_to is not None:
        passed &= due <= to_days(filters.due_to)
    if filters.last_levels:
        passed &= np.isin(cases.histories.level, filters.last_levels)
    return passed


def too_soon(cases: Cases, as_of: date) -> Flags:
    """Before their date, or on the day of their last reminder whatever gap the level asks for (rules F3, F11)."""
    reminded, day = cases.histories.reminded, to_days(as_of)
    early: Flags = (cases.next_date == NO_DAY) | (day < cases.next_date) | ((reminded != NO_DAY) & (day <= reminded))
    return early


def _chosen(customer: Customer, filters: Filters) -> bool:
    if not filters.customers and not filters.exclude_customers:
        return True
    names = (customer.code.casefold(), customer.name.casefold())

    def among(patterns: Iterable[str]) -> bool:
        return any(fnmatchcase(name, pattern.casefold()) for pattern in patterns for name in names)

    return (not filters.customers or among(filters.customers)) and not among(filters.exclude_customers)
