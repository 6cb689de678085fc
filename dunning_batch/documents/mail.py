"""The words of an e-mail, as text and as HTML, from the same Markdown as the letter that it carries (faults 57, 58).

The HTML asks nothing of the network: no picture, style sheet or link. Every value is escaped there, and signs that no
mail may hold are left out of both.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.mail_money import MailMoney, mail_money
from dunning_batch.documents.markdown import Block, Paragraph, blocks_of
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.templates import LetterText, Templates, text_of
from dunning_batch.documents.typeset import Span, french
from dunning_batch.language import Language, LanguageCode, language

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_TAGS = {"bold": ("<b>", "</b>"), "italic": ("<i>", "</i>"), "bolditalic": ("<b><i>", "</i></b>")}
_BODY = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.45;color:#222;max-width:720px"
_CELL = "padding:3px 8px;border-bottom:1px solid #ccd5dd"
_QUIET = "font-size:12px;color:#667"


@dataclass(frozen=True, slots=True)
class MailText:
    """The words of one e-mail. Lines end with a line feed."""

    language: LanguageCode
    subject: str
    text: str
    html: str


def compose_mail(reminder: Reminder, sender: Sender, templates: Templates) -> MailText:
    """What an e-mail says. Raises ConfigurationError where its template fails on these values."""
    words = text_of(templates, reminder, sender, "email")
    spoken = language(words.language)
    blocks = tuple(_blocks(words, spoken))
    money = mail_money(reminder, sender, spoken)
    closing = tuple(_closing(sender, words, spoken))
    return MailText(
        words.language,
        _clean(words.subject),
        _clean(_as_text(blocks, money, closing, spoken)),
        _clean(_as_html(blocks, money, closing, spoken)),
    )


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)


def _blocks(words: LetterText, spoken: Language) -> Iterator[Block]:
    for block in blocks_of(words.body):
        if isinstance(block, Paragraph) and spoken.code == "fr":
            yield block._replace(spans=tuple(span._replace(text=french(span.text)) for span in block.spans))
        else:
            yield block


def _closing(sender: Sender, words: LetterText, spoken: Language) -> Iterator[str]:
    """Who signs, how to reach them, and the mentions that the law wants on every letter (R123-237)."""
    yield sender.signatory or spoken.text("The accounts department")
    yield sender.name
    yield "  ·  ".join(text for text in (sender.phone, sender.email, sender.website) if text)
    if words.footer.strip():
        yield from ("".join(span.text for span in block.spans) for block in blocks_of(words.footer)
                    if isinstance(block, Paragraph))  # fmt: skip
        return
    siren = "" if sender.siren in sender.rcs.replace(" ", "") else spoken.text("SIREN {number}", number=sender.siren)
    vat = spoken.text("VAT {number}", number=sender.vat) if sender.vat else ""
    parts = (sender.name, sender.legal_form, ", ".join(sender.address), siren, sender.rcs, vat)
    yield " – ".join(part for part in parts if part)


def _as_text(blocks: Sequence[Block], money: MailMoney, closing: Iterable[str], spoken: Language) -> str:
    table = _money_text(money, spoken)
    parts = [_paragraph_text(block) if isinstance(block, Paragraph) else table for block in blocks]
    if all(isinstance(block, Paragraph) for block in blocks):
        parts.append(table)
    return "\n\n".join([*parts, "\n".join(line for line in closing if line)]) + "\n"


def _paragraph_text(block: Paragraph) -> str:
    indent = "  " * max(0, block.depth - 1)
    return f"{indent}{block.marker + ' ' if block.marker else ''}{''.join(span.text for span in block.spans)}"


def _money_text(money: MailMoney, spoken: Language) -> str:
    parts = [
        "\n".join(f"• {line}" for line in money.lines),
        "\n".join(_pair(pair, spoken) for pair in money.sums),
        "\n".join(money.credits),
        "\n".join(_pair(pair, spoken) for pair in money.payment),
    ]
    return "\n\n".join(part for part in parts if part)


def _pair(pair: tuple[str, str], spoken: Language) -> str:
    line = spoken.text("{label}: {value}", label=pair[0], value=pair[1])
    return french(line) if spoken.code == "fr" else line


def _as_html(blocks: Sequence[Block], money: MailMoney, closing: Iterable[str], spoken: Language) -> str:
    table = _money_html(money, spoken)
    parts = [_paragraph_html(block) if isinstance(block, Paragraph) else table for block in blocks]
    if all(isinstance(block, Paragraph) for block in blocks):
        parts.append(table)
    signed, name, *rest = (escape(line) for line in closing)
    quiet = "<br>\n".join(line for line in rest if line)
    body = "\n".join([*parts, f"<p>{signed}<br>\n<b>{name}</b></p>", f'<p style="{_QUIET}">{quiet}</p>'])
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken.code}"><head><meta charset="utf-8"></head>\n'
        f'<body style="{_BODY}">\n{body}\n</body></html>\n'
    )


def _paragraph_html(block: Paragraph) -> str:
    words = "".join(_span_html(span) for span in block.spans)
    if block.heading:
        return f"<h3>{words}</h3>"
    style = f' style="margin:4px 0 4px {18 * block.depth}px"' if block.depth else ""
    return f"<p{style}>{escape(block.marker) + ' ' if block.marker else ''}{words}</p>"


def _span_html(span: Span) -> str:
    before, after = _TAGS.get(span.face, ("", ""))
    words = escape(span.text).replace("\n", "<br>")
    return f"{before}{words}{after}"


def _money_html(money: MailMoney, spoken: Language) -> str:
    heads = _row_html(money.heads, "th")
    rows = "\n".join(_row_html(row, "td") for row in money.rows)
    last = len(money.sums) - 1
    sums = [_sum_html(label, amount, bold=rank == last) for rank, (label, amount) in enumerate(money.sums)]
    credits_ = [f"<p>{'<br>'.join(escape(line) for line in money.credits)}</p>"] if money.credits else []
    payment = "<br>\n".join(escape(_pair(pair, spoken)) for pair in money.payment)
    return "\n".join([
        f'<table style="border-collapse:collapse;font-size:13px">\n{heads}\n{rows}\n</table>',
        f'<table style="border-collapse:collapse;margin-top:8px">\n{"".join(sums)}</table>',
        *credits_,
        f'<p style="background:#eff3f7;padding:8px 12px">{payment}</p>',
    ])  # fmt: skip


def _row_html(cells: Sequence[str], tag: str) -> str:
    sides = ["left", *["right"] * (len(cells) - 1)]
    parts = (f'<{tag} style="{_CELL};text-align:{side}">{escape(cell)}</{tag}>'
             for side, cell in zip(sides, cells, strict=True))  # fmt: skip
    return f"<tr>{''.join(parts)}</tr>"


def _sum_html(label: str, amount: str, *, bold: bool) -> str:
    style = f"padding:2px 8px;font-weight:{'bold' if bold else 'normal'}"
    cells = f'<td style="{style}">{escape(label)}</td><td style="{style};text-align:right">{escape(amount)}</td>'
    return f"<tr>{cells}</tr>\n"
