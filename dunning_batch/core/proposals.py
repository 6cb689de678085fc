"""The lettering that is left to do: which credit belongs to which invoices, and by which pass of rule F6.

A credit may pay several invoices, and an invoice be paid by several credits. Lines that hang together so are one group:
lettered together they balance, or leave the rest that is said.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from dunning_batch.core.allocation import Application
from dunning_batch.core.creditpasses import BY_AMOUNT, BY_LABEL, BY_PIECE, BY_SET
from dunning_batch.core.itemcolumns import credits_of, items_of
from dunning_batch.core.ondemand import OnDemand
from dunning_batch.core.openitems import Credit, OpenItem, Settlement
from dunning_batch.errors import Message, msg

Record = TypeVar("Record")
PROPOSED = "credit_not_lettered"  # the code of a sign that is a proposal
RELATIONS: dict[int, Message] = {  # what each pass has found, as the verb of a sentence
    BY_PIECE: msg("bears the number of"),
    BY_LABEL: msg("names in its label"),
    BY_AMOUNT: msg("equals what is left of"),
    BY_SET: msg("equals what is left together of"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A credit, and the items to letter it with. Cents."""

    group: int  # from 1; what bears the same number is lettered together
    number: int  # the pass of F6 that found it, 1 to 4
    credit: Credit
    items: tuple[OpenItem, ...]
    amount: int  # what the credit pays of these items
    rest: int  # of the whole group: more than 0 is still owed, less than 0 still in credit


@dataclass(slots=True)
class _Group:
    """What hangs together. Cents."""

    amount: int = 0  # that credits pay of items
    rest: int = 0
    number: int = 0


def proposals_of(settlement: Settlement, applications: Sequence[Application]) -> tuple[Proposal, ...]:
    """Every certain match of passes 1 to 4, the group of the greatest amount first.

    Args:
        settlement: Items and credits.
        applications: Which credit covers what (rule F6).
    """
    sure = [one for one in applications if one.number <= BY_SET and one.sure]
    credits = _records(credits_of(settlement.credits), (one.credit for one in sure))
    items = _records(items_of(settlement.items), (one.item for one in sure))
    groups = _groups(sure, credits, items)
    matches: dict[tuple[int, int], list[Application]] = defaultdict(list)
    for one in sure:
        matches[one.credit, one.number].append(one)
    found = (
        Proposal(
            groups[credit].number,
            number,
            credits[credit],
            tuple(items[part.item] for part in parts),
            sum(part.amount for part in parts),
            groups[credit].rest,
        )
        for (credit, number), parts in matches.items()
    )
    return tuple(sorted(found, key=lambda one: (one.group, -one.amount, one.credit.order, one.number)))


def _records(columns: OnDemand[Record], places: Iterable[int]) -> dict[int, Record]:
    """The records of these places, each made once."""
    distinct = list(dict.fromkeys(places))
    return dict(zip(distinct, columns.some(np.array(distinct, np.int64)), strict=True))


def _groups(sure: Sequence[Application], credits: dict[int, Credit], items: dict[int, OpenItem]) -> dict[int, _Group]:
    """The group of each credit, numbered by amount."""
    root = _roots(sure)
    groups: dict[int, _Group] = defaultdict(_Group)
    for part in sure:
        groups[root[part.credit]].amount += part.amount
    for credit, record in credits.items():
        groups[root[credit]].rest -= record.amount
    for item, credit in {part.item: part.credit for part in sure}.items():
        groups[root[credit]].rest += items[item].open
    for number, group in enumerate(sorted(groups.values(), key=lambda group: -group.amount), 1):
        group.number = number
    return {credit: groups[root[credit]] for credit in credits}


def _roots(sure: Iterable[Application]) -> dict[int, int]:
    """For each credit the one that stands for its group: credits of one item are in one group."""
    parent: dict[int, int] = {}
    first: dict[int, int] = {}

    def root(credit: int) -> int:
        while parent[credit] != credit:
            parent[credit] = parent[parent[credit]]
            credit = parent[credit]
        return credit

    for part in sure:
        parent.setdefault(part.credit, part.credit)
        parent[root(part.credit)] = root(first.setdefault(part.item, part.credit))
    return {credit: root(credit) for credit in parent}
