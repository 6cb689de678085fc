"""What goes wrong with workbooks, by the numbers of the faults."""

import datetime
import io

import openpyxl
import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.language import language
from dunning_batch.reading.workbook import WorkbookReader
from tests.reading.books import changed, ods, ods_row, saved, xlsx, zipped
from tests.reading.layouts.making import day, table, text
from tests.reading.test_workbook import HEAD, line, read, refusal

SHEET = "xl/worksheets/sheet1.xml"
CSV = "Date;Compte;Client;Pièce;Libellé;Débit;Crédit\n15/01/2026;411000;DUPONT;F1;Facture;100,00;\n"


def codes_of(problems):
    return [problem.code for problem in problems]


def said(problem):
    return language("en").message(problem.message)


def one(problems):
    (problem,) = problems
    return problem.code, str(problem.source)


def test_02_headings_without_lines_are_refused(tmp_path):
    assert codes_of(refusal(tmp_path, xlsx(HEAD))) == ["no_lines"]
    assert codes_of(refusal(tmp_path, xlsx(HEAD, ("Total",)))) == ["no_lines"]


def test_02_a_table_cut_anywhere_in_the_last_line_is_incomplete(tmp_path):
    """`100,00;` of a line that was to end in `;A`; cut behind its last separator, nothing tells it."""
    last = b"16/01/2026;411000;DUPONT;F2;Facture;240,00;0,00\n"
    whole, end = CSV.encode() + last, len(last.rsplit(b";", 1)[0])
    for size in range(1, end + 1):
        assert one(refusal(tmp_path, whole[: len(CSV.encode()) + size], "gl.csv")) == ("cut_file", "gl.csv:3"), size
    for data in (whole, whole.rstrip(b"\n")):
        assert read(tmp_path, data, "gl.csv").lines["amount"].tolist() == [10000, 24000]


def test_02_lines_of_many_widths_are_a_print_and_no_cut_one(tmp_path):
    data = CSV.replace("Facture;100,00;", "Facture;100,00").encode() + b"Total;;;;;100,00"
    assert read(tmp_path, data, "gl.csv").lines["amount"].tolist() == [10000]


def test_03_a_separator_inside_a_text_is_named(tmp_path):
    data = CSV.encode() + b"16/01/2026;411000;DUPONT;F2;Facture;12;100,00;\n"
    assert one(refusal(tmp_path, data, "gl.csv")) == ("wrong_width", "gl.csv:3")


def test_03_a_separator_at_the_end_of_every_line_is_nothing(tmp_path):
    part = read(tmp_path, CSV.replace("\n", ";\n").replace("Crédit;", "Crédit").encode(), "gl.csv")
    assert part.lines["amount"].tolist() == [10000]


def test_04_a_quote_that_is_never_closed(tmp_path):
    data = CSV.encode() + b'16/01/2026;411000;DUPONT;F2;"LE BON;50,00;\n'
    part = read(tmp_path, data, "gl.csv")
    assert part.lines["amount"].tolist() == [10000, 5000]
    assert part.lines["label"].tolist() == ["Facture", '"LE BON']
    assert codes_of(refusal(tmp_path, data + b"17/01/2026;411000\n", "gl.csv")) == ["unreadable_csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"])
def test_05_texts_of_every_encoding_are_alike(tmp_path, encoding):
    part = read(tmp_path, CSV.replace("Facture", "Été à Besançon").encode(encoding), "gl.csv")
    assert part.lines["label"].tolist() == ["Été à Besançon"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_06_every_separator_is_found(tmp_path, separator):
    part = read(tmp_path, CSV.replace(";", separator).replace(",00", ".00").encode(), "gl.tsv")
    assert part.lines["amount"].tolist() == [10000]


def test_09_both_sides_are_said_and_the_difference_counts(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line(Débit=100, Crédit=30)))
    assert part.lines["amount"].tolist() == [7000]
    assert "both_sides" in codes_of(part.problems)


def test_10_a_day_that_is_none_is_named(tmp_path):
    assert one(refusal(tmp_path, xlsx(HEAD, line(), line(Date="31/02/2026")))) == (
        "wrong_date", "grand-livre.xlsx Clients!B3",
    )  # fmt: skip
    assert one(refusal(tmp_path, xlsx(HEAD, line(), line(Date=46000)))) == (
        "wrong_date", "grand-livre.xlsx Clients!B3",
    )  # fmt: skip


def test_10_an_amount_without_a_day_is_named(tmp_path):
    found = one(refusal(tmp_path, xlsx(HEAD, line(), line(Date=None))))
    assert found == ("line_without_date", "grand-livre.xlsx Clients!B3")


