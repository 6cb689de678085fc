"""Columns of text -> days, sides and classes, a whole batch at once; each distinct text is looked at once."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from dunning_batch.reading.days import day_number, read_day
from dunning_batch.reading.texts import decoded, unquoted

NO_DAY = np.iinfo(np.int32).min
_SIDES = {"D": 1, "C": -1, "+1": 1, "-1": -1, "1": 1}

Value = TypeVar("Value")


class Judged(Generic[Value]):
    """A column in which many cells are alike: what a function says of each distinct text, by row."""

    def __init__(self, column: pa.Array, encoding: str, judge: Callable[[str], Value]) -> None:
        """A binary column; `judge` gets its texts without blanks and quotes around."""
        encoded = column.dictionary_encode()
        self.place = encoded.indices.to_numpy()
        texts = decoded(encoded.dictionary, encoding).to_pylist()
        self.texts = [unquoted(text.strip()) for text in texts]
        self.said = [judge(text) for text in self.texts]

    def rows_where(self, is_meant: Callable[[Value], bool]) -> np.ndarray:
        """The rows of which it said such a thing."""
        meant = [number for number, value in enumerate(self.said) if is_meant(value)]
        return np.flatnonzero(np.isin(self.place, meant)) if meant else np.zeros(0, np.int64)

    def array(self, value: Callable[[Value], int], kind: type) -> np.ndarray:
        """A number for each row."""
        numbers: np.ndarray = np.array([value(said) for said in self.said], kind)[self.place]
        return numbers


def days(column: pa.Array, encoding: str) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970, NO_DAY for none; the rows whose text is no day."""
    judged = Judged(column, encoding, read_day)
    numbers = judged.array(lambda day: NO_DAY if day is None or isinstance(day, str) else day_number(day), np.int32)
    return numbers, judged.rows_where(lambda day: isinstance(day, str))


def sides(column: pa.Array, encoding: str) -> tuple[np.ndarray, np.ndarray]:
    """+1 for a debit, -1 for a credit (`D`, `C`, `+1`, `-1`); the rows that have neither."""
    judged = Judged(column, encoding, lambda text: _SIDES.get(text.upper(), 0))
    return judged.array(int, np.int64), judged.rows_where(lambda side: not side)
