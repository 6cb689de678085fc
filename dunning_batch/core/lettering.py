"""What is paid, by lettering codes (rules B1 to B7): balanced groups by the million at once, the others one by one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from dunning_batch.core.duedates import NO_DAY, days_of


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that lettering looks at, as arrays over the rows. Days since 1970, cents."""

    customer: np.ndarray  # codes of the category
    account: np.ndarray
    amount: np.ndarray
    code: np.ndarray  # index into `code_texts`, -1 for none
    code_texts: "pd.Index[str]"
    code_day: np.ndarray
    file: np.ndarray
    entry: np.ndarray
    day: np.ndarray  # entry date
    issued: np.ndarray
    due: np.ndarray
    piece: np.ndarray  # equal for equal pieces, -1 for none
    opening: np.ndarray
    credited: np.ndarray  # what an earlier year left of a group that had credits


@dataclass(slots=True)
class Lettered:
    """What lettering leaves. `left` has the sign of the line; 0: nothing is left of it."""

    left: np.ndarray
    payments: list[tuple[int, int, int]] = field(default_factory=list)  # (debit row, credit row, cents)
    elsewhere: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # customer -> cents (rule B5)
    differences: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # customer -> cents (rule B3)
    partial: list[int] = field(default_factory=list)  # rows of groups that have a credit and do not balance
    elsewhere_groups: list[tuple[int, str, int, int]] = field(default_factory=list)  # customer, code, cents, first row


@dataclass(frozen=True, slots=True)
class Judge:
    """The rules' parameters: tolerance in cents; the last day of each file; whether rule B5 is applied."""

    tolerance: int
    file_end: Sequence[int]  # by file, in days
    elsewhere: bool = True


def columns_of(lines: pd.DataFrame, issued: np.ndarray, due: np.ndarray) -> Columns:
    """The arrays of a table of lines (core/ledger.py)."""
    code, texts = numbered(lines["code"])
    return Columns(
        customer=lines["customer"].cat.codes.to_numpy().astype(np.int64),
        account=lines["account"].cat.codes.to_numpy().astype(np.int64),
        amount=lines["amount"].to_numpy(),
        code=code,
        code_texts=texts,
        code_day=days_of(lines["code_date"]),
        file=lines["file"].to_numpy(),
        entry=lines["entry"].to_numpy(),
        day=days_of(lines["date"]),
        issued=issued,
        due=due,
        piece=numbered(lines["piece"])[0],
        opening=lines["opening"].to_numpy(),
        credited=np.zeros(len(lines), bool),
    )


def numbered(texts: "pd.Series[str]") -> tuple[np.ndarray, "pd.Index[str]"]:
    """A number for each text, -1 for the empty one, and the texts by number."""
    numbers, distinct = pd.factorize(texts)
    numbers = numbers.astype(np.int64)
    empty = np.flatnonzero(np.asarray(distinct == ""))
    if len(empty):
        numbers[numbers == empty[0]] = -1
    return numbers, distinct


def chosen(columns: Columns, rows: np.ndarray) -> Columns:
    """The same columns of some rows only."""
    arrays = {f.name: getattr(columns, f.name)[rows] for f in fields(Columns) if f.name != "code_texts"}
    return Columns(code_texts=columns.code_texts, **arrays)


def group_numbers(columns: Columns) -> np.ndarray:
    """The group of each row (rule B1): one customer, one account, one code; -1 without a code."""
    accounts = int(columns.account.max(initial=0)) + 1
    customers = int(columns.customer.max(initial=0)) + 1
    key = (columns.code * accounts + columns.account) * customers + columns.customer
    coded = columns.code >= 0
    groups = np.full(len(key), -1, np.int64)
    groups[coded] = pd.factorize(key[coded])[0]
    return groups


def letter(columns: Columns, judge: Judge) -> Lettered:
    """What is left of each line once lettering has decided (rules B1 to B7)."""
    lettered = Lettered(columns.amount.copy())
    groups = group_numbers(columns)
    coded = np.flatnonzero(groups >= 0)
    sums = _sums(groups[coded], columns.amount[coded])
    settled = np.abs(sums) <= judge.tolerance
    _settle(columns, lettered, coded[settled[groups[coded]]])
    rest = coded[~settled[groups[coded]]]
    for rows in _split(rest, groups[rest]):
        _judge_group(columns, lettered, judge, rows)
    _reduce_own_entries(columns, lettered, np.flatnonzero(groups < 0))
    return lettered


