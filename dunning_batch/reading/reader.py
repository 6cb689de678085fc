"""Files -> one ledger: one reader for each file, then customers are named over all of them (rules A1, A2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.ledger import Accounting, Ledger, LedgerFile, LedgerRules
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.bundles import archives_beside, sources
from dunning_batch.reading.fec import FecReader
from dunning_batch.reading.fec_part import siren_of
from dunning_batch.reading.naming import with_customers, without_strange_advances
from dunning_batch.reading.neighbours import copies_and_locks
from dunning_batch.reading.part import Part, Reader

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

def read_ledger(
    paths: Sequence[Path], root: Path, rules: LedgerRules, columns: Mapping[str, str], siren: str
) -> Ledger:
    """All files as one history.

    Args:
        paths: Files that match `[ledger] files`.
        root: The dossier, to which names are shown relative.
        rules: `[ledger]`.
        columns: `[ledger.columns]`.
        siren: The creditor's; empty if not given.

    Raises:
        InputError: with every problem of every file.
    """
    problems: list[Problem] = []
    left_out: list[Problem] = []
    parts: list[Part] = []
    for path in paths:
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        try:
            with _unmoved(path, shown):
                for one, name in sources(path, shown, left_out):
                    with _gathered(problems):
                        part = _read(one, name, rules, columns, siren)
                        parts.append(replace(part, problems=(*copies_and_locks(path, shown), *part.problems)))
        except InputError as error:
            problems.extend(error.problems)
        except OSError as error:
            text = msg("The file cannot be read: {reason}.", reason=error.strerror or str(error))
            problems.append(Problem("unreadable_file", text, "error", Source(shown)))
    problems.extend(_twice(parts))
    if problems:
        raise InputError(*problems)
    ledger = assemble(parts, rules)
    return replace(ledger, problems=(*ledger.problems, *left_out, *archives_beside(paths, root)))


@contextmanager
def _gathered(problems: list[Problem]) -> Iterator[None]:
    """What is wrong with one member of an archive does not keep the others from being read."""
    try:
        yield
    except InputError as error:
        problems.extend(error.problems)


@contextmanager
def _unmoved(path: Path, shown: str) -> Iterator[None]:
    """A file must not change while it is read: half of the old one and half of the new one are no ledger."""
    before = path.stat()
    yield
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        text = msg("The file changed while it was read: wait until it is complete, then start again.")
        raise InputError(Problem("file_changed", text, "error", Source(shown)))


def _read(path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str], siren: str) -> Part:
    reader = _reader_of(path, shown, rules.format, columns)
    named = siren_of(Path(shown).name)
    if siren and named and named != siren:
        text = msg("This FEC is of the company {named}, the configuration of {siren}: is it the right dossier?",
                   named=named, siren=siren)  # fmt: skip
        raise InputError(Problem("other_company", text, "error", Source(shown)))
    return reader.read(path, shown, rules, columns)


def _reader_of(path: Path, shown: str, form: str, columns: Mapping[str, str]) -> Reader:
    """The one reader that takes a file. Raises InputError where none does, or several."""
    text_fec = FecReader()
    if form != "workbook" and text_fec.identify(path, columns):
        return text_fec  # its header is that of nothing else: most ledgers load no other reader
    candidates = _other_candidates(path, form, columns)
    if len(candidates) != 1:
        from dunning_batch.reading.refusals import refusal

        raise InputError(refusal(path, shown, [reader.name for reader in candidates]))
    return candidates[0]


def _other_candidates(path: Path, form: str, columns: Mapping[str, str]) -> list[Reader]:
    """Of the readers that load libraries of their own. What is named a workbook is refused as one."""
    from dunning_batch.reading.fecxml import FecXmlReader
    from dunning_batch.reading.workbook import WorkbookReader

    if form == "workbook" and path.stat().st_size:
        return [WorkbookReader()]
    readers: tuple[Reader, ...] = (FecXmlReader(), WorkbookReader()) if form == "auto" else (FecXmlReader(),)
    return [reader for reader in readers if reader.identify(path, columns)]


def _twice(parts: Iterable[Part]) -> Iterable[Problem]:
    """The same file under two names (fault 13)."""
    first: dict[str, str] = {}
    for part in parts:
        other = first.setdefault(part.file.sha256, part.file.name)
        if other != part.file.name:
            text = msg("{one} and {two} are the same file: take one away.", one=other, two=part.file.name)
            yield Problem("same_file", text, "error", Source(part.file.name))


_COLUMNS = (
    "file", "line", "journal", "opening", "entry", "entry_key", "date", "piece_date", "due", "account", "customer",
    "nobody", "name", "piece", "label", "amount", "code", "code_date", "counterparts",
)  # fmt: skip
_SHARED = ("journal", "account", "account_name", "auxiliary", "auxiliary_name")


def assemble(parts: list[Part], rules: LedgerRules) -> Ledger:
    """The parts in the order of their dates, as the table of core/ledger.py. They are used up: the list is emptied."""
    parts.sort(key=lambda part: (_begins(part), part.file.last or date.min, part.file.name))
    files, accounting = tuple(part.file for part in parts), _accounting(parts)
    said = [problem for part in parts for problem in part.problems]
    joined = _joined(parts)
    parts.clear()  # what each knows of all its entries is large
    lines, left_out = without_strange_advances(joined, [file.name for file in files])
    del joined
    lines = with_customers(lines, rules)
    columns = (*_COLUMNS, "paid") if accounting == "cash" else _COLUMNS
    return Ledger(lines[list(columns)], files, accounting, (*said, *left_out, *_not_lettered(files, lines)))


def _accounting(parts: Sequence[Part]) -> Accounting:
    """That of all parts; a list of invoices and a ledger are no one history. Raises InputError."""
    kinds = {part.accounting: part.file.name for part in parts}
    if len(kinds) > 1:
        text = msg(
            "{list} is a list of invoices that says what is paid, {ledger} a ledger judged by its lettering: they are "
            "no one ledger. Take one of them away.",
            list=kinds["cash"],
            ledger=kinds["accrual"],
        )
        raise InputError(Problem("list_and_ledger", text, "error", Source(kinds["cash"])))
    return parts[0].accounting if parts else "accrual"


def _begins(part: Part) -> date:
    if part.file.first:
        return part.file.first
    first: date = part.lines["date"].min().date() if len(part.lines) else date.min
    return first


def _joined(parts: Sequence[Part]) -> "pd.DataFrame":
    """The lines of all parts; entries are numbered over all of them, their keys are the same for the same entry."""
    if len(parts) == 1:
        lines = parts[0].lines
        return lines.assign(file=np.zeros(len(lines), np.int16), entry_key=lines["entry"])
    keys: dict[str, int] = {}
    numbered, before = [], 0
    for number, part in enumerate(parts):
        lines = part.lines
        runs, place = np.unique(lines["run"].to_numpy(), return_inverse=True)
        ranks = [keys.setdefault(text, len(keys)) for text in part.entry_texts(runs)]
        numbered.append(
            lines.assign(
                file=np.full(len(lines), number, np.int16),
                entry=lines["entry"] + before,
                entry_key=np.array(ranks or [0], np.int64)[place],
            )
        )
        before += int(lines["entry"].max()) + 1 if len(lines) else 0
    joined = pd.concat([lines.drop(columns=list(_SHARED)) for lines in numbered], ignore_index=True)
    for name in _SHARED:  # concatenating different categories would make texts of them
        joined[name] = pd.api.types.union_categoricals([lines[name] for lines in numbered])
    return joined


def _not_lettered(files: Sequence[LedgerFile], lines: "pd.DataFrame") -> Iterable[Problem]:
    """A cash FEC says by no column what is unpaid; without lettering nothing does (rule C2)."""
    if len(lines) and any("DateRglt" in file.dialect for file in files) and not (lines["code"] != "").any():
        text = msg(
            "This FEC of a cash accounting is not lettered, and DateRglt does not say what is paid: what is asked "
            "follows from the amounts alone. Export the list of invoices with what was paid instead."
        )
        yield Problem("not_lettered", text, "warning", Source(files[0].name))
