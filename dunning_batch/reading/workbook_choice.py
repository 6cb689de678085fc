"""Which sheet, header and columns a ledger is read from; where two would do, both are shown (faults 28, 29)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.sheets import Sheet
from dunning_batch.reading.workbook_alignment import aligned
from dunning_batch.reading.workbook_body import Body, body_of
from dunning_batch.reading.workbook_columns import settled_columns
from dunning_batch.reading.workbook_header import ENTRY_DAYS, Header, find_header
from dunning_batch.reading.workbook_text import refuse_wide


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be read."""

    body: Body
    problems: tuple[Problem, ...]


def choose(sheets: Sequence[Sheet], rules: LedgerRules, columns: Mapping[str, str], *, text: bool) -> Chosen:
    """The one sheet and its columns. Raises InputError where there is none, or more than one."""
    shown = sheets[0].file if sheets else ""
    visible = [sheet for sheet in sheets if not sheet.hidden]
    if rules.sheet and not text:
        visible = [sheet for sheet in sheets if plain(sheet.name) == plain(rules.sheet)]
        if not visible:
            names = ", ".join(sheet.name for sheet in sheets)
            message = msg("There is no sheet {name}; there are: {names}. Correct [ledger] sheet.",
                          name=rules.sheet, names=names)  # fmt: skip
            raise InputError(Problem("no_such_sheet", message, "error", Source(shown)))
    found = [(sheet, header) for sheet in visible if (header := find_header(sheet, rules.header_row, columns))]
    ledgers = [(sheet, header) for sheet, header in found if header.is_ledger and len(sheet.rows) > header.last + 1]
    if not ledgers:
        if empty := next(((sheet, header) for sheet, header in found if header.is_ledger), None):
            raise InputError(no_lines(*empty))
        raise InputError(_no_ledger(shown, visible, found, rules, columns))
    if len(ledgers) > 1:
        raise InputError(_several(shown, [sheet for sheet, _ in ledgers]))
    sheet, header = ledgers[0]
    if text:
        refuse_wide(sheet, header)
    body = settled_columns(aligned(body_of(sheet, header)), columns)
    if not body.fields.keys() & set(ENTRY_DAYS):  # its column is taken by what stands there instead of days
        raise InputError(_lacking(sheet, header))
    return Chosen(body, tuple(_hidden(sheets, rules, columns)) + tuple(_not_found(body, columns)))


def no_lines(sheet: Sheet, header: Header) -> Problem:
    """The error for headings that nothing follows."""
    text = msg("There is no line with a date and an amount below the headings: export the ledger again.")
    return Problem("no_lines", text, "error", sheet.source(header.last))


def _no_ledger(
    shown: str,
    sheets: Sequence[Sheet],
    found: Sequence[tuple[Sheet, Header]],
    rules: LedgerRules,
    columns: Mapping[str, str],
) -> Problem:
    """Why no sheet is a ledger: a balance, headings that lack something, or no headings at all."""
    if not any(sheet.rows for sheet in sheets):
        return Problem("empty_file", msg("The workbook is empty: export the ledger again."), "error", Source(shown))
    balance = next(((sheet, header) for sheet, header in found if header.is_balance), None)
    if balance:
        sheet, header = balance
        text = msg(
            "This is a balance: it has sums and no movements, so that nobody can tell which invoices are open. Export "
            "the general ledger of the customers (grand livre clients) with dates, pieces and lettering."
        )
        return Problem("balance_list", text, "error", sheet.source(header.last))
    if found:
        sheet, header = found[0]
        return _lacking(sheet, header)
    text = msg(
        "No row of headings is found. A ledger has columns such as Date, Pièce, Compte, Débit, Crédit: give the row "
        "with [ledger] header_row and the headings under [ledger.columns]; rows seen: {rows}.",
        rows=" · ".join(_first_texts(sheets)) or "-",
    )
    return Problem("no_headings", text, "error", Source(shown))


def _lacking(sheet: Sheet, header: Header) -> Problem:
    seen = ", ".join(header.headings.values())
    text = msg(
        "These headings name no ledger ({seen}): a date and an amount (or debit and credit) are needed. Name them "
        "under [ledger.columns].",
        seen=seen[:300],
    )
    return Problem("missing_column", text, "error", sheet.source(header.last))


def _first_texts(sheets: Sequence[Sheet]) -> list[str]:
    """The first rows with several texts, as candidates for headings."""
    shown: list[str] = []
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:50]):
            texts = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
            if len(texts) > 2 and len(shown) < 3:
                shown.append(f"{sheet.source(index)}: {', '.join(texts)[:120]}")
    return shown


def _several(shown: str, sheets: Sequence[Sheet]) -> Problem:
    names = ", ".join(sheet.name for sheet in sheets)
    text = msg('Several sheets hold a ledger ({names}): name one under [ledger], such as sheet = "{first}".',
               names=names, first=sheets[0].name)  # fmt: skip
    return Problem("several_sheets", text, "error", Source(shown))


def _hidden(sheets: Sequence[Sheet], rules: LedgerRules, columns: Mapping[str, str]) -> list[Problem]:
    """Hidden sheets that look like a ledger are not read, and said (fault 29)."""
    problems = []
    for sheet in sheets:
        header = find_header(sheet, 0, columns) if sheet.hidden and plain(sheet.name) != plain(rules.sheet) else None
        if header and header.is_ledger:
            text = msg("The sheet {name} is hidden and is not read.", name=sheet.name)
            problems.append(Problem("hidden_sheet", text, "notice", Source(sheet.file, sheet=sheet.name, cell="A1")))
    return problems


def _not_found(body: Body, columns: Mapping[str, str]) -> list[Problem]:
    """Headings of the configuration that no column has."""
    known = {plain(heading) for heading in body.header.headings.values()}
    problems = []
    for key, heading in columns.items():
        if plain(heading) not in known:
            text = msg(
                "No column is headed {heading}, as [ledger.columns] {key} has it: correct the heading or remove the "
                "key.",
                heading=heading,
                key=key,
            )
            source = body.sheet.source(body.header.last)
            problems.append(Problem("heading_not_found", text, "warning", source))
    return problems
