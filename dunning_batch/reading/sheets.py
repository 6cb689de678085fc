"""Tables from workbooks and .csv files as rows of cells that know their address (faults 22 to 26, 30, 32; rule S8).

Row and column numbers in messages are those of the spreadsheet, line numbers those of the file.
"""

import contextlib
import csv
import io
import os
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from dunning_batch.errors import InputError, Message, Problem, Source, msg
from dunning_batch.reading.archive_guard import (
    NOT_A_WORKBOOK,
    OLE,
    PICTURES,
    TOO_LARGE,
    column_letters,
    scan_sheet,
    workbook_fault,
)
from dunning_batch.reading.binary_scan import scan_xls, xlsb_counts_from_1904, xlsb_sheets
from dunning_batch.reading.cell_scan import MAX_CELLS, Attributes, CellFault, Parts, SheetScan, scan_ods
from dunning_batch.reading.collector import without_collector
from dunning_batch.reading.encodings import told_by

MAX_FILE = 300_000_000  # bytes
_STDERR = 2
_PANIC = ("pyo3_runtime", "PanicException")  # a class that no module offers
_EPOCH_1904 = re.compile(rb"""date1904\s*=\s*["'](1|true)["']""")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: rows of cells, an empty one being `""`; numbers are int or float, days date or datetime."""

    file: str  # as shown
    name: str  # empty for a .csv
    rows: Sequence[Sequence[Any]]
    lines: tuple[int, ...]  # of the file or spreadsheet, one a row
    faults: dict[tuple[int, int], CellFault] = field(default_factory=dict)  # by row and column, both from 1
    hidden: bool = False
    hidden_rows: int = 0

    def source(self, row: int, column: int | None = None) -> Source:
        """The address of a cell or row; both are indices into `rows`, from 0."""
        line = self.lines[row]
        if not self.name:
            return Source(self.file, line)
        cell = f"{column_letters(column + 1)}{line}" if column is not None else str(line)
        return Source(self.file, line, self.name, cell)

    def fault(self, row: int, column: int) -> CellFault | None:
        """Whether the cell, which reads as empty, is an error or a formula without a value."""
        return self.faults.get((self.lines[row], column + 1))


def refused(file: str, fault: Message, code: str = "unreadable_workbook", line: int | None = None) -> InputError:
    """The error for a file that cannot be read as a table."""
    text = msg("{file} {fault}.", file=file, fault=fault)
    return InputError(Problem(code, text, "error", Source(file, line)))


def read_file(path: Path, shown: str) -> bytes:
    """A whole file as it stands. Raises InputError where it cannot be read, or is written to meanwhile (fault 32)."""
    try:
        before = path.stat()
        if before.st_size > MAX_FILE:
            raise refused(shown, TOO_LARGE)
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        fault = msg("cannot be read: {reason}", reason=error.strerror or str(error))
        raise refused(shown, fault, "unreadable_file") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise refused(shown, msg("changed while it was read: close it in other programs and run again"), "file_changed")
    return data


def read_sheets(data: bytes, shown: str) -> tuple[Sheet, ...]:
    """The tables of a file, hidden sheets among them. Raises InputError."""
    if shown.lower().endswith(".csv"):
        return (_read_csv(data, shown),)
    by_part: dict[str, SheetScan] = {}
    if fault := workbook_fault(data, by_part):
        raise refused(shown, fault)
    try:
        scans = dict(_scans(data, by_part))
        if any(scan.rows * scan.columns > MAX_CELLS for scan in scans.values()):
            raise refused(shown, TOO_LARGE)
        with without_collector():
            return tuple(
                _sheet(shown, name, rows, scans.get(name, SheetScan()), hidden=hidden)
                for name, rows, hidden in _calamine(data)
            )
    except (CalamineError, ValueError, KeyError, OSError) as error:  # bytes are read: no file can fail
        raise refused(shown, NOT_A_WORKBOOK) from error


def _sheet(shown: str, name: str, rows: Sequence[Sequence[Any]], scan: SheetScan, *, hidden: bool) -> Sheet:
    lines = tuple(range(1, len(rows) + 1))
    return Sheet(shown, name, rows, lines, scan.faults, hidden, scan.hidden_rows)


class _Unheard:
    """Around a call of the library, which panics where it gives up on a file.

    What it writes to the terminal then is a trace of it, and no message for users; the panic, which is no Exception, is
    an unreadable workbook. Everything else passes, an interrupt above all.
    """

    def __init__(self) -> None:
        self._kept: int | None = None

    def __enter__(self) -> None:
        with contextlib.suppress(OSError):  # closed
            self._kept = os.dup(_STDERR)
            with Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), _STDERR)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._kept is not None:
            os.dup2(self._kept, _STDERR)
            os.close(self._kept)
        if kind is not None and (kind.__module__, kind.__name__) == _PANIC:
            raise ValueError("the library gave up") from None


def _calamine(data: bytes) -> Iterator[tuple[str, Sequence[Sequence[Any]], bool]]:
    """Name, rows and visibility of each sheet."""
    with _Unheard():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for about in workbook.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet:
            with _Unheard():
                rows = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            yield about.name, rows, about.visible != SheetVisibleEnum.Visible


def _scans(data: bytes, by_part: Mapping[str, SheetScan]) -> Iterator[tuple[str, SheetScan]]:
    """A look at the cells of each sheet, by its name."""
    if data.startswith(OLE):
        yield from scan_xls(data).sheets.items()
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "content.xml" in names:
            yield from scan_ods(archive.read("content.xml")).items()
            return
        parts = _Relations()
        binary = "xl/workbook.bin" in names
        parts.walk(archive.read(f"xl/_rels/workbook.{'bin' if binary else 'xml'}.rels"))
        if binary:
            parts.sheets = xlsb_sheets(archive.read("xl/workbook.bin"))
        else:
            parts.walk(archive.read("xl/workbook.xml"))
        for name, relation in parts.sheets:
            target = parts.targets[relation]
            if target.startswith(PICTURES):
                raise ValueError("a sheet where none belongs")
            yield name, by_part.get(target) or scan_sheet(target, archive.read(target))


def counts_from_1904(data: bytes) -> bool:
    """Whether plain numbers of a workbook count days from 1904 (fault 31); its date cells are read so anyway."""
    try:
        if data.startswith(OLE):
            return scan_xls(data).epoch_1904
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "xl/workbook.bin" in archive.namelist():
                return xlsb_counts_from_1904(archive.read("xl/workbook.bin"))
            return _EPOCH_1904.search(archive.read("xl/workbook.xml")) is not None
    except (zipfile.BadZipFile, KeyError, ValueError):
        return False


class _Relations(Parts):
    """Which part of an .xlsx holds which sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}
        self.sheets: list[tuple[str, str]] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        named = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if name == "Relationship":
            target = named.get("Target", "")
            is_plain = target == posixpath.normpath(target) and not target.startswith(("..", "xl/"))
            if is_plain:  # the library would look for any other in another place
                self.targets[named.get("Id", "")] = posixpath.join("/xl", target).lstrip("/")
        elif name == "sheet":
            self.sheets.append((named.get("name", ""), named.get("id", "")))