def test_11_an_entry_that_does_not_balance_is_listed(tmp_path):
    head = (*HEAD, "N° écriture")
    rows = [(*line(Pièce=f"F{n}"), n) for n in range(3)]
    rows += [(*line(Pièce=f"F{n}", Compte=707000, Client=None, Débit=None, Crédit=100 - (n == 2)), n) for n in range(3)]
    part = read(tmp_path, xlsx(head, *rows))
    found = [problem for problem in part.problems if problem.code == "unbalanced_entry"]
    assert [str(problem.source) for problem in found] == ["grand-livre.xlsx Clients!K4"]
    assert part.lines["counterparts"].tolist() == [1, 1, 0]


def test_19_another_currency_is_never_added(tmp_path):
    head = (*HEAD, "Devise")
    part = read(tmp_path, xlsx(head, (*line(), "EUR"), (*line(Débit=50), "USD"), (*line(Débit=25), None)))
    assert part.lines["amount"].tolist() == [10000, 2500]
    (problem,) = [problem for problem in part.problems if problem.code == "foreign_currency"]
    assert str(problem.source) == "grand-livre.xlsx Clients!K3"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (xlsx(HEAD, line())[:900], "not a readable workbook"),
        (CSV.encode(), "not a readable workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not a readable workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (zipped(xl__workbook_xml="<workbook/>", big="0" * 30_000_000), "far more than its size"),
        (zipped(xl__workbook_xml='<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "declarations"),
        (zipped(xl__workbook_xml="<w/>", other_xml='<sheetData><c r="A1"/><c r="XFD1048576"/></sheetData>'), "far more"),
    ],
    ids=["22-cut", "22-text", "22-ole", "23-password", "24-bomb", "25-entities", "24-far-cell"],
)  # fmt: skip
def test_22_to_25_what_cannot_be_opened_is_refused(tmp_path, data, word):
    (problem,) = refusal(tmp_path, data)
    assert word in said(problem)


def test_26_a_formula_without_a_value_is_named(tmp_path):
    assert one(refusal(tmp_path, xlsx(HEAD, line(Débit="=10*10")))) == (
        "formula_without_value", "grand-livre.xlsx Clients!H2",
    )  # fmt: skip


def test_26_a_formula_of_the_running_balance_matters_to_nobody(tmp_path):
    part = read(tmp_path, xlsx((*HEAD, "Solde"), (*line(), "=H2")))
    assert part.lines["amount"].tolist() == [10000]


def test_26_a_sum_that_nobody_has_computed_matters_to_nobody(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line(), line(Journal=None, Date=None, Libellé="Total", Débit="=H2")))
    assert part.lines["amount"].tolist() == [10000]


def test_27_an_account_as_a_number_keeps_its_digits(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line(Compte=411000.0), line(Compte="411 000"), line(Compte="411000.0")))
    assert part.lines["account"].tolist() == ["411000"] * 3


def test_08_10_a_line_of_which_neither_day_nor_amount_can_be_read_is_not_lost(tmp_path):
    found = refusal(tmp_path, xlsx(HEAD, line(), line(Date="'15/01/2026", Débit="'1200,50")))
    assert one(found) == ("wrong_date", "grand-livre.xlsx Clients!B3")


def test_28_two_rows_of_headings_are_one(tmp_path):
    upper = ("Date", None, "Compte", "Client", "Mouvements", None)
    lower = ("écriture", "pièce", None, None, "Débit", "Crédit")
    row = (day("15/01/2026"), day("14/01/2026"), 411000, "DUPONT", 100, None)
    part = read(tmp_path, xlsx(("Titre",), upper, lower, row))
    assert part.lines[["amount", "line"]].to_numpy().tolist() == [[10000, 4]]
    assert part.lines["piece_date"].tolist() == [datetime.datetime(2026, 1, 14)]


def test_28_headings_that_are_not_found_are_asked_for(tmp_path):
    (problem,) = refusal(tmp_path, xlsx(("Le", "Quoi", "Qui", "Combien"), (day("15/01/2026"), "x", "y", 3)))
    assert problem.code == "no_headings"
    assert "Clients!1: Le, Quoi, Qui, Combien" in said(problem)


def test_28_they_can_be_named(tmp_path):
    columns = {"date": "Le", "label": "Quoi", "customer": "Qui", "amount": "Combien", "paid": "Soldé ?"}
    rules = LedgerRules(header_row=3)
    data = xlsx(("Le", "Date", "Débit"), (), ("Le", "Quoi", "Qui", "Combien", "Soldé ?"),
                (day("15/01/2026"), "x", "DUPONT", 3, "non"))  # fmt: skip
    part = read(tmp_path, data, rules=rules, columns=columns)
    assert part.lines[["auxiliary", "amount"]].to_numpy().tolist() == [["DUPONT", 300]]


