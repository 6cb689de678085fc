"""The work list of `check`: one row a lettering to accept, by amount, then what else is worth a look (contract, 7)."""

import openpyxl
import pytest

from dunning_batch.core.signlines import SIGNS
from dunning_batch.reports.worklist import _TITLES
from tests.dossiers import make_dossier

FEC = """
    jnl | date       | customer | piece | label         | debit  | credit | let | counter
    VE  | 2026-01-05 | DUPONT   | F001  | Vente         | 100.00 |        |     | 707
    VE  | 2026-01-06 | DUPONT   | F002  | Vente         | 50.00  |        |     | 707
    BQ  | 2026-02-10 | DUPONT   | V1    | F001          |        | 60.00  |     | 512
    BQ  | 2026-02-12 | DUPONT   | V2    | F001 et F002  |        | 90.00  |     | 512
    VE  | 2026-01-07 | MARTIN   | F003  | Vente         | 900.00 |        |     | 707
    BQ  | 2026-02-20 | MARTIN   | V3    | Virement      |        | 900.00 |     | 512
    VE  | 2026-01-08 | LEROY    | F004  | Vente         | 300.00 |        | A   | 707
    VE  | 2026-01-09 | LEROY    | F005  | Vente         | 20.00  |        | B   | 707
    BQ  | 2026-02-20 | LEROY    | V4    | Virement      |        | 280.00 | A   | 512
    BQ  | 2026-02-20 | LEROY    | V5    | Virement      |        | 25.00  | B   | 512
    VE  | 2026-01-10 | -        | F006  | Vente         | 10.00  |        |     | 707
    VE  | 2026-01-11 | -        | F007  | Vente         | 15.00  |        |     | 707
    VE  | 2026-01-12 | PETIT    | -     | =Vente        | 30.00  |        |     | 707
"""
# Lines of the file: each line of the table is two, itself and its counterpart.
LINES = {"F001": 2, "F002": 4, "V1": 6, "V2": 8, "F003": 10, "V3": 12, "F004": 14, "V4": 18, "F005": 16, "V5": 20}


@pytest.fixture
def dossier(tmp_path):
    return make_dossier(tmp_path, fec=FEC)


def worklist(dossier):
    return dossier.run("--lang en check --format json --as-of 2026-02-28").json["worklist"]


def lines(*pieces):
    return [f"input/123456782FEC20261231.txt:{LINES[piece]}" for piece in pieces]


def test_proposals_come_first_by_amount_each_with_its_pass_and_its_lines(dossier):
    found = [one for one in worklist(dossier) if one["group"]]
    assert found == worklist(dossier)[: len(found)]
    assert [(one["group"], one["pass"], one["amount"], one["rest"], one["lines"]) for one in found] == [
        (1, 3, "900.00", "0.00", lines("V3", "F003")),
        (2, 2, "90.00", "0.00", lines("V2", "F001", "F002")),
        (2, 2, "60.00", "0.00", lines("V1", "F001")),
    ]
    assert found[0]["credit"] == {"reference": "V3", "label": "Virement", "date": "2026-02-20", "amount": "900.00"}
    assert found[0]["items"] == [{"reference": "F003", "due": "2026-02-06", "open": "900.00"}]
    assert {one["sign"] for one in found} == {"credit_not_lettered"}


def test_signs_have_their_amounts_and_all_their_lines(dossier):
    found = {(one["sign"], one["amount"]): one for one in worklist(dossier) if not one["group"]}
    assert found["group_unbalanced", "20.00"]["lines"] == lines("F004", "V4")
    assert found["group_unbalanced", "5.00"]["lines"] == lines("F005", "V5")
    assert len(found["lines_without_customer", "25.00"]["lines"]) == 2
    assert found["invoices_without_piece", "30.00"]["customer"] == "PETIT"
    amounts = [float(one["amount"]) for one in worklist(dossier) if not one["group"] and one["amount"]]
    assert amounts == sorted(amounts, reverse=True)


def test_a_code_on_two_accounts_is_two_groups(tmp_path):
    dossier = make_dossier(
        tmp_path,
        fec="""
        jnl | date       | account | customer | piece | debit  | credit | let | counter
        VE  | 2026-01-05 | 411000  | ROUX     | F001  | 100.00 |        | C   | 707
        BQ  | 2026-02-05 | 411000  | ROUX     | V1    |        | 70.00  | C   | 512
        VE  | 2026-01-06 | 411100  | ROUX     | F002  | 50.00  |        | C   | 707
        BQ  | 2026-02-06 | 411100  | ROUX     | V2    |        | 40.00  | C   | 512
    """,
    )
    found = [(one["sign"], one["amount"], [line[-2:] for line in one["lines"]]) for one in worklist(dossier)]
    assert ("group_unbalanced", "30.00", [":2", ":4"]) in found
    assert ("group_unbalanced", "10.00", [":6", ":8"]) in found
    assert ("code_on_two_accounts", None, [":2", ":4", ":6", ":8"]) in found


def test_the_workbook_says_the_same_in_words(dossier):
    done = dossier.run("--lang en check --format xlsx -o work.xlsx --as-of 2026-02-28")
    assert (done.code, done.stdout) == (0, "")
    head, *rows = openpyxl.load_workbook(dossier.root / "work.xlsx").active.iter_rows(values_only=True)
    assert len(rows) == len(worklist(dossier))
    first = dict(zip(head, rows[0], strict=True))
    assert (first["Group"], first["Customer"], first["Amount"], first["Rest"]) == (1, "MARTIN", 900, 0)
    assert (first["Found by"], first["Invoices"]) == ("3 - equals what is left of", "F003")
    assert first["Lines"] == "input/123456782FEC20261231.txt:12, 10"
    assert "they balance" in first["To do"]


def test_a_group_that_leaves_something_says_so(tmp_path):
    head = "jnl | date | customer | piece | label | debit | credit | counter\n"
    owed = head + "VE|2026-01-05|DUPONT|F001|Vente|100.00||707\n"
    for paid, words in (("60.00", "€40.00 stay owed"), ("130.00", "€30.00 stay in credit")):
        dossier = make_dossier(tmp_path / paid, fec=owed + f"BQ|2026-02-01|DUPONT|V1|F001||{paid}|512\n")
        assert words in worklist(dossier)[0]["message"]


def test_check_prints_the_greatest_amounts_first_within_a_severity(dossier):
    printed = dossier.run("--lang en check --as-of 2026-02-28").stdout.splitlines()
    places = [next(n for n, line in enumerate(printed) if words in line) for words in ("€900.00", "€90.00", "€60.00")]
    assert places == sorted(places)


def test_every_sign_has_a_title():
    assert {*SIGNS, "credit_not_lettered"} == _TITLES.keys()
