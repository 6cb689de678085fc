"""The money of a letter: table of invoices, credits, sums, how to pay, interest worked out (rules F6, F7, G1, G6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dunning_batch.core.reminders import Reminder, ReminderItem
from dunning_batch.documents.flow import Block
from dunning_batch.documents.fonts import width_of
from dunning_batch.documents.grid import SUM, Column, grid_row, head_row
from dunning_batch.documents.pages import ACCENT, BLACK, GREY, MM, TINT, Panel, Row, Text
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.typeset import shortened
from dunning_batch.documents.values import iban_text, reference_of

LEFT, RIGHT = 20 * MM, 190 * MM
_SUMS_LEFT = 92 * MM
_DATE, _DAYS, _AMOUNT = 20 * MM, 15 * MM, 24 * MM
_LINE = 14.0


@dataclass(frozen=True, slots=True)
class _Cells:
    """One column: its title, width, the cell of each row and that of the sum."""

    column: Column
    cells: tuple[str, ...]
    total: str


def money_blocks(reminder: Reminder, sender: Sender, pen: Pen) -> list[Block]:
    """Everything about money that stands in the place of the table."""
    blocks = [_invoices(reminder, pen), _sums(reminder, pen)]
    if reminder.shown_credits:
        blocks.append(_shown_credits(reminder, pen))
    return [*blocks, _payment(reminder, sender, pen)]


def interest_blocks(reminder: Reminder, pen: Pen) -> list[Block]:
    """How the interest was worked out, a line per stretch of days at one rate and amount; nothing where none is due."""
    if not reminder.penalties:
        return []
    columns = (
        Column(pen.say("Document"), 170 * MM - 2 * _DATE - _DAYS - 3 * _AMOUNT),
        Column(pen.say("From"), _DATE),
        Column(pen.say("To"), _DATE),
        Column(pen.say("Days"), _DAYS, right=True),
        Column(pen.say("Amount owed"), _AMOUNT, right=True),
        Column(pen.say("Yearly rate"), _AMOUNT, right=True),
        Column(pen.say("Interest"), _AMOUNT, right=True),
    )
    rows = [grid_row(cells, columns, LEFT) for line in reminder.items for cells in _segments(line, pen)]
    total = grid_row([pen.say("Total"), "", "", "", "", "", pen.language.money(reminder.penalties)], columns, LEFT, SUM)
    title = pen.say("Late-payment interest worked out up to {day:date}, in euros", day=reminder.as_of)
    return [
        Block([Row(_LINE, (Text(LEFT, 10, title, "bold", 9, ACCENT),))], before=18, keep=True),
        Block([*_kept(rows), total], before=2, head=head_row(columns, LEFT)),
    ]


def _segments(line: ReminderItem, pen: Pen) -> Iterator[list[str]]:
    for segment in line.segments:
        rate = f"{segment.rate.normalize():f}".replace(".", "," if pen.language.code == "fr" else ".")
        yield [
            pen.show(reference_of(line.decision)),
            pen.language.date(segment.first),
            pen.language.date(segment.last),
            str(segment.days),
            pen.language.money(segment.base),
            pen.say("{rate} %", rate=rate),
            pen.language.money(segment.interest),
        ]


def _invoices(reminder: Reminder, pen: Pen) -> Block:
    """One row an item: what it is, how late, what was booked, what was paid or credited, what is asked."""
    parts = _columns(reminder, pen)
    columns = [part.column for part in parts]
    rows = [grid_row(cells, columns, LEFT) for cells in zip(*(part.cells for part in parts), strict=True)]
    total = grid_row([part.total for part in parts], columns, LEFT, SUM)
    return Block([*_kept(rows), total], before=8, head=head_row(columns, LEFT), keep=True)


def _columns(reminder: Reminder, pen: Pen) -> list[_Cells]:
    decisions = [line.decision for line in reminder.items]
    items = [decision.item for decision in decisions]
    date, money = pen.language.date, pen.language.money
    fixed = [
        _Cells(Column(pen.say("Dated"), _DATE), tuple(date(item.issued) for item in items), ""),
        _Cells(Column(pen.say("Due on"), _DATE), tuple(date(item.due) for item in items), ""),
        _Cells(Column(pen.say("Days late"), _DAYS, right=True), tuple(str(one.days_overdue) for one in decisions), ""),
    ]
    amounts = [
        (pen.say("Amount (€)"), [item.amount for item in items], True),
        (pen.say("Paid (€)"), [item.amount - item.open for item in items], False),
        (pen.say("Credits deducted (€)"), [decision.covered for decision in decisions], False),
        (pen.say("Balance (€)"), [decision.asked for decision in decisions], True),
    ]
    shown = [
        _Cells(Column(title, _AMOUNT, right=True), tuple(money(cents) if cents or always else "" for cents in values),
               money(sum(values)))
        for title, values, always in amounts
        if always or any(values)
    ]  # fmt: skip
    width = RIGHT - LEFT - sum(part.column.width for part in (*fixed, *shown))
    references = tuple(pen.show(reference_of(decision)) for decision in decisions)
    return [_Cells(Column(pen.say("Document"), width), references, pen.say("Total")), *fixed, *shown]


def _sums(reminder: Reminder, pen: Pen) -> Block:
    """Principal, credits, penalties and indemnity apart, then what is to be paid."""
    parts = [(pen.say("Outstanding on these invoices"), reminder.open)]
    if reminder.credits:
        parts.append((pen.say("Payments and credit notes deducted"), -reminder.credits))
    if reminder.penalties:
        parts.append((pen.say("Late-payment interest up to {day:date}", day=reminder.as_of), reminder.penalties))
    if reminder.indemnity:
        parts.append((_indemnity_label(reminder, pen), reminder.indemnity))
    lines = parts if len(parts) > 1 else []
    rows = [_sum_line(label, pen.language.euros(cents).replace("-", "−"), keep=True) for label, cents in lines]
    label = pen.say("To be paid before {day:long_date}", day=reminder.deadline)
    return Block([*rows, _total(label, pen.language.euros(reminder.total))], before=6, keep=True)


def _indemnity_label(reminder: Reminder, pen: Pen) -> str:
    each = {line.indemnity for line in reminder.items if line.indemnity}
    count = sum(1 for line in reminder.items if line.indemnity)
    if count > 1 and len(each) == 1:
        return pen.say("Fixed recovery costs ({count} × {amount:money})", count=count, amount=each.pop())
    return pen.say("Fixed recovery costs")


def _sum_line(label: str, amount: str, *, keep: bool) -> Row:
    wide = width_of(amount, "regular", 9.5)
    texts = (Text(_SUMS_LEFT + 6, 10, label, size=9.5), Text(RIGHT - 4 - wide, 10, amount, size=9.5))
    return Row(_LINE, texts, keep=keep)


def _total(label: str, amount: str) -> Row:
    wide = width_of(amount, "bold", 11)
    texts = (
        Text(_SUMS_LEFT + 6, 15.5, label, "bold", 10, ACCENT),
        Text(RIGHT - 4 - wide, 15.5, amount, "bold", 11, ACCENT),
    )
    return Row(24, texts, panels=(Panel(_SUMS_LEFT, 2, RIGHT - _SUMS_LEFT, 20, TINT),))


def _shown_credits(reminder: Reminder, pen: Pen) -> Block:
    """Rule F7, `show`: listed, not deducted."""
    title = pen.say("Your account also shows these payments and credit notes, which are not deducted above:")
    rows = [Row(_LINE, (Text(LEFT, 10, title, size=9),), keep=True)]
    for credit in reminder.shown_credits:
        name = pen.show(credit.piece.strip() or credit.label.strip())
        amount = pen.language.euros(credit.amount)
        texts = (
            Text(LEFT + 8, 10, pen.language.date(credit.date), size=9),
            Text(LEFT + 8 + _DATE, 10, shortened(name, "regular", 9, 80 * MM), size=9),
            Text(RIGHT - 4 - width_of(amount, "regular", 9), 10, amount, size=9),
        )
        rows.append(Row(_LINE, texts))
    rows.append(Row(_LINE, (Text(LEFT, 10, pen.say("Please tell us which invoices they pay."), size=9),)))
    return Block(rows, before=6)


def _payment(reminder: Reminder, sender: Sender, pen: Pen) -> Block:
    """How to pay: the account as the bank holds it, and what to write on the transfer."""
    lines = [(pen.say("Account holder"), pen.show(sender.name))]
    if sender.iban:
        lines.append((pen.say("IBAN"), iban_text(sender.iban)))
    if sender.bic:
        lines.append((pen.say("BIC"), pen.show(sender.bic)))
    lines.append((pen.say("Reference to quote"), pen.show(reminder.customer.code)))
    title = pen.say("Payment by bank transfer") if sender.iban else pen.say("Payment")
    return Block([_payment_panel(title, lines)], before=8)


def _payment_panel(title: str, lines: Sequence[tuple[str, str]]) -> Row:
    pitch = 12.5
    height = 10 + pitch * (len(lines) + 1)
    texts = [Text(LEFT + 8, 15, title, "bold", 9, ACCENT)]
    for number, (label, value) in enumerate(lines, 1):
        y = 15 + number * pitch
        texts.append(Text(LEFT + 8, y, label, size=8.5, ink=GREY))
        texts.append(Text(LEFT + 38 * MM, y, shortened(value, "regular", 9.5, 125 * MM), size=9.5, ink=BLACK))
    bar = Panel(LEFT, 0, 2, height, ACCENT)
    return Row(height, tuple(texts), panels=(Panel(LEFT, 0, RIGHT - LEFT, height, TINT), bar))


def _kept(rows: list[Row]) -> list[Row]:
    """The last row of a table stays with its sum."""
    last = rows[-1]
    return [*rows[:-1], Row(last.height, last.texts, last.rules, last.panels, keep=True)]
