"""Rule C1: what a flag, a date and an amount paid mean."""

from datetime import date

import pytest

from dunning_batch.core.paidflags import doubt_of, paid_cents, read_flag

YES = """
oui Oui O yes y x X 1 1.0 true VRAI ✓ ✔️ ☑ payé payée payées payé(e) Payé(e)s PAYÉE réglé réglée Réglé(e)s soldé soldé(e)
acquittée encaissé(e) encaissées paid Settled closed annulée Brouillon void
"""
NO = """
non N no 0 0.0 false FAUX - — ☐ impayé Impayée impayé(e) impayées unpaid overdue open due outstanding envoyée échue
non-payée
"""


@pytest.mark.parametrize("text", [*YES.split(), "100 %", "payée le 12/03/2026", "Réglée par CB", "Paid in full"])
def test_what_says_paid(text):
    assert read_flag(text) is True


@pytest.mark.parametrize(
    "text", [*NO.split(), "", "  ", "Non réglé(e)", "non soldée", "À payer", "en retard", "not paid"]
)
def test_what_says_unpaid(text):
    assert read_flag(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "peut-être",
        "?",
        "oui ?",
        "2",
        "-1",
        "100",
        "31/02/2026",
        "12/03",
        "payée 50 %",
        "oui non",
        "✗",
        "partiellement payée",
    ],
)
def test_what_cannot_be_read_is_never_guessed(text):
    assert read_flag(text) is None


@pytest.mark.parametrize("text", ["12/03/2026", "1.1.1950", "2026-03-12", "2026-03-12 00:00:00"])
def test_a_day_among_flags_is_a_paid_date(text):
    assert read_flag(text) is True


@pytest.mark.parametrize("text", ["01/01/1900", "1899-12-30", "31/12/1949"])
def test_a_day_before_1950_is_an_empty_cell(text):
    assert read_flag(text) is False


def test_paid_in_part_says_no_more_than_no_where_the_amount_is_known():
    assert read_flag("Partiellement payée", amount_known=True) is False
    assert read_flag("payée", amount_known=True) is True


@pytest.mark.parametrize(
    ("amount", "flag", "paid_on", "paid_amount", "paid"),
    [
        (10000, True, None, None, 10000),
        (10000, False, None, None, 0),
        (10000, None, date(2026, 2, 20), None, 10000),
        (10000, None, date(1900, 1, 1), None, 0),
        (10000, None, date(1950, 1, 1), None, 10000),
        (10000, None, None, 4000, 4000),
        (10000, None, None, 12000, 10000),
        (10000, None, None, -4000, 0),
        (10000, False, None, 10000, 10000),
        (10000, False, date(2026, 2, 20), None, 10000),
        (10000, True, None, 4000, 10000),
        (-5000, True, None, None, -5000),
        (-5000, None, None, -2000, -2000),
        (-5000, None, None, 2000, -2000),
        (-5000, None, None, 9000, -5000),
        (-5000, None, None, None, 0),
    ],
)
def test_any_of_the_three_settles_and_an_amount_in_part(amount, flag, paid_on, paid_amount, paid):
    assert paid_cents(amount, flag, paid_on, paid_amount) == paid


@pytest.mark.parametrize(
    ("amount", "flag", "paid_on", "paid_amount", "code"),
    [
        (10000, None, None, 12000, "paid_too_much"),
        (10000, None, None, -100, "negative_amount_paid"),
        (10000, True, None, 4000, "paid_in_part_and_whole"),
        (10000, None, date(2026, 2, 20), 4000, "paid_in_part_and_whole"),
        (10000, None, date(1900, 1, 1), 4000, None),
        (10000, True, None, 10000, None),
        (10000, True, None, 0, None),
        (10000, False, None, 4000, None),
        (-5000, None, None, 5000, None),
    ],
)
def test_cells_that_do_not_agree_are_told(amount, flag, paid_on, paid_amount, code):
    problem = doubt_of(amount, flag, paid_on, paid_amount)
    assert (problem.code if problem else None) == code
