"""The records of the past: rows of `Historique`, and runs with what became of their reminders."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dunning_batch.core.policy import By
from dunning_batch.state.journal import Body


@dataclass(frozen=True, slots=True)
class PastRow:
    """One row of `Historique`. Cents."""

    run: str
    day: date
    customer: str
    name: str
    piece: str
    before: int
    level: int
    channel: str = ""
    recipient: str = ""
    document: str = ""
    open: int | None = None
    result: str = ""  # a result, or manual, undone, set
    reference: str = ""
    what: tuple[tuple[str, Any], ...] = ()  # a manual change: (field, new value as JSON has it), but for the level


@dataclass(slots=True)
class Run:
    """One run as it was planned, and how far it came."""

    name: str
    as_of: date
    total: int
    ledger_end: date | None
    reminders: list[Body]  # id, customer, name, items, document, recipient, channel
    folder_digest: str  # of run.json in the folder, once it bears its name
    digests: dict[str, str]
    results: dict[str, str] = field(default_factory=dict)  # id of a reminder -> what became of it
    delivered: bool = False  # what became of the reminders is recorded
    closed: bool = False
    undone: bool = False
    dropped: bool = False
    by: By = "zip"  # how it delivers
    filters: Body = field(default_factory=dict)  # those that were typed
    messages: dict[str, Body] = field(default_factory=dict)  # id -> file, sha256, message_id, recipients
    placed: bool = False  # its folder bears its name, and messages are leaving
    sending: set[str] = field(default_factory=set)  # messages that may have left: nothing is recorded of them since
    mailed: dict[str, Body] = field(default_factory=dict)  # id -> what became of its message, as `sent` recorded it
    lost: dict[str, set[str]] = field(default_factory=dict)  # id -> addresses that a notice says it never reached

    @property
    def levels(self) -> dict[str, int]:
        """Key of each item that it was to remind -> the level of that reminder."""
        return {item["key"]: item["level"] for one in self.reminders for item in one["items"]}

    @property
    def waiting(self) -> tuple[str, ...]:
        """Messages that certainly did not leave, and are to."""
        known = self.results.keys() | self.mailed.keys() | self.sending
        return tuple(one for one in self.messages if one not in known)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Messages of which nobody knows, until a person says."""
        known = {one: body["result"] for one, body in self.mailed.items()} | self.results
        return tuple(one for one in self.messages if one in self.sending or known.get(one) == "uncertain")

    @property
    def delivered_ids(self) -> frozenset[str]:
        """The reminders that reached somebody."""
        return frozenset(one for one, result in self.results.items() if result == "delivered")
