"""The running balance of a ledger, used to check its movements and never as an amount.

Programs write it with the sign of a debit, with that of a credit, without any, or with a letter D or C behind it.
"""

import re
from collections.abc import Callable

import numpy as np

from dunning_batch.errors import Problem, msg
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_owners import Owners
from dunning_batch.reading.workbook_values import Column, cents

_MOST = 20
_RUNS = 0.8  # share of the rows that must agree before a column is taken for a running balance
_SIDE = re.compile(r"(.*\d)\s*\(?(D|C|DB|CR|Dr|Cr)\)?\.?")


def balance_problems(body: Body, moves: Moves, owners: Owners) -> list[Problem]:
    """Customers' movements after which the balance is not what it should be."""
    rows, net = moves.rows[owners.places], moves.net[owners.places]
    cells = body.cells_of("balance", rows)
    if cells is None or len(rows) < 2:
        return []
    balance, known = _balances(cells)
    account, customer = owners.account.places[owners.places], owners.customer.places
    same = (account[1:] == account[:-1]) & (customer[1:] == customer[:-1])
    pairs = np.flatnonzero(same & known[1:] & known[:-1]) + 1
    before, after = balance[pairs - 1], balance[pairs]
    agrees = max((reading(before, after, net[pairs]) for reading in _READINGS), key=lambda found: int(found.sum()))
    if not len(pairs) or agrees.mean() < _RUNS:
        return []
    return [_mismatch(body, int(rows[place]), int(balance[place])) for place in pairs[~agrees][:_MOST].tolist()]


def _balances(cells: Column) -> tuple[np.ndarray, np.ndarray]:
    """Cents of each cell, and whether it holds any."""
    sides = [_SIDE.fullmatch(cell.strip()) if isinstance(cell, str) else None for cell in cells]
    bare = [found[1] if found else cell for cell, found in zip(cells, sides, strict=True)]
    signs = np.array([-1 if found and found[2].upper().startswith("C") else 1 for found in sides], np.int64)
    balance, filled, wrong = cents(bare)
    return balance * signs, filled & ~wrong


def _as_debit(before: np.ndarray, after: np.ndarray, net: np.ndarray) -> np.ndarray:
    found: np.ndarray = after == before + net
    return found


def _as_credit(before: np.ndarray, after: np.ndarray, net: np.ndarray) -> np.ndarray:
    found: np.ndarray = after == before - net
    return found


def _unsigned(before: np.ndarray, after: np.ndarray, net: np.ndarray) -> np.ndarray:
    found: np.ndarray = (after == np.abs(before + net)) | (after == np.abs(before - net))
    return found


_READINGS: tuple[Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray], ...] = (_as_debit, _as_credit, _unsigned)


def _mismatch(body: Body, row: int, found: int) -> Problem:
    text = msg(
        "The balance of this line is {found:money}: it does not follow from the line before and the amount. A line may "
        "be missing, or an amount misread.",
        found=found,
    )
    return body.problem("balance_mismatch", text, row, "balance", "warning")
