"""The customers file (contract section 5): every cell is understood, or the customer is held (faults 36 to 44).

A terms cell that cannot be read, a customer given twice in different ways, and a table that is not one stop the run.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dunning_batch.core.customers import Customer
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Message, Problem, Source, msg
from dunning_batch.files import sha256_of
from dunning_batch.reading import customer_cells as cells
from dunning_batch.reading.headings import by_spelling, columns_of
from dunning_batch.reading.neighbours import copies_and_locks
from dunning_batch.reading.sheets import Sheet, read_file, read_sheets

# The first spelling is the French one that the program writes.
HEADINGS = {
    "code": "Client; Code client; Code; N° client; Numéro client; Compte client; Compte; CompAuxNum; Tiers; "
            "Code tiers; Code auxiliaire; Compte auxiliaire; Compte tiers; Customer; Customer code; Account",
    "name": "Nom; Raison sociale; Nom du client; Dénomination; Société; Name; Customer name; Company",
    "address1": "Adresse 1; Adresse; Adresse1; Rue; Address 1; Address; Address1; Street",
    "address2": "Adresse 2; Adresse2; Complément; Complément d'adresse; Address 2; Address2",
    "address3": "Adresse 3; Adresse3; Address 3; Address3",
    "address4": "Adresse 4; Adresse4; Address 4; Address4",
    "postcode": "Code postal; CP; Postcode; Postal code; Zip; Zip code",
    "town": "Ville; Commune; Localité; Town; City",
    "country": "Pays; Country",
    "emails": "Email; E-mail; Emails; E-mails; Mail; Courriel; Adresse email; Adresse e-mail; Adresse mail; "
              "Adresse électronique; Email address; E-mail address",
    "language": "Langue; Language",
    "type": "Type; Type de client; Type client; Customer type",
    "terms": "Délai; Délai de paiement; Délai de règlement; Conditions de paiement; Terms; Payment terms",
    "remind": "Relancer; À relancer; Relance; Remind",
    "channel": "Canal; Channel",
    "held_until": "Suspendu jusqu'au; Suspension jusqu'au; Held until; Suspended until; On hold until",
    "reason": "Motif; Reason",
    "start_level": "Niveau de départ; Niveau départ; Start level; Starting level",
    # Written by --missing-customers to help who fills it in; not read.
    "account": "Compte comptable; Compte général; Ledger account; General account",
    "open": "Reste dû; Open; Open amount",
}  # fmt: skip
_SPELLINGS = by_spelling(HEADINGS)
_HOLDS = ("remind", "held_until")  # a row without a code that holds somebody must not be passed over


@dataclass(frozen=True, slots=True)
class Customers:
    """What the customers file says."""

    by_code: dict[str, Customer]
    problems: tuple[Problem, ...] = ()
    sha256: str = ""  # of the file as read; empty where there is none


@dataclass(frozen=True, slots=True)
class _Table:
    """The sheet with the customers, the row of its headings and the column of each field."""

    sheet: Sheet
    header: int
    columns: dict[str, int]


def read_customers(path: Path, root: Path) -> Customers:
    """The customers of a file, by code.

    Raises:
        InputError: with every cell that stops the run, at once.
    """
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    data = read_file(path, shown)
    problems = list(copies_and_locks(path, shown))
    table, said = _find_table(read_sheets(data, shown))
    problems += said
    found: dict[str, list[Customer]] = defaultdict(list)
    for row in range(table.header + 1, len(table.sheet.rows)):
        customer, said = _read_row(table, row)
        problems += said
        if customer is not None:
            found[customer.code].append(customer)
    problems += [problem for same in found.values() for problem in _twice(same)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(*errors)
    return Customers({code: same[0] for code, same in found.items()}, tuple(problems), sha256_of(data))


def _find_table(sheets: tuple[Sheet, ...]) -> tuple[_Table, list[Problem]]:
    """The one visible sheet whose first rows name a code and something else."""
    tables = [table for sheet in sheets if not sheet.hidden for table in _tables(sheet)]
    file = sheets[0].file if sheets else ""
    if not tables:
        text = msg("{file} has no row of headings with Client and Nom: see the reference of the customers file.",
                   file=file)  # fmt: skip
        raise InputError(Problem("no_headings", text, "error", Source(file)))
    if len(tables) > 1:
        names = ", ".join(table.sheet.name for table in tables)
        text = msg("{file} has customers in several sheets ({names}): keep them in one.", file=file, names=names)
        raise InputError(Problem("several_sheets", text, "error", Source(file)))
    return tables[0], [*_unused(tables[0]), *_hidden(sheets)]


def _tables(sheet: Sheet) -> Iterator[_Table]:
    for number, row in enumerate(sheet.rows[:50]):
        known = columns_of(row, _SPELLINGS)
        fields = {field: index for index, field in reversed(known)}
        if "code" in fields and len(fields) > 1:
            _refuse_doubles(sheet, number, known)
            yield _Table(sheet, number, fields)
            return


def _refuse_doubles(sheet: Sheet, header: int, known: list[tuple[int, str]]) -> None:
    problems = []
    for place, (index, field) in enumerate(known):
        if first := next((before for before, other in known[:place] if other == field), None):
            text = msg("The columns {first} and {second} mean the same: keep one.", first=sheet.rows[header][first],
                       second=sheet.rows[header][index])  # fmt: skip
            problems.append(Problem("column_twice", text, "error", sheet.source(header, index)))
    if problems:
        raise InputError(*problems)


def _unused(table: _Table) -> Iterator[Problem]:
    """Headings that mean nothing to the program: their columns are left unread, and said."""
    for index, heading in enumerate(table.sheet.rows[table.header]):
        if str(heading).strip() and plain(str(heading)) not in _SPELLINGS:
            text = msg("The column {heading} is not used.", heading=str(heading).strip())
            yield Problem("unknown_column", text, "notice", table.sheet.source(table.header, index))


def _hidden(sheets: tuple[Sheet, ...]) -> Iterator[Problem]:
    for sheet in sheets:
        if sheet.hidden and any(_tables(sheet)):
            text = msg("The sheet {name} is hidden and is not read.", name=sheet.name)
            yield Problem("hidden_sheet", text, "notice", Source(sheet.file, sheet=sheet.name, cell="A1"))


def _read_row(table: _Table, row: int) -> tuple[Customer | None, list[Problem]]:
    reading = cells.RowReading(table.sheet, row, table.columns)
    if reading.is_empty():
        return None, []
    code = reading.code()
    if not code:
        return None, [*reading.problems, _without_code(table, row, reading)]
    customer = Customer(
        code=code,
        name=reading.line("name"),
        address=tuple(filter(None, (reading.line(f"address{number}") for number in range(1, 5)))),
        postcode=reading.postcode(),
        town=reading.line("town"),
        country=reading.line("country"),
        emails=reading.emails(),
        language=reading.word("language", cells.LANGUAGES, ""),
        type=reading.word("type", cells.TYPES, "unknown"),
        terms=reading.terms(),
        remind=reading.word("remind", cells.YES_NO, "yes") == "yes",
        channel=reading.word("channel", cells.CHANNELS, ""),
        held_until=reading.day("held_until"),
        reason=reading.line("reason"),
        start_level=reading.level("start_level"),
        source=table.sheet.source(row, table.columns["code"]),
    )
    reading.refuse_extra_fields(len(table.sheet.rows[table.header]))
    return replace(customer, doubtful=reading.doubtful), reading.problems


def _without_code(table: _Table, row: int, reading: cells.RowReading) -> Problem:
    source = table.sheet.source(row, table.columns["code"])
    if any(reading.raw(field) for field in _HOLDS):
        text = msg("This row holds a customer back, but names none: write the code under {heading}.",
                   heading=str(table.sheet.rows[table.header][table.columns["code"]]))  # fmt: skip
        return Problem("row_without_code", text, "error", source)
    return Problem("row_without_code", msg("This row has no customer code and is left out."), "warning", source)


def _twice(same: list[Customer]) -> Iterator[Problem]:
    """A code on several rows: said where they agree, an error where they do not (fault 44)."""
    first = same[0]
    for other in same[1:]:
        values: dict[str, object] = {"code": first.code, "first": str(first.source)}
        text: Message
        if replace(other, source=first.source) == first:
            text = msg("Customer {code} stands here again, with the same contents as in {first}.", **values)
            yield Problem("customer_twice", text, "notice", other.source, first.code)
        else:
            text = msg("Customer {code} stands here again, with other contents than in {first}: keep one.", **values)
            yield Problem("customer_twice", text, "error", other.source, first.code)
