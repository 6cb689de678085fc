"""Rows of totals, used to check the movements above them and never as amounts (fault 28).

A total sums whole blocks: from the first row, or from any row behind one that is no movement (a title, another total,
the headings of a page).
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from dunning_batch.core.words import plain
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.workbook_body import Body

_MOST = 20
_TOTAL = re.compile(r"(sous |sub ?)?tota(l|ux)\b(?! (a )?report).*")


def says_total(words: Iterable[str]) -> bool:
    """Whether one of the texts of a row calls it a total, and not one that is carried from page to page."""
    return any(_TOTAL.fullmatch(plain(word)) for word in words)


def total_problems(body: Body, net: np.ndarray, is_move: np.ndarray, totals: Sequence[int]) -> list[Problem]:
    """Totals that no block above adds up to.

    Args:
        body: The sheet.
        net: Cents of each row, totals among them.
        is_move: Which rows are movements.
        totals: Rows, ascending.
    """
    if not totals:
        return []
    sums = np.concatenate([[0], np.cumsum(np.where(is_move, net, 0))])  # of all movements before each row
    starts = np.concatenate([[0], np.flatnonzero(~is_move) + 1])
    before = sums[starts].tolist()
    unsigned = not {"debit", "credit"} <= body.fields.keys()
    known: set[int] = set()
    taken, wrong = 0, []
    for row in totals:
        ends = int(np.searchsorted(starts, row, side="right"))
        known.update(before[taken:ends])
        taken = ends
        total, counted = int(net[row]), int(sums[row])
        if counted - total not in known and not (unsigned and counted + total in known):
            wrong.append(row)
    return [_mismatch(body, row, int(net[row]), sums, starts) for row in wrong[:_MOST]]


def _mismatch(body: Body, row: int, total: int, sums: np.ndarray, starts: np.ndarray) -> Problem:
    """With the sum of the last block that holds a movement."""
    above = starts[starts <= row]
    others = above[sums[above] != sums[row]]
    start = int(others[-1]) if len(others) else 0
    text = msg(
        "This total is {total:money}, and no rows above it add up to that: from row {line} on they are {sum:money}. A "
        "line may be missing, or an amount misread.",
        total=total,
        line=body.sheet.lines[body.start + start],
        sum=int(sums[row] - sums[start]),
    )
    name = next(one for one in ("debit", "amount", "residual") if one in body.fields)
    return body.problem("total_mismatch", text, row, name, "warning")
