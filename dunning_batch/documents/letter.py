"""One letter: its parts in their places on A4 (law.md section 6), laid out once and drawn as often as needed.

The recipient stands in the window of French envelopes, x 110 to 190 mm and y 55 to 80 mm, and nothing else does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dunning_batch.core.postal import postal_address, town_of
from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.copies import Copy
from dunning_batch.documents.flow import Block, Flow
from dunning_batch.documents.fonts import width_of
from dunning_batch.documents.letterhead import Letterhead
from dunning_batch.documents.markdown import Paragraph, blocks_of
from dunning_batch.documents.money_blocks import interest_blocks, money_blocks
from dunning_batch.documents.pages import ACCENT, GREY, LEFT, MM, RIGHT, About, Letter, Page, Row, Text
from dunning_batch.documents.papers import Papers
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.documents.stationery import footer_row, marks_row, page_number_row, sender_row, top_row
from dunning_batch.documents.templates import LetterText, text_of
from dunning_batch.documents.typeset import Span, break_lines, paragraph, shortened
from dunning_batch.errors import Problem, msg
from dunning_batch.language import language

_SIZE = 10.0
_FIRST, _FOLLOWING, _BOTTOM = 91 * MM, 24 * MM, 273 * MM
_FOLLOWING_UNDER_HEAD = 20 * MM
_WINDOW = {"right": 110 * MM, "left": 22 * MM}
_WINDOW_TOP, _WINDOW_WIDTH, _WINDOW_PITCH = 55 * MM, 80 * MM, 4.1 * MM
_INDENT = 14.0
_FEW_LINES, _CLOSER = 45 * MM, 0.55
_ROOM_TO_SIGN = 8 * MM
LOCALES = {"fr": "fr-FR", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Finished:
    """A letter, its words, and what a person should know of it."""

    letter: Letter
    text: LetterText
    problems: tuple[Problem, ...]


def compose_letter(reminder: Reminder, sender: Sender, look: Look, papers: Papers) -> Finished:
    """Lay out the letter of a reminder. Raises ConfigurationError where its template fails on these values."""
    text, stationery = text_of(papers.templates, reminder, sender), papers.stationery
    pen = Pen(language(text.language))
    address = postal_address(reminder.customer, reminder.name)
    copies, doubts = papers.copies.copies_of(reminder) if papers.copies else ((), ())
    body = [*_content(reminder, sender, look, text, pen), *_enclosures(copies, pen)]
    flow = _laid_out(body, interest_blocks(reminder, pen), stationery.letterhead)
    first = [
        (0.0, marks_row()),
        *([] if stationery.letterhead else [(0.0, sender_row(sender, text.header, stationery.logo, pen))]),
        (_WINDOW_TOP, _recipient(address.lines, _WINDOW[look.window], pen)),
    ]
    bare = [[*first, *flow.pages[0]], *flow.pages[1:]]
    pages = _under_heads(bare, reminder, sender, pen) if not stationery.letterhead else bare
    feet = _feet(len(bare), sender, text.footer, stationery.letterhead, pen)
    title = f"{pen.show(text.subject)} – {pen.show(reminder.name)}"
    about = About(title, pen.show(sender.name), LOCALES[text.language], reminder.as_of)
    behind = tuple(page for copy in copies for page in copy.pages)
    whole = tuple([*page, foot] for page, foot in zip(pages, feet, strict=True))
    letter = Letter(about, whole, stationery.under, behind)
    return Finished(letter, text, (*_problems(reminder, address.cut, pen), *doubts))


def _laid_out(body: Sequence[Block], annex: Sequence[Block], letterhead: Letterhead | None) -> Flow:
    """The pages; blocks move closer to each other where that spares the body a last page of a few lines."""
    flow = _flow(letterhead)
    flow.add(body)
    if len(flow.pages) > 1 and flow.y - flow.following < _FEW_LINES:
        closer = _flow(letterhead)
        closer.add(replace(block, before=block.before * _CLOSER) for block in body)
        flow = closer if len(closer.pages) < len(flow.pages) else flow
    flow.add(annex)
    return flow


def _flow(letterhead: Letterhead | None) -> Flow:
    """Pages whose text keeps clear of the letterhead's own."""
    if letterhead is None:
        return Flow(_FIRST, _FOLLOWING, _BOTTOM)
    first, following = letterhead.first, letterhead.following
    return Flow(
        max(_FIRST, first.top), max(_FOLLOWING_UNDER_HEAD, following.top), min(_BOTTOM, first.bottom, following.bottom)
    )


def _content(reminder: Reminder, sender: Sender, look: Look, text: LetterText, pen: Pen) -> list[Block]:
    """The blocks from the date to the signature."""
    blocks = [_date_line(reminder, sender, pen), _subject(reminder, text, pen)]
    money = money_blocks(reminder, sender, pen, with_code=look.payment_qr)
    placed = False
    for block in blocks_of(text.body):
        if isinstance(block, Paragraph):
            blocks.append(_paragraph(block, pen))
        else:
            blocks += money
            placed = True
    # Neither the signature nor the closing words are left alone on a page: the two blocks before it go with it.
    blocks[-2:] = [replace(block, keep=True) for block in blocks[-2:]]
    return [*blocks, *([] if placed else money), _signature(reminder, sender, pen)]


