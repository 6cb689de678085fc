"""Opening lines matched one-to-one to what the year before left (rule D2)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dunning_batch.core.arrays import Flags, Integers

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(frozen=True, slots=True)
class Ones:
    """Open items, unallocated credits or opening lines, in the order in which they are taken; signed cents."""

    customer: npt.NDArray[np.integer]
    piece: Integers  # -1 for none
    issued: Integers
    amount: Integers


def matches(left: Ones, lines: Ones) -> tuple[Integers, Integers]:
    """Which one of `left` is which opening line, each once: by piece, then by date, then by an amount that is unique.

    Each pass compares the amount too, within one customer, what is not yet matched.
    """
    line_of = np.full(len(left.amount), -1)
    _match(line_of, _keys(left, left.piece, left.piece >= 0), _keys(lines, lines.piece, lines.piece >= 0))
    _match(line_of, _keys(left, left.issued), _keys(lines, lines.issued))
    _match(line_of, _keys(left), _keys(lines), unique=True)
    found = np.flatnonzero(line_of >= 0)
    return found, line_of[found]


def _keys(ones: Ones, detail: Integers | None = None, usable: Flags | None = None) -> "pd.DataFrame":
    """What is compared, indexed by place, without those that cannot be."""
    keys = pd.DataFrame({"customer": ones.customer, "amount": ones.amount})
    if detail is not None:
        keys["detail"] = detail
    return keys if usable is None else keys[usable]


def _match(line_of: Integers, left: "pd.DataFrame", lines: "pd.DataFrame", *, unique: bool = False) -> None:
    """Match those with equal keys in their order; only where there is one on both sides if they must be unique."""
    left, lines = left[line_of[left.index] < 0], lines[~lines.index.isin(line_of)]
    names = list(left.columns)
    if unique:
        left, lines = (side[~side.duplicated(keep=False)] for side in (left, lines))
    sides = [side.assign(turn=side.groupby(names).cumcount(), place=side.index) for side in (left, lines)]
    pairs = sides[0].merge(sides[1], on=[*names, "turn"], suffixes=("_left", "_line"))
    line_of[pairs["place_left"].to_numpy()] = pairs["place_line"].to_numpy()
