"""What the workbooks look like, and what their cells are (contract section 6; faults 62, 63, 67; rule S10)."""

import datetime
import io
import stat
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dunning_batch.errors import OutputError
from dunning_batch.state.columns import LEVELS, PAST, SETTLED, SHEETS
from dunning_batch.state.levels import put_in_place, workbook_bytes
from dunning_batch.state.marks import Look
from dunning_batch.state.memory import Memory
from dunning_batch.state.past import PastRow
from dunning_batch.state.rows import Row, from_json, to_json
from dunning_batch.state.tables import Extras
from tests.core.samples import DAY
from tests.state.months import CREDITOR, book_from

ROW = Row("KEY1", "DUPONT", "Dupont SA", "F001", DAY("2026-01-15"), DAY("2026-02-14"), 12345, 10000, 9000, level=1,
          last_reminded=DAY("2026-02-28"), channel="zip", next_level=2, next_date=DAY("2026-03-15"), held=True,
          held_until=DAY("2026-04-01"), reason="litige", note="à voir", previous=((1, DAY("2026-02-28")),))  # fmt: skip
PAID = replace(ROW, key="KEY2", piece="F002", settled_on=DAY("2026-03-01"), held=False, held_until=None)
PAST_ROW = PastRow("2026-02-28-01", DAY("2026-02-28"), "DUPONT", "Dupont SA", "F001", 0, 1, "zip", "Dupont SA",
                   "letters/a.pdf", 10000, "delivered", "")  # fmt: skip


def memory_of(*rows, past=()):
    return Memory(rows={row.key: row for row in rows}, past=list(past), as_of=DAY("2026-03-10"))


def data_of(memory, code="fr", levels=4, extras=None):
    return workbook_bytes(memory, CREDITOR, 7, Look(code, levels), extras or Extras())


def loaded(data):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("code", ["fr", "en"])
def test_sheets_and_headings_are_those_of_the_contract(code):
    book = loaded(data_of(memory_of(ROW), code))
    place = ["fr", "en"].index(code)
    assert book.sheetnames == [SHEETS[name][place] for name in ("levels", "past", "settled")]
    for sheet, columns in zip(book, (LEVELS, PAST, SETTLED), strict=True):
        assert [cell.value for cell in sheet[1]] == [column.heading(code) for column in columns]


def test_the_french_headings_are_written_out_in_the_contract():
    assert [column.fr for column in LEVELS] == [
        "Client", "Nom", "Pièce", "Date facture", "Échéance", "Montant", "Reste dû", "Demandé", "Jours de retard", "Niveau",
        "Dernière relance", "Canal", "Prochain niveau", "Prochaine date", "Suspendu", "Suspendu jusqu'au", "Motif", "Note",
        "Clé",
    ]  # fmt: skip
    assert [column.fr for column in PAST] == [
        "Lot", "Date", "Client", "Nom", "Pièce", "Niveau avant", "Niveau", "Canal", "Destinataire", "Document", "Reste dû",
        "Résultat", "Référence",
    ]  # fmt: skip


def test_dates_and_amounts_are_real_ones():
    sheet = loaded(data_of(memory_of(ROW)))["Niveaux"]
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["Montant"].value, cells["Montant"].number_format) == (123.45, "#,##0.00")
    assert (cells["Reste dû"].value, cells["Demandé"].value) == (100, 90)
    for heading, day in {"Échéance": "2026-02-14", "Suspendu jusqu'au": "2026-04-01"}.items():
        assert cells[heading].is_date
        assert (cells[heading].value, cells[heading].number_format) == (
            datetime.datetime.fromisoformat(day),
            "dd/mm/yyyy",
        )
    assert (cells["Jours de retard"].value, cells["Suspendu"].value, cells["Canal"].value) == (24, "oui", "courrier")


def test_the_sheets_are_ready_to_work_with_and_to_print():
    data = data_of(memory_of(ROW, PAID, past=[PAST_ROW]))
    for sheet, columns in zip(loaded(data), (LEVELS, PAST, SETTLED), strict=True):
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(2, len(columns)).coordinate}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])
    sheet = loaded(data)["Niveaux"]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists == {"J2": '"0,1,2,3,4"', "O2": '"oui,non"'}
    colours = {str(area.sqref): [rule.formula for rule in area.rules] for area in sheet.conditional_formatting}
    assert colours == {"A2:S2": [['$O2="oui"']], "J2": [["1"], ["2"], ["3"], ["4"]]}


def test_it_is_printed_in_a_size_that_can_be_read():
    sheet = loaded(data_of(memory_of(ROW)))["Niveaux"]
    assert sheet.print_area.endswith("$A$1:$R$2")  # without the key, which only the program reads
    assert sheet["S1"].value == "Clé"
    width = 1.87 * sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1][:-1])  # in mm
    assert (297 - 2 * 25.4 * sheet.page_margins.left) / width > 0.65  # of 11 points


def test_an_empty_dossier_gives_a_workbook_too():
    book = loaded(data_of(Memory()))
    assert [sheet.max_row for sheet in book] == [1, 1, 1]


def test_the_properties_say_whose_it_is_and_how_old():
    found = {one.name: one.value for one in loaded(data_of(memory_of(ROW))).custom_doc_props.props}
    assert found == {"dunning-batch creditor": CREDITOR, "dunning-batch format": 1, "dunning-batch mark": 7}
    assert loaded(data_of(memory_of(ROW))).properties.creator == "dunning-batch"


