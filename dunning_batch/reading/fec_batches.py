"""One batch of a FEC: every line checked, customers' lines kept, of the others what their entry needs (rules A3, A5).

Nothing here knows any other batch, so that batches can be looked at side by side.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.ledger import Counterpart, LedgerRules, is_opening_journal
from dunning_batch.reading.amounts import read_amounts
from dunning_batch.reading.cells import NO_DAY, Judged, days, sides
from dunning_batch.reading.fec_columns import Header
from dunning_batch.reading.texts import decoded, trimmed

KEPT_TEXTS = ("account", "account_name", "customer", "customer_name", "label", "lettering", "invoice")
KEPT_DAYS = ("piece_date", "due_date", "lettering_date")
_RUN_FIELDS = ("journal", "number", "date", "piece")
_CUSTOMER, _ADVANCE = 1, 2  # kinds of account; others are 4 times their bit of Counterpart
MOST = 1000  # faults of one kind that are listed one by one

Columns = dict[str, pa.Array]  # field -> texts as bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be understood."""

    header: Header
    rules: LedgerRules
    encoding: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Rows of a batch whose cell of one field is wrong."""

    field: str
    rows: np.ndarray
    texts: list[str]  # of the first ones


@dataclass(frozen=True, slots=True)
class RunsOfBatch:
    """Runs of neighbouring lines that have journal, number, date and piece in common; arrays by run."""

    start: np.ndarray  # row of the batch
    journal: np.ndarray  # index into `journals`
    journals: list[str]
    day: np.ndarray
    number: pa.Array
    piece: pa.Array
    opening: np.ndarray
    excluded: np.ndarray
    flags: np.ndarray  # bits of Counterpart
    net: np.ndarray  # debit - credit in cents


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen in a batch."""

    rows: int
    empty_rows: int
    only_customers: bool
    runs: RunsOfBatch
    kept: pa.Table  # customers' lines: texts and days as bytes, `amount`, `advance`, `run` and `row` of the batch
    wrong: tuple[Wrong, ...]
    both_sides: np.ndarray  # rows, as the next two
    zero: np.ndarray
    excluded: np.ndarray
    excluded_cents: int


def look_at(batch: pa.RecordBatch, layout: Layout) -> Look:
    """Check every line of a batch that is not empty. Its columns are binary, named by their place."""
    names = set(batch.schema.names)
    places = {name: str(place) for name, place in layout.header.columns.items()}
    columns = {name: batch.column(place) for name, place in places.items() if place in names}
    return _Batch(columns, batch.num_rows, layout).look()


