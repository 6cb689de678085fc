"""Which files are one fiscal year, and what must not be read as one history (rule D1)."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from dunning_batch.core.duedates import days_of, to_date
from dunning_batch.core.ledger import Ledger
from dunning_batch.errors import InputError, Problem, Source, msg

_LONGEST_SILENCE = timedelta(days=365)


def bounds_of(ledger: Ledger) -> list[tuple[date, date]]:
    """The first and the last entry of each file; of opening lines where there is nothing else."""
    bounds = []
    for number, file in enumerate(ledger.files):
        if file.first and file.last:
            bounds.append((file.first, file.last))
            continue
        days = days_of(ledger.lines.loc[ledger.lines["file"] == number, "date"])
        last = to_date(int(days.max())) if len(days) else date.min
        bounds.append((to_date(int(days.min())) if len(days) else date.min, last))
    return bounds


def years_of(ledger: Ledger) -> list[int]:
    """The year of each file, counted from 0: a file that begins after all before it have ended begins a year."""
    years, year, end = [], -1, date.min
    for first, last in bounds_of(ledger):
        year += first > end or year < 0
        end = max(end, last)
        years.append(year)
    return years


def refuse_gaps(ledger: Ledger, years: Sequence[int]) -> None:
    """A year missing between two files. Raises InputError."""
    problems, end, last_file = [], None, ""
    for number, (first, last) in enumerate(bounds_of(ledger)):
        if end is not None and first - end > _LONGEST_SILENCE and years[number] > years[number - 1]:
            text = msg(
                "A year is missing: {before} ends on {end:date} and {after} begins on {first:date}. Add the file of "
                "the year between them, or take the older one away.",
                before=last_file,
                end=end,
                after=ledger.files[number].name,
                first=first,
            )
            problems.append(Problem("missing_year", text, "error", Source(ledger.files[number].name)))
        if end is None or last >= end:
            end, last_file = last, ledger.files[number].name
    if problems:
        raise InputError(*problems)


def refuse_shared_entries(ledger: Ledger) -> None:
    """Two files with the same entries: last month's export beside this month's. Raises InputError."""
    lines = ledger.lines
    if len(ledger.files) < 2:
        return
    keys, files = lines["entry_key"].to_numpy(), lines["file"].to_numpy()
    rows = np.flatnonzero(~lines["opening"].to_numpy())
    first_file: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for number in range(len(ledger.files)):
        mine = rows[files[rows] == number]
        for other, (theirs, known) in first_file.items():
            shared = np.intersect1d(keys[mine], known)
            for key in shared.tolist():
                _refuse_same(ledger, mine[keys[mine] == key], theirs[keys[theirs] == key], other, number)
        first_file[number] = (mine, np.unique(keys[mine]))


def _refuse_same(ledger: Ledger, mine: np.ndarray, theirs: np.ndarray, other: int, number: int) -> None:
    if _signature(ledger, mine) != _signature(ledger, theirs):
        return
    one, two = ledger.files[other].name, ledger.files[number].name
    line = int(ledger.lines["line"].to_numpy()[int(mine[0])])
    text = msg(
        "{one} and {two} hold the same entries, for example line {line} of {two}: two exports of one year would be "
        "counted twice. Keep the newer one.",
        one=one,
        two=two,
        line=line,
    )
    raise InputError(Problem("shared_entries", text, "error", Source(two, line)))


def _signature(ledger: Ledger, rows: np.ndarray) -> list[tuple[object, ...]]:
    part = ledger.lines.iloc[rows]
    return sorted(zip(part["customer"].astype(str), part["account"].astype(str), part["amount"].tolist(), strict=True))
