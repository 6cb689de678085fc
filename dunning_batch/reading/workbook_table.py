"""The movements of a sheet as the lines of a ledger (reading/part.py): customers' lines are kept (A1, A4, A5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from dunning_batch.core.ledger import PLACEHOLDERS, LedgerRules, is_opening_journal, piece_of
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.cells import NO_DAY
from dunning_batch.reading.texts import seen
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_coded import Coded, coded, combined
from dunning_batch.reading.workbook_entries import Entries, Keys, entries_of, kind_of
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_owners import Owners, owners_of
from dunning_batch.reading.workbook_values import Numbers, days, numbers_meant, texts

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

_EURO = frozenset({"", "EUR", "EURO", "EUROS", "€"})
_MOST = 200
_SHORT = 40  # signs of a label that may say "à nouveau" of its line


@dataclass(slots=True)
class Table:
    """Customers' lines, and what was left out."""

    lines: "pd.DataFrame"
    entries: Entries
    rows: np.ndarray  # of the body, one a line
    only_customers: bool
    last_bank: int = NO_DAY
    problems: list[Problem] = field(default_factory=list)


class TableMaker:
    """Makes the lines of one sheet."""

    def __init__(self, body: Body, moves: Moves, rules: LedgerRules) -> None:
        """Of these movements."""
        self.body, self.moves, self.rules = body, moves, rules
        self.owners: Owners = owners_of(body, moves, rules)
        self.journal = body.coded("journal", moves.rows)
        self.problems: list[Problem] = list(self.owners.problems)
        self.kept = self._kept()  # places in `owners.places`
        self.places = self.owners.places[self.kept]
        self.rows = moves.rows[self.places]
        self.cleaned = np.zeros(len(self.rows), bool)

    def table(self) -> Table:
        """Everything."""
        opening, entries = self._openings(), self._entries()
        is_bank = self.owners.account.numbers(lambda account: account.startswith("5"), np.bool_)
        last = self.moves.day[is_bank & ~opening]
        lines = self._frame(opening[self.places], entries)
        self._say_cleaned()
        return Table(lines, entries, self.rows, bool(self.owners.is_customer.all()),
                     int(last.max()) if len(last) else NO_DAY, self.problems)  # fmt: skip

    def _kept(self) -> np.ndarray:
        """Customers' lines that count: in euros, of no excluded journal, not of 0.00 (rule A3, fault 19)."""
        places = self.owners.places
        rows, net = self.moves.rows[places], self.moves.net[places]
        is_out = np.zeros(len(rows), bool)
        if excluded := set(self.rules.excluded_journals):
            journal = self.journal.at(places).as_texts()
            is_out = journal.numbers(lambda text: text in excluded, np.bool_)
        is_foreign = self._foreign(rows)
        wrong = any(problem.severity == "error" for problem in self.moves.problems)  # such amounts are 0 here
        self._say_left_out(rows, (net == 0) & (not wrong), is_out & ~is_foreign, net)
        return np.flatnonzero((net != 0) & ~is_out & ~is_foreign)

    def _frame(self, opening: np.ndarray, entries: Entries) -> "pd.DataFrame":
        owners, kept, entry = self.owners, self.kept, entries.of_line[self.places]
        label = self._texts("label")
        return pd.DataFrame(
            {
                "line": self.body.line_numbers(self.rows),
                "opening": opening,
                "advance": owners.is_advance[self.places],
                "amount": self.moves.net[self.places],
                "counterparts": np.where(opening, 0, entries.flags[self.places]).astype(np.uint8),
                "entry": entry,
                "run": entry.astype(np.int32),
                "date": _stamps(self.moves.day[self.places]),
                "piece_date": _stamps(self._days("piece_date")),
                "due": _stamps(self._days("due_date")),
                "code_date": _stamps(self._days("lettering_date", lenient=True)),
                "label": self._strings(label),
                "code": self._strings(self.body.coded("lettering", self.rows).as_texts().rows()),
                "piece": self._strings(self._pieces(label)),
                "account": self._category(owners.account.at(self.places)),
                "account_name": self._category(owners.account_name.at(kept)),
                "auxiliary": self._category(owners.customer.at(kept)),
                "auxiliary_name": self._category(owners.customer_name.at(kept)),
                "journal": self._category(self.journal.at(self.places).as_texts()),
            },
            copy=False,
        )

    def _texts(self, name: str) -> list[str]:
        return self.body.texts_of(name, self.rows)

    def _days(self, name: str, *, lenient: bool = False) -> np.ndarray:
        """A column of days; a cell that is none is an error (fault 10)."""
        kept = self.body.cells_of(name, self.rows)
        if kept is None:
            return np.full(len(self.rows), NO_DAY, np.int32)
        meant = numbers_meant(kept, range(len(kept)))
        meant = Numbers(meant.serials, meant.packed and not meant.serials)
        found, wrong = days(kept, meant, self.body.calendar)
        for place in [] if lenient else np.flatnonzero(wrong)[:_MOST].tolist():
            text = msg("{column}: {text} is no date. Make it a date, such as 31/01/2026.",
                       column=self.body.heading(name), text=texts([kept[place]])[0][:40])  # fmt: skip
            self.problems.append(self.body.problem("wrong_date", text, int(self.rows[place]), name))
        return found

    def _openings(self) -> np.ndarray:
        """Movements of opening journals (rule D1); without a column of journals their labels say it."""
        rows = self.moves.rows
        label = self.body.coded("journal_label", rows).as_texts()
        if not {"journal", "journal_label"} & self.body.fields.keys():
            label = self.body.coded("label", rows).as_texts()
            label = Coded(label.places, [text if len(text) < _SHORT else "" for text in label.cells])
        said = combined(self._opening, self.journal.as_texts(), label)
        is_opening = said.numbers(bool, np.bool_)
        found: np.ndarray = self.moves.opening | is_opening
        return found

    def _opening(self, code: str, label: str) -> str:
        """Something, where a journal or the label of a line says that it opens the books."""
        return "opening" if is_opening_journal(code, label, self.rules.opening_journals) else ""

    def _pieces(self, label: list[str]) -> list[str]:
        """The invoice's number, else the piece, else what the label or the entry number gives (rule A4)."""
        found = self._texts("piece")
        if "invoice" in self.body.fields:
            invoice = self._texts("invoice")
            found = [one if one not in PLACEHOLDERS else other for one, other in zip(invoice, found, strict=True)]
        without = [place for place, text in enumerate(found) if text in PLACEHOLDERS]
        if not without:
            return found
        pattern = re.compile(self.rules.piece_pattern) if self.rules.piece_pattern else None
        number = self._texts("number")
        one_number = len(set(number)) < 2 and len(number) > 1
        for place in without:
            found[place] = piece_of("", label[place], "" if one_number else number[place], pattern)
        return found

    def _entries(self) -> Entries:
        body, rows, owners = self.body, self.moves.rows, self.owners
        kinds = owners.account.numbers(kind_of, np.uint8)
        kinds[owners.is_customer] = 0
        number = body.coded("number", rows)
        if len(number.cells) < 2:
            number = coded(None, len(rows))
        piece = body.coded("piece" if "piece" in body.fields else "invoice", rows)
        return entries_of(Keys(self.journal, number, self.moves.day, piece), self.moves.net, kinds)

    def _foreign(self, rows: np.ndarray) -> np.ndarray:
        """Lines in another currency: never added to euros (fault 19)."""
        if "currency" not in self.body.fields:
            return np.zeros(len(rows), bool)
        written = self.body.coded("currency", rows).as_texts()
        is_foreign = written.numbers(lambda text: text.upper() not in _EURO, np.bool_)
        for place in np.flatnonzero(is_foreign)[:_MOST].tolist():
            text = msg("This line is in {currency} and is left out: only euros are reminded.",
                       currency=written.cells[written.places[place]][:20])  # fmt: skip
            said = self.body.problem("foreign_currency", text, int(rows[place]), "currency", "warning")
            self.problems.append(said)
        return is_foreign

    def _say_left_out(self, rows: np.ndarray, zero: np.ndarray, is_out: np.ndarray, net: np.ndarray) -> None:
        count = int(zero.sum()) + self.moves.zero_rows
        if count:
            row = int(rows[zero][0]) if zero.any() else self.moves.first_zero
            text = msg("Customer lines of 0.00 that are left out: {count}.", count=count)
            self.problems.append(self.body.problem("zero_lines", text, row, severity="notice"))
        if is_out.any():
            text = msg("Customer lines of excluded journals that are left out: {count}, {amount:money} in all.",
                       count=int(is_out.sum()), amount=int(net[is_out].sum()))  # fmt: skip
            row = int(rows[is_out][0])
            self.problems.append(self.body.problem("excluded_lines", text, row, severity="notice"))

    def _say_cleaned(self) -> None:
        rows = np.flatnonzero(self.cleaned)
        if len(rows):
            text = msg(
                "Lines from which signs that cannot be seen (control characters, directions) were removed: {count}.",
                count=len(rows),
            )
            row = int(self.rows[rows[0]])
            self.problems.append(self.body.problem("control_characters", text, row, severity="notice"))

    def _clean(self, found: Sequence[str]) -> pa.Array:
        column, rows = seen(pa.array(found, pa.string()))
        self.cleaned[rows] = True
        return column

    def _strings(self, found: Sequence[str]) -> "pd.Series[str]":
        return pd.Series(pd.array(self._clean(found).cast(pa.large_string()), dtype="str"))

    def _category(self, column: Coded) -> "pd.Categorical":
        """Texts that may be alike once they are cleaned."""
        clean, dirty = seen(pa.array(column.cells, pa.string()))
        self.cleaned |= np.isin(column.places, dirty)
        rank: dict[str, int] = {}
        places = np.array([rank.setdefault(text, len(rank)) for text in clean.to_pylist()], np.int32)
        return pd.Categorical.from_codes(places[column.places], categories=pd.Index(list(rank), dtype="str"))


def _stamps(found: np.ndarray) -> np.ndarray:
    stamps = found.astype(np.int64).view("datetime64[D]").astype("datetime64[s]")
    stamps[found == NO_DAY] = np.datetime64("NaT")
    return stamps
