"""Arrays over the rows of the ledger: their types, and exact sums."""

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
_SPARSE = 4  # times as many numbers as values are still close together


def distinct_of(values: npt.NDArray[np.integer]) -> tuple[Integers, Integers]:
    """The distinct values in their order, and the place of each value among them; sorted only if they lie far apart."""
    least, greatest = (int(values.min()), int(values.max())) if len(values) else (0, -1)
    if greatest - least > _SPARSE * len(values):
        distinct, place = np.unique(values, return_inverse=True)
        return distinct.astype(np.int64), place
    shifted = values.astype(np.int64) - least
    is_there = np.zeros(greatest - least + 1, bool)
    is_there[shifted] = True
    return np.flatnonzero(is_there) + least, (np.cumsum(is_there) - 1)[shifted]


def sums_by(keys: npt.NDArray[np.integer], amounts: Integers, count: int) -> Integers:
    """Sums of the amounts for the keys 0 to count - 1; a weighted bincount would count cents in floats."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, keys, amounts)
    return sums
