"""The levels of reminders: those of the file, or the four that fit most firms (contract section 3)."""

from typing import Any

from dunning_batch.config.findings import Findings
from dunning_batch.config.keys import LEVELS
from dunning_batch.core.policy import Level
from dunning_batch.errors import msg
from dunning_batch.language import LanguageCode

_NAMES = {
    "fr": (
        "Relevé de factures impayées",
        "2ème relance de paiement",
        "3ème relance de paiement",
        "Mise en demeure de payer",
    ),
    "en": ("Statement of unpaid invoices", "Second reminder", "Third reminder", "Formal notice"),
}
_DAYS_OVERDUE = (1, 15, 30, 45)
_DAYS_SINCE_PREVIOUS = (0, 15, 15, 15)


def default_levels(language: LanguageCode) -> tuple[Level, ...]:
    """Statement, second and third reminder, formal notice."""
    return tuple(
        Level(
            number=number,
            name=_NAMES[language][number - 1],
            template=f"level{number}",
            min_days_overdue=_DAYS_OVERDUE[number - 1],
            min_days_since_previous=_DAYS_SINCE_PREVIOUS[number - 1],
            registered=number == 4,
            show_penalties=number >= 3,
        )
        for number in range(1, 5)
    )


def levels_of(given: list[dict[str, Any]] | None, language: LanguageCode, findings: Findings) -> tuple[Level, ...]:
    """The levels of the file, which replace the four; up to the fourth, name and template may be left out."""
    defaults = default_levels(language)
    if given is None:
        return defaults
    levels = []
    for number, values in enumerate(given, 1):
        known = defaults[number - 1] if number <= len(defaults) else None
        for key in ("name", "template"):
            if not values[key] and known is None:
                text = msg("Level {number} has no {key}: write it.", number=number, key=key)
                findings.add(f"{LEVELS}.{number}", key, text)
        named = {key: values[key] or (getattr(known, key) if known else "") for key in ("name", "template")}
        levels.append(Level(number, **{**values, **named}))
    return tuple(levels)
