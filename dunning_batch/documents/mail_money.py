"""The money of an e-mail as plain cells and lines, which its two forms show each in its way (rules F6, F7, G6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dunning_batch.core.policy import Decision
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
    amounts = _amounts(reminder)
    heads = ("Document no.", "Dated", "Due on", "Days late", *(head for head, _ in amounts))
    return MailMoney(
        tuple(language.text(head) for head in heads),
        tuple(_rows(reminder, amounts, language)),
        tuple(_in_words(reminder, language)),
        tuple((_set(label, language), amount) for label, amount in _sums(reminder, language)),
        tuple(_credits(reminder, language)),
        tuple((_set(label, language), value) for label, value in _payment(reminder, sender, language)),
    )


def _set(text: str, language: Language) -> str:
    return french(text) if language.code == "fr" else text


def _amounts(reminder: Reminder) -> list[tuple[str, tuple[int, ...]]]:
    """The columns of money, as the letter has them: what was paid and deducted only where something was."""
    decisions = [line.decision for line in reminder.items]
    paid = tuple(one.item.amount - one.item.open for one in decisions)
    covered = tuple(one.covered for one in decisions)
    return [
        ("Amount (€)", tuple(one.item.amount for one in decisions)),
        *([("Paid (€)", paid)] if any(paid) else []),
        *([("Deducted (€)", covered)] if any(covered) else []),
        ("Balance (€)", tuple(one.asked for one in decisions)),
    ]


def _rows(
    reminder: Reminder, amounts: Sequence[tuple[str, tuple[int, ...]]], language: Language
) -> Iterator[tuple[str, ...]]:
    for place, line in enumerate(reminder.items):
        decision, item = line.decision, line.decision.item
        yield (
            reference_of(decision),
            language.date(item.issued),
            language.date(item.due),
            str(decision.days_overdue),
            *(language.money(cents[place]) for _, cents in amounts),
        )


def _in_words(reminder: Reminder, language: Language) -> Iterator[str]:
    for line in reminder.items:
        yield _set(_said(line.decision, language), language)


def _said(decision: Decision, language: Language) -> str:
    item, less = decision.item, decision.item.amount - decision.asked
    text = language.text(
        "{reference}, dated {issued:date}, due on {due:date}, {days} days late: {asked:money}",
        reference=reference_of(decision),
        issued=item.issued,
        due=item.due,
        days=decision.days_overdue,
        asked=item.amount if less > 0 else decision.asked,
    )
    if less > 0:
        text += language.text(", less {less:money} paid or deducted: {asked:money}", less=less, asked=decision.asked)
    return text


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
