"""Ledgers in workbooks, from the file to the part."""

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError
from dunning_batch.reading.workbook import WorkbookReader
from dunning_batch.reports.ledger_columns import proposed
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


# --- amounts, in every layout (rule A3) --------------------------------------------------------------------------------


def amounts(tmp_path, *rows, **more):
    return read(tmp_path, xlsx(*rows), **more).lines["amount"].tolist()


def test_a3_one_signed_amount(tmp_path):
    head = ("Date", "Compte", "Client", "Pièce", "Montant", "Lettrage")
    day_one = day("15/01/2026")
    assert amounts(tmp_path, head, (day_one, 411000, "DUPONT", "F1", 100.5, ""),
                   (day_one, 411000, "DUPONT", "V1", -40, "")) == [10050, -4000]  # fmt: skip


@pytest.mark.parametrize(
    ("debit", "credit"), [("D", "C"), ("Débit", "Crédit"), ("+1", "-1"), (1, -1), (0, 1), ("Dr", "Cr")]
)
def test_a3_amount_and_side(tmp_path, debit, credit):
    head = ("Date", "Compte", "Client", "Pièce", "Montant", "Sens")
    rows = [(day("15/01/2026"), 411000, "DUPONT", "F1", 100, side) for side in (debit, credit)]
    assert amounts(tmp_path, head, *rows) == [10000, -10000]


def test_a3_a_side_that_is_none_is_named(tmp_path):
    head = ("Date", "Compte", "Client", "Pièce", "Montant", "Sens")
    rows = [(day("15/01/2026"), 411000, "DUPONT", "F1", 100, side) for side in ("D", "X")]
    (problem,) = refusal(tmp_path, xlsx(head, *rows))
    assert (problem.code, problem.source.cell) == ("wrong_side", "F3")


def test_a3_a_negative_debit_is_a_credit(tmp_path):
    assert amounts(tmp_path, HEAD, line(), line(Débit=-30)) == [10000, -3000]


def test_a3_a_total_with_tax_is_taken_and_one_without_never(tmp_path):
    head = ("Date", "Client", "N° facture", "Montant HT", "TVA", "Montant TTC", "Payée")
    assert amounts(tmp_path, head, (day("15/01/2026"), "DUPONT", "F1", 100, 20, 120, "non")) == [12000]
    (problem,) = refusal(tmp_path, xlsx(("Date", "Client", "N° facture", "Montant HT", "Payée"),
                                        (day("15/01/2026"), "DUPONT", "F1", 100, "non")))  # fmt: skip
    assert problem.code == "missing_column"


# --- rows that are no movements (fault 28) -----------------------------------------------------------------------------

PRINT = ("Date", "Jnl", "Pièce", "Libellé", "Débit", "Crédit", "Solde")


def move(label="Facture", debit=100, credit=None, balance=None, piece="F1", at="15/01/2026"):
    return (day(at), "VE", piece, label, debit, credit, balance)


def test_titles_give_accounts_and_sums_are_left(tmp_path):
    part = read(tmp_path, xlsx(
        PRINT, ("411DUPONT", None, None, "DUPONT SA"), move(), move(piece="F2", debit=50),
        (None, None, None, "Total compte 411DUPONT", 150, 0, 150),
        ("411MARTIN", None, None, "MARTIN SARL"), move(debit=70), (None, None, None, "A reporter", 70, 0, 70), PRINT,
        (None, None, None, "Report", 70, 0, 70), move("Virement", None, 20, piece=""), ("Total", None, None, None, 220, 20),
        ("512000", None, None, "Banque"), move("Virement", 20), (None, None, None, None, 240, 20, 220),
    ))  # fmt: skip
    lines = part.lines
    assert lines["account"].tolist() == ["411DUPONT"] * 2 + ["411MARTIN"] * 2
    assert lines["account_name"].tolist() == ["DUPONT SA"] * 2 + ["MARTIN SARL"] * 2
    assert lines["amount"].tolist() == [10000, 5000, 7000, -2000]


