"""A run that was cut: finished, or given up (faults 93 to 97, 124)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dunning_batch.batch import Step, digests_of, papers_of, reminders_of
from dunning_batch.config import Settings, filters_from_json, with_filters
from dunning_batch.delivering import Done, Outgoing, deliver, work_folder
from dunning_batch.errors import ExitCode, Message, Problem, Source, msg
from dunning_batch.files import sha256_of
from dunning_batch.mailing import Watch
from dunning_batch.mailresuming import Orders, settle_mail, unchanged, withdrawn
from dunning_batch.packing import pack
from dunning_batch.publishing import catch_up, forget_beside, publish_levels
from dunning_batch.readiness import refuse_lost, refuse_unready_levels
from dunning_batch.recovery import held
from dunning_batch.reports.run_json import RESULT
from dunning_batch.situation import Request, Situation, look, read_state, record_of
from dunning_batch.state.advancing import changed_rows, hand_steps, raised_later
from dunning_batch.state.journal import Clock, Journal
from dunning_batch.state.memory import Memory
from dunning_batch.state.past import Run
from dunning_batch.state.undoing import kept_problems


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Another command had been cut: what it had recorded is written now."""

    told: Message
    code: int = 0
    problems: tuple[Problem, ...] = ()


def resume(
    settings: Settings, clock: Clock, orders: Orders, step: Step, sending: Watch | None = None
) -> Done | CaughtUp | None:
    """Finish the run that was cut, or give it up; else what another command left; None where there is nothing.

    Args:
        settings: The dossier's.
        clock: Of the day.
        orders: What a person says of what is left.
        step: Called after each letter that is made again.
        sending: Watches messages leave.

    Raises:
        StateError: the levels workbook is still open elsewhere.
        UsageError: an order names what is not uncertain.
        ServerError: the server cannot be used.
        OutputError: something cannot be written.
    """
    with held(settings, clock) as (journal, memory):
        run = memory.unfinished
        if run is None:
            return _caught_up(settings, journal, memory)
        orders.chosen(run)
        folder = settings.output / run.name
        if run.delivered or _is_there(folder, run):
            if run.messages:
                return _resume_mail(settings, journal, memory, run, orders, sending or Watch())
            return _resume_delivered(settings, journal, memory, run, folder)
        if orders.drop:
            journal.append(("dropped", {"run": run.name}))
            return Done(record_of(_look(settings, run, journal)), settings.output, ExitCode.OK)
        return _make_again(settings, journal, memory, run, step, sending or Watch())


def _caught_up(settings: Settings, journal: Journal, memory: Memory) -> CaughtUp | None:
    """An `undo`, `bounces` or `levels set` that was cut before it wrote the workbook and the reports."""
    if memory.is_empty or memory.is_published:
        return None
    refuse_unready_levels(settings)
    reconciled = read_state(settings, journal, memory)
    refuse_lost(settings, memory, reconciled)
    trouble = catch_up(settings, journal, reconciled)
    told = msg("Another command was interrupted: what it had recorded now stands in the levels workbook and the "
               "reports.")  # fmt: skip
    if memory.cut_undo:
        run = memory.cut_undo.body["run"]
        told = msg("The undoing of the run {run} was interrupted, and is now finished.", run=run)
    return CaughtUp(told, ExitCode.OUTPUT if trouble else ExitCode.OK, trouble)


def _look(settings: Settings, run: Run, journal: Journal) -> Situation:
    """Everything afresh, by what was asked of the run: its reminders and no others, through the filters it had."""
    settings = with_filters(settings, **filters_from_json(run.filters))
    return look(settings, Request(run.as_of, journal.clock, by=run.by, planned=run.levels))


def _is_there(folder: Path, run: Run) -> bool:
    """The folder bears its name and holds what was recorded: its letters are delivered (fault 124)."""
    result = folder / RESULT
    return run.placed or (result.is_file() and sha256_of(result.read_bytes()) == run.folder_digest)


def _resume_mail(
    settings: Settings, journal: Journal, memory: Memory, run: Run, orders: Orders, sending: Watch
) -> Done:
    """What the run delivered is recorded if that was cut; then what is left of it is settled."""
    folder = settings.output / run.name
    refuse_unready_levels(settings)
    situation = _look(settings, run, journal)
    refuse_lost(settings, memory, situation.reconciled)
    by_hand = hand_steps(situation.reconciled.edits, situation.reconciled.numbers, run.as_of)
    if by_hand:
        situation.journal.append(*by_hand)
    untold = not run.delivered or any(one not in run.results for one in (*run.mailed, *run.sending))
    kept: tuple[Problem, ...] = ()
    if untold:  # of an earlier `resume` that was cut, too
        kept = _record_delivered(situation, memory, run, {**_results_of(folder), **_mailed(run)})
    if by_hand or untold:
        situation = _look(settings, run, journal)
    done = settle_mail(situation, situation.memory.runs[run.name], folder, orders, sending)
    return replace(done, problems=(*kept, *done.problems))


