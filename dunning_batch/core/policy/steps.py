"""The level that follows, and from which day on (rules F2, F3)."""

from datetime import date

import numpy as np

from dunning_batch.core.arrays import Integers
from dunning_batch.core.duedates import NO_DAY, to_date, to_days
from dunning_batch.core.policy.records import Policy


def next_step(
    due: date, last_level: int, last_reminded: date | None, start_level: int, policy: Policy
) -> tuple[int | None, date | None]:
    """The level that follows, and from which day on; None for both where none follows."""
    number = _next_level(last_level, start_level, policy)
    if not number:
        return None, None
    reminded = NO_DAY if last_reminded is None else to_days(last_reminded)
    level = policy.levels[number - 1]
    day = _next_day(to_days(due), reminded, level.min_days_overdue, level.min_days_since_previous)
    return number, to_date(int(day))


def next_steps(
    due: Integers, last_level: Integers, reminded: Integers, start_level: Integers, policy: Policy
) -> tuple[Integers, Integers]:
    """The same for many items, in days; 0 and NO_DAY where none follows."""
    starts = int(start_level.max(initial=0)) + 1
    pairs, place = np.unique(last_level * starts + start_level, return_inverse=True)
    numbers = np.array([_next_level(pair // starts, pair % starts, policy) for pair in pairs.tolist()], np.int64)[place]
    overdue = np.array([0, *(level.min_days_overdue for level in policy.levels)])
    gap = np.array([0, *(level.min_days_since_previous for level in policy.levels)])
    days = _next_day(due, reminded, overdue[numbers], gap[numbers])
    return numbers, np.where(numbers, days, NO_DAY)


def _next_level(last_level: int, start_level: int, policy: Policy) -> int:
    """Rule F2: one step after the last reminder, however late; 0 where none follows."""
    last = len(policy.levels)
    if last_level < last:
        return last_level + 1 if last_level else min(start_level, last)
    return last if policy.repeat_last_level else 0


def _next_day(due: Integers | int, reminded: Integers | int, overdue: Integers | int, gap: Integers | int) -> Integers:
    """Rule F3: the later of both; a level without a date of reminder counts from the due date only."""
    first = due + overdue
    return np.where(reminded == NO_DAY, first, np.maximum(first, reminded + gap))
