"""Sets of items that sum to a credit (rule F6, pass 4): all sums at once, for however many credits."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from dunning_batch.core.arrays import Integers

_MOST_ITEMS = 20  # among which a set is looked for
_SIZES = range(2, 6)


def sums_of_sets(amounts: Sequence[int]) -> Integers:
    """The sum of each set of two to five amounts; none where there are too many to look for."""
    if len(amounts) > _MOST_ITEMS:
        return np.zeros(0, np.int64)
    sums: Integers = np.array([*amounts, 0], np.int64)[_sets(len(amounts))].sum(axis=1)
    return sums


def only_set(sums: Integers, total: int, count: int) -> list[int]:
    """The places, among so many, of the only set with that sum; empty for no set, or more than one."""
    found = np.flatnonzero(sums == total)
    return [place for place in _sets(count)[found[0]].tolist() if place < count] if len(found) == 1 else []


@lru_cache
def _sets(count: int) -> Integers:
    """The places of every set, a row each; a smaller set is filled with `count`, which is no place."""
    most = _SIZES[-1]
    sets = (places for size in _SIZES for places in combinations(range(count), size))
    return np.array([(*places, *[count] * (most - len(places))) for places in sets], np.int64).reshape(-1, most)
