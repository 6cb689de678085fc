"""Words into lines: nothing lost, nothing too wide, no blank where none may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.documents.fonts import width_of
from dunning_batch.documents.typeset import Span, break_lines, french, paragraph, pieces, shortened

WORDS = st.lists(st.text(st.sampled_from("abcdeéWi-/"), min_size=1, max_size=40), max_size=30).map(" ".join)


def texts(lines):
    return ["".join(run.text for run in line.runs) for line in lines]


@given(WORDS, st.sampled_from([40, 80, 200]))
def test_lines_hold_every_word_and_are_not_too_wide(text, width):
    lines = break_lines([Span(text)], width, 10)
    assert "".join(texts(lines)).replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= width + 0.01 for line in lines)


def test_faces_meet_inside_a_word():
    (line,) = break_lines([Span("un "), Span("deux", "bold"), Span(", trois")], 400, 10)
    assert [(run.text, run.face) for run in line.runs] == [
        ("un ", "regular"), ("deux", "bold"), (", trois", "regular"),
    ]  # fmt: skip
    assert line.runs[1].x == pytest.approx(width_of("un ", "regular", 10))


def test_a_line_never_ends_at_a_no_break_space():
    lines = texts(break_lines([Span("la somme de 1\u202f234,50\u00a0€ due")], 75, 10))
    assert any("1\u202f234,50\u00a0€" in line for line in lines)


def test_hard_line_ends():
    assert texts(break_lines([Span("un\ndeux trois")], 400, 10)) == ["un", "deux trois"]


def test_a_long_word_is_cut_after_its_joints():
    assert list(pieces("FACTURE-2026/0000012345", "regular", 10, 60)) == ["FACTURE-", "2026/", "0000012345"]
    assert "".join(pieces("X" * 100, "regular", 10, 60)) == "X" * 100


def test_the_ends_of_a_paragraph_are_kept_together():
    rows = paragraph(break_lines([Span("mot " * 60)], 100, 10), 0, 10)
    assert [row.keep for row in rows] == [True, *[False] * (len(rows) - 3), True, False]


@pytest.mark.parametrize("text", ["", "court", "beaucoup trop long pour si peu de place", "X" * 10_000])
def test_a_shortened_text_fits(text):
    shown = shortened(text, "bold", 9, 60)
    assert width_of(shown, "bold", 9) <= 60
    assert shown == text or shown.endswith("…")


def test_french_spaces():
    assert french("Objet : non ! 5 % de « rien » ; 3 € ?") == (
        "Objet\u00a0: non\u202f! 5\u00a0% de «\u00a0rien\u00a0»\u202f; 3\u00a0€\u202f?"
    )
    assert french("à 12:30, http://x") == "à 12:30, http://x"
