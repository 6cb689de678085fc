"""Copies of invoices for a letter, found in a folder of PDFs; never the wrong one (key `[letters] invoice_copies`).

A copy is found by the piece number in its file name, else in its text. Where its text can be read, number and amount
must both stand in it; a scan without text is trusted by its name alone, which must hold the whole number. Of two
different files for one invoice, neither is taken.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from pypdf import PdfReader

from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.foreign import DAMAGED, TooLargeError, pages_of_file
from dunning_batch.errors import ConfigurationError, Problem, Source, msg

_KEY = "[letters] invoice_copies"
_MOST_BYTES = 20_000_000
_MOST_PAGES = 30
_PAGES_READ = 3  # first pages, in which number and total are looked for, beside the last one
_MOST_SEARCHED = 2000  # files that are opened where no name tells
_LEAST_TEXT = 20  # letters and digits: a page with fewer is a scan
_LEAST_NAME = 4  # signs of a number that a file name alone may prove
_RUN = re.compile(r"[^\W_]+")
_BETWEEN = r"[\W_]*"
_BLANK = "[ \u00a0\u202f.,']?"  # between thousands


@dataclass(frozen=True, slots=True)
class Copy:
    """One invoice, ready to be laid behind a letter."""

    piece: str
    file: Path
    pages: tuple[Artwork, ...]


@dataclass(frozen=True, slots=True)
class CopyFolder:
    """The PDFs of a folder and its sub-folders; what was read of them is kept."""

    files: tuple[Path, ...]
    _by_name: Mapping[str, Sequence[Path]]
    _texts: dict[Path, str] = field(default_factory=dict)

    def copies_of(self, reminder: Reminder) -> tuple[tuple[Copy, ...], tuple[Problem, ...]]:
        """The copy of each invoice of a reminder, in the order of its table, and what is missing or doubtful."""
        found = [self._copy(piece, amounts) for piece, amounts in _wanted(reminder).items()]
        code = reminder.customer.code
        return (
            tuple(one for one in found if isinstance(one, Copy)),
            tuple(replace(one, customer=code) for one in found if isinstance(one, Problem)),
        )

    def _copy(self, piece: str, amounts: Sequence[int]) -> Copy | Problem:
        named = self._by_name.get(_joined(piece), ())
        candidates = [file for file in named or self._that_tell(piece) if self._agrees(file, piece, amounts)]
        contents = {file.read_bytes(): file for file in candidates}
        if len(contents) > 1:
            names = ", ".join(sorted(file.name for file in contents.values()))
            text = msg("Two files can be the copy of the invoice {piece}: {names}. Keep one.", piece=piece, names=names)
            return Problem("invoice_copy", text, "warning", Source(key=_KEY))
        if contents:
            return _taken(piece, next(iter(contents.values())))
        if named:
            text = msg(
                "{name} is not taken as the copy of {piece}: number and amount of the ledger do not both stand in it.",
                name=named[0].name,
                piece=piece,
            )
            return Problem("invoice_copy", text, "warning", Source(key=_KEY))
        text = msg("There is no copy of the invoice {piece}.", piece=piece)
        return Problem("invoice_copy", text, "notice", Source(key=_KEY))

    def _agrees(self, file: Path, piece: str, amounts: Sequence[int]) -> bool:
        """Number and amount stand in the text; of a scan, the name holds the whole number."""
        text = self._text(file)
        if len("".join(_RUN.findall(text))) < _LEAST_TEXT:
            return len(_joined(piece)) >= _LEAST_NAME and file in self._by_name.get(_joined(piece), ())
        return _number_in(piece, text) and any(_amount_in(cents, text) for cents in amounts)

    def _that_tell(self, piece: str) -> Iterable[Path]:
        """Files in whose text the number stands; nothing is searched for in a very large folder."""
        if len(self.files) > _MOST_SEARCHED or len(_joined(piece)) < _LEAST_NAME:
            return ()
        return [file for file in self.files if _number_in(piece, self._text(file))]

    def _text(self, file: Path) -> str:
        if file not in self._texts:
            self._texts[file] = _text_of(file)
        return self._texts[file]


def open_copies(folder: Path, shown: str) -> CopyFolder:
    """List the copies. Raises ConfigurationError where there is no such folder."""
    if not folder.is_dir():
        text = msg("[letters] invoice_copies: there is no folder {name}. Make it, or remove the line.", name=shown)
        raise ConfigurationError(Problem("no_copies_folder", text, "error", Source(key=_KEY)))
    files = tuple(sorted(path for path in folder.rglob("*") if path.suffix.casefold() == ".pdf" and path.is_file()))
    by_name: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        for name in _names_in(file.stem):
            by_name[name].append(file)
    return CopyFolder(files, by_name)


def _wanted(reminder: Reminder) -> dict[str, tuple[int, ...]]:
    """Piece -> the amounts that may stand on its invoice: each instalment's, and their sum."""
    amounts: dict[str, list[int]] = defaultdict(list)
    for line in reminder.items:
        if line.decision.item.piece.strip() and line.decision.item.kind in ("invoice", "opening"):
            amounts[line.decision.item.piece.strip()].append(line.decision.item.amount)
    return {piece: tuple({*some, sum(some)}) for piece, some in amounts.items()}


def _joined(text: str) -> str:
    return "".join(_RUN.findall(text.casefold()))


def _names_in(stem: str) -> Iterator[str]:
    """Every number that a file name can hold: its runs of letters and digits, and neighbouring ones together."""
    runs = _RUN.findall(stem.casefold())
    return ("".join(runs[first:end]) for first, end in combinations(range(len(runs) + 1), 2))


def _number_in(piece: str, text: str) -> bool:
    """The whole number, touching no other letter or digit; what parts its runs may differ."""
    number = _BETWEEN.join(map(re.escape, _RUN.findall(piece)))
    return re.search(rf"(?<![^\W_]){number}(?![^\W_])", text, re.IGNORECASE) is not None


def _amount_in(cents: int, text: str) -> bool:
    """The amount in any usual spelling, and not as the end of a larger one."""
    euros = f"{cents // 100:,}".replace(",", _BLANK)
    return re.search(rf"(?<!\d)(?<!\d[ \u00a0\u202f.,']){euros}[.,]{cents % 100:02d}(?!\d)", text) is not None


def _text_of(file: Path) -> str:
    """What can be read on its first pages and its last one; nothing where it is damaged, locked or too large."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            return ""
        with file.open("rb") as data:
            pages = PdfReader(data).pages
            chosen = [*range(min(_PAGES_READ, len(pages))), *([len(pages) - 1] if len(pages) > _PAGES_READ else [])]
            return "\n".join(pages[number].extract_text() for number in chosen)
    except (*DAMAGED, OSError):
        return ""


def _taken(piece: str, file: Path) -> Copy | Problem:
    try:
        return Copy(piece, file, pages_of_file(file, _MOST_PAGES, _MOST_BYTES))
    except TooLargeError:
        text = msg("{name} is too large to be attached: more than 30 pages or 20 MB.", name=file.name)
    except (*DAMAGED, OSError):
        text = msg("{name} is no readable PDF: print it to a new PDF, and use that.", name=file.name)
    return Problem("invoice_copy", text, "warning", Source(key=_KEY))
