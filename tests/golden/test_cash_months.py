"""Four months of a small firm that keeps cash accounting: each month its list of invoices, with what is paid, replaces
the one before (rules C, F3, F10).

Due dates are 30 days after the invoice. Levels go out 1, 15, 30 and 45 days after the due date at the earliest, and 15
days after the one before.

- DUPONT (professional) pays 400 of F001 after the first letter; a credit note of April names it; all is paid in May.
- MARTIN pays F002 after the first letter (a flag), DURAND both rows of F006 (a date).
- LEROY disputes F003: held by hand in March, freed in May.
- ROUX's F004 is paid in March and unpaid again in April: the level of before is taken up again.
- PETIT's F005 is new in April. BERNARD's F007 is missing in the list of April, and back in May.
"""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from tests.dossiers import Dossier, make_dossier, rows_of

CUSTOMERS = """
Client | Nom       | Adresse 1       | Code postal | Ville | Type
DUPONT | Dupont SA | 3 rue du Marché | 75011       | PARIS | professionnel
"""

HEAD = "Date | Facture | Client | Nom | Libellé | Montant TTC | Payée | Payée le | Montant payé\n"
DATES, AMOUNTS = ("Date", "Payée le"), ("Montant TTC", "Montant payé")

FEBRUARY = """
2026-01-05 | F001 | DUPONT  | Dupont SA  | Travaux    | 1000.00 | non |  |
2026-01-08 | F007 | BERNARD | Bernard    | Entretien  | 80.00   |     |  |
2026-01-09 | F006 | DURAND  | Durand     | Pose       | 100.00  |     |  |
2026-01-09 | F006 | DURAND  | Durand     | Fourniture | 20.00   |     |  |
2026-01-10 | F002 | MARTIN  | Martin SA  | Travaux    | 240.00  | non |  |
2026-01-10 | F003 | LEROY   | Leroy SARL | Travaux    | 600.00  | non |  |
2026-01-12 | F004 | ROUX    | Roux SAS   | Dépannage  | 150.00  | non |  |
"""
MARCH = """
2026-01-05 | F001 | DUPONT  | Dupont SA  | Travaux    | 1000.00 | non |            | 400.00
2026-01-08 | F007 | BERNARD | Bernard    | Entretien  | 80.00   |     |            |
2026-01-09 | F006 | DURAND  | Durand     | Pose       | 100.00  |     | 2026-03-02 |
2026-01-09 | F006 | DURAND  | Durand     | Fourniture | 20.00   |     | 2026-03-02 |
2026-01-10 | F002 | MARTIN  | Martin SA  | Travaux    | 240.00  | oui |            |
2026-01-10 | F003 | LEROY   | Leroy SARL | Travaux    | 600.00  | non |            |
2026-01-12 | F004 | ROUX    | Roux SAS   | Dépannage  | 150.00  | oui |            |
"""
APRIL = """
2026-01-05 | F001  | DUPONT  | Dupont SA  | Travaux        | 1000.00 | non |  | 400.00
2026-01-10 | F002  | MARTIN  | Martin SA  | Travaux        | 240.00  | oui |  |
2026-01-10 | F003  | LEROY   | Leroy SARL | Travaux        | 600.00  | non |  |
2026-01-12 | F004  | ROUX    | Roux SAS   | Dépannage      | 150.00  | non |  |
2026-03-01 | F005  | PETIT   | Petit      | Travaux        | 300.00  |     |  |
2026-04-01 | AV001 | DUPONT  | Dupont SA  | Avoir sur F001 | -100.00 |     |  |
"""
MAY = """
2026-01-05 | F001  | DUPONT  | Dupont SA  | Travaux        | 1000.00 | oui |  | 1000.00
2026-01-08 | F007  | BERNARD | Bernard    | Entretien      | 80.00   |     |  |
2026-01-10 | F003  | LEROY   | Leroy SARL | Travaux        | 600.00  | non |  |
2026-01-12 | F004  | ROUX    | Roux SAS   | Dépannage      | 150.00  | non |  |
2026-03-01 | F005  | PETIT   | Petit      | Travaux        | 300.00  |     |  |
2026-04-01 | AV001 | DUPONT  | Dupont SA  | Avoir sur F001 | -100.00 | oui |  |
"""

