"""The movements of a sheet as the lines of a ledger (reading/part.py): customers' lines are kept (A1, A4, A5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
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

_EURO = frozenset({"", "EUR", "EURO", "EUROS", "€"})
_MOST = 200


@dataclass(slots=True)
class Table:
    """Customers' lines, and what was left out."""

    lines: pd.DataFrame
    entries: Entries
    rows: np.ndarray  # of the body, one a line
    only_customers: bool
    last_bank: int = NO_DAY
    problems: list[Problem] = field(default_factory=list)


class TableMaker:
    """Makes the lines of one sheet."""

    def __init__(self, body: Body, moves: Moves, rules: LedgerRules, *, epoch_1904: bool) -> None:
        """Of these movements."""
        self.body, self.moves, self.rules = body, moves, rules
        self.epoch_1904 = epoch_1904
        self.owners: Owners = owners_of(body, moves, rules)
        self.problems: list[Problem] = list(self.owners.problems)
        self.cleaned = np.zeros(len(moves.rows), bool)

    def table(self) -> Table:
        """Everything."""
        moves, owners = self.moves, self.owners
        journal, label = self._texts("journal"), self._texts("label")
        opening = moves.opening | self._openings(journal, label)
        pieces = self._pieces(label)
        entries = self._entries(journal, pieces)
        is_out = np.isin(np.array(journal, object), list(self.rules.excluded_journals))
        foreign = self._foreign()
        kept = owners.is_customer & (moves.net != 0) & ~is_out & ~foreign
        self._say_left_out(owners.is_customer, is_out & ~foreign)
        places = np.flatnonzero(kept)
        lines = self._frame(places, opening, journal, label, pieces, entries)
        bank = moves.day[np.array([account.startswith("5") for account in owners.account], bool) & ~opening]
        self._say_cleaned(places)
        return Table(
            lines, entries, moves.rows[places], bool(owners.is_customer.all()),
            int(bank.max()) if len(bank) else NO_DAY, self.problems,
        )  # fmt: skip

    def _frame(
        self, places: np.ndarray, opening: np.ndarray, journal: list[str], label: list[str], pieces: list[str],
        entries: Entries,
    ) -> pd.DataFrame:  # fmt: skip
        owners, moves = self.owners, self.moves
        opened = opening[places]
        entry = entries.of_line[places]
        return pd.DataFrame(
            {
                "line": self.body.line_numbers(moves.rows[places]),
                "opening": opened,
                "advance": owners.is_advance[places],
                "amount": moves.net[places],
                "counterparts": np.where(opened, 0, entries.flags[places]).astype(np.uint8),
                "entry": entry,
                "run": entry.astype(np.int32),
                "date": _stamps(moves.day[places]),
                "piece_date": _stamps(self._days("piece_date", places)),
                "due": _stamps(self._days("due_date", places)),
                "code_date": _stamps(self._days("lettering_date", places, lenient=True)),
                "label": self._strings(label, places),
                "code": self._strings(self._texts("lettering"), places),
                "piece": self._strings(pieces, places),
                "account": self._category(owners.account, places),
                "account_name": self._category(owners.account_name, places),
                "auxiliary": self._category(owners.customer, places),
                "auxiliary_name": self._category(owners.customer_name, places),
                "journal": self._category(journal, places),
            },
            copy=False,
        )

    def _cells(self, name: str) -> list[object] | None:
        column = self.body.cells(name)
        return None if column is None else [column[row] for row in self.moves.rows.tolist()]

    def _texts(self, name: str) -> list[str]:
        cells = self._cells(name)
        return [""] * len(self.moves.rows) if cells is None else texts(cells)

    def _days(self, name: str, places: np.ndarray, *, lenient: bool = False) -> np.ndarray:
        """A column of days; a cell that is none is an error (fault 10)."""
        cells = self._cells(name)
        if cells is None:
            return np.full(len(places), NO_DAY, np.int32)
        kept = [cells[place] for place in places.tolist()]
        meant = numbers_meant(kept, range(len(kept)))
        meant = Numbers(meant.serials, meant.packed and not meant.serials)
        found, wrong = days(kept, meant, epoch_1904=self.epoch_1904)
        for place in [] if lenient else np.flatnonzero(wrong)[:_MOST].tolist():
            row = int(self.moves.rows[places[place]])
            text = msg("{column}: {text} is no date. Make it a date, such as 31/01/2026.",
                       column=self.body.heading(name), text=texts([kept[place]])[0][:40])  # fmt: skip
            self.problems.append(self.body.problem("wrong_date", text, row, name))
        return found

    def _openings(self, journal: list[str], label: list[str]) -> np.ndarray:
        """Lines of opening journals (rule D1); without a column of journals their labels say it."""
        named = self._texts("journal_label")
        if "journal" not in self.body.fields and "journal_label" not in self.body.fields:
            named = [text if len(text) < 40 else "" for text in label]
        pairs = list(zip(journal, named, strict=True))
        known = {pair: is_opening_journal(*pair, self.rules.opening_journals) for pair in set(pairs)}
        return np.array([known[pair] for pair in pairs], bool)

    def _pieces(self, label: list[str]) -> list[str]:
        """The invoice's number, else the piece, else what the label or the entry number gives (rule A4)."""
        invoice, piece, number = self._texts("invoice"), self._texts("piece"), self._texts("number")
        found = [one if one not in PLACEHOLDERS else other for one, other in zip(invoice, piece, strict=True)]
        pattern = re.compile(self.rules.piece_pattern) if self.rules.piece_pattern else None
        one_number = len(set(number)) < 2 and len(number) > 1
        for place, text in enumerate(found):
            if text in PLACEHOLDERS:
                found[place] = piece_of("", label[place], "" if one_number else number[place], pattern)
        return found

    def _entries(self, journal: list[str], pieces: list[str]) -> Entries:
        owners = self.owners
        known = {account: kind_of(account) for account in set(owners.account)}
        kinds = np.array([known[account] for account in owners.account], np.uint8)
        kinds[owners.is_customer] = 0
        number = self._texts("number")
        if len(set(number)) < 2:
            number = [""] * len(number)
        return entries_of(Keys(journal, number, self.moves.day, pieces), self.moves.net, kinds)

    def _foreign(self) -> np.ndarray:
        """Lines in another currency: never added to euros (fault 19)."""
        is_foreign = np.array([text.upper() not in _EURO for text in self._texts("currency")], bool)
        is_foreign &= self.owners.is_customer
        for place in np.flatnonzero(is_foreign)[:_MOST].tolist():
            row = int(self.moves.rows[place])
            text = msg("This line is in {currency} and is left out: only euros are reminded.",
                       currency=self._texts("currency")[place][:20])  # fmt: skip
            self.problems.append(self.body.problem("foreign_currency", text, row, "currency", "warning"))
        return is_foreign

    def _say_left_out(self, is_customer: np.ndarray, is_out: np.ndarray) -> None:
        wrong = any(problem.severity == "error" for problem in self.moves.problems)  # such amounts are 0 here
        zero = np.flatnonzero(is_customer & (self.moves.net == 0) & (not wrong))
        count = len(zero) + self.moves.zero_rows
        if count:
            row = int(self.moves.rows[zero[0]]) if len(zero) else self.moves.first_zero
            text = msg("{count} customer lines of 0.00 are left out.", count=count)
            self.problems.append(self.body.problem("zero_lines", text, row, severity="notice"))
        out = np.flatnonzero(is_customer & is_out)
        if len(out):
            text = msg("{count} customer lines of excluded journals, {amount:money} in all, are left out.",
                       count=len(out), amount=int(self.moves.net[out].sum()))  # fmt: skip
            row = int(self.moves.rows[out[0]])
            self.problems.append(self.body.problem("excluded_lines", text, row, severity="notice"))

    def _say_cleaned(self, places: np.ndarray) -> None:
        rows = np.flatnonzero(self.cleaned)
        if len(rows):
            text = msg("Signs that cannot be seen (control characters, directions) were removed from {count} lines.",
                       count=len(rows))  # fmt: skip
            row = int(self.moves.rows[places[rows[0]]])
            self.problems.append(self.body.problem("control_characters", text, row, severity="notice"))

    def _clean(self, found: Sequence[str], places: np.ndarray) -> pa.Array:
        column, rows = seen(pa.array([found[place] for place in places.tolist()], pa.string()))
        self.cleaned[rows] = True
        return column

    def _strings(self, found: Sequence[str], places: np.ndarray) -> "pd.Series[str]":
        return pd.Series(pd.array(self._clean(found, places).cast(pa.large_string()), dtype="str"))

    def _category(self, found: Sequence[str], places: np.ndarray) -> pd.Categorical:
        encoded = self._clean(found, places).dictionary_encode()
        return pd.Categorical.from_codes(
            encoded.indices.to_numpy(), categories=pd.Index(encoded.dictionary.to_pylist(), dtype="str")
        )


def _stamps(found: np.ndarray) -> np.ndarray:
    stamps = found.astype(np.int64).view("datetime64[D]").astype("datetime64[s]")
    stamps[found == NO_DAY] = np.datetime64("NaT")
    return stamps
