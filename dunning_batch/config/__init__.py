"""`config.toml` -> frozen settings, or every problem at once with its key."""

from dunning_batch.config.accounting import for_accounting
from dunning_batch.config.filters import filters_from_json, filters_to_json, with_filters
from dunning_batch.config.loading import load_settings
from dunning_batch.config.mailserver import is_loopback
from dunning_batch.config.settings import (
    Creditor,
    DunningSettings,
    EmailSettings,
    LedgerSettings,
    LetterSettings,
    Settings,
)

__all__ = [
    "Creditor",
    "DunningSettings",
    "EmailSettings",
    "LedgerSettings",
    "LetterSettings",
    "Settings",
    "filters_from_json",
    "filters_to_json",
    "for_accounting",
    "is_loopback",
    "load_settings",
    "with_filters",
]
