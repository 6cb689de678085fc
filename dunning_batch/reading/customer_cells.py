"""The cells of one customer: read strictly; one that cannot be read holds the customer and is listed (fault 43)."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from dunning_batch.core.customers import CustomerChannel, CustomerType
from dunning_batch.core.emailaddress import read_addresses
from dunning_batch.core.terms import KNOWN_SPELLINGS, parse_terms
from dunning_batch.core.words import plain
from dunning_batch.errors import Message, Problem, Severity, Source, msg
from dunning_batch.reading.cell_scan import is_error_text
from dunning_batch.reading.headings import by_spelling
from dunning_batch.reading.sheets import Sheet, cell_text

YES_NO = by_spelling({"yes": "oui; o; yes; y; 1; vrai; true", "no": "non; n; no; 0; faux; false"})
_TYPES: dict[CustomerType, str] = {
    "professional": "professionnel; professionnelle; pro; professional; entreprise; business; B2B",
    "consumer": "particulier; consommateur; consumer; private; B2C",
    "public": "public; publique; acheteur public; secteur public; public buyer; public sector",
    "unknown": "inconnu; unknown",
}
_CHANNELS: dict[CustomerChannel, str] = {
    "email": "email; e-mail; mail; courriel",
    "post": "courrier; poste; post; postal; letter",
    "": "auto; automatique; automatic",
}
TYPES, CHANNELS = by_spelling(_TYPES), by_spelling(_CHANNELS)
LANGUAGES = by_spelling({"fr": "fr; français; french", "en": "en; anglais; english"})

_FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?")
_FRANCE = frozenset(("", "france", "fr", "f"))
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

Word = TypeVar("Word", bound=str)


class RowReading:
    """One row being read: what was noticed so far, and whether a cell of it could not be read."""

    def __init__(self, sheet: Sheet, row: int, columns: Mapping[str, int]) -> None:
        """A row of a sheet, by its index."""
        self.sheet, self.row, self.columns = sheet, row, columns
        self.customer = ""
        self.problems: list[Problem] = []
        self.doubtful = False

    def value(self, field: str) -> Any:  # noqa: ANN401 - whatever a cell may hold
        """The cell of a field, `""` where there is none."""
        index = self.columns.get(field)
        cells = self.sheet.rows[self.row]
        return cells[index] if index is not None and index < len(cells) else ""

    def raw(self, field: str) -> str:
        """The cell as text, blanks around removed."""
        return cell_text(self.value(field)).strip()

    def source(self, field: str) -> Source:
        """The address of the cell."""
        return self.sheet.source(self.row, self.columns.get(field))

    def note(self, code: str, message: Message, field: str, severity: Severity = "warning") -> None:
        """List something about a cell."""
        self.problems.append(Problem(code, message, severity, self.source(field), self.customer))

    def doubt(self, field: str, expected: Message) -> None:
        """List a cell that cannot be read; its customer is held."""
        self.doubtful = True
        text = msg('"{value}" is not understood, expected: {expected}. The customer is held until it is corrected.',
                   value=self.raw(field), expected=expected)  # fmt: skip
        self.note("unreadable_cell", text, field)

    def is_empty(self) -> bool:
        """Nothing stands in any known column."""
        return not any(self.raw(field) or self.bad(field) for field in self.columns)

    def bad(self, field: str) -> bool:
        """The cell is an error, or a formula without a value: said here, once for each cell (faults 26, 30)."""
        index = self.columns.get(field)
        fault = self.sheet.fault(self.row, index) if index is not None else None
        return fault is not None or is_error_text(self.raw(field))

    def code(self) -> str:
        """The customer's code; empty where there is none. First of all cells to be read."""
        self.customer = self.line("code")
        self._note_bad_cells()
        return self.customer

    def _note_bad_cells(self) -> None:
        for field, index in self.columns.items():
            if self.sheet.fault(self.row, index) == "no_value":
                text = msg("A formula without a value: open the file in a spreadsheet, save it and run again.")
                self.note("formula_without_value", text, field, "error")
            elif self.bad(field) and field in ("code", "terms"):
                self.note("error_cell", msg("The cell shows an error: correct it."), field, "error")
            elif self.bad(field):
                self.doubtful = True
                text = msg("The cell shows an error. The customer is held until it is corrected.")
                self.note("error_cell", text, field)

    def line(self, field: str) -> str:
        """A text on one line: line ends, control and direction signs become one blank, and are listed (fault 38)."""
        if self.bad(field):
            return ""
        text = self.raw(field)
        if text.isprintable():
            return " ".join(text.split())
        flat = " ".join("".join(" " if _is_control(sign) else sign for sign in text).split())
        if any(_is_control(sign) and sign not in "\t\r\n" for sign in text):
            self.note("control_characters", msg("Control characters were removed from this cell."), field, "notice")
        return flat

    def postcode(self) -> str:
        """The postcode; in France, the leading zero that a number cell has lost is put back."""
        text = self.line("postcode")
        number = isinstance(self.value("postcode"), int | float)
        return text.zfill(5) if number and plain(self.raw("country")) in _FRANCE else text

    def emails(self) -> tuple[str, ...]:
        """The addresses that can be written to; each other one is listed and counts as none (fault 36)."""
        if self.bad("emails"):
            return ()
        good, refused = read_addresses(self.raw("emails"))
        for address, reason in refused:
            text = msg('"{address}" is not used: {reason}.', address=_shown(address), reason=reason)
            self.note("bad_address", text, "emails")
        return good

    def word(self, field: str, known: Mapping[str, Word], default: Word) -> Word:
        """One of a few words; empty is the default, anything else a doubt."""
        text = self.raw(field)
        if not text or self.bad(field):
            return default
        if plain(text) in known and plain(text):
            return known[plain(text)]
        self.doubt(field, msg("one of {words}", words=", ".join(known)))
        return default

    def terms(self) -> str:
        """Payment terms (rule E2); what is none of them stops the run."""
        text = self.line("terms")
        if text and parse_terms(text) is None:
            known = ", ".join(KNOWN_SPELLINGS)
            problem = msg('"{terms}" is not known; write one of: {known}.', terms=text, known=known)
            self.note("unknown_terms", problem, "terms", "error")
        return text

    def day(self, field: str) -> date | None:
        """A day, in a date cell or written dd/mm/yyyy or yyyy-mm-dd; anything else is a doubt."""
        value, text = self.value(field), self.raw(field)
        if not text or self.bad(field):
            return None
        day = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else read_day(text)
        if day is not None and 2000 <= day.year <= 2100:
            return day
        self.doubt(field, msg("a day such as {example}", example="31/12/2026"))
        return None

    def level(self, field: str) -> int:
        """A level from 1 to 9, 1 if empty."""
        text = self.raw(field)
        if not text or self.bad(field):
            return 1
        if len(text) == 1 and text in "123456789":
            return int(text)
        self.doubt(field, msg("a level from 1 to 9"))
        return 1

    def refuse_extra_fields(self, width: int) -> None:
        """A row longer than its headings is shifted: a separator stands inside a text without double quotes."""
        if any(cell_text(cell).strip() for cell in self.sheet.rows[self.row][width:]):
            text = msg("This row has more cells than there are headings: put a text that holds the separator between "
                       "double quotes.")  # fmt: skip
            self.problems.append(Problem("shifted_row", text, "error", self.sheet.source(self.row), self.customer))


def read_day(text: str) -> date | None:
    """A written day: `31/12/2026`, `31.12.2026`, `2026-12-31`; None for anything else, or a day that is none."""
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _FRENCH_DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Zl", "Zp") or sign in _DIRECTIONS


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
