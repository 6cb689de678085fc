"""A FEC in text form, in every usual dialect (A47 A-1; rules A3, A7): streamed and checked whole."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from dunning_batch.core.duedates import to_date
from dunning_batch.core.ledger import LedgerFile, LedgerRules
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.days import read_day
from dunning_batch.reading.encodings import Content, examine
from dunning_batch.reading.fec_batches import BatchReader, flags_of_entries, unbalanced
from dunning_batch.reading.fec_columns import Header, dialect, header_of, header_problems, widened
from dunning_batch.reading.fec_rows import mended, mended_problem, wrong_width
from dunning_batch.reading.fec_table import table_of
from dunning_batch.reading.part import Part
from dunning_batch.reading.tidying import Lines, line_numbers

_BLOCK = 1 << 23
_HEAD = 1 << 16
_LISTED = 200  # problems of one kind that are listed one by one
_LEGAL_NAME = re.compile(r"(\d{9})FEC(\d{8})", re.IGNORECASE)


@dataclass(slots=True)
class _OddRows:
    """Lines with another number of fields than the header, as pyarrow hands them over."""

    found: list[tuple[int, str]] = field(default_factory=list)  # (number among the parsed lines, text)

    def take(self, row: Any) -> str:  # noqa: ANN401 - pyarrow's InvalidRow
        self.found.append((row.number, row.text))
        return "skip"


class FecReader:
    """The reader of text FECs."""

    name = "FEC"

    def identify(self, path: Path, columns: Mapping[str, str]) -> bool:
        """Whether the first line is a FEC's header."""
        with path.open("rb") as file:
            head = file.read(_HEAD)
        return header_of((_lines_of(head) or [""])[0], columns) is not None

    def read(self, path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Part:
        """The customer lines of the file. Raises InputError with every problem."""
        content = examine(path, shown)
        with path.open("rb") as file:
            head = file.read(_HEAD)
        first, *lines = _lines_of(head) or [""]
        header = header_of(first, columns)
        if header is None:
            raise InputError(
                Problem("no_header", msg("The first line is no header of a FEC."), "error", Source(shown, 1))
            )
        if faults := list(header_problems(header, shown)):
            raise InputError(*faults)
        return _Reading(content, widened(header, lines[:-1] or lines), rules).part()


def _lines_of(head: bytes) -> list[str]:
    """The lines of a beginning that are not blank, in whatever encoding: headings are nearly ASCII."""
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[1:40:2].count(0) > 12
    text = head.decode("utf-16" if utf16 else "utf-8-sig", errors="replace").replace("\0", "")
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


class _Reading:
    """The reading of one file."""

    def __init__(self, content: Content, header: Header, rules: LedgerRules) -> None:
        self.content, self.header = content, header
        self.batches = BatchReader(header, rules)
        self.lines = Lines(content, self._place_names(), tidy=False)
        self.odd = _OddRows()
        self.problems: list[Problem] = []

    def _place_names(self) -> bytes:
        return self.header.separator.join(str(place) for place in range(len(self.header.names))).encode()

    def part(self) -> Part:
        """Read it all, then say everything that is wrong at once."""
        self._stream()
        parsed = self.batches.facts.rows
        self.taken_out = sorted({*self.lines.blank, *(self._number(number) for number, _ in self.odd.found)})
        self.numbers = line_numbers(parsed, self._first_number(), self.taken_out)
        mended_rows = self._mend()
        if not parsed and not mended_rows:
            text = msg("The file holds a header and no line: export the whole fiscal year.")
            self.problems.append(Problem("no_lines", text, "error", Source(self.content.shown)))
        self._list_bad()
        if any(problem.severity == "error" for problem in self.problems):
            raise InputError(*self.problems)
        entry, flags, net, keys = flags_of_entries(self.batches.entries)
        self._list_unbalanced(unbalanced(self.batches.entries, entry, net, keys), int(net.sum()))
        lines = table_of(self.batches.kept, entry, flags, keys, self.numbers)
        return Part(self._file(), lines, (*self.problems, *self._notes()))

    def _first_number(self) -> int:
        """The number of the first line after the header."""
        number = 1
        while number in self.lines.blank:
            number += 1
        return number + 1

    def _stream(self) -> None:
        reader = self._open(threads=True)
        try:
            self._take_all(reader)
        except pa.ArrowInvalid as error:
            if not self.odd.found:
                raise self._refusal(error) from error
        if self.odd.found:
            # Only one thread knows the numbers of odd lines: begin again.
            self.batches = BatchReader(self.header, self.batches.rules)
            tidy = self.lines.is_tidied or any(not text.strip() for _, text in self.odd.found)
            self.lines, self.odd = Lines(self.content, self._place_names(), tidy=tidy), _OddRows()
            self._take_all(self._open(threads=False))

    def _take_all(self, reader: Iterator[pa.RecordBatch]) -> None:
        for batch in reader:
            self.batches.take(batch)

    def _open(self, *, threads: bool) -> Iterator[pa.RecordBatch]:
        names = [str(place) for place in range(len(self.header.names))]
        try:
            reader: Iterator[pa.RecordBatch] = pc_csv.open_csv(
                pa.PythonFile(self.lines, mode="r"),
                read_options=pc_csv.ReadOptions(use_threads=threads, block_size=_BLOCK, encoding=self.lines.encoding),
                parse_options=pc_csv.ParseOptions(delimiter=self.header.separator, quote_char=False,
                                                  ignore_empty_lines=False, invalid_row_handler=self.odd.take),
                convert_options=pc_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False,
                    include_columns=[str(place) for place in sorted(self.header.columns.values())]),
            )  # fmt: skip
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error) or "no rows" in str(error).lower():
                return iter(())
            raise self._refusal(error) from error
        return reader

    def _refusal(self, error: Exception) -> InputError:
        if "straddling" in str(error):
            text = msg("This line is far too long to be one of a FEC: the file is damaged. Export it again.")
            return InputError(Problem("line_too_long", text, "error", Source(self.content.shown, self._longest_line())))
        text = msg("The file cannot be read as a FEC ({reason}): it is damaged. Export it again.",
                   reason=str(error).splitlines()[0][:120])  # fmt: skip
        return InputError(Problem("unreadable_fec", text, "error", Source(self.content.shown)))

    def _longest_line(self) -> int:
        with self.content.path.open("rb") as file:
            return max(enumerate(file, 1), key=lambda line: len(line[1]))[0]

    def _number(self, number: int) -> int:
        """The number in the file of the n-th line that pyarrow saw, the header being the first."""
        return int(line_numbers(1, number, [])[0]) if not self.lines.blank else int(
            line_numbers(number, 1, sorted(self.lines.blank))[-1])  # fmt: skip

    def _mend(self) -> int:
        """Lines of another width: completed, mended (rule A7), or an error each."""
        rows = []
        last = self.odd.found[-1][0] if self.odd.found else 0
        for number, text in self.odd.found:
            line = self._number(number)
            fields, joined = mended(text.rstrip("\r\n"), self.header)
            cut = number == last and not self.content.ended and number > self.batches.facts.rows + len(self.odd.found)
            if fields is None or (cut and not joined):
                self.problems.append(wrong_width(text, line, self.content.shown, self.header, cut=cut))
                continue
            if joined:
                self.problems.append(mended_problem(line, self.content.shown))
            rows.append((line, fields))
        if rows:
            self._take_mended(rows)
        return len(rows)

    def _take_mended(self, rows: list[tuple[int, list[str]]]) -> None:
        """Lines that were mended are a batch of their own; their rows come after all others."""
        columns = {str(place): [fields[place] for _, fields in rows] for place in self.header.columns.values()}
        self.batches.take(
            pa.RecordBatch.from_pydict({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
        )
        self.numbers = np.concatenate([self.numbers, np.array([line for line, _ in rows], np.int64)])

    def _list_bad(self) -> None:
        for row, name, text in self.batches.facts.bad[:_LISTED]:
            self.problems.append(self._bad(row, name, text))
        more = len(self.batches.facts.bad) - _LISTED
        if more > 0:
            message = msg("{count} more cells like these are wrong.", count=more)
            self.problems.append(Problem("more_wrong_cells", message, "error", Source(self.content.shown)))

    def _bad(self, row: int, name: str, text: str) -> Problem:
        column = self.header.names[self.header.columns[name]]
        if name in ("debit", "credit", "amount"):
            message = msg("{column}: {text} is no amount. Write it as 1234,56.", column=column, text=text[:40])
            code = "wrong_amount"
        elif name == "side":
            message = msg("{column}: {text} is neither D nor C, +1 nor -1.", column=column, text=text[:40])
            code = "wrong_side"
        else:
            message = msg("{column}: {text} is no date. Write it as 20260131.", column=column, text=text[:40] or "''")
            code = "wrong_date"
        return Problem(code, message, "error", Source(self.content.shown, int(self.numbers[row])))

    def _list_unbalanced(self, wrong: dict[int, int], net: int) -> None:
        if not wrong:
            return
        shown = self.content.shown
        if self.batches.facts.only_customers:
            text = msg("The file holds customer accounts only: what kind of entry a line belongs to is not known.")
            self.problems.append(Problem("customers_only", text, "notice", Source(shown)))
            return
        for row, cents in sorted(wrong.items())[:_LISTED]:
            text = msg("This entry does not balance: debit less credit is {difference:money}.", difference=cents)
            self.problems.append(Problem("unbalanced_entry", text, "warning", Source(shown, int(self.numbers[row]))))
        if net:
            text = msg("The file does not balance: debit less credit is {difference:money}.", difference=net)
            self.problems.append(Problem("unbalanced_file", text, "warning", Source(shown)))

    def _notes(self) -> Iterator[Problem]:
        """What was left out or counted otherwise than it stands (invariant I7, rule A3)."""
        facts, source = self.batches.facts, Source(self.content.shown)
        for row in facts.both_sides[:_LISTED]:
            text = msg("Debit and credit are both filled: the difference counts.")
            yield Problem("both_sides", text, "warning", Source(self.content.shown, int(self.numbers[row])))
        if facts.zero:
            yield Problem(
                "zero_lines", msg("{count} customer lines of 0.00 are left out.", count=facts.zero), "notice", source
            )
        if facts.excluded:
            text = msg("{count} customer lines of excluded journals are left out.", count=facts.excluded)
            yield Problem("excluded_lines", text, "notice", source)
        if self.lines.controls:
            text = msg("Control characters were removed from {count} lines.", count=self.lines.controls)
            yield Problem("control_characters", text, "notice", source)

    def _file(self) -> LedgerFile:
        facts, content = self.batches.facts, self.content
        found = _LEGAL_NAME.search(content.path.name)
        days = [None if day is None else to_date(day) for day in (facts.first, facts.last, facts.last_bank)]
        return LedgerFile(
            content.shown, content.sha256, facts.rows, dialect(self.header, content.encoding_name), days[0], days[1],
            _closing(found[2]) if found else None, days[2], facts.has_opening,
        )  # fmt: skip


def _closing(digits: str) -> date | None:
    day = read_day(digits)
    return day if isinstance(day, date) else None


def siren_of(name: str) -> str:
    """The SIREN of a file name of the legal form; empty for any other name."""
    found = _LEGAL_NAME.match(name)
    return found[1] if found else ""
