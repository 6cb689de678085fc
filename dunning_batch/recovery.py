"""What is done about the past: a run that was cut, a run that is undone, levels that are set, a workbook made anew."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from dunning_batch.batch import (
    Done,
    Step,
    finish,
    papers_of,
    put_folder,
    refuse_unfinished,
    reminders_of,
    work_folder,
)
from dunning_batch.config import Settings
from dunning_batch.core.openitems import OpenItem
from dunning_batch.core.reminders import Reminder
from dunning_batch.errors import ExitCode, InputError, OutputError, Problem, StateError, UsageError, msg
from dunning_batch.files import sha256_of
from dunning_batch.packing import RESULT, pack
from dunning_batch.publishing import publish_levels, refuse_unready_levels
from dunning_batch.situation import JOURNAL, Request, dossier_id, look, read_state, record_of, request_of
from dunning_batch.state.advancing import changed_rows, manual_step, raised_row
from dunning_batch.state.journal import Clock, Journal
from dunning_batch.state.lock import dossier_lock
from dunning_batch.state.memory import Memory, PastRow, Run, fold
from dunning_batch.state.reconciling import Reconciled, reconcile
from dunning_batch.state.rows import Row, to_json
from dunning_batch.state.undoing import undone_rows


@dataclass(frozen=True, slots=True)
class Undone:
    """What `undo` did; no run: there was nothing to undo."""

    run: str = ""
    count: int = 0
    code: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """What `levels set` did."""

    items: tuple[OpenItem, ...]
    code: int = 0
    problems: tuple[Problem, ...] = ()


def journal_of(settings: Settings, clock: Clock) -> Journal:
    """The dossier's journal, verified. Raises StateError."""
    return Journal(settings.output / JOURNAL, dossier_id(settings), clock)


@contextmanager
def _held(settings: Settings, clock: Clock) -> Iterator[tuple[Journal, Memory]]:
    with dossier_lock(settings.output, clock()):
        journal = journal_of(settings, clock)
        yield journal, fold(journal.events)


def resume(settings: Settings, clock: Clock, *, drop: bool, step: Step) -> Done | None:
    """Finish the run that was cut, or give it up; None where there is none.

    Raises:
        StateError: the levels workbook is still open elsewhere.
        OutputError: something cannot be written.
    """
    with _held(settings, clock) as (journal, memory):
        run = memory.unfinished
        if run is None:
            return None
        folder = settings.output / run.name
        if run.delivered or _is_there(folder, run):
            return _resume_delivered(settings, journal, memory, run, folder)
        if drop:
            journal.append(("dropped", {"run": run.name}))
            situation = look(settings, Request(run.as_of, journal.clock))
            if situation.reconciled.missing:  # of a first run: the next one must not take the workbook for lost
                publish_levels(settings, situation.journal, situation.reconciled, "")
            return Done(record_of(situation), settings.output, ExitCode.OK)
        return _make_again(settings, journal, memory, run, step)


def _is_there(folder: Path, run: Run) -> bool:
    """The folder bears its name and holds what was recorded: its letters are delivered (fault 124)."""
    result = folder / RESULT
    return result.is_file() and sha256_of(result.read_bytes()) == run.folder_digest


def _resume_delivered(settings: Settings, journal: Journal, memory: Memory, run: Run, folder: Path) -> Done:
    """The letters are delivered: record it if that was cut, then the workbook."""
    refuse_unready_levels(settings)
    situation = look(settings, Request(run.as_of, journal.clock))
    manual = manual_step(situation.reconciled.edits, run.as_of)
    if manual:  # what was written into the workbook while the run could not take its place
        situation.journal.append(manual)
    if not run.delivered:
        results = _results_of(folder)
        outcomes = [
            {"id": one["id"], "document": one["document"], "result": results.get(one["document"], "refused")}
            for one in run.reminders
        ]
        raised = {
            item["key"]: (item["level"], one["channel"])
            for one, outcome in zip(run.reminders, outcomes, strict=True)
            if outcome["result"] == "delivered"
            for item in one["items"]
        }
        rows = changed_rows(memory.rows, situation.rows_after(raised))
        situation.journal.append(("delivered", {"run": run.name, "outcomes": outcomes, **rows}))
    trouble = publish_levels(settings, situation.journal, situation.reconciled, run.name)
    if trouble:
        return Done(record_of(situation), folder, ExitCode.OUTPUT, (trouble,))
    situation.journal.append(("closed", {"run": run.name}))
    for beside in settings.levels.parent.glob(f"{settings.levels.stem}.new-{run.name}-*{settings.levels.suffix}"):
        beside.unlink(missing_ok=True)
    return Done(replace(record_of(situation), run=run.name), folder, ExitCode.OK)


