"""Rules B1 to B8, on small ledgers."""

from dataclasses import replace
from datetime import date

import pytest

from dunning_batch.core.balances import check_invariant
from dunning_batch.errors import DefectError, ExitCode
from tests.core.tables import codes_of, opened, settled, totals, unallocated

PAID_LATER = """
    jnl | date       | customer | piece | debit  | credit | let | let_date
    VE  | 2026-10-01 | DUPONT   | F001  | 100.00 |        | A   |
    VE  | 2026-10-02 | DUPONT   | F002  | 200.00 |        | B   | 2027-01-20
    BQ  | 2026-11-02 | DUPONT   | VIR1  |        | 50.00  | B   | 2027-01-20
    VE  | 2026-10-05 | DUPONT   | F003  | 80.00  |        | C   | 2026-12-31
    BQ  | 2026-12-20 | DUPONT   | VIR2  |        | 30.00  | C   | 2026-12-31
    VE  | 2026-10-06 | DUPONT   | F004  | 60.00  |        | d   |
    BQ  | 2026-11-10 | DUPONT   | VIR3  |        | 25.00  | E   |
"""


def test_b1_case_tells_codes_apart():
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-15 | DURAND   | F003  | 80.00  |        | QY
        BQ  | 2026-02-10 | DURAND   | VIR3  |        | 80.00  | QY
        VE  | 2026-01-05 | DURAND   | F004  | 50.00  |        | qy
        BQ  | 2026-02-10 | DURAND   | VIR4  |        | 20.00  | qy
    """)
    assert opened(found) == {"DURAND/F004": 3000}


def test_b1_a_code_holds_on_one_account_of_one_customer():
    found = settled("""
        jnl | date       | account | customer | piece | debit  | credit | let
        VE  | 2026-01-15 | 411000  | DUPONT   | F001  | 100.00 |        | ZQ
        BQ  | 2026-02-09 | 411000  | DUPONT   | VIR0  |        | 40.00  | ZQ
        VE  | 2026-01-15 | 411000  | MARTIN   | F005  | 30.00  |        | ZQ
        BQ  | 2026-02-10 | 411000  | MARTIN   | VIR1  |        | 90.00  | ZQ
        VE  | 2026-01-15 | 411000  | DURAND   | F010  | 80.00  |        | ZR
        BQ  | 2026-02-10 | 411000  | DURAND   | VIR2  |        | 30.00  | ZR
        BQ  | 2026-02-10 | 411500  | DURAND   | VIR3  |        | 50.00  | ZR
    """)
    assert opened(found) == {"DUPONT/F001": 6000, "DURAND/F010": 5000}
    assert unallocated(found) == {"MARTIN/VIR1": 6000, "DURAND/VIR3": 5000}


def test_b2_a_code_used_twice_is_split_by_date_of_lettering():
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let | let_date
        VE  | 2026-01-10 | DUPONT   | F001  | 200.00 |        | A   | 2026-03-31
        BQ  | 2026-03-05 | DUPONT   | VIR1  |        | 150.00 | A   | 2026-03-31
        VE  | 2026-04-10 | DUPONT   | F010  | 100.00 |        | A   | 2026-06-30
        BQ  | 2026-06-05 | DUPONT   | VIR2  |        | 100.00 | A   | 2026-06-30
        VE  | 2026-01-10 | MARTIN   | F020  | 100.00 |        | B   | 2026-03-31
        BQ  | 2026-03-05 | MARTIN   | VIR3  |        | 60.00  | B   | 2026-03-31
        BQ  | 2026-04-05 | MARTIN   | VIR4  |        | 40.00  | B   | 2026-04-30
        VE  | 2026-01-10 | LEROY    | F030  | 100.00 |        | C   | 2026-03-31
        BQ  | 2026-03-05 | LEROY    | VIR5  |        | 30.00  | C   | 2026-03-31
        BQ  | 2026-04-05 | LEROY    | VIR6  |        | 30.00  | C   | 2026-04-30
        BQ  | 2026-08-05 | LEROY    | VIR7  |        | 1.00   |     |
    """)
    assert opened(found) == {"DUPONT/F001": 5000, "LEROY/F030": 4000}


def test_b2_lines_without_a_date_of_lettering_are_no_part():
    """50 - 50 without a date would balance; the oldest due, F001, is paid first."""
    found = settled(
        """
        jnl | date       | customer | piece | debit  | credit | let | let_date
        VE  | 2026-01-10 | DUPONT   | F001  | 80.00  |        | A   | 2026-03-31
        VE  | 2026-01-20 | DUPONT   | F002  | 50.00  |        | A   |
        BQ  | 2026-03-05 | DUPONT   | VIR1  |        | 50.00  | A   |
        """,
        closings=["2026-12-31"],
    )
    assert opened(found) == {"DUPONT/F001": 3000, "DUPONT/F002": 5000}


