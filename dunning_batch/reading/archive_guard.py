"""A workbook is looked at before any library opens it (faults 22 to 25, security rules S8 and S9).

2.7 MB can hold 800 MB, and one far cell makes a table of 17 billion: both are refused from the outside.
"""

import copy
import io
import re
import zipfile
import zlib

from dunning_batch.errors import Message, msg
from dunning_batch.reading.binary_scan import scan_xls, scan_xlsb_sheet
from dunning_batch.reading.cell_scan import MAX_CELLS, SheetScan, scan_xlsx_sheet

MAX_ENTRIES = 2_000
MAX_BYTES = 300_000_000
MAX_RATIO = 200
PICTURES = ("xl/media/", "Pictures/", "Thumbnails/")  # may hold declarations, and no cells
_XLSB_SHEET = re.compile(r"xl/worksheets/.*\.bin")
_SMALL = 1_000_000  # bytes of an entry whose ratio does not matter

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECLARATION = re.compile(rb"!(?<=<!)(?:DOCTYPE|ENTITY)")  # a rare sign first: millions of cells are skipped at once

NOT_A_WORKBOOK = msg("is not a readable workbook: export or save it again as .xlsx, .ods or .csv")
PASSWORD = msg("is protected by a password: remove the password, save it, and run again")
TOO_LARGE = msg("holds far more than its size shows: copy its table into a new workbook")
DECLARATIONS = msg("holds XML declarations that no spreadsheet program writes: copy its table into a new workbook")


def workbook_fault(data: bytes, scans: dict[str, SheetScan] | None = None) -> Message | None:
    """What forbids opening a file as a workbook; None if it may be opened.

    Args:
        data: The whole file.
        scans: Is filled with a look at each sheet of an .xlsx or .xlsb, by its part, as each is unpacked here.
    """
    if data.startswith(OLE):
        return _xls_fault(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _directory_fault(archive.infolist(), len(data)) or _parts_fault(archive, scans)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError):
        return NOT_A_WORKBOOK


def _xls_fault(data: bytes) -> Message | None:
    if _ENCRYPTED in data:
        return PASSWORD
    try:
        scan = scan_xls(data)
    except ValueError:
        return NOT_A_WORKBOOK
    return PASSWORD if scan.protected else None


def _directory_fault(entries: list[zipfile.ZipInfo], size: int) -> Message | None:
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_BYTES or unpacked > MAX_RATIO * max(size, 1):
        return TOO_LARGE
    if any(entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size) for entry in entries):
        return TOO_LARGE
    if any(entry.flag_bits & 1 for entry in entries):
        return PASSWORD
    return None if names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} else NOT_A_WORKBOOK


def _parts_fault(archive: zipfile.ZipFile, scans: dict[str, SheetScan] | None) -> Message | None:
    for entry in archive.infolist():
        part = _unpacked(archive, entry)
        if part is None:
            return TOO_LARGE
        if entry.filename.startswith(PICTURES):
            continue
        if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in part:
            return PASSWORD
        if _declares(part):
            return DECLARATIONS
        if b"sheetData" in part or _XLSB_SHEET.match(entry.filename):  # wherever it stands
            scan = scan_sheet(entry.filename, part)
            if scan.rows * scan.columns > MAX_CELLS:
                return TOO_LARGE
            if scans is not None:
                scans[entry.filename] = scan
    return None


def scan_sheet(name: str, part: bytes) -> SheetScan:
    """A look at a part that holds a sheet. Raises ValueError."""
    return scan_xlsb_sheet(part) if name.endswith(".bin") else scan_xlsx_sheet(part)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """A whole part, its CRC checked; None where it holds more than the directory says, which libraries would read."""
    probe = copy.copy(entry)
    probe.file_size = entry.file_size + 2  # lets the end of the part be seen, and not only the length that is announced
    with archive.open(probe) as part:
        data = part.read(entry.file_size + 1)
    return data if len(data) == entry.file_size else None


def _declares(part: bytes) -> bool:
    """Whether a part holds a document type or an entity, in UTF-8 or UTF-16."""
    if b"!" in part and _DECLARATION.search(part):
        return True
    words = [word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-16-le", "utf-16-be")]
    return b"\0" in part and any(word in part for word in words)


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
