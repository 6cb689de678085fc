"""Sheets as an accountant expects them: frozen header, filter, widths, real dates and amounts, text as text, A4.

Rows are written one after the other and forgotten; each column has one cell with its style, used for every row.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting import rule as rules
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from dunning_batch.core.money import as_decimal
from dunning_batch.state.columns import Column
from dunning_batch.state.marks import CREDITOR, FORMAT, FORMAT_NUMBER, MARK, Look

YES = {"fr": ("oui", "non"), "en": ("yes", "no")}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32767
_DATE, _MOMENT, _MONEY = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "#,##0.00"
_OWN_WIDTH, _HEAD_HEIGHT = 14, 30
_CENTRED = Alignment(horizontal="center")
_HEAD_FILL, _EDIT_FILL = PatternFill("solid", fgColor="1F4E79"), PatternFill("solid", fgColor="7F6000")
_LEVEL_COLOURS = ("FFFFFF", "FFF2CC", "FCE4D6", "F8CBAD", "F4A7A7")
_HELD_FILL = PatternFill("solid", bgColor="D9D9D9")
_Printer = Callable[[Any], Any]


def new_book(creditor: str, mark: int) -> Any:  # noqa: ANN401 - the library's types lack the properties
    """A workbook that knows whose it is, and after which step of the journal it was written."""
    book: Any = Workbook(write_only=True)
    book.properties.creator = "dunning-batch"
    book.custom_doc_props.append(StringProperty(name=CREDITOR, value=creditor))
    book.custom_doc_props.append(IntProperty(name=FORMAT, value=FORMAT_NUMBER))
    book.custom_doc_props.append(IntProperty(name=MARK, value=mark))
    return book


def add_sheet(
    book: Any,  # noqa: ANN401
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    look: Look,
    extra: Sequence[str] = (),
) -> None:
    """A sheet with one row for each of `rows`: values of the columns, then of the user's own columns `extra`."""
    sheet = book.create_sheet(name)
    _set_page(sheet, [*(column.width for column in columns), *(_OWN_WIDTH for _ in extra)])
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].hidden = column.hidden
    sheet.append(_heads(sheet, columns, look, extra))
    printers = [*(_PRINTERS[column.kind](sheet, look) for column in columns), *(_own(sheet, look) for _ in extra)]
    count = 1
    for row in rows:
        sheet.append([printer(value) for printer, value in zip(printers, row, strict=True)])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(printers))}{count}"
    if not extra and columns[-1].field == "key":  # which only the program reads: the rest is printed larger without it
        sheet.print_area = f"A1:{get_column_letter(len(printers) - 1)}{count}"
    _add_choices(sheet, columns, look, count)
    _add_colours(sheet, columns, look, count)


def _set_page(sheet: Any, widths: Sequence[int]) -> None:  # noqa: ANN401
    """What must be said before the first row: A4 landscape, as wide as the paper, the header on every page."""
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.row_dimensions[1].height = _HEAD_HEIGHT
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.25
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def _heads(sheet: Any, columns: Sequence[Column], look: Look, extra: Sequence[str]) -> list[Any]:  # noqa: ANN401
    """The headings; those of columns that are the user's to fill have another colour."""
    named = [*((column.heading(look.language), column.edited) for column in columns), *((text, True) for text in extra)]
    heads = []
    for text, edited in named:
        head = _text(sheet, look)(text)
        head.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
        head.fill = _EDIT_FILL if edited else _HEAD_FILL
        head.alignment = Alignment(wrap_text=True, vertical="center")
        heads.append(head)
    return heads


def _text(sheet: Any, look: Look) -> _Printer:  # noqa: ANN401
    """Text that stays text, also when somebody edits it: `=1+1`, `0411000` (rule S10)."""
    cell: Any = WriteOnlyCell(sheet)
    cell.quotePrefix, cell.data_type = True, "s"

    def put(value: object) -> Any:  # noqa: ANN401
        if value is None or value == "":
            return None
        # The setter would make a formula of "=...".
        cell._value = _ILLEGAL.sub("", str(value))[:_LONGEST]  # noqa: SLF001
        return cell

    return put


def _formatted(sheet: Any, number_format: str, data_type: str, convert: _Printer) -> _Printer:  # noqa: ANN401
    cell: Any = WriteOnlyCell(sheet)
    cell.number_format, cell.data_type = number_format, data_type
    if data_type == "d":
        cell.alignment = _CENTRED

    def put(value: object) -> Any:  # noqa: ANN401
        if value is None:
            return None
        cell._value = convert(value)  # noqa: SLF001 - the setter would look for type and style again
        return cell

    return put


def _money(sheet: Any, look: Look) -> _Printer:  # noqa: ANN401
    return _formatted(sheet, _MONEY, "n", as_decimal)


def _day(sheet: Any, look: Look) -> _Printer:  # noqa: ANN401
    return _formatted(sheet, _DATE, "d", lambda value: value)


def _number(sheet: Any, look: Look) -> _Printer:  # noqa: ANN401
    return lambda value: value


def _yes(sheet: Any, look: Look) -> _Printer:  # noqa: ANN401
    cell: Any = WriteOnlyCell(sheet, YES[look.language][0])
    cell.alignment = _CENTRED
    return lambda value: cell if value else None


_PRINTERS: dict[str, Callable[[Any, Look], _Printer]] = {
    "text": _text, "money": _money, "date": _day, "number": _number, "yes": _yes,
}  # fmt: skip


def _own(sheet: Any, look: Look) -> _Printer:  # noqa: ANN401
    """A cell of a column that the user added: as it was."""
    text, day = _text(sheet, look), _day(sheet, look)
    moment = _formatted(sheet, _MOMENT, "d", lambda value: value)

    def put(value: object) -> Any:  # noqa: ANN401
        if isinstance(value, str):
            return text(value)
        return moment(value) if isinstance(value, datetime) else day(value) if isinstance(value, date) else value

    return put


def _add_choices(sheet: Any, columns: Sequence[Column], look: Look, count: int) -> None:  # noqa: ANN401
    for number, column in enumerate(columns, 1):
        if not column.edited or column.kind not in ("yes", "number"):
            continue
        choices = YES[look.language] if column.kind == "yes" else map(str, range(look.levels + 1))
        rule = DataValidation(
            type="list", formula1=f'"{",".join(choices)}"', allow_blank=column.kind == "yes", showErrorMessage=True
        )
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{max(count, 2)}")
        sheet.data_validations.append(rule)


def _add_colours(sheet: Any, columns: Sequence[Column], look: Look, count: int) -> None:  # noqa: ANN401
    places = {column.field: get_column_letter(number) for number, column in enumerate(columns, 1)}
    make: Any = rules
    if count == 1:
        return
    if "held" in places:
        last = get_column_letter(len(columns))
        rule = make.FormulaRule(formula=[f'${places["held"]}2="{YES[look.language][0]}"'], fill=_HELD_FILL)
        sheet.conditional_formatting.add(f"A2:{last}{count}", rule)
    if "level" in places:
        letter = places["level"]
        for level in range(1, look.levels + 1):
            fill = PatternFill("solid", bgColor=_LEVEL_COLOURS[min(level, len(_LEVEL_COLOURS) - 1)])
            rule = make.CellIsRule(operator="equal", formula=[str(level)], fill=fill)
            sheet.conditional_formatting.add(f"{letter}2:{letter}{count}", rule)
