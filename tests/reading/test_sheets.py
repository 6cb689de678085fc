"""Tables from workbooks and .csv files, and what is refused before a library opens it (faults 22 to 32, rule S8)."""

import contextlib
import io
import os
import time
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.errors import InputError
from dunning_batch.language import language
from dunning_batch.reading import sheets
from dunning_batch.reading.archive_guard import column_letters, column_number
from dunning_batch.reading.cell_scan import MAX_CELLS, scan_xlsx_sheet
from dunning_batch.reading.sheets import cell_text, read_file, read_sheets
from tests.reading.books import changed, ods, ods_row, saved, xlsx, zipped

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOK = xlsx(("Client", "Nom"), ("C1", "Dupont"))


def refusal(data: bytes, name: str = "x.xlsx") -> str:
    with pytest.raises(InputError) as caught:
        read_sheets(data, name)
    (problem,) = caught.value.problems
    assert problem.source.file == name
    return language("en").message(problem.message)


def test_cells_keep_their_address_behind_empty_rows_and_columns():
    book = openpyxl.Workbook()
    book.active["C3"], book.active["AA4"] = "Client", 12.5
    (sheet,) = read_sheets(saved(book), "x.xlsx")
    assert sheet.rows[2][2] == "Client"
    assert str(sheet.source(2, 2)) == "x.xlsx Sheet!C3"
    assert (sheet.rows[3][26], sheet.source(3, 26).cell) == (12.5, "AA4")


def test_hidden_sheets_are_known_as_such():
    sheets = read_sheets(xlsx(("a",), Old_hidden=[("b",)]), "x.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Clients", False), ("Old_hidden", True)]


def test_26_30_formulas_without_values_and_errors_are_named():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B2"] = "=1+1", "#N/A"
    book.active["B2"].data_type = "e"
    (sheet,) = read_sheets(saved(book), "x.xlsx")
    assert (sheet.rows[0][0], sheet.fault(0, 0)) == ("", "no_value")
    assert (sheet.rows[1][1], sheet.fault(1, 1)) == ("", "error")
    assert sheet.fault(1, 0) is None


def test_26_a_formula_with_its_value_is_read():
    with_value = changed(xlsx(("=1+1", "=A1&B1")), SHEET, b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
    (sheet,) = read_sheets(changed(with_value, SHEET, b'<c r="B1"><f>', b'<c r="B1" t="str"><f>'), "x.xlsx")
    assert (sheet.rows[0][0], sheet.faults) == (2.0, {})  # an empty text is a value too


def test_ods_cells_and_their_faults():
    table = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string"><text:p>Client</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.A1]"/>'
        '<table:table-cell office:value-type="string"><text:p>#N/A</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/></table:table-row>'
    )
    (sheet,) = read_sheets(ods(table), "x.ods")
    assert sheet.rows[2][2] == "Client"
    assert sheet.faults == {(3, 4): "no_value", (3, 5): "error"}


@pytest.mark.parametrize(
    "data",
    [b"", b"Client;Nom\r\n", b"PK\x03\x04 cut", BOOK[:2000], BOOK[:-30], zipped(a="b"), OLE,
     changed(BOOK, "xl/workbook.xml", b"r:id", b"r:di")],
)  # fmt: skip
def test_22_not_a_readable_workbook(data):
    assert refusal(data).startswith("x.xlsx is not a readable workbook")


def test_23_a_password():
    ole = OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert "remove the password" in refusal(ole)
    assert "remove the password" in refusal(ods(ods_row("x"), "<manifest:encryption-data/>"), "x.ods")
    entry = BOOK.index(b"PK\x01\x02")
    assert "remove the password" in refusal(BOOK[: entry + 8] + b"\x01" + BOOK[entry + 9 :])


