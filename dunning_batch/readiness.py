"""What forbids a command to begin: state conflicts, found before anything is written (exit code 6)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.core.reminders import Reminder
from dunning_batch.errors import Problem, Source, StateError, msg
from dunning_batch.files import refuse_link, sha256_of
from dunning_batch.reading.neighbours import is_copy
from dunning_batch.reports.run_json import RESULT
from dunning_batch.situation import Situation, shown
from dunning_batch.state.memory import Memory
from dunning_batch.state.reconciling import Reconciled

_RUN = re.compile(r"\d{4}-\d\d-\d\d-\d\d+", re.ASCII)


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


def refuse_conflicts(settings: Settings, memory: Memory, reconciled: Reconciled, day: date | None = None) -> None:
    """Refuse to build on a state that is not whole; `day`: that of a run, which must not lie before the last one.

    Raises:
        StateError: with every conflict.
    """
    found = (*_unfinished(memory), *lost(settings, memory, reconciled), *(_earlier(memory, day) if day else ()))
    if found:
        raise StateError(*found)


def warnings_of(situation: Situation) -> tuple[Problem, ...]:
    """What a run would refuse, said by commands that only look."""
    memory, settings = situation.memory, situation.settings
    lost_ones = lost(settings, memory, situation.reconciled)
    found = (*_unfinished(memory), *lost_ones, *_earlier(memory, situation.request.as_of))
    return tuple(replace(problem, severity="warning") for problem in found)


def refuse_unfinished(memory: Memory) -> None:
    """A run that was cut comes first. Raises StateError."""
    if found := tuple(_unfinished(memory)):
        raise StateError(*found)


def refuse_lost(settings: Settings, memory: Memory, reconciled: Reconciled) -> None:
    """A workbook or rows of the journal that were there come first. Raises StateError."""
    if found := lost(settings, memory, reconciled):
        raise StateError(*found)


def lost(settings: Settings, memory: Memory, reconciled: Reconciled) -> tuple[Problem, ...]:
    """The levels workbook gone or without its properties, and runs that the journal does not know."""
    return (*_lost_levels(settings, reconciled), *_lost_runs(settings, memory))


def _unfinished(memory: Memory) -> Iterator[Problem]:
    if memory.unfinished:
        text = msg(
            "The run {run} was interrupted: finish it with dunning-batch resume (or give it up with resume --drop).",
            run=memory.unfinished.name,
        )
        yield Problem("unfinished_run", text, "error")


def _earlier(memory: Memory, day: date) -> Iterator[Problem]:
    last = memory.last_run
    if last and day < last.as_of:
        text = msg(
            "{day:date} lies before the last run, {run}: its reminders would count as not sent yet. Undo it first, or "
            "run on a later day.",
            day=day,
            run=last.name,
        )
        yield Problem("before_last_run", text, "error")


def _lost_levels(settings: Settings, reconciled: Reconciled) -> Iterator[Problem]:
    """Fault 99: never silently back to level 1."""
    if not reconciled.missing:
        return
    path = settings.levels
    kept = sorted(other.name for other in path.parent.glob(f"{path.stem}.*{path.suffix}"))
    text = msg(
        "{name} is missing, or was saved without its properties, though the journal knows runs. Put it back (kept "
        "copies: {copies}), or write it anew with: dunning-batch levels rebuild",
        name=shown(settings, path),
        copies=", ".join(kept[-3:]) or "-",
    )
    yield Problem("levels_missing", text, "error", Source(shown(settings, path)))


def _lost_runs(settings: Settings, memory: Memory) -> Iterator[Problem]:
    """Folders of runs whose rows the journal has lost: an older copy of it, or its end cut off (fault 98)."""
    if memory.is_empty or not settings.output.is_dir():
        return
    for folder in sorted(settings.output.iterdir()):
        if _RUN.fullmatch(folder.name) and folder.name not in memory.runs and (folder / RESULT).is_file():
            text = msg(
                "The journal does not know the run {run}, whose letters lie in {folder}: rows of the journal are lost, "
                "or an older copy of it was put back. Put the newest one back; or, if that run is not of this dossier, "
                "take its folder away.",
                run=folder.name,
                folder=shown(settings, folder),
            )
            yield Problem("run_unknown", text, "error", Source(shown(settings, folder)))


def refuse_delivered(memory: Memory, reminders: Sequence[Reminder]) -> None:
    """No reminder goes out twice, whatever the workbook says (delivery model, 8; I2). Raises StateError."""
    found = [one for one in reminders if one.id in memory.spent]
    if found:
        raise StateError(*map(_delivered, found))


def _delivered(one: Reminder) -> Problem:
    text = msg(
        "This reminder to {name} was delivered before, at the same level and for the same invoices, and is never sent "
        "again: correct the level with dunning-batch levels set, or leave the customer out (--exclude-customer).",
        name=one.name,
    )
    return Problem("delivered_before", text, "error", customer=one.customer.code)
