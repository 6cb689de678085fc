"""The words that screens, workbooks and reports share: why an item is or is not reminded, what became of it."""

from datetime import date

from dunning_batch.core.customers import CustomerType
from dunning_batch.core.policy import Decision, Reason
from dunning_batch.core.reminders import Result
from dunning_batch.errors import Message, msg
from dunning_batch.language import Language

REASONS: dict[Reason, Message] = {
    "remind": msg("to be reminded"),
    "filtered": msg("outside the filters"),
    "no_customer": msg("no customer is named on its lines"),
    "customer_held": msg("the customer is held"),
    "held": msg("held"),
    "delivery_uncertain": msg("its last reminder awaits dunning-batch resume"),
    "not_overdue": msg("not overdue"),
    "covered_by_credits": msg("covered by what the customer has paid"),
    "below_minimum": msg("below the minimum"),
    "lettering_doubt": msg("the lettering is in doubt"),
    "balance_not_positive": msg("the customer owes nothing on the whole"),
    "last_level_reached": msg("the last level is reached"),
    "too_soon": msg("too soon"),
    "no_channel": msg("no address to deliver it to"),
    "not_selected": msg("not selected"),
}

RESULTS: dict[Result, Message] = {
    "delivered": msg("delivered"),
    "refused": msg("refused"),
    "failed": msg("failed"),
    "uncertain": msg("uncertain"),
    "skipped": msg("skipped"),
}

# What else the rows of the past say.
PAST_RESULTS: dict[str, Message] = {
    **{str(result): text for result, text in RESULTS.items()},
    "manual": msg("changed by hand"),
    "undone": msg("undone"),
    "set": msg("marked as reminded"),
}

CHANNELS: dict[str, Message] = {"zip": msg("post"), "email": msg("e-mail"), "drafts": msg("draft")}

TYPES: dict[CustomerType, Message] = {
    "professional": msg("professional"),
    "consumer": msg("consumer"),
    "public": msg("public buyer"),
    "unknown": msg("unknown"),
}


def reason_text(decision: Decision, language: Language) -> str:
    """Why, in words; where it is a matter of days, with the day."""
    day = {"too_soon": decision.next_date, "not_overdue": decision.item.due if decision.days_overdue < 1 else None}
    return why(decision.reason, day.get(decision.reason), decision.history.reason, language)


def why(reason: Reason, day: date | None, hold: str, language: Language) -> str:
    """The same, told the day from which on the item is reminded or on which it is due, and why it is held."""
    text = language.message(REASONS[reason])
    if reason == "too_soon" and day:
        return language.text("{reason}: from {day:date} on", reason=text, day=day)
    if reason == "not_overdue" and day:
        return language.text("{reason}: due on {day:date}", reason=text, day=day)
    return f"{text} ({hold})" if reason == "held" and hold else text
