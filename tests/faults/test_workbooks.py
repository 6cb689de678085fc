"""Faults 19 and 22 to 33 of workbooks, from the command line: what is refused, what is read, what is announced."""

import datetime
import io
import socket
import threading
import zipfile

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.dossiers import make_dossier
from tests.faults.invariants import DAY, RUN, codes, decisions, levels, ok, opens, state, stops, stops_everywhere
from tests.reading.books import changed, ods, ods_row, saved, xlsx, zipped
from tests.reading.xmlfecs import xml_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
HEAD = ("Journal", "Date", "Compte", "Client", "Pièce", "Libellé", "Débit", "Crédit", "Lettrage")
TWO = {"F001": "1000.00", "F002": "240.00"}


def line(who="DUPONT", piece="F001", debit=1000, **cells):
    row = {"Journal": "VE", "Date": datetime.date(2026, 1, 5), "Compte": 411000, "Client": who, "Pièce": piece,
           "Libellé": "Vente", "Débit": debit} | cells  # fmt: skip
    return tuple(row.get(heading) for heading in HEAD)


GOOD = (HEAD, line(), line("MARTIN", "F002", 240))
BOOK = xlsx(*GOOD)


def dossier_of(folder, data=None, name="ledger.xlsx", more=""):
    files = {} if data is None else {f"input/{name}": data}
    return make_dossier(folder, config=f'[ledger]\nfiles = ["input/ledger.*"]\n{more}', files=files)


def refused(folder, data, *words, name="ledger.xlsx"):
    """Refused by every command, nothing written; with a sound workbook in its place the run ends as if undisturbed."""
    dossier = dossier_of(folder, data, name)
    stops_everywhere(dossier, 4, f"input/{name}", *words)
    (folder / "input" / name).unlink()
    dossier.write("input/ledger.xlsx", BOOK)
    ok(dossier)
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_a_sound_workbook_is_read(tmp_path):
    assert opens(dossier_of(tmp_path, BOOK)) == TWO


def test_19_a_line_in_another_currency_is_in_no_total_and_named(tmp_path):
    rows = [(*row, money) for row, money in zip(GOOD, ("Devise", "EUR", "USD"), strict=True)]
    found = state(dossier_of(tmp_path, xlsx(*rows)))
    assert (found["totals"]["open"], found["totals"]["ledger_balance"]) == ("1000.00", "1000.00")
    (problem,) = [one for one in found["problems"] if one["code"] == "foreign_currency"]
    assert (problem["file"], problem["line"]) == ("input/ledger.xlsx", 3)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (BOOK[: len(BOOK) // 2], "ledger.xlsx"), (BOOK[:-30], "ledger.xlsx"), (b"Date;Compte;Client\n", "ledger.xlsx"),
        (zipped(lettre_txt="Bonjour"), "ledger.xlsx"), (OLE + bytes(2000), "ledger.xls"), (BOOK[:3000], "ledger.xlsm"),
        (ods(ods_row("x"))[:200], "ledger.ods"), (b"", "ledger.xlsx"),
    ],
    ids=["half", "end", "text", "other-zip", "ole", "xlsm", "ods", "nothing"],
)  # fmt: skip
def test_22_what_is_no_workbook(tmp_path, data, name):
    refused(tmp_path, data, *([] if not data else ["not a readable workbook"]), name=name)


def flagged(data):
    """The first part marked as encrypted in the directory, as zip programs with a password do."""
    entry = data.index(b"PK\x01\x02")
    return data[: entry + 8] + b"\x01" + data[entry + 9 :]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "ledger.xlsx"),
        (ods(ods_row("x"), "<manifest:encryption-data/>"), "ledger.ods"), (flagged(BOOK), "ledger.xlsx"),
    ],
    ids=["office", "libreoffice", "zip"],
)  # fmt: skip
def test_23_a_password(tmp_path, data, name):
    refused(tmp_path, data, "remove the password", name=name)


@pytest.fixture
def unopened(monkeypatch):
    """No library may open it."""

    def opened(*_, **__):
        raise AssertionError("a library has opened the file")

    monkeypatch.setattr("dunning_batch.reading.sheets.CalamineWorkbook.from_filelike", opened)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/theme/theme2.xml"])
def test_24_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, unopened, part):
    file = io.BytesIO(BOOK)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part.replace("sheet1", "sheet9"), b" " * 320_000_000)
    data = file.getvalue()
    assert len(data) < 500_000
    stops(dossier_of(tmp_path, data), 4, "input/ledger.xlsx", "far more than its size shows")


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip


