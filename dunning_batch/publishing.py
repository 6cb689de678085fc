"""Putting the levels workbook in place, unless somebody has it open or changed it meanwhile (faults 69, 103)."""

from collections.abc import Iterable
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.errors import OutputError, Problem, Source, StateError, msg
from dunning_batch.files import refuse_link, sha256_of
from dunning_batch.reading.neighbours import is_copy
from dunning_batch.situation import dossier_id, shown
from dunning_batch.state.journal import Journal
from dunning_batch.state.levels import put_in_place, workbook_bytes
from dunning_batch.state.memory import fold
from dunning_batch.state.reconciling import Reconciled
from dunning_batch.state.sheets import Look


def refuse_unready_levels(settings: Settings, read: Reconciled | None = None) -> None:
    """Refuse to begin while the workbook is open elsewhere, has conflict copies, or is not the one read.

    Args:
        settings: The dossier's.
        read: What was read of the workbook, once it was.

    Raises:
        StateError: nothing was written.
        OutputError: the workbook is a link that leads outside.
    """
    path = settings.levels
    refuse_link(path, settings.output)
    source = Source(shown(settings, path))
    names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    if holders(path, names):
        text = msg("{name} is open in another program: close it, then run again.", name=path.name)
        raise StateError(Problem("levels_open", text, "error", source))
    copies = [name for name in names if is_copy(name, path)]
    if copies:
        text = msg("Beside {name} lies {copy}: keep the right one under the name {name}, and take the other away.",
                   name=path.name, copy=copies[0])  # fmt: skip
        raise StateError(Problem("levels_copy", text, "error", source))
    if read is not None and digest_of(path) != read.sha256:
        text = msg("{name} was changed during the run: nothing was delivered. Run again.", name=path.name)
        raise StateError(Problem("levels_changed", text, "error", source))


def holders(path: Path, names: Iterable[str]) -> list[str]:
    """Files by which office programs say that they have a workbook open."""
    marks = {f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#"}
    return [name for name in names if name in marks]


def digest_of(path: Path) -> str:
    """The digest of a file; empty where there is none."""
    return sha256_of(path.read_bytes()) if path.exists() else ""


def publish_levels(settings: Settings, journal: Journal, reconciled: Reconciled, run: str) -> Problem | None:
    """Write the workbook as the journal now has it; where it cannot take its place, it is kept beside it.

    Returns:
        What hindered it, if anything did: `resume` goes on from there.

    Raises:
        OutputError: the disk is full; the workbook of before is whole, and the journal has everything.
    """
    path = settings.levels
    mark = len(journal.events) + 1
    look = Look(settings.language, len(settings.policy.levels))
    data = workbook_bytes(fold(journal.events), dossier_id(settings), mark, look, reconciled.extras)
    names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    if holders(path, names) or digest_of(path) != reconciled.sha256:
        return _kept_beside(path, data, run, journal)
    try:
        digest = put_in_place(path, data, run)
    except OutputError as error:
        if isinstance(error.__cause__, PermissionError):
            return _kept_beside(path, data, run, journal)
        raise
    journal.append(("written", {"mark": mark, "sha256": digest}))
    return None


def _kept_beside(path: Path, data: bytes, run: str, journal: Journal) -> Problem:
    moment = journal.clock().strftime("%H%M%S")
    beside = path.with_name(f"{path.stem}.new-{run}-{moment}{path.suffix}")
    put_in_place(beside, data, "")
    text = msg(
        "{name} is open elsewhere or was changed during the run: the new one is {beside}. Close {name}, then type: "
        "dunning-batch resume",
        name=path.name,
        beside=beside.name,
    )
    return Problem("levels_kept_beside", text, "error", Source(beside.name))
