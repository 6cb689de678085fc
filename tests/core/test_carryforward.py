"""Rules D2 and D3: what a year leaves, and the opening lines that repeat it."""

from datetime import date

from tests.core.tables import codes_of, opened, settled, totals, unallocated

Y2025 = """
    jnl | date       | customer | piece | debit  | credit | let
    VE  | 2025-10-01 | DUPONT   | F099  | 150.00 |        | A
    BQ  | 2025-10-31 | DUPONT   | VIR0  |        | 150.00 | A
    VE  | 2025-11-20 | DUPONT   | F100  | 300.00 |        |
    VE  | 2025-12-05 | DUPONT   | F101  | 200.00 |        |
    VE  | 2025-12-06 | DUPONT   | F102  | 120.00 |        | m
    BQ  | 2025-12-20 | DUPONT   | VIR3  |        | 20.00  | m
    VE  | 2025-12-10 | DUPONT   | F103  | 90.00  |        |
    VE  | 2025-11-20 | MARTIN   | F110  | 80.00  |        |
    VE  | 2025-11-21 | MARTIN   | F111  | 80.00  |        |
    VE  | 2025-11-22 | LEROY    | F120  | 60.00  |        |
    VE  | 2025-11-25 | LEROY    | F121  | 60.00  |        |
"""
Y2026 = """
    jnl | num | date       | piece_date | customer | piece | debit  | credit | let
    AN  | 1   | 2026-01-01 |            | DUPONT   | F100  | 300.00 |        |
    AN  | 1   | 2026-01-01 |            | DUPONT   | F101  | 200.00 |        | B
    AN  | 1   | 2026-01-01 |            | DUPONT   | F102  | 100.00 |        | C
    AN  | 1   | 2026-01-01 | 2025-12-10 | DUPONT   | AN    | 90.00  |        | d
    AN  | 1   | 2026-01-01 |            | MARTIN   | F111  | 80.00  |        | G
    AN  | 1   | 2026-01-01 |            | MARTIN   | F110  | 80.00  |        |
    AN  | 1   | 2026-01-01 | 2025-11-25 | LEROY    | RAN   | 60.00  |        | H
    AN  | 1   | 2026-01-01 | 2025-11-22 | LEROY    | RAN   | 60.00  |        |
    BQ  | 6   | 2026-01-23 |            | MARTIN   | VIR6  |        | 80.00  | G
    BQ  | 7   | 2026-01-24 |            | LEROY    | VIR7  |        | 60.00  | H
    VE  | 2   | 2026-01-15 |            | DUPONT   | F200  | 400.00 |        |
    BQ  | 3   | 2026-01-20 |            | DUPONT   | VIR1  |        | 200.00 | B
    BQ  | 4   | 2026-01-21 |            | DUPONT   | VIR4  |        | 100.00 | C
    BQ  | 5   | 2026-01-22 |            | DUPONT   | VIR5  |        | 40.00  | d
"""


def test_d2_detailed_opening_lines_are_the_invoices_of_the_year_before():
    found = settled(Y2025, Y2026)
    assert opened(found) == {
        "DUPONT/F100": 30000, "DUPONT/F103": 5000, "DUPONT/F200": 40000, "MARTIN/F110": 8000, "LEROY/F120": 6000,
    }  # fmt: skip
    assert totals(found) == (89000, 89000, 0, 0, 0)
    [f103] = [item for item in found.items if item.piece == "F103"]
    assert (f103.kind, f103.amount, f103.issued) == ("invoice", 9000, date(2025, 12, 10))
    assert f103.payments == ((date(2026, 1, 22), 4000),)
    assert found.problems == ()


def test_d2_a_third_year_opens_what_the_second_left():
    """F100 since 2025, F103 partly paid in both years, under a code of each: 90 - 40 - 10."""
    found = settled(Y2025, Y2026, """
        jnl | num | date       | customer | piece | debit  | credit | let
        AN  | 1   | 2027-01-01 | DUPONT   | F100  | 300.00 |        |
        AN  | 1   | 2027-01-01 | DUPONT   | F103  | 50.00  |        | k
        AN  | 1   | 2027-01-01 | DUPONT   | F200  | 400.00 |        | B
        AN  | 1   | 2027-01-01 | MARTIN   | F110  | 80.00  |        |
        AN  | 1   | 2027-01-01 | LEROY    | RAN   | 60.00  |        |
        BQ  | 5   | 2027-01-12 | DUPONT   | VIR8  |        | 400.00 | B
        BQ  | 6   | 2027-01-22 | DUPONT   | VIR9  |        | 10.00  | k
    """)  # fmt: skip
    assert opened(found) == {"DUPONT/F100": 30000, "DUPONT/F103": 4000, "MARTIN/F110": 8000, "LEROY/F120": 6000}
    assert totals(found) == (48000, 48000, 0, 0, 0)
    [f103] = [item for item in found.items if item.piece == "F103"]
    assert (f103.amount, [cents for _, cents in f103.payments]) == (9000, [4000, 1000])
    assert found.problems == ()


