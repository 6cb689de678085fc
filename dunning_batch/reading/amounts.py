"""Amounts by the column: for each text the cents that `core.money.read_amount` gives (fault 8)."""

import numpy as np
import pyarrow as pa

from dunning_batch.core.money import LARGEST, read_amount
from dunning_batch.reading.texts import bytes_of, unquoted

_COMMA, _POINT = ord(","), ord(".")
_LONGEST = 18  # digits and one separator that int64 holds


def read_amounts(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The cents of a column of texts, and the rows whose text is no amount (their cents are 0).

    A field that is quoted as a whole counts without its quotes.
    """
    offsets, data = bytes_of(column)
    is_other = (data - np.uint8(48)) > 9  # no digit
    others = np.flatnonzero(is_other)
    if len(others) == len(column) and _all_usual(offsets, data, others):
        cents, wrong = _without_separator(offsets, data, is_other), np.zeros(0, np.int64)
    else:
        cents, wrong = _by_spelling(column, np.diff(np.searchsorted(others, offsets)))
    if len(cents) and int(cents.max()) > LARGEST:
        wrong = np.union1d(wrong, np.flatnonzero(cents > LARGEST))
        cents[wrong] = 0
    return cents, wrong


def _all_usual(offsets: np.ndarray, data: np.ndarray, others: np.ndarray) -> bool:
    """Whether every text is digits, a comma or point, two digits; `others`: where there is no digit, one a text."""
    lengths = np.diff(offsets)
    if not len(lengths) or lengths.min() < 4 or lengths.max() > _LONGEST or (others != offsets[1:] - 3).any():
        return False
    signs = data[others]
    return bool(((signs == _COMMA) | (signs == _POINT)).all())


def _without_separator(offsets: np.ndarray, data: np.ndarray, is_other: np.ndarray) -> np.ndarray:
    return _digits(offsets - np.arange(len(offsets), dtype=np.int32), data[~is_other])


def _digits(offsets: np.ndarray, data: np.ndarray) -> np.ndarray:
    """The numbers of texts that are digits only."""
    begins, signs = np.ascontiguousarray(offsets, np.int32), np.ascontiguousarray(data)
    texts = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(begins), pa.py_buffer(signs))
    numbers: np.ndarray = texts.cast(pa.int64()).to_numpy(zero_copy_only=False).copy()
    return numbers


def _by_spelling(column: pa.Array, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The usual spelling, whole euros and empty texts at once; each distinct other spelling by itself.

    Args:
        column: Texts.
        others: How many signs of each are no digits.
    """
    offsets, data = bytes_of(column)
    lengths = np.diff(offsets)
    signs = data[np.maximum(offsets[1:] - 3, 0)] if len(data) else np.zeros(len(lengths), np.uint8)
    usual = (others == 1) & (lengths >= 4) & (lengths <= _LONGEST) & ((signs == _COMMA) | (signs == _POINT))
    whole = (others == 0) & (lengths > 0) & (lengths < _LONGEST - 2)
    cents = np.zeros(len(lengths), np.int64)
    if len(rows := np.flatnonzero(usual)):
        begins, texts = bytes_of(column.take(pa.array(rows)))
        cents[rows] = _without_separator(begins, texts, (texts - np.uint8(48)) > 9)
    if len(rows := np.flatnonzero(whole)):
        cents[rows] = _digits(*bytes_of(column.take(pa.array(rows)))) * 100
    rest = np.flatnonzero(~usual & ~whole & (lengths > 0))
    if not len(rest):
        return cents, rest
    cents[rest], is_wrong = _one_by_one(column.take(pa.array(rest)))
    return cents, rest[is_wrong]


def _one_by_one(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Each distinct text by itself; whether it is no amount."""
    encoded = column.dictionary_encode()
    read = [read_amount(unquoted(text.strip())) for text in encoded.dictionary.to_pylist()]
    indices = encoded.indices.to_numpy()
    return np.array([found or 0 for found in read], np.int64)[indices], np.array([x is None for x in read])[indices]
