"""What stands around the text: the sender, the folding marks, the head of further pages, the legal mentions.

A registered company names itself, its form and capital, seat, SIREN and register on every letter (R123-237, R123-238).
"""

from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.fonts import width_of
from dunning_batch.documents.logo import Logo
from dunning_batch.documents.markdown import Paragraph, blocks_of
from dunning_batch.documents.pages import ACCENT, GREY, HAIRLINE, LEFT, MM, RIGHT, WIDTH, Picture, Row, Rule, Text
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.typeset import Line, Span, break_lines, shortened
from dunning_batch.documents.values import siren_text

_SENDER_TOP, _LOGO_TOP = 15 * MM, 8 * MM
_SENDER_WIDTH = 85 * MM
_MAX_SENDER_LINES = 8  # above the window of an envelope that has it on the left
_FOLDS = (99 * MM, 198 * MM)  # of a sheet folded in three
_FOOTER_TOP, _FOOTER_PITCH, _FOOTER_LINES = 277 * MM, 8.6, 3
_SMALL = 7.0


def marks_row() -> Row:
    """Two short lines at the left edge where the sheet is folded."""
    return Row(0, rules=tuple(Rule(4 * MM, fold, 8 * MM, fold, 0.4, GREY) for fold in _FOLDS))


def sender_row(sender: Sender, header: str, logo: Logo | None, pen: Pen) -> Row:
    """The logo, then the sender's block or the header that the dossier gives."""
    parts = _header(header, pen) if header.strip() else _sender(sender, pen)
    pictures = (Picture(LEFT, _LOGO_TOP, logo.width, logo.height, logo.artwork),) if logo else ()
    texts: list[Text] = []
    y = _LOGO_TOP + logo.height + 1 * MM if logo else _SENDER_TOP
    for text in parts[: _MAX_SENDER_LINES - 2 if logo else _MAX_SENDER_LINES]:
        y += text.size * 1.32
        texts.append(text._replace(y=y))
    return Row(0, tuple(texts), pictures=pictures)


def page_number_row(bottom: float, number: int, count: int, pen: Pen) -> Row:
    """The number of the page alone, above the foot of a letterhead; `bottom`: where the text ends."""
    text = pen.say("Page {number}/{count}", number=number, count=count)
    return Row(0, (Text(RIGHT - width_of(text, "regular", _SMALL), bottom + 9, text, size=_SMALL, ink=GREY),))


def top_row(reminder: Reminder, sender: Sender, pen: Pen) -> Row:
    """The head of the second and further pages: whose letter it is, to whom, of when."""
    parts = (sender.name, reminder.name, reminder.customer.code, pen.language.long_date(reminder.as_of))
    text = shortened("  ·  ".join(pen.show(part) for part in parts if part), "regular", 8, RIGHT - LEFT)
    rule = Rule(LEFT, 17.5 * MM, RIGHT, 17.5 * MM, 0.5, HAIRLINE)
    return Row(0, (Text(LEFT, 15.5 * MM, text, size=8, ink=GREY),), (rule,))


def footer_row(sender: Sender, footer: str, number: int, count: int, pen: Pen) -> Row:
    """The legal mentions, or the footer that the dossier gives, and the number of the page."""
    page = pen.say("Page {number}/{count}", number=number, count=count)
    lines = _footer(footer, pen) if footer.strip() else _mentions(sender, pen)
    texts = [Text(RIGHT - width_of(page, "regular", _SMALL), _FOOTER_TOP + 9, page, size=_SMALL, ink=GREY)]
    for rank, line in enumerate(lines[:_FOOTER_LINES]):
        left, y = (WIDTH - line.width) / 2, _FOOTER_TOP + 9 + rank * _FOOTER_PITCH
        texts += [Text(left + run.x, y, run.text, run.face, _SMALL, GREY) for run in line.runs]
    return Row(0, tuple(texts), (Rule(LEFT, _FOOTER_TOP, RIGHT, _FOOTER_TOP, 0.5, HAIRLINE),))


def _sender(sender: Sender, pen: Pen) -> list[Text]:
    """Name, form, address, then how to reach the company."""
    form = [sender.legal_form] if sender.legal_form else []
    contact = [
        pen.say("Tel. {number}", number=sender.phone) if sender.phone else "",
        "  ·  ".join(pen.show(text) for text in (sender.email, sender.website) if text),
    ]
    names = break_lines([Span(pen.show(sender.name), "bold")], _SENDER_WIDTH, 13)
    plain = [pen.show(text) for text in (*form, *sender.address)]
    return [
        *(Text(LEFT, 0, "".join(run.text for run in line.runs), "bold", 13, ACCENT) for line in names),
        *(Text(LEFT, 0, shortened(text, "regular", 9, _SENDER_WIDTH), size=9) for text in plain),
        *(Text(LEFT, 0, shortened(text, "regular", 8, _SENDER_WIDTH), size=8, ink=GREY) for text in contact if text),
    ]


def _header(header: str, pen: Pen) -> list[Text]:
    """A dossier's own header: a heading is large, bold is bold."""
    texts: list[Text] = []
    for block in blocks_of(header):
        if isinstance(block, Paragraph):
            size = 13.0 if block.heading else 9.0
            spans = [span._replace(face="bold") for span in block.spans] if block.heading else block.spans
            for line in break_lines(pen.spans(tuple(spans)), _SENDER_WIDTH, size):
                text = "".join(run.text for run in line.runs)
                face = line.runs[0].face if line.runs else "regular"
                texts.append(Text(LEFT, 0, text, face, size, ACCENT if block.heading else GREY))
    return texts


def _mentions(sender: Sender, pen: Pen) -> list[Line]:
    """The company as the law wants it named."""
    digits = sender.siren
    in_register = digits and digits in sender.rcs.replace(" ", "")
    first = [sender.name, sender.legal_form, ", ".join(sender.address)]
    second = [
        pen.say("SIREN {number}", number=siren_text(digits)) if digits and not in_register else "",
        sender.rcs,
        pen.say("VAT {number}", number=sender.vat) if sender.vat else "",
    ]
    lines = ["  –  ".join(pen.show(text) for text in part if text) for part in (first, second)]
    width = RIGHT - LEFT - 40 * MM
    return [line for text in lines if text for line in break_lines([Span(text)], width, _SMALL)]


def _footer(footer: str, pen: Pen) -> list[Line]:
    blocks = [block for block in blocks_of(footer) if isinstance(block, Paragraph)]
    width = RIGHT - LEFT - 40 * MM
    return [line for block in blocks for line in break_lines(pen.spans(block.spans), width, _SMALL)]
