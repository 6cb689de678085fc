"""The decision for every open item, in the order of rule F12."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from dunning_batch.core.allocation import Application, Applications, applications_of, no_applications
from dunning_batch.core.arrays import Flags
from dunning_batch.core.customers import Customer, is_held
from dunning_batch.core.itemcolumns import Items, credits_of, items_of
from dunning_batch.core.openitems import Credit, CustomerBalance, Settlement
from dunning_batch.core.policy.cases import Cases, Standing, cases_of, passing, standing_of, too_soon
from dunning_batch.core.policy.letters import letters_of
from dunning_batch.core.policy.plans import Decisions, Dunnings, Plan, histories_of
from dunning_batch.core.policy.records import REASONS, History, Policy, Reason

# Rule F12 as far as an item alone decides it; what concerns a whole letter follows in letters.py.
_REASONS: tuple[tuple[Reason, Callable[[Cases, Policy, date], Flags]], ...] = (
    ("filtered", lambda cases, policy, _: cases.where_customer(lambda one: one.filtered)
                                          | ~passing(cases, policy.filters)),
    ("no_customer", lambda cases, *_: cases.where_customer(lambda one: one.nobody)),
    ("customer_held", lambda cases, *_: cases.where_customer(lambda one: one.held)),
    ("held", lambda cases, _, as_of: cases.histories.where(lambda one: is_held(one.held, one.held_until, as_of))),
    ("delivery_uncertain", lambda cases, *_: cases.histories.where(lambda one: one.uncertain)),
    ("not_overdue", lambda cases, policy, _: cases.days_overdue < policy.filters.min_days_overdue),
    ("covered_by_credits", lambda cases, *_: cases.asked == 0),
    ("below_minimum", lambda cases, policy, _: cases.asked < policy.filters.min_amount),
    ("lettering_doubt", lambda cases, *_: cases.where_customer(lambda one: one.doubt)),
    ("balance_not_positive", lambda cases, policy, _: cases.where_customer(
        lambda one: policy.filters.positive_balance and one.balance <= 0)),
    ("last_level_reached", lambda cases, *_: cases.next_level == 0),
    ("too_soon", lambda cases, _, as_of: too_soon(cases, as_of)),
)  # fmt: skip


def decide(
    settlement: Settlement,
    applications: Sequence[Application],
    histories: Sequence[History],
    customers: Mapping[str, Customer],
    policy: Policy,
    as_of: date,
    selection: Mapping[str, int] | None = None,
) -> Plan:
    """A decision for every open item, and the letters that follow.

    Args:
        settlement: Items, credits and balances.
        applications: Which credit covers what (rule F6); they count under `apply` only (rule F7).
        histories: Parallel to `settlement.items`.
        customers: The customers file by code.
        policy: Levels, filters and what else the configuration says.
        as_of: The day of the run.
        selection: Key of each ticked item -> the level it is wanted at, one of the policy's; None: all are.
    """
    items, credits = items_of(settlement.items), credits_of(settlement.credits)
    applied = applications_of(applications) if policy.unallocated_credits == "apply" else no_applications()
    standings = _standings(items, settlement.balances, applied, customers, policy, as_of)
    cases = cases_of(items, histories_of(histories), standings, applied, policy, as_of)
    _give_reasons(cases, policy, as_of)
    letters = letters_of(cases, policy, selection)
    decisions = Decisions(
        items, cases.histories, credits, applied, cases.covered, cases.asked, cases.days_overdue, cases.next_level,
        cases.next_date, cases.reason,
    )  # fmt: skip
    return Plan(
        as_of,
        decisions,
        Dunnings(decisions, letters.order, letters.starts, letters.levels, letters.channels),
        _by_customer(credits) if policy.unallocated_credits == "show" else {},
        frozenset(level.number for level in policy.levels if level.registered),
    )


def limited(plan: Plan, letters: int) -> Plan:
    """The plan with its first letters only; the items of the others are `not_selected`."""
    dunnings, decisions = plan.dunnings, plan.decisions
    if letters >= len(dunnings):
        return plan
    if not isinstance(dunnings, Dunnings):
        raise TypeError("only the letters that were decided on can be limited")
    end, reason = dunnings.starts[letters], decisions.reason.copy()
    reason[dunnings.order[end:]] = REASONS.index("not_selected")
    decisions = replace(decisions, reason=reason, made=None)
    first = Dunnings(
        decisions, dunnings.order[:end], dunnings.starts[:letters], dunnings.levels[:letters],
        dunnings.channels[:letters],
    )  # fmt: skip
    return replace(plan, decisions=decisions, dunnings=first)


def _standings(
    items: Items,
    balances: Iterable[CustomerBalance],
    applied: Applications,
    customers: Mapping[str, Customer],
    policy: Policy,
    as_of: date,
) -> list[Standing]:
    """What holds for the customer of each code of the items."""
    known = {one.code: one for one in balances}
    doubt = np.zeros(len(items.customer.texts), bool)
    if policy.on_lettering_doubt == "hold":
        doubt[items.customer.codes[applied.item[applied.number == 5]]] = True
    return [
        standing_of(known.get(code) or _nothing_of(code), customers, doubtful, policy, as_of)
        for code, doubtful in zip(items.customer.texts.tolist(), doubt.tolist(), strict=True)
    ]


def _nothing_of(code: str) -> CustomerBalance:
    return CustomerBalance(code, "", False, 0, 0, 0, 0, 0)


def _give_reasons(cases: Cases, policy: Policy, as_of: date) -> None:
    """The first that applies stands, so the last is written first."""
    for reason, applies in reversed(_REASONS):
        cases.reason[applies(cases, policy, as_of)] = REASONS.index(reason)


def _by_customer(credits_left: Iterable[Credit]) -> dict[str, tuple[Credit, ...]]:
    found: dict[str, list[Credit]] = defaultdict(list)
    for credit in credits_left:
        found[credit.customer].append(credit)
    return {customer: tuple(listed) for customer, listed in found.items()}
