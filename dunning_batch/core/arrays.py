"""Arrays over the rows of the ledger: their types, and exact sums."""

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def sums_by(keys: npt.NDArray[np.integer], amounts: Integers, count: int) -> Integers:
    """Sums of the amounts for the keys 0 to count - 1; a weighted bincount would count cents in floats."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, keys, amounts)
    return sums
