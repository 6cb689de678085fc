"""Records by the hundred thousand: columns that also read as a sequence of records, made when they are asked for."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

import numpy as np

from dunning_batch.core.arrays import Integers

Record = TypeVar("Record")


class OnDemand(Sequence[Record], Generic[Record]):
    """A subclass holds the columns, and says how records are made of them.

    Who needs a column takes it whole; who needs some records pays for those; who walks over all of them pays once.
    """

    made: Sequence[Record] | None = None

    @abstractmethod
    def make(self, places: Integers) -> Sequence[Record]:
        """New records of these places, in that order."""

    def some(self, places: Integers) -> Sequence[Record]:
        """The records of these places, in that order."""
        return self.make(places) if self.made is None else [self.made[place] for place in places.tolist()]

    def all(self) -> Sequence[Record]:
        """Every record."""
        if self.made is None:
            self.made = self.make(np.arange(len(self)))
        return self.made

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if self.made is not None:
            return self.made[place]
        if isinstance(place, slice):
            return self.make(np.arange(len(self))[place])
        return self.make(np.array([range(len(self))[place]]))[0]

    def __iter__(self) -> Iterator[Record]:
        return iter(self.all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as lists have it
