"""The outlines of SVG shapes, as PDF draws them: moves, lines and Bézier curves in absolute coordinates."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dunning_batch.documents.matrices import Matrix, moved
from dunning_batch.documents.svg_path import Outline, Segment, path_outline
from dunning_batch.documents.svg_values import damaged, length, number_list, written

_ROUND = 4 / 3 * (math.sqrt(2) - 1)  # a quarter of a circle as one curve


class Box(NamedTuple):
    """What an outline covers."""

    left: float
    low: float
    right: float
    high: float

    @property
    def matrix(self) -> Matrix:
        """From the unit square onto it."""
        return self.right - self.left, 0, 0, self.high - self.low, self.left, self.low


class View(NamedTuple):
    """The size of the drawing, of which percentages are."""

    width: float
    height: float

    @property
    def diagonal(self) -> float:
        """What a length without direction is measured by."""
        return math.hypot(self.width, self.height) / math.sqrt(2)


def outline_of(kind: str, attributes: Mapping[str, str], view: View) -> Outline:
    """The outline of a shape, empty where it has none."""
    return _SHAPES[kind](attributes, view)


def is_shape(kind: str) -> bool:
    """Whether an element of that name has an outline."""
    return kind in _SHAPES


def drawn(outline: Iterable[Segment]) -> str:
    """The outline as PDF operators."""
    return " ".join(f"{written(*points)} {step}" if points else step for step, points in outline)


def with_area(outline: Iterable[Segment]) -> Outline:
    """What of it can be filled: PDF would draw a thin line where SVG fills nothing."""
    kept: Outline = []
    part: Outline = []
    for segment in (*outline, Segment("m")):
        if segment.step == "m":
            points = {one.points[-2:] for one in part if one.points}
            if len(points) > 2 or any(one.step == "c" for one in part):
                kept += part
            part = []
        part.append(segment)
    box = box_of(kept)
    return kept if box and box.left < box.right and box.low < box.high else []


def turned(outline: Iterable[Segment], matrix: Matrix) -> Outline:
    """The outline elsewhere."""
    return [
        Segment(step, tuple(part for x, y in _pairs(points) for part in moved(matrix, x, y)))
        for step, points in outline
    ]


def box_of(outline: Iterable[Segment]) -> Box | None:
    """The smallest upright rectangle around it."""
    xs: list[float] = []
    ys: list[float] = []
    x = y = 0.0
    for step, points in outline:
        if step == "c":
            xs += _extremes(x, *points[0::2])
            ys += _extremes(y, *points[1::2])
        if points:
            x, y = points[-2:]
            xs.append(x)
            ys.append(y)
    return Box(min(xs), min(ys), max(xs), max(ys)) if xs else None


def moved_box(box: Box, matrix: Matrix) -> Box:
    """The box around a box that was turned."""
    corners = [moved(matrix, x, y) for x in (box.left, box.right) for y in (box.low, box.high)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def around(one: Box | None, two: Box) -> Box:
    """The box around both."""
    if one is None:
        return two
    return Box(min(one.left, two.left), min(one.low, two.low), max(one.right, two.right), max(one.high, two.high))


def meet(one: Box, two: Box) -> bool:
    """Whether they have a point in common."""
    return one.left <= two.right and two.left <= one.right and one.low <= two.high and two.low <= one.high


def part_of(page: Box, seen: Box) -> float:
    """The share of a page that a box on it covers."""
    across = min(seen.right, page.right) - max(seen.left, page.left)
    up = min(seen.high, page.high) - max(seen.low, page.low)
    return across * up / ((page.right - page.left) * (page.high - page.low))


def _pairs(points: Sequence[float]) -> Iterator[tuple[float, float]]:
    return zip(points[0::2], points[1::2], strict=True)


def _extremes(start: float, one: float, two: float, end: float) -> Iterator[float]:
    """Where a curve turns back along one axis."""
    a, b, c = end - 3 * two + 3 * one - start, 2 * (two - 2 * one + start), one - start
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    turns = [(-b + root) / (2 * a), (-b - root) / (2 * a)] if abs(a) > 1e-12 else [-c / b] if abs(b) > 1e-12 else []
    for t in turns:
        if 0 < t < 1:
            u = 1 - t
            yield u * u * u * start + 3 * u * u * t * one + 3 * u * t * t * two + t * t * t * end


def _size(attributes: Mapping[str, str], name: str, whole: float) -> float:
    return length(attributes.get(name, "0"), whole)


def _rectangle(attributes: Mapping[str, str], view: View) -> Outline:
    x, y = _size(attributes, "x", view.width), _size(attributes, "y", view.height)
    width, height = _size(attributes, "width", view.width), _size(attributes, "height", view.height)
    if width <= 0 or height <= 0:
        return []
    radii = {name: text for name in ("rx", "ry") if (text := attributes.get(name, "auto").strip()) != "auto"}
    rx = length(radii.get("rx", radii.get("ry", "0")), view.width)
    ry = length(radii.get("ry", radii.get("rx", "0")), view.height)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if rx <= 0 or ry <= 0:
        corners = ((x + width, y), (x + width, y + height), (x, y + height))
        return [Segment("m", (x, y)), *(Segment("l", corner) for corner in corners), Segment("h")]
    right, low = x + width, y + height
    h, v = rx * (1 - _ROUND), ry * (1 - _ROUND)  # from a corner to the handles of its curve
    return [
        Segment("m", (x + rx, y)),
        Segment("l", (right - rx, y)),
        Segment("c", (right - h, y, right, y + v, right, y + ry)),
        Segment("l", (right, low - ry)),
        Segment("c", (right, low - v, right - h, low, right - rx, low)),
        Segment("l", (x + rx, low)),
        Segment("c", (x + h, low, x, low - v, x, low - ry)),
        Segment("l", (x, y + ry)),
        Segment("c", (x, y + v, x + h, y, x + rx, y)),
        Segment("h"),
    ]


def _circle(attributes: Mapping[str, str], view: View) -> Outline:
    radius = _size(attributes, "r", view.diagonal)
    return _round(_size(attributes, "cx", view.width), _size(attributes, "cy", view.height), radius, radius)


def _ellipse(attributes: Mapping[str, str], view: View) -> Outline:
    rx, ry = attributes.get("rx", "auto").strip(), attributes.get("ry", "auto").strip()
    rx, ry = (ry if rx == "auto" else rx), (rx if ry == "auto" else ry)
    if rx == "auto":
        return []
    cx, cy = _size(attributes, "cx", view.width), _size(attributes, "cy", view.height)
    return _round(cx, cy, length(rx, view.width), length(ry, view.height))


def _round(x: float, y: float, rx: float, ry: float) -> Outline:
    if rx <= 0 or ry <= 0:
        return []
    h, v = rx * _ROUND, ry * _ROUND
    return [
        Segment("m", (x + rx, y)),
        Segment("c", (x + rx, y + v, x + h, y + ry, x, y + ry)),
        Segment("c", (x - h, y + ry, x - rx, y + v, x - rx, y)),
        Segment("c", (x - rx, y - v, x - h, y - ry, x, y - ry)),
        Segment("c", (x + h, y - ry, x + rx, y - v, x + rx, y)),
        Segment("h"),
    ]


def _line(attributes: Mapping[str, str], view: View) -> Outline:
    ends = [(_size(attributes, f"x{end}", view.width), _size(attributes, f"y{end}", view.height)) for end in (1, 2)]
    return [Segment("m", ends[0]), Segment("l", ends[1])]


def _polyline(attributes: Mapping[str, str], _: View) -> Outline:
    numbers = number_list(attributes.get("points", ""))
    if len(numbers) % 2:
        raise damaged(attributes["points"])
    return [Segment("l" if rank else "m", point) for rank, point in enumerate(_pairs(numbers))]


def _polygon(attributes: Mapping[str, str], view: View) -> Outline:
    corners = _polyline(attributes, view)
    return [*corners, Segment("h")] if corners else []


_SHAPES: dict[str, Callable[[Mapping[str, str], View], Outline]] = {
    "rect": _rectangle, "circle": _circle, "ellipse": _ellipse, "line": _line, "polyline": _polyline,
    "polygon": _polygon,
    "path": lambda attributes, _: path_outline(attributes.get("d", "")),
}  # fmt: skip
