"""Rows as a table on the screen, as CSV, and as a workbook; and problems as lines."""

import csv
import io
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from dunning_batch.core.money import as_decimal, grouped_text
from dunning_batch.errors import Message, Problem, Severity, msg
from dunning_batch.files import temporary_files
from dunning_batch.language import Language
from dunning_batch.reports.cells import Amounts, Cells, Words, lines, widest

Kind = Literal["text", "money", "date", "number"]
Value = str | int | date | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SEVERITIES: dict[Severity, Message] = {"error": msg("error"), "warning": msg("warning"), "notice": msg("notice")}
_NARROWEST = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and what its values are; money in cents."""

    heading: Message
    kind: Kind = "text"
    width: int = 12  # of a workbook, in characters


def problem_line(problem: Problem, language: Language) -> str:
    """`severity: place: customer: message`, one line; the customer only where the message does not name it."""
    named = any(value == problem.customer for _, value in problem.message.values)
    parts = (
        language.message(_SEVERITIES[problem.severity]),
        str(problem.source),
        "" if named else problem.customer,
        language.message(problem.message),
    )
    return " ".join(language.colon.join(part for part in parts if part).split("\n"))


def table_text(columns: Sequence[Column], rows: Sequence[Sequence[Value]], language: Language) -> str:
    """A table as wide as the terminal allows; texts are cut, numbers never."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return table_bytes(columns, [Cells(column, np.arange(len(rows))) for column in values], language).decode()


def table_bytes(columns: Sequence[Column], cells: Sequence[Cells | Words | Amounts], language: Language) -> bytes:
    """The same in UTF-8, of columns."""
    headings = [language.message(column.heading) for column in columns]
    texts = [_texts(column.kind, given, language) for column, given in zip(columns, cells, strict=True)]
    room = shutil.get_terminal_size((160, 24)).columns
    left = [column.kind == "text" for column in columns]
    widths = _fitted([max(len(head), widest(given)) for head, given in zip(headings, texts, strict=True)], left, room)
    heads = [pa.array([heading, "-" * width]) for heading, width in zip(headings, widths, strict=True)]
    return b"".join(chain(lines(heads, widths, left), lines(texts, widths, left)))


def _texts(kind: Kind, given: Cells | Words | Amounts, language: Language) -> pa.Array:
    """The values of one column as texts."""
    if isinstance(given, Words):
        return given.texts()
    if isinstance(given, Amounts):
        return given.texts(language)
    printers: dict[Kind, Callable[[Any], str]] = {"money": language.money, "date": language.date}
    printed = printers.get(kind, str)
    return given.texts(lambda value: "" if value is None else printed(value))


def _fitted(widths: list[int], may_shrink: list[bool], room: int) -> list[int]:
    widths = list(widths)
    excess = sum(widths) + len(widths) - 1 - room
    while excess > 0:
        widest = max((w for w, may in zip(widths, may_shrink, strict=True) if may), default=0)
        if widest <= _NARROWEST:
            break
        place = next(n for n, w in enumerate(widths) if may_shrink[n] and w == widest)
        widths[place] -= 1
        excess -= 1
    return widths


def csv_bytes(columns: Sequence[Column], rows: Iterable[Sequence[Value]], language: Language) -> bytes:
    """CSV as a spreadsheet of that language opens it: UTF-8 with its mark, every field quoted.

    Semicolons and decimal commas in French. A text that would be taken for a formula begins with an apostrophe.
    """
    french = language.code == "fr"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if french else ",", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([language.message(column.heading) for column in columns])
    printers = [_csv_printer(column.kind, "," if french else ".") for column in columns]
    writer.writerows([printer(value) for printer, value in zip(printers, row, strict=True)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_printer(kind: Kind, point: str) -> Callable[[Value], str]:
    if kind == "money":
        return lambda value: "" if value is None else grouped_text(int(value), "", point)  # type: ignore[arg-type]
    if kind == "date":
        return lambda value: value.isoformat() if isinstance(value, date) else ""
    if kind == "number":
        return lambda value: "" if value is None else str(value)
    return lambda value: harmless(str(value or ""))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return (
        f"'{text}"
        if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or text.startswith(("\t", "\r", "\n"))
        else text
    )


@temporary_files()
def xlsx_bytes(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], language: Language) -> bytes:
    """A workbook: frozen header, filter, widths, real dates and amounts, text as text, A4 landscape."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    heads = [WriteOnlyCell(sheet, language.message(column.heading)) for column in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value, column.kind) for value, column in zip(row, columns, strict=True)])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, kind: Kind) -> Any:  # noqa: ANN401 - whatever openpyxl takes
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or value == "":
        return None
    if kind == "money":
        euros: Any = as_decimal(int(value))  # openpyxl takes it, its stubs do not
        cell = WriteOnlyCell(sheet, euros)
        cell.number_format = "#,##0.00"
    elif kind == "date":
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "dd/mm/yyyy"
    elif kind == "number":
        cell = WriteOnlyCell(sheet, value)
    else:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32767])
        cell.data_type = "s"
        cell.quotePrefix = str(value).lstrip().startswith(_FORMULA_STARTS)
    return cell