def test_b2_then_by_file():
    """A of 2025 is 100 - 100, A of 2026 is 70 - 30; by the oldest due alone F001 would be left nothing either."""
    found = settled(
        """
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2025-05-10 | DUPONT   | F001  | 100.00 |        | A
        BQ  | 2025-06-05 | DUPONT   | F010  |        | 100.00 | A
        """,
        """
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-10 | DUPONT   | F010  | 70.00  |        | A
        BQ  | 2026-02-05 | DUPONT   | VIR2  |        | 30.00  | A
        """,
    )
    assert opened(found) == {"DUPONT/F010": 4000}


@pytest.mark.parametrize(
    ("tolerance", "open_", "credit", "sums"),
    [
        (5, {"DUPONT/F002": 6}, {}, (7, 6, 0, 0, 1)),
        (0, {"DUPONT/F001": 5, "DUPONT/F002": 6}, {"MARTIN/VIR3": 4}, (7, 11, 4, 0, 0)),
    ],
)
def test_b3_the_tolerance_is_inclusive(tolerance, open_, credit, sums):
    found = settled(
        """
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-15 | DUPONT   | F001  | 100.00 |        | A
        BQ  | 2026-02-10 | DUPONT   | VIR1  |        | 99.95  | A
        VE  | 2026-01-15 | DUPONT   | F002  | 100.00 |        | B
        BQ  | 2026-02-10 | DUPONT   | VIR2  |        | 99.94  | B
        VE  | 2026-01-15 | MARTIN   | F003  | 100.00 |        | C
        BQ  | 2026-02-10 | MARTIN   | VIR3  |        | 100.04 | C
        """,
        tolerance=tolerance,
    )
    assert (opened(found), unallocated(found), totals(found)) == (open_, credit, sums)


def test_b3_a_small_lettered_line_alone_is_within_the_tolerance():
    lines = """
        jnl | date       | customer | piece | debit | credit | let
        VE  | 2026-01-15 | DUPONT   | F001  | 0.03  |        | A
        BQ  | 2026-01-15 | DUPONT   | VIR1  |       | 0.02   | B
    """
    assert totals(settled(lines, tolerance=5)) == (1, 0, 0, 0, 1)
    assert totals(settled(lines)) == (1, 0, 2, 3, 0)


def test_b4_own_piece_first_then_the_oldest_due():
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-10 | DUPONT   | F001  | 100.00 |        | A
        VE  | 2026-01-20 | DUPONT   | F002  | 200.00 |        | A
        BQ  | 2026-02-10 | DUPONT   | F002  |        | 150.00 | A
        VE  | 2026-01-10 | MARTIN   | F010  | 100.00 |        | A
        VE  | 2026-01-20 | MARTIN   | F011  | 200.00 |        | A
        BQ  | 2026-02-10 | MARTIN   | VIR9  |        | 150.00 | A
        VE  | 2026-01-20 | DURAND   | F020  | 100.00 |        | A
        VE  | 2026-01-10 | DURAND   | F021  | 100.00 |        | A
        BQ  | 2026-02-10 | DURAND   | VIR8  |        | 130.00 | A
    """)
    assert opened(found) == {"DUPONT/F001": 10000, "DUPONT/F002": 5000, "MARTIN/F011": 15000, "DURAND/F020": 7000}


def test_b4_what_a_piece_does_not_need_goes_on_and_no_piece_is_nobodys():
    """F002 takes 20 of its 50, 30 go on to F001; the credit without piece is not for the debit without piece."""
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-10 | DUPONT   | F001  | 100.00 |        | A
        VE  | 2026-01-20 | DUPONT   | F002  | 20.00  |        | A
        BQ  | 2026-02-10 | DUPONT   | F002  |        | 50.00  | A
        VE  | 2026-01-10 | MARTIN   | F010  | 100.00 |        | A
        VE  | 2026-01-20 | MARTIN   | -     | 40.00  |        | A
        BQ  | 2026-02-10 | MARTIN   | -     |        | 40.00  | A
    """)
    assert opened(found) == {"DUPONT/F001": 7000, "MARTIN/F010": 6000, "MARTIN/": 4000}


def test_b4_pieces_agree_but_for_surrounding_blanks():
    found = settled("""
        jnl | date       | customer | piece     | debit  | credit | let
        VE  | 2026-01-10 | DUPONT   | F001      | 100.00 |        | A
        VE  | 2026-01-20 | DUPONT   | F002      | 200.00 |        | A
        BQ  | 2026-02-10 | DUPONT   | F002\u00a0|        | 150.00 | A
    """)
    assert opened(found) == {"DUPONT/F001": 10000, "DUPONT/F002": 5000}


def test_b4_says_which_payments_lowered_an_item():
    [item] = settled("""
        jnl | date       | piece_date | customer | piece | debit  | credit | let
        VE  | 2026-01-10 |            | DUPONT   | F001  | 100.00 |        | a
        BQ  | 2026-03-10 | 2026-01-20 | DUPONT   | VIR2  |        | 20.00  | a
        BQ  | 2026-02-10 |            | DUPONT   | VIR1  |        | 30.00  | a
    """).items
    assert (item.amount, item.open) == (10000, 5000)
    assert item.payments == ((date(2026, 2, 10), 3000), (date(2026, 3, 10), 2000))


