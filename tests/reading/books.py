"""Small workbooks for tests, some of them as nobody should make them."""

import io
import zipfile
from typing import Any

import openpyxl

_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def xlsx(*rows: tuple[Any, ...], sheet: str = "Clients", **more: list[tuple[Any, ...]]) -> bytes:
    """A workbook with these rows, and more sheets by name (a name ending in `_hidden` is hidden)."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for name, others in more.items():
        other = book.create_sheet(name)
        other.sheet_state = "hidden" if name.endswith("_hidden") else "visible"
        for row in others:
            other.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(workbook: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with other bytes in one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.namelist():
            part = before.read(entry)
            if entry == name:
                part = part.replace(b"<v />", b"<v/>").replace(b"<v></v>", b"<v/>")  # openpyxl with and without lxml
                assert old in part
                part = part.replace(old, new)
            after.writestr(entry, part)
    return file.getvalue()


def zipped(**parts: str | bytes) -> bytes:
    """A zip with these parts; `__` in a name is a slash, `_` before xml a point."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), part)
    return file.getvalue()


def ods(table: str, manifest: str = "<manifest/>") -> bytes:
    """An .ods whose one sheet, `Clients`, holds this XML."""
    content = f'{_ODS_HEAD}<table:table table:name="Clients">{table}</table:table>{_ODS_TAIL}'
    return zipped(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content_xml": content,
                     "META-INF__manifest_xml": manifest})  # fmt: skip


def ods_row(*texts: str, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'
