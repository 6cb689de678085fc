"""Numbers of registered letters: written by a person into a run's list, part of the past from then on."""

import openpyxl
import pytest

from tests.dossiers import make_dossier

FEC = """
    jnl | date       | customer | piece | debit   | credit | let | counter
    VE  | 2026-01-15 | DUPONT   | F001  | 1000.00 |        |     | 707
    VE  | 2026-01-15 | MARTIN   | F002  | 300.00  |        |     | 707
"""
CONFIG = """
[[dunning.levels]]
name = "Mise en demeure de payer"
template = "level4"
registered = true
"""
CUSTOMERS = """
    Client | Nom    | Adresse 1 | Code postal | Ville
    DUPONT | Dupont | 1 rue A   | 75001       | Paris
    MARTIN | Martin | 2 rue B   | 69001       | Lyon
"""
LIST = "output/2026-04-30-01/registered.xlsx"


@pytest.fixture
def dossier(tmp_path):
    made = make_dossier(tmp_path, FEC, CONFIG, CUSTOMERS)
    assert made.run("run --by zip --yes --as-of 2026-04-30").code == 0
    return made


def fill_in(dossier, heading="Numéro de recommandé", change=None, **numbers):
    book = openpyxl.load_workbook(dossier.root / LIST)
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        code = row[columns["Client"] - 1].value
        if code in numbers:
            row[columns["Numéro de recommandé"] - 1].value = numbers[code]
    sheet.cell(1, columns["Numéro de recommandé"]).value = heading
    if change:
        change(sheet)
    book.save(dossier.root / LIST)


def references(dossier):
    return {row["Client"]: row["Référence"] for row in dossier.sheet("Historique") if row["Document"]}


def test_the_next_command_that_writes_takes_them_into_the_past(dossier):
    fill_in(dossier, DUPONT="2C 123 456 7890 1")
    assert dossier.run("levels rebuild").code == 0
    assert references(dossier) == {"DUPONT": "2C 123 456 7890 1", "MARTIN": None}
    # The list may go then.
    (dossier.root / LIST).unlink()
    assert dossier.run("levels rebuild").code == 0
    assert references(dossier)["DUPONT"] == "2C 123 456 7890 1"


def test_a_number_that_is_corrected_replaces_the_first(dossier):
    for number in ("WRONG", "2C1"):
        fill_in(dossier, DUPONT=number)
        dossier.run("levels rebuild")
    assert references(dossier)["DUPONT"] == "2C1"


def test_what_is_known_already_is_recorded_once(dossier):
    fill_in(dossier, DUPONT="2C1")
    dossier.run("levels rebuild")
    before = (dossier.root / "output" / "journal.sqlite").stat().st_size, events(dossier)
    dossier.run("levels rebuild")
    assert events(dossier).count("registered") == before[1].count("registered") == 1


def events(dossier):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(dossier.root / "output" / "journal.sqlite")) as base:
        return [kind for (kind,) in base.execute("SELECT kind FROM event ORDER BY number")]


def test_a_case_file_shows_them_at_once(dossier):
    from tests.documents.letters import pages_of

    fill_in(dossier, DUPONT="2C1234567890")
    assert dossier.run("casefile DUPONT -o file.pdf --as-of 2026-05-30").code == 0
    assert "2C1234567890" in pages_of((dossier.root / "file.pdf").read_bytes())[0]
    assert "registered" not in events(dossier)


def test_the_next_run_and_undo_keep_them(dossier):
    fill_in(dossier, DUPONT="2C1", MARTIN="2C2")
    assert dossier.run("undo").code == 0
    assert references(dossier) == {"DUPONT": "2C1", "MARTIN": "2C2"}


def sorted_down(sheet):
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for place, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            sheet.cell(place, column).value = value


def title_above(sheet):
    sheet.insert_rows(1)
    sheet.cell(1, 1).value = "Recommandés d'avril"


@pytest.mark.parametrize("change", [sorted_down, title_above])
def test_rows_may_be_moved(dossier, change):
    fill_in(dossier, DUPONT="2C1", change=change)
    dossier.run("levels rebuild")
    assert references(dossier) == {"DUPONT": "2C1", "MARTIN": None}


@pytest.mark.parametrize("data", [b"", b"no workbook"])
def test_a_list_that_cannot_be_read_says_nothing(dossier, data):
    (dossier.root / LIST).write_bytes(data)
    assert dossier.run("levels rebuild").code == 0
    assert references(dossier) == {"DUPONT": None, "MARTIN": None}


def test_a_letter_of_another_run_is_none_of_this_list(dossier):
    fill_in(dossier, DUPONT="2C1", change=lambda sheet: sheet.__setitem__("A5", "x") or rename(sheet))
    dossier.run("levels rebuild")
    assert references(dossier) == {"DUPONT": None, "MARTIN": None}


def rename(sheet):
    column = next(cell.column for cell in sheet[1] if cell.value == "Fichier")
    for row in range(2, 4):
        sheet.cell(row, column).value = f"other-{row}.pdf"
