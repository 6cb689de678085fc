"""Rules A5, A6 and E1: what a line is, which lines are one item, when it is due."""

from datetime import date

import pytest

from dunning_batch.core.duedates import due_days, issued_days
from dunning_batch.core.itemlines import kind_of_credit, kind_of_debit
from dunning_batch.core.ledger import Counterpart
from dunning_batch.errors import DefectError
from tests.core.tables import codes_of, ledger_of, opened, settled, totals


def test_a5_kinds():
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | counter
        AN  | 2026-01-01 | DUPONT   | F900  | 300.00 |        | 110
        AN  | 2026-01-01 | DUPONT   | RAN   |        | 3.00   | 110
        VE  | 2026-01-15 | DUPONT   | F001  | 120.00 |        | 707+4457
        BQ  | 2026-02-10 | DUPONT   | IMP1  | 75.00  |        | 512
        OD  | 2026-01-15 | DUPONT   | OD1   | 65.00  |        | 471
        VE  | 2026-01-15 | DUPONT   | F002  | 55.00  |        |
        BQ  | 2026-02-11 | DUPONT   | VIR1  |        | 8.00   | 512
        VE  | 2026-02-12 | DUPONT   | AV01  |        | 9.00   | 707+4457
        OD  | 2026-02-13 | DUPONT   | OD2   |        | 4.00   | 471
    """)
    assert {item.piece: item.kind for item in found.items} == {
        "F900": "opening", "F001": "invoice", "IMP1": "refund", "OD1": "other", "F002": "invoice",
    }  # fmt: skip
    assert {credit.piece: credit.kind for credit in found.credits} == {
        "RAN": "opening", "VIR1": "payment", "AV01": "credit_note", "OD2": "other",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("bits", "debit", "credit"),
    [
        (0, "invoice", "other"),
        (Counterpart.SALES | Counterpart.BANK, "invoice", "credit_note"),
        (Counterpart.BANK | Counterpart.OTHER, "refund", "payment"),
        (Counterpart.VAT, "invoice", "other"),
        (Counterpart.VAT | Counterpart.BANK, "refund", "payment"),
        (Counterpart.OTHER, "other", "other"),
    ],
)
def test_a5_by_what_the_other_lines_stand_on(bits, debit, credit):
    assert (kind_of_debit(opening=False, counterparts=bits), kind_of_credit(opening=False, counterparts=bits)) == (
        debit,
        credit,
    )


def test_a6_the_lines_of_one_entry_with_one_due_date_are_one_item():
    found = settled("""
        jnl | num | date       | piece_date | customer | piece | debit  | credit | let
        VE  | 1   | 2026-01-15 |            | DUPONT   | F001  | 100.00 |        |
        VE  | 1   | 2026-01-15 |            | DUPONT   | F001  | 50.00  |        |
        VE  | 2   | 2026-01-15 |            | DUPONT   | F002  | 600.00 |        |
        VE  | 2   | 2026-01-15 | 2026-02-15 | DUPONT   | F002  | 400.00 |        |
        VE  | 3   | 2026-01-15 |            | DURAND   | F003  | 100.00 |        | c
        VE  | 3   | 2026-01-15 |            | DURAND   | F003  | 50.00  |        |
        BQ  | 4   | 2026-02-20 |            | DURAND   | VIR1  |        | 100.00 | c
        VE  | 5   | 2026-01-15 |            | MARTIN   | F004  | 600.00 |        | b
        VE  | 5   | 2026-01-15 | 2026-02-15 | MARTIN   | F004  | 400.00 |        | b
        BQ  | 6   | 2026-02-20 |            | MARTIN   | F004  |        | 600.00 | b
        VE  | 7   | 2026-01-15 |            | LEROY    | F005  | 20.00  |        |
        VE  | 7   | 2026-01-15 |            | LEROY    | F006  | 30.00  |        |
        VE  | 7   | 2026-01-15 |            | PETIT    | F005  | 10.00  |        |
        AN  | 1   | 2026-01-01 |            | LEROY    | RAN   | 8.00   |        |
        AN  | 1   | 2026-01-01 |            | LEROY    | RAN   | 9.00   |        |
    """)
    assert [(item.piece, item.amount, item.open) for item in found.items] == [
        ("F001", 15000, 15000), ("F002", 60000, 60000), ("F002", 40000, 40000), ("F003", 15000, 5000),
        ("F004", 40000, 40000), ("F005", 2000, 2000), ("F006", 3000, 3000), ("F005", 1000, 1000), ("RAN", 800, 800),
        ("RAN", 900, 900),
    ]  # fmt: skip
    assert [item.order for item in found.items] == sorted(item.order for item in found.items)


def test_a6_an_entry_is_of_one_file_and_day():
    table = "jnl | num | date | customer | piece | debit\nVE | 0 | {} | DUPONT | F1 | 10.00\nVE | 0 | {} | DUPONT | F1 | 5.00"
    apart = settled(table.format("2025-12-30", "2025-12-31"), table.format("2026-01-02", "2026-01-02"))
    assert opened(apart) == {"DUPONT/F1": [500, 1000, 1500]}


def test_a_negative_debit_is_a_credit_and_all_lines_count():
    """Rule A3, as far as it concerns the table: a payment after the day of any run is known."""
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-15 | DUPONT   | F001  | 200.00 |        | b
        BQ  | 2026-02-25 | DUPONT   | VIR1  | -150.00|        | b
    """)
    assert opened(found) == {"DUPONT/F001": 5000}


