"""Columns of a table on the screen, by the hundred thousand: each distinct value is put into words once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.language import Language

_AT_ONCE = 1 << 15  # lines
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of one column: the distinct ones, and which of them each row has."""

    distinct: Sequence[Any]
    rows: npt.NDArray[np.integer]

    def values(self) -> list[Any]:
        """The value of each row."""
        return [self.distinct[row] for row in self.rows.tolist()]

    def texts(self, printed: Callable[[Any], str]) -> pa.Array:
        """The text of each row; only values that some row has are printed."""
        has = np.bincount(self.rows, minlength=len(self.distinct)) > 0
        used = [self.distinct[place] for place in np.flatnonzero(has).tolist()]
        texts = pa.array([printed(value) for value in used], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array((np.cumsum(has) - 1)[self.rows]), texts)


@dataclass(frozen=True, slots=True)
class Words:
    """A column of texts of which most are different."""

    words: Sequence[str]

    def values(self) -> Sequence[str]:
        """The value of each row."""
        return self.words

    def texts(self) -> pa.Array:
        """The text of each row."""
        return pa.array(self.words, pa.string())


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of cents."""

    cents: npt.NDArray[np.int64]

    def values(self) -> list[int]:
        """The value of each row."""
        return list(self.cents.tolist())

    def texts(self, language: Language) -> pa.Array:
        """The text of each row: that of its whole euros with that of its cents."""
        if len(self.cents) and self.cents.min() < 0:  # what is less than a euro has a sign all the same
            distinct, rows = np.unique(self.cents, return_inverse=True)
            return Cells(distinct.tolist(), rows).texts(language.money)
        euros, rows = np.unique(self.cents // _CENTS, return_inverse=True)
        whole = pa.array([language.money(euro * _CENTS)[:-2] for euro in euros.tolist()], pa.string())
        parts = pa.array([language.money(cent)[-2:] for cent in range(_CENTS)])
        return pc.binary_join_element_wise(whole.take(pa.array(rows)), parts.take(pa.array(self.cents % _CENTS)), "")


def widest(texts: pa.Array) -> int:
    """The signs of the longest text."""
    return pc.max(pc.utf8_length(_distinct(texts))).as_py() or 0


def lines(columns: Sequence[pa.Array], widths: Sequence[int], left: Sequence[bool]) -> Iterator[bytes]:
    """The rows of a table, some at a time: texts at the left and cut, numbers at the right."""
    padded = [_padded(*column) for column in zip(columns, widths, left, strict=True)]
    for start in range(0, len(columns[0]), _AT_ONCE):
        some = [_plain(column.slice(start, _AT_ONCE)) for column in padded]
        rows = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(*some, " "))
        yield _bytes_of(pc.binary_join_element_wise(rows, "\n", ""))


def _padded(texts: pa.Array, width: int, left: bool) -> pa.Array:
    if isinstance(texts, pa.DictionaryArray):
        return pa.DictionaryArray.from_arrays(texts.indices, _padded(texts.dictionary, width, left))
    if not left:
        return pc.utf8_lpad(texts, width)
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, max(width - 1, 0)), "…", "")
    return pc.utf8_rpad(pc.if_else(pc.less_equal(pc.utf8_length(texts), width), texts, cut), width)


def _distinct(texts: pa.Array) -> pa.Array:
    return texts.dictionary if isinstance(texts, pa.DictionaryArray) else texts


def _plain(texts: pa.Array) -> pa.Array:
    return texts.dictionary.take(texts.indices) if isinstance(texts, pa.DictionaryArray) else texts


def _bytes_of(texts: pa.Array) -> bytes:
    """The bytes of all texts, one after the other."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return data.to_pybytes()[ends[0] : ends[-1]] if data is not None else b""
