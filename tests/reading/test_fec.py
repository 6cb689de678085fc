"""Which lines count and what is known of them (rules A1, A3, A5, A6)."""

import pytest

from dunning_batch.core.ledger import Counterpart, LedgerRules
from dunning_batch.core.settling import settle
from tests.dossiers import fec_bytes, rows_of
from tests.reading.ledgers import codes, faults_of, ledger_of, rows

HEAD = "jnl | num | date | account | customer | piece | debit | credit | counter\n"


def amounts(folder, debit, credit, **how):
    return rows(
        ledger_of(folder, f"{HEAD}VE | 1 | 2026-01-15 | | DUPONT | F001 | {debit} | {credit} |", **how), "amount"
    )


@pytest.mark.parametrize(
    ("debit", "credit", "amount"),
    [("10.00", "", 10), ("", "10.00", -10), ("-10.00", "0.00", -10), ("0.00", "-10.00", 10), ("10.00", "3.00", 7),
     ("10.00-", "", -10), ("+10.00", "", 10)],
)  # fmt: skip
def test_a3_debit_less_credit(tmp_path, debit, credit, amount):
    assert amounts(tmp_path, debit, credit) == [amount]


def montant(folder, *lines):
    head = "JournalCode\tEcritureNum\tEcritureDate\tCompteNum\tCompAuxNum\tPieceRef\tMontant\tSens\n"
    text = head + "".join("\t".join(("VE", "1", "20260115", "411000", "DUPONT", "F1", *line)) + "\n" for line in lines)
    return text.encode()


@pytest.mark.parametrize(
    ("amount", "side", "expected"),
    [("10,00", "D", 10), ("10,00", "C", -10), ("10,00", "+1", 10), ("10,00", "-1", -10), ("-10,00", "C", 10),
     ("10,00", " d ", 10)],
)  # fmt: skip
def test_a3_amount_and_side(tmp_path, amount, side, expected):
    assert rows(ledger_of(tmp_path, montant(tmp_path, (amount, side))), "amount") == [expected]


def test_a3_a_side_that_is_none_stops_with_its_line(tmp_path):
    assert faults_of(tmp_path, montant(tmp_path, ("1,00", "D"), ("1,00", "X"))) == ["wrong_side:3"]


def test_a3_both_sides_filled_is_said_and_zero_lines_are_left_out(tmp_path):
    table = f"""{HEAD}
        VE | 1 | 2026-01-15 | | DUPONT | F001 | 10.00 | 3.00 |
        VE | 2 | 2026-01-15 | | DUPONT | F002 | 0.00  | 0.00 |
    """
    ledger = ledger_of(tmp_path, table)
    assert rows(ledger, "amount") == [7]
    assert [(one.code, one.source.line) for one in ledger.problems if one.code in {"both_sides", "zero_lines"}] == [
        ("both_sides", 2), ("zero_lines", 3),
    ]  # fmt: skip


def test_a1_which_accounts_count(tmp_path):
    table = f"""{HEAD}
        VE | 1 | 2026-01-15 | 411000  | DUPONT | F001 | 1.00 |  |
        VE | 2 | 2026-01-15 | 4119    | DUPONT | F002 | 2.00 |  |
        VE | 3 | 2026-01-15 | 413000  | DUPONT | F003 | 4.00 |  |
        VE | 4 | 2026-01-15 | 416000  | DUPONT | F004 | 8.00 |  |
        VE | 5 | 2026-01-15 | 401000  | DUPONT | F005 | 16.00 | |
        VE | 6 | 2026-01-15 | 419100  | DUPONT | F006 |  | 32.00 |
        VE | 7 | 2026-01-15 | 419100  | MARTIN | F007 |  | 64.00 |
    """
    ledger = ledger_of(tmp_path, table)
    assert rows(ledger, "piece") == ["F001", "F002", "F006"]
    assert [(one.customer, one.source.line) for one in ledger.problems if one.code == "strange_advance"] == [
        ("MARTIN", 8)
    ]
    wider = ledger_of(tmp_path, table, rules=LedgerRules(customer_accounts=("411", "413", "416")))
    assert rows(wider, "piece") == ["F001", "F002", "F003", "F004", "F006"]