def test_24_a_zip_bomb_is_refused_at_once():
    data = changed(BOOK, SHEET, b"<sheetData>", b"<sheetData>" + b" " * 250_000_000)
    start = time.process_time()
    assert "far more than its size shows" in refusal(data)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "data",
    [
        zipped(xl__workbook_xml="x", **{f"p{number}": "" for number in range(2_000)}),
        changed(BOOK, SHEET, b'r="B2"', b'r="XFD1048576"'),
        ods(ods_row(*["x"] * 100, repeated=1_000_000)),
        ods('<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
            '<table:table-row><table:table-cell table:number-columns-repeated="16000"/>'
            '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'),
    ],
)  # fmt: skip
def test_24_a_small_file_of_too_many_cells(data):
    assert "far more than its size shows" in refusal(data)


def cells(count: int) -> bytes:
    return b"<c><v>1</v></c>" * count


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576"><c r = "K1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='K1048576'><v>1</v></c></row>",
        b'<row r="1048576"><c\nr="K1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c s="0" r="K1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c r="k1048576"><v>1</v></c></row>',
        b'<row r="1048576">' + cells(11) + b"</row>",
        b'<row r="1048576"><c r="K1"><v>1</v></c><c><v>1</v></c></row>',
        b'<row r="1">' + cells(11) + b'</row><row r="1048575"/><row>' + cells(1) + b"</row>",
        b'<x:row xmlns:x="urn:x" r="1048576"><x:c r="K1048576"><x:v>1</x:v></x:c></x:row>',
    ],
    ids=["blanks", "quotes", "line-end", "second", "small", "no-address", "after-address", "counted", "prefix"],
)
def test_24_a_far_cell_is_seen_however_it_is_written(rows):
    assert "far more than its size shows" in refusal(changed(BOOK, SHEET, b"</sheetData>", rows + b"</sheetData>"))


@pytest.mark.parametrize(("cell", "fits"), [
    ("Z383999", True), ("Z384615", True), ("Z384616", False), ("AA1", True), ("AZ192307", True), ("AZ192308", False),
    ("ZZ14245", True), ("ZZ14246", False), ("XFD610", True), ("XFD611", False), ("A1048576", True), ("J1000000", True),
    ("J1000001", False),
])  # fmt: skip
def test_24_the_rectangle_of_ten_million_cells(cell, fits):
    part = f'<worksheet><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'.encode()
    scan = scan_xlsx_sheet(part)
    assert (scan.rows * scan.columns <= MAX_CELLS) == fits


def test_24_a_sheet_is_looked_at_under_any_name():
    assert "far more than its size shows" in refusal(
        zipped(
            xl__workbook_xml="<w/>",
            xl__any_dat='<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        )
    )


@pytest.mark.parametrize("target", [b"worksheets/../worksheets/sheet1.xml", b"xl/worksheets/sheet1.xml"])
def test_22_a_sheet_that_two_programs_would_look_for_in_two_places(target):
    relations = "xl/_rels/workbook.xml.rels"
    data = changed(BOOK, relations, b"/xl/worksheets/sheet1.xml", target)
    both = zipfile.ZipFile(io.BytesIO(data))
    parts = {name: both.read(name) for name in both.namelist()} | {"xl/xl/worksheets/sheet1.xml": both.read(SHEET)}
    assert "is not a readable workbook" in refusal(written(parts))


def written(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_24_a_part_that_holds_more_than_the_directory_says():
    data = bytearray(changed(BOOK, SHEET, b"<sheetData>", b"<sheetData>" + b" " * 100_000))
    place = data.rindex(SHEET.encode()) - 46  # its entry in the directory at the end
    kept = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)[:1000]
    data[place + 16 : place + 20] = zlib.crc32(kept).to_bytes(4, "little")
    data[place + 24 : place + 28] = len(kept).to_bytes(4, "little")
    assert "is not a readable workbook" in refusal(bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_25_declared_entities(encoding):
    declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'.encode(encoding)
    assert "XML declarations" in refusal(changed(BOOK, SHEET, b"<worksheet", declared + b"<worksheet"))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "cp850"])
