"""The list of registered letters: one row each, texts as texts (faults 60, 62, 63; S10)."""

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest

from dunning_batch.delivery.registered import registered_workbook
from dunning_batch.language import language
from tests.documents.letters import reminder, with_pieces


def rows_of(*letters):
    data = registered_workbook([(one, f"{rank}.pdf") for rank, one in enumerate(letters, 1)], language("en"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    head, *rows = list(sheet.iter_rows())
    return [{title.value: cell for title, cell in zip(head, row, strict=True)} for row in rows]


def test_one_row_a_letter_with_its_address_pieces_and_total():
    first, second = rows_of(reminder(4), reminder(4, type_="consumer"))
    values = {title: cell.value for title, cell in first.items()}
    assert values["No."] == 1
    assert values["Customer"] == "DUPONT"
    assert [values[f"Address {n}"] for n in range(1, 6)] == [
        "Dupont & Fils SARL", "BATIMENT B", "3 RUE DU MARCHE", "75011 PARIS", None,
    ]  # fmt: skip
    assert values["Documents"] == "F2026-0118, F2026-0117, F2026-0116"
    assert values["Total asked"] == pytest.approx(4630.41)
    assert values["Deadline"] == datetime(2026, 12, 2)
    assert values["File"] == "1.pdf"
    assert second["No."].value == 2


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-2+3", "@SUM(A1)", "#N/A", "\u00a0=1", "00042"])
def test_62_a_text_is_a_text(text):
    one = reminder(4)
    (row,) = rows_of(replace(with_pieces(one, [text]), name=text, customer=replace(one.customer, code=text)))
    for title in ("Customer", "Documents"):
        assert (row[title].value, row[title].data_type) == (text, "s")
        assert row[title].quotePrefix


def test_63_control_characters_are_left_out():
    (row,) = rows_of(with_pieces(reminder(4), ["F\x00\x071"]))
    assert row["Documents"].value == "F1"


def test_72_a_thousand_pieces_fit_into_a_cell():
    (row,) = rows_of(with_pieces(reminder(4), [f"FACTURE-{number:06}" for number in range(5000)]))
    text = row["Documents"].value
    assert len(text) < 32_767
    shown = text.count("FACTURE-")
    assert text.endswith(f"… (+{5000 - shown})")
