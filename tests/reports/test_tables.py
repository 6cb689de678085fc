"""Rows as a table on the screen, as CSV and as a workbook; problems as lines."""

import io
from datetime import date

import openpyxl
import pytest

from dunning_batch.errors import Problem, Source, msg
from dunning_batch.language import language
from dunning_batch.reports.tables import Column, csv_bytes, problem_line, table_text, xlsx_bytes

COLUMNS = (Column(msg("Name")), Column(msg("Due"), "date"), Column(msg("Open"), "money"), Column(msg("Level"), "number"))
ROWS = [("DUPONT", date(2026, 3, 1), 123456, 0), ("MARTIN", None, -5, None)]
FORMULAS = ["=1+1", "+33 1 02 03 04 05", "-2+3", "@SUM(A1)", "\t=1", "\u00a0=1", "  +1", '=HYPERLINK("x")']


def line(problem, code="fr"):
    return problem_line(problem, language(code))


def test_a_problem_is_one_line_with_its_place_and_customer():
    problem = Problem("some", msg("It is so."), "warning", Source("a.txt", 3), "DUPONT")
    assert line(problem) == "avertissement\u00a0: a.txt:3\u00a0: DUPONT\u00a0: It is so."
    assert line(problem, "en") == "warning: a.txt:3: DUPONT: It is so."


def test_a_customer_whom_the_message_names_is_not_said_twice():
    problem = Problem("some", msg("{customer} owes.", customer="DUPONT"), "notice", customer="DUPONT")
    assert line(problem) == "remarque\u00a0: DUPONT owes."


def test_line_breaks_in_a_message_become_blanks():
    assert line(Problem("some", msg("one\ntwo"), "error"), "en") == "error: one two"


def test_a_table_is_aligned_and_as_narrow_as_its_content(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert table_text(COLUMNS, ROWS, language("en")).splitlines() == [
        "Name          Due     Open Level",
        "------ ---------- -------- -----",
        "DUPONT 01/03/2026 1,234.56     0",
        "MARTIN               -0.05",
    ]


def test_a_table_too_wide_cuts_its_texts_and_never_a_number(monkeypatch):
    monkeypatch.setenv("COLUMNS", "32")
    rows = [("A very long name of a customer", date(2026, 3, 1), 123456789, 3)]
    last = table_text(COLUMNS, rows, language("en")).splitlines()[-1]
    assert last.startswith("A v…")
    assert "1,234,567.89" in last
    assert last.endswith("3")


def test_an_empty_table_has_its_headings():
    assert table_text(COLUMNS, [], language("fr")).splitlines()[0] == "Nom Échéance Reste dû Niveau"


@pytest.mark.parametrize(
    ("code", "second"),
    [("fr", '"DUPONT";"2026-03-01";"1234,56";"0"'), ("en", '"DUPONT","2026-03-01","1234.56","0"')],
)
def test_csv_opens_in_a_spreadsheet_of_its_language(code, second):
    found = csv_bytes(COLUMNS, ROWS, language(code))
    assert found.startswith(b"\xef\xbb\xbf")
    assert found.decode("utf-8-sig").split("\r\n")[1] == second


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_csv_is_taken_for_a_formula(text):
    found = csv_bytes(COLUMNS[:1], [(text,)], language("en")).decode("utf-8-sig").split("\r\n")[1]
    assert found.startswith("\"'")


@pytest.mark.parametrize("text", [*FORMULAS, "411000", "#N/A", "été <SARL> & fils"])
def test_a_text_of_a_workbook_stays_text(text):
    cell = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("x", COLUMNS[:1], [(text,)], language("fr")))).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    if text in FORMULAS:
        assert cell.quotePrefix


def test_control_signs_leave_the_cells_of_a_workbook():
    cell = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("x", COLUMNS[:1], [("a\x00b\x1fc",)], language("fr")))).active["A2"]
    assert cell.value == "abc"


def test_a_workbook_has_real_amounts_and_days_and_is_ready_to_print():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("Pièces", COLUMNS, ROWS, language("fr")))).active
    assert [cell.value for cell in sheet[1]] == ["Nom", "Échéance", "Reste dû", "Niveau"]
    assert sheet["B2"].value.date() == date(2026, 3, 1)
    assert (sheet["C2"].value, sheet["C2"].number_format) == (1234.56, "#,##0.00")
    assert (sheet["B3"].value, sheet["D3"].value) == (None, None)
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:D3", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
