"""Tables in text files (.csv, .tsv, exports named .xls that are text): separator and quotes found, lines numbered."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.encodings import Content, examine, text_of
from dunning_batch.reading.fec_rows import cut_file
from dunning_batch.reading.sheets import Sheet, is_cut, refused
from dunning_batch.reading.workbook_header import Header, find_header

SEPARATORS = {"\t": "tab", ";": ";", ",": "comma", "|": "|"}
_HEAD_LINES = 400
_WHOLE, _CENTS = re.compile(r"\s*[-+(]?[\d .\u00a0\u202f]*\d"), re.compile(r"\d{1,2}[-)]?\s*")


def looks_like_a_table(head: bytes, columns: Mapping[str, str]) -> bool:
    """Whether the beginning of a file, read with some separator, has the headings of a ledger or a balance."""
    return _separator(text_of(head), 0, columns)[1] is not None


def _separator(text: str, row: int, columns: Mapping[str, str]) -> tuple[str, Header | None]:
    """The separator that makes most of the headings, and the header it makes."""
    lines = text.splitlines()[:_HEAD_LINES]
    best: tuple[str, Header | None] = (max(SEPARATORS, key=lambda sign: sum(line.count(sign) for line in lines)), None)
    for sign in SEPARATORS:
        rows, numbers, _ = _rows("\n".join(lines), sign, quoted=True)
        header = find_header(Sheet("", "", rows, numbers), row, columns)
        if header and (best[1] is None or header.score > best[1].score):
            best = (sign, header)
    return best


def read_text(path: Path, shown: str, row: int, columns: Mapping[str, str]) -> tuple[Sheet, Content, str]:
    """The table of a text file, its encoding and its separator. Raises InputError.

    Args:
        path: The file.
        shown: Its name as told to users.
        row: `[ledger] header_row`.
        columns: `[ledger.columns]`.
    """
    content = examine(path, shown)
    data = path.read_bytes()[content.bom :]
    text = data.decode(content.encoding, errors="replace").replace("\0", "")
    separator, header = _separator(text, row, columns)
    rows, numbers, fault = _rows(text, separator, quoted=True)
    if fault:
        rows, numbers = _unquoted(text, separator, fault, shown)
    sheet = Sheet(shown, "", rows, numbers)
    if separator == "," and header:
        _refuse_split_amounts(sheet, header)
    if header and not content.ended:
        _refuse_cut(sheet, header)
    return sheet, content, separator


def _refuse_cut(sheet: Sheet, header: Header) -> None:
    """A last line without its end that is shorter than all others: a broken download."""
    if is_cut(sheet.rows[header.last :]):
        raise InputError(cut_file(sheet.file, sheet.lines[-1]))


def _refuse_split_amounts(sheet: Sheet, header: Header) -> None:
    """`100,50` between commas is two fields: every amount would lose its cents, and what follows would be shifted.

    Empty columns at the end hide it: the line is as wide as its header says, and some empty fields more.
    """
    width = len(sheet.rows[header.last])
    for place, row in enumerate(sheet.rows[header.last + 1 :], header.last + 1):
        if len(row) > width and any(_WHOLE.fullmatch(one) and _CENTS.fullmatch(other) for one, other in pairwise(row)):
            text = msg(
                "This line has {found:field|fields} where the header has {expected}: amounts with a decimal comma, "
                "between commas, are cut in two. Export with semicolons or tabs, or with amounts between quotes.",
                found=len(row),
                expected=width,
            )
            raise InputError(Problem("split_amounts", text, "error", Source(sheet.file, sheet.lines[place])))


def _rows(text: str, separator: str, *, quoted: bool) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...], int]:
    """The rows that hold something, their line numbers, and the line from which quotes do not agree (0: none)."""
    source = io.StringIO(text, newline="")
    if quoted:
        reader = csv.reader(source, delimiter=separator, strict=True)
    else:
        reader = csv.reader(source, delimiter=separator, quoting=csv.QUOTE_NONE)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    start = 1
    try:
        for row in reader:
            if any(row) and not (start == 1 and len(row) <= 2 and row[0].lower().startswith("sep=")):
                rows.append(tuple(row))
                numbers.append(start)
            start = reader.line_num + 1
    except csv.Error:
        return tuple(rows), tuple(numbers), start
    return tuple(rows), tuple(numbers), 0


def _unquoted(text: str, separator: str, line: int, shown: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """The rows where a quote is but a sign: only if all lines then have as many fields (fault 4)."""
    rows, numbers, _ = _rows(text, separator, quoted=False)
    if len({len(row) for row in rows}) == 1:
        return rows, numbers
    fault = msg("cannot be read from this line on: a double quote is opened and not closed, or not doubled")
    raise refused(shown, fault, "unreadable_csv", line)


def too_wide(sheet: Sheet, width: int) -> list[Problem]:
    """Lines with more fields than the header: a separator stands inside a text, and all that follows is shifted."""
    problems = []
    usual = max(width, Counter(map(len, sheet.rows)).most_common(1)[0][0] if sheet.rows else 0)  # all may end so
    for place, row in enumerate(sheet.rows):
        if len(row) > usual or (len(row) > width and any(cell.strip() for cell in row[width:])):
            text = msg(
                "This line has {found:field|fields} where the header has {expected} (it begins {start}): a separator "
                "inside a text? Correct the line or export again.",
                found=len(row),
                expected=width,
                start=" ".join(cell.strip()[:40] for cell in row[:3]),
            )
            problems.append(Problem("wrong_width", text, "error", Source(sheet.file, sheet.lines[place])))
    return problems


def refuse_wide(sheet: Sheet, header: Header) -> None:
    """Raise InputError where lines have more fields than the header."""
    width = len(sheet.rows[header.last])
    below = Sheet(sheet.file, "", sheet.rows[header.last + 1 :], sheet.lines[header.last + 1 :])
    if problems := too_wide(below, width):
        raise InputError(*problems[:200])
