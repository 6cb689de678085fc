"""The header of a FEC: which column is which, however it is written (fault 7; A47 A-1)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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


def header_of(line: str, configured: Mapping[str, str]) -> Header | None:
    """The header of a first line; None where no separator makes a FEC's header of it.

    Args:
        line: Without its line end.
        configured: `[ledger.columns]`: field -> heading, which wins over the spellings known.
    """
    wanted = {_key(heading): field for field, heading in configured.items()}
    best = max((_read(line, separator, wanted) for separator in SEPARATORS), key=lambda header: len(header.columns))
    known = len(best.columns)
    return best if known >= 5 and ("account" in best.columns or "date" in best.columns) else None


def _key(heading: str) -> str:
    return plain(heading.strip().strip('"')).replace(" ", "")


def _read(line: str, separator: str, wanted: Mapping[str, str]) -> Header:
    names = tuple(name.strip().strip('"').strip() for name in line.split(separator))
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        field = wanted.get(_key(name)) or (_BY_SPELLING.get(_key(name)) if name else None)
        if field and (field not in columns or _key(name) in wanted):
            columns[field] = place
    return Header(separator, names, columns)


def widened(header: Header, lines: Sequence[str]) -> Header:
    """The header with one empty column more, where every line ends with a separator and the header does not."""
    width = len(header.names) + 1
    ends_so = all(line.endswith(header.separator) and line.count(header.separator) >= width - 1 for line in lines)
    return replace(header, names=(*header.names, "")) if lines and ends_so and header.names[-1] else header


def header_problems(header: Header, shown: str) -> Iterator[Problem]:
    """Columns that are missing or stand twice; each an error."""
    missing = [_SPELLINGS[field][0] for field in REQUIRED if field not in header.columns]
    has = header.columns.keys()
    if not {"debit", "credit"} <= has and not {"amount", "side"} <= has:
        pair = ("amount", "side") if has & {"amount", "side"} else ("debit", "credit")
        missing += [_SPELLINGS[field][0] for field in pair if field not in has]
    for name in missing:
        text = msg("The column {name} is missing: export the FEC again with all its columns, or name its heading under "
                   "[ledger.columns].", name=name)  # fmt: skip
        yield Problem("missing_column", text, "error", Source(shown, 1))
    for key, count in Counter(_key(name) for name in header.names if name).items():
        if count > 1 and key in _BY_SPELLING:
            text = msg("The column {name} stands twice in the header: keep one.", name=_SPELLINGS[_BY_SPELLING[key]][0])
            yield Problem("column_twice", text, "error", Source(shown, 1))


def dialect(header: Header, encoding: str) -> str:
    """The dialect in words: `FEC, tab, UTF-8`."""
    cash = ", DateRglt" if "paid_date" in header.columns else ""
    return f"FEC, {SEPARATORS[header.separator]}, {encoding}{cash}"


ACCOUNT_START = re.compile(r"\d{3}")
