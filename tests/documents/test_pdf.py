"""The PDF file itself: sound, the same bytes each time, its fonts inside, and small in memory (fault 72)."""

import io
import struct
import tracemalloc
from datetime import date

import pytest
from lxml import etree
from PIL import Image, ImageCms
from pypdf import PdfReader

from dunning_batch.documents.binding import PrintFile, pdf_of
from dunning_batch.documents.drawing import draw
from dunning_batch.documents.pages import About
from tests.documents.letters import finished, pages_of, pdf, reminder, renamed, with_pieces

ABOUT = About("Lettres du 24/11/2026", "Atelier Exemple", "fr-FR", date(2026, 11, 24))


def printed(letters, *, duplex=False):
    file = io.BytesIO()
    with PrintFile(file, ABOUT, duplex=duplex) as book:
        for letter in letters:
            book.add(draw(letter))
    return file.getvalue()


def fonts_of(data):
    """The fonts of every page, by their names."""
    pages = PdfReader(io.BytesIO(data)).pages
    return {font["/BaseFont"]: font for page in pages for font in (page["/Resources"]["/Font"]).values()}


@pytest.mark.parametrize("name", ["Dupont", "Łódź Şahin Αθήνα Москва Nguyễn", "(Dupont \\ Fils) ((a\\051"])
def test_every_font_is_inside_and_every_sign_can_be_copied_out(name):
    data = pdf(renamed(reminder(level=4), name))
    fonts = fonts_of(data)
    assert any("Bold" in font for font in fonts)
    assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in fonts.values())
    assert name in pages_of(data)[0]


def test_the_file_says_what_it_is_and_of_which_day():
    data = printed([finished(reminder()).letter])
    reader = PdfReader(io.BytesIO(data))
    about = reader.metadata
    assert (about.title, about.author, about.creator) == (ABOUT.title, ABOUT.author, "dunning-batch")
    assert about.creation_date.date() == about.modification_date.date() == ABOUT.day
    assert reader.trailer["/Root"]["/Lang"] == "fr-FR"


def test_a_letter_is_the_same_whatever_was_written_before():
    letter = finished(reminder()).letter
    first = pdf_of(letter)
    pdf(renamed(reminder(level=4), "Łódź Şahin Αθήνα"))
    assert pdf_of(letter) == first


def test_a_strict_reader_is_content():
    reader = PdfReader(io.BytesIO(pdf(reminder(level=4))), strict=True)
    assert len(reader.pages) == 2


def test_a_letter_in_signs_beyond_one_subset_of_the_font():
    signs = "".join(chr(code) for code in range(0x100, 0x180)) + "".join(chr(code) for code in range(0x390, 0x3CF))
    pieces = [signs[start : start + 8] for start in range(0, len(signs), 8)]
    text = " ".join(pages_of(pdf(with_pieces(reminder(), pieces))))
    assert all(piece in text for piece in pieces if "\u03a2" not in piece)


def test_the_print_file_holds_every_page_of_every_letter_and_one_copy_of_the_font():
    letters = [finished(with_pieces(reminder(), [f"P{n}-{k}" for k in range(1 + 40 * n)])).letter for n in range(3)]
    data = printed(letters)
    pages = pages_of(data)
    assert len(pages) == sum(len(letter.pages) for letter in letters)
    assert pages == [page for letter in letters for page in pages_of(pdf_of(letter))]
    assert data.count(b"/FontFile2") <= 3
    assert data == printed(letters)


def test_a_file_that_failed_has_no_end():
    file = io.BytesIO()
    with pytest.raises(KeyboardInterrupt), PrintFile(file, ABOUT) as book:  # noqa: PT012
        book.add(draw(finished(reminder()).letter))
        raise KeyboardInterrupt
    assert b"startxref" not in file.getvalue()


class Nowhere:
    """Where a file goes that nobody reads."""

    def write(self, _data):
        pass


def test_72_the_print_file_keeps_no_page():
    """What fault 72 asks."""
    drawn = draw(finished(reminder()).letter)

    def most(count):
        tracemalloc.start()
        try:
            with PrintFile(Nowhere(), ABOUT) as book:
                for _ in range(count):
                    book.add(drawn)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(1)  # the fonts are cut
    assert most(3000) - most(1000) < 2000 * 500  # a page takes two thousand


def test_a_page_is_the_same_in_every_document():
    letter = finished(renamed(reminder(level=4), "Łódź Şahin Αθήνα")).letter
    pages = [page.get_contents().get_data() for page in PdfReader(io.BytesIO(pdf_of(letter))).pages]
    printed(first := [finished(reminder()).letter])
    both = PdfReader(io.BytesIO(printed([*first, letter]))).pages
    assert [page.get_contents().get_data() for page in both][-len(pages) :] == pages


