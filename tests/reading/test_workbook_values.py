"""Cells of columns: cents, days, accounts (faults 8, 10, 27, 31)."""

from datetime import date, datetime

import pytest

from dunning_batch.reading.cells import NO_DAY
from dunning_batch.reading.days import day_number
from dunning_batch.reading.workbook_values import (
    Calendar,
    Numbers,
    cents,
    codes,
    day_of,
    days,
    numbers_meant,
    texts,
    writes_month_first,
)


def test_08_numbers_and_texts_give_the_same_cents():
    found, filled, wrong = cents((12.5, 12, "12,50", "1 234,56 €", "-12.00", "", 0.1 + 0.2))
    assert found.tolist() == [1250, 1200, 1250, 123456, -1200, 0, 30]
    assert filled.tolist() == [True, True, True, True, True, False, True]
    assert not wrong.any()


@pytest.mark.parametrize("cell", [12.345, 83.33333, "12,345", "12,5O", "D", True, date(2026, 1, 1), float("inf"), 1e15])
def test_08_what_is_doubtful_is_no_amount(cell):
    found, _, wrong = cents((cell, 1.0))
    assert (found.tolist(), wrong.tolist()) == ([0, 100], [True, False])


@pytest.mark.parametrize(
    ("cell", "text"),
    [(411000.0, "411000"), (411000, "411000"), ("0411000", "0411000"), ("411000.0", "411000"), (" 411 000 ", "411000"),
     ("411DUPONT", "411DUPONT"), ("411 DUPONT", "411 DUPONT"), ("", "")],
)  # fmt: skip
def test_27_an_account_is_the_same_however_it_stands(cell, text):
    assert codes((cell,)) == [text]


def test_27_whole_numbers_have_no_decimals():
    assert texts((5812535.0, "F1 ", 1.5, 7, True, "")) == ["5812535", "F1", "1.5", "7", "1", ""]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(2026, 1, 15, 8), date(2026, 1, 15)), ("15/01/2026", date(2026, 1, 15)), ("15/01/26", date(2026, 1, 15)),
        ("5/1/26", date(2026, 1, 5)), ("15.01.2026", date(2026, 1, 15)), ("20260115", date(2026, 1, 15)),
        (20260115, date(2026, 1, 15)), ("15012026", date(2026, 1, 15)), ("2022-03-03 00:00:00.000", date(2022, 3, 3)),
        ("", None), ("00/00/0000", None), (date(1900, 1, 1), None), ("1900-01-01", None),
    ],
)  # fmt: skip
def test_10_a_day_is_read(cell, day):
    assert day_of(cell) == day


@pytest.mark.parametrize("cell", ["31/02/2026", "32/01/26", date(1950, 1, 1), date(2206, 1, 1), "x", "15/2026", 46000])
def test_10_what_is_no_day_stays_a_text(cell):
    assert isinstance(day_of(cell), str)


def read(*cells, calendar=None):
    meant = numbers_meant(cells, range(len(cells)))
    found, wrong = days(cells, meant, calendar or Calendar())
    return meant, found.tolist(), wrong.tolist()


def test_31_serials_are_days_where_all_of_a_column_are():
    meant, found, wrong = read(46037, 46038.0, "46039")
    assert meant == Numbers(serials=True, packed=False)
    assert found == [day_number(date(2026, 1, 15)) + more for more in range(3)]
    assert not any(wrong)


def test_31_serials_count_from_1904_where_the_workbook_does():
    _, found, _ = read(46037 - 1462, 46038 - 1462, calendar=Calendar(epoch_1904=True))
    assert found[0] == day_number(date(2026, 1, 15))


@pytest.mark.parametrize("cells", [(46000, date(2026, 1, 1)), (46000, "01/01/2026"), (46000,)])
def test_10_a_serial_among_days_is_none(cells):
    _, found, wrong = read(*cells)
    assert (found[0], wrong[0]) == (NO_DAY, True)


def test_packed_days_are_read_where_all_of_a_column_are():
    _, found, _ = read(70126, "120226", 280226.0)
    assert found == [day_number(date(2026, 1, 7)), day_number(date(2026, 2, 12)), day_number(date(2026, 2, 28))]


def test_numbers_that_can_be_both_are_said_to_be():
    assert numbers_meant((40126, 40226), (0, 1)) == Numbers(serials=True, packed=True)


def test_months_stand_first_where_some_day_proves_it():
    assert writes_month_first({"01/31/2026", "02/03/2026"})
    assert not writes_month_first({"31/01/2026", "02/03/2026"})
    assert not writes_month_first({"01/31/2026", "31/01/2026"})
    assert day_of("02/03/2026", month_first=True) == date(2026, 2, 3)
    assert day_of("2026-03-02", month_first=True) == date(2026, 3, 2)