PAID_AFTER = (
    "jnl | date | customer | piece | debit | let\nVE|2025-12-01|DUPONT|F100|150.00|P\nVE|2025-12-02|DUPONT|F101|90.00|"
)


def test_d2_what_a_year_leaves_is_taken_before_b5():
    assert totals(settled(PAID_AFTER)) == (24000, 9000, 0, 15000, 0)
    found = settled(PAID_AFTER, """
        jnl | num | date       | customer | piece | debit  | credit | let
        AN  | 1   | 2026-01-01 | DUPONT   | F100  | 150.00 |        | K
        AN  | 1   | 2026-01-01 | DUPONT   | F101  | 90.00  |        |
        BQ  | 2   | 2026-01-09 | DUPONT   | VIR1  |        | 150.00 | K
    """)  # fmt: skip
    assert (opened(found), totals(found)) == ({"DUPONT/F101": 9000}, (9000, 9000, 0, 0, 0))
    assert found.items[0].issued == date(2025, 12, 2)


def test_d2_an_opening_line_without_a_code_takes_none_away():
    """F100 keeps P: the payment lettered P in the next year is its own."""
    found = settled(PAID_AFTER, """
        jnl | num | date       | customer | piece | debit  | credit | let
        AN  | 1   | 2026-01-01 | DUPONT   | F100  | 150.00 |        |
        AN  | 1   | 2026-01-01 | DUPONT   | F101  | 90.00  |        |
        BQ  | 2   | 2026-01-09 | DUPONT   | VIR1  |        | 150.00 | P
    """)  # fmt: skip
    assert totals(found) == (9000, 9000, 0, 0, 0)


def test_d2_what_is_partly_paid_is_not_settled_elsewhere_in_the_next_year():
    """M had a credit, used up in 2025: what it leaves stays open under B4, and is elsewhere once lettered with nothing."""
    old = (
        "jnl|date|customer|piece|debit|credit|let\nVE|2025-12-01|DUPONT|F1|120.00||M\nBQ|2025-12-20|DUPONT|V1||20.00|M"
    )
    new = "jnl|date|customer|piece|debit|credit|let\nAN|2026-01-01|DUPONT|F1|100.00||{}\nVE|2026-01-10|DUPONT|F2|1.00||"
    assert opened(settled(old, new.format(""))) == {"DUPONT/F1": 10000, "DUPONT/F2": 100}
    assert totals(settled(old, new.format("K")))[3] == 10000


def test_d2_an_account_that_is_renumbered():
    found = settled(
        "jnl|date|account|customer|piece|debit|credit|let\nVE|2025-12-01|411000|DUPONT|F1|120.00||",
        "jnl|date|account|customer|piece|debit|credit|let\nAN|2026-01-01|411100|DUPONT|F1|120.00||K\n"
        "BQ|2026-01-10|411100|DUPONT|V1||120.00|K",
    )
    assert totals(found) == (0, 0, 0, 0, 0)


def test_d2_the_amount_compared_is_what_is_open_of_the_item():
    """One item of two lines, of which one is paid; its opening line takes the code of the other."""
    found = settled(
        """
        jnl | num | date       | customer | piece | debit | credit | let
        VE  | 1   | 2025-11-01 | DUPONT   | F1    | 60.00 |        |
        VE  | 1   | 2025-11-01 | DUPONT   | F1    | 40.00 |        |
        VE  | 2   | 2025-11-01 | DUPONT   | F2    | 7.00  |        |
        """,
        """
        jnl | num | date       | customer | piece | debit  | credit | let
        AN  | 1   | 2026-01-01 | DUPONT   | F1    | 100.00 |        | b
        AN  | 1   | 2026-01-01 | DUPONT   | F2    | 7.00   |        |
        BQ  | 2   | 2026-01-09 | DUPONT   | VIR1  |        | 30.00  | b
        """,
    )
    assert opened(found) == {"DUPONT/F1": 7000, "DUPONT/F2": 700}
    assert found.items[0].amount == 10000