def _results_of(folder: Path) -> dict[str, str]:
    """What the run's own record says of each document."""
    found = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    return {one["document"]: one["result"] for one in found["reminders"] if one["document"]}


def _make_again(settings: Settings, journal: Journal, memory: Memory, run: Run, step: Step) -> Done:
    """Nothing was delivered: make it again, less what was paid, credited or held since (fault 97)."""
    papers = papers_of(settings)
    refuse_unready_levels(settings)
    situation = look(settings, Request(run.as_of, journal.clock))
    planned = {one["id"]: one for one in run.reminders}
    reminders = tuple(one for one in reminders_of(situation) if _unchanged(one, planned.get(one.id)))
    skipped = [one for key, one in planned.items() if key not in {reminder.id for reminder in reminders}]
    with work_folder(settings.output, run.name) as work:
        packed = pack(situation, reminders, papers, run.name, work, step)
        step_of_skipping = {"run": run.name, "skipped": [one["id"] for one in skipped], "folder_digest": packed.digest}
        situation.journal.append(("skipped", step_of_skipping))
        folder = put_folder(work, settings.output / run.name)
    done = finish(situation, packed.record, folder)
    return replace(done, problems=(*done.problems, *map(_skipped_problem, skipped)))


def _unchanged(reminder: Reminder, planned: dict[str, Any] | None) -> bool:
    """The same items, asked for the same amounts."""
    if planned is None:
        return False
    asked = {item["key"]: item["asked"] for item in planned["items"]}
    return asked == {one.decision.history.key: one.decision.asked for one in reminder.items}


def _skipped_problem(planned: dict[str, Any]) -> Problem:
    text = msg(
        "The reminder to {name} is withdrawn: its items were paid, credited, held or changed since. The next run "
        "decides.",
        name=planned["name"],
    )
    return Problem("reminder_withdrawn", text, "warning", customer=planned["customer"])


def undo(settings: Settings, name: str | None, clock: Clock) -> Undone:
    """Put the levels back as they were before a run: the last one that delivered something, or the one named.

    Raises:
        StateError: a later run stands on it, or a run is unfinished.
        UsageError: there is no such run.
    """
    with _held(settings, clock) as (journal, memory):
        refuse_unfinished(memory)
        refuse_unready_levels(settings)
        run = _run_to_undo(memory, name)
        reconciled = read_state(settings, journal, memory)
        if run is None:
            if not memory.is_empty and not memory.is_published:  # an undo that was cut before it wrote the workbook
                publish_levels(settings, journal, reconciled, "")
            return Undone()
        known = {**memory.rows, **{edit.after.key: edit.after for edit in reconciled.edits}}
        manual = manual_step(reconciled.edits, clock().date())
        changes, rows, kept = undone_rows(run, known, settings.policy)
        step = ("undone", {"run": run.name, "day": run.as_of.isoformat(), "changes": changes,
                           "rows": [to_json(row) for row in rows]})  # fmt: skip
        journal.append(*([manual] if manual else []), step)
        trouble = publish_levels(settings, journal, reconciled, run.name)
        problems = (*_kept_problems(kept), *([trouble] if trouble else []))
        return Undone(run.name, len(rows), ExitCode.OUTPUT if trouble else ExitCode.OK, problems)


