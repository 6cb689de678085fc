"""Who the customer of a line is (rule A2)."""

from dunning_batch.core.ledger import LedgerRules
from tests.reading.ledgers import ledger_of, rows

HEAD = "jnl | date | account | customer | name | piece | debit\n"


def named(folder, *lines, **how):
    table = HEAD + "\n".join(f"VE | 2026-01-15 | {line} | F{number} | 1.00" for number, line in enumerate(lines))
    return rows(ledger_of(folder, table, **how), "customer", "nobody", "name")


def test_an_account_with_auxiliaries_on_other_lines_is_collective(tmp_path):
    assert named(tmp_path, "411500300 | DUPONT | Dupont", "411500300 | - | Martin SA", "411500300 | - | -") == [
        ("DUPONT", False, "Dupont"), ("Martin SA", False, "Martin SA"), ("411500300", True, "Clients"),
    ]  # fmt: skip


def test_the_auxiliaries_of_another_file_make_an_account_collective(tmp_path):
    old = HEAD + "VE | 2025-01-15 | 411500300 | DUPONT | Dupont | F1 | 1.00"
    new = HEAD + "VE | 2026-01-15 | 411500300 | - | Martin | F2 | 1.00"
    assert rows(ledger_of(tmp_path, old, new), "customer") == ["DUPONT", "Martin"]


def test_a_name_is_that_of_the_auxiliary_else_of_the_account(tmp_path):
    assert named(tmp_path, "411DUPONT | - | -", "411MARTIN | - | Martin SA") == [
        ("411DUPONT", False, "Clients"), ("411MARTIN", False, "Martin SA"),
    ]  # fmt: skip


def test_other_accounts_are_collective_by_their_own_prefix(tmp_path):
    rules = LedgerRules(customer_accounts=("411", "416"))
    assert [nobody for _, nobody, _ in named(tmp_path, "416000 | - | -", "416DUPONT | - | -", rules=rules)] == [
        True,
        False,
    ]


def test_names_that_differ_by_blanks_or_quotes_are_one(tmp_path):
    assert named(tmp_path, '411000 | - | "Dupont"', "411000 | - | Dupont") == [("Dupont", False, "Dupont")] * 2
