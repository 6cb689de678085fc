"""What is paid, by lettering codes (rules B1 to B7): balanced groups by the million at once, the others one by one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dunning_batch.core.arrays import Flags, Integers, sums_by
from dunning_batch.core.duedates import NO_DAY, days_of
from dunning_batch.core.numbering import numbered

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(frozen=True)
class Columns:
    """The columns that lettering looks at, as arrays over the rows. Days since 1970, cents."""

    customer: npt.NDArray[np.integer]  # codes of the category
    account: npt.NDArray[np.integer]
    amount: Integers
    code: Integers  # index into `code_texts`, -1 for none
    code_texts: Sequence[str]
    code_day: Integers
    file: npt.NDArray[np.integer]
    entry: Integers
    day: Integers  # entry date
    issued: Integers
    due: Integers
    pieces: Any  # array of texts
    opening: Flags
    credited: Flags  # what an earlier year left of a group that had credits

    @cached_property
    def customers(self) -> int:
        """How many customers there are, at most."""
        return int(self.customer.max(initial=-1)) + 1

    @cached_property
    def piece(self) -> Integers:
        """A number for each piece, blanks around it apart (rule A4); -1 for none. It takes long, and few need it."""
        return numbered(pd.Series(self.pieces).str.strip())[0]


@dataclass(slots=True)
class Lettered:
    """What lettering leaves."""

    left: Integers  # with the sign of the line; 0: nothing is left of it
    elsewhere: Flags  # rows settled in another year (rule B5)
    differences: Integers  # cents by customer that the tolerance lets pass (rule B3)
    payments: list[tuple[int, int, int]] = field(default_factory=list)  # (debit row, credit row, cents)
    partly: list[int] = field(default_factory=list)  # rows of groups that have credits and do not balance


@dataclass(frozen=True, slots=True)
class Judge:
    """The rules' parameters: tolerance in cents; the last day of each file; whether rule B5 is applied."""

    tolerance: int
    file_end: Integers  # by file, in days
    elsewhere: bool = True


class Line(NamedTuple):
    """A line of a group that does not balance."""

    group: int
    row: int
    amount: int
    code: int
    code_day: int
    file: int
    issued: int
    piece: int
    credited: bool


def columns_of(lines: "pd.DataFrame", issued: Integers, due: Integers) -> Columns:
    """The arrays of a table of lines (core/ledger.py)."""
    code, texts = numbered(lines["code"])
    return Columns(
        customer=lines["customer"].cat.codes.to_numpy(),
        account=lines["account"].cat.codes.to_numpy(),
        amount=lines["amount"].to_numpy(),
        code=code,
        code_texts=texts.tolist(),
        code_day=days_of(lines["code_date"]),
        file=lines["file"].to_numpy(),
        entry=lines["entry"].to_numpy(),
        day=days_of(lines["date"]),
        issued=issued,
        due=due,
        pieces=lines["piece"].array,
        opening=lines["opening"].to_numpy(),
        credited=np.zeros(len(lines), bool),
    )


def chosen(columns: Columns, rows: Integers) -> Columns:
    """The same columns of some rows only, in their order."""
    if len(rows) == len(columns.amount):
        return columns
    arrays = {f.name: getattr(columns, f.name)[rows] for f in fields(Columns) if f.name != "code_texts"}
    return Columns(code_texts=columns.code_texts, **arrays)


def group_numbers(columns: Columns) -> Integers:
    """The group of each row (rule B1): one customer, one account, one code; -1 without a code."""
    accounts = int(columns.account.max(initial=0)) + 1
    key = (columns.code * accounts + columns.account) * columns.customers + columns.customer
    coded = columns.code >= 0
    groups = np.full(len(key), -1, np.int64)
    groups[coded] = pd.factorize(key[coded])[0]
    return groups


