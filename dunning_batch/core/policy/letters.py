"""Which items share a letter, and whether it can be sent (rule F9)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dunning_batch.core.customers import Customer
from dunning_batch.core.openitems import OpenItem
from dunning_batch.core.policy.cases import Case
from dunning_batch.core.policy.records import By, Channel, Level, Policy, Reason


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to write."""

    level: Level
    cases: tuple[int, ...]  # indices of its items, oldest due first
    channel: Channel


def letters_of(cases: Sequence[Case], policy: Policy, selection: Mapping[str, int] | None) -> list[Letter]:
    """The letters by customer and level; sets level and reason of the cases that were to be reminded so far."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, case in enumerate(cases):
        if case.reason == "remind" and _is_selected(case, policy, selection):
            groups[_group(case, index, policy)].append(index)
    letters = [letter for group in groups.values() if (letter := _letter(cases, group, policy))]
    return sorted(letters, key=lambda letter: (cases[letter.cases[0]].item.customer, letter.level.number))


def oldest_due_first(item: OpenItem) -> tuple[date, date, int]:
    """The order of items wherever a rule says "oldest due first" (rule B7)."""
    return item.due, item.issued, item.order


def channel_of(customer: Customer, level: Level, by: By) -> Channel | None:
    """How a letter of this level reaches the customer in such a run; None: it cannot."""
    mailable = bool(customer.emails) and level.channel != "post" and not level.registered
    if by == "email":
        return "email" if mailable else None
    if by == "drafts":
        return "drafts" if mailable else None
    if level.registered and not customer.has_postal_address:
        return None
    if level.channel == "email":
        return "email" if customer.emails and by != "zip" else None
    return "email" if by == "auto" and mailable and customer.channel != "post" else "zip"


def _is_selected(case: Case, policy: Policy, selection: Mapping[str, int] | None) -> bool:
    """Whether the item was ticked, and at which level; one that could not go out anyway says so instead."""
    if selection is None:
        return True
    wanted = selection.get(case.history.key)
    if wanted is not None:
        case.next_level = wanted
        return True
    reachable = channel_of(case.standing.customer, policy.levels[_number(case) - 1], policy.by)
    case.reason = "not_selected" if reachable else "no_channel"
    return False


def _group(case: Case, index: int, policy: Policy) -> tuple[object, ...]:
    if policy.grouping == "invoice":
        return (index,)
    return (case.item.customer, case.next_level) if policy.grouping == "level" else (case.item.customer,)


def _letter(cases: Sequence[Case], group: list[int], policy: Policy) -> Letter | None:
    chosen = [cases[index] for index in group]
    level = policy.levels[max(map(_number, chosen)) - 1]
    channel = channel_of(chosen[0].standing.customer, level, policy.by)
    reason: Reason = "no_channel" if channel is None else "remind"
    if sum(case.asked for case in chosen) < level.min_amount:
        reason = "below_minimum"
    for case in chosen:
        case.reason = reason
    if channel is None or reason != "remind":
        return None
    return Letter(level, tuple(sorted(group, key=lambda index: oldest_due_first(cases[index].item))), channel)


def _number(case: Case) -> int:
    """The next level of a case that has one, as all have that may be reminded."""
    return case.next_level or 1
