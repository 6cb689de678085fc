"""The PDF file itself: sound, the same bytes each time, and flat in memory however many letters it holds (fault 72)."""

import io
import tracemalloc
from datetime import date

import pytest
from pypdf import PdfReader

from dunning_batch.documents.pages import PrintFile, pdf_of
from dunning_batch.documents.pdf import About
from tests.documents.letters import finished, pages_of, pdf, reminder, renamed, with_pieces

ABOUT = About("Lettres du 24/11/2026", "Atelier Exemple", "fr-FR", date(2026, 11, 24))


def printed(letters):
    file = io.BytesIO()
    with PrintFile(file, ABOUT) as book:
        for letter in letters:
            book.add(letter)
    return file.getvalue()


def index_of(data):
    """Numbers and offsets of the cross-reference table."""
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    lines = data[start:].split(b"\n")
    assert lines[0] == b"xref"
    count = int(lines[1].split()[1])
    return {number: int(lines[2 + number][:10]) for number in range(1, count)}


@pytest.mark.parametrize("name", ["Dupont", "Łódź Şahin Αθήνα Москва Nguyễn"])
def test_every_object_stands_where_the_index_says(name):
    data = pdf(renamed(reminder(level=4), name))
    for number, offset in index_of(data).items():
        assert data[offset:].startswith(b"%d 0 obj\n" % number)
    assert data.startswith(b"%PDF-1.4\n")
    assert data.endswith(b"%%EOF\n")


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


def test_72_memory_is_flat_in_the_number_of_letters():
    letter = finished(reminder()).letter
    printed([letter] * 5)

    class Nowhere:
        def write(self, data):
            return len(data)

    def most(count):
        tracemalloc.start()
        try:
            with PrintFile(Nowhere(), ABOUT) as book:
                for _ in range(count):
                    book.add(letter)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert most(400) < most(100) + 300 * 400  # a page leaves its place in the index behind, nothing else