# Letters of each month: customer, level, pieces, open, total. F001 in April, due on 2026-02-04: 56 days on 600 at 12.15 %
# = 11.18 up to the day of the credit note, 14 days on 500 = 2.33, and 40.
LETTERS = {
    "2026-02-15": [
        ("BERNARD", 1, ["F007"], "80.00", "80.00"), ("DUPONT", 1, ["F001"], "1000.00", "1000.00"),
        ("DURAND", 1, ["F006"], "120.00", "120.00"), ("LEROY", 1, ["F003"], "600.00", "600.00"),
        ("MARTIN", 1, ["F002"], "240.00", "240.00"), ("ROUX", 1, ["F004"], "150.00", "150.00"),
    ],
    "2026-03-15": [("BERNARD", 2, ["F007"], "80.00", "80.00"), ("DUPONT", 2, ["F001"], "600.00", "600.00")],
    "2026-04-15": [
        ("DUPONT", 3, ["F001"], "500.00", "553.51"), ("PETIT", 1, ["F005"], "300.00", "300.00"),
        ("ROUX", 2, ["F004"], "150.00", "150.00"),
    ],
    "2026-05-15": [
        ("BERNARD", 3, ["F007"], "80.00", "80.00"), ("LEROY", 2, ["F003"], "600.00", "600.00"),
        ("PETIT", 2, ["F005"], "300.00", "300.00"), ("ROUX", 3, ["F004"], "150.00", "150.00"),
    ],
}  # fmt: skip


