"""The amount of each row, whatever the layout: debit and credit, one signed amount, amount and side (rule A3)."""

from dataclasses import dataclass, field

import numpy as np

from dunning_batch.core.words import plain
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_values import cents, texts

_SIDES = {"d": 1, "c": -1, "debit": 1, "credit": -1, "+1": 1, "-1": -1, "dr": 1, "cr": -1, "db": 1, "ct": -1}


@dataclass(slots=True)
class Money:
    """Arrays by row: debit less credit in cents, whether an amount stands there, and what is wrong with it."""

    net: np.ndarray
    filled: np.ndarray  # some cell holds an amount
    both: np.ndarray  # debit and credit
    wrong: dict[str, np.ndarray] = field(default_factory=dict)  # field -> cells that hold something else

    @property
    def unreadable(self) -> np.ndarray:
        """Rows with a cell that is no amount."""
        found = np.zeros(len(self.net), bool)
        for rows in self.wrong.values():
            found |= rows
        return found

    def unreadable_in(self, row: int) -> bool:
        """Whether a cell of the row is no amount."""
        return any(rows[row] for rows in self.wrong.values())


def money_of(body: Body) -> Money:
    """The amounts of all rows, sums and titles among them."""
    debit, credit = body.cells("debit"), body.cells("credit")
    if debit is not None and credit is not None:
        one, one_filled, one_wrong = cents(debit)
        other, other_filled, other_wrong = cents(credit)
        both = (one != 0) & (other != 0)
        return Money(one - other, one_filled | other_filled, both, {"debit": one_wrong, "credit": other_wrong})
    name = "amount" if "amount" in body.fields else "residual"
    net, filled, wrong = cents(body.cells(name) or ())
    money = Money(net, filled, np.zeros(len(net), bool), {name: wrong})
    side = body.cells("side")
    if side is not None:
        written = texts(side)
        known = {text: _side(text) for text in set(written)}
        if {text for text in known if text} == {"0", "1"}:
            known |= {"0": 1, "1": -1}  # as Sage writes them
        elif "-1" in known:
            known |= {"1": 1}
        signs = np.array([known[text] for text in written], np.int64)
        money.wrong["side"] = filled & (signs == 0) & (net != 0)
        money.net = net * signs
    return money


def _side(text: str) -> int:
    return _SIDES.get(text.lower(), _SIDES.get(plain(text), 0))
