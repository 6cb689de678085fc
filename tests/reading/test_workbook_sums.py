"""Rows that read like totals: a sum never counts, and an entry is never taken for one unseen (fault 28, invariant I7)."""

from datetime import date

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError
from dunning_batch.language import language
from dunning_batch.reading.reader import read_ledger
from tests.reading.books import xlsx
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


PRINTED = """
    Date       | Pièce | Libellé             | Débit  | Crédit
    411DUPONT  |       | DUPONT SA           |        |
    10/01/2026 | F1    | Facture             | 100,00 |
    15/01/2026 |       | Virement            |        | 30,00
    20/01/2026 | F2    | Facture             | 5,00   |
               |       | Total 411DUPONT     | 105,00 | 30,00
    411MARTIN  |       | MARTIN SARL         |        |
    11/01/2026 | F3    | Facture             | 20,00  |
               |       | Total compte        | 20,00  |
               |       | Total général       | 125,00 | 30,00
"""


def said(folder, rows: str) -> list[tuple[str, str]]:
    """The totals that are contradicted: where, and what is said of them."""
    path = folder / "grand-livre.csv"
    path.write_bytes(text(*table(rows)))
    found = read_ledger([path], folder, LedgerRules(), {}, "").problems
    return [(str(one.source), language("en").message(one.message)) for one in found if one.code == "total_mismatch"]


def test_totals_that_agree_say_nothing(tmp_path):
    assert said(tmp_path, PRINTED) == []


def test_a_line_that_is_missing_is_noticed_by_the_totals(tmp_path):
    rows = "\n".join(line for line in PRINTED.splitlines() if "F2" not in line)
    found = said(tmp_path, rows)
    assert [place for place, _ in found] == ["grand-livre.csv:5", "grand-livre.csv:9"]
    assert "This total is €75.00, and no rows above it add up to that: from row 3 on they are €70.00." in found[0][1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("100,00", "10,00"),
        ("| 20,00  |\n               |       | Total c", "| 21,00  |\n               |       | Total c"),
    ],
)
def test_an_amount_that_is_another_is_noticed_by_the_totals(tmp_path, old, new):
    assert old in PRINTED
    assert said(tmp_path, PRINTED.replace(old, new, 1))


def test_a_workbook_names_the_cell_of_the_total(tmp_path):
    rows = [(date(2026, 1, 10), "411DUPONT", "F1", "Facture", 100, None), (None, None, None, "Total compte", 90, None)]
    path = tmp_path / "grand-livre.xlsx"
    path.write_bytes(xlsx(("Date", "Compte", "Pièce", "Libellé", "Débit", "Crédit"), *rows))
    ledger = read_ledger([path], tmp_path, LedgerRules(), {}, "")
    assert ledger.lines["amount"].tolist() == [10000]
    assert [str(one.source) for one in ledger.problems if one.code == "total_mismatch"] == [
        "grand-livre.xlsx Clients!E3"
    ]


@pytest.mark.parametrize(
    "last",
    [
        "           |       | Total compte        | 75,00  |      ",  # the balance alone
        "           |       | Report              | 1,00   | 9,00 ",  # carried, whatever it is
        "           |       | Total reporté       | 1,00   | 9,00 ",
        "           |       | Solde               | 75,00  |      ",
    ],
)
def test_sums_of_other_kinds_are_not_held_against_the_rows(tmp_path, last):
    assert said(tmp_path, "\n".join([*PRINTED.splitlines()[:6], last])) == []


def test_an_unsigned_total_of_a_customer_in_credit_agrees(tmp_path):
    assert said(tmp_path, """
        Client    | Date       | No   | Amount  | Due date
        DUPONT SA | 2026-01-05 | 1050 | -150,00 | 2026-01-05
        Total     |            |      | 150,00  |
    """) == []  # fmt: skip


def test_a_sum_of_pages_and_of_all_is_one_of_blocks(tmp_path):
    """Headings again, as on a new page, end a block; a total sums several of them."""
    rows = PRINTED.splitlines()
    again = [*rows[:5], rows[1], *rows[5:]]
    assert said(tmp_path, "\n".join(again)) == []
