"""Which items are reminded, at which level, and why the others are not (rules F1 to F9, F12)."""

from importlib import import_module
from typing import TYPE_CHECKING

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
    Policy,
    Reason,
)

if TYPE_CHECKING:
    from dunning_batch.core.policy.deciding import decide, limited
    from dunning_batch.core.policy.letters import channel_of, oldest_due_first
    from dunning_batch.core.policy.plans import Plan
    from dunning_batch.core.policy.steps import next_step

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

# What works on columns: a configuration is read without NumPy.
_ON_COLUMNS = {"channel_of": "letters", "decide": "deciding", "limited": "deciding", "next_step": "steps",
               "oldest_due_first": "letters", "Plan": "plans"}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _ON_COLUMNS:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_ON_COLUMNS[name]}"), name)
