"""The filters of the command line, which win over those of the configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dunning_batch.config.settings import Settings
from dunning_batch.errors import Problem, UsageError, msg

_DAYS = ("due_from", "due_to")


def filters_to_json(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Filters that were typed, as the journal holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in typed.items()}


def filters_from_json(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The same, as `with_filters` takes them."""
    return {name: date.fromisoformat(value) if name in _DAYS else value for name, value in kept.items()}


def with_filters(
    settings: Settings,
    *,
    customers: Sequence[str] = (),
    exclude_customers: Sequence[str] = (),
    due_from: date | None = None,
    due_to: date | None = None,
    last_levels: Sequence[int] = (),
    min_days_overdue: int | None = None,
    min_amount: int | None = None,
    positive_balance: bool | None = None,
) -> Settings:
    """The settings with what was typed in place of `[filters]`; what was not typed stays. Raises UsageError (2)."""
    typed: dict[str, Any] = {
        "customers": tuple(customers) or None,
        "exclude_customers": tuple(exclude_customers) or None,
        "due_from": due_from,
        "due_to": due_to,
        "last_levels": tuple(last_levels) or None,
        "min_days_overdue": min_days_overdue,
        "min_amount": min_amount,
        "positive_balance": positive_balance,
    }
    chosen = {name: value for name, value in typed.items() if value is not None}
    filters = replace(settings.policy.filters, **chosen)
    last = len(settings.policy.levels)
    if any(level > last for level in filters.last_levels):
        raise UsageError(Problem("no_such_level", msg("--last-level goes beyond the last level, {last}.", last=last),
                                 "error"))  # fmt: skip
    if filters.due_from and filters.due_to and filters.due_from > filters.due_to:
        text = msg("--due-to lies before --due-from: nothing would be reminded.")
        raise UsageError(Problem("no_such_days", text, "error"))
    policy = replace(settings.policy, filters=filters)
    return replace(settings, policy=policy, balance_typed=positive_balance is not None)
