"""Which items share a letter, and whether it can be sent (rule F9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from dunning_batch.core.arrays import Flags, Integers
from dunning_batch.core.customers import Customer
from dunning_batch.core.openitems import OpenItem
from dunning_batch.core.policy.cases import Cases
from dunning_batch.core.policy.records import REASONS, By, Channel, Level, Policy


class Letters(NamedTuple):
    """The letters to write, in order of customer and level."""

    order: Integers  # places of their items letter by letter, oldest due first within each
    starts: Integers  # where each letter begins in `order`
    levels: list[Level]
    channels: list[Channel]


class _Groups(NamedTuple):
    """Items that would share a letter: runs of `order`."""

    order: Integers
    starts: Integers

    @property
    def sizes(self) -> Integers:
        """Items of each."""
        return np.diff(self.starts, append=len(self.order))

    def chosen(self, groups: Integers) -> "_Groups":
        """Some of them, in that order."""
        sizes = self.sizes[groups]
        starts = np.cumsum(sizes) - sizes
        within = np.arange(int(sizes.sum())) - np.repeat(starts, sizes)
        return _Groups(self.order[np.repeat(self.starts[groups], sizes) + within], starts)


def letters_of(cases: Cases, policy: Policy, selection: Mapping[str, int] | None) -> Letters:
    """The letters by customer and level; sets level and reason of the cases that were to be reminded so far."""
    rows = np.flatnonzero(cases.reason == REASONS.index("remind"))
    if selection is not None:
        rows = _selected(cases, rows, policy, selection)
    if not len(rows):
        return Letters(rows, rows, [], [])
    rank = cases.items.customer.ranks()
    groups = _grouped(cases, rows, rank, policy)
    number = np.maximum.reduceat(_numbers(cases)[groups.order], groups.starts)
    channels = _channels(cases, cases.items.customer.codes[groups.order[groups.starts]], number, policy)
    goes_out = _judge(cases, groups, number, np.array([one is not None for one in channels], bool), policy)
    first = np.minimum.reduceat(groups.order, groups.starts)
    sent = np.lexsort((first, number, rank[groups.order[groups.starts]]))
    sent = sent[goes_out[sent]]
    levels = [policy.levels[one - 1] for one in number[sent].tolist()]
    return Letters(*groups.chosen(sent), levels, [channel for place in sent.tolist() if (channel := channels[place])])


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


def _selected(cases: Cases, rows: Integers, policy: Policy, selection: Mapping[str, int]) -> Integers:
    """The items that were ticked, at the level they were; one that could not go out anyway says so instead."""
    wanted = [selection.get(one.key, 0) for one in cases.histories.some(rows)]
    ticked = np.array(wanted, np.int64)
    cases.next_level[rows[ticked > 0]] = ticked[ticked > 0]
    others = rows[ticked == 0]
    reached = _channels(cases, cases.items.customer.codes[others], _numbers(cases)[others], policy)
    reasons = [REASONS.index("not_selected" if channel else "no_channel") for channel in reached]
    cases.reason[others] = np.array(reasons, np.uint8)
    return rows[ticked > 0]


def _grouped(cases: Cases, rows: Integers, rank: Integers, policy: Policy) -> _Groups:
    items = cases.items
    detail = {"invoice": np.arange(len(items)), "level": cases.next_level, "customer": np.zeros(len(items), np.int64)}
    apart = detail[policy.grouping]
    # Oldest due first within a letter (rule B7), as `oldest_due_first` has it.
    order = rows[np.lexsort((rows, items.order[rows], items.issued[rows], items.due[rows], apart[rows], rank[rows]))]
    starts = (np.diff(rank[order], prepend=-1) != 0) | (np.diff(apart[order], prepend=-1) != 0)
    return _Groups(order, np.flatnonzero(starts))


def _channels(cases: Cases, customers: Integers, numbers: Integers, policy: Policy) -> Sequence[Channel | None]:
    """How letters of these levels reach customers given by code; each distinct pair is looked at once."""
    width = len(policy.levels) + 1
    pairs, place = np.unique(customers * width + numbers, return_inverse=True)
    found = [
        channel_of(cases.standings[pair // width].customer, policy.levels[pair % width - 1], policy.by)
        for pair in pairs.tolist()
    ]
    return [found[one] for one in place.tolist()]


def _judge(cases: Cases, groups: _Groups, number: Integers, reached: Flags, policy: Policy) -> Flags:
    """The groups that are letters; the items of the others get their reason."""
    least = np.array([level.min_amount for level in policy.levels])[number - 1]
    enough = np.add.reduceat(cases.asked[groups.order], groups.starts) >= least
    reasons = [REASONS.index(reason) for reason in ("remind", "no_channel", "below_minimum")]
    of_group = np.select([~enough, ~reached], [reasons[2], reasons[1]], reasons[0])
    cases.reason[groups.order] = np.repeat(of_group, groups.sizes)
    return reached & enough


def _numbers(cases: Cases) -> Integers:
    """The next level of items that have one, as all have that may be reminded."""
    return np.maximum(cases.next_level, 1)
