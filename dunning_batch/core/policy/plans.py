"""Histories, decisions and letters as columns, and the plan that holds them (rules F, H)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import numpy as np
import numpy.typing as npt

from dunning_batch.core.allocation import Applications
from dunning_batch.core.arrays import Flags, Integers
from dunning_batch.core.duedates import NO_DAY, dates_of, dates_or_none, to_days
from dunning_batch.core.itemcolumns import Credits, Items, Words
from dunning_batch.core.ondemand import OnDemand
from dunning_batch.core.openitems import Credit
from dunning_batch.core.policy.records import REASONS, Channel, Decision, Dunning, History, Level

Coverings = tuple[tuple[date, int], ...]


@dataclass(slots=True, eq=False)
class Histories(OnDemand[History]):
    """What is remembered of each open item. Days since 1970, NO_DAY for none."""

    level: Integers
    reminded: Integers
    keys: Callable[[], Sequence[str]]  # of items of which nothing else is remembered
    made: Sequence[History] | None = None

    def __len__(self) -> int:
        return len(self.level)

    def make(self, places: Integers) -> list[History]:
        """New records: nothing but a key is remembered."""
        keys = self.keys()
        return [History(keys[place]) for place in places.tolist()]

    def where(self, is_meant: Callable[[History], bool]) -> Flags:
        """The items whose memory is so; no item of which nothing is remembered."""
        return np.array([is_meant(one) for one in self.made], bool) if self.made else np.zeros(len(self), bool)

    def hold_reasons(self) -> Words:
        """Why somebody held each item; empty for most."""
        rank = {"": 0}
        codes = [rank.setdefault(one.reason, len(rank)) for one in self.made or ()] or np.zeros(len(self), np.int64)
        return Words(np.array(codes, np.int64), np.array(list(rank), object))


def nothing_remembered(count: int, keys: Callable[[], Sequence[str]]) -> Histories:
    """Histories of items that nobody was ever reminded of; their keys are worked out when one is asked for."""
    return Histories(np.zeros(count, np.int64), np.full(count, NO_DAY), keys)


def histories_of(records: Sequence[History]) -> Histories:
    """The columns of records."""
    if isinstance(records, Histories):
        return records
    level = np.array([one.last_level for one in records], np.int64)
    days = [NO_DAY if one.last_reminded is None else to_days(one.last_reminded) for one in records]
    return Histories(level, np.array(days, np.int64), lambda: [one.key for one in records], records)


@dataclass(slots=True, eq=False)
class Decisions(OnDemand[Decision]):
    """The decision for every open item, in ledger order. Days since 1970, cents."""

    items: Items
    histories: Histories
    credits: Credits
    applied: Applications  # what of them covers the items (rule F6)
    covered: Integers
    asked: Integers
    days_overdue: Integers
    next_level: Integers  # 0: no level follows
    next_date: Integers  # NO_DAY then
    reason: npt.NDArray[np.uint8]  # index into REASONS
    made: Sequence[Decision] | None = None

    def __len__(self) -> int:
        return len(self.asked)

    def make(self, places: Integers) -> list[Decision]:
        """New records."""
        coverings = self._coverings(places)
        return list(map(
            Decision, self.items.some(places), self.histories.some(places), self.covered[places].tolist(),
            self.asked[places].tolist(), self.days_overdue[places].tolist(),
            [number or None for number in self.next_level[places].tolist()], dates_or_none(self.next_date[places]),
            [REASONS[number] for number in self.reason[places].tolist()],
            [coverings.get(place, ()) for place in places.tolist()],
        ))  # fmt: skip

    def where(self, *reasons: str) -> Flags:
        """The items of which one of these was decided."""
        return np.isin(self.reason, [REASONS.index(reason) for reason in reasons])

    def _coverings(self, places: Integers) -> dict[int, Coverings]:
        """Dates and amounts of the credits that cover these items, oldest first."""
        parts = np.flatnonzero(np.isin(self.applied.item, places))
        days, cents = dates_of(self.credits.date[self.applied.credit[parts]]), self.applied.amount[parts].tolist()
        found: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for item, day, amount in zip(self.applied.item[parts].tolist(), days, cents, strict=True):
            found[item].append((day, amount))
        return {item: tuple(sorted(covering)) for item, covering in found.items()}


@dataclass(slots=True, eq=False)
class Dunnings(OnDemand[Dunning]):
    """The letters to write, in order of customer and level."""

    decisions: Decisions
    order: Integers  # places of the items letter by letter, oldest due first within each
    starts: Integers  # where each letter begins in `order`
    levels: Sequence[Level]  # of each letter
    channels: Sequence[Channel]
    made: Sequence[Dunning] | None = None

    def __len__(self) -> int:
        return len(self.starts)

    def make(self, places: Integers) -> list[Dunning]:
        """New records, on the records of the decisions."""
        rows = [self.order[part] for part in np.split(np.arange(len(self.order)), self.starts[1:])]
        wanted = [rows[place] for place in places.tolist()]
        decisions = iter(self.decisions.some(np.concatenate(wanted) if wanted else self.order[:0]))
        return [self._letter(place, len(some), decisions) for place, some in zip(places.tolist(), wanted, strict=True)]

    def _letter(self, place: int, count: int, decisions: Iterator[Decision]) -> Dunning:
        some = tuple(islice(decisions, count))
        return Dunning(some[0].item.customer, self.levels[place], some, self.channels[place])


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision for every open item, in ledger order, and the letters that follow from them."""

    as_of: date
    decisions: Decisions
    dunnings: Sequence[Dunning]
    shown_credits: dict[str, tuple[Credit, ...]] = field(default_factory=dict)  # rule F7 `show`: by customer
    formal_levels: frozenset[int] = frozenset()  # numbers of the registered levels
