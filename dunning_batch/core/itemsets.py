"""Sets of items that sum to a credit (rule F6, pass 4): all sums at once, for however many credits."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, combinations

import numpy as np

from dunning_batch.core.arrays import Flags, Integers

MOST_ITEMS = 20  # among which a set is looked for
_SIZES = range(2, 6)
_AT_ONCE = 1 << 18  # sums, as many as the processor keeps near


def sums_of_sets(amounts: Sequence[int]) -> Integers:
    """The sum of each set of two to five amounts; none where there are too many to look for."""
    if len(amounts) > MOST_ITEMS:
        return np.zeros(0, np.int64)
    sums: Integers = np.array([*amounts, 0], np.int64)[_sets(len(amounts))].sum(axis=1)
    return sums


def only_set(sums: Integers, total: int, count: int) -> list[int]:
    """The places, among so many, of the only set with that sum; empty for no set, or more than one."""
    found = np.flatnonzero(sums == total)
    return [place for place in _sets(count)[found[0]].tolist() if place < count] if len(found) == 1 else []


def have_a_set(amounts: Integers, accounts: Integers, totals: Integers) -> Flags:
    """Which of many accounts with as many items each have a set, or several, that sums to one of their totals.

    Args:
        amounts: A row an item, a column an account.
        accounts: The column of the account of each total, ascending.
        totals: What is to be summed to.
    """
    count, width = amounts.shape
    largest = max(int(np.abs(amounts).max(initial=0)) * _SIZES[-1], int(np.abs(totals).max(initial=0)))
    kind = np.int32 if largest < 1 << 31 else np.int64  # half the bytes take half the time
    sets, padded = _sets(count), np.vstack([amounts, np.zeros((1, width), np.int64)]).astype(kind)
    totals = totals.astype(kind)
    found = np.zeros(width, bool)
    step = max(_AT_ONCE // len(sets), 1)
    for start in range(0, width, step):
        some = np.ascontiguousarray(padded[:, start : start + step])
        sums = some[sets[:, 0]]
        for column in sets.T[1:]:
            sums += some[column]
        first, last = np.searchsorted(accounts, [start, start + step])
        equal = (sums[:, accounts[first:last] - start] == totals[first:last]).any(axis=0)
        found[accounts[first:last][equal]] = True
    return found


@lru_cache
def _sets(count: int) -> Integers:
    """The places of every set, a row each; a smaller set is filled with `count`, which is no place."""
    rows = []
    for size in _SIZES:
        places = np.fromiter(chain.from_iterable(combinations(range(count), size)), np.int64).reshape(-1, size)
        rows.append(np.pad(places, ((0, 0), (0, _SIZES[-1] - size)), constant_values=count))
    return np.concatenate(rows)
