"""Copies of invoices: the right one is found, the wrong one never."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.pdfgen.canvas import Canvas

from dunning_batch.documents.binding import pdf_of
from dunning_batch.documents.copies import open_copies
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.papers import Papers
from dunning_batch.errors import ConfigurationError
from tests.documents.letters import LOOK, SENDER, pages_of, reminder, templates


def invoice(path, *lines, size=A4, pages=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    for number in range(pages):
        for rank, text in enumerate(lines):
            canvas.drawString(50, 300 - 20 * rank, text)
        canvas.rect(40, 40, 100, number + 10)
        canvas.showPage()
    canvas.save()


def asking(piece, *amounts):
    """A reminder of one invoice, in as many instalments as there are amounts (cents)."""
    one = reminder()
    line = one.items[0]
    return replace(one, items=tuple(
        replace(line, decision=replace(line.decision, item=replace(line.decision.item, piece=piece, amount=amount)))
        for amount in amounts
    ))  # fmt: skip


def found(folder, one):
    """Names of the files that are taken, and what is said."""
    copies, problems = open_copies(folder, "copies").copies_of(one)
    return [copy.file.name for copy in copies], [(problem.severity, problem.message.text.format(**dict(problem.message.values))) for problem in problems]


TEXT = ("Facture F2026-118", "Total TTC 1 234,56 EUR", "Atelier Exemple, Lyon")


@pytest.mark.parametrize("name", ["F2026-118.pdf", "Facture_F2026-118_Dupont.PDF", "f2026118.pdf", "2026/03/F2026_118.pdf"])
def test_found_by_its_name(tmp_path, name):
    invoice(tmp_path / name, *TEXT)
    assert found(tmp_path, asking("F2026-118", 123456)) == ([name.rsplit("/", 1)[-1]], [])


def test_found_by_its_text(tmp_path):
    invoice(tmp_path / "scan-0001.pdf", *TEXT)
    invoice(tmp_path / "scan-0002.pdf", "Facture F2026-119", "Total TTC 99,00 EUR", "Atelier Exemple")
    assert found(tmp_path, asking("F2026-118", 123456)) == (["scan-0001.pdf"], [])


@pytest.mark.parametrize("name", ["F2026-1180.pdf", "AF2026-118.pdf", "F2026-11.pdf", "118.pdf"])
def test_a_longer_or_shorter_number_is_another_one(tmp_path, name):
    invoice(tmp_path / name, f"Facture {name[:-4]}", "Total TTC 1 234,56 EUR", "Atelier Exemple")
    assert found(tmp_path, asking("F2026-118", 123456)) == ([], [("notice", "There is no copy of the invoice F2026-118.")])


@pytest.mark.parametrize(
    "lines",
    [
        ("Facture F2026-118", "Total TTC 1 234,57 EUR"),  # another amount
        ("Facture F2026-118", "Total TTC 11 234,56 EUR"),  # the end of a larger one
        ("Facture F2026-119", "Total TTC 1 234,56 EUR"),  # another number
        ("Facture F2026-1180", "Total TTC 1 234,56 EUR"),
    ],
)
def test_number_and_amount_must_both_agree(tmp_path, lines):
    invoice(tmp_path / "F2026-118.pdf", *lines)
    names, said = found(tmp_path, asking("F2026-118", 123456))
    assert names == []
    assert said[0][0] == "warning"
    assert "F2026-118.pdf is not taken" in said[0][1]


@pytest.mark.parametrize("amount", ["1234,56", "1 234,56", "1.234,56", "1,234.56", "1234.56", "1\u00a0234,56"])
def test_amounts_in_every_usual_spelling(tmp_path, amount):
    invoice(tmp_path / "F1.pdf", "Facture F2026-118 du 3 mars", f"Net a payer : {amount} EUR")
    assert found(tmp_path, asking("F2026-118", 123456))[0] == ["F1.pdf"]


@pytest.mark.parametrize(("amounts", "there"), [((60000, 63456), True), ((60000, 123456), True), ((60000, 60000), False)])
def test_instalments_have_one_invoice(tmp_path, amounts, there):
    invoice(tmp_path / "F2026-118.pdf", *TEXT)
    assert (found(tmp_path, asking("F2026-118", *amounts))[0] == ["F2026-118.pdf"]) is there


def test_a_scan_is_trusted_by_a_whole_number_in_its_name(tmp_path):
    invoice(tmp_path / "F2026-118.pdf")
    invoice(tmp_path / "12.pdf")
    assert found(tmp_path, asking("F2026-118", 123456))[0] == ["F2026-118.pdf"]
    assert found(tmp_path, asking("12", 123456))[0] == []  # too short: a name may hold it by chance


def test_of_two_different_files_neither_is_taken(tmp_path):
    invoice(tmp_path / "a" / "F2026-118.pdf", *TEXT)
    invoice(tmp_path / "b" / "F2026-118 (2).pdf", *TEXT, "Duplicata")
    names, said = found(tmp_path, asking("F2026-118", 123456))
    assert names == []
    assert said[0][1].startswith("Two files")


def test_the_same_file_twice_is_one(tmp_path):
    invoice(tmp_path / "a" / "F2026-118.pdf", *TEXT)
    invoice(tmp_path / "b" / "F2026-118.pdf", *TEXT)
    assert found(tmp_path, asking("F2026-118", 123456))[0] == ["F2026-118.pdf"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and no more", b"hello"])
def test_a_damaged_copy_is_told(tmp_path, data):
    (tmp_path / "F2026-118.pdf").write_bytes(data)
    names, said = found(tmp_path, asking("F2026-118", 123456))
    assert names == []
    assert "no readable PDF" in said[0][1]


def test_a_locked_copy_is_told(tmp_path):
    invoice(tmp_path / "plain" / "x.pdf", *TEXT)
    writer = PdfWriter(clone_from=tmp_path / "plain" / "x.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "F2026-118.pdf")
    (tmp_path / "plain" / "x.pdf").unlink()
    assert "no readable PDF" in found(tmp_path, asking("F2026-118", 123456))[1][0][1]


def test_an_enormous_copy_is_left(tmp_path):
    invoice(tmp_path / "F2026-118.pdf", *TEXT, pages=31)
    assert "more than 30 pages" in found(tmp_path, asking("F2026-118", 123456))[1][0][1]


def test_opening_balances_of_another_kind_need_none(tmp_path):
    one = asking("F2026-118", 123456)
    line = one.items[0]
    refund = replace(line, decision=replace(line.decision, item=replace(line.decision.item, kind="refund")))
    assert found(tmp_path, replace(one, items=(refund,))) == ([], [])


def test_no_folder_is_said_with_its_key(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        open_copies(tmp_path / "none", "none")
    assert caught.value.problems[0].source.key == "[letters] invoice_copies"


@pytest.mark.parametrize("size", [A4, landscape(A4), A5, (2 * A4[0], 2 * A4[1])])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_copies_lie_behind_the_letter_upright_on_a4(tmp_path, size, turned):
    invoice(tmp_path / "x.pdf", *TEXT, size=size, pages=2)
    writer = PdfWriter(clone_from=tmp_path / "x.pdf")
    for page in writer.pages:
        page.rotate(turned)
    writer.write(tmp_path / "F2026-118.pdf")
    (tmp_path / "x.pdf").unlink()
    papers = Papers(templates(), copies=open_copies(tmp_path, "copies"))
    made = pdf_of(compose_letter(asking("F2026-118", 123456), SENDER, LOOK, papers).letter)
    pages = pages_of(made)
    assert "copies de F2026-118" in pages[0]
    assert ["Total TTC 1 234,56 EUR" in page for page in pages] == [False, True, True]
    last = PdfReader(io.BytesIO(made)).pages[-1]
    assert (float(last.mediabox.width), float(last.mediabox.height)) == pytest.approx(A4)
    (form,) = last["/Resources"]["/XObject"].values()
    a, b, c, d, e, f = map(float, form.get_object()["/Matrix"])
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (0, size[0]) for y in (0, size[1])]
    assert all(-0.1 <= x <= A4[0] + 0.1 and -0.1 <= y <= A4[1] + 0.1 for x, y in corners)
    assert sum(x for x, _ in corners) / 4 == pytest.approx(A4[0] / 2, abs=0.1)


def test_a_very_large_folder_is_not_searched_through(tmp_path, monkeypatch):
    invoice(tmp_path / "scan-0001.pdf", *TEXT)
    monkeypatch.setattr("dunning_batch.documents.copies._MOST_SEARCHED", 0)
    assert found(tmp_path, asking("F2026-118", 123456))[0] == []
