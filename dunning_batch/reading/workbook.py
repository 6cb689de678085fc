"""Ledgers in workbooks and tables of text, from any program: sheet, headings and columns are found (faults 22 to 33).

Grand livre, journal, extrait de compte, lists of invoices or of due dates are read; a balance has no movements and is
refused. Where two readings are possible, both are shown and nothing is read.
"""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from dunning_batch.core.duedates import to_date
from dunning_batch.core.ledger import Accounting, LedgerFile, LedgerRules
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.files import sha256_of
from dunning_batch.reading.cells import NO_DAY
from dunning_batch.reading.collector import without_collector
from dunning_batch.reading.encodings import HEAD, text_of
from dunning_batch.reading.fec_columns import header_of
from dunning_batch.reading.fec_part import closing_of
from dunning_batch.reading.part import Part
from dunning_batch.reading.sheets import read_file
from dunning_batch.reading.workbook_balance import balance_problems
from dunning_batch.reading.workbook_body import Body, with_calendar
from dunning_batch.reading.workbook_choice import Chosen, choose, no_lines
from dunning_batch.reading.workbook_coded import Coded
from dunning_batch.reading.workbook_entries import Entries
from dunning_batch.reading.workbook_faults import faulty_cells
from dunning_batch.reading.workbook_lists import invoices_only, list_problems
from dunning_batch.reading.workbook_meaning import meanings_of
from dunning_batch.reading.workbook_moves import Moves, moves_of
from dunning_batch.reading.workbook_paid import PAID, Paid, accounting_of, with_paid
from dunning_batch.reading.workbook_source import Opened, open_workbook
from dunning_batch.reading.workbook_table import Table, TableMaker
from dunning_batch.reading.workbook_text import SEPARATORS, looks_like_a_table
from dunning_batch.reading.workbook_values import texts

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENDINGS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})
_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
_MOST = 200
_SAMPLE = 5000  # movements among which an example of each column is looked for


