"""The QR code of a transfer (EPC069-12, version 002): name, IBAN, amount and reference for a banking app.

Off by default: banking apps of other countries read it, few French ones do. The IBAN is printed beside it in any case.
"""

import segno

from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.pages import Modules
from dunning_batch.documents.sender import Sender

_MOST_CENTS = 99_999_999_999
_MOST_BYTES = 331
_NAME, _TEXT = 70, 140  # signs
_MASK = 3  # trying all eight would triple the time of a letter; any of them is readable
_QUIET = 4  # modules left white on each side


def transfer_of(reminder: Reminder, sender: Sender) -> str:
    """What the code of a reminder says; empty where there can be none.

    There is none without an IBAN, for nothing to pay, above 999 999 999.99 euros, and where name and reference do not
    fit. Names and references are never cut: the bank compares the one, the ledger the other.
    """
    reference = " ".join(reminder.customer.code.split())
    name = " ".join(sender.name.split())
    fits = len(name) <= _NAME and 0 < len(reference) <= _TEXT and 0 < reminder.total <= _MOST_CENTS
    if not (sender.iban and fits):
        return ""
    amount = f"EUR{reminder.total // 100}.{reminder.total % 100:02d}"
    bic, iban = (text.replace(" ", "").upper() for text in (sender.bic, sender.iban))
    # Before the reference: no purpose, no structured reference.
    payload = f"BCD\n002\n1\nSCT\n{bic}\n{name}\n{iban}\n{amount}\n\n\n{reference}"
    return payload if len(payload.encode()) <= _MOST_BYTES else ""


def modules_of(payload: str, x: float, y: float, side: float) -> Modules:
    """The code as black modules in a square, the white margin included. Points; `y` below the row's top."""
    code = segno.make(payload, error="m", mask=_MASK, boost_error=False, micro=False, encoding="utf-8")
    pitch = side / (len(code.matrix) + 2 * _QUIET)
    return Modules(x, y, side, pitch, _QUIET, tuple(bytes(row) for row in code.matrix))
