"""The header of a FEC: which column is which, however it is written (fault 7; A47 A-1)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dunning_batch.core.words import plain
from dunning_batch.errors import Problem, Source, msg

SEPARATORS = {"\t": "tab", "|": "|", ";": ";"}

# field -> (FEC name, other spellings without case, accents and blanks)
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "journal": ("JournalCode", "codejournal"),
    "journal_label": ("JournalLib", "libellejournal"),
    "number": ("EcritureNum", "numecriture"),
    "date": ("EcritureDate", "dateecriture"),
    "account": ("CompteNum", "numcompte"),
    "account_name": ("CompteLib",),
    "customer": ("CompAuxNum", "compteauxnum"),
    "customer_name": ("CompAuxLib", "compteauxlib"),
    "piece": ("PieceRef", "refpiece"),
    "piece_date": ("PieceDate", "datepiece"),
    "label": ("EcritureLib", "libelleecriture"),
    "debit": ("Debit",),
    "credit": ("Credit",),
    "amount": ("Montant",),
    "side": ("Sens",),
    "lettering": ("EcritureLet",),
    "lettering_date": ("DateLet",),
    "valid_date": ("ValidDate",),
    "currency_amount": ("Montantdevise",),
    "currency": ("Idevise", "iddevise"),
    "paid_date": ("DateRglt",),
    "paid_by": ("ModeRglt",),
    "nature": ("NatOp",),
    "client": ("IdClient",),
    "invoice": ("NumFacture",),
    "due_date": ("DateLimitReglmt", "datelimitereglement", "datelimitreglt", "dateecheance", "datedecheance",
                 "echeance", "dateech", "dateeche", "duedate"),
}  # fmt: skip
_BY_SPELLING = {plain(spelling).replace(" ", ""): field for field, names in _SPELLINGS.items() for spelling in names}
REQUIRED = ("date", "account")
# What a line may lack at its end: nothing that the program reads stands there.
OPTIONAL_TAIL = frozenset(_SPELLINGS) - {
    "journal", "number", "date", "account", "customer", "piece", "piece_date", "label", "debit", "credit", "amount",
    "side",
}  # fmt: skip
DATES, AMOUNTS = ("date", "piece_date", "due_date"), ("debit", "credit", "amount")


@dataclass(frozen=True, slots=True)
class Header:
    """The header line of a FEC."""

    separator: str
    names: tuple[str, ...]  # as written, one per column
    columns: dict[str, int]  # field -> place
    not_found: tuple[str, ...] = field(default=())  # headings of the configuration that no column has

    @property
    def width(self) -> int:
        """How many fields a line has."""
        return len(self.names)


def header_of(line: str, configured: Mapping[str, str]) -> Header | None:
    """The header of a first line; None where no separator makes a FEC's header of it.

    Args:
        line: Without its line end.
        configured: `[ledger.columns]`: field -> heading, which wins over the spellings known.
    """
    wanted = {_key(heading): name for name, heading in configured.items()}
    best = max((_read(line, separator, wanted) for separator in SEPARATORS), key=lambda header: len(header.columns))
    known = len(best.columns)
    return best if known >= 5 and ("account" in best.columns or "date" in best.columns) else None


def _key(heading: str) -> str:
    return plain(heading.strip().strip('"')).replace(" ", "")


def _read(line: str, separator: str, wanted: Mapping[str, str]) -> Header:
    names = tuple(name.strip().strip('"').strip() for name in line.split(separator))
    columns: dict[str, int] = {}
    for place, key in enumerate(map(_key, names)):
        name = wanted.get(key) or _BY_SPELLING.get(key)
        if name and (name not in columns or key in wanted):
            columns[name] = place
    if "piece" in wanted.values() and _key(names[columns.get("piece", 0)]) in wanted:
        columns.pop("invoice", None)  # a heading that somebody names wins over NumFacture (rule A4)
    keys = {_key(name) for name in names}
    return Header(separator, names, columns, tuple(heading for heading in wanted if heading not in keys))


def field_of(name: str, configured: Mapping[str, str]) -> str:
    """The field that a heading or an element names; empty for none of those known."""
    wanted = {_key(heading): field for field, heading in configured.items()}
    return wanted.get(_key(name)) or _BY_SPELLING.get(_key(name), "")


def widened(header: Header, lines: Sequence[str]) -> Header:
    """The header with one empty column more, where every line ends with a separator and the header does not."""
    ends_so = all(line.endswith(header.separator) and line.count(header.separator) >= header.width for line in lines)
    return replace(header, names=(*header.names, "")) if lines and ends_so and header.names[-1] else header


def usual_width(header: Header, lines: Sequence[str]) -> int:
    """How many fields lines have: fewer than the header where each has dropped the same empty columns at its end."""
    widths = {line.count(header.separator) + 1 for line in lines}
    width = widths.pop() if len(widths) == 1 else header.width
    return width if width < header.width and may_lack(header, width) else header.width


def may_lack(header: Header, width: int) -> bool:
    """Whether nothing that must stand on a line stands beyond its first fields."""
    return {name for name, place in header.columns.items() if place >= width} <= OPTIONAL_TAIL


def header_problems(header: Header, configured: Mapping[str, str], shown: str) -> Iterator[Problem]:
    """Columns that are missing or stand twice, each an error; headings of the configuration that no column has."""
    for name in _missing(header, configured):
        text = msg("The column {name} is missing: export the FEC again with all its columns, or name its heading under "
                   "[ledger.columns].", name=name)  # fmt: skip
        yield Problem("missing_column", text, "error", Source(shown, 1))
    wanted = {_key(heading): name for name, heading in configured.items()}
    for key, count in Counter(_key(name) for name in header.names if name).items():
        if count > 1 and (key in _BY_SPELLING or key in wanted):
            name = next(name for name in header.names if _key(name) == key)
            text = msg("The column {name} stands twice in the header: keep one.", name=name)
            yield Problem("column_twice", text, "error", Source(shown, 1))
    for name, heading in configured.items():
        if _key(heading) in header.not_found and name in _SPELLINGS:
            text = msg(
                "No column is headed {heading}, as [ledger.columns] {key} has it: correct the heading or remove the "
                "key.",
                heading=heading,
                key=name,
            )
            yield Problem("heading_not_found", text, "warning", Source(shown, 1))


def _missing(header: Header, configured: Mapping[str, str]) -> list[str]:
    """Debit and Credit, or Montant and Sens; one signed amount alone where the configuration names it (rule A3)."""
    has = header.columns.keys()
    missing = [_SPELLINGS[name][0] for name in REQUIRED if name not in has]
    if {"debit", "credit"} <= has or {"amount", "side"} <= has or ("amount" in configured and "amount" in has):
        return missing
    pair = ("amount", "side") if has & {"amount", "side"} and not has & {"debit", "credit"} else ("debit", "credit")
    return missing + [_SPELLINGS[name][0] for name in pair if name not in has]


def dialect(header: Header, encoding: str) -> str:
    """The dialect in words: `FEC, tab, UTF-8`."""
    cash = ", DateRglt" if "paid_date" in header.columns else ""
    return f"FEC, {SEPARATORS[header.separator]}, {encoding}{cash}"


ACCOUNT_START = re.compile(r"\d{3}")
