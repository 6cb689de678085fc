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
    assert values["Addressee"].split("\n") == ["Dupont & Fils SARL", "BATIMENT B", "3 RUE DU MARCHE", "75011 PARIS"]
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
    """What fault 72 asks."""
    (row,) = rows_of(with_pieces(reminder(4), [f"FACTURE-{number:06}" for number in range(5000)]))
    text = row["Documents"].value
    assert len(text) < 32_767
    shown = text.count("FACTURE-")
    assert text.endswith(f"… (+{5000 - shown})")


def fields_of(**changes):
    one = reminder(4)
    customer = replace(one.customer, **changes)
    (row,) = rows_of(replace(one, customer=customer, name=customer.name))
    return {title: cell.value or "" for title, cell in row.items()}


def test_the_fields_of_postal_services_stand_in_their_places():
    values = fields_of(name="Dupont & Fils SARL", address=("Bâtiment B", "3 rue du Marché", "BP 12"), emails=("a@b.fr", "c@d.fr"))
    assert [values[f"Address {n}"] for n in range(1, 7)] == ["Dupont & Fils SARL", "", "Bâtiment B", "3 RUE DU MARCHE", "BP 12", "75011 PARIS"]
    titles = ("Postcode", "Town", "Country", "Country code", "Status", "E-mail")
    assert [values[title] for title in titles] == ["75011", "Paris", "FRANCE", "FR", "professional", "a@b.fr"]


def test_a_private_person_stands_on_the_second_line():
    values = fields_of(name="Anne Dupont", address=("3 rue du Marché",), type="consumer")
    assert [values[f"Address {n}"] for n in range(1, 5)] == ["", "Anne Dupont", "", "3 RUE DU MARCHE"]
    assert values["Status"] == "private person"


@pytest.mark.parametrize(("type_", "said"), [("public", "professional"), ("unknown", "")])
def test_a_status_that_nobody_said_is_left_open(type_, said):
    assert fields_of(type=type_)["Status"] == said


@pytest.mark.parametrize(("country", "name", "code"), [("Belgique", "BELGIQUE", ""), ("be", "BE", "BE"), ("", "FRANCE", "FR"), ("France", "FRANCE", "FR")])
def test_a_country_has_a_code_where_it_is_certain(country, name, code):
    values = fields_of(country=country)
    assert (values["Country"], values["Country code"]) == (name, code)


def test_it_prints_on_a4_with_its_head_on_each_page_and_without_the_fields_of_services():
    book = openpyxl.load_workbook(io.BytesIO(registered_workbook([(reminder(4), "1.pdf")], language("en"))))
    sheet = book.active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area.endswith("$A$1:$H$2")
    assert sheet["H1"].value == "Registered number"
    printed = sum(sheet.column_dimensions[column].width for column in "ABCDEFGH")
    assert printed * 1.87 * 0.85 < 277  # mm: no smaller than 85 % on A4
