"""The entries of a FEC (rule A6): what their lines stand on (rule A5), whether they balance (fault 11)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from dunning_batch.reading.fec_batches import RunsOfBatch
from dunning_batch.reading.texts import bytes_of

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

_LONGEST_NUMBER = 15  # digits


@dataclass(slots=True)
class Runs:
    """The runs of all batches; arrays by run, one a batch. Most entries are one run."""

    journal: list[np.ndarray] = field(default_factory=list)  # rank in `journals`
    day: list[np.ndarray] = field(default_factory=list)
    number: list[pa.Array] = field(default_factory=list)
    piece: list[pa.Array] = field(default_factory=list)
    opening: list[np.ndarray] = field(default_factory=list)
    flags: list[np.ndarray] = field(default_factory=list)  # bits of Counterpart
    net: list[np.ndarray] = field(default_factory=list)  # debit - credit in cents
    first: list[np.ndarray] = field(default_factory=list)  # row of the file
    journals: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add(self, batch: RunsOfBatch, start: int) -> None:
        """The runs of the next batch, which begins at that row of the file."""
        ranks = [self.journals.setdefault(text, len(self.journals)) for text in batch.journals]
        self.journal.append(np.array(ranks, np.int32)[batch.journal])
        self.first.append((batch.start + start).astype(np.int32))
        for name in ("day", "number", "piece", "opening", "flags", "net"):
            getattr(self, name).append(getattr(batch, name))
        self.count += len(batch.start)


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """An entry whose debits are not its credits."""

    row: int  # of its first line
    journal: str
    number: str
    cents: int


@dataclass(frozen=True, slots=True)
class Entries:
    """The runs of a file as entries."""

    of_run: np.ndarray
    flags: np.ndarray  # by entry
    unbalanced: tuple[Unbalanced, ...]  # in the order of the file
    net: int
    journal: np.ndarray  # by run, as the next three
    day: np.ndarray
    opening: np.ndarray
    number: pa.Array
    piece: pa.Array
    journals: tuple[str, ...]
    one_number: bool  # the entry number is the same on every line


def entries_of(runs: Runs) -> Entries:
    """All runs as entries; the number of an entry is that of its first run."""
    number, piece = (pa.chunked_array(part, pa.string()).combine_chunks() for part in (runs.number, runs.piece))
    runs.number.clear()
    runs.piece.clear()
    journal, day = _whole(runs.journal, np.int32), _whole(runs.day, np.int32)
    opening, net = _whole(runs.opening, bool), _whole(runs.net, np.int64)
    numbers = _ranks(number)
    # The pieces of one entry need not balance one by one: for its balance, an entry is a journal, number and day.
    booked, shared = _first_alike(_joined(numbers, _joined(journal, day)))
    of_run = booked.copy()
    if len(shared):
        pieces = piece.take(pa.array(shared)).dictionary_encode().indices.to_numpy()
        of_run[shared] = shared[_first_alike(_joined(booked[shared], pieces))[0]]
    flags = np.zeros(len(of_run), np.uint8)
    np.bitwise_or.at(flags, of_run, _whole(runs.flags, np.uint8))
    journals = tuple(runs.journals)
    unbalanced = _unbalanced(_whole(runs.first, np.int32), booked, net, number, (journal, journals))
    return Entries(
        of_run, flags, unbalanced, int(net.sum()), journal, day, opening, number, piece, journals,
        one_number=len(numbers) == 0 or int(numbers.min()) == int(numbers.max()),
    )  # fmt: skip


def _whole(parts: list[np.ndarray], kind: type) -> np.ndarray:
    whole = np.concatenate(parts) if parts else np.zeros(0, kind)
    parts.clear()
    return whole


def _ranks(column: pa.Array) -> np.ndarray:
    """A number for each text, the same for equal ones only: the one that it writes, if all write one."""
    offsets, data = bytes_of(column)
    lengths = np.diff(offsets)
    in_range = len(data) and lengths.min() > 0 and lengths.max() <= _LONGEST_NUMBER
    if in_range and ((data - np.uint8(48)) <= 9).all() and (data[offsets[:-1]] != ord("0")).all():  # 7 is not 007
        written: np.ndarray = column.cast(pa.int64()).to_numpy()
        return written
    ranks: np.ndarray = column.dictionary_encode().indices.to_numpy()
    return ranks


def _joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A number for each pair, the same for equal ones only."""
    if not len(other):
        return np.zeros(0, np.int64)
    width = int(other.max()) - int(other.min()) + 1
    if (int(one.max()) + 1) * width >= 1 << 62:
        one, other = pd.factorize(one)[0], pd.factorize(other)[0]
        width = len(other)
    return one.astype(np.int64) * width + (other.astype(np.int64) - int(other.min()))


def _first_alike(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of the first key that equals each one, and the places of those that are not alone. Most are alone."""
    first = np.arange(len(keys), dtype=np.int32)
    ordered = np.sort(keys, kind="stable")  # as quick as it gets where entries are numbered as they come
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return first, np.zeros(0, np.int64)
    shared = np.flatnonzero(pd.Index(keys).isin(twice))
    _, places, number = np.unique(keys[shared], return_index=True, return_inverse=True)
    first[shared] = shared[places[number]]
    return first, shared


def _unbalanced(
    rows: np.ndarray,
    booked: np.ndarray,
    net: np.ndarray,
    number: pa.Array,
    journals: tuple[np.ndarray, tuple[str, ...]],
) -> tuple[Unbalanced, ...]:
    """Entries that do not balance, in the order of the file.

    Args:
        rows: The first row of each run.
        booked: The first run of its entry.
        net: Debit less credit in cents.
        number: Entry number.
        journals: Rank of the journal; the journals by rank.
    """
    sums = np.zeros(len(net), np.int64)
    np.add.at(sums, booked, net)
    wrong = np.flatnonzero(sums)
    wrong = wrong[np.argsort(rows[wrong], kind="stable")]
    names = [journals[1][rank] for rank in journals[0][wrong].tolist()]
    numbers = number.take(pa.array(wrong)).to_pylist()
    cells = zip(rows[wrong].tolist(), names, numbers, sums[wrong].tolist(), strict=True)
    return tuple(Unbalanced(*cell) for cell in cells)


def entry_texts(entries: Entries) -> Callable[[np.ndarray], list[str]]:
    """Journal, number, date and piece of runs as one text each: equal in two files that share an entry (rule D1)."""

    def texts(runs: np.ndarray) -> list[str]:
        taken = pa.array(runs)
        parts = zip(entries.journal[runs].tolist(), entries.number.take(taken).to_pylist(),
                    entries.day[runs].tolist(), entries.piece.take(taken).to_pylist(), strict=True)  # fmt: skip
        return [f"{entries.journals[journal]}\x1f{number}\x1f{day}\x1f{piece}" for journal, number, day, piece in parts]

    return texts