def letter(columns: Columns, judge: Judge) -> Lettered:
    """What is left of each line once lettering has decided (rules B1 to B7)."""
    nothing = np.zeros(columns.customers, np.int64)
    lettered = Lettered(columns.amount.copy(), np.zeros(len(columns.amount), bool), nothing)
    groups = group_numbers(columns)
    coded = np.flatnonzero(groups >= 0)
    sums = sums_by(groups[coded], columns.amount[coded], int(groups.max(initial=-1)) + 1)
    balanced = np.abs(sums) <= judge.tolerance
    _settle(columns, lettered, coded[balanced[groups[coded]]])
    rest = coded[~balanced[groups[coded]]]
    mixed = _judge_one_sided(columns, lettered, judge, rest, groups[rest])
    for group in _groups_of(columns, mixed, groups):
        _judge_group(columns, lettered, judge, group)
    _reduce_own_entries(columns, lettered, np.flatnonzero(groups < 0))
    return lettered


def _settle(columns: Columns, lettered: Lettered, rows: Integers | Sequence[int]) -> None:
    """Nothing is left of these lines; what their groups are off by is a settled difference (rule B3)."""
    lettered.left[rows] = 0
    np.add.at(lettered.differences, columns.customer[rows], columns.amount[rows])


def _judge_one_sided(columns: Columns, lettered: Lettered, judge: Judge, rows: Integers, groups: Integers) -> Integers:
    """Decide at once on groups of debits alone, or of credits alone; the rows of the others are returned.

    No part of such a group balances by itself unless it is within the tolerance, and nothing in it is applied to
    anything: its debits are open or settled elsewhere (rule B5), its credits unallocated (rule B6).
    """
    count = int(groups.max(initial=-1)) + 1
    amounts = columns.amount[rows]
    least, greatest = np.full(count, np.iinfo(np.int64).max), np.full(count, NO_DAY)
    np.minimum.at(least, groups, amounts)
    np.maximum.at(greatest, groups, amounts)
    debits, credits = least > judge.tolerance, greatest < -judge.tolerance
    if judge.elsewhere:
        away = _elsewhere(columns, judge, rows, groups, count) & debits
        gone = rows[away[groups]]
        lettered.left[gone] = 0
        lettered.elsewhere[gone] = True
    return rows[~(debits | credits)[groups]]


def _elsewhere(columns: Columns, judge: Judge, rows: Integers, groups: Integers, count: int) -> Flags:
    """For each group of debits alone, whether its counterpart stands in another year (rule B5)."""
    latest, end = np.full(count, NO_DAY), np.full(count, NO_DAY)
    np.maximum.at(latest, groups, columns.code_day[rows])
    np.maximum.at(end, groups, judge.file_end[columns.file[rows]])
    credited, lower = np.zeros(count, bool), np.zeros(count, bool)
    credited[groups[columns.credited[rows]]] = True
    codes, place = np.unique(columns.code[rows], return_inverse=True)
    lower[groups] = np.array([_is_partial(columns, code) for code in codes.tolist()], bool)[place]
    return ~lower & (~credited | (latest > end))


def _is_partial(columns: Columns, code: int) -> bool:
    """A code all in lower case is partial lettering in several packages (rule B5)."""
    return columns.code_texts[code].islower()


def _groups_of(columns: Columns, rows: Integers, groups: Integers) -> Iterator[list[Line]]:
    """The lines of each group, oldest due first: by due date, then piece date, then order (rule B7)."""
    rows = rows[np.lexsort((rows, columns.issued[rows], columns.due[rows], groups[rows]))]
    if not len(rows):
        return iter(())
    arrays = (groups, None, columns.amount, columns.code, columns.code_day, columns.file, columns.issued,
              columns.piece, columns.credited)  # fmt: skip
    lines = zip(*(rows.tolist() if array is None else array[rows].tolist() for array in arrays), strict=True)
    return (list(group) for _, group in groupby(map(Line._make, lines), attrgetter("group")))


def _judge_group(columns: Columns, lettered: Lettered, judge: Judge, lines: list[Line]) -> None:
    """One group that does not balance: its balanced parts, then what is left (rules B2, B4 to B6)."""
    parts: tuple[Callable[[Line], int], ...] = (attrgetter("code_day"), attrgetter("file"))
    for part_of in parts:
        lines, balanced = _split(lines, part_of, judge.tolerance)
        if balanced:
            _settle(columns, lettered, balanced)
    rows = [line.row for line in lines]
    total = _total(lines)
    if abs(total) <= judge.tolerance:
        _settle(columns, lettered, rows)
    elif judge.elsewhere and total > 0 and _is_elsewhere(columns, judge, lines):
        lettered.left[rows] = 0
        lettered.elsewhere[rows] = True
    else:
        _apply(lettered, lines, own_piece_first=total > 0)


