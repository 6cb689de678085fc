"""Letterheads and logos: laid under every page, held once, never more than what is drawn."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfgen.canvas import Canvas

from dunning_batch.config.settings import LetterSettings
from dunning_batch.documents.binding import PrintFile, pdf_of
from dunning_batch.documents.drawing import draw
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.letterhead import load_stationery
from dunning_batch.documents.pages import MM, About
from dunning_batch.documents.papers import Papers
from dunning_batch.errors import ConfigurationError
from tests.documents.letters import LEVELS, SENDER, pages_of, reminder, templates, with_pieces

FOOT = "SARL au capital de 10 000 euros - SIREN 123 456 782 - RCS Lyon"
LOOK = LetterSettings(letterhead="paper.pdf")


def paper(path, pages=("PREMIERE", "SUITE"), size=A4, foot=FOOT, head=30, extra=None):
    """A letterhead: a coloured band, a name `head` mm below the edge, mentions 17 mm above the lower one."""
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    for name in pages:
        canvas.setFillColorRGB(0.8, 0.2, 0.2)
        canvas.rect(0, size[1] - 10 * MM, size[0], 10 * MM, fill=1, stroke=0)
        canvas.drawString(20 * MM, size[1] - head * MM, name)
        canvas.drawString(20 * MM, 17 * MM, foot)
        if extra:
            extra(canvas)
        canvas.showPage()
    canvas.save()
    return path


def letter(folder, one=None, look=LOOK, sender=SENDER):
    papers = Papers(templates(), load_stationery(folder, look, sender))
    return compose_letter(one or reminder(), sender, look, papers).letter


def pages(folder, one=None, look=LOOK):
    return pages_of(pdf_of(letter(folder, one, look)))


def refusal(folder, look=LOOK):
    with pytest.raises(ConfigurationError) as caught:
        load_stationery(folder, look, SENDER)
    (problem,) = caught.value.problems
    return problem.source.key, problem.message.text


def warnings(folder, **changes):
    return [problem.code for problem in load_stationery(folder, replace(LOOK, **changes), SENDER).problems]


def test_it_takes_the_place_of_the_sender_and_of_the_mentions(tmp_path):
    paper(tmp_path / "paper.pdf")
    (said,) = pages(tmp_path)
    assert "PREMIERE" in said
    assert said.count("SARL au capital") == 1  # the paper's, not ours
    assert "FR32123456782" not in said
    assert "Page 1/1" in said


def test_further_pages_lie_on_the_last_page_of_it(tmp_path):
    paper(tmp_path / "paper.pdf")
    first, *others = pages(tmp_path, with_pieces(reminder(), [f"F{number}" for number in range(120)]))
    assert "PREMIERE" in first
    assert len(others) >= 2
    assert all("SUITE" in page and "PREMIERE" not in page for page in others)


def test_one_page_serves_all(tmp_path):
    paper(tmp_path / "paper.pdf", pages=("SEULE",))
    found = pages(tmp_path, with_pieces(reminder(), [f"F{number}" for number in range(60)]))
    assert all("SEULE" in page for page in found)


def test_the_text_keeps_clear_of_head_and_foot(tmp_path):
    def tall(canvas):
        canvas.rect(150 * MM, A4[1] - 60 * MM, 30 * MM, 20 * MM)
        canvas.line(20 * MM, 40 * MM, 190 * MM, 40 * MM)

    paper(tmp_path / "paper.pdf", extra=tall)
    sheet = load_stationery(tmp_path, LOOK, SENDER).letterhead.following
    assert sheet.top == pytest.approx(65 * MM, abs=1)
    assert sheet.bottom == pytest.approx(252 * MM, abs=1)
    made = letter(tmp_path, with_pieces(reminder(), [f"F{number}" for number in range(120)]))
    for page in made.pages[1:]:
        body = [(top, row) for top, row in page if row.height]
        assert min(top for top, _ in body) >= sheet.top - 0.01
        assert max(top + row.height for top, row in body) <= sheet.bottom + 0.01


def test_a_background_or_a_side_bar_is_no_head(tmp_path):
    paper(tmp_path / "paper.pdf", extra=lambda canvas: canvas.rect(0, 0, *A4, fill=0))
    assert load_stationery(tmp_path, LOOK, SENDER).letterhead.first.top < 40 * MM


def test_a_clipping_path_leaves_no_mark(tmp_path):
    def clip(canvas):
        path = canvas.beginPath()
        path.rect(0, 300, 500, 200)
        canvas.clipPath(path, stroke=0, fill=0)

    paper(tmp_path / "paper.pdf", extra=clip)
    assert load_stationery(tmp_path, LOOK, SENDER).letterhead.first.top < 40 * MM


def test_forms_and_pictures_leave_marks_where_they_are_drawn(tmp_path):
    def form(canvas):
        canvas.beginForm("stamp")
        canvas.rect(0, 0, 10, 10)
        canvas.endForm()
        canvas.saveState()
        canvas.translate(100, A4[1] - 80 * MM)
        canvas.doForm("stamp")
        canvas.restoreState()

    paper(tmp_path / "paper.pdf", extra=form, pages=("SEULE",))
    assert load_stationery(tmp_path, LOOK, SENDER).letterhead.first.top == pytest.approx(85 * MM, abs=1)


def test_many_letters_hold_it_once(tmp_path):
    paper(tmp_path / "paper.pdf")
    one, file = letter(tmp_path), io.BytesIO()
    with PrintFile(file, About("Lettres", "Atelier", "fr-FR", one.about.day)) as book:
        for _ in range(50):
            book.add(draw(one))
    assert file.getvalue().count(b"/Subtype /Form") == 1
    assert all("PREMIERE" in page for page in pages_of(file.getvalue()))


def test_scripts_links_and_attachments_stay_behind(tmp_path):
    paper(tmp_path / "plain.pdf", extra=lambda canvas: canvas.linkURL("https://example.com/spy", (0, 0, 99, 99)))
    writer = PdfWriter(clone_from=tmp_path / "plain.pdf")
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("alert(1)")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.pages[0]["/Resources"][NameObject("/AA")] = script
    writer.add_attachment("virus.exe", b"MZ secret")
    writer.write(tmp_path / "paper.pdf")
    made = pdf_of(letter(tmp_path))
    reader = PdfReader(io.BytesIO(made))
    assert not reader.attachments
    assert b"alert(1)" not in made
    assert b"example.com" not in made
    assert not any("/Annots" in page for page in reader.pages)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    paper(tmp_path / "paper.pdf")
    assert pdf_of(letter(tmp_path)) == pdf_of(letter(tmp_path))


def test_a_warning_where_it_prints_into_the_window(tmp_path):
    paper(tmp_path / "paper.pdf", extra=lambda canvas: canvas.drawString(120 * MM, A4[1] - 60 * MM, "Agence"))
    assert warnings(tmp_path) == ["letterhead_in_window"]
    assert warnings(tmp_path, window="left") == []


def test_a_warning_where_the_siren_cannot_be_read(tmp_path):
    paper(tmp_path / "paper.pdf", foot="SARL Atelier")
    assert warnings(tmp_path) == ["letterhead_without_mentions"]


def missing(path):
    """Nothing is there."""


def damaged(path):
    path.write_bytes(b"%PDF-1.7\nnot much more")


def cut(path):
    paper(path)
    path.write_bytes(path.read_bytes()[:400])


def a5(path):
    paper(path, size=A5)


def locked(path):
    paper(path)
    writer = PdfWriter(clone_from=path)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)


def turned(path):
    paper(path)
    writer = PdfWriter(clone_from=path)
    writer.pages[0].rotate(90)
    writer.write(path)


def full(path):
    paper(path, extra=lambda canvas: canvas.drawString(20 * MM, A4[1] - 110 * MM, "-") or canvas.rect(20, 80 * MM, 9, 9))


def no_page(path):
    PdfWriter().write(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (missing, "cannot be read"),
        (damaged, "no readable PDF"),
        (cut, "no readable PDF"),
        (a5, "not A4"),
        (locked, "locked by a password"),
        (turned, "turned page"),
        (no_page, "has no page"),
        (full, "leaves less than 10 cm"),
    ],
)
def test_55_a_letterhead_that_cannot_serve_is_refused_with_its_key(tmp_path, make, said):
    make(tmp_path / "paper.pdf")
    key, text = refusal(tmp_path)
    assert key == "[letters] letterhead"
    assert said in text


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1", "LA"])
def test_a_logo_stands_above_the_name(tmp_path, mode):
    Image.new(mode, (3000, 900)).save(tmp_path / "logo.png")
    look = LetterSettings(logo="logo.png")
    made = pdf_of(letter(tmp_path, look=look))
    assert len(made) < 40_000  # brought to the size at which it is printed
    page = PdfReader(io.BytesIO(made)).pages[0]
    (form,) = (one for one in page["/Resources"]["/XObject"].values())
    picture = form.get_object()["/Resources"]["/XObject"]["/I"].get_object()
    assert picture["/Width"] / picture["/Height"] == pytest.approx(3000 / 900, rel=0.02)
    assert "Atelier du Bois Joli" in page.extract_text()


def test_transparent_parts_of_a_logo_are_white(tmp_path):
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(tmp_path / "logo.png")
    made = pdf_of(letter(tmp_path, look=LetterSettings(logo="logo.png")))
    (form,) = PdfReader(io.BytesIO(made)).pages[0]["/Resources"]["/XObject"].values()
    pixels = form.get_object()["/Resources"]["/XObject"]["/I"].get_object().get_data()
    assert set(pixels) == {255}


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, "cannot be read"), (b"<svg/>", "{fault}"), (b"<html/>", "no SVG, PNG or JPEG"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "PNG")],
)
def test_a_logo_that_cannot_serve_is_refused_with_its_key(tmp_path, data, said):
    if data is not None:
        (tmp_path / "logo.png").write_bytes(data)
    key, text = refusal(tmp_path, LetterSettings(logo="logo.png"))
    assert key == "[letters] logo"
    assert said in text or "cannot be read" in text


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        load_stationery(tmp_path, LetterSettings(letterhead="paper.pdf", logo="logo.png"), SENDER)
    assert {problem.source.key for problem in caught.value.problems} == {"[letters] letterhead", "[letters] logo"}


def test_its_digest_is_kept_with_the_run(tmp_path):
    paper(tmp_path / "paper.pdf")
    stationery = load_stationery(tmp_path, LOOK, SENDER)
    assert set(stationery.digests) == {"paper.pdf"}
    assert Papers(templates(levels=LEVELS), stationery).digests["paper.pdf"] == stationery.letterhead.sha256


@pytest.mark.parametrize(("limit", "said"), [("artwork._MOST_OBJECTS", "too many objects"), ("letterhead._MOST_BYTES", "20 MB")])
def test_a_letterhead_above_a_limit_is_refused(tmp_path, monkeypatch, limit, said):
    paper(tmp_path / "paper.pdf")
    monkeypatch.setattr(f"dunning_batch.documents.{limit}", 0)
    assert said in refusal(tmp_path)[1]
