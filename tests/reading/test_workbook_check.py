"""`check` tells what each column of a workbook was understood as, and `[ledger]` how to understand it (contract, 3)."""

import pytest

from tests.dossiers import make_dossier

LEDGER = (
    "Le;Compte;Qui;Facture;Quoi;Débit;Crédit;Let\n"
    "15/01/2026;411000;DUPONT;F1;Vente;100,00;;\n"
    "16/01/2026;411000;MARTIN;F2;Vente;50,00;;A\n"
    "17/01/2026;411000;MARTIN;;Virement;;50,00;A\n"
)


@pytest.fixture
def dossier(tmp_path):
    config = '[ledger.columns]\ncustomer = "Qui"\n'
    return make_dossier(tmp_path, config=config, files={"input/gl.csv": LEDGER})


def test_check_shows_columns_meanings_and_examples(dossier):
    done = dossier.run("--lang en check --as-of 2026-03-01")
    assert done.code == 0
    assert "input/gl.csv is read as: table, ;, UTF-8, header row 1" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["3", "Qui", "customer's", "code", "DUPONT"] in rows
    assert ["5", "Quoi", "not", "used", "Vente"] in rows
    assert 'customer = "Qui"\n' in done.stdout
    assert 'piece = "Facture"\n' in done.stdout


def test_check_gives_them_as_data_too(dossier):
    (file,) = dossier.run("check --as-of 2026-03-01 --format json").json["ledger_columns"]
    assert file["columns"][2] == {"column": "3", "heading": "Qui", "meaning": "customer", "example": "DUPONT"}


def test_a_fec_has_no_such_table(tmp_path):
    dossier = make_dossier(tmp_path, fec="date | customer | piece | debit\n2026-01-15 | DUPONT | F1 | 10.00")
    assert "[ledger.columns]" not in dossier.run("check --as-of 2026-03-01").stdout


def test_what_is_open_follows(dossier):
    items = dossier.run("status --as-of 2026-03-01 --format json").json["items"]
    assert [(one["customer"], one["reference"], one["open"]) for one in items] == [("DUPONT", "F1", "100.00")]


def test_a_table_that_looks_like_a_fec_can_be_forced(tmp_path):
    fec = "JournalCode;EcritureDate;CompteNum;CompAuxNum;PieceRef;EcritureLib;Debit;Credit;EcritureLet\n"
    rows = '"VE";"15/01/2026";"411000";"DUPONT";"F1";"a;b";"100,00";"";""\n'
    dossier = make_dossier(tmp_path, config='[ledger]\nformat = "workbook"\n', files={"input/gl.csv": fec + rows})
    items = dossier.run("status --as-of 2026-03-01 --format json").json["items"]
    assert [(one["customer"], one["open"]) for one in items] == [("DUPONT", "100.00")]


def test_a_workbook_is_refused_where_only_fecs_are_wanted(tmp_path):
    dossier = make_dossier(tmp_path, config='[ledger]\nformat = "fec"\n', files={"input/gl.csv": LEDGER})
    assert dossier.run("status --as-of 2026-03-01").code == 4
