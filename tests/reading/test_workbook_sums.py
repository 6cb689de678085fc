"""Rows that read like totals: a sum never counts, and an entry is never taken for one unseen (fault 28, invariant I7)."""

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError
from dunning_batch.reading.reader import read_ledger
from tests.reading.layouts.making import table, text


def amounts(folder, rows: str) -> list[int]:
    path = folder / "grand-livre.csv"
    path.write_bytes(text(*table(rows)))
    return read_ledger([path], folder, LedgerRules(), {}, "").lines["amount"].tolist()


def test_dated_sums_that_add_up_do_not_count(tmp_path):
    assert amounts(tmp_path, """
        Date       | Journal | Compte    | Pièce | Libellé             | Débit  | Crédit | Lettrage
        10/01/2026 | VE      | 411DUPONT | F1    | Facture             | 100,00 |        |
        15/01/2026 | BQ      | 411DUPONT |       | Virement            |        | 30,00  |
        31/01/2026 |         | 411DUPONT |       | Solde au 31/01/2026 | 70,00  |        |
        11/01/2026 | VE      | 411MARTIN | F2    | Facture             | 20,00  |        |
        31/01/2026 |         | 411MARTIN |       | Total 411MARTIN     | 20,00  |        |
        31/01/2026 |         |           |       | Total général       | 120,00 | 30,00  |
    """) == [10000, -3000, 2000]  # fmt: skip


def test_an_entry_of_a_customer_called_total_counts(tmp_path):
    assert amounts(tmp_path, """
        Date       | Journal | Compte   | Pièce | Libellé           | Débit  | Crédit | Lettrage
        10/01/2026 | VE      | 411TOTAL | F1    | Total Energies F1 | 100,00 |        |
        11/01/2026 | VE      | 411TOTAL |       | Total Energies F2 | 50,00  |        |
    """) == [10000, 5000]  # fmt: skip


def test_what_may_be_either_stops_with_its_cell(tmp_path):
    with pytest.raises(InputError) as caught:
        amounts(tmp_path, """
            Date       | Journal | Compte   | Pièce | Libellé           | Débit  | Crédit | Lettrage
            10/01/2026 | VE      | 411TOTAL | F1    | Facture           | 100,00 |        |
            11/01/2026 |         | 411TOTAL |       | Total Energies F2 | 50,00  |        |
        """)  # fmt: skip
    assert [(one.code, one.source.line) for one in caught.value.problems if one.severity == "error"] == [
        ("doubtful_sum", 3)
    ]
