"""What is read and decided before anything is written: the first half of every command."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.core.allocation import Application, allocate
from dunning_batch.core.customers import Customer
from dunning_batch.core.diagnosis import diagnose
from dunning_batch.core.guards import stale_since
from dunning_batch.core.identity import Recall, recall
from dunning_batch.core.ledger import Ledger
from dunning_batch.core.openitems import Settlement, settle
from dunning_batch.core.policy import Plan, decide
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.customers import read_customers
from dunning_batch.reading.reader import read_ledger
from dunning_batch.reports.record import Record


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of a command beside the configuration."""

    as_of: date
    selection: Path | None = None  # a ticked plan
    limit: int | None = None  # at most so many letters
    dry_run: bool = False


def ledger_files(settings: Settings) -> tuple[Path, ...]:
    """The files of `[ledger] files`, each once, in order of name. Raises InputError where there is none (fault 1).

    Customers, levels and plan workbooks are never taken for a ledger, nor is anything under the output folder,
    nor the lock files of office programs.
    """
    never = {path.resolve() for path in (settings.customers_file, settings.levels) if path}
    found = {
        path.resolve(): path
        for pattern in settings.ledger.files
        for path in matching(settings.root, pattern)
        if path.is_file() and not path.name.startswith(("~$", ".~lock", ".")) and path.resolve() not in never
    }
    output = settings.output.resolve()
    paths = tuple(sorted(path for real, path in found.items() if not real.is_relative_to(output)))
    if not paths:
        text = msg(
            "No ledger: no file matches {patterns}. Put the FEC export of your accounting package into that folder.",
            patterns=", ".join(settings.ledger.files),
        )
        raise InputError(Problem("no_ledger", text, "error", Source(settings.file.name, key="[ledger] files")))
    return paths


def matching(root: Path, pattern: str) -> Iterable[Path]:
    """The files of one pattern, which may be absolute; brackets in the dossier's own path are no pattern."""
    anchor = Path(pattern).anchor
    return Path(anchor).glob(pattern[len(anchor) :]) if anchor else root.glob(pattern)
