"""What a template may print: plain values, by the names of the contract (section 4). Amounts are euros."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import Undefined

from dunning_batch.core.money import as_decimal
from dunning_batch.core.openitems import Credit
from dunning_batch.core.policy import Decision
from dunning_batch.core.reminders import Reminder, ReminderItem
from dunning_batch.documents.markdown import TABLE, escaped
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.template_guard import GuardedEnvironment
from dunning_batch.language import FIXED_SPACE, Language

Values = dict[str, Any]
SENDER_FIELDS = (
    "name", "legal_form", "address", "siren", "rcs", "vat", "phone", "email", "website", "iban", "bic", "signatory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableMark:
    """What `{{ invoices }}` prints: the place of the table."""


INVOICES = TableMark()


def values_of(reminder: Reminder, sender: Sender, channel: str) -> Values:
    """The variables of a template.

    Args:
        reminder: What is asked of whom.
        sender: By whom.
        channel: "letter" or "email".
    """
    level = reminder.level
    return {
        "creditor": {name: _plain(getattr(sender, name)) for name in SENDER_FIELDS},
        "customer": _customer(reminder),
        "level": {
            "number": level.number,
            "name": level.name,
            "deadline": reminder.deadline,
            "days": level.payment_deadline_days,
            "show_penalties": level.show_penalties,
            "registered": level.registered,
        },
        "items": [_item(line) for line in reminder.items],
        "credits": [_credit(credit) for credit in reminder.shown_credits],
        "totals": {
            "open": as_decimal(reminder.open),
            "credits": as_decimal(reminder.credits),
            "penalties": as_decimal(reminder.penalties),
            "indemnity": as_decimal(reminder.indemnity),
            "due": as_decimal(reminder.total),
        },
        "previous_reminders": _reminders(reminder.previous_reminders),
        "today": reminder.as_of,
        "channel": channel,
        "invoices": INVOICES,
    }


def environment_of(language: Language) -> GuardedEnvironment:
    """The templates' environment in one language: what values look like, and the filters of the contract."""

    def money(value: Decimal | int) -> str:
        return language.euros(int((Decimal(value) * 100).to_integral_value()))

    def text(value: object) -> str:
        """A value without a filter."""
        match value:
            case Decimal():
                return money(value)
            case date():
                return language.date(value)
            case str() | int() | Undefined():
                return str(value)
        raise TypeError(type(value).__name__)

    def finalize(value: object) -> str:
        return f"\n\n{TABLE}\n\n" if isinstance(value, TableMark) else escaped(text(value))

    def long_date(day: date) -> str:
        # The number of a day stays with its month.
        return language.long_date(day).replace(" ", FIXED_SPACE, 1)

    filters = {
        "money": _strict(money),
        "date": _strict(language.date),
        "long_date": _strict(long_date),
        "iban": _strict(iban_text),
    }
    return GuardedEnvironment(text, finalize, filters)


def _strict(function: Callable[[Any], str]) -> Callable[[Any], str]:
    """The filter, which takes an unknown variable for what it is."""

    def called(value: Any) -> str:  # noqa: ANN401 - a template may give it anything
        return str(value) if isinstance(value, Undefined) else function(value)

    return called


def iban_text(iban: str) -> str:
    """An IBAN in groups of four that no line end parts."""
    return FIXED_SPACE.join(re.findall(r".{1,4}", iban.replace(" ", "")))


def siren_text(siren: str) -> str:
    """A SIREN in groups of three that no line end parts."""
    return FIXED_SPACE.join(re.findall(r".{1,3}", siren.replace(" ", "")))


def reference_of(decision: Decision) -> str:
    """What names an item on paper: its piece, else its label."""
    return decision.item.piece.strip() or decision.item.label.strip()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _customer(reminder: Reminder) -> Values:
    customer = reminder.customer
    return {
        "code": customer.code,
        "name": reminder.name,
        "address": list(customer.address),
        "postcode": customer.postcode,
        "town": customer.town,
        "country": customer.country,
        "type": customer.type,
    }


def _item(line: ReminderItem) -> Values:
    decision, item = line.decision, line.decision.item
    return {
        "reference": reference_of(decision),
        "label": item.label,
        "kind": item.kind,
        "issued": item.issued,
        "due": item.due,
        "days_overdue": decision.days_overdue,
        "amount": as_decimal(item.amount),
        "open": as_decimal(item.open),
        "covered": as_decimal(decision.covered),
        "asked": as_decimal(decision.asked),
        "penalties": as_decimal(sum(segment.interest for segment in line.segments)),
        "indemnity": as_decimal(line.indemnity),
        "level": decision.next_level or 0,
        "previous_reminders": _reminders(_past(decision)),
    }


def _past(decision: Decision) -> tuple[tuple[int, date], ...]:
    """Its reminders; of an item that was followed elsewhere only the last one is known."""
    history = decision.history
    if history.previous or history.last_reminded is None:
        return history.previous
    return ((history.last_level, history.last_reminded),)


def _reminders(reminders: tuple[tuple[int, date], ...]) -> list[Values]:
    return [{"level": level, "date": day} for level, day in reminders]


def _credit(credit: Credit) -> Values:
    return {
        "reference": credit.piece.strip() or credit.label.strip(),
        "label": credit.label,
        "kind": credit.kind,
        "date": credit.date,
        "amount": as_decimal(credit.amount),
    }
