"""`registered.xlsx`: the registered letters of a run, one row each, for the post office or its web service.

What a person reads stands on the left and is printed; on the right stand the fields of the services: the six lines of
NF Z10-011 each in its place, postcode, town, country, the addressee's kind and e-mail address. Every text is a text
cell: a customer called `=1+1` is no formula (fault 62, S10).
"""

import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dunning_batch.core.customers import Customer
from dunning_batch.core.money import as_decimal
from dunning_batch.core.postal import MAX_LINES, in_capitals, is_abroad, postal_address, postal_slots
from dunning_batch.core.reminders import Reminder
from dunning_batch.files import temporary_files
from dunning_batch.language import Language

_MAX_CELL = 32_000  # a workbook takes 32,767 characters
_CODE = re.compile(r"[A-Z]{2}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PRINTED = (6, 13, 36, 34, 13, 12, 26, 22)  # widths of what is printed
_WIDTHS = (*_PRINTED, *([30] * MAX_LINES), 10, 24, 16, 8, 15, 30)


@temporary_files()
def registered_workbook(letters: Iterable[tuple[Reminder, str]], language: Language) -> bytes:
    """The workbook of registered letters, in the order they are given; each with the name of its file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(language.text("Registered letters"))
    sheet.freeze_panes = "C2"
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    _set_page(sheet)
    sheet.append([_head(sheet, title) for title in _titles(language)])
    rows = 1
    for rows, (reminder, file) in enumerate(letters, 2):
        sheet.append(_row(sheet, rows - 1, reminder, file, language))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_WIDTHS))}{rows}"
    sheet.print_area = f"A1:{get_column_letter(len(_PRINTED))}{rows}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _set_page(sheet: Any) -> None:  # noqa: ANN401 - the library's types lack the properties
    """A4 landscape, as wide as the paper, the head on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
    sheet.print_title_rows = "1:1"


def _titles(language: Language) -> list[str]:
    lines = [language.text("Address {number}", number=number) for number in range(1, MAX_LINES + 1)]
    return [
        language.text("No."),
        language.text("Customer"),
        language.text("Addressee"),
        language.text("Documents"),
        language.text("Total asked"),
        language.text("Deadline"),
        language.text("File"),
        language.text("Registered number"),
        *lines,
        language.text("Postcode"),
        language.text("Town"),
        language.text("Country"),
        language.text("Country code"),
        language.text("Status"),
        language.text("E-mail"),
    ]


def _row(sheet: Worksheet, number: int, reminder: Reminder, file: str, language: Language) -> list[object]:
    customer = reminder.customer
    address = postal_address(customer, reminder.name).lines
    pieces = [line.decision.item.piece or line.decision.item.label for line in reminder.items]
    return [
        number,
        _text(sheet, customer.code),
        _text(sheet, "\n".join(address)),
        _text(sheet, _listed(pieces)),
        _formatted(sheet, as_decimal(reminder.total), "#,##0.00"),
        _formatted(sheet, reminder.deadline, "dd/mm/yyyy"),
        _text(sheet, file),
        _text(sheet, ""),
        *(_text(sheet, field) for field in _fields(customer, reminder.name, language)),
    ]


def _fields(customer: Customer, name: str, language: Language) -> tuple[str, ...]:
    """What the services of La Poste, Merci Facteur and AR24 ask for, as far as the customers file says it."""
    country = in_capitals(customer.country) if is_abroad(customer) else "FRANCE"
    code = country if _CODE.fullmatch(country) else "" if is_abroad(customer) else "FR"
    kinds = {
        "consumer": language.text("private person"), "professional": language.text("professional"),
        "public": language.text("professional"), "unknown": "",
    }  # fmt: skip
    email = customer.emails[0] if customer.emails else ""
    return (*postal_slots(customer, name), customer.postcode, customer.town, country, code, kinds[customer.type], email)


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
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _formatted(sheet: Worksheet, value: Decimal | date, number_format: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.value, cell.number_format = value, number_format
    cell.alignment = Alignment(vertical="top")
    return cell
