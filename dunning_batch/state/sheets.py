"""Sheets as an accountant expects them: frozen header, filter, widths, real dates and amounts, text as text, A4."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from dunning_batch.core.money import as_decimal
from dunning_batch.language import LanguageCode
from dunning_batch.state.columns import Column

CREDITOR, FORMAT, MARK = "dunning-batch creditor", "dunning-batch format", "dunning-batch mark"
FORMAT_NUMBER = 1
YES = {"fr": ("oui", "non"), "en": ("yes", "no")}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = re.compile(r"[\s\u00a0]*[=+\-@]")
_LONGEST = 32767
_DATE, _MONEY = "dd/mm/yyyy", "#,##0.00"
_HEAD_FILL, _EDIT_FILL = PatternFill("solid", fgColor="1F4E79"), PatternFill("solid", fgColor="7F6000")
_LEVEL_COLOURS = ("FFFFFF", "FFF2CC", "FCE4D6", "F8CBAD", "F4A7A7")
_HELD_FILL = PatternFill("solid", bgColor="D9D9D9")


@dataclass(frozen=True, slots=True)
class Look:
    """What the sheets of one workbook share."""

    language: LanguageCode
    levels: int  # how many the dossier has


def add_sheet(
    book: Workbook,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    look: Look,
    extra: Sequence[str] = (),
) -> None:
    """A sheet with one row for each of `rows`: values of the columns, then of the user's own columns."""  # fmt: skip
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for number, width in enumerate([*(column.width for column in columns), *(14 for _ in extra)], 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append(_heads(sheet, columns, look, extra))
    printers = [_PRINTERS[column.kind] for column in columns]
    count = 1
    for row in rows:
        cells = [printer(sheet, value, look) for printer, value in zip(printers, row, strict=False)]
        sheet.append([*cells, *(_own(sheet, value) for value in row[len(columns) :])])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns) + len(extra))}{count}"
    _add_choices(sheet, columns, look, count)
    _add_colours(sheet, columns, look, count)


def _heads(sheet: Any, columns: Sequence[Column], look: Look, extra: Sequence[str]) -> list[Any]:  # noqa: ANN401
    heads = []
    for text, edited in [
        *((column.heading(look.language), column.edited) for column in columns),
        *((t, True) for t in extra),
    ]:
        head = _text(sheet, text, look)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = _EDIT_FILL if edited else _HEAD_FILL
        head.alignment = Alignment(wrap_text=True, vertical="center")
        heads.append(head)
    return heads


def _text(sheet: Any, value: object, look: Look) -> Any:  # noqa: ANN401
    if value is None or value == "":
        return None
    cell: Any = WriteOnlyCell(sheet)
    text = _ILLEGAL.sub("", str(value))[:_LONGEST]
    cell._value, cell.data_type = text, "s"  # noqa: SLF001 - the setter would make a formula of "=..."
    if _FORMULA.match(text):
        cell.quotePrefix = True
    return cell


def _typed_cell(sheet: Any, value: Any) -> Any:  # noqa: ANN401 - openpyxl takes Decimal and date, its stubs do not
    return WriteOnlyCell(sheet, value)


def _rule(kind: Any, **about: Any) -> Any:  # noqa: ANN401 - openpyxl's rules have no types
    return kind(**about)


def _money(sheet: Any, value: Any, look: Look) -> Any:  # noqa: ANN401
    if value is None:
        return None
    cell = _typed_cell(sheet, as_decimal(value))
    cell.number_format = _MONEY
    return cell


def _day(sheet: Any, value: date | None, look: Look) -> Any:  # noqa: ANN401
    if value is None:
        return None
    cell = _typed_cell(sheet, value)
    cell.number_format = _DATE
    return cell


def _number(sheet: Any, value: object, look: Look) -> Any:  # noqa: ANN401
    return value


def _yes(sheet: Any, value: object, look: Look) -> Any:  # noqa: ANN401
    return YES[look.language][0] if value is True else value or None


_PRINTERS: dict[str, Any] = {"text": _text, "money": _money, "date": _day, "number": _number, "yes": _yes}


def _own(sheet: Any, value: object) -> Any:  # noqa: ANN401
    """A cell of a column that the user added: as it was."""
    if isinstance(value, date):
        return _day(sheet, value, Look("fr", 0))
    return _text(sheet, value, Look("fr", 0)) if isinstance(value, str) else value


def _add_choices(sheet: Any, columns: Sequence[Column], look: Look, count: int) -> None:  # noqa: ANN401
    for number, column in enumerate(columns, 1):
        if not column.edited or column.kind not in ("yes", "number"):
            continue
        choices = YES[look.language] if column.kind == "yes" else map(str, range(look.levels + 1))
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{count + 200}")
        sheet.data_validations.append(rule)


def _add_colours(sheet: Any, columns: Sequence[Column], look: Look, count: int) -> None:  # noqa: ANN401
    places = {column.field: get_column_letter(number) for number, column in enumerate(columns, 1)}
    if "level" in places:
        letter = places["level"]
        for level in range(1, min(look.levels, len(_LEVEL_COLOURS) - 1) + 1):
            fill = PatternFill("solid", bgColor=_LEVEL_COLOURS[level])
            rule = _rule(CellIsRule, operator="equal", formula=[str(level)], fill=fill)
            sheet.conditional_formatting.add(f"{letter}2:{letter}{max(count, 2)}", rule)
    if "held" in places and count > 1:
        last = get_column_letter(len(columns))
        rule = _rule(FormulaRule, formula=[f'${places["held"]}2="{YES[look.language][0]}"'], fill=_HELD_FILL)
        sheet.conditional_formatting.add(f"A2:{last}{count}", rule)


def new_book(creditor: str, mark: int) -> Workbook:
    """A workbook that knows whose it is, and after which step of the journal it was written."""
    book = Workbook(write_only=True)
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined] # the stubs lack it
    properties.append(StringProperty(name=CREDITOR, value=creditor))
    properties.append(IntProperty(name=FORMAT, value=FORMAT_NUMBER))
    properties.append(IntProperty(name=MARK, value=mark))
    return book
