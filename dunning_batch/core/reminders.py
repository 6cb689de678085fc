"""A reminder: everything that a template may print, nothing that it must work out (rules F9, G2, G3, G5, G6)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dunning_batch.core.customers import Customer, customer_of
from dunning_batch.core.openitems import Credit, CustomerBalance
from dunning_batch.core.penalties import (
    Interest,
    MissingRate,
    PenaltyTerms,
    Rates,
    Segment,
    formula_for,
    indemnity_is_due,
    interest_of,
)
from dunning_batch.core.policy import Channel, Decision, Dunning, Level, Plan, oldest_due_first
from dunning_batch.errors import ConfigurationError, Message, Problem, Source, msg

Result = Literal["delivered", "refused", "failed", "uncertain", "skipped"]
NOT_SENT_YET = msg("not sent yet")  # why a message has not been delivered while it waits


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """One line of the letter's table."""

    decision: Decision
    segments: tuple[Segment, ...]  # late interest, empty where none is shown
    indemnity: int  # cents; once per piece: 0 on further instalments


@dataclass(frozen=True, slots=True)
class Reminder:
    """One letter to one customer. Cents; total = open - credits + penalties + indemnity."""

    id: str  # digest of dossier, customer and, per item, key, level and last reminder
    customer: Customer
    name: str  # the customers file's, else the ledger's
    language: str
    level: Level
    items: tuple[ReminderItem, ...]
    shown_credits: tuple[Credit, ...]  # rule F7 `show`: listed, not deducted
    open: int
    credits: int
    penalties: int
    indemnity: int
    total: int
    as_of: date
    deadline: date  # as_of + payment_deadline_days
    channel: Channel
    previous_reminders: tuple[tuple[int, date], ...]  # (level, date) over its items, oldest first, each once
    rate: str = ""  # what the interest follows, as `formula_of` reads it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reminder."""

    reminder: str  # its id
    result: Result
    document: str = ""  # path relative to the run's folder
    recipient: str = ""  # e-mail addresses, or the postal recipient's name
    reference: str = ""  # Message-ID or registered number
    error: Message | None = None


@dataclass(frozen=True, slots=True)
class _Charges:
    """What may be added to the principal of a plan's letters."""

    plan: Plan
    terms: PenaltyTerms
    rates: Rates
    bearers: frozenset[str]  # keys of the items that bear their piece's indemnity


def compose(
    plan: Plan,
    balances: Iterable[CustomerBalance],
    customers: Mapping[str, Customer],
    language: str,
    terms: PenaltyTerms,
    rates: Rates,
    dossier: str,
) -> tuple[Reminder, ...]:
    """One reminder for each letter of the plan, in its order.

    Args:
        plan: Its decisions also say what is open of a piece beside what one letter lists.
        balances: They hold the ledger's names.
        customers: The customers file by code.
        language: The dossier's, for customers without one of their own.
        terms: Formulas and indemnity.
        rates: A half-year that is needed and missing stops the run (rule G2).
        dossier: What tells this dossier from another, for the ids.

    Raises:
        ConfigurationError: With every missing half-year and the key that adds it.
    """
    names = {balance.code: balance.name for balance in balances}
    charges = _Charges(plan, terms, rates, indemnity_bearers(plan.decisions))
    reminders: list[Reminder] = []
    missing: set[MissingRate] = set()
    for dunning in plan.dunnings:
        customer = customer_of(dunning.customer, customers, names[dunning.customer])
        interests = [_interest(decision, customer, dunning.level, charges) for decision in dunning.decisions]
        missing.update(rate for interest in interests for rate in interest.missing)
        items = tuple(
            ReminderItem(decision, interest.segments, _indemnity(decision, customer, dunning.level, charges))
            for decision, interest in zip(dunning.decisions, interests, strict=True)
        )
        letter = _reminder(dunning, items, customer, customer.language or language, plan, dossier)
        reminders.append(replace(letter, rate=formula_for(customer.type, terms)))
    if missing:
        raise ConfigurationError(*map(_missing_rate, sorted(missing)))
    return tuple(reminders)


def indemnity_bearers(decisions: Iterable[Decision]) -> frozenset[str]:
    """Keys of the items that bear the indemnity of their piece: its first overdue instalment of which money is asked.

    The law gives one indemnity for an invoice, however many instalments of it are late (rule G3): the others bear none,
    even on a letter of their own. Once the first is paid, the next late one bears it.
    """
    bearers: dict[object, Decision] = {}
    for decision in decisions:
        item = decision.item
        if decision.days_overdue < 1 or decision.asked == 0:
            continue
        # No piece is never the same piece.
        piece = (item.customer, item.piece.strip()) if item.piece.strip() else decision.history.key
        known = bearers.get(piece)
        if known is None or oldest_due_first(item) < oldest_due_first(known.item):
            bearers[piece] = decision
    return frozenset(decision.history.key for decision in bearers.values())