def test_d2_a_single_balance_line_is_dropped():
    found = settled(
        """
        jnl | date       | customer | piece | debit
        VE  | 2025-11-20 | DUPONT   | F100  | 300.00
        VE  | 2025-12-05 | DUPONT   | F101  | 200.00
        VE  | 2025-11-22 | MARTIN   | F102  | 70.00
        VE  | 2025-11-21 | MARTIN   | F103  | 50.00
        """,
        """
        jnl | date       | customer | piece | debit  | credit | let
        AN  | 2026-01-01 | DUPONT   | -     | 500.00 |        |
        AN  | 2026-01-01 | MARTIN   | -     | 120.00 |        | K
        BQ  | 2026-01-20 | DUPONT   | VIR1  |        | 300.00 |
        BQ  | 2026-01-21 | MARTIN   | VIR2  |        | 70.00  | K
        """,
    )
    assert opened(found) == {"DUPONT/F100": 30000, "DUPONT/F101": 20000, "MARTIN/F102": 7000, "MARTIN/F103": 5000}
    assert unallocated(found) == {"DUPONT/VIR1": 30000, "MARTIN/VIR2": 7000}


def test_d2_opening_lines_of_their_own_take_the_place_of_what_is_unmatched():
    found = settled(
        """
        jnl | date       | customer | piece | debit  | credit
        VE  | 2025-11-20 | DUPONT   | F100  | 200.00 |
        VE  | 2025-11-22 | DUPONT   | F101  | 70.00  |
        VE  | 2025-11-24 | DUPONT   | F102  | 50.00  |
        BQ  | 2025-12-20 | DUPONT   | VIR9  |        | 30.00
        """,
        """
        jnl | date       | customer | piece | debit  | credit
        AN  | 2026-01-01 | DUPONT   | F100  | 200.00 |
        AN  | 2026-01-01 | DUPONT   | OLD   | 120.00 |
        AN  | 2026-01-01 | DUPONT   | RAN   |        | 30.00
        """,
    )
    assert opened(found) == {"DUPONT/F100": 20000, "DUPONT/OLD": 12000}
    assert unallocated(found) == {"DUPONT/VIR9": 3000}
    assert totals(found) == (29000, 32000, 3000, 0, 0)
    assert [item.kind for item in found.items] == ["invoice", "opening"]


def test_d2_an_amount_that_is_not_unique_matches_nothing():
    """Two invoices of 60, two lines of 60 without their pieces or dates: the lines are items of their own."""
    found = settled(
        "jnl|date|customer|piece|debit\nVE|2025-11-20|DUPONT|F1|60.00\nVE|2025-11-21|DUPONT|F2|60.00",
        "jnl|date|customer|piece|debit\nAN|2026-01-01|DUPONT|RAN|60.00\nAN|2026-01-01|DUPONT|RAN|60.00",
    )
    assert opened(found) == {"DUPONT/RAN": [6000, 6000]}


def test_d2_what_nets_to_zero_beyond_the_opening_lines_stays():
    found = settled(
        """
        jnl | date       | customer | piece | debit  | credit
        VE  | 2025-11-20 | DUPONT   | F1    | 60.00  |
        VE  | 2025-11-21 | DUPONT   | F2    | 30.00  |
        BQ  | 2025-12-21 | DUPONT   | VIR1  |        | 30.00
        VE  | 2025-11-21 | MARTIN   | F3    | 20.00  |
        BQ  | 2025-12-21 | MARTIN   | VIR2  |        | 20.00
        """,
        "jnl | date | customer | piece | debit\nAN | 2026-01-01 | DUPONT | F1 | 60.00",
    )
    assert opened(found) == {"DUPONT/F1": 6000, "DUPONT/F2": 3000, "MARTIN/F3": 2000}
    assert unallocated(found) == {"DUPONT/VIR1": 3000, "MARTIN/VIR2": 2000}
    assert found.problems == ()


