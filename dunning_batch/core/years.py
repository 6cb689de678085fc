"""Which opening lines repeat which files, and what must not be read as one history (rule D1)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from operator import attrgetter

import numpy as np

from dunning_batch.core.arrays import Integers
from dunning_batch.core.duedates import days_of, to_date, to_days
from dunning_batch.core.ledger import Ledger
from dunning_batch.errors import InputError, Problem, Source, msg

_LONGEST_SILENCE = timedelta(days=365)
_YEAR = timedelta(days=364)  # from the first day of a fiscal year to its last


@dataclass(frozen=True, slots=True)
class Turn:
    """The beginning of a year: the opening lines of some files repeat what other files left."""

    files: tuple[int, ...]  # that have the opening lines
    earlier: tuple[int, ...]  # that begin before the turn
    day: int  # days since 1970: their lines before this day were left to it


@dataclass(frozen=True, slots=True)
class _Span:
    """The days of a file's entries, opening lines apart; of these where there are no others."""

    file: int
    first: date
    last: date
    opens: date | None  # the latest day of its opening lines


def turns_of(ledger: Ledger) -> list[Turn]:
    """The turns in order. Raises InputError where opening lines would count beside what they repeat."""
    spans = _spans(ledger)
    by_past = defaultdict(list)
    for span in spans:
        past = frozenset(other.file for other in spans if other.last < span.first)
        if span.opens and past:
            by_past[past].append(span)
    turns = []
    for openers in by_past.values():
        day = min(span.first for span in openers)
        earlier = tuple(span.file for span in spans if span.first < day)
        turns.append(Turn(tuple(span.file for span in openers), earlier, to_days(day)))
    repeated = {file for turn in turns for file in turn.files}
    problems = [problem for span in spans if span.file not in repeated for problem in _overlaps(ledger, spans, span)]
    if problems:
        raise InputError(*problems)
    return sorted(turns, key=attrgetter("day"))


def _spans(ledger: Ledger) -> list[_Span]:
    """Of each file that has entries or opening lines."""
    numbers, days = ledger.lines["file"].to_numpy(), days_of(ledger.lines["date"])
    opening = ledger.lines["opening"].to_numpy()
    spans = []
    for number, file in enumerate(ledger.files):
        opened = days[(numbers == number) & opening]
        opens = to_date(int(opened.max())) if len(opened) else None
        first, last = file.first or opens, file.last or opens
        if first and last:
            spans.append(_Span(number, first, last, opens))
    return spans


def years_of(ledger: Ledger) -> Integers:
    """For each file the number of the first file of its fiscal year: a year may come as one file a journal.

    Files are of one year where their days overlap and no journal stands in both; what opens a year may stand alone.
    """
    year = np.arange(len(ledger.files))
    if len(year) < 2:
        return year
    lines = ledger.lines[["file", "journal"]].drop_duplicates()
    journals: dict[int, set[str]] = defaultdict(set)
    for file, journal in lines.itertuples(index=False, name=None):
        journals[file].add(journal)
    for one, other in combinations(_spans(ledger), 2):
        is_same = one.first <= _until(ledger, other) and other.first <= _until(ledger, one)
        if is_same and not journals[one.file] & journals[other.file]:
            year[year == max(year[one.file], year[other.file])] = min(year[one.file], year[other.file])
    return year


def _until(ledger: Ledger, span: _Span) -> date:
    return span.last if ledger.files[span.file].last else span.last + _YEAR


def _overlaps(ledger: Ledger, spans: Iterable[_Span], span: _Span) -> Iterable[Problem]:
    """An earlier file that goes on after this one begins is not the year before: nothing is known to be repeated."""
    for other in spans:
        if span.opens and other.first < min(span.first, span.opens) and other.file != span.file:
            text = msg(
                "{file} opens the accounts, and {other}, which begins before it, ends on {last:date}, after {file} "
                "begins ({first:date}): what is opened would count twice. Export each fiscal year by itself.",
                file=ledger.files[span.file].name,
                other=ledger.files[other.file].name,
                last=other.last,
                first=span.first,
            )
            yield Problem("years_overlap", text, "error", Source(ledger.files[span.file].name))


