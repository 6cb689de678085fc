"""Putting the levels workbook in place, unless somebody has it open or changed it meanwhile (faults 69, 103)."""

from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.errors import OutputError, Problem, Source, msg
from dunning_batch.readiness import digest_of, holders
from dunning_batch.retelling import retell_bounced
from dunning_batch.situation import dossier_id
from dunning_batch.state.advancing import hand_steps
from dunning_batch.state.journal import Journal
from dunning_batch.state.levels import put_in_place, workbook_bytes
from dunning_batch.state.marks import Look
from dunning_batch.state.memory import fold
from dunning_batch.state.reconciling import Reconciled

_RESUME, REBUILD = "dunning-batch resume", "dunning-batch levels rebuild"


def publish_levels(
    settings: Settings, journal: Journal, reconciled: Reconciled, run: str, then: str = _RESUME
) -> Problem | None:
    """Write the workbook as the journal now has it; where it cannot take its place, it is kept beside it.

    The reports of past runs come first: `written` says that nothing of this is left to do.

    Args:
        settings: The dossier's.
        journal: What has happened.
        reconciled: The workbook as it was read.
        run: Names the copy that is kept of it; empty where no run is concerned.
        then: What to type once the workbook is closed; a run waits for `resume`, nothing else does.

    Returns:
        What hindered it, if anything did.

    Raises:
        OutputError: the disk is full; the workbook of before is whole, and the journal has everything.
    """
    path = settings.levels
    mark = len(journal.events) + 1
    look = Look(settings.language, len(settings.policy.levels))
    memory = fold(journal.events)
    retell_bounced(settings, memory.unwritten)
    data = workbook_bytes(memory, dossier_id(settings), mark, look, reconciled.extras)
    names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    if holders(path, names) or digest_of(path) != reconciled.sha256:
        return _kept_beside(path, data, run, journal, then)
    try:
        digest = put_in_place(path, data, run)
    except OutputError as error:
        if isinstance(error.__cause__, PermissionError):
            return _kept_beside(path, data, run, journal, then)
        raise
    journal.append(("written", {"mark": mark, "sha256": digest, "creditor": dossier_id(settings)}))
    return None


def catch_up(settings: Settings, journal: Journal, reconciled: Reconciled) -> tuple[Problem, ...]:
    """Write what a command that was cut had recorded and not written; what hindered it. Raises OutputError."""
    by_hand = hand_steps(reconciled.edits, reconciled.numbers, journal.clock().date())
    if by_hand:
        journal.append(*by_hand)
    trouble = publish_levels(settings, journal, reconciled, "", REBUILD)
    return (trouble,) if trouble else ()


def forget_beside(settings: Settings, run: str) -> None:
    """The workbook is in its place: what lay beside it for that run goes."""
    for beside in settings.levels.parent.glob(f"{settings.levels.stem}.new-{run}-*{settings.levels.suffix}"):
        beside.unlink(missing_ok=True)


def _kept_beside(path: Path, data: bytes, run: str, journal: Journal, then: str) -> Problem:
    moment = journal.clock().strftime("%H%M%S")
    beside = path.with_name("-".join([f"{path.stem}.new", *([run] if run else []), moment]) + path.suffix)
    put_in_place(beside, data, "")
    text = msg(
        "{name} is open elsewhere, locked, or was changed meanwhile: the new one is {beside}. Close {name}, then type: "
        "{command}",
        name=path.name,
        beside=beside.name,
        command=then,
    )
    return Problem("levels_kept_beside", text, "error", Source(beside.name))
