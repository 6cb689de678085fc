"""The money of a letter around its table: credits, sums, how to pay, interest worked out (rules F6, F7, G1, G6)."""

from collections.abc import Iterator, Sequence

from dunning_batch.core.penalties import formula_of
from dunning_batch.core.reminders import Reminder, ReminderItem
from dunning_batch.documents.flow import Block
from dunning_batch.documents.fonts import width_of
from dunning_batch.documents.grid import SUM, Column, grid_row, head_row
from dunning_batch.documents.invoice_table import DATE, DAYS, invoice_table, with_ends_kept
from dunning_batch.documents.pages import ACCENT, BLACK, GREY, LEFT, MM, RIGHT, TINT, Modules, Panel, Row, Text
from dunning_batch.documents.paymentqr import modules_of, transfer_of
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.typeset import Span, break_lines, paragraph, shortened
from dunning_batch.documents.values import iban_text, reference_of

_SUMS_LEFT = 92 * MM
_AMOUNT = 24 * MM
_LINE, _PITCH = 14.0, 13.0
_CODE, _CODE_MARGIN = 28 * MM, 5.0  # of the QR code, its white margin included


def money_blocks(reminder: Reminder, sender: Sender, pen: Pen, *, with_code: bool = False) -> list[Block]:
    """Everything about money that stands in the place of the table; `with_code`: a QR code where there can be one."""
    credits_ = [_shown_credits(reminder, pen)] if reminder.shown_credits else []
    transfer = transfer_of(reminder, sender) if with_code else ""
    payment = _payment_with_code(reminder, sender, transfer, pen) if transfer else _payment(reminder, sender, pen)
    asked = pen.say("To be paid before {day:long_date}", day=reminder.deadline)
    sums = sums_block(sum_parts(reminder, pen), asked, reminder.total, pen)
    return [invoice_table(reminder, pen), sums, *credits_, payment]


def interest_blocks(reminder: Reminder, pen: Pen) -> list[Block]:
    """How the interest was worked out, a line per stretch of days at one rate and amount; nothing where none is due."""
    if not reminder.penalties:
        return []
    columns = (
        Column(pen.say("Document no."), RIGHT - LEFT - 2 * DATE - DAYS - 3 * _AMOUNT),
        Column(pen.say("First day"), DATE),
        Column(pen.say("Last day"), DATE),
        Column(pen.say("Days"), DAYS, right=True),
        Column(pen.say("Amount owed (€)"), _AMOUNT, right=True),
        Column(pen.say("Yearly rate"), _AMOUNT, right=True),
        Column(pen.say("Interest (€)"), _AMOUNT, right=True),
    )
    rows = [grid_row(cells, columns) for line in reminder.items for cells in _segments(line, pen)]
    total = grid_row([pen.say("Total"), "", "", "", "", "", pen.language.money(reminder.penalties)], columns, SUM)
    title = pen.say("How it is worked out: {what}", what=_interest_label(reminder, pen))
    return [
        Block([Row(_LINE, (Text(LEFT, 10, title, "bold", 9, ACCENT),))], before=18, keep=True),
        Block([*with_ends_kept(rows), total], before=2, head=head_row(columns), keep=True),
        *_rate_notes(reminder, pen),
    ]


def _rate_notes(reminder: Reminder, pen: Pen) -> Iterator[Block]:
    """Where the rate comes from, and how it was applied: a judge can do the sum again."""
    working = pen.say(
        "Interest = amount owed × yearly rate × days ÷ 365, first and last day included, each line rounded to the cent."
    )
    for text in (_rate_source(reminder, pen), working):
        if text:
            yield Block(paragraph(break_lines([Span(text)], RIGHT - LEFT, 8), LEFT, 8, ink=GREY), before=3)


