"""Signs in the ledger's lines that an account is not perfectly lettered (rules A2, A3, B1, B2; fault 12)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dunning_batch.core.arrays import Flags, Integers, sums_by
from dunning_batch.core.duedates import NO_DAY
from dunning_batch.core.ledger import Ledger, LedgerFile
from dunning_batch.core.numbering import numbered
from dunning_batch.errors import Message, Problem, Severity, Source, msg

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

_NAMED = 5  # places and examples in a message that sums up


class Line(NamedTuple):
    """What a message says of a ledger line."""

    file: int
    line: int
    customer: str
    account: str
    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class _Groups:
    """The lettered lines by group: one customer, one account, one code (rule B1)."""

    lines: "pd.DataFrame"  # of the whole ledger
    rows: Integers  # lettered ones
    group: Integers  # of each
    keys: Integers  # of each group; groups are named in order of their keys

    def values(self, column: str) -> Integers:
        """A column of the lettered lines as integers."""
        values: Integers = self.lines[column].to_numpy()[self.rows].astype(np.int64)
        return values

    def sums(self) -> Integers:
        """Debits less credits of each."""
        return sums_by(self.group, self.values("amount"), len(self.keys))

    def chosen(self, wanted: Flags) -> list[list[Line]]:
        """The lines of the groups wanted."""
        within = np.flatnonzero(wanted[self.group])
        within = within[np.argsort(self.keys[self.group[within]], kind="stable")]
        _, sizes = np.unique(self.keys[self.group[within]], return_counts=True)
        lines = iter(_lines(self.lines.iloc[self.rows[within]]))
        return [list(islice(lines, size)) for size in sizes.tolist()]


def lettering_signs(ledger: Ledger) -> Iterator[Problem]:
    """Unbalanced groups, codes on two accounts, codes reused, dates of lettering without a code."""
    groups = _grouped(ledger.lines)
    if len(groups.rows):
        unbalanced = groups.chosen(groups.sums() != 0)
        for lines in unbalanced:
            yield from _unbalanced(lines, ledger.files)
        yield from _on_two_accounts(unbalanced, ledger.files)
        yield from _reused(groups, ledger.files)
    yield from _dates_alone(ledger)


def lines_after(ledger: Ledger, as_of: date) -> Iterator[Problem]:
    """Once a file: its lines dated after the day of the run, which count all the same (rule A3)."""
    late = ledger.lines.loc[ledger.lines["date"] > pd.Timestamp(as_of), ["file", "line", "date"]]
    for number, lines in late.groupby("file"):
        text = msg(
            "Lines dated after {as_of:date}: {count}, from {first:date} to {last:date}. They count: what is known to "
            "be paid is not asked.",
            count=len(lines),
            as_of=as_of,
            first=lines["date"].min().date(),
            last=lines["date"].max().date(),
        )
        source = Source(ledger.files[int(str(number))].name, int(lines["line"].iloc[0]))
        yield Problem("lines_after_as_of", text, "notice", source)


def lines_of_nobody(ledger: Ledger) -> Iterator[Problem]:
    """Once an account: its lines that name no customer (rule A2)."""
    nobodies = ledger.lines.loc[ledger.lines["nobody"]]
    for account, lines in nobodies.groupby("customer", observed=True):
        text = msg(
            "Lines of account {account} that name no customer: {count}, {amount:money} in all. Nobody is reminded for "
            "them: give them a customer code, or {account} a row in the customers file.",
            count=len(lines),
            account=str(account),
            amount=int(lines["amount"].sum()),
        )
        yield Problem(
            "lines_without_customer", text, source=_source(next(_lines(lines)), ledger.files), customer=str(account)
        )


def _grouped(lines: "pd.DataFrame") -> _Groups:
    customers, accounts = (lines[name].cat for name in ("customer", "account"))
    codes, distinct = numbered(lines["code"])
    rows = np.flatnonzero(codes >= 0)
    key = customers.codes.to_numpy()[rows].astype(np.int64) * len(accounts.categories)
    key = (key + accounts.codes.to_numpy()[rows]) * len(distinct) + codes[rows]
    group, keys = pd.factorize(key)
    return _Groups(lines, rows, group, keys)


def _lines(lines: "pd.DataFrame") -> Iterator[Line]:
    plain = lines[list(Line._fields)].astype({"customer": "str", "account": "str", "code": "str"})
    return map(Line._make, plain.itertuples(index=False, name=None))


def _unbalanced(lines: Sequence[Line], files: Sequence[LedgerFile]) -> Iterator[Problem]:
    if all(line.amount > 0 for line in lines):
        return  # settled elsewhere: rule B5 reports it
    first = lines[0]
    total = sum(line.amount for line in lines)
    facts = {
        "code": first.code,
        "customer": first.customer,
        "amount": abs(total),
        "more": msg("debits than credits") if total > 0 else msg("credits than debits"),
        "where": _where(lines, files),
    }
    if all(line.amount < 0 for line in lines):
        text = msg(
            "Lettering code {code} of {customer} stands on credits alone: {amount:money}{where}. "
            "No invoice in these files bears it; until one does, they are set against what is open.",
            **facts,
        )
    else:
        text = msg(
            "Lettering code {code} of {customer} does not balance: {amount:money} more {more}{where}. "
            "Complete the lettering, or undo it.",
            **facts,
        )
    # Several packages write partial lettering in lower case: it says what it is.
    severity: Severity = "notice" if first.code.islower() else "warning"
    yield Problem("group_unbalanced", text, severity, _source(first, files), first.customer)


def _on_two_accounts(groups: Sequence[Sequence[Line]], files: Sequence[LedgerFile]) -> Iterator[Problem]:
    """Unbalanced groups of one customer and code on different accounts: each is a group of its own (rule B1)."""
    by_code: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for lines in groups:
        by_code[lines[0].customer, lines[0].code].append(lines[0])
    for (customer, code), firsts in by_code.items():
        if len(firsts) > 1:
            text = msg(
                "Lettering code {code} of {customer} stands on the accounts {accounts} and balances on none of them: "
                "a code holds within one account.",
                code=code,
                customer=customer,
                accounts=", ".join(line.account for line in firsts),
            )
            yield Problem("code_on_two_accounts", text, "warning", _source(firsts[0], files), customer)


def _reused(groups: _Groups, files: Sequence[LedgerFile]) -> Iterator[Problem]:
    """Codes that serve more than once, told apart by date of lettering or by file (rule B2), summed up in one."""
    reused = np.flatnonzero(_partly_balanced(groups, "code_date") | _partly_balanced(groups, "file"))
    if len(reused):
        examples = np.zeros(len(groups.keys), dtype=bool)
        examples[reused[np.argsort(groups.keys[reused])[:_NAMED]]] = True
        firsts = [lines[0] for lines in groups.chosen(examples)]
        text = msg(
            "Lettering codes that are used more than once on an account: {count} ({examples}). Where one does not "
            "balance as a whole, its uses are told apart by date of lettering, then by file.",
            count=len(reused),
            examples=", ".join(f"{line.customer} {line.code}" for line in firsts),
        )
        yield Problem("codes_reused", text, "notice", _source(firsts[0], files))


def _partly_balanced(groups: _Groups, column: str) -> Flags:
    """The groups of which some lines but not all, those with one value in a column, balance by themselves."""
    values, count = groups.values(column), len(groups.keys)
    least, greatest = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(least, groups.group, values)
    np.maximum.at(greatest, groups.group, values)
    within = np.flatnonzero((least < greatest)[groups.group])
    found = np.zeros(count, dtype=bool)
    if len(within):
        within = within[np.lexsort((values[within], groups.group[within]))]
        group, values, amounts = groups.group[within], values[within], groups.values("amount")[within]
        starts = np.flatnonzero((np.diff(values, prepend=0) != 0) | (np.diff(group, prepend=-1) != 0))
        sizes = np.diff(starts, append=len(within))
        balanced = (np.add.reduceat(amounts, starts) == 0) & (sizes > 1)
        found[group[starts[balanced & (values[starts] != NO_DAY)]]] = True
    return found


def _dates_alone(ledger: Ledger) -> Iterator[Problem]:
    alone = ledger.lines.loc[ledger.lines["code_date"].notna() & (ledger.lines["code"] == "")]
    if len(alone):
        text = msg(
            "Lines with a date of lettering and no code: {count}. They count as not lettered.",
            count=len(alone),
        )
        yield Problem("lettering_date_alone", text, "warning", _source(next(_lines(alone)), ledger.files))


def _source(line: Line, files: Sequence[LedgerFile]) -> Source:
    return Source(files[line.file].name, line.line)


def _where(lines: Sequence[Line], files: Sequence[LedgerFile]) -> Message | str:
    """How many lines, and where the first of them stand, each file named once; a single one is the problem's own."""
    if len(lines) == 1:
        return ""
    numbers: dict[int, list[str]] = defaultdict(list)
    for line in lines[:_NAMED]:
        numbers[line.file].append(str(line.line))
    places = "; ".join(f"{files[file].name}:{', '.join(found)}" for file, found in numbers.items())
    places += ", ..." if len(lines) > _NAMED else ""
    return msg(" over {count:line|lines} ({places})", count=len(lines), places=places)
