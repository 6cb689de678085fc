"""Columns in which many cells are alike: the distinct cells, and which of them each row holds.

What is said of a cell is worked out once for all rows that hold it.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dunning_batch.reading.workbook_values import Column, codes, texts

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Coded:
    """A column."""

    places: np.ndarray  # index into `cells`, by row
    cells: list[Any]  # distinct, but once they were made texts

    def at(self, rows: np.ndarray) -> "Coded":
        """Some of its rows."""
        return Coded(self.places[rows], self.cells)

    def as_texts(self) -> "Coded":
        """The cells as texts."""
        return Coded(self.places, texts(self.cells))

    def as_codes(self) -> "Coded":
        """The cells as numbers of accounts or codes of customers."""
        return Coded(self.places, codes(self.cells))

    def numbers(self, judge: Callable[[Any], int], kind: type[Number]) -> np.ndarray:
        """A number for each row."""
        found: np.ndarray = np.array([judge(cell) for cell in self.cells], kind)[self.places]
        return found

    def rows(self) -> list[Any]:
        """The cell of each row."""
        cells = self.cells
        return [cells[place] for place in self.places.tolist()]

    def are_empty(self) -> np.ndarray:
        """Which rows hold nothing."""
        empty: np.ndarray = np.array([cell == "" for cell in self.cells], np.bool_)[self.places]
        return empty

    def holds(self) -> bool:
        """Whether any cell holds something."""
        return any(self.cells)


def coded(column: Column | None, count: int) -> Coded:
    """A column of cells; empty ones where there is none."""
    if column is None or not len(column):
        return Coded(np.zeros(count, np.int64), [""])
    ranks = defaultdict[Any, int](itertools.count().__next__)  # the next number for each new cell
    places = np.fromiter(map(ranks.__getitem__, column), np.int64, len(column))
    return Coded(places, list(ranks))


def combined(judge: Callable[..., str], *columns: Coded) -> Coded:
    """What is said of the cells that stand in a row together, once for each combination."""
    key = columns[0].places
    for column in columns[1:]:
        key = pd.factorize(key * len(column.cells) + column.places)[0].astype(np.int64)
    first = np.zeros(int(key.max()) + 1 if len(key) else 0, np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]  # a row of each combination
    return Coded(key, [judge(*cells) for cells in zip(*(column.at(first).rows() for column in columns), strict=True)])
