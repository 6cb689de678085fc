"""A FEC in text form, in every usual dialect (A47 A-1; rules A3, A7): streamed and checked whole."""

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from dunning_batch.core import frames
from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.ahead import Piece, worked_ahead
from dunning_batch.reading.encodings import HEAD, Content, examine, presumed, text_of
from dunning_batch.reading.fec_batches import Layout, Look, look_at
from dunning_batch.reading.fec_columns import Header, dialect, header_of, header_problems, usual_width, widened
from dunning_batch.reading.fec_gathering import Gathering
from dunning_batch.reading.fec_notes import Notes, Numbering
from dunning_batch.reading.fec_part import ledger_file, no_lines, part_of
from dunning_batch.reading.fec_rows import mended, mended_problem, wrong_width
from dunning_batch.reading.part import Part
from dunning_batch.reading.tidying import Lines, has_odd_ends, line_numbers

_WORKERS = 2
_STREAMED = 1 << 20  # bytes of a block in a stream: pyarrow reads up to 32 of them ahead
_MOST = 1000  # lines of a wrong width that are listed one by one
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


class FecReader:
    """The reader of text FECs."""

    name = "FEC"

    def identify(self, path: Path, columns: Mapping[str, str]) -> bool:
        """Whether the first line is a FEC's header."""
        with path.open("rb") as file:
            head = file.read(HEAD)
        return header_of((_lines_of(text_of(head)) or [""])[0], columns) is not None

    def read(self, path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Part:
        """The customer lines of the file. Raises InputError with every problem."""
        _spare_memory()
        with path.open("rb") as file:
            head = file.read(HEAD)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(frames.load)
            found = pool.submit(examine, path, shown)
            # Read as its beginning says while every byte is still being looked at: seldom wrong, and noticed then.
            begun = presumed(path, shown, head)
            try:
                return _Reading(begun, _shape_of(begun, head, columns), rules, found).part()
            except (_MisledError, InputError, UnicodeDecodeError):  # whichever comes first where a byte is damaged
                if begun.reads_like(content := found.result()):
                    raise
            return _Reading(content, _shape_of(content, head, columns), rules, found).part()


def _spare_memory() -> None:
    """Let pyarrow take the allocator that gives back what is free, where it was built with it (not on Windows)."""
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())