def workbook(table: str) -> bytes:
    """The list as an owner keeps it: a title, real dates and amounts."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Factures de l'année"])
    sheet.append([])
    rows = rows_of(HEAD + table)
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([_cell(name, text) for name, text in row.items()])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(name: str, text: str) -> object:
    if not text or name not in DATES + AMOUNTS:
        return text or None
    return datetime.datetime.fromisoformat(text) if name in DATES else float(text)


def month(dossier: Dossier, as_of: str, table: str) -> dict[str, object]:
    """Replace the list, and run; what is said, and what the letters ask."""
    dossier.write("input/factures.xlsx", workbook(table))
    done = dossier.run(f"run --by zip --yes --format json --as-of {as_of}")
    assert done.code == 0, done.stderr
    found = done.json
    pieces = {item["key"]: item["reference"] for item in found["items"]}
    letters = sorted(
        (one["customer"], one["level"], sorted(pieces[key] for key in one["items"]), one["open"], one["total"])
        for one in found["reminders"]
    )
    said = {one["code"] for one in found["problems"]}
    return {"letters": letters, "said": said, "totals": found["totals"], "accounting": found["accounting"]}


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dossier, dict[str, dict[str, object]]]:
    """The dossier after its four months, and what each of them was."""
    dossier = make_dossier(tmp_path_factory.mktemp("cash-months"), customers=CUSTOMERS)
    months = {"2026-02-15": month(dossier, "2026-02-15", FEBRUARY)}
    dossier.edit("F003", Suspendu="oui", Motif="litige")
    months["2026-03-15"] = month(dossier, "2026-03-15", MARCH)
    months["2026-04-15"] = month(dossier, "2026-04-15", APRIL)
    dossier.edit("F003", Suspendu=None, Motif=None)
    months["2026-05-15"] = month(dossier, "2026-05-15", MAY)
    return dossier, months


@pytest.mark.parametrize("as_of", LETTERS)
def test_letters_of_the_month(after, as_of):
    assert after[1][as_of]["letters"] == LETTERS[as_of]


def test_what_is_open_is_the_balance(after):
    months = after[1].values()
    assert {one["accounting"] for one in months} == {"cash"}
    totals = [(one["totals"]["ledger_balance"], one["totals"]["open"], one["totals"]["unallocated"]) for one in months]
    assert totals == [
        ("2190.00", "2190.00", "0.00"), ("1280.00", "1280.00", "0.00"), ("1550.00", "1550.00", "0.00"),
        ("1130.00", "1130.00", "0.00"),
    ]  # fmt: skip


def test_what_a_list_leaves_open_is_said_and_nothing_about_lettering(after):
    said = {as_of: one["said"] - {"type_unknown"} for as_of, one in after[1].items()}
    assert said == {
        "2026-02-15": set(),
        "2026-03-15": set(),
        "2026-04-15": {"credit_note_deducted", "invoices_vanished"},
        "2026-05-15": {"list_old"},
    }


def test_levels_never_skip_and_nothing_is_asked_twice(after):
    sent = [row for row in after[0].sheet("Historique") if row["Document"]]
    assert len(sent) == sum(len(letters) for letters in LETTERS.values())
    steps = [(row["Pièce"], row["Niveau"]) for row in sent]
    assert len(set(steps)) == len(steps)
    assert all(row["Niveau"] == row["Niveau avant"] + 1 for row in sent)


def test_what_is_left_and_what_has_left(after):
    levels = {row["Pièce"]: (row["Niveau"], row["Reste dû"]) for row in after[0].sheet("Niveaux")}
    assert levels == {"F003": (2, 600), "F004": (3, 150), "F005": (2, 300), "F007": (3, 80)}
    assert {row["Pièce"]: row["Niveau"] for row in after[0].sheet("Soldées")} == {"F001": 3, "F002": 1, "F006": 1}


def test_a_run_the_same_day_asks_nothing(after):
    assert month(after[0], "2026-05-15", MAY)["letters"] == []


def test_last_month_s_list_beside_this_month_s_stops(tmp_path: Path):
    dossier = make_dossier(tmp_path, files={"input/mars.xlsx": workbook(MARCH), "input/avril.xlsx": workbook(APRIL)})
    before = dossier.tree()
    done = dossier.run("--lang en run --by zip --yes --as-of 2026-04-15")
    assert done.code == 4
    assert "asked twice" in done.stderr
    assert dossier.tree() == before


def test_check_says_which_keys_a_list_has_no_use_for(tmp_path: Path):
    dossier = make_dossier(
        tmp_path, config="[filters]\npositive_balance = true\n", files={"input/factures.xlsx": workbook(MARCH)}
    )
    done = dossier.run("--lang en check --as-of 2026-03-15")
    assert (done.code, "[filters] positive_balance is ignored" in done.stdout) == (0, True)
    assert "bank" not in done.stdout


def test_cash_asked_of_a_list_that_says_nothing_of_payments_stops(tmp_path: Path):
    """A column whose heading is not recognised must not have everybody reminded."""
    table = "Date;Facture;Client;Montant;Coché\n2026-01-05;F001;DUPONT;100,00;oui\n"
    dossier = make_dossier(tmp_path, config='[ledger]\naccounting = "cash"\n', files={"input/factures.csv": table})
    done = dossier.run("--lang en status --as-of 2026-03-15")
    assert (done.code, "a column that says what is paid" in done.stderr) == (3, True)
    dossier.configure('[ledger]\naccounting = "cash"\ncolumns = { paid = "Coché" }\n')
    assert "0 open items" in dossier.run("--lang en status --as-of 2026-03-15").stdout


def test_a_list_beside_a_ledger_stops(tmp_path: Path):
    fec = "jnl|date|customer|piece|debit|credit|counter\nVE|2026-01-15|ROUX|F900|100.00||707\n"
    dossier = make_dossier(tmp_path, fec=fec, files={"input/factures.xlsx": workbook(MARCH)})
    done = dossier.run("--lang en status --as-of 2026-03-15")
    assert (done.code, "input/factures.xlsx is a list of invoices" in done.stderr) == (4, True)
    assert "take one of them away" in done.stderr.casefold()


def test_the_report_of_an_old_list_says_so(after):
    sentence = "La liste des factures ne connaît rien après le"
    reports = {day: (after[0].root / f"output/{day}-01/report.html").read_text("utf-8") for day in LETTERS}
    assert [day for day, text in reports.items() if sentence in text] == ["2026-05-15"]


def test_terms_of_a_customer_hold_for_a_list(tmp_path: Path):
    terms = "Client | Délai\nDUPONT | 60 jours\n"
    dossier = make_dossier(tmp_path, customers=terms, files={"input/factures.xlsx": workbook(MARCH)})
    items = dossier.run("status --format json --as-of 2026-03-15").json["items"]
    due = {item["reference"]: (item["due"], item["due_source"]) for item in items}
    assert due["F001"] == ("2026-03-06", "customer_terms")
    assert due["F003"] == ("2026-02-09", "default_terms")
