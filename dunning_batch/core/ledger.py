"""The ledger: one columnar table for every source, and the rules that need nothing but its lines (A1, A2, A4).

One row of `Ledger.lines` is a customer line (rule A1). Columns:

| column | type | meaning |
|---|---|---|
| file | int16 | index into `Ledger.files` |
| line | int64 | line of the file, the header being 1 |
| journal | category | FEC column 1 |
| opening | bool | the journal is an opening journal (rule D1) |
| entry | int64 | number of the entry (rule A6), unique over all files |
| entry_key | int64 | journal, number, date and piece of the entry: equal in two files that share it (rule D1) |
| date | datetime64[s] | FEC column 4, entry date |
| piece_date | datetime64[s] | FEC column 10; NaT where empty |
| due | datetime64[s] | a due-date column of the ledger; NaT where none |
| account | category | FEC column 5 |
| customer | category | rule A2; the account's number for a pseudo-customer |
| nobody | bool | rule A2: the line belongs to a pseudo-customer |
| name | category | FEC column 8, else the account's label |
| piece | str | rule A4; empty for none |
| label | str | FEC column 11 |
| amount | int64 | cents, debit positive |
| code | category or str | lettering code, blanks around removed; empty for none |
| code_date | datetime64[s] | FEC column 15; NaT where empty or unreadable |
| counterparts | uint8 | what the other lines of the entry stand on: bits of `Counterpart` |

Rows stand in the order of the files' dates, then of their lines.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import IntFlag
from typing import TYPE_CHECKING, Literal

from dunning_batch.core.words import plain
from dunning_batch.errors import Problem

if TYPE_CHECKING:  # reading a configuration must not cost half a second of pandas
    import pandas as pd

Accounting = Literal["accrual", "cash"]


class Counterpart(IntFlag):
    """What the other lines of an entry, customers' lines apart, stand on (rule A5)."""

    SALES = 1  # class 7
    VAT = 2  # 4457
    BANK = 4  # class 5
    OTHER = 8


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """How lines are chosen and named: `[ledger]` of the configuration."""

    customer_accounts: tuple[str, ...] = ("411",)
    advance_accounts: tuple[str, ...] = ("4191",)
    piece_pattern: str = ""
    excluded_journals: tuple[str, ...] = ()
    opening_journals: tuple[str, ...] = ()
    tolerance: int = 0  # cents
    format: Literal["auto", "fec", "workbook"] = "auto"
    accounting: Literal["auto", "accrual", "cash"] = "auto"
    sheet: str = ""  # of a workbook; empty: looked for
    header_row: int = 0  # of a workbook, from 1; 0: looked for


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of a workbook was understood as."""

    column: str  # its letters, or its number in a text file
    heading: str  # as written
    field: str  # key of `[ledger.columns]`; empty where the column is not used
    example: str  # its first cell that holds something


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """One file that was read."""

    name: str  # as shown: relative to the dossier
    sha256: str
    lines: int  # data lines, customers' or not
    dialect: str  # separator and encoding in words, such as "FEC, tab, UTF-8"
    first: date | None  # earliest and latest entry date, opening lines apart
    last: date | None
    closing: date | None  # from a name SIRENFECAAAAMMJJ
    last_bank: date | None  # latest entry date of a class-5 line
    has_opening: bool = False
    columns: tuple[ColumnMeaning, ...] = ()  # of a workbook


@dataclass(frozen=True, slots=True)
class Ledger:
    """Customer lines of all files as one history, and what was noticed while reading."""

    lines: "pd.DataFrame"
    files: tuple[LedgerFile, ...]
    accounting: Accounting
    problems: tuple[Problem, ...] = ()


PLACEHOLDERS = frozenset({"", "-", "x", "X", "0"})  # pieces that are none (rule A4)
_OPENING_CODES = frozenset({"an", "ano", "ran", "a n", "ouv"})
_OPENING_LABELS = re.compile(r"\b(a nouveaux?|reports?|ouvertures?|bilan (de )?debut)\b")
_LETTER = re.compile(r"[^\W\d_]")


def is_opening_journal(code: str, label: str, configured: Collection[str]) -> bool:
    """Whether a journal carries the opening balance: named so, known by its code, or by words of its label (D1)."""
    if code.strip() in configured:
        return True
    return plain(code) in _OPENING_CODES or _OPENING_LABELS.search(plain(label)) is not None


def is_collective(account: str, prefixes: Collection[str]) -> bool:
    """Whether an account is that of all customers: the prefix, at most one more digit, then zeros only (rule A2)."""
    return any(re.fullmatch(rf"{re.escape(prefix)}\d?0*", account) for prefix in prefixes)


def customer_of(account: str, auxiliary: str, name: str, *, collective: bool) -> tuple[str, bool]:
    """The customer of a line, and whether it is a pseudo-customer (rule A2)."""
    if auxiliary:
        return auxiliary, False
    if not collective:
        return account, False
    return (name, False) if name else (account, True)


def piece_of(piece_ref: str, label: str, entry_number: str, pattern: re.Pattern[str] | None) -> str:
    """The invoice number of a line whose own piece is a placeholder (rule A4); empty for none.

    `entry_number` is empty where it is the same on every line and so says nothing.
    """
    if piece_ref not in PLACEHOLDERS:
        return piece_ref
    found = pattern.search(label) if pattern else None
    if found and found[1]:
        return found[1].strip()
    return entry_number if _LETTER.search(entry_number) else ""
