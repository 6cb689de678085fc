"""Open items and credits as columns; the records of core/openitems.py are made of them on demand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dunning_batch.core.arrays import Flags, Integers, Texts
from dunning_batch.core.duedates import dates_of, to_days
from dunning_batch.core.ondemand import OnDemand
from dunning_batch.core.openitems import Credit, OpenItem
from dunning_batch.errors import Source

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

Places = Callable[[Integers], Iterable[Source]]


class Words(NamedTuple):
    """A column in which many texts are alike."""

    codes: Integers  # index into `texts`
    texts: Texts  # each once

    def some(self, places: Integers) -> list[Any]:
        """The texts of some rows."""
        return list(self.texts[self.codes[places]])

    def where(self, text: str) -> Flags:
        """The rows of that text."""
        is_meant: Flags = self.texts == text
        return is_meant[self.codes]

    def ranks(self) -> Integers:
        """For each row the rank of its text in the order of texts."""
        order = np.argsort(self.texts, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank[self.codes]

    def among(self, texts: Iterable[str]) -> Integers:
        """By code, the place of its text in another order of texts; -1 where it has none."""
        place = {text: number for number, text in enumerate(texts)}
        return np.array([place.get(text, -1) for text in self.texts], np.int64)


@dataclass(slots=True, eq=False)
class Items(OnDemand[OpenItem]):
    """Open items in ledger order. Days since 1970, cents."""

    customer: Words
    account: Words
    piece: Texts  # or another array of texts; as `label`
    label: Texts
    kind: Words
    issued: Integers
    due: Integers
    due_source: Words
    amount: Integers
    open: Integers
    payments: Mapping[int, tuple[tuple[date, int], ...]]  # by place
    order: Integers
    sources: Places
    made: Sequence[OpenItem] | None = None

    def __len__(self) -> int:
        return len(self.open)

    def without_piece(self) -> Flags:
        """The items that bear no number."""
        blank: Flags = (pd.Series(self.piece, dtype="str").str.strip() == "").to_numpy(bool)
        return blank

    def names(self, places: Integers) -> list[str]:
        """What some items are called: the piece, else the label."""
        pieces = self.piece[places].tolist()
        nameless = [place for place, piece in enumerate(pieces) if not piece]
        for place, label in zip(nameless, self.label[places[nameless]].tolist(), strict=True):
            pieces[place] = label
        return list(pieces)

    def make(self, places: Integers) -> list[OpenItem]:
        """New records."""
        paid = [self.payments.get(place, ()) for place in places.tolist()]
        return list(map(
            OpenItem, self.customer.some(places), self.account.some(places), self.piece[places].tolist(),
            self.label[places].tolist(), self.kind.some(places), dates_of(self.issued[places]),
            dates_of(self.due[places]), self.due_source.some(places), self.amount[places].tolist(),
            self.open[places].tolist(), paid, self.order[places].tolist(), self.sources(places),
        ))  # fmt: skip


@dataclass(slots=True, eq=False)
class Credits(OnDemand[Credit]):
    """Unallocated credits in ledger order. Days since 1970, cents."""

    customer: Words
    piece: Texts  # or another array of texts; as `label`
    label: Texts
    kind: Words
    date: Integers
    amount: Integers
    order: Integers
    sources: Places
    made: Sequence[Credit] | None = None

    def __len__(self) -> int:
        return len(self.amount)

    def make(self, places: Integers) -> list[Credit]:
        """New records."""
        return list(map(
            Credit, self.customer.some(places), self.piece[places].tolist(), self.label[places].tolist(),
            self.kind.some(places), dates_of(self.date[places]), self.amount[places].tolist(),
            self.order[places].tolist(), self.sources(places),
        ))  # fmt: skip


def items_of(records: Sequence[OpenItem]) -> Items:
    """The columns of records."""
    if isinstance(records, Items):
        return records
    payments = {place: one.payments for place, one in enumerate(records) if one.payments}
    return Items(
        _words(records, "customer"), _words(records, "account"), _texts(records, "piece"), _texts(records, "label"),
        _words(records, "kind"), _days(records, "issued"), _days(records, "due"), _words(records, "due_source"),
        _numbers(records, "amount"), _numbers(records, "open"), payments, _numbers(records, "order"),
        _sources(records), records,
    )  # fmt: skip


def credits_of(records: Sequence[Credit]) -> Credits:
    """The columns of records."""
    if isinstance(records, Credits):
        return records
    return Credits(
        _words(records, "customer"), _texts(records, "piece"), _texts(records, "label"), _words(records, "kind"),
        _days(records, "date"), _numbers(records, "amount"), _numbers(records, "order"), _sources(records), records,
    )  # fmt: skip


def _words(records: Sequence[object], name: str) -> Words:
    rank: dict[str, int] = {}
    codes = [rank.setdefault(text, len(rank)) for text in map(attrgetter(name), records)]
    return Words(np.array(codes, np.int64), _objects(list(rank)))


def _texts(records: Sequence[object], name: str) -> Texts:
    return _objects(list(map(attrgetter(name), records)))


def _objects(texts: list[str]) -> Texts:
    """An array of texts, also of none."""
    array: Texts = np.empty(len(texts), object)
    array[:] = texts
    return array


def _numbers(records: Sequence[object], name: str) -> Integers:
    return np.array(list(map(attrgetter(name), records)), np.int64)


def _days(records: Sequence[object], name: str) -> Integers:
    return np.array([to_days(day) for day in map(attrgetter(name), records)], np.int64)


def _sources(records: Sequence[OpenItem] | Sequence[Credit]) -> Places:
    return lambda places: [records[place].source for place in places.tolist()]
