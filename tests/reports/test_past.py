"""`history` in every form."""

import openpyxl
import pytest

from tests.reports.months import AS_OF, month


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    """One run ago."""
    dossier = month(tmp_path_factory.mktemp("month"))
    assert dossier.run(f"run --by zip --yes --as-of {AS_OF}").code == 0
    return dossier


def test_every_form_has_the_same_rows(dossier):
    found = dossier.run("history --format json").json["history"]
    assert {row["piece"] for row in found} >= {"F<1>", "F002", "F003"}
    table = dossier.run("history").stdout.splitlines()
    csv = dossier.run("history --format csv").stdout.splitlines()
    assert len(table) - 2 == len(csv) - 1 == len(found)


def test_texts_stay_texts(dossier):
    assert dossier.run("history --format xlsx -o past.xlsx").code == 0
    rows = openpyxl.load_workbook(dossier.root / "past.xlsx").active.iter_rows(min_row=2)
    cells = [cell for row in rows for cell in row]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


def test_a_customer_without_a_past_has_an_empty_table(dossier):
    assert dossier.run("history --customer NOBODY --format json").json["history"] == []
