"""What was gathered of a FEC, as text or as XML, made into a part: one table, the same entries, the same sentences."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dunning_batch.core.duedates import to_date
from dunning_batch.core.ledger import LedgerFile
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.days import read_day
from dunning_batch.reading.fec_gathering import Facts, Gathering
from dunning_batch.reading.fec_notes import Notes
from dunning_batch.reading.fec_runs import entries_of, entry_texts
from dunning_batch.reading.fec_table import table_of
from dunning_batch.reading.part import Part

_LEGAL_NAME = re.compile(r"(\d{9})FEC(\d{8})", re.IGNORECASE | re.ASCII)


def part_of(
    gathering: Gathering,
    notes: Notes,
    file: LedgerFile,
    problems: Sequence[Problem],
    piece_pattern: str,
    nul_bytes: int = 0,
) -> Part:
    """The part. Raises InputError with every problem, where one is an error.

    Args:
        gathering: What was seen; its lines are taken out of it.
        notes: Says what there is to say.
        file: What the file is.
        problems: Noticed so far.
        piece_pattern: `[ledger] piece_pattern`.
        nul_bytes: How many were taken out.
    """
    facts = gathering.facts
    said = [*problems, *notes.wrong_cells(facts.bad)]
    if any(problem.severity == "error" for problem in said):
        raise InputError(*said)
    entries = entries_of(gathering.runs)
    table = table_of(gathering.lines(), entries, notes.numbering.lines, piece_pattern)
    said += notes.unbalanced(entries, only_customers=facts.only_customers)
    said += notes.left_out(facts)
    said += notes.cleaned(table.cleaned, nul_bytes)
    return Part(file, table.lines, entry_texts(entries), tuple(said))


def no_lines(shown: str) -> Problem:
    """The error for a file that holds no line."""
    text = msg("The file holds a header and no line: export the whole fiscal year.")
    return Problem("no_lines", text, "error", Source(shown))


def ledger_file(facts: Facts, shown: str, sha256: str, dialect: str) -> LedgerFile:
    """What is told of the file."""
    days = [None if day is None else to_date(day) for day in (facts.first, facts.last, facts.last_bank)]
    return LedgerFile(
        shown, sha256, facts.rows - facts.empty_rows, dialect, days[0], days[1], closing_of(Path(shown).name), days[2],
        facts.has_opening,
    )  # fmt: skip


def closing_of(name: str) -> date | None:
    """The closing date in a file name of the legal form."""
    found = _LEGAL_NAME.search(name)
    day = read_day(found[2]) if found else None
    return day if isinstance(day, date) else None


def siren_of(name: str) -> str:
    """The SIREN of a file name of the legal form; empty for any other name."""
    found = _LEGAL_NAME.match(name)
    return found[1] if found else ""
