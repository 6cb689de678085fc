"""The QR code of a transfer, read back from the letter's own drawing commands by another library."""

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PdfReader
from pypdf.generic import ContentStream

from dunning_batch.config.settings import LetterSettings
from dunning_batch.documents.paymentqr import transfer_of
from tests.documents.letters import SENDER, pages_of, pdf, reminder

LOOK = LetterSettings(payment_qr=True)


def with_code(one, code):
    return replace(one, customer=replace(one.customer, code=code))


def codes_on(data: bytes) -> list[str]:
    """What a banking app reads on the pages: the black surfaces are drawn, four pixels a point, and decoded."""
    found = []
    for page in PdfReader(io.BytesIO(data)).pages:
        image = Image.new("L", (2380, 3368), "white")
        draw, paths = ImageDraw.Draw(image), []
        for operands, operator in ContentStream(page.get_contents(), None).operations:
            if operator == b"re":
                x, y, width, height = map(float, operands)
                paths.append((x * 4, 3368 - (y + height) * 4, (x + width) * 4 - 1, 3368 - y * 4 - 1))
            elif operator == b"rg":
                ink = round(255 * float(operands[0]))
            elif operator == b"f":
                for path in paths:
                    draw.rectangle(path, fill=ink)
                paths = []
        found += [code.text for code in zxingcpp.read_barcodes(image)]
    return found


@pytest.mark.parametrize("level", [1, 4])
def test_the_code_says_what_the_letter_asks(level):
    one = reminder(level)
    (text,) = codes_on(pdf(one, look=LOOK))
    euros = f"EUR{one.total // 100}.{one.total % 100:02d}"
    assert text.split("\n") == [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "Atelier du Bois Joli", "FR7630006000011234567890189", euros, "", "", "DUPONT",
    ]  # fmt: skip


def test_no_code_unless_asked_for():
    assert codes_on(pdf(reminder())) == []


@pytest.mark.parametrize(
    ("total", "there"), [(0, False), (-5, False), (1, True), (99_999_999_999, True), (100_000_000_000, False)]
)
def test_a_code_only_for_an_amount_that_the_scheme_takes(total, there):
    assert bool(transfer_of(reminder(total=total), SENDER)) is there


def test_no_code_without_an_iban():
    assert transfer_of(reminder(), replace(SENDER, iban="")) == ""


def test_a_name_that_is_too_long_is_never_cut():
    assert transfer_of(reminder(), replace(SENDER, name="N" * 70))
    assert transfer_of(reminder(), replace(SENDER, name="N" * 71)) == ""
    assert transfer_of(with_code(reminder(), "é" * 140), replace(SENDER, name="é" * 70)) == ""  # 331 bytes at most


def test_signs_of_every_language_come_back():
    (text,) = codes_on(pdf(with_code(reminder(), "Łódź-ΑΒΓ"), look=LOOK))
    assert text.endswith("\nŁódź-ΑΒΓ")


def test_the_printed_account_stays_beside_the_code():
    said = " ".join(pages_of(pdf(reminder(), look=LOOK)))
    assert "FR76 3000 6000 0112 3456 7890 189" in said
    assert "AGRIFRPP" in said
