"""Lines of another width: mended where there is one way only (rule A7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.reading.fec_columns import header_of
from dunning_batch.reading.fec_rows import mended, wrong_width
from tests.dossiers import COLUMNS

HEADER = header_of("|".join(COLUMNS), {})
LINE = ("VE", "Ventes", "12", "20260115", "411000", "Clients", "DUPONT", "Dupont SA", "F001", "20260115", "Vente", "10,00",
        "0,00", "", "", "20260116", "", "")  # fmt: skip


def line(**changes):
    cells = dict(zip(COLUMNS, LINE, strict=True)) | changes
    return "|".join(cells.values())


def test_a_whole_line_is_left_as_it_is():
    assert mended(line(), HEADER) == (list(LINE), False)


@pytest.mark.parametrize("dropped", range(1, 6))
def test_empty_tails_come_back(dropped):
    assert mended("|".join(LINE[:-dropped]), HEADER) == ([*LINE[:-dropped], *[""] * dropped], False)


def test_a_line_that_lacks_more_is_none():
    assert mended("|".join(LINE[:12]), HEADER) == (None, False)


@pytest.mark.parametrize("text", ["a|b", "a | b", "a|b|c", '"a|b"'])
def test_a_separator_in_a_label_has_one_way_as_a_date_and_an_amount_stand_beside_it(text):
    fields, joined = mended(line(EcritureLib=text), HEADER)
    assert joined
    assert fields == [*LINE[:10], text, *LINE[11:]]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("CompAuxLib", "Dupont|SA"),  # texts stand on both sides
        ("PieceRef", "F|001"),
        ("EcritureLib", "|a"),  # an empty field may be the date of the piece
        ("EcritureLib", "a|"),  # or an amount
        ("EcritureLib", "Vente|12,50"),  # 12,50 may be the debit
        ("Debit", "1|2,50"),
    ],
)
def test_where_there_are_several_ways_none_is_taken(column, text):
    assert mended(line(**{column: text}), HEADER) == (None, False)


def test_a_line_far_too_long_is_not_tried():
    assert mended("|".join(["x"] * 500), HEADER) == (None, False)


@given(st.lists(st.sampled_from(["", "x", "20260115", "411000", "10,00", "-", "0"]), min_size=15, max_size=24))
def test_what_is_mended_has_lost_nothing(fields):
    text = "|".join(fields)
    found, joined = mended(text, HEADER)
    if found is not None:
        assert len(found) == HEADER.width
        assert "|".join(found).rstrip("|") == text.rstrip("|")
        assert joined == (len(fields) > HEADER.width)


def test_a_wrong_line_names_its_first_fields_without_signs_that_cannot_be_seen():
    problem = wrong_width("V\x07E|" + "x" * 100 + "|3", 7, "a.txt", HEADER, cut=False)
    values = dict(problem.message.values)
    assert (str(problem.source), values["found"], values["expected"]) == ("a.txt:7", 3, 18)
    assert values["start"] == f"V E {'x' * 40} 3"


def test_a_last_line_that_is_cut_is_said_to_be():
    assert wrong_width("VE|1", 9, "a.txt", HEADER, cut=True).code == "cut_file"