def _split(lines: list[Line], part_of: Callable[[Line], int], tolerance: int) -> tuple[list[Line], list[int]]:
    """The lines that stay, and the rows of the parts that balance by themselves (rule B2)."""
    parts = defaultdict(list)
    for line in lines:
        parts[part_of(line)].append(line)
    # Lines without a date of lettering are no part of their own.
    balanced = {part for part, some in parts.items() if part != NO_DAY and abs(_total(some)) <= tolerance}
    if not balanced:
        return lines, []
    stay = [line for line in lines if part_of(line) not in balanced]
    return stay, [line.row for line in lines if part_of(line) in balanced]


def _total(lines: Iterable[Line]) -> int:
    return sum(line.amount for line in lines)


def _is_elsewhere(columns: Columns, judge: Judge, lines: Sequence[Line]) -> bool:
    """Whether the counterpart of a group stands in another year (rule B5)."""
    if _is_partial(columns, lines[0].code):
        return False
    has_credit = any(line.amount < 0 or line.credited for line in lines)
    latest = max(line.code_day for line in lines)
    return not has_credit or latest > max(int(judge.file_end[line.file]) for line in lines)


def _apply(lettered: Lettered, lines: list[Line], *, own_piece_first: bool) -> None:
    """Credits lower debits: each those with its own piece, then all the oldest due (rule B4); or just so (rule B6)."""
    debits = [line for line in lines if line.amount > 0]
    credits = sorted((line for line in lines if line.amount < 0), key=attrgetter("issued", "row"))
    if own_piece_first:
        paying, owing = (_rows_by_piece(side) for side in (credits, debits))
        for piece, rows in paying.items():
            lower(lettered, rows, owing.get(piece, ()))
    lower(lettered, [credit.row for credit in credits], [debit.row for debit in debits])
    if credits:
        lettered.partly.extend(line.row for line in lines)


def _rows_by_piece(lines: Iterable[Line]) -> dict[int, list[int]]:
    rows = defaultdict(list)
    for line in lines:
        if line.piece >= 0:  # no piece is no piece's equal (rule A4)
            rows[line.piece].append(line.row)
    return rows


def lower(lettered: Lettered, credits: Iterable[int], debits: Iterable[int]) -> None:
    """Use credits up on debits, both in their order."""
    left = lettered.left
    waiting = iter(debits)
    debit = next(waiting, None)
    for credit in credits:
        while debit is not None and left[credit] < 0:
            part = int(min(-left[credit], left[debit]))
            if part:
                left[credit] += part
                left[debit] -= part
                lettered.payments.append((debit, credit, part))
            if not left[debit]:
                debit = next(waiting, None)


def _reduce_own_entries(columns: Columns, lettered: Lettered, unlettered: Integers) -> None:
    """An unlettered credit first lowers the customer's unlettered debits of its own entry (rule B7)."""
    rows = unlettered[~columns.opening[unlettered]]  # their lines are never joined (rule A6)
    rows = rows[_in_entries_with_both(columns, rows)]
    owner = columns.entry[rows] * columns.customers + columns.customer[rows]
    is_credit = columns.amount[rows] < 0
    both = np.intersect1d(owner[is_credit], owner[~is_credit])
    groups = np.full(len(columns.amount), -1, np.int64)
    groups[rows] = owner
    for lines in _groups_of(columns, rows[np.isin(owner, both)], groups):
        credits = sorted(line.row for line in lines if line.amount < 0)
        lower(lettered, credits, [line.row for line in lines if line.amount > 0])


def _in_entries_with_both(columns: Columns, rows: Integers) -> Flags:
    """Which of these rows stand in an entry of which some are debits and some credits; most are in none."""
    entry, is_credit = columns.entry[rows], columns.amount[rows] < 0
    has_debit, has_credit = np.zeros((2, int(entry.max(initial=-1)) + 1), bool)
    has_debit[entry[~is_credit]] = True
    has_credit[entry[is_credit]] = True
    both: Flags = (has_debit & has_credit)[entry]
    return both
