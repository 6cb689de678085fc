"""Ledgers in workbooks, from the file to the part."""

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError
from dunning_batch.reading.workbook import WorkbookReader
from tests.reading.books import xlsx
from tests.reading.layouts.making import day, table, text

RULES = LedgerRules()
HEAD = ("Journal", "Date", "Compte", "Client", "Nom", "Pièce", "Libellé", "Débit", "Crédit", "Lettrage")


def read(tmp_path, data, name="grand-livre.xlsx", rules=RULES, columns=None):
    path = tmp_path / name
    path.write_bytes(data)
    reader = WorkbookReader()
    assert reader.identify(path, columns or {})
    return reader.read(path, name, rules, columns or {})


def refusal(tmp_path, data, name="grand-livre.xlsx", **more):
    with pytest.raises(InputError) as raised:
        read(tmp_path, data, name, **more)
    return [problem for problem in raised.value.problems if problem.severity == "error"]


def line(**cells):
    row = {"Journal": "VE", "Date": day("15/01/2026"), "Compte": 411000, "Client": "DUPONT", "Nom": "Dupont SA",
           "Pièce": "F1", "Libellé": "Facture", "Débit": 100} | cells  # fmt: skip
    return tuple(row.get(heading) for heading in HEAD)


def test_a_plain_ledger_is_read_below_its_title(tmp_path):
    part = read(tmp_path, xlsx(("Atelier Exemple",), (), HEAD, line(), line(Débit=None, Crédit=40, Lettrage="A")))
    assert part.lines["amount"].tolist() == [10000, -4000]
    assert part.lines["account"].tolist() == ["411000", "411000"]
    assert part.lines["line"].tolist() == [4, 5]
    assert part.file.dialect == "workbook, sheet Clients, header row 3"


def test_a_cell_that_is_no_amount_is_named(tmp_path):
    (problem,) = refusal(tmp_path, xlsx(HEAD, line(), line(Débit="12,5O")))
    assert str(problem.source) == "grand-livre.xlsx Clients!H3"


def test_a_csv_is_read_by_the_same_headings(tmp_path):
    rows = table("""
        Date       | Compte | Client | Pièce | Débit    | Crédit
        15/01/2026 | 411000 | DUPONT | F1    | 1 234,56 |
    """)
    part = read(tmp_path, text(*rows, encoding="cp1252"), "gl.csv")
    assert part.lines["amount"].tolist() == [123456]
    assert part.file.dialect == "table, ;, ISO-8859-15, header row 1"
