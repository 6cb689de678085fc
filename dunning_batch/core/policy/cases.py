"""An open item on the way to its decision: what its customer and its history make of it (rules F1 to F8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase

from dunning_batch.core.allocation import Application
from dunning_batch.core.customers import Customer, customer_of, is_held
from dunning_batch.core.openitems import CustomerBalance, OpenItem, Settlement
from dunning_batch.core.policy.records import Filters, History, Level, Policy, Reason

Coverings = tuple[tuple[date, int], ...]


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
class Case:
    """One open item; its reason and its level are set as they are found. Cents."""

    item: OpenItem
    history: History
    standing: Standing
    coverings: Coverings
    covered: int
    asked: int
    days_overdue: int
    next_level: int | None
    next_date: date | None
    reason: Reason = "remind"


def coverings_of(settlement: Settlement, applications: Iterable[Application]) -> dict[int, Coverings]:
    """Index of an item -> the dates and amounts of the credits that cover it, oldest first (rule F6)."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for part in applications:
        found[part.item].append((settlement.credits[part.credit].date, part.amount))
    return {item: tuple(sorted(parts)) for item, parts in found.items()}


def doubtful_customers(settlement: Settlement, applications: Iterable[Application]) -> frozenset[str]:
    """The customers some of whose credit fits nothing and went to the oldest due (rule F8)."""
    return frozenset(settlement.items[part.item].customer for part in applications if part.number == 5)


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


def case_of(
    item: OpenItem, history: History, standing: Standing, coverings: Coverings, policy: Policy, as_of: date
) -> Case:
    """What would be asked of an item, and when and at which level it would be reminded."""
    covered = sum(amount for _, amount in coverings) if coverings else 0
    number, day = next_step(item.due, history.last_level, history.last_reminded, standing.customer.start_level, policy)
    overdue = (as_of - item.due).days
    return Case(item, history, standing, coverings, covered, item.open - covered, overdue, number, day)


def passes(case: Case, filters: Filters) -> bool:
    """Whether an item passes the filters on its due date and last level; their bounds are kept (rule F1)."""
    due = case.item.due
    return (
        (filters.due_from is None or due >= filters.due_from)
        and (filters.due_to is None or due <= filters.due_to)
        and (not filters.last_levels or case.history.last_level in filters.last_levels)
    )


def too_soon(case: Case, as_of: date) -> bool:
    """Before its date, or on the day of its last reminder whatever gap the level asks for (rules F3, F11)."""
    reminded = case.history.last_reminded
    return case.next_date is None or as_of < case.next_date or (reminded is not None and as_of <= reminded)


def _chosen(customer: Customer, filters: Filters) -> bool:
    names = (customer.code.casefold(), customer.name.casefold())

    def among(patterns: Iterable[str]) -> bool:
        return any(fnmatchcase(name, pattern.casefold()) for pattern in patterns for name in names)

    return (not filters.customers or among(filters.customers)) and not among(filters.exclude_customers)


def next_step(
    due: date, last_level: int, last_reminded: date | None, start_level: int, policy: Policy
) -> tuple[int | None, date | None]:
    """The level that follows, and from which day on (rules F2, F3); None for both where none follows."""
    number = _next_level(last_level, start_level, policy)
    return number, _next_date(due, last_reminded, policy.levels[number - 1]) if number else None


def _next_level(last_level: int, start_level: int, policy: Policy) -> int | None:
    """Rule F2: one step after the last reminder, however late."""
    last = len(policy.levels)
    if last_level < last:
        return last_level + 1 if last_level else min(start_level, last)
    return last if policy.repeat_last_level else None


def _next_date(due: date, last_reminded: date | None, level: Level) -> date:
    """Rule F3: the later of both; a level without a date of reminder counts from the due date only."""
    day = due + timedelta(level.min_days_overdue)
    if last_reminded is None:
        return day
    return max(day, last_reminded + timedelta(level.min_days_since_previous))
