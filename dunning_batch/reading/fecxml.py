"""A FEC in XML, by any of its four schemas (A47 A-1 VII-1, VIII-3, VIII-5, VIII-7): streamed, never a tree of it all.

Elements become the batches of the text reader, so that lines, entries, pieces and kinds are its code.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dunning_batch.core.ledger import LedgerFile, LedgerRules
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.collector import without_collector
from dunning_batch.reading.days import read_day
from dunning_batch.reading.encodings import HEAD
from dunning_batch.reading.fec_batches import Look, look_at
from dunning_batch.reading.fec_columns import field_of
from dunning_batch.reading.fec_gathering import Gathering
from dunning_batch.reading.fec_notes import Notes
from dunning_batch.reading.fec_part import ledger_file, no_lines, part_of
from dunning_batch.reading.fecxml_batches import HEADER, batch_of, layout_of
from dunning_batch.reading.fecxml_elements import ROOT, Walk
from dunning_batch.reading.part import Part
from dunning_batch.reading.xml_guard import XmlFaultError, local, outermost

_MOST = 1000  # problems that are listed one by one


class FecXmlReader:
    """The reader of FECs in XML."""

    name = "FEC, XML"

    def identify(self, path: Path, columns: Mapping[str, str]) -> bool:
        """Whether the outermost element is a FEC's."""
        with path.open("rb") as file:
            return outermost(file.read(HEAD)) == ROOT

    def read(self, path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Part:
        """The customer lines of the file. Raises InputError with every problem."""
        with path.open("rb") as file, without_collector():
            return _Reading(_Hashed(file), shown, rules, columns).part()


class _Rows:
    """Where the lines stand in the file."""

    def __init__(self) -> None:
        self.parts: list[np.ndarray] = []

    def lines(self, rows: np.ndarray) -> np.ndarray:
        """The number of the line of each row."""
        numbers: np.ndarray = np.concatenate(self.parts)[rows].astype(np.int64)
        return numbers


class _Hashed:
    """A file being read, and the digest of what was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        block = self._file.read(size)
        self.digest.update(block)
        return block


class _Reading:
    """The reading of one file."""

    def __init__(self, source: _Hashed, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> None:
        self.source, self.shown, self.rules = source, shown, rules
        self.field_of = lru_cache(partial(_meaning, columns))
        self.walk = Walk(source, lambda name: bool(self.field_of(name)))
        self.gathering, self.rows = Gathering("utf-8"), _Rows()
        self.problems: list[Problem] = []

    def part(self) -> Part:
        """Read it all, then say everything that is wrong at once."""
        try:
            for look in self._looks():
                self.gathering.add(look)
        except XmlFaultError as error:
            text = msg("{file} {fault}.", file=self.shown, fault=error.fault)
            raise InputError(Problem("unreadable_xml", text, "error", Source(self.shown, error.line))) from None
        if not self.gathering.facts.rows:
            self.problems.append(no_lines(self.shown))
        notes = Notes(self.shown, HEADER, self.rows)
        return part_of(self.gathering, notes, self._file(), self.problems, self.rules.piece_pattern)

    def _looks(self) -> Iterator[Look]:
        layout = layout_of(self.rules)
        for entries in self.walk.entries():
            self.rows.parts.append(np.array(entries.numbers, np.int32))
            batch, faults = batch_of(entries, self.field_of, self.rules, self.shown)
            self.problems += faults[: max(_MOST - len(self.problems), 0)]
            yield look_at(batch, layout)

    def _file(self) -> LedgerFile:
        cash = ", DateRglt" if any(self.field_of(tag) == "paid_date" for tag in self.walk.tags) else ""
        dialect = f"FEC, XML, {self.walk.encoding or 'UTF-8'}{cash}"
        file = ledger_file(self.gathering.facts, self.shown, self.source.digest.hexdigest(), dialect)
        if file.closing:
            return file
        closing = next((text for tag, text in self.walk.of_year.items() if self.field_of(tag) == "closing"), None)
        day = read_day(closing or "")
        return replace(file, closing=day) if isinstance(day, date) else file


def _meaning(columns: Mapping[str, str], tag: str) -> str:
    name = local(tag)
    return "closing" if plain(name) == "datecloture" else field_of(name, columns)
