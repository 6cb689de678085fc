"""The `d` of an SVG path: its letters and numbers, as moves, lines and curves in absolute coordinates."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dunning_batch.documents.matrices import Matrix, moved
from dunning_batch.documents.svg_values import ITEM, damaged, number_list

_COMMANDS = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])")
_NUMBERS_OF = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_FLAG = re.compile(r"[\s,]*([01])")


class Segment(NamedTuple):
    """One step of an outline: `m`, `l`, `c` or `h`, as PDF names them, and its points."""

    step: str
    points: tuple[float, ...] = ()


Outline = list[Segment]


def path_outline(text: str) -> Outline:
    """What a path draws. Raises SvgError where it is damaged."""
    text = text.strip()
    if text in ("", "none"):
        return []
    before, *parts = _COMMANDS.split(text)
    if before.strip() or parts[0] not in "Mm":
        raise damaged(text)
    plotter = _Plotter()
    for command, given in zip(parts[0::2], parts[1::2], strict=True):
        plotter.run(command, _arcs(given) if command in "Aa" else number_list(given), command + given)
    return plotter.outline


def _arcs(text: str) -> list[float]:
    """The numbers of arcs; their two flags may stand without a blank between them and what follows."""
    found: list[float] = []
    place = 0
    while text[place:].strip(" \t\r\n,"):
        match = (_FLAG if len(found) % 7 in (3, 4) else ITEM).match(text, place)
        if not match:
            raise damaged(text[place:])
        found += number_list(match[1])
        place = match.end()
    return found


class _Plotter:
    """Follows the commands of a path."""

    def __init__(self) -> None:
        self.outline: Outline = []
        self._x = self._y = 0.0
        self._start = (0.0, 0.0)
        self._handle: tuple[str, float, float] = ("", 0.0, 0.0)  # of the curve before, for a smooth one

    def run(self, command: str, given: Sequence[float], text: str) -> None:
        """One letter and its numbers, which may be those of several steps."""
        kind = command.upper()
        count = _NUMBERS_OF[kind]
        if kind == "Z":
            if given:
                raise damaged(text)
            self._close()
            return
        if not given or len(given) % count:
            raise damaged(text)
        for start in range(0, len(given), count):
            numbers = (
                self._absolute(kind, given[start : start + count])
                if command.islower()
                else given[start : start + count]
            )
            self._follow("L" if kind == "M" and start else kind, numbers)

    def _follow(self, kind: str, numbers: Sequence[float]) -> None:
        steps: dict[str, Callable[..., None]] = {
            "M": self._move, "L": self._to, "H": self._across, "V": self._down, "C": self._curve, "S": self._smooth,
            "Q": self._quadratic, "T": self._smooth_quadratic, "A": self._arc,
        }  # fmt: skip
        steps[kind](*numbers)

    def _absolute(self, kind: str, numbers: Sequence[float]) -> Sequence[float]:
        if kind == "H":
            return [numbers[0] + self._x]
        if kind == "V":
            return [numbers[0] + self._y]
        kept = 5 if kind == "A" else 0
        shifted = [one + (self._y if rank % 2 else self._x) for rank, one in enumerate(numbers[kept:])]
        return [*numbers[:kept], *shifted]

    def _step(self, step: str, *points: float, handle: tuple[str, float, float] = ("", 0.0, 0.0)) -> None:
        self.outline.append(Segment(step, points))
        self._x, self._y = points[-2:]
        self._handle = handle

    def _close(self) -> None:
        self.outline.append(Segment("h"))
        self._x, self._y = self._start
        self._handle = ("", 0.0, 0.0)

    def _move(self, x: float, y: float) -> None:
        self._start = (x, y)
        self._step("m", x, y)

    def _to(self, x: float, y: float) -> None:
        self._step("l", x, y)

    def _across(self, x: float) -> None:
        self._to(x, self._y)

    def _down(self, y: float) -> None:
        self._to(self._x, y)

    def _curve(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> None:
        self._step("c", x1, y1, x2, y2, x, y, handle=("C", x2, y2))

    def _smooth(self, x2: float, y2: float, x: float, y: float) -> None:
        self._curve(*self._mirrored("C"), x2, y2, x, y)

    def _quadratic(self, x1: float, y1: float, x: float, y: float) -> None:
        ends = ((self._x + 2 * x1) / 3, (self._y + 2 * y1) / 3, (x + 2 * x1) / 3, (y + 2 * y1) / 3)
        self._step("c", *ends, x, y, handle=("Q", x1, y1))

    def _smooth_quadratic(self, x: float, y: float) -> None:
        self._quadratic(*self._mirrored("Q"), x, y)

    def _mirrored(self, kind: str) -> tuple[float, float]:
        before, x, y = self._handle
        return (2 * self._x - x, 2 * self._y - y) if before == kind else (self._x, self._y)

    def _arc(self, rx: float, ry: float, angle: float, large: float, sweep: float, x: float, y: float) -> None:
        if (x, y) == (self._x, self._y):
            return
        if not rx or not ry:
            self._to(x, y)
            return
        for points in _arc_curves((self._x, self._y), (x, y), (abs(rx), abs(ry)), angle, (bool(large), bool(sweep))):
            self._step("c", *points)


def _arc_curves(
    start: tuple[float, float],
    end: tuple[float, float],
    radii: tuple[float, float],
    degrees: float,
    flags: tuple[bool, bool],
) -> Iterator[tuple[float, ...]]:
    """An arc between two points as curves of a quarter at most (SVG 1.1, implementation notes F.6)."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, -sin * half_x + cos * half_y
    grown = max(1.0, math.hypot(x / radii[0], y / radii[1]))
    rx, ry = radii[0] * grown, radii[1] * grown
    past = (rx * ry) ** 2 / ((rx * y) ** 2 + (ry * x) ** 2) - 1
    side = math.sqrt(max(0.0, past)) * (-1 if flags[0] == flags[1] else 1)
    middle_x, middle_y = side * rx * y / ry, -side * ry * x / rx
    first = math.atan2((y - middle_y) / ry, (x - middle_x) / rx)
    sweep = math.atan2((-y - middle_y) / ry, (-x - middle_x) / rx) - first
    sweep += (2 * math.pi if flags[1] and sweep < 0 else 0) - (2 * math.pi if not flags[1] and sweep > 0 else 0)
    centre = (
        cos * middle_x - sin * middle_y + (start[0] + end[0]) / 2,
        sin * middle_x + cos * middle_y + (start[1] + end[1]) / 2,
    )
    place: Matrix = (cos * rx, sin * rx, -sin * ry, cos * ry, *centre)
    count = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
    step = sweep / count
    bow = 4 / 3 * math.tan(step / 4)
    for rank in range(count):
        one, two = first + rank * step, first + (rank + 1) * step
        handles = (math.cos(one) - bow * math.sin(one), math.sin(one) + bow * math.cos(one),
                   math.cos(two) + bow * math.sin(two), math.sin(two) - bow * math.cos(two))  # fmt: skip
        last = end if rank == count - 1 else moved(place, math.cos(two), math.sin(two))
        yield (*moved(place, *handles[:2]), *moved(place, *handles[2:]), *last)
