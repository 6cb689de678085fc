"""The batches of a FEC, put together in their order."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from dunning_batch.core.ledger import Counterpart
from dunning_batch.reading.cells import NO_DAY, days
from dunning_batch.reading.fec_batches import KEPT_DAYS, KEPT_TEXTS, MOST, Look, RunsOfBatch
from dunning_batch.reading.fec_runs import Runs
from dunning_batch.reading.texts import decoded, trimmed

_ALIKE = frozenset(KEPT_TEXTS) - {"label", "invoice"}  # few distinct texts
_GATHERED = 5  # batches whose customers' lines are looked at in one go


@dataclass(slots=True)
class Rows:
    """Rows of one kind: how many, and the first of them."""

    count: int = 0
    first: list[tuple[int, str, str]] = field(default_factory=list)  # (row of the file, field, text)

    def add(self, rows: np.ndarray, start: int, name: str = "", texts: list[str] | None = None) -> None:
        """Rows of a batch that begins at `start`, and the texts of one of their columns."""
        self.count += len(rows)
        room = max(MOST - len(self.first), 0)
        shown = texts if texts is not None else [""] * room
        self.first += [(start + row, name, text) for row, text in zip(rows[:room].tolist(), shown, strict=False)]


@dataclass(slots=True)
class Facts:
    """What is known of a file as a whole; days since 1970."""

    rows: int = 0
    empty_rows: int = 0
    first: int | None = None
    last: int | None = None
    last_bank: int | None = None
    has_opening: bool = False
    only_customers: bool = True
    excluded_cents: int = 0
    zero: Rows = field(default_factory=Rows)
    excluded: Rows = field(default_factory=Rows)
    both_sides: Rows = field(default_factory=Rows)
    bad: Rows = field(default_factory=Rows)


class Gathering:
    """What was seen in the batches so far."""

    def __init__(self, encoding: str) -> None:
        """For texts of that encoding."""
        self._encoding = encoding
        self.facts, self.runs = Facts(), Runs()
        self._kept: list[pa.Table] = []
        self._gathered: list[pa.Table] = []

    def add(self, look: Look) -> None:
        """The next batch."""
        facts, start = self.facts, self.facts.rows
        for wrong in look.wrong:
            facts.bad.add(wrong.rows, start, wrong.field, wrong.texts)
        for name in ("both_sides", "zero", "excluded"):
            getattr(facts, name).add(getattr(look, name), start)
        facts.excluded_cents += look.excluded_cents
        facts.only_customers = facts.only_customers and look.only_customers
        self._note_days(look.runs)
        if look.kept.num_rows:
            self._keep(look.kept, start)
        self.runs.add(look.runs, start)
        facts.rows, facts.empty_rows = facts.rows + look.rows, facts.empty_rows + look.empty_rows

    def _note_days(self, runs: RunsOfBatch) -> None:
        facts = self.facts
        facts.has_opening = facts.has_opening or bool(runs.opening.any())
        is_own = ~runs.opening & (runs.day != NO_DAY)
        if len(own := runs.day[is_own]):
            facts.first = min(int(own.min()), int(own.min()) if facts.first is None else facts.first)
            facts.last = max(int(own.max()), int(own.max()) if facts.last is None else facts.last)
        if len(bank := runs.day[is_own & (runs.flags & Counterpart.BANK != 0)]):
            facts.last_bank = max(int(bank.max()), int(bank.max()) if facts.last_bank is None else facts.last_bank)

    def _keep(self, kept: pa.Table, start: int) -> None:
        for name, before in (("run", self.runs.count), ("row", start)):
            shifted = (kept.column(name).to_numpy() + before).astype(np.int32)
            kept = kept.set_column(kept.schema.get_field_index(name), name, pa.array(shifted))
        self._kept.append(kept)
        if len(self._kept) >= _GATHERED:
            self._look_at_texts()

    def _look_at_texts(self) -> None:
        """Decode and trim the texts of some batches; one dictionary for all of them."""
        if not self._kept:
            return
        table = pa.concat_tables(self._kept)
        self._kept.clear()
        columns = {name: table.column(name).combine_chunks() for name in table.column_names}
        for name in KEPT_TEXTS:
            columns[name] = self._looked_at(columns[name], alike=name in _ALIKE)
        for name in KEPT_DAYS:
            columns[name] = pa.array(days(columns[name], self._encoding)[0])
        self._gathered.append(pa.table(columns))

    def _looked_at(self, column: pa.Array, *, alike: bool) -> pa.Array:
        if not alike:
            return trimmed(decoded(column, self._encoding))
        encoded = column.dictionary_encode()
        dictionary = trimmed(decoded(encoded.dictionary, self._encoding))
        return pa.DictionaryArray.from_arrays(encoded.indices, dictionary)

    def lines(self) -> pa.Table | None:
        """The customers' lines of all batches; afterwards they are no longer kept here."""
        self._look_at_texts()
        parts, self._gathered = self._gathered, []
        return pa.concat_tables(parts).unify_dictionaries() if parts else None