def refuse_gaps(ledger: Ledger) -> None:
    """A year missing between two files, opening lines apart. Raises InputError."""
    dated = [(file.first, file.last, file.name) for file in ledger.files if file.first and file.last]
    problems = []
    end, before = date.max, ""
    for first, last, name in sorted(dated):
        if before and first - end > _LONGEST_SILENCE:
            text = msg(
                "A year is missing: {before} ends on {end:date} and {after} begins on {first:date}. Add the file of "
                "the year between them, or take the older one away.",
                before=before,
                end=end,
                after=name,
                first=first,
            )
            problems.append(Problem("missing_year", text, "error", Source(name)))
        if not before or last >= end:
            end, before = last, name
    if problems:
        raise InputError(*problems)


def refuse_shared_entries(ledger: Ledger) -> None:
    """Two files with the same entries: last month's export beside this month's. Raises InputError (fault 13)."""
    if len(ledger.files) < 2:
        return
    lines = ledger.lines
    keys, files = lines["entry_key"].to_numpy(), lines["file"].to_numpy()
    rows = np.flatnonzero(~lines["opening"].to_numpy())
    distinct, place = np.unique(keys[rows], return_inverse=True)
    least, greatest = np.full(len(distinct), len(ledger.files)), np.full(len(distinct), -1)
    np.minimum.at(least, place, files[rows])
    np.maximum.at(greatest, place, files[rows])
    in_two = rows[(least < greatest)[place]]
    customer, account = (lines[name].cat.codes.to_numpy()[in_two].tolist() for name in ("customer", "account"))
    contents = zip(customer, account, lines["amount"].to_numpy()[in_two].tolist(), strict=True)
    entries = zip(in_two.tolist(), keys[in_two].tolist(), files[in_two].tolist(), contents, strict=True)
    problems = [_shared(ledger, one, two) for one, two in _same_entries(entries)]
    if problems:
        raise InputError(*problems)


def refuse_repeated_openings(ledger: Ledger) -> None:
    """One opening line in two files: two exports of one year, whatever else stands in them. Raises InputError."""
    alike = ["date", "account", "customer", "piece", "amount"]
    opening = ledger.lines.loc[ledger.lines["opening"].to_numpy(), [*alike, "file", "line"]]
    opening = opening.drop_duplicates([*alike, "file"])
    first: dict[tuple[object, ...], int] = {}
    found: dict[tuple[int, int], tuple[date, int]] = {}
    for *content, file, line in opening[opening.duplicated(alike, keep=False)].itertuples(index=False, name=None):
        other = first.setdefault(tuple(content), file)
        if other != file:
            found.setdefault((other, file), (content[0].date(), line))
    if found:
        raise InputError(*(_opened_twice(ledger, *files, *place) for files, place in found.items()))


def _opened_twice(ledger: Ledger, one: int, two: int, day: date, line: int) -> Problem:
    source = Source(ledger.files[two].name, line)
    text = msg(
        "{one} and {two} open the accounts on the same day, {day:date}, with the same line ({line} of {two}): two "
        "exports of one year would be counted twice. Keep one, or take the opening lines out of one.",
        one=ledger.files[one].name,
        two=source.file,
        day=day,
        line=line,
    )
    return Problem("opened_twice", text, "error", source)


def _same_entries(lines: Iterable[tuple[int, int, int, tuple[int, int, int]]]) -> Iterable[tuple[int, int]]:
    """For each pair of files with the same customer lines in an entry, the first rows of that entry in both.

    Lines are given as row, key of the entry, file, and what must be the same. The same key alone proves nothing:
    entry numbers may be `0` everywhere.
    """
    entries: dict[int, dict[int, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
    first: dict[tuple[int, int], int] = {}
    for row, key, file, content in lines:
        entries[key][file].append(content)
        first.setdefault((key, file), row)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for key, by_file in entries.items():
        for one, two in combinations(by_file, 2):
            if sorted(by_file[one]) == sorted(by_file[two]):
                found.setdefault((one, two), (first[key, one], first[key, two]))
    return found.values()


def _shared(ledger: Ledger, one: int, two: int) -> Problem:
    numbers, files = ledger.lines["line"].to_numpy(), ledger.lines["file"].to_numpy()
    source = Source(ledger.files[files[two]].name, int(numbers[two]))
    text = msg(
        "{one} and {two} hold the same entries, for example line {line} of {two}: two exports of one year would be "
        "counted twice. Keep the newer one.",
        one=ledger.files[files[one]].name,
        two=source.file,
        line=source.line,
    )
    return Problem("shared_entries", text, "error", source)