def _mailed(run: Run) -> dict[str, str]:
    """What the journal knows of the messages, by document; one that was leaving is uncertain."""
    known = {one: body["result"] for one, body in run.mailed.items()} | dict.fromkeys(run.sending, "uncertain")
    documents = {one["id"]: one["document"] for one in run.reminders}
    return {documents[one]: known.get(one, "waiting") for one in run.messages}


def _resume_delivered(settings: Settings, journal: Journal, memory: Memory, run: Run, folder: Path) -> Done:
    """The letters are delivered: record it if that was cut, then the workbook."""
    refuse_unready_levels(settings)
    situation = _look(settings, run, journal)
    refuse_lost(settings, memory, situation.reconciled)
    by_hand = hand_steps(situation.reconciled.edits, situation.reconciled.numbers, run.as_of)
    if by_hand:  # what was written into the workbook while the run could not take its place
        situation.journal.append(*by_hand)
    kept = () if run.delivered else _record_delivered(situation, memory, run, _results_of(folder))
    trouble = publish_levels(settings, situation.journal, situation.reconciled, run.name)
    if trouble:
        return Done(record_of(situation), folder, ExitCode.OUTPUT, (*kept, trouble))
    situation.journal.append(("closed", {"run": run.name}))
    forget_beside(settings, run.name)
    told = msg(
        "The run {run} is finished: {count:letter was|letters were} in {folder} when it was cut, and the levels are "
        "now in place.",
        run=run.name,
        count=len(run.reminders),
        folder=str(folder),
    )
    return Done(replace(record_of(situation), run=run.name), folder, ExitCode.OK, kept, finished=told)


def _record_delivered(
    situation: Situation, memory: Memory, run: Run, results: Mapping[str, str]
) -> tuple[Problem, ...]:
    """What became of the letters, by document, with the levels that follow; what stays as somebody wrote it is told."""
    outcomes = [
        {"id": one["id"], "document": one["document"], "result": results.get(one["document"], "refused"),
         "reference": run.messages.get(one["id"], {}).get("message_id") or one.get("reference", "")}
        for one in run.reminders
        if one["id"] not in run.results
    ]  # fmt: skip
    known = [outcome for outcome in outcomes if outcome["result"] != "waiting"]
    delivered = {outcome["id"] for outcome in known if outcome["result"] == "delivered"}
    raised, kept = raised_later((one for one in run.reminders if one["id"] in delivered), situation.reconciled.rows)
    rows = changed_rows(memory.rows, situation.rows_after(raised, run.reminders))
    situation.journal.append(("delivered", {"run": run.name, "outcomes": known, **rows}))
    return tuple(kept_problems(kept))


def _results_of(folder: Path) -> dict[str, str]:
    """What the run's own record says of each document."""
    found = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    return {one["document"]: one["result"] for one in found["reminders"] if one["document"]}


def _make_again(settings: Settings, journal: Journal, memory: Memory, run: Run, step: Step, sending: Watch) -> Done:
    """Nothing was delivered: make it again, less what was paid, credited or held since (fault 97)."""
    papers = papers_of(settings)
    refuse_unready_levels(settings)
    situation = _look(settings, run, journal)
    refuse_lost(settings, memory, situation.reconciled)
    planned = {one["id"]: one for one in run.reminders if one["id"] not in memory.spent}
    reminders = tuple(one for one in reminders_of(situation) if one.id in planned and unchanged(one, planned[one.id]))
    going = {one.id for one in reminders}
    skipped = [one for one in run.reminders if one["id"] not in going]
    changed = _changed_files(run.digests, digests_of(situation, papers))
    outgoing = Outgoing(situation, run.name, sending, mails=any(one.channel == "email" for one in reminders))
    with work_folder(settings.output, run.name) as work:
        packed = pack(situation, reminders, papers, run.name, work, step)
        body = {"run": run.name, "skipped": [one["id"] for one in skipped], "folder_digest": packed.digest,
                "messages": packed.messages}  # fmt: skip
        done = deliver(outgoing, packed, work, lambda: situation.journal.append(("skipped", body)))
    return replace(done, problems=(*done.problems, *changed, *map(withdrawn, skipped)))


def _changed_files(planned: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Problem]:
    """Fault 96: the letters were made anew, from files that are other than those of the run that was cut."""
    names = sorted(name for name in planned.keys() | now.keys() if planned.get(name) != now.get(name))
    if names:
        text = msg(
            "Changed since the run was interrupted, and used as they are now: {files}. Look at the letters.",
            files=", ".join(names),
        )
        yield Problem("files_changed", text, "warning", Source(names[0]))