def _rate_source(reminder: Reminder, pen: Pen) -> str:
    formula, public = formula_of(reminder.rate) if reminder.rate else None, reminder.customer.type == "public"
    if formula is None:
        return ""
    points, factor = f"{formula.points.normalize():f}", f"{formula.factor.normalize():f}"
    if formula.index is None:
        return pen.say("Yearly rate: {rate} %, as agreed.", rate=points.replace(".", _comma(pen)))
    if formula.index == "ecb" and public:
        return pen.say(
            "Yearly rate: that of the European Central Bank's main refinancing operations on the first day of the "
            "half-year in which interest began to run, plus {points} points (French Public Procurement Code, articles "
            "L2192-13 and R2192-31).",
            points=points.replace(".", _comma(pen)),
        )
    if formula.index == "ecb":
        return pen.say(
            "Yearly rate: that of the European Central Bank's main refinancing operations on 1 January or 1 July of "
            "each half-year, plus {points} points (French Commercial Code, article L441-10 II).",
            points=points.replace(".", _comma(pen)),
        )
    if reminder.customer.type == "consumer":
        return pen.say(
            "Yearly rate: the legal interest rate of each half-year, from the formal notice on (French Civil Code, "
            "articles 1231-6 and 1344-1)."
        )
    return pen.say(
        "Yearly rate: the legal interest rate of each half-year, times {factor}.",
        factor=factor.replace(".", _comma(pen)),
    )


def _comma(pen: Pen) -> str:
    return "," if pen.language.code == "fr" else "."


def _segments(line: ReminderItem, pen: Pen) -> Iterator[list[str]]:
    for segment in line.segments:
        decimals = max(2, -int(segment.rate.normalize().as_tuple().exponent))
        rate = f"{segment.rate:.{decimals}f}".replace(".", _comma(pen))
        yield [
            pen.show(reference_of(line.decision)),
            pen.language.date(segment.first),
            pen.language.date(segment.last),
            str(segment.days),
            pen.language.money(segment.base),
            pen.say("{rate} %", rate=rate),
            pen.language.money(segment.interest),
        ]


def sum_parts(reminder: Reminder, pen: Pen) -> list[tuple[str, int]]:
    """Principal, penalties and indemnity apart: labels and cents (rule G6); the table says what was deducted (F6)."""
    parts = [(pen.say("Balance of these documents"), reminder.open - reminder.credits)]
    if reminder.penalties:
        parts.append((_interest_label(reminder, pen), reminder.penalties))
    if reminder.indemnity:
        parts.append((_indemnity_label(reminder, pen), reminder.indemnity))
    return parts


def sums_block(parts: Sequence[tuple[str, int]], label: str, total: int, pen: Pen) -> Block:
    """The parts of a sum one below the other, where there are several, and the sum."""
    lines = parts if len(parts) > 1 else []
    rows = [_sum_line(label, pen.language.euros(cents)) for label, cents in lines]
    return Block([*rows, _total(label, pen.language.euros(total))], before=6)


def _interest_label(reminder: Reminder, pen: Pen) -> str:
    """In the words of the law: penalties between professionals, interest otherwise."""
    if reminder.customer.type == "professional":
        return pen.say("Late-payment penalties up to {day:date}", day=reminder.as_of)
    return pen.say("Late-payment interest up to {day:date}", day=reminder.as_of)


def _indemnity_label(reminder: Reminder, pen: Pen) -> str:
    each = [line.indemnity for line in reminder.items if line.indemnity]
    if len(each) > 1 and len(set(each)) == 1:
        return pen.say("Fixed recovery costs ({count} × {amount:money})", count=len(each), amount=each[0])
    return pen.say("Fixed recovery costs")


def _sum_line(label: str, amount: str) -> Row:
    texts = (Text(_SUMS_LEFT + 6, 10, label, size=9.5), _right(amount, 10, size=9.5))
    return Row(_LINE, texts, keep=True)


def _total(label: str, amount: str) -> Row:
    texts = (
        Text(_SUMS_LEFT + 6, 15.5, label, "bold", 10, ACCENT),
        Text(RIGHT - 4 - width_of(amount, "bold", 11), 15.5, amount, "bold", 11, ACCENT),
    )
    return Row(24, texts, panels=(Panel(_SUMS_LEFT, 2, RIGHT - _SUMS_LEFT, 20, TINT),))


def _right(amount: str, y: float, size: float) -> Text:
    return Text(RIGHT - 4 - width_of(amount, "regular", size), y, amount, size=size)


