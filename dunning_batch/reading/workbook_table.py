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
        self.problems: list[Problem] = list(self.owners.problems)
        self.kept = self._kept()  # places in `owners.places`
        self.places = self.owners.places[self.kept]
        self.rows = moves.rows[self.places]
        self.cleaned = np.zeros(len(self.rows), bool)

    def table(self) -> Table:
        """Everything."""
        opening, entries = self._openings(), self._entries()
        bank = {account: account.startswith("5") for account in set(self.owners.account)}
        is_bank = np.array([bank[account] for account in self.owners.account], bool)
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
            is_out = np.array([text in excluded for text in self.body.texts_of("journal", rows)], bool)
        is_foreign = self._foreign(rows)
        wrong = any(problem.severity == "error" for problem in self.moves.problems)  # such amounts are 0 here
        self._say_left_out(rows, (net == 0) & (not wrong), is_out & ~is_foreign, net)
        return np.flatnonzero((net != 0) & ~is_out & ~is_foreign)

    def _frame(self, opening: np.ndarray, entries: Entries) -> "pd.DataFrame":
        owners, kept, entry = self.owners, self.kept.tolist(), entries.of_line[self.places]
        account = [owners.account[place] for place in self.places.tolist()]
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
                "code": self._strings(self._texts("lettering")),
                "piece": self._strings(self._pieces(label)),
                "account": self._category(account),
                "account_name": self._category([owners.account_name[place] for place in kept]),
                "auxiliary": self._category([owners.customer[place] for place in kept]),
                "auxiliary_name": self._category([owners.customer_name[place] for place in kept]),
                "journal": self._category(self._texts("journal")),
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
        name = next((name for name in ("journal", "journal_label") if name in self.body.fields), "label")
        cells = self.body.cells_of(name, self.moves.rows)
        named = self.body.cells_of("journal_label", self.moves.rows) if name == "journal" else None
        pairs = list(zip(cells or (), named or cells or (), strict=True))
        known = {pair: self._is_opening(name, *texts(pair)) for pair in set(pairs)}
        is_opening = np.array([known[pair] for pair in pairs] or np.zeros(len(self.moves.rows)), bool)
        found: np.ndarray = self.moves.opening | is_opening
        return found

    def _is_opening(self, name: str, first: str, second: str) -> bool:
        """What a journal's code and label say, or one of them alone, or the label of a line, if it is short."""
        code = first if name == "journal" else ""
        label = "" if second == code or (name == "label" and len(second) > _SHORT) else second
        return is_opening_journal(code, label, self.rules.opening_journals)

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
        known = {account: kind_of(account) for account in set(owners.account)}
        kinds = np.array([known[account] for account in owners.account], np.uint8)
        kinds[owners.is_customer] = 0
        nothing = [""] * len(rows)
        journal, number = body.cells_of("journal", rows) or nothing, body.cells_of("number", rows) or nothing
        piece = body.cells_of("piece" if "piece" in body.fields else "invoice", rows) or nothing
        if len(set(number)) < 2:
            number = nothing
        return entries_of(Keys(journal, number, self.moves.day, piece), self.moves.net, kinds)

    def _foreign(self, rows: np.ndarray) -> np.ndarray:
        """Lines in another currency: never added to euros (fault 19)."""
        if "currency" not in self.body.fields:
            return np.zeros(len(rows), bool)
        written = self.body.texts_of("currency", rows)
        known = {text: text.upper() not in _EURO for text in set(written)}
        is_foreign = np.array([known[text] for text in written], bool)
        for place in np.flatnonzero(is_foreign)[:_MOST].tolist():
            text = msg("This line is in {currency} and is left out: only euros are reminded.",
                       currency=written[place][:20])  # fmt: skip
            said = self.body.problem("foreign_currency", text, int(rows[place]), "currency", "warning")
            self.problems.append(said)
        return is_foreign

    def _say_left_out(self, rows: np.ndarray, zero: np.ndarray, is_out: np.ndarray, net: np.ndarray) -> None:
        count = int(zero.sum()) + self.moves.zero_rows
        if count:
            row = int(rows[zero][0]) if zero.any() else self.moves.first_zero
            text = msg("{count} customer lines of 0.00 are left out.", count=count)
            self.problems.append(self.body.problem("zero_lines", text, row, severity="notice"))
        if is_out.any():
            text = msg("{count} customer lines of excluded journals, {amount:money} in all, are left out.",
                       count=int(is_out.sum()), amount=int(net[is_out].sum()))  # fmt: skip
            row = int(rows[is_out][0])
            self.problems.append(self.body.problem("excluded_lines", text, row, severity="notice"))

    def _say_cleaned(self) -> None:
        rows = np.flatnonzero(self.cleaned)
        if len(rows):
            text = msg("Signs that cannot be seen (control characters, directions) were removed from {count} lines.",
                       count=len(rows))  # fmt: skip
            row = int(self.rows[rows[0]])
            self.problems.append(self.body.problem("control_characters", text, row, severity="notice"))

    def _clean(self, found: Sequence[str]) -> pa.Array:
        column, rows = seen(pa.array(found, pa.string()))
        self.cleaned[rows] = True
        return column

    def _strings(self, found: Sequence[str]) -> "pd.Series[str]":
        return pd.Series(pd.array(self._clean(found).cast(pa.large_string()), dtype="str"))

    def _category(self, found: Sequence[str]) -> "pd.Categorical":
        encoded = self._clean(found).dictionary_encode()
        return pd.Categorical.from_codes(
            encoded.indices.to_numpy(), categories=pd.Index(encoded.dictionary.to_pylist(), dtype="str")
        )


def _stamps(found: np.ndarray) -> np.ndarray:
    stamps = found.astype(np.int64).view("datetime64[D]").astype("datetime64[s]")
    stamps[found == NO_DAY] = np.datetime64("NaT")
    return stamps
