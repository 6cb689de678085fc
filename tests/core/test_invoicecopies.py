"""What invoice copies say and the ledger does not (rule E1)."""

from dataclasses import replace

import pytest

from dunning_batch.core.customers import Customer
from dunning_batch.core.invoicecopies import Invoice, compare, problems_of
from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.settling import settle
from dunning_batch.errors import Source
from tests.core.tables import DAY, ledger_of

TABLE = """
    jnl | date       | customer | piece | due        | debit  | credit
    VE  | 2026-01-10 | DUPONT   | F001  |            | 100.00 |
    VE  | 2026-01-11 | DUPONT   | F002  | 2026-02-15 | 200.00 |
    VE  | 2026-01-12 | MARTIN   | F003  |            | 300.00 |
    BQ  | 2026-01-20 | MARTIN   | F003  |            |        | 50.00
    VE  | 2026-01-12 | PETIT    | F004  |            | 10.00  |
    VE  | 2026-01-12 | LEROY    | F004  |            | 20.00  |
"""


def copy(number, euros, due="2026-03-31", email=""):
    return Invoice(number, Source(f"{number}.pdf"), frozenset({euros * 100}), due and DAY(due), email)


def compared(*copies, table=TABLE):
    return compare(ledger_of(table), {one.number: one for one in copies})


def dues(found):
    settlement = settle(found.ledger, LedgerRules(), {}, "30 days")
    return {f"{one.customer}/{one.piece}": (str(one.due), one.due_source) for one in settlement.items}


def codes(found, *customers):
    items = settle(found.ledger, LedgerRules(), {}, "30 days").items
    return [(one.code, one.customer) for one in problems_of(found, items, {one.code: one for one in customers})]


def test_a_due_date_is_taken_where_the_ledger_has_none():
    found = compared(copy("F001", 100), copy("F002", 200, "2026-02-15"))
    assert dues(found)["DUPONT/F001"] == ("2026-03-31", "invoice")
    assert dues(found)["DUPONT/F002"] == ("2026-02-15", "ledger")
    assert dues(found)["MARTIN/F003"][1] == "default_terms"
    assert codes(found) == []


def test_a_copy_of_nothing_in_the_ledger_changes_nothing():
    ledger = ledger_of(TABLE)
    assert compare(ledger, {"F999": copy("F999", 1)}).ledger is ledger


@pytest.mark.parametrize(
    ("one", "customer"),
    [(copy("F001", 99), "DUPONT"), (copy("F002", 200, "2026-02-16"), "DUPONT"), (copy("F004", 10), "")],
)
def test_a_contradiction_is_said_and_nothing_is_taken(one, customer):
    found = compared(one)
    assert codes(found) == [("copy_contradicts", customer)]
    assert "invoice" not in {source for _, source in dues(found).values()}


def test_a_contradiction_about_what_is_paid_is_not_said():
    paid = TABLE + "    BQ  | 2026-01-20 | DUPONT   | F001  |            |        | 100.00\n"
    settled = compared(copy("F001", 99), table=paid)
    items = [one for one in settle(settled.ledger, LedgerRules(), {}, "30 days").items if one.piece != "F001"]
    assert problems_of(settled, items, {}) == ()


def test_an_opening_line_may_be_over_what_was_left():
    opening = "jnl | date | customer | piece | debit\nAN | 2026-01-01 | DUPONT | F001 | 40.00"
    assert dues(compared(copy("F001", 100), table=opening))["DUPONT/F001"] == ("2026-03-31", "invoice")
    assert codes(compared(copy("F001", 39), table=opening)) == [("copy_contradicts", "DUPONT")]


def test_a_copy_without_a_due_date_gives_none():
    assert dues(compared(copy("F001", 100, "")))["DUPONT/F001"][1] == "default_terms"


def test_an_address_is_offered_to_a_customer_of_the_file_who_has_none():
    found = compared(copy("F001", 100, email="compta@dupont.example"))
    dupont = Customer("DUPONT")
    assert codes(found, dupont) == [("address_in_copy", "DUPONT")]
    assert codes(found, replace(dupont, emails=("a@b.example",))) == []
    assert codes(found) == []
