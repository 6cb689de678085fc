"""Binary workbooks, .xls and .xlsb, before any library opens them (faults 22, 23, 26, 29, 30, 31).

`data/errors.xls` was written once by LibreOffice from four rows of openpyxl: days from 1904, `=NA()` in D3, row 4 hidden.
"""

import contextlib
import io
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from dunning_batch.errors import InputError
from dunning_batch.reading.binary_scan import _scan_stream, scan_xls, scan_xlsb_sheet
from dunning_batch.reading.sheets import counts_from_1904, read_sheets
from tests.reading.test_workbook import read, refusal

XLS = (Path(__file__).parent / "data" / "errors.xls").read_bytes()


def number(value: int) -> bytes:
    """Seven bits a byte."""
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + number(rest) if rest else bytes([low])


def record(kind: int, body: bytes = b"") -> bytes:
    return number(kind) + number(len(body)) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(place: int, value) -> bytes:
    head = struct.pack("<II", place, 0)
    if isinstance(value, str):
        return record(6, head + wide(value))
    return record(3, head + b"\x17") if value is None else record(5, head + struct.pack("<d", value))


def sheet_part(*rows) -> bytes:
    """A sheet of an .xlsb; None is an error cell."""
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    cells = (
        record(0, struct.pack("<IIHHBI", place, 0, 300, 0, 0, 0) + b"\0" * 4)
        + b"".join(cell(column, value) for column, value in enumerate(row))
        for place, row in enumerate(rows)
    )
    return record(129) + record(148, extent) + record(145) + b"".join(cells) + record(146) + record(130)


def xlsb(*rows, part: bytes = b"", properties: bytes = b"") -> bytes:
    """A whole .xlsb with one sheet, of these rows or this part."""
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{}</Relationships>"
    sheets = record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Clients")) + record(144)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
        )
        archive.writestr(
            "_rels/.rels",
            relations.format(f"<Relationship Id='rId1' Type='{of}/officeDocument' Target='xl/workbook.bin'/>"),
        )
        archive.writestr("xl/workbook.bin", record(131) + properties + sheets + record(132))
        target = f"<Relationship Id='rId1' Type='{of}/worksheet' Target='worksheets/sheet1.bin'/>"
        archive.writestr("xl/_rels/workbook.bin.rels", relations.format(target))
        archive.writestr("xl/worksheets/sheet1.bin", part or sheet_part(*rows))
    return file.getvalue()


HEAD = ("Date", "Compte", "Client", "Débit", "Crédit")


def test_an_xls_is_seen_through():
    scan = scan_xls(XLS).sheets["Clients"]
    assert (scan.faults, scan.rows, scan.columns, scan.hidden_rows) == ({(3, 4): "error"}, 4, 5, 1)
    assert counts_from_1904(XLS)


def test_30_an_error_of_an_xls_is_named(tmp_path):
    (problem,) = refusal(tmp_path, XLS, "gl.xls")
    assert (problem.code, problem.source.cell) == ("error_cell", "D3")


@pytest.mark.parametrize("size", [100, 512, 1500, 3000, 5000])
def test_22_a_cut_xls_is_refused(size):
    with pytest.raises(InputError):
        read_sheets(XLS[:size], "x.xls")


@pytest.mark.parametrize("place", [*range(20, len(XLS), 97), *range(3512, 3520)])  # the last ones: the sheet's extent
def test_34_a_flipped_byte_of_an_xls_ends_in_a_table_or_a_refusal(place):
    with contextlib.suppress(InputError):
        read_sheets(XLS[:place] + bytes([XLS[place] ^ 0xFF]) + XLS[place + 1 :], "x.xls")


@pytest.mark.parametrize("place", range(0, 160, 3))
def test_34_a_flipped_byte_of_an_xlsb_ends_in_a_table_or_a_refusal(place):
    part = sheet_part(HEAD, ("15/01/2026", 411000.0, "DUPONT", 100.0, ""))
    with contextlib.suppress(InputError):
        read_sheets(xlsb(part=part[:place] + bytes([part[place] ^ 0xFF]) + part[place + 1 :]), "x.xlsb")


def test_23_a_password_of_an_xls_is_seen():
    assert _scan_stream(struct.pack("<HHHH", 0x0809, 4, 0x0600, 5) + struct.pack("<HH", 0x002F, 0)).protected


def test_an_xlsb_is_read(tmp_path):
    part = read(tmp_path, xlsb(HEAD, ("15/01/2026", 411000.0, "DUPONT", 100.0, "")), "gl.xlsb")
    assert part.lines[["account", "amount"]].to_numpy().tolist() == [["411000", 10000]]


def test_30_an_error_of_an_xlsb_is_named(tmp_path):
    (problem,) = refusal(tmp_path, xlsb(HEAD, ("15/01/2026", 411000.0, "DUPONT", None, "")), "gl.xlsb")
    assert (problem.code, problem.source.cell) == ("error_cell", "D2")


@pytest.mark.parametrize(("flags", "day"), [(0, date(2026, 1, 15)), (1, date(2030, 1, 16))])
def test_31_plain_numbers_of_an_xlsb_count_from_1904_where_it_says_so(tmp_path, flags, day):
    """46 037 days after the last of 1899, or after the first of 1904."""
    rows = [(46037.0, 411000.0, "DUPONT", 100.0, "")] * 3
    data = xlsb(HEAD, *rows, properties=record(153, struct.pack("<III", flags, 0, 0)))
    assert read(tmp_path, data, "gl.xlsb").lines["date"].dt.date.tolist() == [day] * 3


def test_34_sectors_that_go_round_in_circles_are_refused_at_once():
    """A chain that never ends would fill the memory: 2 million sectors before, as many as the file has now."""
    data = bytearray(XLS)
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    folder = struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, table + 4 * folder, folder)
    with pytest.raises(ValueError, match="endless"):
        scan_xls(bytes(data))
    further = bytearray(XLS)
    struct.pack_into("<II", further, 68, 0, 0xFFFFFFFF)
    struct.pack_into("<I", further, 512 + 508, 0)  # the first sector leads to itself
    with pytest.raises(ValueError, match="endless"):
        scan_xls(bytes(further))


def test_24_a_far_cell_of_an_xlsb_is_refused():
    far = record(0, struct.pack("<IIHHBI", 1_000_000, 0, 300, 0, 0, 0) + b"\0" * 4) + cell(16_000, 1.0)
    assert scan_xlsb_sheet(far).rows == 1_000_001
    with pytest.raises(InputError, match="far more"):
        read_sheets(xlsb(part=far), "x.xlsb")