def _read_csv(data: bytes, shown: str) -> Sheet:
    """A .csv with `;`, `,` or tab; a field may hold line ends between double quotes."""
    text = _decode(data, shown)
    head = [_QUOTED.sub("", line) for line in text.splitlines()[:20]]
    separator = max(";\t,", key=lambda sign: max((line.count(sign) for line in head), default=0))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                rows.append(tuple(row))
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        fault = msg("cannot be read from this line on: a double quote is opened and not closed, or not doubled")
        raise refused(shown, fault, "unreadable_csv", start) from error
    if is_cut(rows) and not text.endswith(("\n", "\r")):
        fault = msg("is incomplete: its last line is cut off. Export or copy it again")
        raise refused(shown, fault, "cut_file", lines[-1])
    return Sheet(shown, "", tuple(rows), tuple(lines))


def is_cut(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the last row is shorter than the headings, and all others are as long (fault 2)."""
    widths = [len(row) for row in rows]
    return len(widths) > 1 and widths[-1] < widths[0] <= min(widths[:-1])


def _decode(data: bytes, shown: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    encoding = told_by(data)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault = msg("holds a byte that is neither UTF-8 nor Windows text: save it as CSV UTF-8")
        raise refused(shown, fault, "unreadable_csv", line) from None


def cell_text(value: Any) -> str:  # noqa: ANN401 - whatever a cell may hold
    """A cell as text: `411000` and never `411000.0`, a leading zero of a text kept, a day as 2026-11-24 (fault 27)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
