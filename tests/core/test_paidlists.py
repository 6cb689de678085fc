"""Rules C over whole lists: what is owed, what credit notes lower, what is said; B8 in their terms."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.identity import Remembered
from dunning_batch.core.paidlists import settle_paid
from dunning_batch.core.paidsigns import vanished
from dunning_batch.errors import InputError
from tests.core.tables import cents, codes_of, ledger_of, opened, rows_of, totals, unallocated


def list_of(*tables):
    """A list of invoices for each table: date, due, customer, piece, label, amount, paid."""
    own = [table.replace("amount", "debit", 1) for table in tables]
    ledger = ledger_of(*own)
    paid = [cents(row.get("paid")) for table in tables for row in rows_of(table) if cents(row["amount"])]
    return replace(ledger, lines=ledger.lines.assign(paid=np.array(paid, np.int64)), accounting="cash")


def settled(*tables, terms=None):
    return settle_paid(list_of(*tables), terms or {}, "30 days")


def test_what_is_open_is_what_is_not_paid():
    found = settled("""
        date       | customer | piece | amount | paid
        2026-01-10 | DUPONT   | F001  | 100.00 | 100.00
        2026-01-15 | DUPONT   | F002  | 200.00 | 50.00
        2026-01-20 | MARTIN   | F003  | 300.00 |
    """)
    assert opened(found) == {"DUPONT/F002": 15000, "MARTIN/F003": 30000}
    assert next((one.amount, one.kind, one.due, one.payments) for one in found.items) == (
        20000, "invoice", date(2026, 2, 14), (),
    )  # fmt: skip
    assert totals(found) == (45000, 45000, 0, 0, 0)
    assert codes_of(found) == []


def test_terms_and_due_dates_are_those_of_any_ledger():
    found = settled(
        """
        date       | due        | customer | piece | amount | paid
        2026-01-10 | 2026-01-31 | DUPONT   | F001  | 100.00 |
        2026-01-10 |            | MARTIN   | F002  | 100.00 |
    """,
        terms={"MARTIN": "60 days"},
    )
    assert [(one.due, one.due_source) for one in found.items] == [
        (date(2026, 1, 31), "ledger"), (date(2026, 3, 11), "customer_terms"),
    ]  # fmt: skip


def test_rows_of_one_invoice_are_one_item_and_its_discount_is_part_of_it():
    found = settled("""
        date       | customer | piece | amount | paid
        2026-01-10 | DUPONT   | F001  | 100.00 | 40.00
        2026-01-10 | DUPONT   | F001  | 55.00  |
        2026-01-10 | DUPONT   | F001  | -15.00 |
    """)
    assert [(one.amount, one.open) for one in found.items] == [(14000, 10000)]
    assert unallocated(found) == {}


def test_instalments_other_customers_and_rows_without_a_number_stay_apart():
    found = settled("""
        date       | due        | customer | piece | amount | paid
        2026-01-10 | 2026-02-10 | DUPONT   | F001  | 50.00  |
        2026-01-10 | 2026-03-10 | DUPONT   | F001  | 50.00  |
        2026-01-10 | 2026-02-10 | MARTIN   | F001  | 50.00  |
        2026-01-10 | 2026-02-10 | DUPONT   |       | 50.00  |
        2026-01-10 | 2026-02-10 | DUPONT   |       | 50.00  |
    """)
    assert [one.open for one in found.items] == [5000] * 5
    assert codes_of(found) == []


def test_a_credit_note_lowers_the_invoice_that_it_bears_or_names():
    found = settled("""
        date       | customer | piece  | label              | amount | paid
        2026-01-10 | DUPONT   | F001   |                    | 100.00 |
        2026-01-12 | DUPONT   | F002   |                    | 200.00 |
        2026-02-01 | DUPONT   | F001   | Avoir              | -30.00 |
        2026-02-03 | DUPONT   | AV002  | Avoir sur F002     | -50.00 |
    """)
    assert opened(found) == {"DUPONT/F001": 7000, "DUPONT/F002": 15000}
    assert [one.payments for one in found.items] == [((date(2026, 2, 1), 3000),), ((date(2026, 2, 3), 5000),)]
    assert [one.amount for one in found.items] == [10000, 20000]
    assert codes_of(found) == [("credit_note_deducted", "DUPONT")] * 2
    assert totals(found) == (22000, 22000, 0, 0, 0)


def test_a_credit_note_lowers_the_oldest_due_first():
    found = settled("""
        date       | due        | customer | piece | label | amount | paid
        2026-01-10 | 2026-03-10 | DUPONT   | F001  |       | 50.00  |
        2026-01-10 | 2026-02-10 | DUPONT   | F001  |       | 50.00  |
        2026-02-01 |            | DUPONT   | F001  | Avoir | -60.00 |
    """)
    assert [(one.due, one.open) for one in found.items] == [(date(2026, 3, 10), 4000)]


def test_a_credit_note_without_a_number_is_of_no_invoice_without_one():
    found = settled("""
        date       | customer | piece | label | amount | paid
        2026-01-10 | DUPONT   |       | Vente | 50.00  |
        2026-02-01 | DUPONT   |       | Avoir | -20.00 |
    """)
    assert opened(found) == {"DUPONT/": 5000}
    assert codes_of(found) == [("credit_note_left", "DUPONT")]


def test_what_is_open_of_an_invoice_is_never_more_than_its_amount():
    """A discount marked as given, on an invoice that it makes negative."""
    found = settled("""
        date       | customer | piece | amount | paid
        2026-01-10 | DUPONT   | F001  | 10.00  |
        2026-01-10 | DUPONT   | F001  | -50.00 | -50.00
    """)
    assert [(one.amount, one.open) for one in found.items] == [(1000, 1000)]


def test_another_credit_note_lowers_nothing_and_is_said():
    found = settled("""
        date       | customer | piece  | label          | amount  | paid
        2026-01-10 | DUPONT   | F001   |                | 100.00  |
        2026-01-12 | MARTIN   | F002   |                | 200.00  |
        2026-02-01 | DUPONT   | AV001  | Avoir          | -30.00  |
        2026-02-01 | DUPONT   | AV002  | Avoir sur F002 | -40.00  |
        2026-02-01 | DUPONT   | AV003  | Avoir          | -500.00 | -500.00
    """)
    assert opened(found) == {"DUPONT/F001": 10000, "MARTIN/F002": 20000}
    assert unallocated(found) == {"DUPONT/AV001": 3000, "DUPONT/AV002": 4000}
    assert {one.kind for one in found.credits} == {"credit_note"}
    assert codes_of(found) == [("credit_note_left", "DUPONT")]
    assert totals(found) == (23000, 30000, 7000, 0, 0)


def test_never_more_is_paid_than_the_amount():
    found = settled("""
        date       | customer | piece | amount | paid
        2026-01-10 | DUPONT   | F001  | 100.00 | 130.00
        2026-01-12 | DUPONT   | F002  | 100.00 | -30.00
    """)
    assert opened(found) == {"DUPONT/F002": 10000}
    assert totals(found) == (10000, 10000, 0, 0, 0)


def test_one_row_twice_is_asked_and_said_but_not_once_it_is_paid():
    found = settled("""
        date       | customer | piece | amount | paid
        2026-01-10 | DUPONT   | F001  | 100.00 |
        2026-01-10 | DUPONT   | F001  | 100.00 |
        2026-01-11 | DUPONT   | F002  | 100.00 | 100.00
        2026-01-11 | DUPONT   | F002  | 100.00 | 100.00
    """)
    assert opened(found) == {"DUPONT/F001": 20000}
    assert codes_of(found) == [("invoice_rows_alike", "DUPONT")]


LAST_MONTH = """
    date       | customer | piece | label | amount | paid
    2026-01-10 | DUPONT   | F001  | Vente | 100.00 |
    2026-01-12 | DUPONT   |       | Devis | 50.00  |
