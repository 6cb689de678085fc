"""Whose a line of a table is, where a cell says more or less than usual (rules A1, A2)."""

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.reading.reader import read_ledger
from tests.reading.layouts.making import table, text


def customers(folder, rows: str) -> dict[str, str]:
    path = folder / "grand-livre.csv"
    path.write_bytes(text(*table(rows)))
    lines = read_ledger([path], folder, LedgerRules(), {}, "").lines
    return dict(zip(lines["customer"], lines["name"], strict=True))


def test_a_cell_with_account_and_name(tmp_path):
    assert customers(tmp_path, """
        Date       | Journal | Compte                  | Pièce | Débit | Crédit | Lettrage
        10/01/2026 | VE      | 411DUPONT - DUPONT SA   | F1    | 100   |        |
        10/02/2026 | VE      | 411MARTIN : MARTIN SARL | F2    | 70    |        |
        11/02/2026 | BQ      | 411MARTIN               |       |       | 20     |
        12/02/2026 | VE      | 411LE-ROY               | F3    | 5     |        |
        13/02/2026 | VE      | 706000 Prestations      | F3    |       | 5      |
    """) == {"411DUPONT": "DUPONT SA", "411MARTIN": "MARTIN SARL", "411LE-ROY": ""}  # fmt: skip


def test_first_names_tell_people_of_one_name_apart(tmp_path):
    assert customers(tmp_path, """
        Date       | Facture | Nom    | Prénom | Montant TTC | Payée
        10/01/2026 | F1      | DUPONT | Jean   | 100         | non
        10/01/2026 | F2      | DUPONT | Marie  | 50          | non
        10/01/2026 | F3      | MARTIN |        | 50          | non
    """).keys() == {"DUPONT Jean", "DUPONT Marie", "MARTIN"}  # fmt: skip


TITLES = [
    "Grand livre clients au 31/03/2026",
    "Grand livre auxiliaire clients - Exercice 2026",
    "Grand livre client du mois de mars",
    "Clients : tous",
    "Comptes de 411000 à 411999",
    "Comptes clients - EXEMPLE SARL",
    "Client EXEMPLE - dossier 123",
    "Client : EXEMPLE SARL",
    "Extrait de compte clients",
    "Relevé clients non lettrés",
    "Tiers : Tous les tiers",
    "Partner Ledger",
]


@pytest.mark.parametrize("title", TITLES)
def test_the_title_of_a_report_is_no_customer_of_all_lines(tmp_path, title):
    """Two customers would be one, and one of them get the letters of both."""
    assert customers(tmp_path, f"""
        {title}    |         |           |       |         |       |        |
        Date       | Journal | Compte    | Pièce | Libellé | Débit | Crédit | Lettrage
        10/01/2026 | VE      | 411DUPONT | F1    | Facture | 100   |        |
        11/01/2026 | VE      | 411MARTIN | F2    | Facture | 70    |        |
    """).keys() == {"411DUPONT", "411MARTIN"}  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_nor_of_lines_below_titles_of_their_own(tmp_path, title):
    assert customers(tmp_path, f"""
        {title}             |         |       |         |       |        |
        Date                | Journal | Pièce | Libellé | Débit | Crédit | Lettrage
        411DUPONT DUPONT SA |         |       |         |       |        |
        10/01/2026          | VE      | F1    | Facture | 100   |        |
        411MARTIN MARTIN    |         |       |         |       |        |
        11/01/2026          | VE      | F2    | Facture | 70    |        |
    """) == {"411DUPONT": "DUPONT SA", "411MARTIN": "MARTIN"}  # fmt: skip


def test_a_title_among_lines_names_no_customer_that_the_account_names(tmp_path):
    assert customers(tmp_path, """
        Date           | Journal | Compte    | Pièce | Libellé | Débit | Crédit | Lettrage
        Clients France |         |           |       |         |       |        |
        10/01/2026     | VE      | 411DUPONT | F1    | Facture | 100   |        |
        11/01/2026     | VE      | 411MARTIN | F2    | Facture | 70    |        |
    """).keys() == {"411DUPONT", "411MARTIN"}  # fmt: skip


def test_a_title_names_the_customer_of_a_collective_account(tmp_path):
    assert customers(tmp_path, """
        Date               | Journal | Compte | Pièce | Libellé | Débit | Crédit | Lettrage
        Client : DUPONT SA |         |        |       |         |       |        |
        10/01/2026         | VE      | 411000 | F1    | Facture | 100   |        |
        Client : MARTIN    |         |        |       |         |       |        |
        11/01/2026         | VE      | 411000 | F2    | Facture | 70    |        |
    """).keys() == {"DUPONT SA", "MARTIN"}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("DUPONT SA (411DUPONT)", "BANQUE (512000)", {"411DUPONT": "DUPONT SA"}),
        ("DUPONT SA - 41100012", "VENTES - 70700000", {"41100012": "DUPONT SA"}),
        ("411.DUPONT DUPONT SA", "512.000 BANQUE", {"411.DUPONT": "DUPONT SA"}),
        ("DUPONT SA", "MARTIN 123456", {"DUPONT SA": "DUPONT SA", "MARTIN 123456": "MARTIN 123456"}),  # of no account
    ],
)
def test_accounts_before_and_behind_the_names_of_titles(tmp_path, first, second, expected):
    """Behind them too, or the bank would be a customer."""
    assert customers(tmp_path, f"""
        Date       | Journal | Pièce | Libellé | Débit | Crédit | Lettrage
        {first}    |         |       |         |       |        |
        10/01/2026 | VE      | F1    | Facture | 100   |        |
        {second}   |         |       |         |       |        |
        11/01/2026 | VE      | F2    | Facture | 70    |        |
    """) == expected  # fmt: skip
