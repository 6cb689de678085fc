"""Golden letters: words with their places, and pages as pictures (60 dpi), kept in `letters/` and compared.

    UPDATE_GOLDEN=1 pytest tests/golden/test_letters.py      # after a change that is meant; then look at the pictures
"""

import io
import os
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from dunning_batch.config.settings import LetterSettings
from dunning_batch.documents.binding import pdf_of
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.letterhead import load_stationery
from dunning_batch.documents.papers import Papers
from tests.documents.letters import SENDER, reminder, renamed, templates, with_pieces
from tests.documents.test_letterhead import paper

FOLDER = Path(__file__).parent / "letters"
UPDATE = "UPDATE_GOLDEN" in os.environ
_HEIGHT, _MM = 841.89, 72 / 25.4
_FAR = 64  # of 255: a pixel that differs by more is another one
_MOST = 0.002  # of all pixels may be others: the edges of letters, in another version of the renderer

EVIL = '<b>Dupont</b> & {{ creditor.iban }} **x** "y"'


def evil():
    """Markup in every field that somebody else writes."""
    one = renamed(reminder(3), EVIL)
    customer = replace(one.customer, code=EVIL, address=(EVIL, EVIL), town="<b>PARIS</b>", postcode="{{1}}")
    return replace(with_pieces(one, [EVIL, "<i>F2</i>"]), customer=customer)


LETTERS = {
    "level1": lambda: reminder(1),
    "level2": lambda: reminder(2),
    "level3": lambda: reminder(3),
    "level4": lambda: reminder(4),
    "level4-consumer": lambda: reminder(4, type_="consumer"),
    "level4-public": lambda: reminder(4, type_="public"),
    "level2-unknown": lambda: reminder(2, type_="unknown", full=False),
    "level1-english": lambda: reminder(1, "en"),
    "level4-english": lambda: reminder(4, "en"),
    "items-500": lambda: with_pieces(reminder(2), [f"F2026-{number:04}" for number in range(500)]),
    "name-300": lambda: renamed(reminder(1), "Société Générale de Menuiserie " * 10),
    "names-abroad": lambda: renamed(reminder(1), "Zażółć Gęślą Jaźń · İğdır Şişli · Αθήνα Όλυμπος"),
    "markup": evil,
    "letterhead-and-code": lambda: reminder(1),
}
LOOKS = {"letterhead-and-code": LetterSettings(letterhead="paper.pdf", payment_qr=True)}


def made(name, folder):
    look = LOOKS.get(name, LetterSettings())
    paper(folder / "paper.pdf")
    papers = Papers(templates(look=look), load_stationery(folder, look, SENDER))
    return pdf_of(compose_letter(LETTERS[name](), SENDER, look, papers).letter)


def words_of(data):
    """Every text of every page with its place in millimetres from the upper left corner."""
    lines = []
    for number, page in enumerate(PdfReader(io.BytesIO(data)).pages, 1):
        lines.append(f"page {number}")

        def seen(text, _matrix, place, *_):
            if text.strip():
                lines.append(f"{place[4] / _MM:6.1f} {(_HEIGHT - place[5]) / _MM:6.1f}  {' | '.join(text.strip().split(chr(10)))}")

        page.extract_text(visitor_text=seen)
    return "\n".join(lines) + "\n"


def picture_of(data):
    """The first page and the last one beside it, as they are printed."""
    document = pypdfium2.PdfDocument(data)
    pages = [document[number].render(scale=60 / 72, grayscale=True).to_pil() for number in sorted({0, len(document) - 1})]
    picture = Image.new("L", (sum(page.width for page in pages), pages[0].height))
    for number, page in enumerate(pages):
        picture.paste(page, (number * pages[0].width, 0))
    return picture


def others(one, two):
    """The part of the pixels that are far from each other."""
    if one.size != two.size:
        return 1.0
    far = ImageChops.difference(one, two).histogram()[_FAR:]
    return sum(far) / (one.width * one.height)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_as_it_was_looked_at(name, tmp_path):
    data = made(name, tmp_path)
    words, picture = words_of(data), picture_of(data)
    kept_words, kept_picture = FOLDER / f"{name}.txt", FOLDER / f"{name}.png"
    if UPDATE:
        kept_words.write_text(words, encoding="utf-8")
        picture.save(kept_picture, optimize=True)
    assert words == kept_words.read_text(encoding="utf-8")
    with Image.open(kept_picture) as before:
        assert others(before, picture) <= _MOST


def test_nothing_kept_is_forgotten():
    assert {path.stem for path in FOLDER.iterdir()} == set(LETTERS)


def test_a_block_that_moved_by_a_millimetre_is_seen(tmp_path):
    """The comparison of pictures would else pass whatever is printed."""
    picture = picture_of(made("level1", tmp_path))
    moved = picture.copy()
    block = picture.crop((0, 200, picture.width, 400))
    moved.paste(block, (0, 202))
    assert others(picture, moved) > 5 * _MOST
    assert others(picture, picture) == 0