@pytest.fixture
def door():
    """A port that notes whether somebody knocked."""
    knocks = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def listen():
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                knocks.append(1)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], knocks
        done.set()
        thread.join()


@pytest.mark.parametrize("kind", ["laughs", "file", "network", "dtd"])
@pytest.mark.parametrize("into", ["sheet", "ods", "xml"])
def test_25_entities_are_refused_and_nothing_is_fetched(tmp_path, door, kind, into):
    port, knocks = door
    (tmp_path / "secret.txt").write_text("S3CR3T", encoding="utf-8")
    of = {"file": (tmp_path / "secret.txt").as_uri(), "network": f"http://127.0.0.1:{port}/x"}
    declared = {"laughs": LAUGHS, "dtd": f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd">'}.get(kind)
    declared = (declared or f'<!DOCTYPE x [<!ENTITY j SYSTEM "{of.get(kind)}">]>').encode()
    if into == "sheet":
        data, name = changed(BOOK, SHEET, b"<worksheet", declared + b"<worksheet"), "ledger.xlsx"
    elif into == "ods":
        sound = ods(ods_row(*HEAD) + ods_row("&amp;j;"))
        data, name = changed(sound, "content.xml", b"<office:document", declared + b"<office:document"), "ledger.ods"
    else:
        rows = "jnl | date | customer | piece | debit | credit | let | counter\nVE | 2026-01-05 | DUPONT | NAMED | 10.00 | | | 707\n"
        data = xml_of(rows).replace(b"<comptabilite", declared + b"<comptabilite", 1).replace(b"NAMED", b"&j;")
        name = "ledger.xml"
    dossier = dossier_of(tmp_path / "dossier", data, name)
    for command in (RUN, f"check {DAY}"):
        done = stops(dossier, 4, f"input/{name}", command=command)
        assert "S3CR3T" not in done.stdout + done.stderr
    assert not knocks


@pytest.mark.parametrize("heading", ["Date", "Compte", "Débit"])
def test_26_a_formula_that_nobody_has_computed(tmp_path, heading):
    data = xlsx(HEAD, line(), line("MARTIN", "F002", 240, **{heading: "=2*120"}))
    cell = f"Clients!{'ABCDEFGHI'[HEAD.index(heading)]}3"
    refused(tmp_path, data, cell, "has no value: open the file in a spreadsheet, save it")


@pytest.mark.parametrize("account", [411000, 411000.0, "411000", "411 000", " 411000 ", "411000.0"])
def test_27_an_account_in_every_spelling(tmp_path, account):
    data = xlsx(HEAD, line(Compte=account), line("MARTIN", "F002", 240))
    dossier = dossier_of(tmp_path, data)
    assert opens(dossier) == TWO
    assert {one["account"] for one in state(dossier)["items"] if "account" in one} <= {"411000"}


def test_27_a_leading_zero_is_never_lost(tmp_path):
    data = xlsx(HEAD, line("00042"), line("42", "F002", 240), line(None, "F003", 5, Compte="0411000"))
    found = state(dossier_of(tmp_path, data))
    assert {one["customer"] for one in found["items"]} == {"00042", "42"}


def test_28_the_headings_are_found_and_rows_are_those_of_the_spreadsheet(tmp_path):
    above = [(), (None, "Atelier Exemple"), (None, "Grand livre des clients"), ()]
    total = ("Total", None, None, None, None, None, 1240)
    rows = [(None, *row) for row in (*above, *GOOD, total)]
    assert opens(dossier_of(tmp_path / "good", xlsx(*rows))) == TWO
    wrong = [*rows[:-1], (None, *line("PETIT", "F003", "12,5O"))]
    stops(dossier_of(tmp_path / "bad", xlsx(*wrong)), 4, "Clients!H8")


def test_28_merged_headings(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(xlsx(*GOOD)))
    sheet = book.active
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Grand livre"
    sheet.merge_cells("A1:I1")
    assert opens(dossier_of(tmp_path, saved(book))) == TWO


def test_28_headings_that_nobody_knows_are_asked_for(tmp_path):
    data = xlsx(("Le", "Quoi", "Qui", "Combien"), (datetime.date(2026, 1, 5), "x", "y", 3))
    stops(dossier_of(tmp_path, data), 4, "input/ledger.xlsx", "header_row")


def test_29_two_sheets_are_asked_for_and_a_named_one_is_read(tmp_path):
    data = xlsx(*GOOD, sheet="Janvier", Février=[HEAD, line("PETIT", "F003", 5)])
    stops_everywhere(
        dossier_of(tmp_path / "both", data), 4, "(Janvier, Février)", '[ledger], such as sheet = "Janvier"'
    )
    assert opens(dossier_of(tmp_path / "named", data, more='sheet = "Février"\n')) == {"F003": "5.00"}


@pytest.mark.parametrize("how", ["hidden", "filtered"])
def test_29_rows_that_are_not_seen_are_read_and_announced(tmp_path, how):
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    book.active.row_dimensions[3].hidden = True
    if how == "filtered":
        book.active.auto_filter.ref = "A1:I3"
        book.active.auto_filter.add_filter_column(3, ["DUPONT"])
    dossier = dossier_of(tmp_path, saved(book))
    assert opens(dossier) == TWO
    assert "hidden_rows" in codes(state(dossier))


def test_29_a_hidden_sheet_is_not_read_and_announced(tmp_path):
    dossier = dossier_of(tmp_path, xlsx(*GOOD, Old_hidden=[HEAD, line("PETIT", "F003", 5)]))
    assert opens(dossier) == TWO
    assert "hidden_sheet" in codes(state(dossier))


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
@pytest.mark.parametrize("heading", ["Date", "Compte", "Débit"])
def test_30_an_error_in_a_cell(tmp_path, error, heading):
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    cell = book.active.cell(3, HEAD.index(heading) + 1)
    cell.value = error
    cell.data_type = "e"
    stops_everywhere(dossier_of(tmp_path, saved(book)), 4, f"Clients!{cell.coordinate}")


@pytest.mark.parametrize("cells", ["days", "numbers"])
def test_31_days_from_1904(tmp_path, cells):
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    book.epoch = CALENDAR_MAC_1904
    if cells == "numbers":
        for row in (2, 3):
            book.active.cell(row, 2).value = (datetime.date(2026, 1, 5) - datetime.date(1904, 1, 1)).days
            book.active.cell(row, 2).number_format = "General"
    dossier = dossier_of(tmp_path, saved(book))
    assert {one["issued"] for one in state(dossier)["items"]} == {"2026-01-05"}
    assert set(decisions(dossier).values()) == {"remind"}


@pytest.mark.parametrize("lock", ["~$ledger.xlsx", ".~lock.ledger.xlsx#"])
def test_32_a_workbook_that_is_open_elsewhere(tmp_path, lock):
    dossier = make_dossier(
        tmp_path, config='[ledger]\nfiles = ["input/*ledger.xlsx*"]\n', files={"input/ledger.xlsx": BOOK}
    )
    dossier.write(f"input/{lock}", b"\x05DUPONT")
    found = state(dossier)
    assert {one["reference"]: one["open"] for one in found["items"]} == TWO
    assert any("the version last saved is read" in one["message"] for one in found["problems"])
    ok(dossier)


def test_32_a_workbook_that_is_written_while_it_is_read(tmp_path, monkeypatch):
    dossier = dossier_of(tmp_path, BOOK)
    path = tmp_path / "input/ledger.xlsx"
    read = type(path).read_bytes

    def slow(self):
        data = read(self)
        if self.name == "ledger.xlsx":
            self.write_bytes(data + b"\0")
        return data

    monkeypatch.setattr(type(path), "read_bytes", slow)
    done = dossier.run(f"--lang en {RUN}")
    assert done.code == 4
    assert "changed while it was read" in done.stderr
    assert not (tmp_path / "output").exists() or not list((tmp_path / "output").glob("*/letters"))


@pytest.mark.parametrize(
    "name", ["ledger-PC.xlsx", "ledger (1).xlsx", "ledger (Conflicted copy).xlsx", "ledger - Copie.xlsx"]
)
def test_33_a_conflict_copy(tmp_path, name):
    """The copy of a ledger that matches is one, and overlaps (13); beside the pattern it is only named."""
    both = make_dossier(
        tmp_path / "both", config='[ledger]\nfiles = ["input/*.xlsx"]\n', files={"input/ledger.xlsx": BOOK}
    )
    both.write(f"input/{name}", BOOK)
    stops_everywhere(both, 4, "ledger.xlsx", name)
    beside = make_dossier(
        tmp_path / "beside", config='[ledger]\nfiles = ["input/ledger.xlsx"]\n', files={"input/ledger.xlsx": BOOK}
    )
    beside.write(f"input/{name}", BOOK)
    found = state(beside)
    assert {one["reference"]: one["open"] for one in found["items"]} == TWO
    assert any(name in one["message"] for one in found["problems"] if one["code"] == "conflict_copy")