def formal_notice_lacks(
    reminder: Reminder, creditor: str, creditor_address: Sequence[str], means_of_payment: str
) -> tuple[Message, ...]:
    """What a formal notice must say and this one cannot (rule G5); the words of its text are checked elsewhere."""
    customer = reminder.customer
    lacks = [
        (creditor.strip(), msg("the creditor's name")),
        (any(line.strip() for line in creditor_address), msg("the creditor's address")),
        (reminder.name.strip(), msg("the customer's name")),
        (customer.has_postal_address, msg("the customer's address")),
        (reminder.items, msg("the invoices")),
        (means_of_payment.strip(), msg("the means of payment (an IBAN)")),
        (reminder.deadline > reminder.as_of, msg("a deadline after the day of the letter")),
    ]
    unnumbered = (line.decision.item for line in reminder.items if not line.decision.item.piece.strip())
    numbers = [
        msg("the number of the invoice of {issued:date} over {amount:money}", issued=item.issued, amount=item.amount)
        for item in unnumbered
    ]
    return (*(message for present, message in lacks if not present), *numbers)


def _interest(decision: Decision, customer: Customer, level: Level, charges: _Charges) -> Interest:
    if not level.show_penalties:
        return Interest()
    notice = _formal_notice(decision, charges.plan.formal_levels)
    return interest_of(
        decision.item,
        decision.coverings,
        customer.type,
        notice,
        charges.plan.as_of,
        charges.terms,
        charges.rates,
    )


def _formal_notice(decision: Decision, formal_levels: frozenset[int]) -> date | None:
    """The day of the item's first formal notice before this letter."""
    return min((day for level, day in _reminders_of(decision) if level in formal_levels), default=None)


def _reminders_of(decision: Decision) -> tuple[tuple[int, date], ...]:
    """Its reminders so far; of an item followed elsewhere before, only the last one is known."""
    history = decision.history
    if history.previous or not history.last_level or history.last_reminded is None:
        return history.previous
    return ((history.last_level, history.last_reminded),)


def _indemnity(decision: Decision, customer: Customer, level: Level, charges: _Charges) -> int:
    bears = decision.history.key in charges.bearers and indemnity_is_due(customer.type, decision.item)
    return charges.terms.fixed_indemnity if level.show_penalties and bears else 0


def _missing_rate(missing: MissingRate) -> Problem:
    names = {"ecb": msg("ECB main refinancing rate"), "legal": msg("legal interest rate of businesses")}
    text = msg(
        "The {rate} of {half_year} is not known: add {half_year} to [penalties] {key}, in percent between quotes.",
        rate=names[missing.index],
        half_year=missing.half_year,
        key=missing.index,
    )
    return Problem("missing_rate", text, "error", Source(key=f"[penalties] {missing.index}"))


def _reminder(
    dunning: Dunning, items: tuple[ReminderItem, ...], customer: Customer, language: str, plan: Plan, dossier: str
) -> Reminder:
    principal = sum(decision.item.open for decision in dunning.decisions)
    covered = sum(decision.covered for decision in dunning.decisions)
    penalties = sum(segment.interest for item in items for segment in item.segments)
    indemnity = sum(item.indemnity for item in items)
    return Reminder(
        id=reminder_id(dossier, dunning.customer, dunning.decisions),
        customer=customer,
        name=customer.name or customer.code,
        language=language,
        level=dunning.level,
        items=items,
        shown_credits=plan.shown_credits.get(dunning.customer, ()),
        open=principal,
        credits=covered,
        penalties=penalties,
        indemnity=indemnity,
        total=principal - covered + penalties + indemnity,
        as_of=plan.as_of,
        deadline=plan.as_of + timedelta(dunning.level.payment_deadline_days),
        channel=dunning.channel,
        previous_reminders=_previous(dunning.decisions),
    )


def reminder_id(dossier: str, customer: str, decisions: Iterable[Decision]) -> str:
    """A digest of dossier, customer and, per item, key, level and last reminder: the same letter has the same id.

    The last reminder tells a level that is repeated from the one before it (delivery model, 8).
    """
    items = sorted(
        (decision.history.key, decision.next_level, str(decision.history.last_reminded or "")) for decision in decisions
    )
    return hashlib.sha256(json.dumps([dossier, customer, items]).encode()).hexdigest()[:32]


def _previous(decisions: Iterable[Decision]) -> tuple[tuple[int, date], ...]:
    """Levels and days of the reminders so far, oldest first, each once."""
    found = {reminder for decision in decisions for reminder in _reminders_of(decision)}
    return tuple(sorted(found, key=lambda reminder: (reminder[1], reminder[0])))
