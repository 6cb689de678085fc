"""Headings of tables as people write them: found whatever the order, case and accents (faults 28, 43)."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from dunning_batch.core.words import plain

Field = TypeVar("Field", bound=str)


def by_spelling(names: Mapping[Field, str]) -> dict[str, Field]:
    """From `field -> "spelling; spelling"` to `plain spelling -> field`."""
    return {plain(spelling): field for field, spellings in names.items() for spelling in spellings.split(";")}


def columns_of(row: Sequence[Any], spellings: Mapping[str, str]) -> list[tuple[int, str]]:
    """The columns of a row of headings that are known: (index, field), left to right."""
    named = ((index, spellings.get(plain(str(cell)))) for index, cell in enumerate(row))
    return [(index, field) for index, field in named if field]
