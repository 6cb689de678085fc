"""The running balance of a ledger, used to check its movements and never as an amount."""

from dunning_batch.errors import Problem
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_owners import Owners


def balance_problems(body: Body, moves: Moves, owners: Owners) -> list[Problem]:
    """Movements after which the balance is not what it should be."""
    return []
