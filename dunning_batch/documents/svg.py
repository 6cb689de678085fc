"""A logo in SVG, as vectors: a safe part of SVG becomes a form object that every letter shares (S7).

What is drawn: paths and basic shapes, groups, `<use>` within the file, transforms, strokes, opacity, clipping by one
shape, gradients as fills. What would change the picture and is not among these (texts, pictures, filters, masks,
scripts, ...) is refused by its name: a logo is never printed wrong in silence. Nothing outside of the file is opened:
no document type with entities, no address, no file.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree

from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.matrices import Matrix
from dunning_batch.documents.svg_drawing import Drawing, ViewBox
from dunning_batch.documents.svg_paint import Element
from dunning_batch.documents.svg_style import INHERITED, Sheet
from dunning_batch.documents.svg_values import SvgError, damaged, length, number_list, too_detailed, unprintable
from dunning_batch.errors import msg

_MOST_BYTES, _MOST_PACKED = 2_000_000, 200_000
_SVG = "http://www.w3.org/2000/svg"
_PARSER = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False,
           "remove_comments": True, "remove_pis": False}  # fmt: skip
_WHITE = ("none", "transparent", "white", "#fff", "#ffffff")
_ALIGN = re.compile(r"x(Min|Mid|Max)Y(Min|Mid|Max)")
_SHARES = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}

_Node = Any  # lxml has no types of its own


class Vectors(NamedTuple):
    """A drawing that fills the unit square, and its proportions."""

    artwork: Artwork
    width: float
    height: float
    filled: float  # the share of its page that the drawing fills


def looks_like_svg(data: bytes) -> bool:
    """Whether a file is meant as SVG, whatever it is called."""
    return b"<svg" in data[:4096] or (b"<!DOCTYPE svg" in data[:4096])


def vectors_of(data: bytes) -> Vectors:
    """The drawing. Raises SvgError with what is not printed, or wrong."""
    if len(data) > _MOST_BYTES:
        raise SvgError(msg("is larger than 2 MB: simplify the drawing, or export the logo as PNG."))
    root, texts = _read(data)
    if root.name != "svg":
        raise damaged(f"<{root.name}>")
    width, height, view_box = _sizes(root.attributes)
    sheet = Sheet(texts)
    style = sheet.style_of("svg", root.attributes, INHERITED)
    if any(style[key].strip().lower() not in _WHITE for key in ("background", "background-color")):
        raise unprintable("background")
    if "transform" in root.attributes:
        raise unprintable("<svg transform>")
    drawing = Drawing(sheet, view_box, root)
    artwork = drawing.artwork(f"svg-{hashlib.sha256(data).hexdigest()[:16]}", _fitted(root, width, height, view_box))
    if sum(len(piece) for _, pieces in artwork.pieces for piece in pieces if isinstance(piece, bytes)) > _MOST_PACKED:
        raise too_detailed()
    return Vectors(artwork, width, height, drawing.filled)


def _read(data: bytes) -> tuple[Element, list[str]]:
    """The drawing, and the texts of its style sheets."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**_PARSER))
    except etree.XMLSyntaxError as error:
        raise damaged(str(error.msg or "XML")) from error
    kind = root.getroottree().docinfo.internalDTD
    if kind is not None and next(kind.iterentities(), None) is not None:
        raise unprintable("<!ENTITY>")
    if b"<!ATTLIST" in data:
        raise unprintable("<!ATTLIST>")
    if any(one.tag is etree.ProcessingInstruction and one.target == "xml-stylesheet" for one in _instructions(root)):
        raise unprintable("<?xml-stylesheet?>")
    texts = ["".join(one.itertext()) for one in root.iter(f"{{{_SVG}}}style", "style")]
    return _element(root), texts


def _instructions(root: _Node) -> Iterator[_Node]:
    yield from root.itersiblings(preceding=True)
    yield from root.iter(etree.ProcessingInstruction)


def _element(node: _Node) -> Element:
    """What of an element can be drawn; elements of editors and of other languages are left behind."""
    attributes = {etree.QName(key).localname: str(value) for key, value in node.items() if _is_ours(key)}
    children = tuple(
        _element(one) for one in node if isinstance(one.tag, str) and etree.QName(one).namespace in (_SVG, None)
    )
    return Element(etree.QName(node).localname, attributes, children)


def _is_ours(key: str) -> bool:
    return etree.QName(key).namespace in (None, "http://www.w3.org/1999/xlink")


def _sizes(attributes: Mapping[str, str]) -> tuple[float, float, ViewBox]:
    """Width and height, and the part of the plane that is shown."""
    given = number_list(attributes["viewBox"]) if "viewBox" in attributes else []
    if given and (len(given) != 4 or min(given[2:]) <= 0):
        raise damaged(f"viewBox={attributes['viewBox']}")
    sizes = [length(text, 0) for name in ("width", "height") if _is_length(text := attributes.get(name, ""))]
    if len(sizes) == 2 and min(sizes) > 0:
        width, height = sizes
    elif given:
        width, height = given[2:]
    else:
        raise SvgError(
            msg("does not say how large it is (viewBox, or width and height): export the logo again, or as PNG.")
        )
    return width, height, (given[0], given[1], given[2], given[3]) if given else (0, 0, width, height)


def _is_length(text: str) -> bool:
    return bool(text.strip()) and not text.strip().endswith("%") and text.strip() != "auto"


def _fitted(root: Element, width: float, height: float, view_box: ViewBox) -> Matrix:
    """From the drawing onto the unit square, upright, in its proportions (`preserveAspectRatio`)."""
    x, y, wide, high = view_box
    across, down = width / wide, height / high
    align, *how = root.attributes.get("preserveAspectRatio", "xMidYMid").split() or ["xMidYMid"]
    shift = (0.0, 0.0)
    if align != "none":
        match = _ALIGN.fullmatch(align)
        if not match or how not in ([], ["meet"]):
            raise unprintable(f"preserveAspectRatio={root.attributes['preserveAspectRatio']}")
        across = down = min(across, down)
        shift = ((width - wide * across) * _SHARES[match[1]], (height - high * down) * _SHARES[match[2]])
    left, top = shift[0] - x * across, shift[1] - y * down
    return across / width, 0, 0, -down / height, left / width, 1 - top / height
