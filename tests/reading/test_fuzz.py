"""Damaged ledgers are refused or add up (fault 34, rule B8); `python -m bench.fuzz` goes on for as long as one likes."""

import pytest

from bench import fuzz

SAMPLES = fuzz.samples()
# A byte of cp1252 in the last line of an ASCII file; a list in whose columns of days amounts stand.
SEEDS = (*range(201), 20264613, 20276789)


@pytest.mark.parametrize("seed", SEEDS)
def test_34_a_damaged_ledger_is_refused_or_adds_up(tmp_path, seed):
    fuzz.check(fuzz.case_of(seed, SAMPLES), tmp_path)


def put_again(rows):
    rows.insert(3, list(rows[0]))


def put_apart(rows):
    rows.append(rows.pop(3))


def put_behind(rows):
    rows[0].append("Libellé")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Dynamics AX, customers' transactions", put_again),  # with the row above it, they looked like two-row headings
        ("Zoho Books, invoices", put_apart),  # the articles of an invoice need not stand together
        ("Dynamics AX, customers' transactions", put_behind),  # no row reaches the last heading
    ],
)
def test_what_was_found(tmp_path, name, change):
    sample = next(one for one in SAMPLES if one.name == name)
    rows = fuzz.rows_of(sample)
    change(rows)
    settled = fuzz.read(tmp_path, sample.file, fuzz.with_rows(sample, rows))
    assert settled
    assert fuzz.owed(settled) == fuzz.owed(fuzz.read(tmp_path, sample.file, sample.data))


def test_a_case_is_its_seed():
    one, again, other = (fuzz.case_of(seed, SAMPLES) for seed in (5, 5, 6))
    assert (one.sample.name, one.done, one.data) == (again.sample.name, again.done, again.data)
    assert one.data != other.data


def test_a_broken_sum_would_be_seen(tmp_path, monkeypatch):
    """The guard itself: a settlement that loses a cent makes the fuzz fail."""
    whole = next(sample for sample in SAMPLES if sample.name == "FEC, tabs")
    case = fuzz.Case(0, whole, "nothing", whole.data)
    fuzz.check(case, tmp_path)
    settle = fuzz.settle

    def wrong(*arguments):
        settled = settle(*arguments)
        object.__setattr__(settled.balances[0], "open", settled.balances[0].open + 1)
        return settled

    monkeypatch.setattr(fuzz, "settle", wrong)
    with pytest.raises(AssertionError, match="B8"):
        fuzz.check(case, tmp_path)
