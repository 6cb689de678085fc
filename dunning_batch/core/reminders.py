"""A reminder: everything that a template may print, nothing that it must work out (rules F9, G6)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dunning_batch.core.customers import Customer
from dunning_batch.core.openitems import Credit
from dunning_batch.core.penalties import Segment
from dunning_batch.core.policy import Channel, Decision, Level
from dunning_batch.errors import Message

Result = Literal["delivered", "refused", "failed", "uncertain", "skipped"]


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """One line of the letter's table."""

    decision: Decision
    segments: tuple[Segment, ...]  # late interest, empty where none is shown
    indemnity: int  # cents; once per piece: 0 on further instalments


@dataclass(frozen=True, slots=True)
class Reminder:
    """One letter to one customer. Cents; total = open - credits + penalties + indemnity."""

    id: str  # digest of dossier, customer and, per item, key, level and last reminder
    customer: Customer
    name: str  # the customers file's, else the ledger's
    language: str
    level: Level
    items: tuple[ReminderItem, ...]
    shown_credits: tuple[Credit, ...]  # rule F7 `show`: listed, not deducted
    open: int
    credits: int
    penalties: int
    indemnity: int
    total: int
    as_of: date
    deadline: date  # as_of + payment_deadline_days
    channel: Channel
    previous_reminders: tuple[tuple[int, date], ...]  # (level, date) over its items, oldest first, each once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reminder."""

    reminder: str  # its id
    result: Result
    document: str = ""  # path relative to the run's folder
    recipient: str = ""  # e-mail addresses, or the postal recipient's name
    reference: str = ""  # Message-ID or registered number
    error: Message | None = None
