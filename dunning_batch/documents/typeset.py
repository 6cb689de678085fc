"""Words into lines: greedy breaking at blanks, never at a no-break space, and French spaces before high punctuation."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dunning_batch.documents.fonts import Face, width_of
from dunning_batch.documents.pages import BLACK, Ink, Row, Text
from dunning_batch.language import FIXED_SPACE, NARROW_SPACE

_LEADING = 1.37  # of the type size
_LONGEST = 400  # signs of a text that is shortened to one line
_JOINTS = "-/_.,"  # after which a long word may be cut
_NARROW = re.compile(r" (?=[;!?])")
_LONG_DATE = re.compile(r"\b(\d{1,2}(?:er)?) ([^\W\d]{3,9}) (\d{4})\b")
_FIXED = re.compile(r" (?=[:%€»])|(?<=«) ")


class Span(NamedTuple):
    """A stretch of text in one face; a line end in it ends the line."""

    text: str
    face: Face = "regular"


class Run(NamedTuple):
    """A part of a line, and where it starts."""

    x: float
    text: str
    face: Face


class Line(NamedTuple):
    """A line that is ready to be drawn. Points."""

    width: float
    runs: tuple[Run, ...]


def french(text: str) -> str:
    """French spaces before `; ! ? : % €` and inside quotation marks, where there is a blank already."""
    return _FIXED.sub(FIXED_SPACE, _NARROW.sub(NARROW_SPACE, text))


def with_whole_dates(text: str) -> str:
    """Day, month and year are not parted by the end of a line."""
    return _LONG_DATE.sub(rf"\1{FIXED_SPACE}\2{FIXED_SPACE}\3", text)


def break_lines(spans: Iterable[Span], width: float, size: float) -> list[Line]:
    """The lines of a paragraph; a word that is wider than a line is cut."""
    lines: list[Line] = []
    for words in _hard_lines(spans):
        lines += _greedy(words, width, size)
    return lines


def paragraph(
    lines: Sequence[Line], x: float, size: float, *, ink: Ink = BLACK, leading: float = _LEADING, together: bool = False
) -> list[Row]:
    """One row a line; the first two and the last two stay together, all of them if asked."""
    height = size * leading
    baseline = height - (height - size * 0.72) / 2
    last = len(lines) - 1
    return [
        Row(
            height,
            tuple(Text(x + run.x, baseline, run.text, run.face, size, ink) for run in line.runs),
            keep=number < last and (together or number == 0 or number == last - 1),
        )
        for number, line in enumerate(lines)
    ]


def shortened(text: str, face: Face, size: float, width: float) -> str:
    """The text, or as much of it as fits followed by `…`."""
    if len(text) <= _LONGEST and width_of(text, face, size) <= width:
        return text
    kept = min(len(text), _LONGEST)
    while kept and width_of(text[:kept].rstrip() + "…", face, size) > width:
        kept -= 1
    return text[:kept].rstrip() + "…"


def _hard_lines(spans: Iterable[Span]) -> Iterator[list[list[Span]]]:
    """Lines of words; a word is the spans without a blank between them."""
    words: list[list[Span]] = [[]]
    for span in spans:
        for line_number, line in enumerate(span.text.split("\n")):
            if line_number:
                yield [word for word in words if word]
                words = [[]]
            for word_number, part in enumerate(line.split(" ")):
                if word_number:
                    words.append([])
                if part:
                    words[-1].append(Span(part, span.face))
    yield [word for word in words if word]


def _greedy(words: Iterable[list[Span]], width: float, size: float) -> list[Line]:
    lines: list[Line] = []
    line: list[Span] = []
    filled = 0.0
    for word in _cut(words, width, size):
        wide = sum(width_of(part.text, part.face, size) for part in word)
        blank = width_of(" ", line[-1].face, size) if line else 0.0
        if line and filled + blank + wide > width:
            lines.append(_line(line, size))
            line, filled, blank = [], 0.0, 0.0
        if line:
            line.append(Span(" ", line[-1].face))
        line += word
        filled += blank + wide
    lines.append(_line(line, size))
    return lines


def _cut(words: Iterable[list[Span]], width: float, size: float) -> Iterator[list[Span]]:
    """The words, those that are wider than a line in pieces that are not."""
    for word in words:
        if sum(width_of(part.text, part.face, size) for part in word) <= width:
            yield word
            continue
        for part in word:
            yield from ([Span(piece, part.face)] for piece in pieces(part.text, part.face, size, width))


def pieces(text: str, face: Face, size: float, width: float) -> Iterator[str]:
    """Parts of a text without blanks that each fit into a width, cut after a hyphen or the like where there is one."""
    start, filled = 0, 0.0
    for place, sign in enumerate(text):
        wide = width_of(sign, face, size)
        while place > start and filled + wide > width:
            end = max((text.rfind(joint, start, place) + 1 for joint in _JOINTS), default=0)
            end = end if end > start else place
            yield text[start:end]
            start, filled = end, width_of(text[end:place], face, size)
        filled += wide
    yield text[start:]


def _line(spans: Sequence[Span], size: float) -> Line:
    """Neighbours in one face make one run."""
    runs: list[Run] = []
    x = 0.0
    for span in spans:
        if runs and runs[-1].face == span.face:
            runs[-1] = runs[-1]._replace(text=runs[-1].text + span.text)
        else:
            runs.append(Run(x, span.text, span.face))
        x += width_of(span.text, span.face, size)
    return Line(x, tuple(runs))