def _sums(groups: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """Exact sums by group; a weighted bincount would count in floats."""
    sums = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
    np.add.at(sums, groups, amounts)
    return sums


def _split(rows: np.ndarray, groups: np.ndarray) -> Iterable[list[int]]:
    """The rows of each group, in ledger order."""
    order = np.argsort(groups, kind="stable")
    bounds = np.flatnonzero(np.diff(groups[order])) + 1
    return (part.tolist() for part in np.split(rows[order], bounds) if len(part))


def _settle(columns: Columns, lettered: Lettered, rows: np.ndarray) -> None:
    """Nothing is left of these lines; what their groups are off by is a settled difference (rule B3)."""
    lettered.left[rows] = 0
    sums = _sums(columns.customer[rows], columns.amount[rows])
    for customer in np.flatnonzero(sums).tolist():
        lettered.differences[customer] += int(sums[customer])


def _judge_group(columns: Columns, lettered: Lettered, judge: Judge, rows: list[int]) -> None:
    """One group that does not balance: its balanced parts, then what is left (rules B2, B4 to B6)."""
    for part_of in (columns.code_day, columns.file):
        rows = _without_balanced(columns, lettered, judge, rows, part_of)
    total = _total(columns, rows)
    if abs(total) <= judge.tolerance:
        _settle(columns, lettered, np.array(rows, np.int64))
    elif judge.elsewhere and total > 0 and _is_elsewhere(columns, judge, rows):
        _settle_elsewhere(columns, lettered, rows, total)
    else:
        _apply(columns, lettered, rows)


def _without_balanced(
    columns: Columns, lettered: Lettered, judge: Judge, rows: list[int], part_of: np.ndarray
) -> list[int]:
    """The rows that stay once each part that balances by itself is settled (rule B2)."""
    parts = defaultdict(list)
    for row in rows:
        parts[int(part_of[row])].append(row)
    if len(parts) == 1:
        return rows
    for part, members in parts.items():
        if part != NO_DAY and abs(_total(columns, members)) <= judge.tolerance:
            _settle(columns, lettered, np.array(members, np.int64))
            rows = [row for row in rows if int(part_of[row]) != part]
    return rows


def _total(columns: Columns, rows: Iterable[int]) -> int:
    return sum(int(columns.amount[row]) for row in rows)


def _code_of(columns: Columns, row: int) -> str:
    return str(columns.code_texts[int(columns.code[row])])


def _is_elsewhere(columns: Columns, judge: Judge, rows: list[int]) -> bool:
    """The counterpart of the group stands in another year (rule B5); lower-case codes are partial lettering."""
    if _code_of(columns, rows[0]).islower():
        return False
    has_credit = any(columns.amount[row] < 0 or columns.credited[row] for row in rows)
    latest = max(int(columns.code_day[row]) for row in rows)
    return not has_credit or latest > max(judge.file_end[columns.file[row]] for row in rows)


def _settle_elsewhere(columns: Columns, lettered: Lettered, rows: list[int], total: int) -> None:
    customer = int(columns.customer[rows[0]])
    lettered.left[rows] = 0
    lettered.elsewhere[customer] += total
    lettered.elsewhere_groups.append((customer, _code_of(columns, rows[0]), total, rows[0]))


def _apply(columns: Columns, lettered: Lettered, rows: list[int]) -> None:
    """Credits lower debits, each those with its own piece first, then the oldest due (rules B4 and B6)."""
    credits = sorted((row for row in rows if columns.amount[row] < 0), key=lambda row: (columns.issued[row], row))
    debits = oldest_due_first(columns, (row for row in rows if columns.amount[row] > 0))
    for credit in credits:
        piece = columns.piece[credit]
        if piece >= 0:
            lower(lettered, credit, [row for row in debits if columns.piece[row] == piece])
    for credit in credits:
        lower(lettered, credit, debits)
    if credits:
        lettered.partial.extend(rows)


def oldest_due_first(columns: Columns, rows: Iterable[int]) -> list[int]:
    """Rows by due date, then piece date, then their order in the files (rule B7)."""
    return sorted(rows, key=lambda row: (columns.due[row], columns.issued[row], row))


def lower(lettered: Lettered, credit: int, debits: Iterable[int]) -> None:
    """Use a credit up on these debits, in their order."""
    left = lettered.left
    for debit in debits:
        part = min(-int(left[credit]), int(left[debit]))
        if part > 0:
            left[credit] += part
            left[debit] -= part
            lettered.payments.append((debit, credit, part))


def _reduce_own_entries(columns: Columns, lettered: Lettered, unlettered: np.ndarray) -> None:
    """An unlettered credit first lowers the customer's unlettered debits of its own entry (rule B7)."""
    rows = unlettered[~columns.opening[unlettered]]
    is_credit = columns.amount[rows] < 0
    both = np.intersect1d(columns.entry[rows[is_credit]], columns.entry[rows[~is_credit]])
    rows = rows[np.isin(columns.entry[rows], both)]
    customers = int(columns.customer.max(initial=0)) + 1
    for members in _split(rows, columns.entry[rows] * customers + columns.customer[rows]):
        debits = oldest_due_first(columns, (row for row in members if columns.amount[row] > 0))
        for credit in (row for row in members if columns.amount[row] < 0):
            lower(lettered, credit, debits)