def test_d2_a_tolerated_difference_lives_on_in_the_opening():
    old = (
        "jnl|date|customer|piece|debit|credit|let\nVE|2025-11-20|DUPONT|F1|60.00||A\nBQ|2025-11-21|DUPONT|V1||59.98|A\n"
    )
    old += "VE|2025-11-22|DUPONT|F2|10.00||"
    new = "jnl|date|customer|piece|debit\nAN|2026-01-01|DUPONT|F1|0.02\nAN|2026-01-01|DUPONT|F2|10.00"
    found = settled(old, new, tolerance=5)
    assert (opened(found), totals(found)) == ({"DUPONT/F1": 2, "DUPONT/F2": 1000}, (1002, 1002, 0, 0, 0))


def test_d3_an_opening_that_differs_wins_and_is_reported():
    found = settled(
        """
        jnl | date       | customer | piece | debit
        VE  | 2025-11-20 | DUPONT   | F100  | 300.00
        VE  | 2025-12-05 | DUPONT   | F101  | 200.00
        VE  | 2025-11-15 | MARTIN   | F102  | 70.00
        VE  | 2025-11-16 | MARTIN   | F103  | 50.00
        VE  | 2025-11-16 | LEROY    | F104  | 75.00
        """,
        """
        jnl | num | date       | customer | piece | debit
        AN  | 1   | 2026-01-01 | DUPONT   | OUV   | 450.00
        AN  | 1   | 2026-01-01 | MARTIN   | OUV   | 120.00
        VE  | 2   | 2026-01-15 | MARTIN   | F200  | 40.00
        """,
        names=("2025.txt", "2026.txt"),
    )
    assert opened(found) == {"DUPONT/OUV": 45000, "MARTIN/F102": 7000, "MARTIN/F103": 5000, "MARTIN/F200": 4000}
    assert totals(found)[0] == 61000
    assert codes_of(found) == [("opening_mismatch", "DUPONT"), ("opening_mismatch", "LEROY")]
    values = [dict(problem.message.values) for problem in found.problems]
    assert [one["difference"] for one in values] == [5000, 7500]
    assert [str(problem.source) for problem in found.problems] == ["2026.txt:2", "2025.txt:6"]


def test_d3_an_opening_of_what_was_settled_differs_too():
    """2025 leaves nothing at all, and 2026 opens 100."""
    old = "jnl|date|customer|piece|debit|credit|let\nVE|2025-11-20|DUPONT|F1|60.00||A\nBQ|2025-11-21|DUPONT|V1||60.00|A"
    found = settled(old, "jnl|date|customer|piece|debit\nAN|2026-01-01|DUPONT|OUV|100.00")
    assert opened(found) == {"DUPONT/OUV": 10000}
    assert codes_of(found) == [("opening_mismatch", "DUPONT")]
    assert dict(found.problems[0].message.values)["difference"] == 10000  # opened for more than closed: no minus


def test_d2_the_first_piece_and_the_first_code_are_like_any_other():
    """F100 alone has a piece, and its opening line the only code."""
    found = settled(
        """
        jnl | date       | customer | piece | debit
        VE  | 2025-11-20 | DUPONT   | F100  | 100.00
        VE  | 2025-11-25 | DUPONT   | -     | 100.00
        """,
        """
        jnl | num | date       | customer | piece | debit  | credit | let
        AN  | 1   | 2026-01-01 | DUPONT   | F100  | 100.00 |        | K
        AN  | 1   | 2026-01-01 | DUPONT   | -     | 100.00 |        |
        BQ  | 2   | 2026-01-20 | DUPONT   | -     |        | 100.00 | K
        """,
    )
    [left] = found.items
    assert (left.piece, left.kind, left.issued) == ("", "invoice", date(2025, 11, 25))
    assert found.credits == ()


def test_d2_what_one_pass_has_matched_is_not_matched_again():
    found = settled(
        """
        jnl | date       | customer | piece | debit
        VE  | 2025-11-20 | DUPONT   | F100  | 100.00
        VE  | 2025-11-20 | DUPONT   | -     | 100.00
        """,
        """
        jnl | num | date       | piece_date | customer | piece | debit  | credit | let
        AN  | 1   | 2026-01-01 | 2025-11-20 | DUPONT   | F100  | 100.00 |        |
        AN  | 1   | 2026-01-01 | 2025-11-20 | DUPONT   | -     | 100.00 |        | K
        BQ  | 2   | 2026-01-20 |            | DUPONT   | -     |        | 100.00 | K
        """,
    )
    assert opened(found) == {"DUPONT/F100": 10000}
    assert found.credits == ()
