"""What fills SVG shapes: plain colours, and gradients along a line or around a point as PDF has them."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from dunning_batch.documents.matrices import Matrix
from dunning_batch.documents.svg_outline import View
from dunning_batch.documents.svg_style import Style
from dunning_batch.documents.svg_values import (
    Colour,
    colour,
    damaged,
    length,
    share,
    transform_of,
    unprintable,
    written,
)

_REFERENCE = re.compile(r"""url\(\s*(["']?)#([^"')]+)\1\s*\)""")
_LEAST_STEP = 1e-5  # between two stops: PDF wants each further on than the one before
_MOST_LINKS = 10
GRADIENTS = ("linearGradient", "radialGradient")


class Element(NamedTuple):
    """An element of the drawing; attributes without namespaces."""

    name: str
    attributes: Mapping[str, str]
    children: tuple["Element", ...] = ()

    @property
    def target(self) -> str:
        """The id that `href` names. What lies outside of the file is refused."""
        href = self.attributes.get("href", "").strip()
        if not href.startswith("#") or len(href) == 1:
            raise unprintable(f"{self.name} href={href}")
        return href[1:]


class Gradient(NamedTuple):
    """A shading, and the place of its coordinates."""

    shading: str  # a PDF dictionary
    of_box: bool  # its coordinates are shares of the box around the shape
    matrix: Matrix


Find = Callable[[str], Element]  # by id; SvgError where there is none
StyleOf = Callable[[Element], Style]


def paint_of(
    text: str, current: str, gradient_of: Callable[[str], "Gradient | Colour | None"]
) -> "Gradient | Colour | None":
    """What a `fill` or `stroke` says; None for nothing."""
    if text == "none":
        return None
    name = reference_of(text)
    return gradient_of(name) if name else colour(text, current)


def reference_of(text: str) -> str:
    """The id in `url(#id)`; empty where there is no url. What lies outside of the file is refused."""
    match = _REFERENCE.match(text.strip())
    if not match and "url" in text.lower():
        raise unprintable(text)
    return match[2] if match else ""


def gradient(name: str, find: Find, style_of: StyleOf, view: View) -> Gradient | Colour | None:
    """A gradient; a plain colour where it has but one, None where it has none."""
    chain = _chain(name, find)
    attributes = {key: value for one in reversed(chain) for key, value in one.attributes.items()}
    stops = _stops(
        next((one for one in chain if any(child.name == "stop" for child in one.children)), chain[0]), style_of
    )
    if attributes.get("spreadMethod", "pad") != "pad":
        raise unprintable(f"spreadMethod={attributes['spreadMethod']}")
    units = attributes.get("gradientUnits", "objectBoundingBox")
    if units not in ("objectBoundingBox", "userSpaceOnUse"):
        raise damaged(units)
    of_box = units == "objectBoundingBox"
    straight = chain[0].name == GRADIENTS[0]
    place = (_line if straight else _rings)(attributes, View(1, 1) if of_box else view)
    if not stops:
        return None
    if place is None or len(stops) == 1:
        return stops[-1][1]
    kind, coordinates = 2 if straight else 3, written(*place)
    shading = f"<</ShadingType {kind} /ColorSpace /DeviceRGB /Coords [{coordinates}] /Extend [true true] "
    shading += f"/Function {_function(stops)}>>"
    return Gradient(shading, of_box, transform_of(attributes.get("gradientTransform", "")))


def _chain(name: str, find: Find) -> list[Element]:
    """The gradient and those that it takes its parts from."""
    chain = [find(name)]
    while chain[-1].attributes.get("href"):
        chain.append(find(chain[-1].target))
        if len(chain) > _MOST_LINKS:
            raise damaged(f"#{name}")
    for one in chain:
        if one.name not in GRADIENTS:
            raise unprintable(f"<{one.name}>")
    return chain


def _stops(one: Element, style_of: StyleOf) -> list[tuple[float, Colour]]:
    """Offsets, each further on than the one before, from 0 to 1, and colours."""
    given = [child for child in one.children if child.name == "stop"]
    stops: list[tuple[float, Colour]] = []
    for child in given:
        style = style_of(child)
        shade = colour(style["stop-color"], style["color"])
        if shade.alpha * share(style["stop-opacity"]) < 1:
            raise unprintable("stop-opacity")
        offset = share(child.attributes.get("offset", "0"))
        stops.append((max(offset, stops[-1][0] + _LEAST_STEP) if stops else offset, shade))
    if stops and stops[0][0] > 0:
        stops.insert(0, (0.0, stops[0][1]))
    if stops and stops[-1][0] < 1:
        stops.append((1.0, stops[-1][1]))
    return [(offset / stops[-1][0], shade) for offset, shade in stops]


def _line(attributes: Mapping[str, str], view: View) -> tuple[float, ...] | None:
    ends = (("x1", "0%", view.width), ("y1", "0%", view.height), ("x2", "100%", view.width), ("y2", "0%", view.height))
    x1, y1, x2, y2 = (length(attributes.get(name, usual), whole) for name, usual, whole in ends)
    return None if (x1, y1) == (x2, y2) else (x1, y1, x2, y2)


def _rings(attributes: Mapping[str, str], view: View) -> tuple[float, ...] | None:
    cx, cy = attributes.get("cx", "50%"), attributes.get("cy", "50%")
    x, y, r = length(cx, view.width), length(cy, view.height), length(attributes.get("r", "50%"), view.diagonal)
    inner_x, inner_y = length(attributes.get("fx", cx), view.width), length(attributes.get("fy", cy), view.height)
    inner = length(attributes.get("fr", "0"), view.diagonal)
    if ((inner_x - x) ** 2 + (inner_y - y) ** 2) ** 0.5 + inner > r > 0:
        raise unprintable("fx, fy")
    return (inner_x, inner_y, inner, x, y, r) if r > 0 else None


def _function(stops: list[tuple[float, Colour]]) -> str:
    """From stop to stop, one function each, put together."""
    parts = [
        f"<</FunctionType 2 /Domain [0 1] /N 1 /C0 [{written(*one[:3])}] /C1 [{written(*two[:3])}]>>"
        for (_, one), (_, two) in pairwise(stops)
    ]
    bounds = " ".join(f"{offset:.6f}" for offset, _ in stops[1:-1])
    joined, encode = " ".join(parts), "0 1 " * len(parts)
    return f"<</FunctionType 3 /Domain [0 1] /Functions [{joined}] /Bounds [{bounds}] /Encode [{encode}]>>"
