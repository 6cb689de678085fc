"""Logos in SVG: vectors stay vectors, proportions stay, and what is not printed is refused by its name."""

import io

import pypdfium2
import pytest
from pypdf import PdfReader

from dunning_batch.config.settings import LetterSettings
from dunning_batch.documents.binding import PrintFile, pdf_of
from dunning_batch.documents.drawing import draw
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.letterhead import load_stationery
from dunning_batch.documents.pages import About, Letter, Picture, Row
from dunning_batch.documents.papers import Papers
from dunning_batch.documents.svg import vectors_of
from dunning_batch.documents.svg_values import SvgError
from dunning_batch.errors import ConfigurationError
from tests.documents.letters import SENDER, reminder, templates

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
LOOK = LetterSettings(logo="logo.svg")


def svg(body, box="0 0 100 100", more=""):
    """A file; its drawing is 100 units wide and high."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}" {more}>{body}</svg>'.encode()


def picture(data, side=200):
    """The drawing on a page of its own, as pixels; `at(x, y)` in hundredths of its width and height."""
    page = [(0.0, Row(0, pictures=(Picture(0, 0, side, side, vectors_of(data).artwork),)))]
    pdf = pdf_of(Letter(About("T", "A", "fr-FR", reminder().as_of), (page,)))
    image = pypdfium2.PdfDocument(pdf)[0].render().to_pil().convert("RGB")
    return lambda x, y: image.getpixel((round(x * side / 100), round(y * side / 100)))


def near(one, two, off=6):
    return all(abs(a - b) <= off for a, b in zip(one, two, strict=True))


def refusal(data):
    with pytest.raises(SvgError) as caught:
        vectors_of(data)
    return caught.value.fault.text.format(**dict(caught.value.fault.values))


SHAPES = {
    "a rectangle": ('<rect x="10" y="20" width="30" height="10" fill="red"/>', {(20, 25): RED, (20, 35): WHITE, (5, 25): WHITE}),
    "round corners": ('<rect width="100" height="100" rx="40" fill="red"/>', {(3, 3): WHITE, (97, 97): WHITE, (50, 3): RED, (3, 50): RED}),
    "a share of the drawing": ('<rect x="50%" width="50%" height="50%" fill="red"/>', {(75, 25): RED, (25, 25): WHITE, (75, 75): WHITE}),
    "a circle": ('<circle cx="50" cy="50" r="40" fill="blue"/>', {(50, 12): BLUE, (15, 50): BLUE, (20, 20): WHITE}),
    "an ellipse": ('<ellipse cx="50" cy="50" rx="45" ry="20" fill="blue"/>', {(8, 50): BLUE, (50, 75): WHITE}),
    "a line": ('<line x1="0" y1="50" x2="100" y2="50" stroke="green" stroke-width="10"/>', {(50, 50): GREEN, (50, 40): WHITE}),
    "a polyline": ('<polyline points="10,10 90,10 90 90" fill="none" stroke="red" stroke-width="6"/>', {(50, 10): RED, (90, 50): RED, (50, 50): WHITE}),
    "a polygon": ('<polygon points="0,0 100,0 100,100" fill="red"/>', {(75, 25): RED, (25, 75): WHITE}),
    "lines, near and far": ('<path d="m10 10h80v80H10z" fill="red"/>', {(50, 50): RED, (95, 50): WHITE}),
    "pairs after a move are lines": ('<path d="M0 0 100 0 100 100z" fill="red"/>', {(75, 25): RED, (25, 75): WHITE}),
    "curves": ('<path d="M0 50C0 -10 100 -10 100 50z" fill="red"/>', {(50, 20): RED, (50, 2): WHITE, (50, 55): WHITE}),
    "smooth curves": ('<path d="M0 50c0-40 50-40 50 0s50 40 50 0z" fill="red"/>', {(25, 30): RED, (75, 70): RED, (25, 70): WHITE}),
    "quadratic curves": ('<path d="M0 50q25-60 50 0t50 0z" fill="red"/>', {(25, 35): RED, (75, 65): RED, (75, 35): WHITE}),
    "a large arc": ('<path d="M50 10A40 40 0 1 1 10 50z" fill="red"/>', {(70, 70): RED, (20, 20): WHITE}),
    "the small one": ('<path d="M50 10A40 40 0 0 0 10 50z" fill="red"/>', {(25, 25): RED, (60, 60): WHITE}),
    "flags without blanks": ('<path d="M10 50a40 40 0 0180 0z" fill="red"/>', {(50, 20): RED, (50, 70): WHITE}),
    "an arc that is too small grows": ('<path d="M10 50a1 1 0 0 1 80 0z" fill="red"/>', {(50, 20): RED, (50, 70): WHITE}),
    "an arc without radius is a line": ('<path d="M0 0A0 5 0 0 1 100 0L100 100z" fill="red"/>', {(75, 25): RED}),
    "a turned arc": ('<path d="M50 10A40 10 90 0 1 50 90z" fill="red"/>', {(55, 50): RED, (65, 50): WHITE, (45, 50): WHITE}),
    "holes": ('<path fill-rule="evenodd" d="M0 0h100v100H0zM25 25h50v50H25z" fill="red"/>', {(10, 10): RED, (50, 50): WHITE}),
    "no holes": ('<path d="M0 0h100v100H0zM25 25h50v50H25z" fill="red"/>', {(50, 50): RED}),
    "black, if nothing is said": ('<rect width="100" height="100"/>', {(50, 50): BLACK}),
    "moved": ('<rect width="20" height="20" transform="translate(40 60)" fill="red"/>', {(50, 70): RED, (10, 10): WHITE}),
    "turned": ('<rect x="50" width="50" height="10" transform="rotate(90 50 0)" fill="red"/>', {(45, 25): RED, (75, 5): WHITE}),
    "one after the other": ('<rect width="1" height="1" transform="translate(50,50) scale(20 40)" fill="red"/>', {(60, 80): RED, (75, 80): WHITE}),
    "slanting": ('<rect width="20" height="100" transform="skewX(45)" fill="red"/>', {(60, 50): RED, (10, 50): WHITE}),
    "by a matrix": ('<rect width="10" height="10" transform="matrix(0 -5 5 0 50 50)" fill="red"/>', {(75, 25): RED, (25, 75): WHITE}),
    "in groups": ('<g fill="red" transform="translate(50)"><g transform="translate(0 50)"><rect width="50" height="50"/></g></g>', {(75, 75): RED, (25, 25): WHITE}),
    "used": ('<defs><rect id="r" width="20" height="20"/></defs><use href="#r" x="40" fill="red"/><use xlink:href="#r" y="60" fill="blue"/>', {(50, 10): RED, (10, 70): BLUE, (10, 10): WHITE}),
    "ends of lines": ('<path d="M50 50h1" stroke="red" stroke-width="40" stroke-linecap="round"/>', {(35, 50): RED, (35, 33): WHITE}),
    "dashes": ('<path d="M0 50h100" stroke="red" stroke-width="20" stroke-dasharray="25"/>', {(12, 50): RED, (37, 50): WHITE, (62, 50): RED}),
    "dashes that begin later": ('<path d="M0 50h100" stroke="red" stroke-width="20" stroke-dasharray="25" stroke-dashoffset="25"/>', {(12, 50): WHITE, (37, 50): RED}),
    "an odd number of dashes": ('<path d="M0 50h100" stroke="red" stroke-width="20" stroke-dasharray="20 20 10" stroke-dashoffset="50"/>', {(10, 50): WHITE, (30, 50): RED, (45, 50): WHITE}),
    "hidden": ('<rect width="100" height="50"/><g display="none"><text>A</text></g><g visibility="hidden"><rect y="50" width="50" height="50"/><rect x="50" y="50" width="50" height="50" visibility="visible" fill="red"/></g>', {(25, 75): WHITE, (75, 75): RED}),
    "a clip": ('<clipPath id="c"><circle cx="50" cy="50" r="20"/></clipPath><rect width="100" height="100" fill="red" clip-path="url(#c)"/>', {(50, 50): RED, (10, 10): WHITE}),
    "a clip of a group, through a use": ('<defs><circle id="o" cx="50" cy="50" r="20"/></defs><clipPath id="c"><use xlink:href="#o"/></clipPath><g clip-path="url(#c)"><rect width="100" height="100" fill="red"/></g>', {(50, 50): RED, (10, 10): WHITE}),
    "a clip in shares of the shape": ('<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width=".5" height="1"/></clipPath><rect x="50" width="50" height="100" fill="red" clip-path="url(#c)"/>', {(60, 50): RED, (90, 50): WHITE}),
    "a clip that moves with its shape": ('<clipPath id="c"><rect width="10" height="100" transform="translate(5)"/></clipPath><rect width="100" height="100" fill="red" transform="translate(50)" clip-path="url(#c)"/>', {(60, 50): RED, (10, 50): WHITE, (80, 50): WHITE}),
    "links are groups": ('<a href="https://example.com/"><rect width="100" height="100" fill="red"/></a>', {(50, 50): RED}),
    "what editors add": ('<metadata xmlns:r="urn:r"><r:script>1</r:script></metadata><x:namedview xmlns:x="urn:x"><x:image href="http://x/"/></x:namedview><title>T</title><rect width="100" height="100" fill="red"/>', {(50, 50): RED}),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_are_drawn_where_they_are(name):
    body, points = SHAPES[name]
    at = picture(svg(body))
    assert {point: at(*point) for point in points} == points


COLOURS = {
    "red": RED, "RED": RED, "#f00": RED, "#ff0000": RED, "rgb(255,0,0)": RED, "rgb(100%, 0%, 0%)": RED, "rgb(255 0 0 / 100%)": RED,
    "currentColor": GREEN, "#f008": (255, 119, 119), "rgba(255,0,0,.5)": (255, 128, 128), "transparent": WHITE, "none": WHITE,
}  # fmt: skip


@pytest.mark.parametrize("colour", COLOURS)
def test_colours(colour):
    at = picture(
        svg(f'<rect width="1" height="1"/><g color="green"><rect width="100" height="100" fill="{colour}"/></g>')
    )
    assert near(at(50, 50), COLOURS[colour])


HALF_RED, HALF_BLUE = (255, 128, 128), (128, 128, 255)
OPACITIES = {
    "of a fill": ('<rect width="100" height="100" fill="red" fill-opacity=".5"/>', {(50, 50): HALF_RED}),
    "of a stroke": ('<path d="M0 50h100" stroke="red" stroke-width="50" stroke-opacity="50%"/>', {(50, 50): HALF_RED}),
    "of a shape": ('<rect width="100" height="100" fill="red" opacity=".5"/>', {(50, 50): HALF_RED}),
    "of fill and stroke as one": ('<rect x="20" y="20" width="60" height="60" fill="red" stroke="blue" stroke-width="20" opacity=".5"/>', {(50, 50): HALF_RED, (25, 50): HALF_BLUE}),
    "of a group as one": ('<g opacity=".5"><rect width="60" height="100" fill="red"/><rect x="40" width="60" height="100" fill="blue"/></g>', {(20, 50): HALF_RED, (50, 50): HALF_BLUE}),
    "of a group that is turned": ('<g transform="rotate(45 50 50)"><g opacity=".5"><rect width="100" height="100" fill="red"/></g></g>', {(50, 50): HALF_RED, (2, 50): HALF_RED}),
    "twice": ('<g opacity=".5"><rect width="100" height="100" fill="red" opacity=".5"/></g>', {(50, 50): (255, 191, 191)}),
}  # fmt: skip


@pytest.mark.parametrize("name", OPACITIES)
def test_opacity(name):
    body, points = OPACITIES[name]
    at = picture(svg(body))
    for point, colour in points.items():
        assert near(at(*point), colour), (point, at(*point))


STOPS = '<stop stop-color="red"/><stop offset="1" style="stop-color:blue"/>'
GRADIENTS = {
    "along the shape": (f'<linearGradient id="g">{STOPS}</linearGradient>', {(1, 50): RED, (50, 50): (128, 0, 128), (99, 50): BLUE}),
    "downwards": (f'<linearGradient id="g" x2="0" y2="100%">{STOPS}</linearGradient>', {(50, 1): RED, (50, 99): BLUE}),
    "in the drawing": (f'<linearGradient id="g" gradientUnits="userSpaceOnUse" x1="50" x2="100">{STOPS}</linearGradient>', {(25, 50): RED, (99, 50): BLUE}),
    "turned": (f'<linearGradient id="g" gradientTransform="rotate(90)">{STOPS}</linearGradient>', {(50, 1): RED, (50, 99): BLUE}),
    "with stops of another": (f'<linearGradient id="h">{STOPS}</linearGradient><linearGradient id="g" xlink:href="#h" y2="1" x2="0"/>', {(50, 1): RED, (50, 99): BLUE}),
    "with a hard edge": ('<linearGradient id="g"><stop offset=".5" stop-color="red"/><stop offset=".5" stop-color="blue"/></linearGradient>', {(48, 50): RED, (52, 50): BLUE}),
    "around a point": (f'<radialGradient id="g">{STOPS}</radialGradient>', {(50, 50): RED, (99, 99): BLUE, (1, 50): BLUE}),
    "around another point": (f'<radialGradient id="g" gradientUnits="userSpaceOnUse" cx="50" cy="50" r="50" fx="20">{STOPS}</radialGradient>', {(20, 50): RED, (99, 50): BLUE}),
    "of one colour": ('<linearGradient id="g"><stop stop-color="red"/></linearGradient>', {(50, 50): RED}),
    "without length": (f'<linearGradient id="g" x2="0">{STOPS}</linearGradient>', {(50, 50): BLUE}),
    "without colours": ('<linearGradient id="g"/>', {(50, 50): WHITE}),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name):
    defined, points = GRADIENTS[name]
    at = picture(
        svg(f'<rect width=".1" height=".1"/><defs>{defined}</defs><rect width="100" height="100" fill="url(#g)"/>')
    )
    for point, colour in points.items():
        assert near(at(*point), colour, 12), (point, at(*point))


def test_a_gradient_fills_the_shape_alone():
    body = f'<linearGradient id="g">{STOPS}</linearGradient><circle cx="50" cy="50" r="30" fill="url(#g)" fill-opacity=".5" stroke="green" stroke-width="4"/>'
    at = picture(svg(body))
    assert at(5, 5) == WHITE
    assert near(at(50, 50), (191, 128, 191), 12)
    assert at(50, 20) == GREEN


SHEETS = {
    "classes": (".a{fill:red} .b{fill:blue}", 'class="a"', RED),
    "several selectors": (".x, .a{fill:red}", 'class="a"', RED),
    "names": ("rect{fill:red}", "", RED),
    "everything": ("*{fill:red}", "", RED),
    "ids above classes": ("#r{fill:red} .a{fill:blue}", 'id="r" class="a"', RED),
    "classes above names, wherever they stand": (".a{fill:red} rect{fill:blue}", 'class="a"', RED),
    "the last of two": (".a{fill:blue} .a{fill:red}", 'class="a"', RED),
    "both classes": (".a.b{fill:red} .a{fill:blue}", 'class="b a"', RED),
    "not one of both": (".a.b{fill:blue} .a{fill:red}", 'class="a"', RED),
    "rules above attributes": (".a{fill:red}", 'class="a" fill="blue"', RED),
    "style above rules": (".a{fill:blue}", 'class="a" style="fill:red"', RED),
    "comments": ("/* .a{fill:blue} */ .a{/* x */fill:red;}", 'class="a"', RED),
    "fonts that nothing uses": ("@font-face{font-family:x;src:url(http://x/)} .a{fill:red}", 'class="a"', RED),
    "inherited on demand": (".a{fill:inherit}", 'class="a"', GREEN),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_style_sheets(name):
    sheet, attributes, colour = SHEETS[name]
    at = picture(
        svg(
            f'<style type="text/css"><![CDATA[{sheet}]]></style><g fill="green"><rect width="100" height="100" {attributes}/></g>'
        )
    )
    assert at(50, 50) == colour


SIZES = {
    "the view alone": ('viewBox="0 0 200 50"', 4.0), "sizes alone": ('width="40mm" height="1cm"', 4.0),
    "sizes above the view": ('viewBox="0 0 100 100" width="4in" height="72pt"', 4.0), "shares of a page": ('viewBox="0 0 200 50" width="100%" height="100%"', 4.0),
    "one size": ('viewBox="0 0 200 50" width="30px"', 4.0), "a view that begins elsewhere": ('viewBox="-10 -10 80 20"', 4.0),
    "commas": ('viewBox="0,0,80,20"', 4.0),
}  # fmt: skip


@pytest.mark.parametrize("name", SIZES)
def test_proportions(name):
    said, proportion = SIZES[name]
    vectors = vectors_of(
        f'<svg xmlns="http://www.w3.org/2000/svg" {said}><rect x="1" y="1" width="5" height="5"/></svg>'.encode()
    )
    assert vectors.width / vectors.height == pytest.approx(proportion, rel=1e-3)


@pytest.mark.parametrize(
    ("aspect", "points"),
    [
        ("", {(50, 50): RED, (10, 50): WHITE, (90, 50): WHITE}), ("xMinYMid", {(10, 50): RED, (60, 50): WHITE}),
        ("xMaxYMax meet", {(90, 50): RED, (40, 50): WHITE}), ("none", {(3, 50): RED, (97, 50): RED}),
    ],
)  # fmt: skip
def test_a_view_inside_of_a_wider_page(aspect, points):
    more = f'width="200" height="100" preserveAspectRatio="{aspect}"'
    at = picture(svg('<rect width="100" height="100" fill="red"/>', more=more))
    assert {point: at(*point) for point in points} == points


UNPRINTED = {
    "text": "<text>ACME</text>", "<image>": '<image href="logo.png"/>', "file:": '<use href="file:///etc/passwd#a"/>', "http": '<use href="http://x/y.svg#a"/>',
    "filter": '<rect width="9" height="9" filter="url(#f)"/>', "mask": '<rect width="9" height="9" mask="url(#m)"/>', "marker": '<path d="M0 0h9" marker-end="url(#m)"/>',
    "mix-blend-mode": '<rect width="9" height="9" style="mix-blend-mode:multiply"/>', "<script>": "<script>alert(1)</script>", "<foreignObject>": "<foreignObject/>",
    "<animate>": '<rect width="9" height="9"><title>A</title></rect><animate/>', "<switch>": "<switch/>", "<svg>": "<svg/>", "<symbol>": '<symbol id="s"/><use href="#s"/>',
    "<pattern>": '<pattern id="p"/><rect width="9" height="9" fill="url(#p)"/>', "stroke": f'<linearGradient id="g">{STOPS}</linearGradient><path d="M0 0h9" stroke="url(#g)"/>',
    "stop-opacity": '<linearGradient id="g"><stop stop-opacity=".5"/></linearGradient><rect width="9" height="9" fill="url(#g)"/>',
    "spreadMethod": f'<linearGradient id="g" spreadMethod="reflect">{STOPS}</linearGradient><rect width="9" height="9" fill="url(#g)"/>',
    "fx": f'<radialGradient id="g" fx="2">{STOPS}</radialGradient><rect width="9" height="9" fill="url(#g)"/>',
    "url(http://x)": '<rect width="9" height="9" fill="url(http://x)"/>', "@import": "<style>@import url(http://x/);</style>", "@media": "<style>@media print{.a{fill:red}}</style>",
    "g rect": "<style>g rect{fill:red}</style>", ".a:hover": "<style>.a:hover{fill:red}</style>", "important": "<style>.a{fill:red !important}</style>",
    "transform": '<rect width="9" height="9" style="transform:rotate(9deg)"/>', "var(": '<rect width="9" height="9" style="fill:var(--x)"/>', "hsl": '<rect width="9" height="9" fill="hsl(1,2%,3%)"/>',
    "paint-order": '<rect width="9" height="9" paint-order="stroke"/>', "vector-effect": '<path d="M0 0h9" vector-effect="non-scaling-stroke"/>', "stroke-linejoin": '<path d="M0 0h9" stroke="red" stroke-linejoin="arcs"/>',
    "<clipPath>": '<clipPath id="c"><rect width="9" height="9"/><circle r="5"/></clipPath><rect width="9" height="9" clip-path="url(#c)"/>', "<clipPath> <text>": '<clipPath id="c"><text/></clipPath><rect width="9" height="9" clip-path="url(#c)"/>',
    "clipPathUnits": '<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="9" height="9"/></clipPath><g clip-path="url(#c)"><rect width="9" height="9"/></g>',
    "systemLanguage": '<rect width="9" height="9" systemLanguage="fr"/>', "clip-path": '<rect width="9" height="9" clip-path="circle(4px)"/>', "unset": '<rect width="9" height="9" style="fill:unset"/>',
}  # fmt: skip


@pytest.mark.parametrize("feature", UNPRINTED)
def test_what_is_not_printed_is_refused_by_its_name(feature):
    text = refusal(svg('<rect width="50" height="50"/>' + UNPRINTED[feature]))
    assert feature in text
    assert "PNG" in text


DAMAGED = [
    '<path d="M0 0 L 50"/>', '<path d="L 50 50"/>', '<path d="M0 0 L 5 X"/>', '<path d="M0 0z5"/>', '<path d="M0 0 A5 5 0 2 1 9 9"/>', '<path d="M0 0 L 1e99 5"/>',
    '<rect width="9em" height="9"/>', '<rect width="9" height="9" transform="turn(5)"/>', '<rect width="9" height="9" transform="scale()"/>', '<polygon points="1 2 3"/>',
    '<use href="#nowhere"/>', '<rect width="9" height="9" fill="url(#nowhere)"/>', '<rect width="9" height="9" style="fill red"/>', '<path d="M0 0h9" stroke="red" stroke-dasharray="-1"/>',
]  # fmt: skip


@pytest.mark.parametrize("body", DAMAGED)
def test_what_is_damaged_is_refused(body):
    assert "damaged at" in refusal(svg(body))


@pytest.mark.parametrize(
    "data", [b"<svg", b"<svg><a></svg>", b"<html><svg/></html>", b'<svg viewBox="0 0 0 9"/>', b'<svg viewBox="0 0 9"/>']
)
def test_what_is_no_drawing_is_refused(data):
    assert "damaged at" in refusal(data)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<g/>",
        '<rect width="0" height="9"/>',
        '<rect x="200" width="9" height="9"/>',
        '<rect width="9" height="9" fill="none"/>',
        '<rect width="9" height="9" transform="scale(0)"/>',
        '<rect width="9" height="9" opacity="0"/>',
        '<path d="M0 0L9 9"/>',
        '<line x2="9" y2="9"/>',
        '<path d="M0 0h9h9z"/>',
    ],
)
def test_a_logo_that_shows_nothing_is_refused(body):
    assert "shows nothing" in refusal(svg(body))


@pytest.mark.parametrize("more", ["", 'width="100%"', 'width="5" height="0"'])
def test_a_logo_without_a_size_is_refused(more):
    assert "how large" in refusal(
        f'<svg xmlns="http://www.w3.org/2000/svg" {more}><rect width="9" height="9"/></svg>'.encode()
    )


def test_a_document_type_without_entities_is_what_drawing_programs_write():
    head = b'<?xml version="1.0" standalone="no"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert picture(head + svg('<rect width="100" height="100" fill="red"/>'))(50, 50) == RED


TYPES = {
    "a file": '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "a parameter": '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>',
    "a text": '<!DOCTYPE svg [<!ENTITY a "x">]>', "a usual value": '<!DOCTYPE svg [<!ATTLIST rect fill CDATA "red">]>',
}  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_a_document_type_with_anything_in_it_is_refused(name):
    assert 'uses "<!' in refusal(TYPES[name].encode() + svg('<rect width="9" height="9"/>'))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('transform="scale(2)"', "transform"),
        ('style="background:#000"', "background"),
        ('style="background-color: navy"', "background"),
    ],
)
def test_what_lies_around_the_whole_drawing(more, said):
    assert said in refusal(svg('<rect width="9" height="9"/>', more=more))


@pytest.mark.parametrize("colour", ["white", "none", "#FFF", "transparent"])
def test_a_white_ground_is_that_of_the_paper(colour):
    assert (
        picture(svg('<rect width="50" height="50" fill="red"/>', more=f'style="background:{colour}"'))(75, 75) == WHITE
    )


def test_a_style_sheet_elsewhere_is_refused():
    assert "xml-stylesheet" in refusal(b'<?xml-stylesheet href="http://x/"?>' + svg('<rect width="9" height="9"/>'))


def laughs(count):
    """Entities that would be ten to the power of `count` letters."""
    lines = "".join(f'<!ENTITY a{one} "{f"&a{one - 1};" * 10}">' for one in range(1, count))
    return f'<!DOCTYPE svg [<!ENTITY a0 "xxxxxxxxxx">{lines}]><svg viewBox="0 0 9 9"><path d="&a{count - 1};"/></svg>'.encode()


def uses(levels, each):
    """Groups that use the one before `each` times."""
    groups = "".join(f'<g id="g{level}">{f"""<use href="#g{level - 1}"/>""" * each}</g>' for level in range(1, levels))
    return svg(f'<defs><rect id="g0" width="9" height="9"/>{groups}</defs><use href="#g{levels - 1}"/>')


BOMBS = {
    "entities": laughs(12), "uses of uses": uses(12, 10), "a chain of uses": uses(100, 1), "itself": svg('<g id="a"><use href="#a"/></g>'),
    "each other": svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "many elements": svg('<rect width="9" height="9"/>' * 6_000),
    "a long path": svg(f'<path stroke="red" d="M0 0h9{"h0" * 120_000}"/>'), "a long file": svg(f'<title>{"x" * 2_000_000}</title><rect width="9" height="9"/>'), "deep groups": svg("<g>" * 230 + "</g>" * 230),
    "a gradient of itself": svg('<linearGradient id="g" href="#g"/><rect width="9" height="9" fill="url(#g)"/>'), "a clip of itself": svg('<clipPath id="c"><use id="u" href="#u"/></clipPath><rect width="9" height="9" clip-path="url(#c)"/>'),
    "deeper than any parser": b'<svg viewBox="0 0 9 9">' + b"<g>" * 50_000, "much detail": svg(f'<path d="M0 0{"".join(f"L{one * 7919 % 9973 / 97:.4f} {one * 104729 % 99991 / 991:.4f}" for one in range(60_000))}"/>'),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_multiplies_itself_is_refused(name):
    assert "PNG" in refusal(BOMBS[name])


def drawn(folder, count=1):
    papers = Papers(templates(), load_stationery(folder, LOOK, SENDER))
    letters = [compose_letter(reminder(), SENDER, LOOK, papers).letter for _ in range(count)]
    file = io.BytesIO()
    with PrintFile(file, About("T", "A", "fr-FR", reminder().as_of)) as out:
        for one in letters:
            out.add(draw(one))
    return file.getvalue(), pdf_of(letters[0])


def test_letters_hold_it_as_vectors_and_once(tmp_path):
    (tmp_path / "logo.svg").write_bytes(
        svg('<g opacity=".5"><rect width="100" height="100" fill="#123456" stroke="red"/></g>')
    )
    many, one = drawn(tmp_path, 20)
    assert many.count(b"/Subtype /Form") == one.count(b"/Subtype /Form") == 2  # the drawing and its group
    for pdf in (many, one):
        for page in PdfReader(io.BytesIO(pdf)).pages:
            assert not page.images
    assert one == drawn(tmp_path)[1]


def test_it_is_printed_in_its_proportions(tmp_path):
    (tmp_path / "logo.svg").write_bytes(svg('<rect width="40" height="10"/>', "0 0 40 10"))
    logo = load_stationery(tmp_path, LOOK, SENDER).logo
    assert (logo.width * 25.4 / 72, logo.height * 25.4 / 72) == pytest.approx((60, 15))
    (tmp_path / "logo.svg").write_bytes(svg('<rect width="10" height="40"/>', "0 0 10 40"))
    logo = load_stationery(tmp_path, LOOK, SENDER).logo
    assert (logo.width * 25.4 / 72, logo.height * 25.4 / 72) == pytest.approx((4.5, 18))


def test_nothing_of_the_file_but_its_outlines_reaches_a_letter(tmp_path):
    (tmp_path / "logo.svg").write_bytes(
        svg(
            '<title>SECRET</title><a href="https://secret.example/"><rect id="SECRET" onclick="secret()" width="9" height="9"/></a>'
        )
    )
    for text in (b"SECRET", b"secret"):
        assert text not in drawn(tmp_path)[1]


def test_a_logo_that_cannot_serve_is_refused_with_its_key(tmp_path):
    (tmp_path / "logo.svg").write_bytes(svg("<text>ACME</text>"))
    with pytest.raises(ConfigurationError) as caught:
        load_stationery(tmp_path, LOOK, SENDER)
    (problem,) = caught.value.problems
    assert (problem.code, problem.source.key) == ("logo_unreadable", "[letters] logo")
    assert dict(problem.message.values)["name"] == "logo.svg"


@pytest.mark.parametrize(
    ("side", "said"), [(10, ["logo_mostly_margin"]), (54, ["logo_mostly_margin"]), (56, []), (300, [])]
)
def test_a_drawing_that_is_lost_on_its_page_is_said(tmp_path, side, said):
    """Inkscape saves a logo in the middle of an A4 page, unless it is told not to."""
    (tmp_path / "logo.svg").write_bytes(svg(f'<rect x="1" y="1" width="{side}" height="{side}"/>'))
    found = load_stationery(tmp_path, LOOK, SENDER).problems
    assert [problem.code for problem in found] == said
    assert all((problem.severity, problem.source.key) == ("warning", "[letters] logo") for problem in found)
