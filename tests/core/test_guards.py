"""What a person must confirm before a run goes on (faults 15, 16, 106, 120)."""

from dataclasses import replace

import pytest

from dunning_batch.core.guards import LastRun, ledger_end, stale_since, warnings_before_run
from dunning_batch.core.ledger import LedgerFile
from tests.core.samples import DAY

FILE = LedgerFile("2026.txt", "", 1, "", None, DAY("2026-05-31"), None, DAY("2026-05-20"))
OLDER = replace(FILE, name="2025.txt", last=DAY("2025-12-31"), last_bank=DAY("2025-12-30"))
LAST = LastRun(DAY("2026-05-01"), 100_00, DAY("2026-05-31"))


def said(*, files=(FILE,), as_of="2026-06-10", today="2026-06-10", last=LAST, total=100_00, growth=3.0):
    return [one.code for one in warnings_before_run(files, DAY(as_of), DAY(today), last, total, growth)]


def test_nothing_is_said_of_a_month_like_the_last():
    assert said() == []
    assert said(last=None) == []


@pytest.mark.parametrize(("as_of", "codes"), [("2026-06-10", []), ("2026-06-11", ["as_of_in_future"])])
def test_a_day_that_is_still_to_come(as_of, codes):
    assert said(as_of=as_of) == codes


@pytest.mark.parametrize(("before", "codes"), [("2026-05-31", []), ("2026-06-01", ["ledger_older_than_last_run"])])
def test_15_a_ledger_that_ends_before_that_of_the_last_run(before, codes):
    assert said(last=replace(LAST, ledger_end=DAY(before))) == codes


def test_15_where_an_end_is_not_known_nothing_is_said():
    assert said(last=replace(LAST, ledger_end=None)) == []
    assert said(files=(replace(FILE, last=None),)) == []


@pytest.mark.parametrize(("total", "codes"), [(300_00, []), (300_01, ["total_has_grown"])])
def test_120_a_total_above_so_many_times_the_last(total, codes):
    """What fault 120 asks."""
    assert said(total=total) == codes


def test_120_a_last_run_without_letters_is_no_measure():
    """What fault 120 asks."""
    assert said(last=replace(LAST, total=0), total=10**9) == []


@pytest.mark.parametrize(("as_of", "stale"), [("2026-06-24", False), ("2026-06-25", True)])
def test_16_the_last_bank_entry_may_be_so_many_days_old(as_of, stale):
    assert stale_since((OLDER, FILE), DAY(as_of), 35) == (DAY("2026-05-20") if stale else None)


def test_16_without_a_bank_entry_a_ledger_has_no_age_and_a_list_has_that_of_its_newest_invoice():
    files = (replace(FILE, last_bank=None),)
    assert stale_since(files, DAY("2027-01-01"), 35) is None
    assert stale_since(files, DAY("2027-01-01"), 35, "cash") == DAY("2026-05-31")


def test_the_end_is_that_of_the_latest_file():
    assert ledger_end((FILE, OLDER)) == DAY("2026-05-31")
    assert ledger_end(()) is None
