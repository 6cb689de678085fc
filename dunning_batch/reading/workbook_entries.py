"""The entries of a workbook (rule A6) and what their lines stand on (rule A5), where the sheet holds them whole.

A line without an entry number and without a piece is an entry of its own: nothing says what belongs to it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.ledger import Counterpart
from dunning_batch.reading.workbook_coded import Coded

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(frozen=True, slots=True)
class Keys:
    """What an entry is known by, one a movement."""

    journal: Coded
    number: Coded
    day: np.ndarray
    piece: Coded


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a sheet."""

    of_line: np.ndarray  # number of the entry, by movement
    flags: np.ndarray  # bits of Counterpart, by movement; 0 where the entry is not whole
    unbalanced: tuple[tuple[int, int], ...]  # (first movement, debit less credit)
    booked: int  # how many entries there are where pieces are not told apart
    keys: Keys
    first: np.ndarray  # movement that begins each entry

    def texts(self, entries: np.ndarray) -> list[str]:
        """Journal, number, day and piece of each entry as one text."""
        lines = self.first[entries]
        keys = self.keys
        columns = [column.at(lines).as_texts().rows() for column in (keys.journal, keys.number, keys.piece)]
        parts = zip(*columns[:2], keys.day[lines].tolist(), columns[2], strict=True)
        return ["\x1f".join(map(str, one)) for one in parts]


def entries_of(keys: Keys, net: np.ndarray, kinds: np.ndarray) -> Entries:
    """All entries.

    Args:
        keys: By movement.
        net: Debit less credit in cents.
        kinds: Bits of Counterpart that a movement's account gives to the others of its entry; 0 for customers' lines.
    """
    count = len(net)
    is_lone = keys.number.are_empty() & keys.piece.are_empty()
    own = np.where(is_lone, np.arange(count) + 1, 0)
    booked = _joined(keys.journal.places, keys.number.places, pd.factorize(keys.day)[0].astype(np.int64), own)
    of_line = _joined(booked, keys.piece.places)
    sums = _sums(booked, net)
    # With its number an entry is whole over all its pieces; without one, its piece may be all that tells it.
    whole = (sums[booked] == 0) | (_sums(of_line, net)[of_line] == 0)
    flags = np.zeros(int(of_line.max()) + 1 if count else 1, np.uint8)
    np.bitwise_or.at(flags, of_line, kinds.astype(np.uint8))
    return Entries(
        of_line, np.where(whole, flags[of_line], 0).astype(np.uint8), _unbalanced(booked, sums, is_lone),
        int(booked.max()) + 1 if count else 0, keys, _first(of_line),
    )  # fmt: skip


def kind_of(account: str) -> int:
    """What an account that is no customer's gives to the other lines of its entry."""
    if account.startswith("5"):
        return Counterpart.BANK
    if account.startswith("7"):
        return Counterpart.SALES
    return Counterpart.VAT if account.startswith("4457") else Counterpart.OTHER


def _sums(groups: np.ndarray, net: np.ndarray) -> np.ndarray:
    """The cents of each group."""
    sums = np.zeros(int(groups.max()) + 1 if len(groups) else 0, np.int64)
    np.add.at(sums, groups, net)
    return sums


def _unbalanced(booked: np.ndarray, sums: np.ndarray, is_lone: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Entries that do not balance, in the order of the sheet: first movement, debit less credit."""
    first = _first(booked)
    wrong = first[(sums[booked[first]] != 0) & ~is_lone[first]].tolist()
    return tuple((line, int(sums[booked[line]])) for line in wrong)


def _first(groups: np.ndarray) -> np.ndarray:
    """The first line of each group, where groups are counted from 0 in the order of the lines."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(groups), prepend=-1))


def _joined(*codes: np.ndarray) -> np.ndarray:
    """A number for each combination, counted from 0 in the order of the lines."""
    joined = codes[0]
    for more in codes[1:]:
        joined = pd.factorize(joined * (int(more.max()) + 1 if len(more) else 1) + more)[0].astype(np.int64)
    return joined
