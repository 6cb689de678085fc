"""The customer lines of a FEC as a table (reading/part.py), their pieces found (rule A4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.ledger import PLACEHOLDERS, piece_of
from dunning_batch.reading.cells import NO_DAY
from dunning_batch.reading.fec_runs import Entries
from dunning_batch.reading.texts import seen

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

_CATEGORIES = {"account": "account", "account_name": "account_name", "auxiliary": "customer",
               "auxiliary_name": "customer_name"}  # fmt: skip
_DAYS = {"piece_date": "piece_date", "due": "due_date", "code_date": "lettering_date"}


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, and which of them had signs that cannot be seen."""

    lines: "pd.DataFrame"
    cleaned: np.ndarray


def table_of(
    kept: pa.Table | None, entries: Entries, line_numbers: Callable[[np.ndarray], np.ndarray], piece_pattern: str
) -> Table:
    """The lines in the order of the file.

    Args:
        kept: The customers' lines.
        entries: Of all lines.
        line_numbers: From rows to numbers of lines.
        piece_pattern: A regular expression with one group, or nothing.
    """
    if kept is None:
        return Table(_empty(), np.zeros(0, np.int64))
    columns = {name: kept.column(name) for name in kept.column_names}
    del kept  # each column is let go once it is copied
    numbers, run = line_numbers(columns.pop("row").to_numpy()), columns.pop("run").to_numpy()
    cleaner = _Cleaner(len(run))
    opening, entry = entries.opening[run], entries.of_run[run].astype(np.int64)
    label = cleaner.text(_one(columns.pop("label")))
    pieces = _pieces(_one(columns.pop("invoice")), entries, run, label, piece_pattern)
    lines: dict[str, object] = {
        "line": numbers,
        "opening": opening,
        "advance": columns.pop("advance").to_numpy(),
        "amount": columns.pop("amount").to_numpy(),
        "counterparts": np.where(opening, 0, entries.flags[entry]).astype(np.uint8),
        "entry": entry,
        "run": run,
        "date": _stamps(entries.day[run]),
        **{name: _stamps(columns.pop(column).to_numpy()) for name, column in _DAYS.items()},
        "label": _strings(label),
        "code": cleaner.alike(_one(columns.pop("lettering"))),
        "piece": _strings(cleaner.text(pieces)),
        **{name: cleaner.alike(_one(columns.pop(column))) for name, column in _CATEGORIES.items()},
        "journal": _category(entries.journal[run], list(entries.journals)),
    }
    frame = pd.DataFrame(lines, copy=False)
    if not frame["line"].is_monotonic_increasing:
        frame = frame.sort_values("line", kind="stable", ignore_index=True)
    return Table(frame, numbers[cleaner.rows])


class _Cleaner:
    """Takes signs that cannot be seen out of columns and remembers the rows."""

    def __init__(self, count: int) -> None:
        self._is_cleaned = np.zeros(count, bool)

    @property
    def rows(self) -> np.ndarray:
        """The rows that had some."""
        return np.flatnonzero(self._is_cleaned)

    def text(self, column: pa.Array) -> pa.Array:
        """A column of texts."""
        clean, rows = seen(column)
        self._is_cleaned[rows] = True
        return clean

    def alike(self, column: pa.DictionaryArray) -> "pd.Categorical":
        """A column with few distinct texts."""
        clean, places = seen(column.dictionary)
        codes = column.indices.to_numpy()
        if len(places):
            self._is_cleaned |= np.isin(codes, places)
        return _category(codes, clean.to_pylist())


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _category(codes: np.ndarray, texts: list[str]) -> "pd.Categorical":
    """Codes of texts that may be alike once they were trimmed and cleaned."""
    rank: dict[str, int] = {}
    places = np.array([rank.setdefault(text, len(rank)) for text in texts] or [0], np.int32)
    return pd.Categorical.from_codes(places[codes], categories=pd.Index(list(rank), dtype="str"))


def _strings(column: pa.Array) -> "pd.Series[str]":
    return pd.Series(pd.array(column.cast(pa.large_string()), dtype="str"))


def _stamps(days: np.ndarray) -> np.ndarray:
    stamps = days.astype(np.int64).view("datetime64[D]").astype("datetime64[s]")
    stamps[days == NO_DAY] = np.datetime64("NaT")
    return stamps


def _pieces(invoice: pa.Array, entries: Entries, run: np.ndarray, label: pa.Array, pattern_text: str) -> pa.Array:
    """`NumFacture`, else `PieceRef`, else what the label or the entry number gives (rule A4)."""
    placeholders = pa.array(sorted(PLACEHOLDERS))
    pieces = pc.if_else(pc.is_in(invoice, placeholders), entries.piece.take(pa.array(run)), invoice)
    is_none = pc.is_in(pieces, placeholders)
    rows = np.flatnonzero(is_none.to_numpy(zero_copy_only=False))
    if not len(rows):
        return pieces
    pattern = re.compile(pattern_text) if pattern_text else None
    labels = label.take(pa.array(rows)).to_pylist() if pattern else [""] * len(rows)
    numbers = entries.number.take(pa.array(run[rows])).to_pylist() if not entries.one_number else [""] * len(rows)
    found = [piece_of("", text, number, pattern) for text, number in zip(labels, numbers, strict=True)]
    return pc.replace_with_mask(pieces, is_none, pa.array(found, pa.string()))


def _empty() -> "pd.DataFrame":
    numbers = {"line": "int64", "opening": "bool", "advance": "bool", "amount": "int64", "counterparts": "uint8",
               "entry": "int64", "run": "int32"}  # fmt: skip
    columns = {name: pd.Series(dtype=kind) for name, kind in numbers.items()}
    columns |= {name: pd.Series(dtype="datetime64[s]") for name in ("date", *_DAYS)}
    columns |= {name: pd.Series(dtype="str") for name in ("label", "piece")}
    none = pd.Index([], dtype="str")
    columns |= {name: pd.Series(pd.Categorical([], categories=none)) for name in (*_CATEGORIES, "journal", "code")}
    return pd.DataFrame(columns)
