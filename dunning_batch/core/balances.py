"""The account of each customer, and the invariant that no rule may break (rule B8)."""

from collections.abc import Iterable

import numpy as np

from dunning_batch.core.arrays import Flags, Integers, Texts, sums_by
from dunning_batch.core.ledger import Ledger
from dunning_batch.core.openitems import CustomerBalance
from dunning_batch.errors import DefectError, Problem, msg

_NAMED = 5


def balances_of(
    ledger: Ledger, counted: Flags, left: Integers, elsewhere: Integers, differences: Integers
) -> tuple[CustomerBalance, ...]:
    """A balance per customer in order of code. Raises DefectError where B8 does not hold.

    Args:
        ledger: For its lines.
        counted: Rows that count (rule B8).
        left: What is left of each row.
        elsewhere: Cents of each row that are settled in another year.
        differences: Cents by customer that the tolerance let pass.
    """
    customer = ledger.lines["customer"].cat.codes.to_numpy()
    codes: Texts = ledger.lines["customer"].cat.categories.to_numpy(dtype=object)
    amounts = np.where(counted, ledger.lines["amount"].to_numpy(), 0)
    parts = (amounts, np.maximum(left, 0), np.maximum(-left, 0), elsewhere)
    sums = [sums_by(customer, part, len(codes)) for part in parts]
    nobody = np.zeros(len(codes), bool)
    nobody[customer[ledger.lines["nobody"].to_numpy()]] = True
    present = np.flatnonzero(np.bincount(customer, minlength=len(codes)))
    columns = (codes, _names(ledger, customer), nobody, *sums, np.pad(differences, (0, len(codes) - len(differences))))
    found = tuple(map(CustomerBalance, *(column[present].tolist() for column in columns)))
    check_invariant(found)
    return tuple(sorted(found, key=lambda one: one.code))


def _names(ledger: Ledger, customer: np.ndarray) -> Texts:
    """The last name that is not empty, by number of the customer."""
    name = ledger.lines["name"].cat.codes.to_numpy()
    texts: Texts = np.append(ledger.lines["name"].cat.categories.to_numpy(dtype=object), "")
    named = np.flatnonzero((texts != "")[name])
    found = np.full(len(ledger.lines["customer"].cat.categories), -1)
    found[customer[named]] = name[named]  # the last assignment stands
    names: Texts = texts[found]
    return names


def check_invariant(balances: Iterable[CustomerBalance]) -> None:
    """Rule B8: open - unallocated + lettered elsewhere + settled differences is the balance. Raises DefectError."""
    wrong = [
        one.code
        for one in balances
        if one.open - one.unallocated + one.lettered_elsewhere + one.settled_differences != one.balance
    ]
    if wrong:
        text = msg(
            "The accounts of {customers} do not add up (rule B8): nothing was done.",
            customers=", ".join(wrong[:_NAMED]) + (", ..." if len(wrong) > _NAMED else ""),
        )
        raise DefectError(Problem("invariant_broken", text, "error"))
