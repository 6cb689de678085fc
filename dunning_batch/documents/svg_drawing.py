"""SVG elements one after the other, as the operators of a PDF form object."""

import zlib
from collections.abc import Callable, Mapping
from typing import TypeVar

from dunning_batch.documents.artwork import Artwork, Pieces, Use
from dunning_batch.documents.matrices import IDENTITY, Matrix, inverse, times
from dunning_batch.documents.svg_outline import (
    Box,
    View,
    around,
    box_of,
    drawn,
    is_shape,
    meet,
    moved_box,
    outline_of,
    part_of,
    turned,
    with_area,
)
from dunning_batch.documents.svg_paint import GRADIENTS, Element, Gradient, gradient, paint_of, reference_of
from dunning_batch.documents.svg_path import Outline
from dunning_batch.documents.svg_style import INHERITED, Sheet, Style
from dunning_batch.documents.svg_values import (
    Colour,
    SvgError,
    damaged,
    length,
    number,
    share,
    too_detailed,
    transform_of,
    unprintable,
    written,
)
from dunning_batch.errors import msg

_GROUPS = frozenset({"g", "a"})
_UNSEEN = frozenset({
    "style", "defs", "title", "desc", "metadata", "clipPath", "symbol", "marker", "mask", "pattern", "filter", "view",
    "color-profile", *GRADIENTS,
})  # fmt: skip
_CONDITIONS = ("requiredFeatures", "requiredExtensions", "systemLanguage")
_TEXTS = ("text", "tspan", "textPath", "tref")
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_RULES = {"nonzero": "", "evenodd": "*"}
ViewBox = tuple[float, float, float, float]  # left, upper edge, width, height of what is shown
_Chosen = TypeVar("_Chosen")
_MOST_ELEMENTS, _MOST_SEGMENTS, _MOST_LEVELS = 5_000, 100_000, 40