class WorkbookReader:
    """The reader of workbooks and of tables in text files that are no FEC."""

    name = "workbook"

    def identify(self, path: Path, columns: Mapping[str, str]) -> bool:
        """Whether the file is a workbook, or a text whose headings are those of a ledger."""
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(_OLE):
            return True
        if not head.strip():
            return False
        if path.suffix.lower() in _ENDINGS:
            return True  # and refused as one that cannot be read, if it is none (fault 22)
        if head.startswith(_ZIP):
            return _is_workbook(path)
        text = text_of(head)
        first = next((line for line in text.splitlines() if line.strip()), "")
        is_other = first.lstrip("\ufeff \t").startswith("<") or header_of(first, columns) is not None
        return not is_other and looks_like_a_table(head, columns)

    def read(self, path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Part:
        """The customer lines of the file. Raises InputError with every problem."""
        with without_collector():
            return _read(path, shown, rules, columns)  # all cells are gone before the collector is back


def _read(path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Part:
    opened = open_workbook(path, shown, rules, columns)
    chosen = choose(opened.sheets, rules, columns, text=opened.is_text)
    return _Reading(opened, chosen, rules, columns).part(sha256_of(opened.data or read_file(path, shown)))


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(_PARTS & set(archive.namelist()))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


class _Reading:
    """The reading of one sheet."""

    def __init__(self, opened: Opened, chosen: Chosen, rules: LedgerRules, columns: Mapping[str, str]) -> None:
        self.opened, self.chosen, self.rules, self.columns = opened, chosen, rules, columns
        self.body: Body = with_calendar(chosen.body, epoch_1904=opened.epoch_1904)
        self.problems: list[Problem] = [*chosen.problems, *self._announced()]

    def part(self, sha256: str) -> Part:
        """Its lines, or everything that is wrong with them at once."""
        accounting = accounting_of(self.body, self.rules)
        moves = moves_of(self.body)
        if faulty := faulty_cells(self.body):
            raise InputError(*self.problems, *faulty)
        moves = invoices_only(self.body, moves, accounting)
        maker = TableMaker(self.body, moves, self.rules)
        table = maker.table()
        paid = Paid(table.lines, _day(table.last_bank), [])
        if accounting == "cash":
            paid = with_paid(self.body, table)
        self.problems += [
            *moves.problems, *table.problems, *paid.problems,
            *balance_problems(self.body, moves, maker.owners), *self._unbalanced(table, moves, accounting),
            *list_problems(self.body, moves, maker.owners, self.rules),
            *([] if len(moves.rows) else [no_lines(self.body.sheet, self.body.header)]),
        ]  # fmt: skip
        if any(problem.severity == "error" for problem in self.problems):
            raise InputError(*self.problems)
        file = self._file(sha256, table, moves, paid.last)
        return Part(file, paid.lines, table.entries.texts, tuple(self.problems), accounting)

    def _announced(self) -> Iterator[Problem]:
        """How the sheet is read where that is not plain to see (fault 29)."""
        sheet = self.body.sheet
        if sheet.hidden_rows:
            text = msg("Hidden or filtered rows of this sheet: {count}. They are read like all others.",
                       count=sheet.hidden_rows)  # fmt: skip
            yield Problem("hidden_rows", text, "notice", sheet.source(self.body.header.last))
        ignored = [name for name in PAID if name in self.body.fields]
        if ignored and "amount" in self.body.fields and accounting_of(self.body, self.rules) == "accrual":
            text = msg(
                "This ledger is judged by its lettering: what {columns} says is not looked at. To judge it by that, "
                'write accounting = "cash" under [ledger].',
                columns=", ".join(self.body.heading(name) for name in ignored),
            )
            yield Problem("paid_columns_unused", text, "notice", sheet.source(self.body.header.last))
        if self.body.calendar.month_first:
            text = msg("Days are read as month/day/year in this file, as some can be read in no other way.")
            yield Problem("month_first", text, "notice", sheet.source(self.body.header.last))

    def _unbalanced(self, table: Table, moves: Moves, accounting: Accounting) -> Iterator[Problem]:
        """Entries that do not balance; once, where only customers' lines are there (fault 11)."""
        entries = table.entries
        if accounting == "cash" or not entries.unbalanced:
            return
        source = Source(self.body.sheet.file)
        if table.only_customers:
            text = msg("The file holds customer accounts only: what kind of entry a line belongs to is not known.")
            yield Problem("customers_only", text, "notice", source)
        elif "number" not in self.body.fields or 2 * len(entries.unbalanced) > entries.booked:
            text = msg("The file holds only a part of most entries: what kind of entry a line belongs to is not known.")
            yield Problem("customers_only", text, "notice", source)
        else:
            yield from self._listed(entries, moves)

    def _listed(self, entries: Entries, moves: Moves) -> Iterator[Problem]:
        for line, difference in entries.unbalanced[:_MOST]:
            text = msg(
                "The entry {number} of the journal {journal} does not balance: debit less credit is "
                "{difference:money}.",
                number=_shown(entries.keys.number, line),
                journal=_shown(entries.keys.journal, line),
                difference=difference,
            )
            yield self.body.problem("unbalanced_entry", text, int(moves.rows[line]), "number", "warning")

    def _file(self, sha256: str, table: Table, moves: Moves, last_paid: date | None) -> LedgerFile:
        known = moves.day[~moves.opening & (moves.day != NO_DAY)]
        first, last = (to_date(int(known.min())), to_date(int(known.max()))) if len(known) else (None, None)
        return LedgerFile(
            self.body.sheet.file, sha256, len(moves.rows), self._dialect(), first, last,
            closing_of(Path(self.body.sheet.file).name), last_paid,
            bool(table.lines["opening"].any()), meanings_of(self.body, moves.rows[:_SAMPLE]),
        )  # fmt: skip

    def _dialect(self) -> str:
        row = self.body.sheet.lines[self.body.header.last]
        if self.opened.content is not None:
            encoding = self.opened.content.encoding_name
            return f"table, {SEPARATORS[self.opened.separator]}, {encoding}, header row {row}"
        return f"workbook, sheet {self.body.sheet.name}, header row {row}"


def _shown(column: Coded, line: int) -> str:
    return texts([column.cells[column.places[line]]])[0] or "-"


def _day(number: int) -> date | None:
    return None if number == NO_DAY else to_date(number)
