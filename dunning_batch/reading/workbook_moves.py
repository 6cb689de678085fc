"""The rows of a sheet told apart: movements, sums, titles; what is neither is an error with its cell (fault 28).

Sums never count as movements. An opening balance without a date does: it is what the rows before the export left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.words import plain
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.cells import NO_DAY
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_header import ENTRY_DAYS, is_repeated
from dunning_batch.reading.workbook_money import money_of
from dunning_batch.reading.workbook_sections import (
    Section,
    kind_of_sum,
    section_of,
    titled_sum,
    without_addresses,
)
from dunning_batch.reading.workbook_totals import says_total, total_problems
from dunning_batch.reading.workbook_values import Numbers, days, numbers_meant, texts

_SUMS = (
    r"(?i)^\s*(sous.?total|sub.?total|tota|solde|report|[àa] reporter|cumul|[àa].nouveau|balance|opening|initial|ending"
    r"|closing|brought|carried)"
)
_OF_A_MOVEMENT = ("journal", "piece", "invoice", "number", "lettering")  # what no sum has
_MONEY = ("debit", "credit", "amount", "side", "balance", "residual", "paid_amount", "currency")
# A customer's name where movements follow at once, and not what is summed.
_NAMED_TOTAL = re.compile(
    r"total (?!(comptes?|clients?|tiers|generale?|du|de|des|au|la|page|periode|mois|journal|journaux|debit|credit|ttc"
    r"|ht)\b).+"
)
_TITLE_CELLS = 6
_MOST = 200  # rows that are listed one by one


@dataclass(slots=True)
class Moves:
    """The movements of a sheet; arrays by movement, in the order of the sheet."""

    rows: np.ndarray  # of the body
    net: np.ndarray  # cents, debit positive
    day: np.ndarray
    opening: np.ndarray  # an opening balance
    sections: list[Section]
    zero_rows: int = 0
    first_zero: int = -1
    problems: list[Problem] = field(default_factory=list)


def day_field(body: Body) -> str:
    """The field that says when an entry was made: its own column, else the invoice's day, else the due date."""
    return next(name for name in ENTRY_DAYS if name in body.fields)


def moves_of(body: Body) -> Moves:
    """All movements, and what is wrong with the rest."""
    return _Sorting(body).moves()