class Drawing:
    """A form object in the making, with what it needs: opacities, shadings, transparent groups."""

    def __init__(self, sheet: Sheet, view_box: ViewBox, root: Element) -> None:
        """Nothing is drawn yet; `root` and everything in it may be referred to."""
        left, top, width, height = view_box
        self._sheet, self._view, self._root = sheet, View(width, height), root
        self._page = Box(left, top, left + width, top + height)
        self._by_id: dict[str, Element] = {}
        self._alphas: dict[str, str] = {}
        self._shadings: dict[str, str] = {}
        self._groups: list[tuple[Box, str]] = []
        self._elements = self._segments = 0
        self._seen: Box | None = None  # what is painted, in the space of the drawing
        self._remember(root)

    def artwork(self, name: str, place: Matrix) -> Artwork:
        """The whole drawing as artwork of that name; `place`: from its own space onto the unit square."""
        content = self._group(self._root, self._sheet.style_of("svg", self._root.attributes, INHERITED), IDENTITY, 0)
        if not self._seen or not meet(self._seen, self._page):
            raise SvgError(msg("shows nothing: export the logo again, or as PNG."))
        resources = Use(f"{name}-res")
        groups = [
            (f"{name}-{rank}", _form(box, content_, resources, b"/Group <</S /Transparency>> "))
            for rank, (box, content_) in enumerate(self._groups)
        ]
        whole = _form(self._page, content, resources, b"/Matrix [%s] " % written(*place).encode())
        return Artwork(name, ((f"{name}-res", self._resources(name)), *groups, (name, whole)))

    @property
    def filled(self) -> float:
        """The share of its page that lies within the box around all that is painted."""
        return part_of(self._page, self._seen) if self._seen else 0

    def _resources(self, name: str) -> Pieces:
        alphas = " ".join(f"/{key} <</ca {alpha} /CA {alpha}>>" for alpha, key in self._alphas.items())
        shadings = " ".join(f"/{key} {shading}" for shading, key in self._shadings.items())
        pieces: list[bytes | Use] = [f"<</ExtGState <<{alphas}>> /Shading <<{shadings}>> /XObject <<".encode()]
        for rank in range(len(self._groups)):
            pieces += [b"/G%d " % rank, Use(f"{name}-{rank}"), b" "]
        return (*pieces, b">> >>")

    def _remember(self, element: Element) -> None:
        if name := element.attributes.get("id"):
            self._by_id.setdefault(name, element)
        for child in element.children:
            self._remember(child)

    def _find(self, name: str) -> Element:
        if name not in self._by_id:
            raise damaged(f"#{name}")
        return self._by_id[name]

    def _element(self, element: Element, inherited: Style, matrix: Matrix, level: int) -> str:
        """The operators of an element inside one that looks like `inherited`; `matrix`: the space around it."""
        self._elements += 1
        if self._elements > _MOST_ELEMENTS or level > _MOST_LEVELS:
            raise too_detailed()
        style = self._sheet.style_of(element.name, element.attributes, inherited)
        if style["display"] == "none" or element.name in _UNSEEN:
            return ""
        if any(element.attributes.get(name) for name in _CONDITIONS):
            raise unprintable(next(name for name in _CONDITIONS if element.attributes.get(name)))
        turn = transform_of(element.attributes.get("transform", ""))
        if element.name == "use":
            turn = times(turn, (1, 0, 0, 1, *self._corner(element)))
        inner = times(matrix, turn)
        if inverse(inner) is None:
            return ""
        content = self._inside(element, style, inner, level)
        return f"q {written(*turn)} cm {content} Q" if turn != IDENTITY and content else content

    def _inside(self, element: Element, style: Style, matrix: Matrix, level: int) -> str:
        if is_shape(element.name):
            return self._shape(element, style, matrix)
        if element.name == "use":
            return self._group(Element("g", element.attributes, (self._used(element),)), style, matrix, level)
        if element.name in _GROUPS:
            return self._group(element, style, matrix, level)
        if element.name in _TEXTS:
            raise SvgError(
                msg(
                    "holds a text, whose font is not in the file. Turn texts into paths (in Inkscape: Path, Object to "
                    "Path; in Illustrator: Type, Create Outlines) and save it again, or export the logo as PNG."
                )
            )
        raise unprintable(f"<{element.name}>")

    def _group(self, element: Element, style: Style, matrix: Matrix, level: int) -> str:
        parts = [self._element(child, style, matrix, level + 1) for child in element.children]
        content = " ".join(part for part in parts if part)
        if not content:
            return ""
        content = self._as_one(content, share(style["opacity"]), matrix)
        return self._clipped(content, style, None)

    def _corner(self, element: Element) -> tuple[float, float]:
        given = element.attributes
        return length(given.get("x", "0"), self._view.width), length(given.get("y", "0"), self._view.height)

    def _used(self, element: Element) -> Element:
        target = self._find(element.target)
        if target.name not in (*_GROUPS, "use") and not is_shape(target.name):
            raise unprintable(f"<use> <{target.name}>")
        return target

    def _shape(self, element: Element, style: Style, matrix: Matrix) -> str:
        outline = outline_of(element.name, element.attributes, self._view)
        self._segments += len(outline)
        if self._segments > _MOST_SEGMENTS:
            raise too_detailed()
        box = box_of(outline)
        if box is None or style["visibility"] != "visible":
            return ""
        content = self._painted(outline, box, style, matrix)
        return self._clipped(content, style, box) if content else ""

    def _painted(self, outline: Outline, box: Box, style: Style, matrix: Matrix) -> str:
        """Fill and stroke; together they are one thing where the whole is transparent."""
        fill = paint_of(style["fill"], style["color"], self._gradient_of(style))
        line = paint_of(style["stroke"], style["color"], self._gradient_of(style))
        width = length(style["stroke-width"], self._view.diagonal)
        alphas = share(style["fill-opacity"]), share(style["stroke-opacity"])
        whole = share(style["opacity"])
        if isinstance(line, Gradient):
            raise unprintable("stroke: url(#…)")
        both = fill is not None and line is not None and width > 0
        if not both:
            alphas, whole = (alphas[0] * whole, alphas[1] * whole), 1.0
        parts = []
        if fill is not None:
            parts.append(self._filled(outline, box, fill, alphas[0], style))
        if line is not None and width > 0:
            parts.append(self._stroked(outline, line, alphas[1], width, style))
        content = " ".join(part for part in parts if part)
        if content and whole:
            self._seen = around(self._seen, moved_box(box, matrix))
        return self._as_one(content, whole, matrix) if content else ""

    def _filled(self, outline: Outline, box: Box, fill: Gradient | Colour, alpha: float, style: Style) -> str:
        rule = _choice(_RULES, style, "fill-rule")
        path = drawn(with_area(outline))
        alpha *= fill.alpha if isinstance(fill, Colour) else 1
        if not path or not alpha:
            return ""
        if isinstance(fill, Colour):
            return f"q {self._alpha(alpha)}{written(*fill[:3])} rg {path} f{rule} Q"
        place = times(box.matrix, fill.matrix) if fill.of_box else fill.matrix
        key = self._shadings.setdefault(fill.shading, f"S{len(self._shadings)}")
        return f"q {self._alpha(alpha)}{path} W{rule} n {written(*place)} cm /{key} sh Q"

    def _stroked(self, outline: Outline, line: Colour, alpha: float, width: float, style: Style) -> str:
        alpha *= line.alpha
        if not alpha:
            return ""
        cap, join = _choice(_CAPS, style, "stroke-linecap"), _choice(_JOINS, style, "stroke-linejoin")
        miter = max(1.0, number(style["stroke-miterlimit"]))
        look = f"{written(width)} w {cap} J {join} j {written(miter)} M{self._dashes(style)}"
        return f"q {self._alpha(alpha)}{written(*line[:3])} RG {look} {drawn(outline)} S Q"

    def _dashes(self, style: Style) -> str:
        if style["stroke-dasharray"] == "none":
            return ""
        parts = style["stroke-dasharray"].replace(",", " ").split()
        dashes = [length(part, self._view.diagonal) for part in parts]
        if min(dashes, default=0) < 0:
            raise damaged(style["stroke-dasharray"])
        dashes *= 1 + len(dashes) % 2  # an odd number of them means them twice, as some viewers of PDF forget
        offset = length(style["stroke-dashoffset"], self._view.diagonal)
        return f" [{written(*dashes)}] {written(offset % sum(dashes))} d" if any(dashes) else ""

    def _gradient_of(self, style: Style) -> Callable[[str], Gradient | Colour | None]:
        def look(one: Element) -> Style:
            return self._sheet.style_of(one.name, one.attributes, style)

        return lambda name: gradient(name, self._find, look, self._view)

    def _clipped(self, content: str, style: Style, box: Box | None) -> str:
        """Only what lies inside the shape that `clip-path` names."""
        if style["clip-path"] == "none":
            return content
        name = reference_of(style["clip-path"])
        if not name or self._find(name).name != "clipPath":
            raise unprintable(f"clip-path: {style['clip-path']}")
        outline, rule = self._clip(self._find(name), box)
        return f"q {drawn(outline)} W{rule} n {content} Q" if outline else ""

    def _clip(self, clip: Element, box: Box | None) -> tuple[Outline, str]:
        place = transform_of(clip.attributes.get("transform", ""))
        if clip.attributes.get("clipPathUnits", "userSpaceOnUse") != "userSpaceOnUse":
            if box is None:
                raise unprintable("clipPathUnits=objectBoundingBox")
            place = times(box.matrix, place)
        style = self._sheet.style_of("clipPath", clip.attributes, INHERITED)
        shapes = [one for one in clip.children if one.name not in _UNSEEN]
        if len(shapes) > 1 or style["clip-path"] != "none":
            raise unprintable("<clipPath> × 2")
        return self._clip_shape(shapes[0], style, place, 0) if shapes else ([], "")

    def _clip_shape(self, shape: Element, inherited: Style, place: Matrix, level: int) -> tuple[Outline, str]:
        style = self._sheet.style_of(shape.name, shape.attributes, inherited)
        place = times(place, transform_of(shape.attributes.get("transform", "")))
        if style["clip-path"] != "none":
            raise unprintable("<clipPath> × 2")
        if style["display"] == "none" or style["visibility"] != "visible":
            return [], ""
        if shape.name == "use" and level < 5:
            return self._clip_shape(
                self._find(shape.target), style, times(place, (1, 0, 0, 1, *self._corner(shape))), level + 1
            )
        if not is_shape(shape.name):
            raise unprintable(f"<clipPath> <{shape.name}>")
        return turned(outline_of(shape.name, shape.attributes, self._view), place), _choice(_RULES, style, "clip-rule")

    def _as_one(self, content: str, alpha: float, matrix: Matrix) -> str:
        """What is transparent as a whole is drawn apart first."""
        if alpha == 1:
            return content
        back = inverse(matrix)
        if not alpha or back is None:
            return ""
        self._groups.append((moved_box(self._page, back), content))
        return f"q {self._alpha(alpha)}/G{len(self._groups) - 1} Do Q"

    def _alpha(self, alpha: float) -> str:
        if alpha == 1:
            return ""
        return f"/{self._alphas.setdefault(written(alpha), f'A{len(self._alphas)}')} gs "


def _form(box: Box, content: str, resources: Use, more: bytes) -> Pieces:
    packed = zlib.compress(content.encode("ascii"), 9)
    head = b"<</Type /XObject /Subtype /Form /BBox [%s] %s/Resources " % (written(*box).encode(), more)
    return head, resources, b" /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)


def _choice(choices: Mapping[str, _Chosen], style: Style, key: str) -> _Chosen:
    if style[key] not in choices:
        raise unprintable(f"{key}: {style[key]}")
    return choices[style[key]]