class _Batch:
    """A batch being looked at."""

    def __init__(self, columns: Columns, count: int, layout: Layout) -> None:
        self.columns, self.count, self.layout = columns, count, layout
        self.wrong: list[Wrong] = []
        self.empty_rows = 0
        self.both_sides = np.zeros(0, np.int64)

    def look(self) -> Look:
        """Everything that is to be known of it."""
        amount = self._amounts()
        kind = Judged(self.columns["account"], self.layout.encoding, self._kind).array(int, np.uint8)
        start = _starts(self.columns, self.count)
        run = np.repeat(np.arange(len(start), dtype=np.int32), np.diff(np.append(start, self.count)))
        runs = self._runs(start, run, kind, amount)
        ours = (kind == _CUSTOMER) | (kind == _ADVANCE)
        is_out = runs.excluded[run] if runs.excluded.any() else np.zeros(self.count, bool)
        rows = np.flatnonzero(ours & (amount != 0) & ~is_out)
        self._check_other_days(rows)
        kept = self._kept(rows, {"amount": amount, "run": run, "advance": kind == _ADVANCE})
        return Look(
            self.count, self.empty_rows, bool(ours.all()), runs, kept, tuple(self.wrong), self.both_sides,
            np.flatnonzero(ours & (amount == 0) & ~is_out), np.flatnonzero(ours & is_out),
            int(amount[ours & is_out].sum()),
        )  # fmt: skip

    def _amounts(self) -> np.ndarray:
        """Debit less credit of each line, whatever the layout (rule A3)."""
        if "debit" in self.columns and "credit" in self.columns:
            debit, credit = self._cents("debit"), self._cents("credit")
            self.both_sides = np.flatnonzero((debit != 0) & (credit != 0))
            net: np.ndarray = debit - credit
            return net
        amount = self._cents("amount")
        if "side" not in self.columns:
            return amount
        side, wrong = sides(self.columns["side"], self.layout.encoding)
        self._blame("side", wrong)
        signed: np.ndarray = amount * side
        return signed

    def _cents(self, name: str) -> np.ndarray:
        cents, wrong = read_amounts(decoded(self.columns[name], self.layout.encoding))
        self._blame(name, wrong)
        return cents

    def _blame(self, name: str, rows: np.ndarray) -> None:
        """Rows whose cell is wrong; a line with nothing on it is no line."""
        if not len(rows):
            return
        filled = np.zeros(len(rows), bool)
        for column in self.columns.values():
            filled |= pc.binary_length(column.take(pa.array(rows))).to_numpy() > 0
        if name == "date":
            self.empty_rows += int(np.count_nonzero(~filled))
        first = self.columns[name].take(pa.array(rows[filled][:MOST]))
        self.wrong.append(Wrong(name, rows[filled], decoded(first, self.layout.encoding).to_pylist()))

    def _kind(self, account: str) -> int:
        rules = self.layout.rules
        if account.startswith(rules.advance_accounts):
            return _ADVANCE
        if account.startswith(rules.customer_accounts):
            return _CUSTOMER
        if account.startswith("5"):
            return 4 * Counterpart.BANK
        if account.startswith("7"):
            return 4 * Counterpart.SALES
        return 4 * (Counterpart.VAT if account.startswith("4457") else Counterpart.OTHER)

    def _runs(self, start: np.ndarray, run: np.ndarray, kind: np.ndarray, amount: np.ndarray) -> RunsOfBatch:
        taken, wanted = pa.array(start), (*_RUN_FIELDS, "journal_label")
        first = {name: column.take(taken) for name, column in self.columns.items() if name in wanted}
        day, _ = days(first["date"], self.layout.encoding)
        if len(missing := np.flatnonzero(day == NO_DAY)):
            self._blame("date", np.flatnonzero(np.isin(run, missing)))
        journal, opening, excluded = self._journals(first, len(start))
        number, piece = (
            trimmed(decoded(first[name], self.layout.encoding)) if name in first else pa.repeat("", len(start))
            for name in ("number", "piece")
        )
        flags, net = np.bitwise_or.reduceat(kind >> 2, start), np.add.reduceat(amount, start)
        return RunsOfBatch(start, journal.place, journal.texts, day, number, piece, opening, excluded, flags, net)

    def _journals(self, first: Columns, count: int) -> tuple[Judged[bool], np.ndarray, np.ndarray]:
        """The journals of the runs; which runs stand in an opening journal, and which in an excluded one."""
        empty, rules = pa.repeat(b"", count), self.layout.rules
        code = Judged(first.get("journal", empty), self.layout.encoding, rules.excluded_journals.__contains__)
        label = Judged(first.get("journal_label", empty), self.layout.encoding, bool)
        pair = code.place.astype(np.int64) * len(label.texts) + label.place
        is_opening = np.zeros(len(code.texts) * len(label.texts), bool)
        for number in np.flatnonzero(np.bincount(pair)).tolist():
            one, other = divmod(number, len(label.texts))
            is_opening[number] = is_opening_journal(code.texts[one], label.texts[other], rules.opening_journals)
        return code, is_opening[pair], code.array(int, bool)

    def _check_other_days(self, rows: np.ndarray) -> None:
        """Of customers' lines only: real ledgers hold placeholders such as 19000101 where nobody looks."""
        for name in ("piece_date", "due_date"):
            if name in self.columns and len(rows):
                self._blame(name, rows[days(self.columns[name].take(pa.array(rows)), self.layout.encoding)[1]])

    def _kept(self, rows: np.ndarray, numbers: dict[str, np.ndarray]) -> pa.Table:
        """Customers' lines as they stand: texts are looked at once for many batches."""
        taken, empty = pa.array(rows), pa.repeat(b"", len(rows))
        names = (*KEPT_TEXTS, *KEPT_DAYS)
        texts = {name: self.columns[name].take(taken) if name in self.columns else empty for name in names}
        return pa.table(texts | {name: pa.array(column[rows]) for name, column in numbers.items()} | {"row": taken})


def _starts(columns: Columns, count: int) -> np.ndarray:
    """Where a run begins: a line that has another journal, number, date or piece than the one before."""
    is_start = np.ones(count, bool)
    is_start[1:] = False
    for name in _RUN_FIELDS:
        if name in columns:
            changed = pc.not_equal(columns[name].slice(1), columns[name].slice(0, count - 1))
            is_start[1:] |= changed.to_numpy(zero_copy_only=False)
    return np.flatnonzero(is_start)
