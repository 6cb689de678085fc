"""Cells that libraries read as empty although they are not: errors, and formulas nobody has computed (faults 26, 30).

A cell is named by its row and column, both from 1, as in the spreadsheet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAX_CELLS = 10_000_000  # of the rectangle from A1 to the last cell, for which libraries make room at once
# Cells far away, or of which it is not plain to see: a sheet that any of the pairs does not find is below MAX_CELLS.
_NOT_PLAIN = r"[\t\r\n/>]| [^r]| r[^=]| r=[^\"]| r=\"[^A-Z]"
_FAR = tuple(
    rf'<c(?:{_NOT_PLAIN}| r="(?:{columns}(?:{rows})))'
    for columns, rows in (
        (r"[A-Z]{2}|[A-Z]", r"\d{7}|[4-9]\d{5}|38[4-9]\d{3}|39\d{4}"),  # beyond column Z or row 383,999
        (r"[B-Z][A-Z]|A[A-Z]{2}|A?[A-Z]", r"\d{7}|[2-9]\d{5}|19\d{4}"),  # AZ, 189,999
        (r"[A-Z]{3}|[A-Z]{1,2}", r"\d{6}|[2-9]\d{4}|1[4-9]\d{3}"),  # ZZ, 13,999
    )
)
_PREFIXED = r":c[\s/>]"
# Each begins with a sign that is rare in cells, so that millions of them are skipped at once.
_ERROR = re.compile(rb"""e(?<=["']e)["']""")
_FORMULA = re.compile(rb"f(?<=[<:]f)[\s>/]")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\bhidden=["'](?:1|true)""")
CellFault = Literal["error", "no_value"]
Attributes = Mapping[str, str]


@dataclass(slots=True)
class SheetScan:
    """What was seen in one sheet: bad cells, the last row and column that hold something, rows that are not shown."""

    faults: dict[tuple[int, int], CellFault] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0


class Parts:
    """A walk over the elements of an XML part; subclasses look at what begins and ends. No entity is ever expanded."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self.text: list[str] = []

    def walk(self, part: bytes) -> None:
        """Read a part from end to end. Raises ValueError where it is no XML, or declares anything."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = lambda name, attributes: self.begin(name.rpartition("}")[2], attributes)
        parser.EndElementHandler = lambda name: self.end(name.rpartition("}")[2])
        parser.CharacterDataHandler = self.text.append
        try:
            parser.Parse(part, True)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from None

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


def _refuse(*_declared: object) -> None:
    raise ValueError("a document type")


class _XlsxSheet(Parts):
    """`<c r="B3" t="e"><f>…</f><v>…</v></c>`; `r` may be left out: the cell is then the next one of its row."""

    def __init__(self) -> None:
        super().__init__()
        self.scan = SheetScan()
        self.row = self.column = 0
        self.place = (0, 0)
        self.kind, self.formula, self.value = "", False, ""

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            self.place = row, self.column = place_of(attributes.get("r", ""), self.row, self.column + 1)
            self.scan.rows, self.scan.columns = max(self.scan.rows, row), max(self.scan.columns, self.column)
            self.kind, self.formula, self.value = attributes.get("t", ""), False, ""
        elif name == "f":
            self.formula = True
        elif name == "v":
            self.text.clear()

    def end(self, name: str) -> None:
        if name == "v":
            self.value = "".join(self.text)
        elif name == "c":
            if self.kind == "e":
                self.scan.faults[self.place] = "error"
            elif self.formula and not self.value and self.kind != "str":
                self.scan.faults[self.place] = "no_value"


def place_of(reference: str, row: int, column: int) -> tuple[int, int]:
    """Row and column of a reference such as `B3`, else those given."""
    letters = reference.rstrip("0123456789")
    if not letters or len(letters) == len(reference):
        return row, column
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), number


def scan_xlsx_sheet(part: bytes) -> SheetScan:
    """The bad cells of one sheet of an .xlsx, and its extent if it may be too large. Raises ValueError."""
    hidden = len(_HIDDEN_ROW.findall(part)) if _holds(part, "hidden=") else 0
    if not _may_be_too_large(part) and not _ERROR.search(part) and not _FORMULA.search(part):
        return SheetScan(hidden_rows=hidden)  # nothing to look for: millions of cells need no walk
    sheet = _XlsxSheet()
    sheet.walk(part)
    sheet.scan.hidden_rows = hidden
    return sheet.scan


def _may_be_too_large(part: bytes) -> bool:
    return b"\0" in part or _holds(part, _PREFIXED) or all(_holds(part, far) for far in _FAR)


def _holds(part: bytes, pattern: str) -> bool:
    """Whether a pattern is found; its first signs at the speed of memory, where `re` looks at each byte."""
    ends = np.array([0, len(part)], np.int32)
    whole = pa.BinaryArray.from_buffers(pa.binary(), 1, [None, pa.py_buffer(ends), pa.py_buffer(part)])
    return bool(pc.match_substring_regex(whole, pattern)[0].as_py())


class _OdsContent(Parts):
    """`content.xml` of an .ods, where cells and rows have no number but may be repeated."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, SheetScan] = {}
        self.scan = SheetScan()
        self.row = self.column = self.rows = self.columns = 0
        self.attributes: Attributes = {}
        self.is_hidden = False  # the row

    def begin(self, name: str, attributes: Attributes) -> None:
        named = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.scan = self.sheets.setdefault(named.get("name", ""), SheetScan())
            self.row = self.rows = 0
        elif name == "table-row":
            self.row, self.rows = self.row + self.rows, int(named.get("number-rows-repeated", 1))
            self.is_hidden = named.get("visibility", "visible") != "visible"
            self.column = self.columns = 0
        elif name in ("table-cell", "covered-table-cell"):
            self.column, self.columns = self.column + self.columns, int(named.get("number-columns-repeated", 1))
            self.attributes = named
            self.text.clear()

    def end(self, name: str) -> None:
        if name not in ("table-cell", "covered-table-cell"):
            return
        text, kind = "".join(self.text).strip(), self.attributes.get("value-type", "")
        computed = text or {"value", "string-value", "date-value", "boolean-value"} & set(self.attributes)
        if kind or text:
            self.scan.rows = max(self.scan.rows, self.row + self.rows)
            self.scan.columns = max(self.scan.columns, self.column + self.columns)
            self.scan.hidden_rows += self.rows if self.is_hidden and not self.column else 0
        if "formula" in self.attributes and not computed:
            self.scan.faults[self.row + 1, self.column + 1] = "no_value"
        elif text.startswith(("#", "Err:")) and is_error_text(text):
            self.scan.faults[self.row + 1, self.column + 1] = "error"


def scan_ods(content: bytes) -> dict[str, SheetScan]:
    """Bad cells and extent of each sheet of an .ods. Raises ValueError."""
    walk = _OdsContent()
    walk.walk(content)
    return walk.sheets


_ERRORS = frozenset("#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #NOM? #VALEUR! #NOMBRE! #NUL!".split())


def is_error_text(text: str) -> bool:
    """Whether a text is what spreadsheets show for an error, in English or French."""
    return text in _ERRORS or (text.startswith("Err:") and text[4:].isdigit())