def test_an_opening_balance_without_a_day_counts_as_an_opening_line(tmp_path):
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT", None, None, "DUPONT SA"),
                               (None, None, None, "Solde initial", 30, None, 30), move(at="20/01/2026")))  # fmt: skip
    lines = part.lines
    assert lines[["amount", "opening"]].to_numpy().tolist() == [[3000, True], [10000, False]]
    assert lines["date"].dt.day.tolist() == [20, 20]


def test_a_sum_that_bears_a_day_is_none_the_less_a_sum(tmp_path):
    assert amounts(tmp_path, PRINT, ("411DUPONT", None, None, "DUPONT SA"), move(),
                   (day("31/01/2026"), None, None, "Solde au 31/01/2026", 100, None, None)) == [10000]  # fmt: skip


def test_a_payment_of_a_balance_is_a_payment(tmp_path):
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT", None, None, "DUPONT SA"), move(), move("Solde", None, 40, piece="V1")))
    assert part.lines["amount"].tolist() == [10000, -4000]


def test_amounts_alone_must_add_up(tmp_path):
    rows = (PRINT, ("411DUPONT", None, None, "DUPONT SA"), move(), (None, None, None, None, 90, None, None))
    (problem,) = refusal(tmp_path, xlsx(*rows))
    assert (problem.code, problem.source.cell) == ("line_without_date", "A4")


def test_a_bad_day_is_no_title(tmp_path):
    rows = (PRINT, ("411DUPONT", None, None, "DUPONT SA"), move(), ("20260231", None, None, "Facture", 90, None, None))
    (problem,) = refusal(tmp_path, xlsx(*rows))
    assert (problem.code, problem.source.cell) == ("wrong_date", "A4")


@pytest.mark.parametrize("sums", [(), (10, 5)])
def test_a_customer_whose_name_begins_like_a_sum(tmp_path, sums):
    """Or the lines would be those of the customer before."""
    title = ("411TOTAL", None, None, "TOTAL ENERGIES", *sums)
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT", None, None, "DUPONT SA"), move(), title, move(debit=70)))
    assert part.lines["account"].tolist() == ["411DUPONT", "411TOTAL"]


def test_a_customer_named_so_in_a_list_of_names_alone(tmp_path):
    rows = (PRINT, ("DUPONT SA",), move(), ("Total DUPONT SA", None, None, None, 100), ("TOTAL ENERGIES",), move(debit=70))
    part = read(tmp_path, xlsx(*rows))
    assert part.lines["auxiliary"].tolist() == ["DUPONT SA", "TOTAL ENERGIES"]


def test_a_title_may_hold_the_opening_balance(tmp_path):
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT", None, None, "Solde initial", 30), move()))
    assert part.lines[["account", "amount"]].to_numpy().tolist() == [["411DUPONT", 3000], ["411DUPONT", 10000]]


def test_an_address_below_a_title_is_no_account(tmp_path):
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT DUPONT SA",), ("69003 LYON",), move(), ("512000 BANQUE",), move()))
    assert part.lines["account"].tolist() == ["411DUPONT"]


def test_the_account_of_a_whole_sheet_stands_above_its_headings(tmp_path):
    part = read(tmp_path, xlsx(("Extrait du compte 411DUPONT - Dupont SA",), (), PRINT, move()))
    assert part.lines[["account", "account_name"]].to_numpy().tolist() == [["411DUPONT", "Dupont SA"]]


def test_headings_that_begin_anew_in_other_columns_stop(tmp_path):
    other = ("Jnl", "Date", "Pièce", "Libellé", "Crédit", "Débit", "Solde")
    (problem,) = refusal(tmp_path, xlsx(PRINT, ("411DUPONT DUPONT SA",), move(), other))
    assert (problem.code, problem.source.line) == ("other_headings", 4)


def test_a_movement_without_account_is_named(tmp_path):
    (problem,) = refusal(tmp_path, xlsx(HEAD, line(), line(Compte=None)))
    assert (problem.code, problem.source.cell) == ("line_without_account", "C3")


def test_zero_lines_are_said(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line(), line(Débit=0)))
    assert [(one.code, one.source.line) for one in part.problems if one.code == "zero_lines"] == [("zero_lines", 3)]


