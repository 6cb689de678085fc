"""Cells that libraries read as empty although they are not: errors, and formulas nobody has computed (faults 26, 30).

A cell is named by its row and column, both from 1, as in the spreadsheet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

# Each begins with a sign that is rare in cells, so that millions of them are skipped at once.
_HIDDEN = re.compile(rb"h(?<=h)idden=")
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
    """`<c r="B3" t="e"><f>…</f><v>…</v></c>`; `r` may be left out: the cell then follows the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.scan = SheetScan()
        self.row = self.column = 0
        self.kind, self.formula, self.value = "", False, ""

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            self.row, self.column = place_of(attributes.get("r", ""), self.row, self.column + 1)
            self.kind, self.formula, self.value = attributes.get("t", ""), False, ""
        elif name == "f":
            self.formula = True
        elif name == "v":
            self.text.clear()

    def end(self, name: str) -> None:
        if name == "v":
            self.value = "".join(self.text)
        elif name == "c":
            place = (self.row, self.column)
            if self.kind == "e":
                self.scan.faults[place] = "error"
            elif self.formula and not self.value and self.kind != "str":
                self.scan.faults[place] = "no_value"


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
    """The bad cells of one sheet of an .xlsx. Raises ValueError."""
    hidden = len(_HIDDEN_ROW.findall(part)) if _HIDDEN.search(part) else 0
    if not _ERROR.search(part) and not _FORMULA.search(part):
        return SheetScan(hidden_rows=hidden)  # nothing to look for: millions of cells need no walk
    sheet = _XlsxSheet()
    sheet.walk(part)
    sheet.scan.hidden_rows = hidden
    return sheet.scan


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