def test_28_a_heading_of_the_configuration_that_is_not_there_is_said(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line()), columns={"due_date": "Échéance client"})
    assert "heading_not_found" in codes_of(part.problems)


def test_28_two_columns_that_may_mean_the_same_are_both_shown(tmp_path):
    data = xlsx((*HEAD, "Date d'échéance", "Échéance"), (*line(), day("1/02/2026"), day("1/03/2026")))
    (problem,) = refusal(tmp_path, data)
    assert problem.code == "ambiguous_columns"
    assert 'due_date = "Date d\'échéance"' in said(problem)
    assert 'due_date = "Échéance"' in said(problem)
    part = read(tmp_path, data, columns={"due_date": "Échéance"})
    assert part.lines["due"].tolist() == [datetime.datetime(2026, 3, 1)]


def test_28_they_may_hold_the_same(tmp_path):
    part = read(tmp_path, xlsx((*HEAD, "Date d'échéance", "Échéance"), (*line(), day("1/02/2026"), day("1/02/2026"))))
    assert part.lines["due"].tolist() == [datetime.datetime(2026, 2, 1)]


def test_29_two_sheets_are_both_named(tmp_path):
    data = xlsx(HEAD, line(), sheet="Janvier", Février=[HEAD, line(Débit=50)])
    (problem,) = refusal(tmp_path, data)
    assert problem.code == "several_sheets"
    assert "Janvier, Février" in said(problem)
    part = read(tmp_path, data, rules=LedgerRules(sheet="février"))
    assert part.lines["amount"].tolist() == [5000]
    assert codes_of(refusal(tmp_path, data, rules=LedgerRules(sheet="Mars"))) == ["no_such_sheet"]


def test_29_what_is_hidden_is_announced(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(HEAD, line(), line(Débit=50), Old_hidden=[HEAD, line()])))
    book["Clients"].row_dimensions[3].hidden = True
    part = read(tmp_path, saved(book))
    assert part.lines["amount"].tolist() == [10000, 5000]
    assert {"hidden_sheet", "hidden_rows"} <= set(codes_of(part.problems))


def test_30_an_error_cell_is_named(tmp_path):
    part = ods(
        ods_row("Date", "Compte", "Client", "Débit", "Crédit") + ods_row("15/01/2026", "411000", "DUPONT", "#REF!", "")
    )
    assert ("error_cell", "gl.ods Clients!D2") in [
        (problem.code, str(problem.source)) for problem in refusal(tmp_path, part, "gl.ods")
    ]


def test_31_days_count_from_1904_where_the_workbook_says_so(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(HEAD, line(), line())))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    part = read(tmp_path, saved(book))
    assert part.lines["date"].tolist() == [datetime.datetime(2026, 1, 15)] * 2


@pytest.mark.parametrize("name", ["x.txt", "x.csv"])
def test_what_is_no_table_is_nobody_s(tmp_path, name):
    for data in (b"", b"hello world\n", b"<html><table></table></html>", b"a;b;c\n1;2;3\n", bytes(range(256)) * 9):
        path = tmp_path / name
        path.write_bytes(data)
        assert not WorkbookReader().identify(path, {})


def test_a_text_fec_is_not_ours(tmp_path):
    path = tmp_path / "fec.csv"
    path.write_text("JournalCode;JournalLib;EcritureNum;EcritureDate;CompteNum;Debit;Credit\n")
    assert not WorkbookReader().identify(path, {})


def test_a_zip_of_something_else_is_not_ours(tmp_path):
    path = tmp_path / "fec.zip"
    path.write_bytes(zipped(fec_txt="x"))
    assert not WorkbookReader().identify(path, {})


def test_a_text_named_xls_is_read_as_text(tmp_path):
    rows = table("""
        Date       | Compte | Client | Débit  | Crédit
        15/01/2026 | 411000 | DUPONT | 100,00 |
    """)
    part = read(tmp_path, text(*rows, separator="\t", encoding="cp1252"), "export.xls")
    assert part.lines["amount"].tolist() == [10000]


def test_xml_of_a_sheet_that_is_damaged_is_refused(tmp_path):
    data = changed(xlsx(HEAD, line(Débit="=1+1")), SHEET, b"</sheetData>", b"<sheetData>")
    (problem,) = refusal(tmp_path, data)
    assert "not a readable workbook" in said(problem)
