"""Numbers in the place of texts: what is compared by the million is compared as numbers."""

from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.arrays import Integers

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


def numbered(texts: "pd.Series[str]") -> "tuple[Integers, pd.Index[str]]":
    """A number for each text, -1 for the empty one, and the texts by number."""
    if isinstance(texts.dtype, pd.CategoricalDtype):
        numbers, distinct = texts.cat.codes.to_numpy().astype(np.int64), texts.cat.categories
    else:
        places, distinct = pd.factorize(texts)
        numbers = places.astype(np.int64)
    for empty in np.flatnonzero(distinct == ""):
        numbers[numbers == empty] = -1
    return numbers, distinct
