"""The decision for every open item, in the order of rule F12."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dunning_batch.core.allocation import Application
from dunning_batch.core.customers import Customer, is_held
from dunning_batch.core.openitems import Credit, Settlement
from dunning_batch.core.policy.cases import (
    Case,
    Standing,
    case_of,
    coverings_of,
    doubtful_customers,
    passes,
    standing_of,
    too_soon,
)
from dunning_batch.core.policy.letters import Letter, letters_of
from dunning_batch.core.policy.records import Decision, Dunning, History, Plan, Policy, Reason

# Rule F12 as far as an item alone decides it; what concerns a whole letter follows in letters.py.
_REASONS: tuple[tuple[Reason, Callable[[Case, Policy, date], bool]], ...] = (
    ("filtered", lambda case, policy, _: case.standing.filtered or not passes(case, policy.filters)),
    ("no_customer", lambda case, *_: case.standing.nobody),
    ("customer_held", lambda case, *_: case.standing.held),
    ("held", lambda case, _, as_of: is_held(case.history.held, case.history.held_until, as_of)),
    ("delivery_uncertain", lambda case, *_: case.history.uncertain),
    ("not_overdue", lambda case, policy, _: case.days_overdue < policy.filters.min_days_overdue),
    ("covered_by_credits", lambda case, *_: case.asked == 0),
    ("below_minimum", lambda case, policy, _: case.asked < policy.filters.min_amount),
    ("lettering_doubt", lambda case, *_: case.standing.doubt),
    ("balance_not_positive", lambda case, policy, _: policy.filters.positive_balance and case.standing.balance <= 0),
    ("last_level_reached", lambda case, *_: case.next_level is None),
    ("too_soon", lambda case, _, as_of: too_soon(case, as_of)),
)


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
    applied = applications if policy.unallocated_credits == "apply" else ()
    coverings = coverings_of(settlement, applied)
    standings = _standings(settlement, applied, customers, policy, as_of)
    cases = [
        case_of(item, history, standings[item.customer], coverings.get(index, ()), policy, as_of)
        for index, (item, history) in enumerate(zip(settlement.items, histories, strict=True))
    ]
    for case in cases:
        case.reason = _reason(case, policy, as_of)
    letters = letters_of(cases, policy, selection)
    decisions = tuple(map(_decision, cases))
    return Plan(
        as_of,
        decisions,
        tuple(_dunning(letter, decisions) for letter in letters),
        _by_customer(settlement.credits) if policy.unallocated_credits == "show" else {},
        frozenset(level.number for level in policy.levels if level.registered),
    )


def limited(plan: Plan, letters: int) -> Plan:
    """The plan with its first letters only; the items of the others are `not_selected`."""
    dropped = {decision.history.key for dunning in plan.dunnings[letters:] for decision in dunning.decisions}
    decisions = tuple(
        replace(decision, reason="not_selected") if decision.history.key in dropped else decision
        for decision in plan.decisions
    )
    return replace(plan, decisions=decisions, dunnings=plan.dunnings[:letters])


def _standings(
    settlement: Settlement,
    applications: Iterable[Application],
    customers: Mapping[str, Customer],
    policy: Policy,
    as_of: date,
) -> dict[str, Standing]:
    holds = policy.on_lettering_doubt == "hold"
    doubtful = doubtful_customers(settlement, applications) if holds else frozenset()
    return {
        balance.code: standing_of(balance, customers, balance.code in doubtful, policy, as_of)
        for balance in settlement.balances
    }


def _reason(case: Case, policy: Policy, as_of: date) -> Reason:
    for reason, applies in _REASONS:
        if applies(case, policy, as_of):
            return reason
    return "remind"


def _decision(case: Case) -> Decision:
    return Decision(
        case.item,
        case.history,
        case.covered,
        case.asked,
        case.days_overdue,
        case.next_level,
        case.next_date,
        case.reason,
        case.coverings,
    )


def _dunning(letter: Letter, decisions: Sequence[Decision]) -> Dunning:
    chosen = tuple(decisions[index] for index in letter.cases)
    return Dunning(chosen[0].item.customer, letter.level, chosen, letter.channel)


def _by_customer(credits_left: Iterable[Credit]) -> dict[str, tuple[Credit, ...]]:
    found: dict[str, list[Credit]] = defaultdict(list)
    for credit in credits_left:
        found[credit.customer].append(credit)
    return {customer: tuple(listed) for customer, listed in found.items()}
