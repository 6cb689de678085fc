"""What is said of a FEC that was read: wrong cells, entries that do not balance, what was left out (invariant I7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dunning_batch.errors import Message, Problem, Severity, Source, msg
from dunning_batch.reading.fec_columns import Header
from dunning_batch.reading.fec_gathering import Facts, Rows
from dunning_batch.reading.fec_runs import Entries
from dunning_batch.reading.tidying import line_numbers

_LISTED = 200  # lines that are listed one by one, of what is no error


class Numbered(Protocol):
    """Knows where the rows stand in the file."""

    def lines(self, rows: np.ndarray) -> np.ndarray:
        """The number of the line of each row."""
        ...


@dataclass(frozen=True, slots=True)
class Numbering:
    """From rows to the numbers of their lines in the file."""

    parsed: int  # rows that came in the order of the file
    taken_out: np.ndarray  # numbers of blank lines and lines of another width
    mended: np.ndarray  # numbers of the lines that came after those

    def lines(self, rows: np.ndarray) -> np.ndarray:
        """The number of the line of each row."""
        numbers = line_numbers(rows.astype(np.int64) + 2, self.taken_out)  # row 0 follows the header
        later = rows >= self.parsed
        if later.any():
            numbers[later] = self.mended[rows[later] - self.parsed]
        return numbers


@dataclass(frozen=True, slots=True)
class Notes:
    """Says it, with file and line."""

    shown: str
    header: Header
    numbering: Numbered

    def _at(self, row: int) -> Source:
        return Source(self.shown, int(self.numbering.lines(np.array([row]))[0]))

    def wrong_cells(self, bad: Rows) -> Iterator[Problem]:
        """Every cell that is no amount, date or side."""
        for row, name, cell in sorted(bad.first):
            yield self._wrong_cell(row, name, cell)
        if bad.count > len(bad.first):
            text = msg("More cells that are wrong like these: {count}.", count=bad.count - len(bad.first))
            yield Problem("more_wrong_cells", text, "error", Source(self.shown))

    def _wrong_cell(self, row: int, name: str, text: str) -> Problem:
        column = self.header.names[self.header.columns[name]]
        text = "".join(sign if sign.isprintable() else " " for sign in text[:40]) or "''"
        if name in {"debit", "credit", "amount"}:
            message = msg("{column}: {text} is no amount. Write it as 1234,56.", column=column, text=text)
            return Problem("wrong_amount", message, "error", self._at(row))
        if name == "side":
            message = msg("{column}: {text} is neither D nor C, +1 nor -1.", column=column, text=text)
            return Problem("wrong_side", message, "error", self._at(row))
        message = msg("{column}: {text} is no date. Write it as 20260131.", column=column, text=text)
        return Problem("wrong_date", message, "error", self._at(row))

    def unbalanced(self, entries: Entries, *, only_customers: bool) -> Iterator[Problem]:
        """Entries that do not balance, or once that their other lines are not there (fault 11)."""
        if only_customers and entries.unbalanced:
            text = msg("The file holds customer accounts only: what kind of entry a line belongs to is not known.")
            yield Problem("customers_only", text, "notice", Source(self.shown))
            return
        for one in entries.unbalanced[:_LISTED]:
            text = msg(
                "The entry {number} of the journal {journal} does not balance: debit less credit is "
                "{difference:money}.",
                number=one.number or "-",
                journal=one.journal or "-",
                difference=one.cents,
            )
            yield Problem("unbalanced_entry", text, "warning", self._at(one.row))
        if len(entries.unbalanced) > _LISTED:
            text = msg("More entries that do not balance: {count}.", count=len(entries.unbalanced) - _LISTED)
            yield Problem("unbalanced_entry", text, "warning", Source(self.shown))
        if entries.net:
            text = msg("The file does not balance: debit less credit is {difference:money}.", difference=entries.net)
            yield Problem("unbalanced_file", text, "warning", Source(self.shown))

    def left_out(self, facts: Facts) -> Iterator[Problem]:
        """Lines that do not count, or not as they stand (rule A3)."""
        for row, _, _ in facts.both_sides.first[:_LISTED]:
            text = msg("Debit and credit are both filled: the difference counts.")
            yield Problem("both_sides", text, "warning", self._at(row))
        if facts.both_sides.count > _LISTED:
            more = facts.both_sides.count - _LISTED
            text = msg("More lines where debit and credit are both filled: {count}.", count=more)
            yield Problem("both_sides", text, "warning", Source(self.shown))
        if facts.zero.count:
            text = msg("Customer lines of 0.00 that are left out: {count}.", count=facts.zero.count)
            yield self._from_first("zero_lines", text, facts.zero)
        if facts.excluded.count:
            text = msg(
                "Customer lines of excluded journals that are left out: {count}, {amount:money} in all.",
                count=facts.excluded.count,
                amount=facts.excluded_cents,
            )
            yield self._from_first("excluded_lines", text, facts.excluded)

    def _from_first(self, code: str, text: Message, rows: Rows, severity: Severity = "notice") -> Problem:
        return Problem(code, text, severity, self._at(rows.first[0][0]))

    def cleaned(self, lines: np.ndarray, nul_bytes: int) -> Iterator[Problem]:
        """Signs that were taken out of texts (fault 21)."""
        if len(lines):
            text = msg(
                "Lines from which signs that cannot be seen (control characters, directions) were removed: {count}.",
                count=len(lines),
            )
            yield Problem("control_characters", text, "notice", Source(self.shown, int(lines.min())))
        if nul_bytes:
            text = msg("{count} NUL bytes were removed: the file may be damaged.", count=nul_bytes)
            yield Problem("nul_bytes", text, "warning", Source(self.shown))