def test_values_beside_their_headings_are_found(tmp_path):
    head = ("Date", None, "Jnl", None, "Libellé", None, "Débit", None, "Crédit", None)
    first = (None, day("15/01/2026"), "VE", None, None, "Facture", None, 100, None, None)
    second = (None, day("16/01/2026"), "BQ", None, None, "Virement", None, None, None, 40)
    part = read(tmp_path, xlsx(("Extrait du compte 411DUPONT",), head, first, second))
    assert part.lines[["label", "amount"]].to_numpy().tolist() == [["Facture", 10000], ["Virement", -4000]]
    assert [(one.column, one.heading) for one in part.file.columns if one.field == "debit"] == [("H", "Débit")]


# --- the running balance -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "balances",
    [(100, 200, 160, 260), (-100, -200, -160, -260), ("100,00 D", "200,00 D", "160,00 D", "260,00 D"), (100, 200, "", 260)],
)
def test_a_balance_that_runs_is_quiet(tmp_path, balances):
    rows = [move(balance=balances[0]), move(balance=balances[1]), move("V", None, 40, balances[2]), move(balance=balances[3])]
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT DUPONT SA",), *rows))
    assert "balance_mismatch" not in [problem.code for problem in part.problems]


def test_a_line_that_is_missing_is_seen_in_the_balance(tmp_path):
    rows = [move(balance=100 * place + (30 if place > 6 else 0)) for place in range(1, 12)]
    part = read(tmp_path, xlsx(PRINT, ("411DUPONT DUPONT SA",), *rows))
    found = [problem for problem in part.problems if problem.code == "balance_mismatch"]
    assert [(problem.source.cell, problem.severity) for problem in found] == [("G9", "warning")]


# --- kinds and lists ---------------------------------------------------------------------------------------------------


def test_a5_whole_entries_tell_what_a_line_is(tmp_path):
    pay = {"Journal": "BQ", "Libellé": "Virement", "Pièce": "V1", "Débit": None}
    part = read(tmp_path, xlsx(
        HEAD, line(), line(Compte=706000, Client=None, Débit=None, Crédit=100), line(Crédit=40, **pay),
        line(Compte=512000, Client=None, **pay | {"Débit": 40}), line(Pièce="F9"),
    ))  # fmt: skip
    assert part.lines["counterparts"].tolist() == [1, 4, 0]


def test_a1_accounts_that_are_no_customers_are_said(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line(Compte=401000)))
    assert [problem.code for problem in part.problems if problem.severity == "warning"] == ["no_customer_account"]


def test_c2_a_list_that_says_what_is_paid_is_one_of_cash(tmp_path):
    head = ("Date", "Client", "Pièce", "Montant", "Reste dû")
    rows = ((day("15/01/2026"), "DUPONT", "F1", 100, 0), (day("16/01/2026"), "DUPONT", "F2", 80, 30))
    part = read(tmp_path, xlsx(head, *rows))
    assert (part.accounting, part.lines["paid"].tolist()) == ("cash", [10000, 5000])


def test_c1_a_gap_in_what_is_left_is_named(tmp_path):
    head = ("Date", "Client", "Pièce", "Montant", "Reste dû")
    rows = ((day("15/01/2026"), "DUPONT", "F1", 100, 0), (day("16/01/2026"), "DUPONT", "F2", 80, None))
    (problem,) = refusal(tmp_path, xlsx(head, *rows))
    assert (problem.code, problem.source.cell) == ("no_residual", "E3")


def test_a_list_of_what_is_left_is_read_as_open(tmp_path):
    head = ("Client", "N° facture", "Date", "Échéance", "Solde")
    part = read(tmp_path, xlsx(head, ("DUPONT", "F1", day("15/01/2026"), day("14/02/2026"), 60)))
    assert (part.accounting, part.lines["amount"].tolist()) == ("accrual", [6000])


def test_what_was_understood_can_be_pasted(tmp_path):
    part = read(tmp_path, xlsx(HEAD, line()))
    lines = list(proposed(part.file.columns))
    assert lines[:3] == ["[ledger.columns]", 'date = "Date"', 'piece = "Pièce"']
    columns = dict(one.replace('"', "").split(" = ") for one in lines[1:])
    again = read(tmp_path, xlsx(HEAD, line()), columns=columns)
    assert again.file.columns == part.file.columns
