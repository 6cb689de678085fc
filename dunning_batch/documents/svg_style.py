"""How the shapes of an SVG file look: attributes, `style`, and the simple rules of a `<style>` element.

A rule picks by name, class or id; any other one is refused, since a shape that it meant would look wrong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dunning_batch.documents.svg_values import damaged, unprintable

Style = Mapping[str, str]
INHERITED: Style = {
    "clip-rule": "nonzero", "color": "black", "fill": "black", "fill-opacity": "1", "fill-rule": "nonzero",
    "paint-order": "normal", "stroke": "none", "stroke-dasharray": "none", "stroke-dashoffset": "0",
    "stroke-linecap": "butt", "stroke-linejoin": "miter", "stroke-miterlimit": "4", "stroke-opacity": "1",
    "stroke-width": "1", "visibility": "visible", "marker": "none", "marker-start": "none", "marker-mid": "none",
    "marker-end": "none",
}  # fmt: skip
_OWN: Style = {
    "clip-path": "none", "display": "inline", "filter": "none", "mask": "none", "mix-blend-mode": "normal",
    "opacity": "1", "stop-color": "black", "stop-opacity": "1", "vector-effect": "none", "background": "none",
    "background-color": "transparent",
}  # fmt: skip
# What would make the picture another one if it were passed over.
_UNPRINTED = ("filter", "mask", "mix-blend-mode", "vector-effect", "marker", "marker-start", "marker-mid", "marker-end")
_GEOMETRY = frozenset({
    "transform", "transform-origin", "transform-box", "translate", "rotate", "scale", "offset-path", "d", "x", "y",
    "cx", "cy", "r", "rx", "ry", "width", "height", "mask-image", "-webkit-mask", "all", "zoom",
})  # fmt: skip
_USUAL_ORDERS = ("normal", "fill", "fill stroke", "fill stroke markers", "fill markers", "fill markers stroke")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_PASSED_OVER = re.compile(r"@font-face\s*\{[^{}]*\}|@charset[^;{}]*;")
_RULE = re.compile(r"\s*([^{}]+?)\s*\{([^{}]*)\}")
_SELECTOR = re.compile(r"(\*|[A-Za-z][\w-]*)?((?:[.#][\w-]+)*)")


class _Rule(NamedTuple):
    """Declarations for what bears a name, and all of the classes and ids."""

    weight: tuple[int, int, int]
    name: str
    classes: frozenset[str]
    ids: frozenset[str]
    values: tuple[tuple[str, str], ...]


class Sheet:
    """The rules of a drawing, the weightiest last."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Read the texts of its `<style>` elements."""
        rules = [rule for text in texts for rule in _rules(text)]
        self._rules = sorted(rules, key=lambda rule: rule.weight)

    def style_of(self, name: str, attributes: Mapping[str, str], inherited: Style) -> Style:
        """What an element looks like inside one that looks like `inherited`."""
        style = {**{key: inherited[key] for key in INHERITED}, **_OWN}
        for key, value in (*self._declared(name, attributes), *_declarations(attributes.get("style", ""))):
            if value == "inherit":
                style[key] = inherited.get(key, _OWN.get(key, ""))
            elif value in ("initial", "unset", "revert"):
                raise unprintable(f"{key}: {value}")
            else:
                style[key] = value
        _refuse(style)
        return style

    def _declared(self, name: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        yield from ((key, attributes[key].strip()) for key in attributes if key in INHERITED or key in _OWN)
        classes, ids = set(attributes.get("class", "").split()), {attributes.get("id", "")}
        for rule in self._rules:
            if rule.name in ("*", "", name) and rule.classes <= classes and rule.ids <= ids:
                yield from rule.values


def _rules(text: str) -> Iterator[_Rule]:
    text = _PASSED_OVER.sub("", _COMMENT.sub("", text))
    place = 0
    while match := _RULE.match(text, place):
        values = tuple(_declarations(match[2]))
        for selector in match[1].split(","):
            yield _rule(selector.strip(), values)
        place = match.end()
    if text[place:].strip():
        raise unprintable(text[place:].strip())


def _rule(selector: str, values: tuple[tuple[str, str], ...]) -> _Rule:
    match = _SELECTOR.fullmatch(selector)
    if not match or not selector:
        raise unprintable(selector)
    marks = re.findall(r"[.#][\w-]+", match[2])
    classes = frozenset(mark[1:] for mark in marks if mark[0] == ".")
    ids = frozenset(mark[1:] for mark in marks if mark[0] == "#")
    name = match[1] or ""
    return _Rule((len(ids), len(classes), name not in ("", "*")), name, classes, ids, values)


def _declarations(text: str) -> Iterator[tuple[str, str]]:
    for part in _COMMENT.sub("", text).split(";"):
        if not part.strip():
            continue
        key, colon, value = (piece.strip() for piece in part.partition(":"))
        if not colon:
            raise damaged(part)
        if "!" in value or "var(" in value or key in _GEOMETRY:
            raise unprintable(part.strip())
        if key in INHERITED or key in _OWN:
            yield key, value


def _refuse(style: Style) -> None:
    for key in _UNPRINTED:
        if style[key] != (INHERITED.get(key) or _OWN[key]):
            raise unprintable(f"{key}: {style[key]}")
    if " ".join(style["paint-order"].split()) not in _USUAL_ORDERS:
        raise unprintable(f"paint-order: {style['paint-order']}")