def test_the_texts_of_an_item_are_those_of_its_line():
    [item] = settled("""
        jnl | date       | account | customer | piece | label     | debit
        VE  | 2026-01-15 | 411500  | DUPONT   | F001  | Prothèse  | 12.34
    """).items
    assert (item.customer, item.account, item.piece, item.label) == ("DUPONT", "411500", "F001", "Prothèse")
    assert (item.amount, item.open, item.payments, item.order) == (1234, 1234, (), 0)
    assert str(item.source) == "input/123456782FEC20261231.txt:2"


def test_e1_a_due_date_comes_from_the_ledger_the_customer_or_the_default():
    found = settled(
        """
        jnl | date       | piece_date | due        | customer | piece | debit
        VE  | 2026-01-15 | 2026-01-10 | 2026-02-01 | DUPONT   | F001  | 1.00
        VE  | 2026-01-15 | 2026-01-10 |            | DUPONT   | F002  | 2.00
        VE  | 2026-01-15 | 2026-01-10 |            | MARTIN   | F003  | 3.00
        VE  | 2026-01-15 | -          |            | MARTIN   | F004  | 4.00
        """,
        terms={"DUPONT": "60 jours", "ABSENT": "comptant"},
    )
    assert [(item.issued.day, item.due, item.due_source) for item in found.items] == [
        (10, date(2026, 2, 1), "ledger"),
        (10, date(2026, 3, 11), "customer_terms"),
        (10, date(2026, 2, 9), "default_terms"),
        (15, date(2026, 2, 14), "default_terms"),
    ]


def test_terms_that_nobody_checked_are_a_defect():
    lines = ledger_of("jnl | date | customer | piece | debit\nVE | 2026-01-15 | DUPONT | F001 | 1.00").lines
    with pytest.raises(DefectError) as caught:
        due_days(lines, issued_days(lines), {"DUPONT": "un jour"}, "30 days")
    assert caught.value.problems[0].code == "terms_unchecked"


def test_balances_are_in_order_of_code_with_the_last_name():
    found = settled("""
        jnl | date       | customer | name     | piece | debit  | credit
        VE  | 2026-01-15 | MARTIN   | Martin   | F001  | 100.00 |
        VE  | 2026-01-16 | DUPONT   | Dupond   | F002  | 50.00  |
        VE  | 2026-01-17 | DUPONT   | Dupont   | F003  | 5.00   |
        BQ  | 2026-01-18 | DUPONT   | -        | VIR1  |        | 10.00
        VE  | 2026-01-19 | -        | Clients  | F004  | 7.00   |
    """)
    assert [(one.code, one.name, one.nobody, one.balance) for one in found.balances] == [
        ("411000", "Clients", True, 700), ("DUPONT", "Dupont", False, 4500), ("MARTIN", "Martin", False, 10000),
    ]  # fmt: skip


def test_an_empty_ledger_owes_nothing():
    found = settled("jnl | date | customer | piece | debit")
    assert (found.items, found.credits, found.balances, totals(found), codes_of(found)) == ((), (), (), (0,) * 5, [])