def test_a1_an_advance_of_a_customer_of_another_years_file_counts(tmp_path):
    before = f"{HEAD}VE | 1 | 2025-03-15 | 411000 | DUPONT | F001 | 1.00 | | 707"
    after = f"{HEAD}BQ | 1 | 2026-03-15 | 419100 | DUPONT | A1 | | 5.00 | 512"
    assert rows(ledger_of(tmp_path, before, after), "piece", "amount") == [("F001", 1), ("A1", -5)]


def test_excluded_journals_are_left_out_and_counted(tmp_path):
    table = f"""{HEAD}
        VE | 1 | 2026-01-15 | | DUPONT | F001 | 1.00 | |
        XX | 2 | 2026-01-15 | | DUPONT | F002 | 2.50 | |
    """
    ledger = ledger_of(tmp_path, table, rules=LedgerRules(excluded_journals=("XX",)))
    assert rows(ledger, "piece") == ["F001"]
    [said] = [one for one in ledger.problems if one.code == "excluded_lines"]
    assert dict(said.message.values)["amount"] == 250


COUNTERS = """jnl | num | date | account | customer | piece | debit | credit
    VE | 1 | 2026-01-15 | 411000 | DUPONT | F001 | 12.00 |
    VE | 1 | 2026-01-15 | {one}  | -      | F001 |       | 10.00
    VE | 1 | 2026-01-15 | {two}  | -      | F001 |       | 2.00
"""


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [("707000", "445710", "invoice"), ("512000", "512000", "refund"), ("512000", "707000", "invoice"),
     ("445710", "445710", "invoice"), ("658000", "658000", "other"), ("411000", "411000", "invoice"),
     ("530000", "658000", "refund"), ("401000", "401000", "other")],
)  # fmt: skip
def test_a5_the_kind_of_a_debit(tmp_path, one, two, kind):
    table = COUNTERS.format(one=one, two=two)
    if one.startswith("411"):
        table = table.replace("| -      |", "| MARTIN |")
    items = settle(ledger_of(tmp_path, table), LedgerRules(), {}, "30 days").items
    assert [one.kind for one in items if one.customer == "DUPONT"] == [kind]


def test_a5_counterparts_are_those_of_the_whole_entry(tmp_path):
    found = ledger_of(tmp_path, COUNTERS.format(one="707000", two="445710")).lines["counterparts"].tolist()
    assert found == [Counterpart.SALES | Counterpart.VAT]


def test_a6_an_entry_is_journal_number_date_and_piece(tmp_path):
    table = """jnl | num | date | account | customer | piece | debit | credit
        VE | 0 | 2026-01-15 | 411000 | DUPONT | F001 | 10.00 |
        VE | 0 | 2026-01-15 | 707000 | -      | F001 |       | 10.00
        VE | 0 | 2026-01-15 | 411000 | DUPONT | F002 | 20.00 |
        VE | 0 | 2026-01-15 | 411000 | DUPONT | F002 | 5.00  |
        VE | 0 | 2026-01-16 | 411000 | DUPONT | F002 | 7.00  |
        BQ | 0 | 2026-01-15 | 512000 | -      | F001 | 10.00 |
        VE | 0 | 2026-01-15 | 411000 | MARTIN | F001 | 30.00 |
    """
    first, second, third, fourth, fifth = rows(ledger_of(tmp_path, table), "entry")
    assert first == fifth
    assert second == third
    assert len({first, second, fourth}) == 3
    assert ledger_of(tmp_path, table).lines["counterparts"].tolist() == [1, 0, 0, 0, 1]


def test_a6_7_and_007_are_two_numbers(tmp_path):
    table = f"{HEAD}VE | 7 | 2026-01-15 | | DUPONT | F1 | 1.00 | |\nVE | 007 | 2026-01-15 | | DUPONT | F1 | 2.00 | |"
    assert len(set(rows(ledger_of(tmp_path, table), "entry"))) == 2


def test_unbalanced_entries_are_named_with_their_difference(tmp_path):
    table = f"""{HEAD}
        VE | 1 | 2026-01-15 | | DUPONT | F001 | 10.00 | | 707
        VE | 2 | 2026-01-16 | | DUPONT | F002 | 10.00 | |
        VE | 3 | 2026-01-17 | 707000 | - | F003 | | 4.00 |
    """
    found = [one for one in ledger_of(tmp_path, table).problems if one.code.startswith("unbalanced")]
    assert [(one.code, one.source.line, dict(one.message.values)["difference"]) for one in found] == [
        ("unbalanced_entry", 4, 1000), ("unbalanced_entry", 5, -400), ("unbalanced_file", None, 600),
    ]  # fmt: skip


