"""A file -> its sheets, whatever it is: workbooks through calamine behind the guard, text as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.reading.encodings import Content
from dunning_batch.reading.sheets import Sheet, counts_from_1904, read_file, read_sheets
from dunning_batch.reading.workbook_text import read_text

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})


@dataclass(frozen=True, slots=True)
class Opened:
    """The sheets of a file."""

    sheets: tuple[Sheet, ...]
    data: bytes = b""  # of a workbook
    epoch_1904: bool = False
    content: Content | None = None  # of a text
    separator: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is a text file."""
        return self.content is not None


def open_workbook(path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Opened:
    """The sheets of a file. Raises InputError."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith((_ZIP, _OLE)) or path.suffix.lower() in _WORKBOOKS:
        data = read_file(path, shown)
        return Opened(read_sheets(data, shown), data, counts_from_1904(data))
    sheet, content, separator = read_text(path, shown, rules.header_row, columns)
    return Opened((sheet,), content=content, separator=separator)