@pytest.mark.parametrize(
    "text",
    ["=1+1", '=HYPERLINK("http://x","y")', "+33123456789", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\u00a0=1+1",
     "#N/A", "0411000", "411000", "TRUE", "2026-01-01", "1/2", "'=1", "x" * 40000],
)  # fmt: skip
def test_62_text_is_text_in_every_field(text):
    row = replace(ROW, customer=text, name=text, piece=text, reason=text, note=text)
    past = replace(PAST_ROW, recipient=text, document=text, reference=text)
    book = loaded(data_of(memory_of(row, past=[past]), extras=Extras((text,), {"KEY1": (text,)})))
    expected = text[:32767]
    for sheet, headings in (("Niveaux", ("Client", "Nom", "Pièce", "Motif", "Note", expected)),
                            ("Historique", ("Destinataire", "Document", "Référence"))):  # fmt: skip
        cells = {head.value: cell for head, cell in zip(book[sheet][1], book[sheet][2], strict=True)}
        for heading in headings:
            assert (cells[heading].value, cells[heading].data_type) == (expected, "s")
            assert cells[heading].quotePrefix


def test_63_control_characters_are_removed():
    row = replace(ROW, name="Du\x00po\x0bnt\ud800\uffff\n", note="\x1f")
    sheet = loaded(data_of(memory_of(row)))["Niveaux"]
    assert (sheet["B2"].value, sheet["R2"].value) == ("Dupont\n", None)


def test_57_names_come_through():
    name = 'été & <SARL> "Łódź" 株式会社 🙂'
    assert loaded(data_of(memory_of(replace(ROW, name=name))))["Niveaux"]["B2"].value == name


def test_settled_items_that_are_not_worth_a_memory_are_left_out():
    forgotten = replace(PAID, key="KEY3", level=0)
    assert loaded(data_of(memory_of(PAID, forgotten)))["Soldées"].max_row == 2


def test_rows_stand_by_customer_and_due_date():
    rows = [replace(ROW, key=key, customer=customer, due=due and DAY(due)) for key, customer, due in (
        ("1", "B", "2026-01-01"), ("2", "A", "2026-02-01"), ("3", "A", "2026-01-01"), ("4", "", None))]  # fmt: skip
    sheet = loaded(data_of(memory_of(*rows)))["Niveaux"]
    assert [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["3", "2", "1", "4"]


# --- what is written is what is read -------------------------------------------------------------------------------

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20
)
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1))
ROWS = st.builds(
    Row, key=st.just("K"), customer=TEXT.map(str.strip), name=TEXT.map(str.strip), piece=TEXT.map(str.strip), issued=DAYS,
    due=DAYS, amount=st.integers(1, 10**12), level=st.integers(0, 4), last_reminded=st.none() | DAYS, held=st.booleans(),
    held_until=st.none() | DAYS, reason=TEXT.map(str.strip), note=TEXT.map(str.strip),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["fr", "en"]))
def test_the_users_columns_come_back_as_they_were_written(row, code):
    book = book_from(data_of(memory_of(row), code))
    assert (book.rows, book.faults) == ((row,), {})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=9)
                .map(str.strip).filter(bool).map(lambda text: f"~zz{text}"), max_size=4),
       st.data())  # fmt: skip
def test_the_users_own_columns_come_back(headings, data):
    cell = TEXT | st.booleans() | st.integers(-(10**6), 10**6).map(float) | DAYS
    cells = tuple(data.draw(cell) for _ in headings)
    extras = Extras(tuple(headings), {"KEY1": cells} if headings else {})
    assert book_from(data_of(memory_of(ROW), extras=extras)).extras == extras


@settings(max_examples=100, deadline=None)
@given(ROWS, st.none() | DAYS, st.lists(st.tuples(st.integers(1, 9), DAYS), max_size=4))
def test_the_journal_keeps_rows_as_they_are(row, settled_on, previous):
    row = replace(row, settled_on=settled_on, previous=tuple(previous))
    assert from_json(to_json(row)) == row


def test_moments_and_columns_of_one_heading_come_back_too():
    moment = datetime.datetime(2026, 3, 1, 14, 30)
    extras = Extras(("Vu", "Vu"), {"KEY1": (moment, "x")})
    assert book_from(data_of(memory_of(ROW), extras=extras)).extras == extras


# --- putting it in place -------------------------------------------------------------------------------------------


def test_118_it_is_its_owner_s_and_the_previous_one_is_kept(tmp_path):
    path = tmp_path / "levels.xlsx"
    put_in_place(path, b"one", "2026-02-28-01")
    put_in_place(path, b"two", "2026-03-15-01")
    kept = tmp_path / "levels.2026-03-15-01.xlsx"
    assert (path.read_bytes(), kept.read_bytes()) == (b"two", b"one")
    assert sorted(one.name for one in tmp_path.iterdir()) == [kept.name, path.name]
    assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o600}


def test_67_a_full_disk_leaves_the_old_one(tmp_path, monkeypatch):
    """What fault 67 asks."""
    path = tmp_path / "levels.xlsx"
    put_in_place(path, b"one", "2026-02-28-01")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError):
        put_in_place(path, b"two", "")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("levels.xlsx", b"one")]


def test_a_folder_in_its_place_is_said(tmp_path):
    path = tmp_path / "levels.xlsx"
    path.mkdir()
    with pytest.raises(OutputError):
        put_in_place(path, b"one", "2026-02-28-01")
