"""`config.toml` -> frozen settings, or every problem at once with its key."""

from dunning_batch.config.accounting import for_accounting
from dunning_batch.config.filters import with_filters
from dunning_batch.config.loading import load_settings
from dunning_batch.config.settings import Creditor, DunningSettings, LedgerSettings, LetterSettings, Settings

__all__ = [
    "Creditor",
    "DunningSettings",
    "LedgerSettings",
    "LetterSettings",
    "Settings",
    "for_accounting",
    "load_settings",
    "with_filters",
]