def test_csv_separators_and_encodings(separator, encoding):
    text = separator.join(("Client", "Nom")) + "\r\n" + separator.join(("C1", '"Été; ""l\'"", ici"')) + "\r\n"
    (sheet,) = read_sheets(text.encode(encoding), "x.csv")
    assert sheet.rows == (("Client", "Nom"), ("C1", 'Été; "l\'", ici'))


def test_csv_lines_are_those_of_the_file():
    (sheet,) = read_sheets(b'Client;Nom\n\nC1;"a\nb"\nC2;c\n', "x.csv")
    assert [str(sheet.source(row)) for row in range(3)] == ["x.csv:1", "x.csv:3", "x.csv:5"]


def test_csv_an_open_quote_names_its_line():
    with pytest.raises(InputError) as caught:
        read_sheets(b'Client;Nom\nC1;"Dupont\nC2;x\n', "x.csv")
    assert caught.value.problems[0].source.line == 2


def test_csv_a_byte_of_no_encoding_names_its_line():
    with pytest.raises(InputError) as caught:
        read_sheets(b"Client;Nom\nC1;\x81\xe9\n", "x.csv")
    assert caught.value.problems[0].source.line == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [(411000.0, "411000"), ("0411000", "0411000"), (411000, "411000"), (1.5, "1.5"), (True, "1"),
     (1e15, "1000000000000000"), (date(2026, 1, 2), "2026-01-02"), (datetime(2026, 1, 2), "2026-01-02"), ("", "")],
)  # fmt: skip
def test_27_a_cell_as_text(value, text):
    assert cell_text(value) == text


def test_32_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    path.write_bytes(BOOK)
    read = Path.read_bytes

    def slow(self):
        data = read(self)
        os.utime(self, ns=(1, 1))
        return data

    assert read_file(path, "x.xlsx") == BOOK
    monkeypatch.setattr(Path, "read_bytes", slow)
    with pytest.raises(InputError) as caught:
        read_file(path, "x.xlsx")
    assert caught.value.problems[0].code == "file_changed"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError):
        read_file(tmp_path / "x.xlsx", "x.xlsx")


@given(st.integers(1, 16384))
def test_column_letters_and_back(number):
    assert column_number(column_letters(number)) == number


@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
def test_34_a_flipped_byte_is_read_or_refused(place, byte):
    with contextlib.suppress(InputError):
        read_sheets(BOOK[:place] + bytes([byte]) + BOOK[place + 1 :], "x.xlsx")


Panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})  # when the library's own code gives up
Namesake = type("PanicException", (BaseException,), {})


@pytest.mark.parametrize(
    ("raised", "expected"), [(Panic, InputError), (Namesake, Namesake), (KeyboardInterrupt, KeyboardInterrupt)]
)
def test_34_a_panic_of_the_library_is_an_unreadable_workbook(monkeypatch, raised, expected):
    class Workbook:
        @staticmethod
        def from_filelike(_file):
            raise raised

    monkeypatch.setattr(sheets, "CalamineWorkbook", Workbook)
    with pytest.raises(expected):
        read_sheets(BOOK, "x.xlsx")


def test_34_the_library_is_not_heard_when_it_gives_up(capfd, monkeypatch):
    """A directory of an .xls cut short makes it panic, with a trace on the terminal."""
    whole = (Path(__file__).parent / "layouts" / "data" / "ebp-grand-livre.xls").read_bytes()
    panics = []
    enough = sheets._Unheard.__exit__  # what passes through it is what the library really raises
    monkeypatch.setattr(
        sheets._Unheard, "__exit__", lambda self, *raised: (panics.append(raised[0]), enough(self, *raised))[1]
    )
    for end in range(len(whole) - 1600, len(whole), 100):
        with contextlib.suppress(InputError):
            read_sheets(whole[:end], "x.xls")
    assert sheets._PANIC in {(kind.__module__, kind.__name__) for kind in panics if kind}
    assert capfd.readouterr() == ("", "")