class _Sorting:
    """The rows of a body being told apart."""

    def __init__(self, body: Body) -> None:
        self.body, self.money = body, money_of(body)
        self.problems: list[Problem] = []
        self.day_name = day_field(body)
        self.day, self.no_day = self._days()
        self.alone = not {"account", "customer", "customer_name"} & body.fields.keys()
        self.sections: list[Section] = list(_above(body)) if self.alone else []
        self.openings: list[int] = []
        self.totals: list[int] = []
        self.zero: list[int] = []

    def moves(self) -> Moves:
        """Everything that is to be known of the rows."""
        dated = self.day != NO_DAY
        is_line = dated & (self.money.filled | self.money.unreadable)
        for row in np.flatnonzero(~is_line).tolist():
            self._look_at(row, dated=bool(dated[row]))
        is_line[self._dated_sums(np.flatnonzero(is_line))] = False
        self._blame(is_line)
        is_line[self.openings] = True
        self.problems += total_problems(self.body, self.money.net, is_line, self.totals)
        rows = np.flatnonzero(is_line)
        opening = np.isin(rows, self.openings)
        day = self.day[rows]
        if opening.any() and (known := day[day != NO_DAY]).size:
            day = np.where(day == NO_DAY, known.min(), day)
        return Moves(
            rows, self.money.net[rows], day, opening, without_addresses(self.sections), len(self.zero),
            self.zero[0] if self.zero else -1, self.problems,
        )  # fmt: skip

    def _days(self) -> tuple[np.ndarray, np.ndarray]:
        column = self.body.cells(self.day_name) or ()
        meant = numbers_meant(column, np.flatnonzero(self.money.filled).tolist())
        if meant.serials and meant.packed:
            self._stop_at_two_readings()
            meant = Numbers(serials=True, packed=False)
        return days(column, meant, self.body.calendar)

    def _stop_at_two_readings(self) -> None:
        text = msg(
            "{heading}: these numbers can be days counted from 1900 or days written as DDMMYY. Give the column a date "
            "format, and export or save again.",
            heading=self.body.heading(self.day_name),
        )
        row = int(np.flatnonzero(self.money.filled)[0])
        self.problems.append(self.body.problem("ambiguous_dates", text, row, self.day_name))

    def _look_at(self, row: int, *, dated: bool) -> None:
        """A row without a day, or without an amount."""
        cells = self.body.texts(row)
        if not cells:
            return
        if is_repeated(self.body.row(row), self.body.header):
            self._look_at_headings(row, cells)
            return
        money = {self.body.fields[name] for name in _MONEY if name in self.body.fields}
        words = [text for place, text in cells if place not in money]
        if self.money.filled[row]:
            self._look_at_sum(row, words)
        elif dated:
            self.zero.append(row)
        elif words and len(words) <= _TITLE_CELLS:
            self._look_at_title(row, words)

    def _look_at_headings(self, row: int, cells: list[tuple[int, str]]) -> None:
        """The headings again, as on each printed page: in the same columns, or nobody knows what follows."""
        places = {plain(text): place for place, text in self.body.header.headings.items()}
        for place, text in cells:
            if places.get(plain(text), place) != place and len(set(places)) == len(self.body.header.headings):
                said = msg("Here headings begin anew, in other columns than above: put the second table on a sheet of "
                           "its own.")  # fmt: skip
                self.problems.append(self.body.problem("other_headings", said, row))
                return

    def _look_at_title(self, row: int, words: list[str]) -> None:
        section = None if kind_of_sum(words[:1]) else section_of(row, words, alone=self.alone)
        if self.alone and not section and self._is_move(row + 1) and _NAMED_TOTAL.fullmatch(plain(words[0])):
            section = Section(row, "customer", words[0], words[0])
        if section:  # `TOTAL ENERGIES` behind an account is a name
            self.sections.append(section)

    def _is_move(self, row: int) -> bool:
        return row < self.body.count and bool(self.day[row] != NO_DAY and self.money.filled[row])

    def _look_at_sum(self, row: int, words: list[str]) -> None:
        """Amounts without a day: a sum, or a movement that lacks its day."""
        kind = kind_of_sum(words)
        if kind and (section := self._new_title(row, words)):
            self.sections.append(section)
        if kind == "total" and says_total(words) and not self.money.unreadable_in(row):
            self.totals.append(row)
        if kind == "opening" and self.money.net[row]:
            self.openings.append(row)
        elif kind or (not words and self._adds_up(row, self.day != NO_DAY)):
            return
        elif words and "account" not in self.body.fields and (section := titled_sum(row, words)):
            self.sections.append(section)
        elif self.money.net[row] or self._is_damaged(row):
            self.problems.append(self._without_day(row))

    def _new_title(self, row: int, words: list[str]) -> Section | None:
        """The title in a row of sums, where it names another account than the last one: its name may be TOTAL."""
        if "account" in self.body.fields or kind_of_sum(words[:1]):
            return None
        section = titled_sum(row, words)
        last = next((one.code for one in reversed(self.sections) if one.kind == "account"), "")
        return section if section and section.kind == "account" and section.code != last else None

    def _adds_up(self, row: int, counted: np.ndarray) -> bool:
        """Whether a row is the sum of those above it that count, from any of them on."""
        above = self.money.net[:row][counted[:row]]
        return bool(np.isin(self.money.net[row], np.cumsum(above[::-1]))) if len(above) else False

    def _without_day(self, row: int) -> Problem:
        column = self.body.cells(self.day_name) or ()
        cell = texts([column[row]])[0] if row < len(column) else ""
        if cell:
            text = msg("{column}: {text} is no date. Make it a date, such as 31/01/2026.",
                       column=self.body.heading(self.day_name), text=cell[:40])  # fmt: skip
            return self.body.problem("wrong_date", text, row, self.day_name)
        text = msg("This row has an amount and no date, and is no total: write its date, or take the row away.")
        return self.body.problem("line_without_date", text, row, self.day_name)

    def _dated_sums(self, rows: np.ndarray) -> np.ndarray:
        """Sums that bear a day: `Solde au 31/12` is none, where nothing else says that it is an entry."""
        label = self.body.cells("label")
        if label is None or not len(rows):
            return rows[:0]
        said = pa.array(texts(label), pa.string())
        found = rows[pc.match_substring_regex(said, _SUMS).to_numpy(zero_copy_only=False)[rows]]
        counted = self.day != NO_DAY
        counted[self.openings] = True
        dropped = []
        for row in (row for row in found.tolist() if not self._is_entry(row)):
            kind = kind_of_sum([said[row].as_py()])
            if kind == "opening":
                self.openings.append(row)
            elif kind and self._adds_up(row, counted):
                counted[row] = False
                dropped.append(row)
            elif kind:
                self.problems.append(self._doubtful_sum(row, said[row].as_py()))
        return np.array(dropped, np.int64)

    def _doubtful_sum(self, row: int, label: str) -> Problem:
        """`Total Énergies` is a customer too."""
        text = msg(
            "{label}: this row reads like a total, and is not the sum of the rows above it. Give it a piece if it is "
            "an entry; take it away if it is a total.",
            label=label[:40],
        )
        return self.body.problem("doubtful_sum", text, row, "label")

    def _is_entry(self, row: int) -> bool:
        columns = (self.body.cells(name) for name in _OF_A_MOVEMENT)
        return any(column is not None and column[row] != "" for column in columns)

    def _is_damaged(self, row: int) -> bool:
        """A movement of which neither day nor amount can be read: an entry where both hold digits, and no title."""
        wrong = [name for name, rows in self.money.wrong.items() if rows[row]]
        written = (texts([(self.body.cells(name) or ())[row]])[0] for name in (self.day_name, *wrong))
        return bool(wrong) and self._is_entry(row) and all(any(map(str.isdigit, text)) for text in written)

    def _blame(self, is_line: np.ndarray) -> None:
        """Movements whose amount cannot be read, or that fill both sides."""
        for name, wrong in self.money.wrong.items():
            rows = np.flatnonzero(wrong & is_line).tolist()
            self.problems += [self._wrong_amount(row, name) for row in rows[:_MOST]]
        for row in np.flatnonzero(self.money.both & is_line)[:_MOST].tolist():
            text = msg("Debit and credit are both filled: the difference counts.")
            self.problems.append(self.body.problem("both_sides", text, row, "debit", "warning"))

    def _wrong_amount(self, row: int, name: str) -> Problem:
        column = self.body.cells(name) or ()
        shown = {"column": self.body.heading(name), "text": texts([column[row]])[0][:40] or "''"}
        if name == "side":
            text = msg("{column}: {text} is neither D nor C, +1 nor -1.", **shown)
            return self.body.problem("wrong_side", text, row, name)
        if isinstance(column[row], float):
            text = msg("{column}: {text} has more than two decimals: round it to cents.", **shown)
            return self.body.problem("wrong_amount", text, row, name)
        text = msg("{column}: {text} is no amount. Write it as 1234,56.", **shown)
        return self.body.problem("wrong_amount", text, row, name)


def _above(body: Body) -> Iterator[Section]:
    """Titles above the headings: the account or customer of a whole sheet."""
    for row in body.sheet.rows[: body.header.first]:
        words = [text for text in texts([cell for cell in row if cell != ""]) if text]
        if words and len(words) <= _TITLE_CELLS and not kind_of_sum(words):
            section = section_of(-1, words, alone=False)
            if section and (section.kind == "account" or ":" in words[0]):  # `Client EXEMPLE` may be the firm's client
                yield section
