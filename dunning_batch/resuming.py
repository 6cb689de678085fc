"""A run that was cut: finished, or given up (faults 93 to 97, 124)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dunning_batch.batch import Done, Step, digests_of, finish, papers_of, put_folder, reminders_of, work_folder
from dunning_batch.config import Settings
from dunning_batch.core.reminders import Reminder
from dunning_batch.errors import ExitCode, Problem, Source, msg
from dunning_batch.files import sha256_of
from dunning_batch.packing import pack
from dunning_batch.publishing import publish_levels
from dunning_batch.readiness import refuse_lost, refuse_unready_levels
from dunning_batch.recovery import held
from dunning_batch.reports.run_json import RESULT
from dunning_batch.situation import Request, look, record_of
from dunning_batch.state.advancing import changed_rows, manual_step
from dunning_batch.state.journal import Clock, Journal
from dunning_batch.state.memory import Memory, Run


def resume(settings: Settings, clock: Clock, *, drop: bool, step: Step) -> Done | None:
    """Finish the run that was cut, or give it up; None where there is none.

    Raises:
        StateError: the levels workbook is still open elsewhere.
        OutputError: something cannot be written.
    """
    with held(settings, clock) as (journal, memory):
        run = memory.unfinished
        if run is None:
            return None
        folder = settings.output / run.name
        if run.delivered or _is_there(folder, run):
            return _resume_delivered(settings, journal, memory, run, folder)
        if drop:
            journal.append(("dropped", {"run": run.name}))
            return Done(record_of(look(settings, Request(run.as_of, journal.clock))), settings.output, ExitCode.OK)
        return _make_again(settings, journal, memory, run, step)


def _is_there(folder: Path, run: Run) -> bool:
    """The folder bears its name and holds what was recorded: its letters are delivered (fault 124)."""
    result = folder / RESULT
    return result.is_file() and sha256_of(result.read_bytes()) == run.folder_digest


def _resume_delivered(settings: Settings, journal: Journal, memory: Memory, run: Run, folder: Path) -> Done:
    """The letters are delivered: record it if that was cut, then the workbook."""
    refuse_unready_levels(settings)
    situation = look(settings, Request(run.as_of, journal.clock))
    refuse_lost(settings, memory, situation.reconciled)
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
    refuse_lost(settings, memory, situation.reconciled)
    planned = {one["id"]: one for one in run.reminders if one["id"] not in memory.spent}
    reminders = tuple(one for one in reminders_of(situation) if _unchanged(one, planned.get(one.id)))
    going = {one.id for one in reminders}
    skipped = [one for one in run.reminders if one["id"] not in going]
    changed = _changed_files(run.digests, digests_of(situation, papers))
    with work_folder(settings.output, run.name) as work:
        packed = pack(situation, reminders, papers, run.name, work, step)
        step_of_skipping = {"run": run.name, "skipped": [one["id"] for one in skipped], "folder_digest": packed.digest}
        situation.journal.append(("skipped", step_of_skipping))
        folder = put_folder(work, settings.output / run.name)
    done = finish(situation, packed.record, folder)
    return replace(done, problems=(*done.problems, *changed, *map(_skipped_problem, skipped)))


def _changed_files(planned: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Problem]:
    """Fault 96: the letters were made anew, from files that are other than those of the run that was cut."""
    names = sorted(name for name in planned.keys() | now.keys() if planned.get(name) != now.get(name))
    if names:
        text = msg(
            "Changed since the run was interrupted, and used as they are now: {files}. Look at the letters.",
            files=", ".join(names),
        )
        yield Problem("files_changed", text, "warning", Source(names[0]))


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
