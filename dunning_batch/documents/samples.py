"""Invented reminders on which templates are tried: every kind of customer, with and without all that may be missing."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from dunning_batch.core.customers import Customer, CustomerType
from dunning_batch.core.openitems import Credit, OpenItem
from dunning_batch.core.penalties import Segment
from dunning_batch.core.policy import Decision, History, Level
from dunning_batch.core.reminders import Reminder, ReminderItem
from dunning_batch.errors import Source
from dunning_batch.language import LANGUAGES, LanguageCode

_TYPES: tuple[CustomerType, ...] = ("professional", "consumer", "public", "unknown")
_TODAY = date(2026, 11, 24)
_DAY = timedelta(1)


def sample_reminders(levels: Iterable[Level]) -> tuple[Reminder, ...]:
    """For every level, language and kind of customer one reminder with everything and one with the least."""
    cases = product(tuple(levels), LANGUAGES, _TYPES, (True, False))
    return tuple(sample_reminder(level, language, type_, full) for level, language, type_, full in cases)


def sample_reminder(level: Level, language: LanguageCode, type_: CustomerType, full: bool) -> Reminder:
    """One invented reminder.

    Args:
        level: What it is sent at.
        language: The customer's.
        type_: The customer's; money is added for professionals and public buyers.
        full: With several items, credits, earlier reminders and, where the level shows them, penalties.
    """
    charged = full and level.show_penalties and type_ in ("professional", "public")
    previous = tuple((rank, _TODAY - 15 * (level.number - rank) * _DAY) for rank in range(1, level.number))
    items = tuple(
        _item(rank, level, charged, type_ == "public", previous if full else ()) for rank in range(3 if full else 1)
    )
    principal = sum(line.decision.item.open for line in items)
    covered = sum(line.decision.covered for line in items)
    penalties = sum(segment.interest for line in items for segment in line.segments)
    indemnity = sum(line.indemnity for line in items)
    return Reminder(
        id=f"sample-{level.number}-{language}-{type_}-{full}",
        customer=_customer(language, type_, full),
        name="Dupont & Fils SARL",
        language=language,
        level=level,
        items=items,
        shown_credits=(_credit(),) if full else (),
        open=principal,
        credits=covered,
        penalties=penalties,
        indemnity=indemnity,
        total=principal - covered + penalties + indemnity,
        as_of=_TODAY,
        deadline=_TODAY + timedelta(level.payment_deadline_days),
        channel="zip",
        previous_reminders=previous if full else (),
        rate={"professional": "ecb+10", "public": "ecb+8"}.get(type_, "none"),
    )


def _customer(language: LanguageCode, type_: CustomerType, full: bool) -> Customer:
    if not full:
        return Customer("DUPONT", "Dupont & Fils SARL", language=language, type=type_)
    return Customer(
        "DUPONT",
        "Dupont & Fils SARL",
        ("Bâtiment B", "3 rue du Marché"),
        "75011",
        "Paris",
        "",
        language=language,
        type=type_,
    )


def _item(rank: int, level: Level, charged: bool, public: bool, previous: tuple[tuple[int, date], ...]) -> ReminderItem:
    due = _TODAY - (60 + 20 * rank) * _DAY
    paid, covered = (20000, 5000) if rank == 1 else (0, 0)
    amount = 120000 + 34550 * rank
    item = OpenItem(
        customer="DUPONT",
        account="411000",
        piece=f"F2026-{118 - rank:04}",
        label="Facture",
        kind="invoice",
        issued=due - 30 * _DAY,
        due=due,
        due_source="default_terms",
        amount=amount,
        open=amount - paid,
        payments=((due + 10 * _DAY, paid),) if paid else (),
        order=rank,
        source=Source(),
    )
    last = previous[-1] if previous else (0, None)
    history = History(f"K{rank}", last[0], last[1], previous=previous)
    asked = item.open - covered
    decision = Decision(item, history, covered, asked, (_TODAY - due).days, level.number, _TODAY, "remind")
    segments = (_segment(due, asked, 1040 if public else 1240),) if charged else ()
    return ReminderItem(decision, segments, 4000 if charged else 0)


def _segment(due: date, asked: int, rate: int) -> Segment:
    """Interest at a rate in hundredths of a percent."""
    days = (_TODAY - due).days
    return Segment(due + _DAY, _TODAY, days, asked, Decimal(rate) / 100, round(asked * rate * days / 36500 / 100))


def _credit() -> Credit:
    return Credit("DUPONT", "", "Virement", "payment", _TODAY - 5 * _DAY, 5000, 9, Source())