def _shown_credits(reminder: Reminder, pen: Pen) -> Block:
    """Rule F7, `show`: listed, not deducted."""
    title = pen.say("Your account also shows these payments and credit notes, which are not deducted above:")
    rows = [Row(_LINE, (Text(LEFT, 10, title, size=9),), keep=True)]
    for credit in reminder.shown_credits:
        name = pen.show(credit.piece.strip() or credit.label.strip())
        texts = (
            Text(LEFT + 8, 10, pen.language.date(credit.date), size=9),
            Text(LEFT + 8 + DATE, 10, shortened(name, "regular", 9, 100 * MM), size=9),
            _right(pen.language.euros(credit.amount), 10, size=9),
        )
        rows.append(Row(_LINE, texts))
    rows.append(Row(_LINE, (Text(LEFT, 10, pen.say("Please tell us which documents they settle."), size=9),)))
    return Block(rows, before=6)


def _payment(reminder: Reminder, sender: Sender, pen: Pen) -> Block:
    """How to pay: the account as the bank holds it, and what to write on the transfer."""
    account, (reference, *bic) = _account(sender, pen), _quoted(reminder, sender, pen)
    title = pen.say("Payment by bank transfer") if sender.iban else pen.say("Payment")
    height = 22 + _PITCH * max(len(account), 1 + len(bic))
    texts = (
        *_pairs(account, LEFT + 9, 100 * MM),
        *_pairs([reference, *bic], LEFT + 106 * MM, RIGHT - LEFT - 109 * MM),
    )
    return Block([_payment_row(title, height, texts)], before=8)


def _payment_with_code(reminder: Reminder, sender: Sender, transfer: str, pen: Pen) -> Block:
    """The same one below the other, with the code on the right."""
    pairs = [*_account(sender, pen), *_quoted(reminder, sender, pen)]
    height = 2 * _CODE_MARGIN + _CODE
    hint = pen.say("This QR code fills in the transfer in banking apps that read European (EPC) codes.")
    width = RIGHT - LEFT - _CODE - 2 * _CODE_MARGIN - 12
    texts = (
        *_pairs(pairs, LEFT + 9, width),
        Text(LEFT + 9, height - 8, shortened(hint, "regular", 7, width), size=7, ink=GREY),
    )
    code = modules_of(transfer, RIGHT - _CODE - _CODE_MARGIN, _CODE_MARGIN, _CODE)
    return Block([_payment_row(pen.say("Payment by bank transfer"), height, texts, (code,))], before=8)


def _account(sender: Sender, pen: Pen) -> list[tuple[str, str]]:
    iban = [(pen.say("IBAN"), iban_text(sender.iban))] if sender.iban else []
    return [(pen.say("Account holder"), pen.show(sender.name)), *iban]


def _quoted(reminder: Reminder, sender: Sender, pen: Pen) -> list[tuple[str, str]]:
    bic = [(pen.say("BIC"), pen.show(sender.bic))] if sender.bic else []
    return [(pen.say("Reference to quote"), pen.show(reminder.customer.code)), *bic]


def _payment_row(title: str, height: float, texts: Sequence[Text], codes: tuple[Modules, ...] = ()) -> Row:
    panels = (Panel(LEFT, 0, RIGHT - LEFT, height, TINT), Panel(LEFT, 0, 2.5, height, ACCENT))
    return Row(height, (Text(LEFT + 9, 15, title, "bold", 9, ACCENT), *texts), panels=panels, codes=codes)


def _pairs(lines: Sequence[tuple[str, str]], x: float, width: float) -> Iterator[Text]:
    """Labels and values, one pair a line; a value that is too wide is set smaller, then cut."""
    indent = 8 + max(width_of(label, "regular", 8.5) for label, _ in lines)
    room = width - indent
    for number, (label, value) in enumerate(lines, 1):
        y, size = 16 + number * _PITCH, 9.5
        while size > 7 and width_of(value, "regular", size) > room:
            size -= 0.5
        yield Text(x, y, label, size=8.5, ink=GREY)
        yield Text(x + indent, y, shortened(value, "regular", size, room), size=size, ink=BLACK)