def _lines_of(text: str) -> list[str]:
    """The lines of a beginning that are not blank."""
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the lines of a file are made."""

    header: Header
    width: int  # fields of most lines
    odd_ends: bool  # blank lines among the first ones
    faults: tuple[Problem, ...]  # of the header, none of them an error


def _shape_of(content: Content, head: bytes, columns: Mapping[str, str]) -> _Shape:
    """Raises InputError where the first line is no header, or one that lacks columns."""
    text = head[content.bom :].decode(content.encoding, errors="replace").replace("\0", "")
    first, *lines = _lines_of(text) or [""]
    header = header_of(first, columns)
    if header is None:
        message = msg("The first line is no header of a FEC.")
        raise InputError(Problem("no_header", message, "error", Source(content.shown, 1)))
    faults = tuple(header_problems(header, columns, content.shown))
    if any(fault.severity == "error" for fault in faults):
        raise InputError(*faults)
    is_whole = len(head) < HEAD and text.endswith(("\n", "\r"))
    sample = lines if is_whole else lines[:-1] or lines
    header = widened(header, sample)
    return _Shape(header, usual_width(header, sample), has_odd_ends(head), faults)


@dataclass(slots=True)
class _OddRows:
    """Lines with another number of fields than most, as pyarrow hands them over."""

    found: list[tuple[int, str]] = field(default_factory=list)  # (number among the lines that are not blank, text)

    def take(self, row: Any) -> str:  # noqa: ANN401 - pyarrow's InvalidRow
        self.found.append((row.number, row.text))
        return "skip"


class _MisledError(Exception):
    """The file is not what its beginning says."""


class _Reading:
    """The reading of one file."""

    def __init__(self, content: Content, shape: _Shape, rules: LedgerRules, found: "Future[Content]") -> None:
        """Of a file as it is presumed to be; what it is found to be is being looked at."""
        self.content, self.shape, self.rules, self.found = content, shape, rules, found
        self.header = shape.header
        self.odd = _OddRows()
        self.problems: list[Problem] = list(shape.faults)
        self.names = [str(place) for place in range(shape.width)]

    def part(self) -> Part:
        """Read it all, then say everything that is wrong at once. Raises _MisledError, and InputError."""
        self._stream()
        if not self.content.reads_like(self.found.result()):
            raise _MisledError
        self.content = self.found.result()
        numbering = self._mend()
        notes, facts = Notes(self.content.shown, self.header, numbering), self.gathering.facts
        if facts.rows == facts.empty_rows and not self.odd.found:
            self.problems.append(no_lines(self.content.shown))
        pa.default_memory_pool().release_unused()  # the batches are gone; the table comes
        spoken = dialect(self.header, self.content.encoding_name)
        file = ledger_file(facts, self.content.shown, self.content.sha256, spoken)
        return part_of(self.gathering, notes, file, self.problems, self.rules.piece_pattern, self.lines.nul_bytes)

    def _stream(self) -> None:
        """By blocks of lines if nothing is odd. Of odd lines, only a stream in UTF-8 tells the number and the text."""
        try:
            self._take_blocks()
        except pa.ArrowInvalid:
            pass
        else:
            if self.lines.count == self.gathering.facts.rows + 1 + len(self.lines.blank):
                return
        if not self.content.reads_like(self.found.result()):
            raise _MisledError  # before pyarrow hands over lines that it cannot decode
        try:
            self._take_stream()
        except pa.ArrowInvalid as error:
            text = msg("The file cannot be read as a FEC ({reason}): it is damaged. Export it again.",
                       reason=str(error).splitlines()[0][:120])  # fmt: skip
            raise InputError(Problem("unreadable_fec", text, "error", Source(self.content.shown))) from error

    def _take_blocks(self) -> None:
        """Each block of lines parsed and looked at by itself. Raises ArrowInvalid at a line of another width."""
        self._begin(noting=self.shape.odd_ends)
        layout = Layout(self.header, self.rules, self.lines.encoding)
        self._take(self.lines.whole_lines(), lambda block: [look_at(one, layout) for one in self._parsed(block)])

    def _parsed(self, block: bytes) -> list[pa.RecordBatch]:
        """The lines of a block; none where all are blank."""
        read = pc_csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=self.names)
        batches: list[pa.RecordBatch] = pc_csv.read_csv(
            pa.BufferReader(block), read, self._parse_options(), self._convert_options()
        ).to_batches()
        return batches

    def _take_stream(self) -> None:
        """Batch by batch, lines of another width set aside."""
        self._begin(noting=True, transcoded=True)
        layout = Layout(self.header, self.rules, self.lines.encoding)
        reader = pc_csv.open_csv(
            pa.PythonFile(self.lines, mode="r"), pc_csv.ReadOptions(use_threads=False, block_size=_STREAMED),
            self._parse_options(self.odd.take), self._convert_options(),
        )  # fmt: skip
        self._take(reader, lambda batch: [look_at(batch, layout)] if batch.num_rows else [])

    def _begin(self, *, noting: bool, transcoded: bool = False) -> None:
        header = self.header.separator.join(self.names).encode()
        self.lines = Lines(self.content, header, noting=noting, transcoded=transcoded)
        self.gathering = Gathering(self.lines.encoding)
        self.odd = _OddRows()

    def _parse_options(self, odd: Callable[[Any], str] | None = None) -> pc_csv.ParseOptions:
        return pc_csv.ParseOptions(delimiter=self.header.separator, quote_char=False, invalid_row_handler=odd)

    def _convert_options(self) -> pc_csv.ConvertOptions:
        """As bytes, and decoded where text is needed: most of it never is."""
        wanted = [str(place) for place in sorted(self.header.columns.values()) if place < self.shape.width]
        types = dict.fromkeys(self.names, pa.binary())
        return pc_csv.ConvertOptions(column_types=types, strings_can_be_null=False, include_columns=wanted)

    def _take(self, pieces: Iterable[Piece], looks: Callable[[Piece], list[Look]]) -> None:
        for some in worked_ahead(pieces, looks, _WORKERS):
            if self.found.done() and (self.found.exception() or not self.content.reads_like(self.found.result())):
                raise _MisledError
            for look in some:
                self.gathering.add(look)

    def _mend(self) -> Numbering:
        """Lines of another width: completed, mended (rule A7), or an error each."""
        odd = [(number, text) for number, text in self.odd.found if _CONTROLS.sub("", text).strip()]
        blank = self.lines.blank
        numbers = line_numbers(np.array([number for number, _ in self.odd.found], np.int64), blank)
        line_of = dict(zip((number for number, _ in self.odd.found), numbers.tolist(), strict=True))
        parsed, rows = self.gathering.facts.rows, []
        last = parsed + len(self.odd.found) + 1  # the number of the last line of the file, the header being 1
        wrong: list[Problem] = []
        for number, text in odd:
            fields, joined = mended(text.rstrip("\r\n"), self.header)
            is_cut = number == last and not self.content.ended
            if fields is None or (is_cut and not joined):
                wrong.append(wrong_width(text, line_of[number], self.content.shown, self.header, cut=is_cut))
                continue
            if joined:
                self.problems.append(mended_problem(line_of[number], self.content.shown))
            rows.append((line_of[number], fields))
        self._list_wrong(wrong)
        self._take_mended([fields for _, fields in rows])
        self.odd.found = odd
        return Numbering(parsed, np.union1d(blank, numbers), np.array([line for line, _ in rows], np.int64))

    def _list_wrong(self, wrong: list[Problem]) -> None:
        self.problems += wrong[:_MOST]
        if len(wrong) > _MOST:
            text = msg("More lines with a wrong number of fields: {count}.", count=len(wrong) - _MOST)
            self.problems.append(Problem("wrong_width", text, "error", Source(self.content.shown)))

    def _take_mended(self, rows: list[list[str]]) -> None:
        if rows:
            columns = {str(place): [row[place].encode() for row in rows] for place in range(self.header.width)}
            batch = pa.RecordBatch.from_pydict({name: pa.array(texts, pa.binary()) for name, texts in columns.items()})
            self.gathering.add(look_at(batch, Layout(self.header, self.rules, "utf-8")))
