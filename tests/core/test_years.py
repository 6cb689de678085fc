"""Rule D1: which files are one history, and which are not."""

from datetime import date

import pytest

from dunning_batch.errors import ExitCode, InputError
from tests.core.tables import codes_of, opened, settled, unallocated


def test_d1_a_year_missing_in_between():
    old = "jnl | date | customer | piece | debit\nVE | 2024-11-20 | DUPONT | F100 | 300.00"
    new = "jnl | date | customer | piece | debit\nAN | 2026-01-01 | DUPONT | F100 | 300.00\nVE | {} | DUPONT | F200 | 1.00"
    with pytest.raises(InputError) as caught:
        settled(old, new.format("2025-11-21"), names=("old.txt", "new.txt"))
    [problem] = caught.value.problems
    assert (problem.code, caught.value.exit_code) == ("missing_year", ExitCode.INPUT)
    assert {"old.txt", "new.txt", date(2024, 11, 20), date(2025, 11, 21)} <= {v for _, v in problem.message.values}
    assert opened(settled(old, new.format("2025-11-20"))) == {"DUPONT/F100": 30000, "DUPONT/F200": 100}


MARCH = """
    jnl | num | date       | customer | piece | debit
    AN  | 1   | 2026-01-01 | DUPONT   | F100  | 300.00
    VE  | 3   | 2026-02-20 | MARTIN   | F200  | 40.00
"""
JUNE = """
    jnl | num | date       | customer | piece | debit
    AN  | 1   | 2026-01-01 | DUPONT   | F100  | 300.00
    VE  | 2   | 2026-01-10 | MARTIN   | F150  | 15.00
    VE  | 3   | 2026-02-20 | MARTIN   | F200  | {}
    VE  | 4   | 2026-05-20 | MARTIN   | F201  | 45.00
"""


def test_d1_13_two_exports_of_one_year():
    with pytest.raises(InputError) as caught:
        settled(MARCH, JUNE.format("40.00"), names=("march.txt", "june.txt"))
    [problem] = caught.value.problems
    assert problem.code == "shared_entries"
    assert dict(problem.message.values) == {"one": "march.txt", "two": "june.txt", "line": 4}
    assert str(problem.source) == "june.txt:4"


def test_d1_the_same_entry_number_alone_proves_nothing():
    without_opening = "\n".join(line for line in MARCH.splitlines() if "AN " not in line)
    assert settled(without_opening, JUNE.format("41.00")).items


def test_d1_the_same_opening_lines_in_two_files_of_a_year():
    """No entry is the same, and still what is opened would count twice."""
    with pytest.raises(InputError) as caught:
        settled(MARCH, JUNE.format("41.00"), names=("march.txt", "june.txt"))
    [problem] = caught.value.problems
    assert problem.code == "opened_twice"
    assert dict(problem.message.values) == {"one": "march.txt", "two": "june.txt", "day": date(2026, 1, 1), "line": 2}
    assert str(problem.source) == "june.txt:2"


def test_d1_an_item_that_is_open_on_two_first_of_january_is_opened_twice_rightly():
    years = "jnl|date|customer|piece|debit|credit\nAN|{0}-01-01|DUPONT|F1|9.00|\nVE|{0}-05-02|DUPONT|F{0}|1.00|"
    found = settled(years.format(2025), years.format(2026) + "\nAN|2026-01-01|DUPONT|F2025|1.00|")
    assert opened(found) == {"DUPONT/F1": 900, "DUPONT/F2025": 100, "DUPONT/F2026": 100}


def test_d1_files_that_overlap_are_refused():
    """Last year's file has one stray entry of this year: its lines do not all precede, and both would count."""
    old = "jnl | date | customer | piece | debit\nVE|2025-11-20|DUPONT|F100|300.00\nVE|2026-01-05|DUPONT|F101|1.00"
    new = "jnl | date | customer | piece | debit\nAN|2026-01-01|DUPONT|F100|300.00\nVE|2026-01-03|DUPONT|F200|2.00"
    with pytest.raises(InputError) as caught:
        settled(old, new, names=("old.txt", "new.txt"))
    [problem] = caught.value.problems
    assert (problem.code, caught.value.exit_code) == ("years_overlap", ExitCode.INPUT)
    assert {"old.txt", "new.txt", date(2026, 1, 5)} <= {value for _, value in problem.message.values}


