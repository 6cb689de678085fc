"""The same look at cells in binary workbooks, .xls and .xlsb, before any library opens them (faults 22 to 26, 30).

.xls is a file system (OLE, [MS-CFB]) with a stream of records ([MS-XLS]); a sheet of .xlsb is a part of records
([MS-XLSB]). Only what cells are is read, and where they stand.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from dunning_batch.reading.cell_scan import SheetScan

_END = 0xFFFFFFFA
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DATEMODE = 0x0809, 0x000A, 0x0085, 0x002F, 0x0022
_DIMENSIONS, _MOST_ROWS, _MOST_COLUMNS = 0x0200, 65_536, 256
_FORMULA, _BOOLERR, _ROW, _MULRK = 0x0006, 0x0205, 0x0208, 0x00BD
_CELLS = frozenset({_FORMULA, _BOOLERR, _MULRK, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6})
_XLSB_SHEET, _XLSB_EXTENT, _XLSB_PROPERTIES = 156, 148, 153
_XLSB_ROW, _XLSB_FIRST, _XLSB_LAST, _XLSB_ERRORS = 0, 2, 11, frozenset({3, 11})


@dataclass(slots=True)
class XlsScan:
    """What was seen in a whole .xls."""

    protected: bool = False
    epoch_1904: bool = False
    sheets: dict[str, SheetScan] = field(default_factory=dict)


def scan_xls(data: bytes) -> XlsScan:
    """The bad cells and the extent of each sheet. Raises ValueError where it is no .xls."""
    try:
        return _scan_stream(_workbook_stream(data))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def _scan_stream(stream: bytes) -> XlsScan:
    scan = XlsScan()
    begins: list[tuple[int, str]] = []
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            return XlsScan(protected=True)
        if kind == _DATEMODE:
            scan.epoch_1904 = body[:1] == b"\x01"
        elif kind == _BOUNDSHEET:
            begins.append((struct.unpack_from("<I", body)[0], _name(body)))
    for start, name in begins:
        scan.sheets[name] = _scan_sheet(stream, start)
    return scan


def _name(body: bytes) -> str:
    count, is_wide = body[6], body[7] & 1
    return body[8 : 8 + count * 2].decode("utf-16-le") if is_wide else body[8 : 8 + count].decode("latin-1")


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of a substream, those of others inside it left out."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _scan_sheet(stream: bytes, start: int) -> SheetScan:
    scan = SheetScan()
    for kind, body in _records(stream, start):
        if kind == _DIMENSIONS:
            _check_extent(body)
        if kind == _ROW:
            scan.hidden_rows += bool(body[12] & 0x20)
        if kind not in _CELLS:
            continue
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
        scan.rows, scan.columns = max(scan.rows, row + 1), max(scan.columns, last + 1)
        is_computed_error = kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
        if is_computed_error or (kind == _BOOLERR and body[7] == 1):
            scan.faults[row + 1, column + 1] = "error"
    return scan


def _check_extent(body: bytes) -> None:
    """The library makes room for as many cells as a sheet says it has, and ends the whole process if it cannot."""
    if len(body) >= 14:
        first, last, left, right = struct.unpack_from("<IIHH", body)
        if not (first <= last <= _MOST_ROWS and left <= right <= _MOST_COLUMNS):
            raise ValueError("a sheet of no possible extent")


def _workbook_stream(data: bytes) -> bytes:
    """The stream `Workbook` (or `Book`, before 1997)."""
    files = _Files(data)
    for name in ("Workbook", "Book"):
        if name in files.entries:
            return files.stream(name)
    raise ValueError("no workbook inside")


class _Files:
    """The streams of an OLE file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self.size not in (512, 4096):
            raise ValueError("no sectors")
        self.small = 1 << struct.unpack_from("<H", data, 32)[0]
        self.cutoff = struct.unpack_from("<I", data, 56)[0]
        self.most = len(data) // min(self.size, self.small) + 1  # sectors; a longer chain goes round in circles
        self.table, self.root = self._table(), 0
        self.entries = dict(self._entries())

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def _table(self) -> list[int]:
        """Which sector follows which."""
        numbers = list(struct.unpack_from("<109I", self.data, 76))
        further, left = struct.unpack_from("<II", self.data, 68)
        while further < _END and left:
            if len(numbers) > self.most:
                raise ValueError("an endless chain of sectors")
            more = struct.unpack(f"<{self.size // 4}I", self._sector(further))
            numbers += more[:-1]
            further, left = more[-1], left - 1
        table: list[int] = []
        for number in numbers:
            if number < _END:
                table += struct.unpack(f"<{self.size // 4}I", self._sector(number))
        return table

    def _chain(self, number: int, table: list[int]) -> Iterator[int]:
        for _ in range(self.most):
            if number >= _END:
                return
            yield number
            number = table[number]
        raise ValueError("an endless chain of sectors")

    def _read(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(start, self.table))

    def _entries(self) -> Iterator[tuple[str, tuple[int, int]]]:
        folder = self._read(struct.unpack_from("<I", self.data, 48)[0])
        for place in range(0, len(folder) - 127, 128):
            length, kind = struct.unpack_from("<HB", folder, place + 64)
            start, size = struct.unpack_from("<IQ", folder, place + 116)
            if kind == 5:
                self.root = start
            if kind == 2:
                yield folder[place : place + max(length - 2, 0)].decode("utf-16-le"), (start, size & 0xFFFFFFFF)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; a small one stands in a stream of its own kind."""
        start, size = self.entries[name]
        if size >= self.cutoff:
            return self._read(start)[:size]
        whole, first = self._read(self.root), struct.unpack_from("<I", self.data, 60)[0]
        next_small = self._read(first)
        table = list(struct.unpack(f"<{len(next_small) // 4}I", next_small))
        pieces = (whole[number * self.small : (number + 1) * self.small] for number in self._chain(start, table))
        return b"".join(pieces)[:size]


def scan_xlsb_sheet(part: bytes) -> SheetScan:
    """The bad cells and the extent of one sheet of an .xlsb. Raises ValueError."""
    scan, row = SheetScan(), 0
    try:
        for kind, place in _parts_of(part):
            if kind == _XLSB_EXTENT:
                first, last, left, right = struct.unpack_from("<IIII", part, place)
                if first > last or left > right:
                    raise ValueError("a sheet of no possible extent")
                scan.rows, scan.columns = max(scan.rows, last + 1), max(scan.columns, right + 1)
            elif kind == _XLSB_ROW:
                row = struct.unpack_from("<I", part, place)[0]
            elif _XLSB_FIRST <= kind <= _XLSB_LAST:
                column = struct.unpack_from("<I", part, place)[0]
                scan.rows, scan.columns = max(scan.rows, row + 1), max(scan.columns, column + 1)
                if kind in _XLSB_ERRORS:
                    scan.faults[row + 1, column + 1] = "error"
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from None
    return scan


def xlsb_sheets(part: bytes) -> list[tuple[str, str]]:
    """The sheets of `xl/workbook.bin`: name, and the relation that holds each. Raises ValueError."""
    sheets: list[tuple[str, str]] = []
    try:
        for kind, place in _parts_of(part):
            if kind == _XLSB_SHEET:
                relation, after = _wide_text(part, place + 8)
                sheets.append((_wide_text(part, after)[0], relation))
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from None
    return sheets


def xlsb_counts_from_1904(part: bytes) -> bool:
    """Whether `xl/workbook.bin` says so. Raises ValueError."""
    try:
        return any(kind == _XLSB_PROPERTIES and part[place] & 1 for kind, place in _parts_of(part))
    except IndexError as error:
        raise ValueError(str(error)) from None


def _parts_of(part: bytes) -> Iterator[tuple[int, int]]:
    """The records of a part of an .xlsb: kind, and where their contents begin."""
    place = 0
    while place < len(part):
        kind, place = _number(part, place, 2)
        size, place = _number(part, place, 4)
        yield kind, place
        place += size


def _wide_text(part: bytes, place: int) -> tuple[str, int]:
    count = struct.unpack_from("<I", part, place)[0]
    end = place + 4 + 2 * count
    return part[place + 4 : end].decode("utf-16-le"), end


def _number(part: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the place after it."""
    value = 0
    for shift in range(most):
        byte = part[place]
        value |= (byte & 0x7F) << 7 * shift
        place += 1
        if byte < 0x80:
            break
    return value, place