def test_the_pieces_of_an_entry_need_not_balance_one_by_one(tmp_path):
    table = """jnl | num | date | account | customer | piece | debit | credit
        BQ | 9 | 2026-01-15 | 411000 | DUPONT | F001 |       | 10.00
        BQ | 9 | 2026-01-15 | 411000 | DUPONT | F002 |       | 20.00
        BQ | 9 | 2026-01-15 | 512000 | -      | REM  | 30.00 |
    """
    assert "unbalanced_entry" not in codes(ledger_of(tmp_path, table))


def test_openings_are_known_by_code_by_label_and_by_configuration(tmp_path):
    table = """jnl | JournalLib | num | date | customer | piece | debit | counter
        AN | Journal 1    | 1 | 2026-01-01 | DUPONT | F1 | 1.00 | 890
        XX | A nouveaux   | 2 | 2026-01-01 | DUPONT | F2 | 1.00 | 890
        YY | Ouverture 26 | 3 | 2026-01-01 | DUPONT | F3 | 1.00 | 890
        ZZ | Ventes       | 4 | 2026-01-01 | DUPONT | F4 | 1.00 | 707
        B9 | Divers       | 5 | 2026-01-01 | DUPONT | F5 | 1.00 | 890
    """
    data = fec_with_labels(table)
    ledger = ledger_of(tmp_path, data, rules=LedgerRules(opening_journals=("B9",)))
    assert rows(ledger, "piece", "opening") == [("F1", True), ("F2", True), ("F3", True), ("F4", False), ("F5", True)]
    assert ledger.files[0].has_opening


def fec_with_labels(table):
    labels = {row["jnl"]: row["JournalLib"] for row in rows_of(table)}
    data = fec_bytes(table).decode()
    for code, label in labels.items():
        data = data.replace(f"{code}\t{code}\t", f"{code}\t{label}\t")
    return data.encode()


def test_the_days_of_a_file_leave_its_openings_out(tmp_path):
    table = f"""{HEAD}
        AN | 1 | 2026-01-01 | | DUPONT | F1 | 1.00 | | 890
        VE | 2 | 2026-02-03 | | DUPONT | F2 | 1.00 | | 707
        BQ | 3 | 2026-03-04 | | DUPONT | F2 | | 1.00 | 512
        VE | 4 | 2026-05-06 | | DUPONT | F3 | 1.00 | | 707
    """
    file = ledger_of(tmp_path, table).files[0]
    assert [str(day) for day in (file.first, file.last, file.last_bank, file.closing)] == [
        "2026-02-03", "2026-05-06", "2026-03-04", "2026-12-31",
    ]  # fmt: skip
    assert file.lines == 8


def test_wrong_cells_are_all_named_at_once(tmp_path):
    table = f"""{HEAD}
        VE | 1 | 2026-13-15 | | DUPONT | F1 | 1.00  | | 707
        VE | 2 | 2026-01-15 | | DUPONT | F2 | 1.0O  | |
        VE | 3 | 2026-01-15 | 706000 | - | F3 | | abc |
    """
    found = faults_of(tmp_path, table)
    assert list(dict.fromkeys(found)) == ["wrong_date:2", "wrong_date:3", "wrong_amount:4", "wrong_amount:5"]


def test_a_date_of_piece_that_is_none_matters_on_customers_lines_only(tmp_path):
    head = "jnl | date | account | customer | piece_date | debit\n"
    assert faults_of(tmp_path, f"{head}VE | 2026-01-15 | 411000 | DUPONT | 19000101 | 1.00") == ["wrong_date:2"]
    assert faults_of(tmp_path, f"{head}VE | 2026-01-15 | 707000 | -      | 19000101 | 1.00") == []


def test_a_date_of_lettering_that_is_none_counts_as_none(tmp_path):
    table = "jnl | date | customer | debit | let | let_date\nVE | 2026-01-15 | DUPONT | 1.00 | AA | 2026-99-99"
    assert rows(ledger_of(tmp_path, table), "code", "code_date") == [("AA", "")]
