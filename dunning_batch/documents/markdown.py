"""The Markdown of templates: paragraphs, lists, headings, bold, italic, line breaks, and the place of the table.

Nothing else is interpreted: no HTML, link, image or code. Values are escaped before (see `escaped`), so that a customer
called `**Dupont**` or `1. Martin` is printed as he is called (faults 57, 58).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dunning_batch.documents.fonts import Face
from dunning_batch.documents.typeset import Span

TABLE = "\ue000"  # a private sign in the place of the table
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLANKS = re.compile(r"[\s\u0085\u2028\u2029]+")
_PARSER = MarkdownIt("zero").enable(["list", "heading", "emphasis", "newline", "escape"])


class Paragraph(NamedTuple):
    """A paragraph, an item of a list with its marker, or a heading."""

    spans: tuple[Span, ...]
    marker: str = ""
    depth: int = 0  # of the list it stands in; 0 outside lists
    heading: bool = False


class TablePlace(NamedTuple):
    """Where the table of invoices goes."""


Block = Paragraph | TablePlace


@dataclass(slots=True)
class _State:
    """Where the walk over the tokens stands."""

    depth: int = 0  # open lists
    pending: str = ""  # marker of the item whose first paragraph is to come
    heading: bool = False


def escaped(text: str) -> str:
    """A value as Markdown that prints it as it is, on one line."""
    return _PUNCTUATION.sub(r"\\\1", _BLANKS.sub(lambda found: _blank(found[0]), text.replace(TABLE, "")).strip(" "))


def blocks_of(text: str) -> list[Block]:
    """The blocks of a Markdown text."""
    return list(_blocks(_PARSER.parse(text)))


def plain_line(text: str) -> str:
    """A line of Markdown without its markup: a subject."""
    tokens = _PARSER.parseInline(text)[0].children or []
    return "".join(span.text for span in _spans(tokens)).replace("\n", " ").strip()


def _blank(blanks: str) -> str:
    # One no-break space has its reason; line ends and runs of blanks have none on paper.
    return blanks if blanks in ("\u00a0", "\u202f") else " "


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    state = _State()
    for token in tokens:
        if token.type == "inline":
            yield _block(token, state)
            state.pending = ""
        else:
            _enter(token, state)


def _enter(token: Token, state: _State) -> None:
    match token.type:
        case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
            state.depth += token.nesting
        case "list_item_open":
            state.pending = f"{token.info}." if token.info else "•"
        case "heading_open" | "heading_close":
            state.heading = token.type == "heading_open"


def _block(token: Token, state: _State) -> Block:
    if token.content.strip() == TABLE:
        return TablePlace()
    spans = tuple(_spans(token.children or []))
    return Paragraph(spans, state.pending, state.depth, state.heading)


def _spans(tokens: list[Token]) -> Iterator[Span]:
    bold = italic = 0
    for token in tokens:
        bold += token.nesting if token.type.startswith("strong") else 0
        italic += token.nesting if token.type.startswith("em_") else 0
        text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
        if text:
            yield Span(text, _face(bold > 0, italic > 0))


def _face(bold: bool, italic: bool) -> Face:
    if bold:
        return "bolditalic" if italic else "bold"
    return "italic" if italic else "regular"