def _date_line(reminder: Reminder, sender: Sender, pen: Pen) -> Block:
    """The customer's reference on the left; place and date under the address."""
    town = town_of(sender.address)
    day = reminder.as_of
    place = pen.say("{town}, {day:long_date}", town=town, day=day) if town else pen.say("{day:long_date}", day=day)
    label = pen.say("Your account: {code}", code=pen.show(reminder.customer.code))
    texts = (
        Text(LEFT, 10, shortened(label, "regular", 9, 85 * MM), size=9, ink=GREY),
        Text(110 * MM, 10, place, size=_SIZE),
    )
    return Block([Row(14, texts)])


def _subject(reminder: Reminder, text: LetterText, pen: Pen) -> Block:
    rows: list[Row] = []
    if reminder.level.registered:
        mention = pen.say("Registered letter with acknowledgement of receipt")
        rows += paragraph(break_lines([Span(mention, "bold")], RIGHT - LEFT, 9), LEFT, 9)
    subject = pen.say("Subject: {subject}", subject=text.subject)
    lines = break_lines([Span(subject, "bold")], RIGHT - LEFT, 11)
    rows += paragraph(lines, LEFT, 11, ink=ACCENT, together=True)
    return Block(rows, before=11, keep=True)


def _paragraph(block: Paragraph, pen: Pen) -> Block:
    """A paragraph, heading or item of a list."""
    spans = pen.spans(block.spans)
    if block.heading:
        spans = tuple(span._replace(face="bold") for span in spans)
    left = LEFT + _INDENT * block.depth
    rows = paragraph(break_lines(spans, RIGHT - left, _SIZE), left, _SIZE, together=block.heading)
    if block.marker:
        first = rows[0]
        marker = Text(left - _INDENT + 2, first.texts[0].y if first.texts else _SIZE, block.marker, size=_SIZE)
        rows[0] = Row(first.height, (marker, *first.texts), keep=first.keep)
    return Block(rows, before=2.5 if block.depth else 6.5, keep=block.heading)


def _signature(reminder: Reminder, sender: Sender, pen: Pen) -> Block:
    """Who signs; a registered letter leaves room for the hand."""
    signatory = pen.show(sender.signatory) or pen.say("The accounts department")
    lines = [Span(signatory), Span(pen.show(sender.name), "bold")]
    rows = [
        row
        for span in lines
        for row in paragraph(break_lines([span], RIGHT - 110 * MM, _SIZE), 110 * MM, _SIZE, together=True)
    ]
    room = [Row(_ROOM_TO_SIGN)] if reminder.level.registered else []
    return Block([*(Row(row.height, row.texts, keep=True) for row in rows), *room], before=11)


def _enclosures(copies: Sequence[Copy], pen: Pen) -> list[Block]:
    """What lies behind the letter, named under the signature."""
    if not copies:
        return []
    pieces = ", ".join(pen.show(copy.piece) for copy in copies)
    said = pen.say("Enclosed: copies of {pieces}", pieces=pieces)
    return [Block(paragraph(break_lines([Span(said)], RIGHT - LEFT, 9), LEFT, 9, ink=GREY), before=9)]


def _recipient(lines: Sequence[str], left: float, pen: Pen) -> Row:
    """The address, in type that is small enough for its longest line, never below 8 points."""
    shown = [pen.show(line) for line in lines]
    size = _SIZE
    while size > 8 and any(width_of(line, "regular", size) > _WINDOW_WIDTH for line in shown):
        size -= 0.5
    texts = [
        Text(left, (rank + 0.75) * _WINDOW_PITCH, shortened(line, "regular", size, _WINDOW_WIDTH), size=size)
        for rank, line in enumerate(shown)
    ]
    return Row(_WINDOW_PITCH * len(texts), tuple(texts))


def _under_heads(pages: Sequence[Page], reminder: Reminder, sender: Sender, pen: Pen) -> list[Page]:
    """Further pages say whose letter they belong to; the first one needs no head."""
    return [pages[0], *([(0.0, top_row(reminder, sender, pen)), *page] for page in pages[1:])]


def _feet(
    count: int, sender: Sender, footer: str, letterhead: Letterhead | None, pen: Pen
) -> Iterator[tuple[float, Row]]:
    """Under each page the legal mentions and its number; under a letterhead, which has them, the number alone."""
    for number in range(1, count + 1):
        if letterhead:
            sheet = letterhead.first if number == 1 else letterhead.following
            yield 0.0, page_number_row(min(_BOTTOM, sheet.bottom), number, count, pen)
        else:
            yield 0.0, footer_row(sender, footer, number, count, pen)


def _problems(reminder: Reminder, cut: bool, pen: Pen) -> Iterator[Problem]:
    code, source = reminder.customer.code, reminder.customer.source
    if pen.lost:
        text = msg(
            "The letter to {customer} has signs that its font lacks ({signs}): they are printed as a question mark. "
            "Write the name or the label in Latin letters.",
            customer=code,
            signs=" ".join(pen.lost),
        )
        yield Problem("missing_signs", text, "warning", source, code)
    if cut:
        text = msg(
            "The address of {customer} is longer than an envelope takes, six lines of 38 signs: it is printed in part. "
            "Shorten it in the customers file.",
            customer=code,
        )
        yield Problem("address_cut", text, "warning", source, code)
