"""Whose a line of a table is, where a cell says more or less than usual (rules A1, A2)."""

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