def test_b5_settled_in_another_year():
    found = settled(PAID_LATER, closings=["2026-12-31"])
    assert opened(found) == {"DUPONT/F003": 5000, "DUPONT/F004": 6000}
    assert totals(found) == (33500, 11000, 2500, 25000, 0)
    assert codes_of(found) == [("lettered_elsewhere", "DUPONT")]
    [problem] = found.problems
    assert dict(problem.message.values) == {"amount": 25000, "code": "A, B"}
    assert str(problem.source) == "input/123456782FEC20261231.txt:2"


def test_b5_the_end_of_a_file_is_its_last_entry_where_its_name_has_no_date():
    """Without the closing date the file ends on 2026-12-20: C was lettered later."""
    assert opened(settled(PAID_LATER)) == {"DUPONT/F004": 6000}


def test_b5_no_credit_at_all_in_what_a_split_leaves():
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let | let_date
        VE  | 2026-01-10 | DUPONT   | F001  | 100.00 |        | A   | 2026-02-28
        BQ  | 2026-02-05 | DUPONT   | VIR1  |        | 100.00 | A   | 2026-02-28
        VE  | 2026-03-10 | DUPONT   | F002  | 70.00  |        | A   | 2026-03-31
        VE  | 2026-04-10 | DUPONT   | F003  | 10.00  |        |     |
    """)
    assert opened(found) == {"DUPONT/F003": 1000}
    assert totals(found)[3] == 7000


def test_b6_the_oldest_credit_is_used_up_first_whatever_its_piece():
    """LEROY: VIR4, the older, is used up; what stays is of the credit that names F020."""
    found = settled("""
        jnl | date       | customer | piece | debit  | credit | let
        VE  | 2026-01-10 | DUPONT   | F001  | 100.00 |        | A
        BQ  | 2026-01-20 | DUPONT   | VIR1  |        | 130.00 | A
        VE  | 2026-01-10 | MARTIN   | F010  | 100.00 |        | B
        BQ  | 2026-02-05 | MARTIN   | VIR3  |        | 70.00  | B
        BQ  | 2026-02-01 | MARTIN   | VIR2  |        | 60.00  | B
        VE  | 2026-01-10 | LEROY    | F020  | 100.00 |        | C
        BQ  | 2026-02-01 | LEROY    | VIR4  |        | 60.00  | C
        BQ  | 2026-02-05 | LEROY    | F020  |        | 70.00  | C
        BQ  | 2026-02-05 | PETIT    | VIR5  |        | 15.00  | D
    """)
    assert opened(found) == {}
    assert unallocated(found) == {"DUPONT/VIR1": 3000, "MARTIN/VIR3": 3000, "LEROY/F020": 3000, "PETIT/VIR5": 1500}


def test_b7_an_unlettered_credit_first_lowers_its_own_entry():
    found = settled("""
        jnl | num | date       | customer | piece | debit  | credit | let
        VE  | 1   | 2026-01-15 | DUPONT   | F001  | 500.00 |        |
        VE  | 1   | 2026-01-15 | DUPONT   | F001  |        | 20.00  |
        VE  | 2   | 2026-01-16 | DUPONT   | F002  | 300.00 |        |
        BQ  | 3   | 2026-02-02 | DUPONT   | F002  |        | 100.00 |
        VE  | 4   | 2026-01-16 | MARTIN   | F003  | 60.00  |        | b
        VE  | 4   | 2026-01-16 | MARTIN   | F003  |        | 10.00  |
        VE  | 5   | 2026-01-16 | DURAND   | F004  | 60.00  |        |
        VE  | 5   | 2026-01-16 | LEROY    | F004  |        | 10.00  |
    """)
    assert opened(found) == {"DUPONT/F001": 48000, "DUPONT/F002": 30000, "MARTIN/F003": 6000, "DURAND/F004": 6000}
    assert unallocated(found) == {"DUPONT/F002": 10000, "MARTIN/F003": 1000, "LEROY/F004": 1000}


def test_b7_lines_of_an_opening_journal_are_not_joined():
    found = settled("""
        jnl | num | date       | customer | piece | debit  | credit
        AN  | 1   | 2026-01-01 | DUPONT   | RAN   | 300.00 |
        AN  | 1   | 2026-01-01 | DUPONT   | RAN   |        | 80.00
    """)
    assert (opened(found), unallocated(found)) == ({"DUPONT/RAN": 30000}, {"DUPONT/RAN": 8000})


def test_b8_a_broken_account_is_a_defect():
    balances = settled(PAID_LATER).balances
    with pytest.raises(DefectError) as caught:
        check_invariant([replace(balances[0], open=balances[0].open + 1)])
    assert caught.value.exit_code is ExitCode.DEFECT
    assert caught.value.problems[0].code == "invariant_broken"
