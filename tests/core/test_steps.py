"""The level that follows, and from which day on (rules F2, F3)."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.duedates import NO_DAY, to_days
from dunning_batch.core.policy.steps import next_step, next_steps
from tests.core.samples import DAY, policy


def step(due, last=0, reminded=None, start=1, **rules):
    level, day = next_step(DAY(due), last, reminded and DAY(reminded), start, policy(**rules))
    return level, day and str(day)


@pytest.mark.parametrize(
    ("last", "reminded", "expected"),
    [
        (0, None, (1, "2026-02-01")),
        (1, "2026-02-10", (2, "2026-02-25")),  # 15 days after the reminder, later than 15 after the due date
        (1, "2026-01-25", (2, "2026-02-15")),
        (2, "2026-02-25", (3, "2026-03-12")),
        (3, "2026-03-12", (4, "2026-03-27")),
        (1, None, (2, "2026-02-15")),  # a level without a date counts from the due date only
        (4, "2026-03-27", (None, None)),
        (9, "2026-03-27", (None, None)),
    ],
)
def test_one_step_and_the_later_of_both_days(last, reminded, expected):
    assert step("2026-01-31", last, reminded) == expected


def test_the_last_level_is_repeated_on_request():
    assert step("2026-01-31", 4, "2026-03-27", repeat_last_level=True) == (4, "2026-04-11")


@pytest.mark.parametrize(("start", "level"), [(1, 1), (3, 3), (4, 4), (7, 4)])
def test_an_item_never_reminded_begins_where_its_customer_does(start, level):
    assert step("2026-01-31", start=start)[0] == level
    assert step("2026-01-31", 1, start=start)[0] == 2


days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))
cases = st.tuples(days, st.integers(0, 5), st.none() | days, st.integers(1, 6))


@given(st.lists(cases, min_size=1, max_size=8), st.booleans())
def test_many_items_step_as_each_does(found, repeat):
    rules = policy(repeat_last_level=repeat)
    due, last, reminded, start = zip(*found, strict=True)
    columns = [np.array(column, np.int64) for column in (
        [to_days(day) for day in due], last, [NO_DAY if day is None else to_days(day) for day in reminded], start)]  # fmt: skip
    levels, days_ = next_steps(*columns, rules)
    for place, case in enumerate(found):
        level, day = next_step(*case, rules)
        assert (levels[place], days_[place]) == (level or 0, NO_DAY if day is None else to_days(day))
