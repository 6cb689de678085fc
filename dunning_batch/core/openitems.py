"""Open items and what customers have in credit: the result of rules A5, A6, B, D and E."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dunning_batch.errors import Problem, Source

ItemKind = Literal["invoice", "opening", "refund", "other"]
CreditKind = Literal["payment", "credit_note", "opening", "other"]
DueSource = Literal["ledger", "invoice", "customer_terms", "default_terms"]


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A debit, or the debits of one entry with one due date, not wholly paid (rule A6). Cents, never negative."""

    customer: str
    account: str
    piece: str  # rule A4; empty for none
    label: str
    kind: ItemKind
    issued: date  # PieceDate, else EcritureDate
    due: date
    due_source: DueSource
    amount: int  # the debits as booked
    open: int  # what is left, more than 0
    payments: tuple[tuple[date, int], ...]  # (entry date, cents) of what lowered it, oldest first
    order: int  # rank of its first line in the history
    source: Source


@dataclass(frozen=True, slots=True)
class Credit:
    """An unallocated credit of a customer (rules B6, B7)."""

    customer: str
    piece: str
    label: str
    kind: CreditKind
    date: date  # PieceDate, else EcritureDate
    amount: int  # what is left of it: cents, more than 0
    order: int
    source: Source


@dataclass(frozen=True, slots=True)
class CustomerBalance:
    """The account of one customer in cents: balance = open - unallocated + lettered_elsewhere + settled_differences."""

    code: str
    name: str
    nobody: bool  # a pseudo-customer (rule A2)
    balance: int
    open: int
    unallocated: int
    lettered_elsewhere: int
    settled_differences: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is paid and what is owed: items and credits in ledger order, a balance per customer in order of code.

    Where there are many, items and credits are columns that make their records on demand (core/itemcolumns.py).
    """

    items: Sequence[OpenItem]
    credits: Sequence[Credit]
    balances: tuple[CustomerBalance, ...]
    problems: tuple[Problem, ...] = ()
