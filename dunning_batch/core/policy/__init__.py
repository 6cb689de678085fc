"""Which items are reminded, at which level, and why the others are not (rules F1 to F9, F12)."""

from dunning_batch.core.policy.cases import next_step
from dunning_batch.core.policy.deciding import decide, limited
from dunning_batch.core.policy.letters import channel_of, oldest_due_first
from dunning_batch.core.policy.records import (
    By,
    Channel,
    CreditPolicy,
    Decision,
    Dunning,
    Filters,
    Grouping,
    History,
    Level,
    LevelChannel,
    Plan,
    Policy,
    Reason,
)

__all__ = [
    "By",
    "Channel",
    "CreditPolicy",
    "Decision",
    "Dunning",
    "Filters",
    "Grouping",
    "History",
    "Level",
    "LevelChannel",
    "Plan",
    "Policy",
    "Reason",
    "channel_of",
    "decide",
    "limited",
    "next_step",
    "oldest_due_first",
]
