"""Tables over the width of the text: columns of given widths, cells that wrap, thin lines between the rows."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dunning_batch.documents.fonts import Face, width_of
from dunning_batch.documents.pages import ACCENT, BLACK, HAIRLINE, LEFT, TINT, Ink, Panel, Row, Rule, Text
from dunning_batch.documents.typeset import Span, break_lines, shortened

_PAD = 4.0  # left and right of a cell
_GAP = 6.0  # between columns of figures
_LEADING = 1.25
_MAX_LINES, _MAX_SIGNS = 4, 400  # of one cell


class Column(NamedTuple):
    """A column; widths in points."""

    title: str
    width: float
    right: bool = False  # figures


class Style(NamedTuple):
    """How a row looks."""

    size: float = 8.5
    face: Face = "regular"
    ink: Ink = BLACK
    above: float = 2.9  # space over the text, and under it
    panel: Ink | None = None
    rule: Ink | None = HAIRLINE  # under the row


BODY = Style()
HEAD = Style(size=7.5, face="bold", ink=ACCENT, above=4, panel=TINT, rule=ACCENT)
CARRIED = Style(face="italic", rule=ACCENT)
SUM = Style(face="bold", above=3.6, rule=ACCENT)


def grid_row(cells: Sequence[str], columns: Sequence[Column], style: Style = BODY) -> Row:
    """One row of a table; texts that are too wide wrap, those that are much too long end with `…`."""
    pitch = style.size * _LEADING
    texts: list[Text] = []
    left, depth = LEFT, 1
    for cell, column in zip(cells, columns, strict=True):
        lines = _lines(cell, column.width - 2 * _PAD, style)
        depth = max(depth, len(lines))
        for number, line in enumerate(lines):
            shift = column.width - _PAD - width_of(line, style.face, style.size) if column.right else _PAD
            y = style.above + style.size * 0.95 + number * pitch
            texts.append(Text(left + shift, y, line, style.face, style.size, style.ink))
        left += column.width
    height = depth * pitch + 2 * style.above
    rules = (Rule(LEFT, height, left, height, 0.5, style.rule),) if style.rule else ()
    panels = (Panel(LEFT, 0, left - LEFT, height, style.panel),) if style.panel else ()
    return Row(height, tuple(texts), rules, panels)


def figures(title: str, cells: Iterable[str]) -> Column:
    """A column of figures that is as wide as it must be; longer figures are wider ones."""
    longest = max(cells, key=len, default="")
    needed = max(width_of(title, HEAD.face, HEAD.size), width_of(longest, SUM.face, SUM.size))
    return Column(title, needed + 2 * _PAD + _GAP, right=True)


def head_row(columns: Sequence[Column]) -> Row:
    """The head of a table, never alone at the bottom of a page."""
    return grid_row([column.title for column in columns], columns, HEAD)


def _lines(cell: str, width: float, style: Style) -> list[str]:
    if len(cell) < _MAX_SIGNS and width_of(cell, style.face, style.size) <= width:
        return [cell] if cell else []
    broken = break_lines([Span(cell[:_MAX_SIGNS], style.face)], width, style.size)
    lines = ["".join(run.text for run in line.runs) for line in broken]
    if len(lines) > _MAX_LINES:
        lines[_MAX_LINES - 1] = shortened(lines[_MAX_LINES - 1] + "…", style.face, style.size, width)
    return lines[:_MAX_LINES]
