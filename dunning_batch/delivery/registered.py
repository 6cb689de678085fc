"""`registered.xlsx`: the registered letters of a run, one row each, for the post office or its web service.

Every text is a text cell: a customer called `=1+1` is no formula (fault 62, S10).
"""

import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from dunning_batch.core.money import as_decimal
from dunning_batch.core.postal import MAX_LINES, postal_address
from dunning_batch.core.reminders import Reminder
from dunning_batch.files import temporary_files
from dunning_batch.language import Language

_MAX_CELL = 32_000  # a workbook takes 32,767 characters
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINES = MAX_LINES + 1  # seven abroad
_WIDTHS = (6, 14, *([30] * _LINES), 34, 12, 12, 26, 20)


@temporary_files()
def registered_workbook(letters: Iterable[tuple[Reminder, str]], language: Language) -> bytes:
    """The workbook of registered letters, in the order they are given; each with the name of its file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(language.text("Registered letters"))
    sheet.freeze_panes = "C2"
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.append([_head(sheet, title) for title in _titles(language)])
    rows = 1
    for rows, (reminder, file) in enumerate(letters, 2):
        sheet.append(_row(sheet, rows - 1, reminder, file))
    sheet.auto_filter.ref = f"A1:{chr(ord('A') + len(_WIDTHS) - 1)}{rows}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _titles(language: Language) -> list[str]:
    lines = [language.text("Address {number}", number=number) for number in range(1, _LINES + 1)]
    return [
        language.text("No."),
        language.text("Customer"),
        *lines,
        language.text("Documents"),
        language.text("Total asked"),
        language.text("Deadline"),
        language.text("File"),
        language.text("Registered number"),
    ]


def _row(sheet: Worksheet, number: int, reminder: Reminder, file: str) -> list[object]:
    address = postal_address(reminder.customer, reminder.name).lines
    pieces = [line.decision.item.piece or line.decision.item.label for line in reminder.items]
    return [
        number,
        _text(sheet, reminder.customer.code),
        *(_text(sheet, line) for line in (*address, *[""] * (_LINES - len(address)))),
        _text(sheet, _listed(pieces)),
        _formatted(sheet, as_decimal(reminder.total), "#,##0.00"),
        _formatted(sheet, reminder.deadline, "dd/mm/yyyy"),
        _text(sheet, file),
        _text(sheet, ""),
    ]


def _listed(pieces: list[str]) -> str:
    """The pieces as far as one cell takes them, then how many more there are."""
    text = ", ".join(pieces)
    if len(text) <= _MAX_CELL:
        return text
    kept = text[:_MAX_CELL].rpartition(", ")[0]
    return f"{kept}, … (+{len(pieces) - kept.count(', ') - 1})"


def _text(sheet: Worksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.value = _CONTROLS.sub("", text)[: _MAX_CELL + 100]
    # Read as text now, and when a user edits it (fault 62).
    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _head(sheet: Worksheet, title: str) -> Cell:
    cell = WriteOnlyCell(sheet, title)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EFF3F7")
    return cell


def _formatted(sheet: Worksheet, value: Decimal | date, number_format: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.value, cell.number_format = value, number_format
    cell.alignment = Alignment(vertical="top")
    return cell