def test_many_pages_stand_on_branches_in_order():
    letters = [finished(with_pieces(reminder(), [f"P{number}"])).letter for number in range(150)]
    reader = PdfReader(io.BytesIO(printed(letters)), strict=True)
    assert len(reader.trailer["/Root"]["/Pages"]["/Kids"]) == 3
    assert all(f"P{number}" in page.extract_text() for number, page in enumerate(reader.pages))


def test_for_printing_on_both_sides_every_letter_starts_on_a_front_page():
    one, two = (
        finished(reminder()).letter,
        finished(with_pieces(reminder(), [f"F{number}" for number in range(40)])).letter,
    )
    assert (len(one.pages), len(two.pages)) == (1, 2)
    found = pages_of(printed([one, two, one], duplex=True))
    assert [bool(page) for page in found] == [True, False, True, True, True, False]
    assert all(pages_of(printed([one, two, one])))


def xmp_of(data):
    """What the XMP says, by the names of its properties."""
    stream = PdfReader(io.BytesIO(data)).trailer["/Root"]["/Metadata"]
    root = etree.fromstring(stream.get_data(), etree.XMLParser(resolve_entities=False))
    (described,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    return {etree.QName(one).localname: "".join(one.itertext()).strip() for one in described}


@pytest.mark.parametrize("title", ["Lettre à Dupont & Fils", "<b>]]></rdf:RDF>", "a\x00b\ufffe\ud800c"])
def test_both_descriptions_of_a_file_say_the_same(title):
    file = io.BytesIO()
    with PrintFile(file, About(title, "Zoé & Cie", "fr-FR", date(2026, 11, 24))) as book:
        book.add(draw(finished(reminder()).letter))
    said, old = xmp_of(file.getvalue()), PdfReader(io.BytesIO(file.getvalue())).metadata
    plain = title.translate(dict.fromkeys([0, 0xFFFE, 0xD800]))
    assert (said["title"], said["description"], said["creator"]) == (plain, plain, "Zoé & Cie")
    assert (said["language"], said["CreatorTool"], said["Producer"]) == ("fr-FR", old.creator, old.producer)
    assert said["CreateDate"] == said["ModifyDate"] == old.creation_date.isoformat()
    if plain == title:
        assert (old.title, old.author) == (title, "Zoé & Cie")


def test_colours_are_those_of_srgb():
    (intent,) = PdfReader(io.BytesIO(pdf(reminder()))).trailer["/Root"]["/OutputIntents"]
    profile = intent["/DestOutputProfile"].get_object()
    assert (intent["/S"], intent["/OutputConditionIdentifier"], profile["/N"]) == ("/GTS_PDFA1", "sRGB", 3)
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile.get_data()))
    assert ImageCms.getProfileDescription(opened).strip() == "sRGB built-in"
    turned = ImageCms.profileToProfile(Image.new("RGB", (1, 1), (31, 64, 102)), opened, ImageCms.createProfile("sRGB"))
    assert max(abs(a - b) for a, b in zip(turned.getpixel((0, 0)), (31, 64, 102), strict=True)) <= 1


def tables_of(program):
    """The tables of a TrueType font."""
    count = int.from_bytes(program[4:6])
    heads = (struct.unpack(">4sIII", program[12 + 16 * rank : 28 + 16 * rank]) for rank in range(count))
    return {name: program[start : start + length] for name, _, start, length in heads}


def test_an_archive_finds_in_each_font_what_it_wants_of_a_symbolic_one():
    """ISO 19005-2, 6.2.11: no encoding beside the font's own single one, widths as the program has them, each sign named."""
    for font in fonts_of(pdf(renamed(reminder(level=4), "Łódź Αθήνα"))).values():
        assert "/Encoding" not in font
        assert font["/FontDescriptor"]["/Flags"] & 4
        tables = tables_of(font["/FontDescriptor"]["/FontFile2"].get_data())
        assert struct.unpack(">HHHH", tables[b"cmap"][:8]) == (0, 1, 1, 0)
        start = int.from_bytes(tables[b"cmap"][8:12])
        first, count = struct.unpack(">HH", tables[b"cmap"][start + 6 : start + 10])
        glyphs = struct.unpack(f">{count}H", tables[b"cmap"][start + 10 : start + 10 + 2 * count])
        units, metrics = int.from_bytes(tables[b"head"][18:20]), int.from_bytes(tables[b"hhea"][34:36])
        for code, width in enumerate(font["/Widths"], font["/FirstChar"]):
            glyph = glyphs[code - first]
            place = 4 * min(glyph, metrics - 1)
            assert abs(int.from_bytes(tables[b"hmtx"][place : place + 2]) * 1000 / units - width) < 1


def test_nothing_that_archives_refuse_is_in_a_letter():
    data = pdf(reminder(level=4))
    for word in (
        b"/Encrypt",
        b"/JavaScript",
        b"/EmbeddedFile",
        b"/OpenAction",
        b"/Annots",
        b"/LZWDecode",
        b"/DeviceCMYK",
        b"/SMask",
    ):
        assert word not in data
    assert PdfReader(io.BytesIO(data)).trailer["/ID"][0]