def test_d1_journals_of_one_year_in_files_of_their_own_are_no_overlap():
    sales = "jnl | date | customer | piece | debit | credit\nVE|2026-01-02|DUPONT|F100|300.00|\nBQ|2026-02-05|DUPONT|V2||1.00"
    bank = (
        "jnl | date | customer | piece | debit | credit\nAN|2026-01-01|DUPONT|F1|5.00|\nBQ|2026-01-05|DUPONT|V1||2.00"
    )
    found = settled(sales, bank)
    assert codes_of(found) == []
    assert opened(found) == {"DUPONT/F100": 30000, "DUPONT/F1": 500}
    assert unallocated(found) == {"DUPONT/V1": 200, "DUPONT/V2": 100}


def test_d1_a_file_over_two_years_is_cut_where_the_year_opens():
    """The bank's file spans both years: its payment of 2025 belongs to what 2026 opens."""
    sales_2025 = "jnl | date | customer | piece | debit | credit\nVE|2025-03-02|DUPONT|F100|300.00|"
    bank = "jnl|date|customer|piece|debit|credit\nBQ|2025-06-05|DUPONT|V1||100.00\nBQ|2026-02-05|DUPONT|V2||20.00"
    year_2026 = (
        "jnl|date|customer|piece|debit|credit\nAN|2026-01-01|DUPONT|RAN|200.00|\nVE|2026-01-05|DUPONT|F200|9.00|"
    )
    found = settled(sales_2025, bank, year_2026)
    assert opened(found) == {"DUPONT/F100": 30000, "DUPONT/F200": 900}
    assert unallocated(found) == {"DUPONT/V1": 10000, "DUPONT/V2": 2000}
    assert codes_of(found) == []


def test_d1_a_year_without_opening_lines_simply_follows():
    found = settled(
        "jnl|date|customer|piece|debit|credit|let\nVE|2025-12-02|DUPONT|F100|300.00||A",
        "jnl|date|customer|piece|debit|credit|let\nBQ|2026-01-05|DUPONT|V1||300.00|A",
    )
    assert (opened(found), unallocated(found)) == ({}, {})


def test_d1_opening_lines_of_before_belong_to_before_whatever_their_day():
    """The older file's own opening line is dated by its export, after the year that follows began."""
    old = "jnl|date|customer|piece|debit|credit|let\nAN|2026-01-08|DUPONT|F1|9.00||\nVE|2025-05-02|DUPONT|F2|1.00||"
    new = "jnl|date|customer|piece|debit|credit|let\nAN|2026-01-01|DUPONT|RAN|10.00||\nVE|2026-01-05|DUPONT|F3|2.00||"
    found = settled(old, new)
    assert opened(found) == {"DUPONT/F1": 900, "DUPONT/F2": 100, "DUPONT/F3": 200}
    assert codes_of(found) == []


JOURNALS = {
    "AN.txt": "AN | 2026-01-01 | DUPONT | F100 | 300.00 | | A | 2026-01-31",
    "BQ.txt": "BQ | 2026-01-20 | DUPONT | V1 | | 300.00 | A | 2026-01-31\n BQ | 2026-06-20 | MARTIN | V2 | | 15.00 | A | 2026-12-01",
    "VE.txt": "VE | 2026-01-10 | MARTIN | F150 | 40.00 | | A | 2026-12-01",
    "ZZ.txt": "ZZ | 2026-12-30 | ROUX | F151 | 7.00 | | |",
}
HEAD = "jnl | date | customer | piece | debit | credit | let | let_date\n"


def test_d1_files_of_one_journal_each_are_one_year():
    """The lettering of 1 December lies beyond what the bank's file ends with, and within the year (rule B5)."""
    found = settled(*(HEAD + rows for rows in JOURNALS.values()), names=tuple(JOURNALS))
    assert opened(found) == {"MARTIN/F150": 2500, "ROUX/F151": 700}
    whole = settled(HEAD + "\n".join(JOURNALS.values()))
    assert opened(whole) == opened(found)


def test_d1_journals_of_two_years_are_two_years():
    """The code A of last year balances within it: alone, that of this year is lettered elsewhere (rules B2, B5)."""
    files = {
        "BQ25.txt": "BQ | 2025-02-20 | MARTIN | V9 | | 50.00 | A | ",
        "BQ26.txt": "BQ | 2026-02-20 | ROUX | V1 | | 5.00 | | ",
        "VE25.txt": "VE | 2025-01-10 | MARTIN | F050 | 50.00 | | A | \n VE | 2025-12-20 | MARTIN | F051 | 1.00 | | | ",
        "VE26.txt": "VE | 2026-01-10 | MARTIN | F150 | 40.00 | | A | \n VE | 2026-12-20 | MARTIN | F151 | 7.00 | | | ",
    }
    found = settled(*(HEAD + rows for rows in files.values()), names=tuple(files))
    assert opened(found) == {"MARTIN/F051": 100, "MARTIN/F151": 700}