def _run_to_undo(memory: Memory, name: str | None) -> Run | None:
    if name is None:
        return memory.last_run
    run = memory.runs.get(name)
    if run is None:
        text = msg("There is no run {run}: see dunning-batch history.", run=name)
        raise UsageError(Problem("no_such_run", text, "error"))
    last = memory.last_run
    if run.undone or not run.reminders:
        return None
    if last is not None and last.name != run.name:
        text = msg("The run {last} was made after {run}: undo it first.", last=last.name, run=run.name)
        raise StateError(Problem("later_run", text, "error"))
    return run


def _kept_problems(kept: Iterable[Row]) -> Iterator[Problem]:
    for row in kept:
        text = msg("The level of {piece} was changed since that run: it stays as it is.", piece=row.piece or row.key)
        yield Problem("level_kept", text, "warning", customer=row.customer)


def set_levels(settings: Settings, clock: Clock, level: int, dated: date | None, typed: dict[str, Any]) -> Marked:
    """Mark overdue items that pass the filters as reminded at a level, without a letter. Raises StateError."""
    settings, request = request_of(settings, clock, typed)
    with _held(settings, clock) as (_, memory):
        refuse_unfinished(memory)
        refuse_unready_levels(settings)
        situation = look(settings, request)
        chosen = [one for one in situation.plan.decisions if one.reason not in _NOT_MARKED]
        day = dated or request.as_of
        rows = situation.rows_after({})
        changes = []
        for one in chosen:
            row = rows[one.history.key]
            rows[row.key] = raised_row(row, level, "", day, settings.policy)
            changes.append({"customer": row.customer, "name": row.name, "piece": row.piece, "before": row.level,
                            "level": level, "open": row.open})  # fmt: skip
        manual = manual_step(situation.reconciled.edits, request.as_of)
        step = ("set", {"day": day.isoformat(), "changes": changes, **changed_rows(memory.rows, rows)})
        situation.journal.append(*([manual] if manual else []), step)
        trouble = publish_levels(settings, situation.journal, situation.reconciled, "")
        items = tuple(one.item for one in chosen)
        return Marked(items, ExitCode.OUTPUT if trouble else ExitCode.OK, (trouble,) if trouble else ())


_NOT_MARKED = frozenset(
    {"filtered", "no_customer", "not_overdue", "covered_by_credits", "below_minimum", "not_selected"}
)


def history(settings: Settings, clock: Clock, customer: str, invoice: str) -> list[PastRow]:
    """The rows of the past of a customer (code or name, wildcards) and of an invoice (empty: any)."""
    pattern = customer.casefold()
    return [
        row
        for row in fold(journal_of(settings, clock).events).past
        if any(fnmatchcase(name.casefold(), pattern) for name in (row.customer, row.name))
        and (not invoice or row.piece == invoice)
    ]


def rebuild_levels(settings: Settings, clock: Clock) -> Path:
    """Write the levels workbook anew from the journal, with the hand edits of the one that is there, if it can be read.

    Raises:
        StateError: the journal knows nothing.
        OutputError: it cannot be written.
    """
    with _held(settings, clock) as (journal, memory):
        if memory.is_empty:
            raise StateError(
                Problem("nothing_to_rebuild", msg("The journal knows no run: there is nothing to write."), "error")
            )
        reconciled = _readable_state(settings, journal, memory)
        manual = manual_step(reconciled.edits, clock().date())
        if manual:
            journal.append(manual)
        trouble = publish_levels(settings, journal, reconciled, "")
        if trouble:
            raise OutputError(trouble)
        return settings.levels


def _readable_state(settings: Settings, journal: Journal, memory: Memory) -> Reconciled:
    """What can still be read of the workbook; nothing where it is damaged."""
    try:
        return read_state(settings, journal, memory)
    except InputError:
        damaged = settings.levels.with_name(f"{settings.levels.stem}.damaged{settings.levels.suffix}")
        settings.levels.replace(damaged)
        return reconcile(journal.events, memory, None, dossier_id(settings), settings.levels.name)
