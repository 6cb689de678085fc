"""What is done about the past: a run that is undone, levels that are set, a workbook made anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path
from typing import Any

from dunning_batch.config import Settings
from dunning_batch.core.openitems import OpenItem
from dunning_batch.errors import ExitCode, InputError, OutputError, Problem, StateError, UsageError, msg
from dunning_batch.publishing import REBUILD, catch_up, publish_levels
from dunning_batch.readiness import refuse_conflicts, refuse_lost, refuse_unfinished, refuse_unready_levels
from dunning_batch.situation import dossier_id, journal_of, look, read_state, request_of
from dunning_batch.state.advancing import changed_rows, hand_steps, level_change, raised_row
from dunning_batch.state.journal import Body, Clock, Journal
from dunning_batch.state.lock import dossier_lock
from dunning_batch.state.memory import Memory, fold
from dunning_batch.state.past import PastRow, Run
from dunning_batch.state.reconciling import Reconciled, reconcile
from dunning_batch.state.rows import to_json
from dunning_batch.state.undoing import kept_problems, never_arrived, undone_rows


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


@contextmanager
def held(settings: Settings, clock: Clock) -> Iterator[tuple[Journal, Memory]]:
    """Hold the dossier's lock: its journal and what that holds. Raises StateError."""
    with dossier_lock(settings.output, clock()):
        journal = journal_of(settings, clock)
        yield journal, fold(journal.events)


def undo(settings: Settings, name: str | None, clock: Clock) -> Undone:
    """Put the levels back as they were before a run: the last one that delivered something, or the one named.

    Raises:
        StateError: a later run stands on it, or a run is unfinished.
        UsageError: there is no such run.
    """
    with held(settings, clock) as (journal, memory):
        refuse_unfinished(memory)
        refuse_unready_levels(settings)
        run = _run_to_undo(memory, name)
        reconciled = read_state(settings, journal, memory)
        refuse_lost(settings, memory, reconciled)
        if (cut := memory.cut_undo) and name in (None, cut.body["run"]):
            return _undone_before(cut.body, memory, catch_up(settings, journal, reconciled))
        if run is None:
            idle = memory.is_empty or memory.is_published
            return _undone_before(None, memory, () if idle else catch_up(settings, journal, reconciled))
        known = {**memory.rows, **{edit.after.key: edit.after for edit in reconciled.edits}}
        by_hand = hand_steps(reconciled.edits, reconciled.numbers, clock().date())
        changes, rows, kept = undone_rows(run, known, settings.policy, never_arrived(memory.runs.values()))
        step = ("undone", {"run": run.name, "day": run.as_of.isoformat(), "changes": changes,
                           "rows": [to_json(row) for row in rows]})  # fmt: skip
        journal.append(*by_hand, step)
        trouble = publish_levels(settings, journal, reconciled, run.name, REBUILD)
        problems = (*kept_problems(kept), *_sent_problems(run), *([trouble] if trouble else []))
        return Undone(run.name, len(rows), ExitCode.OUTPUT if trouble else ExitCode.OK, problems)


def _undone_before(step: Body | None, memory: Memory, trouble: tuple[Problem, ...]) -> Undone:
    """What an `undo` did that was cut before it wrote the workbook: typed again, it does not undo another run."""
    code = ExitCode.OUTPUT if trouble else ExitCode.OK
    if step is None:
        return Undone(code=code, problems=trouble)
    return Undone(step["run"], len(step["rows"]), code, (*_sent_problems(memory.runs[step["run"]]), *trouble))


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


def _sent_problems(run: Run) -> Iterator[Problem]:
    """E-mails cannot be unsent, whatever the levels say (fault 121)."""
    for one in run.reminders:
        if one["id"] in run.messages and one["id"] in run.delivered_ids:
            text = msg(
                "The e-mail to {name} ({recipient}) was sent and cannot be taken back: write to them if it was wrong.",
                name=one["name"],
                recipient=one["recipient"],
            )
            yield Problem("stays_sent", text, "warning", customer=one["customer"])


def set_levels(settings: Settings, clock: Clock, level: int, dated: date | None, typed: dict[str, Any]) -> Marked:
    """Mark overdue items that pass the filters as reminded at a level, without a letter. Raises StateError."""
    settings, request = request_of(settings, clock, typed)
    with held(settings, clock) as (_, memory):
        refuse_unready_levels(settings)
        situation = look(settings, request)
        refuse_conflicts(settings, memory, situation.reconciled)
        chosen = [one for one in situation.plan.decisions if one.reason not in _NOT_MARKED]
        day = dated or request.as_of
        rows = situation.rows_after({})
        changes = []
        for one in chosen:
            row = rows[one.history.key]
            rows[row.key] = raised_row(row, level, "", day, settings.policy)
            changes.append(level_change(row, row.level, level))
        by_hand = hand_steps(situation.reconciled.edits, situation.reconciled.numbers, request.as_of)
        step = ("set", {"day": day.isoformat(), "changes": changes, **changed_rows(memory.rows, rows)})
        situation.journal.append(*by_hand, step)
        trouble = publish_levels(settings, situation.journal, situation.reconciled, "", REBUILD)
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
    with held(settings, clock) as (journal, memory):
        if memory.is_empty:
            raise StateError(
                Problem("nothing_to_rebuild", msg("The journal knows no run: there is nothing to write."), "error")
            )
        reconciled = _readable_state(settings, journal, memory)
        by_hand = hand_steps(reconciled.edits, reconciled.numbers, clock().date())
        if by_hand:
            journal.append(*by_hand)
        trouble = publish_levels(settings, journal, reconciled, "", REBUILD)
        if trouble:
            raise OutputError(trouble)
        return settings.levels


def _readable_state(settings: Settings, journal: Journal, memory: Memory) -> Reconciled:
    """What can still be read of the workbook; nothing where it is damaged."""
    try:
        return read_state(settings, journal, memory)
    except InputError:
        path = settings.levels
        names = (f"{path.stem}.damaged{f'-{number}' if number > 1 else ''}{path.suffix}" for number in count(1))
        path.replace(next(damaged for name in names if not (damaged := path.with_name(name)).exists()))
        return reconcile(journal.events, memory, None, dossier_id(settings), settings.levels.name)
