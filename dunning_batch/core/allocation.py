"""Unallocated credits applied to open items (rule F6): what customers paid is not asked, lettered or not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a credit that covers part of an item."""

    credit: int  # index into Settlement.credits
    item: int  # index into Settlement.items
    amount: int  # cents, more than 0
    number: int  # the pass of F6 that found it, 1 to 5