"""


@pytest.mark.parametrize(
    "row", ["2026-01-10 | DUPONT | F001 | Autre | 100.00 | 100.00", "2026-01-12 | DUPONT | | Devis | 50.00 |"]
)
def test_two_lists_with_the_same_invoice_are_refused(row):
    with pytest.raises(InputError) as refused:
        settled(LAST_MONTH, f"date | customer | piece | label | amount | paid\n{row}")
    assert [problem.code for problem in refused.value.problems] == ["lists_share_invoices"]


def test_two_lists_with_other_invoices_are_one():
    found = settled(
        LAST_MONTH, "date | customer | piece | label | amount | paid\n2026-02-10 | DUPONT | F002 | | 100.00 |"
    )
    assert totals(found) == (25000, 25000, 0, 0, 0)


def remembered(piece, customer="DUPONT", settled_on=None):
    return Remembered("KEY", customer, piece, date(2026, 1, 10), date(2026, 2, 9), 10000, 2, settled_on=settled_on)


def test_a_reminded_invoice_that_is_listed_no_more_is_said():
    ledger = list_of("date | customer | piece | amount | paid\n2026-01-10 | DUPONT | F001 | 100.00 | 100.00")
    assert list(vanished(ledger, [remembered("F001")])) == []
    assert list(vanished(ledger, [remembered("F002", settled_on=date(2026, 3, 1))])) == []
    assert [one.code for one in vanished(ledger, [remembered("F002"), remembered("F001", "MARTIN")])] == [
        "invoices_vanished"
    ]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["DUPONT", "MARTIN"]), st.sampled_from(["F001", "F002", "-"]), st.sampled_from(["Vente", "F001"]),
        st.integers(-300, 300), st.integers(-400, 400),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@given(ROWS)
def test_no_list_breaks_b8_and_nothing_open_is_negative(rows):
    lines = [
        f"2026-01-1{number % 2} | {customer} | {piece} | {label} | {amount / 100:.2f} | {paid / 100:.2f}"
        for number, (customer, piece, label, amount, paid) in enumerate(rows)
        if amount
    ]
    if lines:
        found = settled("\n".join(["date | customer | piece | label | amount | paid", *lines]))
        assert all(0 < one.open <= one.amount for one in found.items)
        owed = sum(amount - sorted((0, amount, paid))[1] for *_, amount, paid in rows if amount)
        assert totals(found)[0] == owed
