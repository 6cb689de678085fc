"""The file on one customer for a bailiff or lawyer: what is owed, every reminder with its proof, interest, limitation.

One PDF with an outline: a statement made for the day, then each reminder as it was delivered, then copies of invoices.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dunning_batch.core.limitation import last_day_to_sue
from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.binding import PrintFile
from dunning_batch.documents.copies import Copy
from dunning_batch.documents.drawing import draw
from dunning_batch.documents.flow import Block, Flow
from dunning_batch.documents.fonts import Face
from dunning_batch.documents.grid import Column, grid_row, head_row
from dunning_batch.documents.invoice_table import DATE, invoice_table
from dunning_batch.documents.letter import LOCALES
from dunning_batch.documents.money_blocks import interest_blocks, sum_parts, sums_block
from dunning_batch.documents.pages import (
    ACCENT,
    BLACK,
    GREY,
    LEFT,
    MM,
    RIGHT,
    About,
    Ink,
    Letter,
    Page,
    Row,
    Text,
)
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.stationery import footer_row, top_row
from dunning_batch.documents.typeset import Span, break_lines, paragraph, shortened
from dunning_batch.documents.values import reference_of, siren_text
from dunning_batch.language import LanguageCode, language

_FIRST, _FOLLOWING, _BOTTOM = 20 * MM, 24 * MM, 273 * MM


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder of the past."""

    day: date
    level: str  # its name
    pieces: tuple[str, ...]
    channel: str  # in words
    recipient: str
    result: str  # in words
    reference: str  # Message-ID or registered number
    document: str  # its file, as shown
    pages: tuple[Artwork, ...] = ()  # the letter as it was delivered; empty where it is no longer there


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one customer. The claim is laid out as a reminder of all his open items, interest computed."""

    claim: Reminder
    sent: tuple[Sent, ...]
    copies: tuple[Copy, ...]


def casefile(case: Case, sender: Sender, code: LanguageCode) -> bytes:
    """The file as a PDF."""
    pen = Pen(language(code))
    claim = case.claim
    title = pen.say("Case file: {name}", name=pen.show(claim.name))
    about = About(title, pen.show(sender.name), LOCALES[code], claim.as_of)
    file = io.BytesIO()
    with PrintFile(file, about) as book:
        book.add(draw(Letter(about, _statement(case, sender, title, pen))), entry=pen.say("Statement"))
        for sent in case.sent:
            if sent.pages:
                entry = pen.say("{day:date} {level}", day=sent.day, level=pen.show(sent.level))
                book.add(draw(Letter(about, (), behind=sent.pages)), entry=entry)
        for copy in case.copies:
            entry = pen.say("Invoice {piece}", piece=pen.show(copy.piece))
            book.add(draw(Letter(about, (), behind=copy.pages)), entry=entry)
    return file.getvalue()


def _statement(case: Case, sender: Sender, title: str, pen: Pen) -> tuple[Page, ...]:
    flow = Flow(_FIRST, _FOLLOWING, _BOTTOM)
    flow.add(_blocks(case, sender, title, pen))
    count = len(flow.pages)
    return tuple(
        [
            *([(0.0, top_row(case.claim, sender, pen))] if number > 1 else []),
            *page,
            (0.0, footer_row(sender, "", number, count, pen)),
        ]
        for number, page in enumerate(flow.pages, 1)
    )


def _blocks(case: Case, sender: Sender, title: str, pen: Pen) -> Iterator[Block]:
    claim = case.claim
    yield Block(paragraph(break_lines([Span(title, "bold")], RIGHT - LEFT, 15), LEFT, 15, ink=ACCENT))
    yield _said(pen.say("Drawn up on {day:long_date} from the ledger.", day=claim.as_of), pen)
    yield from _parties(claim, sender, pen)
    yield _heading(pen.say("What is owed"))
    yield invoice_table(claim, pen)
    total = pen.say("Total on {day:long_date}", day=claim.as_of)
    yield sums_block(sum_parts(claim, pen), total, claim.total, pen)
    yield _heading(pen.say("Reminders"))
    yield from _reminders(case.sent, pen)
    yield _heading(pen.say("Limitation"))
    yield _said(
        pen.say(
            "The last day to sue for each invoice, counted from its due date. A reminder does not move it; a partial "
            "payment or an acknowledgement of the debt may."
        ),
        pen,
    )
    yield _limitation(claim, pen)
    yield from interest_blocks(claim, pen)


def _parties(claim: Reminder, sender: Sender, pen: Pen) -> Iterator[Block]:
    """Creditor and debtor, with everything that names them."""
    customer = claim.customer
    creditor = (
        sender.name,
        sender.legal_form,
        *sender.address,
        sender.siren and f"SIREN {siren_text(sender.siren)}",
        sender.rcs,
    )
    place = " ".join(part for part in (customer.postcode, customer.town) if part)
    debtor = (claim.name, *customer.address, place, customer.country, pen.say("Account {code}", code=customer.code))
    for heading, lines in ((pen.say("Creditor"), creditor), (pen.say("Debtor"), debtor)):
        yield Block([_line(heading, "bold", ACCENT, keep=True)], before=10)
        yield Block([_line(pen.show(line)) for line in lines if line])


def _reminders(sent: Sequence[Sent], pen: Pen) -> Iterator[Block]:
    if not sent:
        yield _said(pen.say("None is recorded."), pen)
        return
    columns = (
        Column(pen.say("Date"), DATE),
        Column(pen.say("Reminder"), 40 * MM),
        Column(pen.say("Documents"), 35 * MM),
        Column(pen.say("Sent to"), 40 * MM),
        Column(pen.say("Proof"), RIGHT - LEFT - DATE - 115 * MM),
    )
    rows = [grid_row(_reminder_cells(one, pen), columns) for one in sent]
    yield Block(rows, before=4, head=head_row(columns))


def _reminder_cells(one: Sent, pen: Pen) -> list[str]:
    there = one.document if one.pages else one.document and pen.say("{file} (no longer there)", file=one.document)
    return [
        pen.language.date(one.day),
        pen.show(one.level),
        pen.show(", ".join(one.pieces)),
        pen.show(", ".join(part for part in (one.channel, one.recipient) if part)),
        pen.show(" · ".join(part for part in (one.result, one.reference, there) if part)),
    ]


def _limitation(claim: Reminder, pen: Pen) -> Block:
    columns = (
        Column(pen.say("Document no."), RIGHT - LEFT - 3 * DATE - 10 * MM),
        Column(pen.say("Due on"), DATE + 10 * MM),
        Column(pen.say("Last day to sue"), 2 * DATE),
    )
    rows = []
    for line in claim.items:
        due = line.decision.item.due
        last = last_day_to_sue(due, claim.customer.type)
        cells = [pen.show(reference_of(line.decision)), pen.language.date(due), pen.language.date(last)]
        rows.append(grid_row(cells, columns))
    return Block(rows, before=4, head=head_row(columns))


def _heading(text: str) -> Block:
    return Block([_line(text, "bold", ACCENT, keep=True)], before=16, keep=True)


def _said(text: str, pen: Pen) -> Block:
    rows: Iterable[Row] = paragraph(break_lines([Span(pen.show(text))], RIGHT - LEFT, 9), LEFT, 9, ink=GREY)
    return Block(list(rows), before=3)


def _line(text: str, face: Face = "regular", ink: Ink = BLACK, *, keep: bool = False) -> Row:
    return Row(13, (Text(LEFT, 10, shortened(text, face, 9.5, RIGHT - LEFT), face, 9.5, ink),), keep=keep)
