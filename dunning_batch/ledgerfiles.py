"""Which files of a dossier are its ledger (fault 1)."""

from collections.abc import Iterable
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.bundles import archives_beside


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
        problem = Problem("no_ledger", text, "error", Source(settings.file.name, key="[ledger] files"))
        raise InputError(problem, *archives_beside((), settings.root))
    return paths


def matching(root: Path, pattern: str) -> Iterable[Path]:
    """The files of one pattern, which may be absolute; brackets in the dossier's own path are no pattern.

    `*.txt` finds `.TXT` too, on every system: exports come with either.
    """
    anchor = Path(pattern).anchor
    stem, dot, extension = pattern[len(anchor) :].rpartition(".")
    if extension.isalnum():
        extension = "".join(f"[{letter.lower()}{letter.upper()}]" for letter in extension)
    return (Path(anchor) if anchor else root).glob(f"{stem}{dot}{extension}")
