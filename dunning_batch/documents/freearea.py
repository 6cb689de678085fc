"""Where a page of stationery is printed on, and so where a letter may stand.

The drawing commands of the page are followed without drawing: each text, line, surface and picture leaves a box.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pypdf import PageObject
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject

from dunning_batch.documents.matrices import IDENTITY, Matrix, moved, times

_PAINTS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"})
_DEPTH = 8  # of forms inside forms
_EM = 0.5  # widths of texts are guessed: half an em a sign


class Box(NamedTuple):
    """A printed part of a page, in its own space: y upwards."""

    left: float
    bottom: float
    right: float
    top: float


def printed_boxes(page: PageObject) -> list[Box]:
    """The box of every mark on the page."""
    content = page.get_contents()
    resources = page.get("/Resources", DictionaryObject())
    return list(_Tracing(_mapping(resources)).boxes(content.operations, 0)) if content is not None else []


@dataclass(slots=True)
class _Tracing:
    """The state of the drawing commands, as far as it moves what they draw."""

    resources: Mapping[str, Any]
    space: Matrix = IDENTITY
    saved: list[Matrix] = field(default_factory=list)
    line: Matrix = IDENTITY  # of text
    text: Matrix = IDENTITY
    size: float = 10
    leading: float = 0
    path: list[tuple[float, float]] = field(default_factory=list)

    def boxes(self, operations: Iterable[tuple[Sequence[Any], bytes]], depth: int) -> Iterator[Box]:
        for operands, operator in operations:
            if operator in _PAINTS:
                yield from _around(self.path)
                self.path = []
            elif operator in (b"Tj", b"TJ", b"'", b'"'):
                yield from self._written(operands, operator)
            elif operator == b"Do":
                yield from self._drawn(operands[0], depth)
            elif operator == b"n":
                self.path = []
            else:
                self._move(operator, operands)
                self._move_text(operator, operands)

    def _move(self, operator: bytes, operands: Sequence[Any]) -> None:
        match operator:
            case b"q":
                self.saved.append(self.space)
            case b"Q" if self.saved:
                self.space = self.saved.pop()
            case b"cm":
                self.space = times(self.space, _matrix(operands))
            case b"re":
                x, y, width, height = map(float, operands)
                self.path += [moved(self.space, x, y), moved(self.space, x + width, y + height)]
            case b"m" | b"l" | b"c" | b"v" | b"y":
                numbers = list(map(float, operands))
                self.path += [moved(self.space, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def _move_text(self, operator: bytes, operands: Sequence[Any]) -> None:
        match operator:
            case b"BT":
                self.line = self.text = IDENTITY
            case b"Tf":
                self.size = float(operands[1])
            case b"TL":
                self.leading = float(operands[0])
            case b"Tm":
                self.line = self.text = _matrix(operands)
            case b"Td" | b"TD":
                self._next_line(float(operands[0]), float(operands[1]))
                self.leading = -float(operands[1]) if operator == b"TD" else self.leading
            case b"T*":
                self._next_line(0, -self.leading)

    def _next_line(self, x: float, y: float) -> None:
        self.line = self.text = times(self.line, (1, 0, 0, 1, x, y))

    def _written(self, operands: Sequence[Any], operator: bytes) -> Iterator[Box]:
        if operator in (b"'", b'"'):
            self._next_line(0, -self.leading)
        parts = operands[-1] if isinstance(operands[-1], list) else [operands[-1]]
        signs = sum(len(part) for part in parts if isinstance(part, str | bytes))
        width = signs * self.size * _EM
        if signs:
            place = times(self.space, self.text)
            yield from _around([moved(place, 0, -0.2 * self.size), moved(place, width, 0.8 * self.size)])
        self.text = times(self.text, (1, 0, 0, 1, width, 0))

    def _drawn(self, name: str, depth: int) -> Iterator[Box]:
        """A picture fills the unit square; a form is followed."""
        thing = _mapping(_mapping(self.resources.get("/XObject", {})).get(name, {}))
        if thing.get("/Subtype") != "/Form":
            yield from _around([moved(self.space, 0, 0), moved(self.space, 1, 1)])
        elif depth < _DEPTH:
            matrix = _matrix(thing["/Matrix"]) if "/Matrix" in thing else IDENTITY
            own = _mapping(thing.get("/Resources", self.resources))
            inner = _Tracing(own, times(self.space, matrix))
            yield from inner.boxes(ContentStream(thing, None).operations, depth + 1)


def _mapping(thing: Any) -> Any:  # noqa: ANN401 - whatever a PDF holds there
    return thing.get_object() if isinstance(thing, IndirectObject) else thing


def _matrix(numbers: Iterable[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, numbers)
    return a, b, c, d, e, f


def _around(points: Sequence[tuple[float, float]]) -> Iterator[Box]:
    if points:
        across, up = zip(*points, strict=True)
        yield Box(min(across), min(up), max(across), max(up))
