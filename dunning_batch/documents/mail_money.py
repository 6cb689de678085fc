"""The money of an e-mail as plain cells and lines, which its two forms show each in its way (rules F6, F7, G6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.typeset import french
from dunning_batch.documents.values import iban_text, reference_of
from dunning_batch.language import Language

_MINUS = "−"


@dataclass(frozen=True, slots=True)
class MailMoney:
    """What stands in the place of the table; every text is somebody's words, not yet escaped."""

    heads: tuple[str, ...]  # of the table; all but the first column are figures or days
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]  # the same items in words, for a reader without tables
    sums: tuple[tuple[str, str], ...]  # the last one is what is to be paid
    credits: tuple[str, ...]  # rule F7 `show`: the sentence before them, then each, then the sentence after
    payment: tuple[tuple[str, str], ...]


def mail_money(reminder: Reminder, sender: Sender, language: Language) -> MailMoney:
    """The table, its sums, credits that are only shown, and how to pay."""
    heads = ("Document no.", "Dated", "Due on", "Days late", "Amount (€)", "Balance (€)")
    return MailMoney(
        tuple(language.text(head) for head in heads),
        tuple(_rows(reminder, language)),
        tuple(_in_words(reminder, language)),
        tuple((_set(label, language), amount) for label, amount in _sums(reminder, language)),
        tuple(_credits(reminder, language)),
        tuple((_set(label, language), value) for label, value in _payment(reminder, sender, language)),
    )


def _set(text: str, language: Language) -> str:
    return french(text) if language.code == "fr" else text


def _rows(reminder: Reminder, language: Language) -> Iterator[tuple[str, ...]]:
    for line in reminder.items:
        decision, item = line.decision, line.decision.item
        yield (
            reference_of(decision),
            language.date(item.issued),
            language.date(item.due),
            str(decision.days_overdue),
            language.money(item.amount),
            language.money(decision.asked),
        )


def _in_words(reminder: Reminder, language: Language) -> Iterator[str]:
    for line in reminder.items:
        decision, item = line.decision, line.decision.item
        yield _set(
            language.text(
                "{reference}, dated {issued:date}, due on {due:date}, {days} days late: {asked:money}",
                reference=reference_of(decision),
                issued=item.issued,
                due=item.due,
                days=decision.days_overdue,
                asked=decision.asked,
            ),
            language,
        )


def _sums(reminder: Reminder, language: Language) -> Iterator[tuple[str, str]]:
    """Principal, credits, penalties and indemnity apart, then what is to be paid."""
    parts = [(language.text("Outstanding on these documents"), reminder.open)]
    if reminder.credits:
        parts.append((language.text("Payments and credit notes deducted"), -reminder.credits))
    if reminder.penalties and reminder.customer.type == "professional":
        parts.append((language.text("Late-payment penalties up to {day:date}", day=reminder.as_of), reminder.penalties))
    elif reminder.penalties:
        parts.append((language.text("Late-payment interest up to {day:date}", day=reminder.as_of), reminder.penalties))
    if reminder.indemnity:
        parts.append((language.text("Fixed recovery costs"), reminder.indemnity))
    for label, cents in parts if len(parts) > 1 else ():
        yield label, (_MINUS if cents < 0 else "") + language.euros(abs(cents))
    yield language.text("To be paid before {day:long_date}", day=reminder.deadline), language.euros(reminder.total)


def _credits(reminder: Reminder, language: Language) -> Iterator[str]:
    if not reminder.shown_credits:
        return
    before = "Your account also shows these payments and credit notes, which are not deducted above:"
    yield _set(language.text(before), language)
    for credit in reminder.shown_credits:
        name = credit.piece.strip() or credit.label.strip()
        yield f"{language.date(credit.date)} {name} {language.euros(credit.amount)}"
    yield _set(language.text("Please tell us which documents they settle."), language)


def _payment(reminder: Reminder, sender: Sender, language: Language) -> Iterator[tuple[str, str]]:
    yield language.text("Account holder"), sender.name
    if sender.iban:
        yield language.text("IBAN"), iban_text(sender.iban)
    if sender.bic:
        yield language.text("BIC"), sender.bic
    yield language.text("Reference to quote"), reminder.customer.code
