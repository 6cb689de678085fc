"""The policy of a dossier, and what follows from it for an item and a letter: the records of rules F."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from dunning_batch.core.openitems import OpenItem
from dunning_batch.errors import Message

Grouping = Literal["level", "customer", "invoice"]
CreditPolicy = Literal["apply", "show", "ignore"]
Channel = Literal["email", "zip", "drafts"]
By = Literal["any", "email", "zip", "drafts", "auto"]
LevelChannel = Literal["auto", "email", "post"]
Reason = Literal[
    "remind", "filtered", "no_customer", "customer_held", "held", "delivery_uncertain", "not_overdue",
    "covered_by_credits", "below_minimum", "lettering_doubt", "balance_not_positive", "last_level_reached",
    "too_soon", "no_channel", "not_selected",
]  # fmt: skip
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of reminders: a `[[dunning.levels]]` table. Days are calendar days, amounts cents."""

    number: int  # 1 for the first
    name: str
    template: str
    min_days_overdue: int = 1
    min_days_since_previous: int = 0
    min_amount: int = 0  # principal of the letter
    channel: LevelChannel = "auto"
    registered: bool = False
    payment_deadline_days: int = 8
    show_penalties: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """`[filters]`, and the options that stand above them."""

    customers: tuple[str, ...] = ()
    exclude_customers: tuple[str, ...] = ()
    due_from: date | None = None  # inclusive
    due_to: date | None = None  # inclusive
    last_levels: tuple[int, ...] = ()
    min_days_overdue: int = 1
    min_amount: int = 100  # cents
    positive_balance: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that `decide` needs beside the items: `[dunning]` and `[filters]`."""

    levels: tuple[Level, ...]
    filters: Filters = Filters()
    grouping: Grouping = "level"
    unallocated_credits: CreditPolicy = "apply"
    on_lettering_doubt: Literal["remind", "hold"] = "remind"
    repeat_last_level: bool = False
    by: By = "any"  # "any": status and plan; a run says how it delivers


@dataclass(frozen=True, slots=True)
class History:
    """What the levels workbook and the journal remember of an item (rule H1)."""

    key: str  # `Clé`
    last_level: int = 0  # 0: never reminded
    last_reminded: date | None = None
    held: bool = False  # by hand, or an ambiguous match (rule H2)
    held_until: date | None = None  # inclusive
    reason: str = ""
    note: str = ""
    uncertain: bool = False  # its last reminder awaits `resume`
    previous: tuple[tuple[int, date], ...] = ()  # (level, date) of the reminders so far, oldest first
    doubt: Message | None = None  # why it is held though nobody held it (rule H2), for its `Motif`


@dataclass(frozen=True, slots=True)
class Decision:
    """One open item with what is asked of it, and whether and why it is reminded or not. Cents."""

    item: OpenItem
    history: History
    covered: int
    asked: int  # open - covered
    days_overdue: int  # negative before the due date
    next_level: int | None  # None: no level follows
    next_date: date | None
    reason: Reason
    coverings: tuple[tuple[date, int], ...] = ()  # (credit's date, cents) of what F6 covers, oldest first


@dataclass(frozen=True, slots=True)
class Dunning:
    """A letter to write: the items of one customer that go out together."""

    customer: str
    level: Level
    decisions: tuple[Decision, ...]  # oldest due first
    channel: Channel
