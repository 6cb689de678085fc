"""One batch of a FEC: every line checked, customers' lines kept, of the others what their entry needs (rule A5)."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.ledger import Counterpart, LedgerRules, is_opening_journal
from dunning_batch.reading.cells import NO_DAY, Bad, cents, classes, clean, cleaned, days, sides
from dunning_batch.reading.fec_columns import Header

KEPT_TEXTS = ("journal", "number", "account", "account_name", "customer", "customer_name", "label", "lettering")
_CUSTOMER, _ADVANCE, _BANK_CLASS = 1, 2, 3


@dataclass(slots=True)
class Entries:
    """What is known of the entries of a file: runs of neighbouring lines with one key. Arrays by run, per batch."""

    keys: list[pa.Array] = field(default_factory=list)
    flags: list[np.ndarray] = field(default_factory=list)  # bits of Counterpart
    net: list[np.ndarray] = field(default_factory=list)  # debit - credit in cents
    first: list[np.ndarray] = field(default_factory=list)  # row of the file
    count: int = 0


@dataclass(slots=True)
class Facts:
    """What is known of a file as a whole; days since 1970."""

    rows: int = 0
    first: int | None = None
    last: int | None = None
    last_bank: int | None = None
    has_opening: bool = False
    zero: int = 0
    excluded: int = 0
    only_customers: bool = True
    both_sides: list[int] = field(default_factory=list)  # rows
    bad: list[tuple[int, str, str]] = field(default_factory=list)  # (row, field, text)
    journals: dict[str, str] = field(default_factory=dict)  # code -> label


class BatchReader:
    """Takes the batches of one file in their order."""

    def __init__(self, header: Header, rules: LedgerRules) -> None:
        """For the columns of that header."""
        self.header, self.rules = header, rules
        self.facts, self.entries = Facts(), Entries()
        self.kept: list[pa.Table] = []
        self._opening: dict[tuple[str, str], bool] = {}

    def take(self, batch: pa.RecordBatch) -> None:
        """Check every line of a batch and keep what is needed of it."""
        count = batch.num_rows
        if not count:
            return
        texts = {name: batch.column(str(place)) for name, place in self.header.columns.items()}
        empty = pa.array([""] * count)
        amount = self._amounts(texts, count)
        opening, excluded = self._journals(texts, empty)
        kind = classes(texts["account"], self._kind)
        day = self._days(texts, (kind == _CUSTOMER) | (kind == _ADVANCE))
        self._note(day["date"], kind, opening, amount)
        run = self._runs(texts, empty, kind, amount)
        mask = ((kind == _CUSTOMER) | (kind == _ADVANCE)) & (amount != 0) & ~excluded
        self.facts.zero += int(np.count_nonzero(((kind == _CUSTOMER) | (kind == _ADVANCE)) & (amount == 0)))
        self.facts.excluded += int(np.count_nonzero(((kind == _CUSTOMER) | (kind == _ADVANCE)) & excluded))
        self._keep(
            texts, empty, mask, {"amount": amount, "opening": opening, "run": run, "advance": kind == _ADVANCE, **day}
        )
        self.facts.rows += count

    def _days(self, texts: dict[str, pa.Array], customers: np.ndarray) -> dict[str, np.ndarray]:
        """The days of every line; a piece or due date that is none matters on a customer line only."""
        none = np.full(len(customers), NO_DAY)
        found = {}
        for name in ("date", "piece_date", "due_date", "lettering_date"):
            bad: Bad = []
            found[name] = days(texts[name], bad, lenient=name == "lettering_date") if name in texts else none
            self._bad(name, bad if name == "date" else [(row, text) for row, text in bad if customers[row]])
        if "date" in texts:
            self._bad("date", [(row, "") for row in np.flatnonzero(found["date"] == NO_DAY).tolist()])
        return found

    def _amounts(self, texts: dict[str, pa.Array], count: int) -> np.ndarray:
        if "debit" in texts and "credit" in texts:
            debit, credit = self._cents(texts, "debit"), self._cents(texts, "credit")
            both = np.flatnonzero((debit != 0) & (credit != 0))
            self.facts.both_sides.extend((both + self.facts.rows).tolist())
            net: np.ndarray = debit - credit
            return net
        if "amount" not in texts:
            return np.zeros(count, np.int64)
        bad: Bad = []
        side = sides(texts["side"], bad)
        self._bad("side", bad)
        signed: np.ndarray = self._cents(texts, "amount") * side
        return signed

    def _cents(self, texts: dict[str, pa.Array], name: str) -> np.ndarray:
        bad: Bad = []
        found = cents(texts[name], bad)
        self._bad(name, bad)
        return found

    def _bad(self, name: str, bad: Bad) -> None:
        self.facts.bad.extend((self.facts.rows + row, name, text) for row, text in bad)

    def _journals(self, texts: dict[str, pa.Array], empty: pa.Array) -> tuple[np.ndarray, np.ndarray]:
        code = texts.get("journal", empty)
        label = texts.get("journal_label", code)
        pair = pc.dictionary_encode(pc.binary_join_element_wise(code, label, "\x1f"))
        opening, excluded = [], []
        for text in pair.dictionary.to_pylist():
            journal, name = (clean(part) for part in text.split("\x1f", 1))
            self.facts.journals.setdefault(journal, name)
            opening.append(is_opening_journal(journal, name, self.rules.opening_journals))
            excluded.append(journal in self.rules.excluded_journals)
        place = pair.indices.to_numpy()
        return np.array(opening)[place], np.array(excluded)[place]

    def _kind(self, account: str) -> int:
        """Customer 1, advance 2, bank 3, else the bits of Counterpart times 8."""
        if account.startswith(self.rules.advance_accounts or ("\0",)):
            return _ADVANCE
        if account.startswith(self.rules.customer_accounts):
            return _CUSTOMER
        if account.startswith("5"):
            return _BANK_CLASS
        if account.startswith("7"):
            return 8 * Counterpart.SALES
        return 8 * (Counterpart.VAT if account.startswith("4457") else Counterpart.OTHER)

    def _note(self, day: np.ndarray, kind: np.ndarray, opening: np.ndarray, amount: np.ndarray) -> None:
        facts = self.facts
        facts.has_opening = facts.has_opening or bool(opening.any())
        facts.only_customers = facts.only_customers and bool(((kind == _CUSTOMER) | (kind == _ADVANCE)).all())
        own = day[~opening & (day != NO_DAY)]
        if len(own):
            first, last = int(own.min()), int(own.max())
            facts.first = first if facts.first is None else min(first, facts.first)
            facts.last = last if facts.last is None else max(last, facts.last)
        bank = day[~opening & (kind == _BANK_CLASS) & (day != NO_DAY)]
        if len(bank):
            last = int(bank.max())
            facts.last_bank = last if facts.last_bank is None else max(last, facts.last_bank)

    def _runs(
        self, texts: dict[str, pa.Array], empty: pa.Array, kind: np.ndarray, amount: np.ndarray
    ) -> np.ndarray:
        """Number the runs of lines of one entry (journal, number, date, piece) and note what they stand on."""
        parts = [texts.get(name, empty) for name in ("journal", "number", "date", "piece")]
        starts = np.ones(len(kind), bool)
        starts[1:] = np.zeros(len(kind) - 1, bool)
        for part in parts:
            changed = pc.not_equal(part.slice(1), part.slice(0, len(part) - 1))
            starts[1:] |= changed.to_numpy(zero_copy_only=False)
        places = np.flatnonzero(starts)
        taken = pa.array(places)
        self.entries.keys.append(pc.binary_join_element_wise(*(part.take(taken) for part in parts), "\x1f"))
        flags = np.where(kind == _BANK_CLASS, int(Counterpart.BANK), kind >> 3).astype(np.uint8)
        self.entries.flags.append(np.bitwise_or.reduceat(flags, places))
        self.entries.net.append(np.add.reduceat(amount, places))
        self.entries.first.append(places + self.facts.rows)
        run: np.ndarray = np.cumsum(starts) - 1 + self.entries.count
        self.entries.count += len(places)
        return run

    def _keep(
        self, texts: dict[str, pa.Array], empty: pa.Array, mask: np.ndarray, numbers: dict[str, np.ndarray]
    ) -> None:
        rows = np.flatnonzero(mask)
        if not len(rows):
            return
        taken = pa.array(rows)
        columns = {name: cleaned(texts.get(name, empty).take(taken)) for name in (*KEPT_TEXTS, "piece")}
        if "invoice" in texts:
            columns["invoice"] = cleaned(texts["invoice"].take(taken))
        for name in ("journal", "account", "account_name", "customer", "customer_name"):
            columns[name] = columns[name].dictionary_encode()
        arrays = {name: pa.array(values[rows]) for name, values in numbers.items()}
        self.kept.append(pa.table({**columns, **arrays, "row": pa.array(rows + self.facts.rows)}))


def flags_of_entries(entries: Entries) -> tuple[np.ndarray, np.ndarray, np.ndarray, pa.Array]:
    """The entry of each run, and by entry what its lines stand on, its sum, and its key."""
    if not entries.keys:
        return (np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.int64), pa.array([], pa.string()))
    encoded = pa.chunked_array(entries.keys).combine_chunks().dictionary_encode()
    entry = encoded.indices.to_numpy().astype(np.int64)
    count = len(encoded.dictionary)
    flags, net = np.zeros(count, np.uint8), np.zeros(count, np.int64)
    np.bitwise_or.at(flags, entry, np.concatenate(entries.flags))
    np.add.at(net, entry, np.concatenate(entries.net))
    return entry, flags, net, encoded.dictionary


def unbalanced(entries: Entries, entry: np.ndarray, net: np.ndarray, keys: pa.Array) -> dict[int, int]:
    """Row of the first line of each entry that does not balance -> its difference in cents (fault 11).

    The pieces of one entry need not balance one by one: here an entry is a journal, a number and a date.
    """
    wrong = np.flatnonzero(net)
    if not len(wrong):
        return {}
    whole = [text.rpartition("\x1f")[0] for text in keys.take(pa.array(wrong)).to_pylist()]
    sums: dict[str, int] = defaultdict(int)
    for text, cents_of_part in zip(whole, net[wrong].tolist(), strict=True):
        sums[text] += cents_of_part
    place = dict(zip(wrong.tolist(), whole, strict=True))
    rows = np.concatenate(entries.first)
    found: dict[str, int] = {}
    for run in np.flatnonzero(np.isin(entry, wrong)).tolist():
        found.setdefault(place[int(entry[run])], int(rows[run]))
    return {row: sums[text] for text, row in found.items() if sums[text]}
