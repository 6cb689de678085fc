"""One run, stage by stage; with `situation` (what is read and decided) and `recovery` it alone knows every stage.

look (situation) -> propose: the reminders, and what must be asked -> render and pack into a work folder -> record what
is about to be delivered -> give the folder its name: the letters are delivered -> record that, with the new levels ->
put the levels workbook in place -> close the run.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import date
from pathlib import Path
from typing import Any

from dunning_batch.config import Settings
from dunning_batch.core.guards import LastRun, ledger_end, warnings_before_run
from dunning_batch.core.reminders import Reminder, compose
from dunning_batch.documents.mentions import missing_mentions
from dunning_batch.documents.papers import Papers, load_papers
from dunning_batch.errors import ExitCode, OutputError, Problem, Source, msg, worst
from dunning_batch.files import cannot_write, make_folder, refuse_link, replace
from dunning_batch.packing import Packed, pack
from dunning_batch.publishing import publish_levels
from dunning_batch.readiness import refuse_conflicts, refuse_delivered, refuse_unready_levels
from dunning_batch.reports.record import Record
from dunning_batch.situation import Request, Situation, dossier_id, look, request_of, shown
from dunning_batch.state.advancing import changed_rows, delivered_step, manual_step, planned_step
from dunning_batch.state.journal import Clock
from dunning_batch.state.lock import dossier_lock

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run would deliver, before anything is written."""

    situation: Situation
    reminders: tuple[Reminder, ...]
    papers: Papers
    run: str
    problems: tuple[Problem, ...]

    @property
    def settings(self) -> Settings:
        """The dossier's."""
        return self.situation.settings

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.situation.request


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did."""

    record: Record
    folder: Path
    code: int
    problems: tuple[Problem, ...] = ()


@contextmanager
def opened(settings: Settings, clock: Clock, typed: dict[str, Any]) -> Iterator[Proposal]:
    """Hold the dossier and propose a run. Raises every DunningError; but for the lock, nothing is written."""
    settings, request = request_of(settings, clock, typed)
    with dossier_lock(settings.output, clock()):
        yield propose(settings, request)


def propose(settings: Settings, request: Request) -> Proposal:
    """Read, decide and compose; refuse what must not go on. The lock is the caller's."""
    papers = papers_of(settings)
    refuse_unready_levels(settings)
    situation = look(settings, request)
    refuse_conflicts(settings, situation.memory, situation.reconciled, request.as_of)
    reminders = reminders_of(situation)
    refuse_delivered(situation.memory, reminders)
    last = situation.memory.last_run
    before = LastRun(last.as_of, last.total, last.ledger_end) if last else None
    total = sum(one.total for one in reminders)
    warnings = warnings_before_run(
        situation.ledger.files, request.as_of, request.clock().date(), before, total, settings.dunning.max_growth
    )
    first = _first_run(situation, len(reminders))
    problems = (*situation.problems, *papers.problems, *warnings, *first)
    return Proposal(situation, reminders, papers, run_name(situation), problems)


def papers_of(settings: Settings) -> Papers:
    """The dossier's templates, tried on samples, and its stationery. Raises ConfigurationError."""
    levels, spoken = settings.policy.levels, settings.dossier_language
    papers = load_papers(settings.root, levels, spoken, settings.creditor, settings.letters)
    doubts = missing_mentions(papers, levels, spoken, settings.creditor, settings.letters)
    return replace_fields(papers, doubts=tuple(doubts))


def reminders_of(situation: Situation) -> tuple[Reminder, ...]:
    """The letters of the plan. Raises ConfigurationError where a rate is missing (rule G2)."""
    settings = situation.settings
    return compose(
        situation.plan, situation.settlement.balances, situation.customers, settings.dossier_language,
        settings.penalties, settings.rates, dossier_id(settings),
    )  # fmt: skip


def _first_run(situation: Situation, letters: int) -> tuple[Problem, ...]:
    if not situation.reconciled.first or not letters:
        return ()
    text = msg(
        "This is the first run of the dossier: {count:letter|letters} at the first level. If it was followed "
        "elsewhere, put its list in the place of {levels}, or use dunning-batch levels set.",
        count=letters,
        levels=shown(situation.settings, situation.settings.levels),
    )
    return (Problem("first_run", text, "warning"),)


def run_name(situation: Situation) -> str:
    """The day and the next free number of it."""
    day, output = situation.request.as_of.isoformat(), situation.settings.output
    folder = output / "dry-run" if situation.request.dry_run else output
    number = 1
    while f"{day}-{number:02d}" in situation.memory.runs or (folder / f"{day}-{number:02d}").exists():
        number += 1
    return f"{day}-{number:02d}"


def carry_out(proposal: Proposal, step: Step) -> Done:
    """Make the letters and deliver them; the lock is held. Raises OutputError, with nothing half-written."""
    settings, situation = proposal.settings, proposal.situation
    parent = settings.output / "dry-run" if proposal.request.dry_run else settings.output
    with work_folder(parent, proposal.run) as work:
        packed = pack(situation, proposal.reminders, proposal.papers, proposal.run, work, step)
        if proposal.request.dry_run:
            return Done(packed.record, put_folder(work, parent / proposal.run), code_of(packed.record))
        refuse_unready_levels(settings, situation.reconciled)
        _record_plan(proposal, packed)
        folder = put_folder(work, parent / proposal.run)
    return finish(situation, packed.record, folder)


@contextmanager
def work_folder(parent: Path, run: str) -> Iterator[Path]:
    """A folder that nobody takes for a result; what is left of it goes."""
    make_folder(parent)
    work = parent / f".work-{run}"
    refuse_link(work, parent)
    shutil.rmtree(work, ignore_errors=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put_folder(work: Path, folder: Path) -> Path:
    """Give the work folder its name: the letters in it are delivered. Raises OutputError."""
    if folder.exists() or folder.is_symlink():
        text = msg("{path} is there already: take it away.", path=str(folder))
        raise OutputError(Problem("folder_exists", text, "error", Source(folder.name)))
    try:
        replace(work, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def _record_plan(proposal: Proposal, packed: Packed) -> None:
    """What is about to be delivered, and what users changed by hand before it (I1)."""
    situation = proposal.situation
    facts = {
        "ledger_end": _iso(ledger_end(situation.ledger.files)),
        "folder_digest": packed.digest,
        "digests": digests_of(situation, proposal.papers),
    }
    plan = planned_step(proposal.run, situation.plan, proposal.reminders, packed.record.outcomes, facts)
    manual = manual_step(situation.reconciled.edits, situation.request.as_of)
    situation.journal.append(*([manual] if manual else []), plan)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def digests_of(situation: Situation, papers: Papers) -> dict[str, str]:
    """What the run was made from (fault 56)."""
    settings = situation.settings
    return {
        settings.file.name: settings.sha256,
        **({shown(settings, settings.customers_file): situation.customers_sha256} if settings.customers_file else {}),
        **{file.name: file.sha256 for file in situation.ledger.files},
        **papers.digests,
    }


def finish(situation: Situation, record: Record, folder: Path) -> Done:
    """The folder bears its name: record what was delivered, put the levels workbook in place, close the run."""
    raised = raised_by(record)
    rows = changed_rows(situation.memory.rows, situation.rows_after(raised))
    situation.journal.append(delivered_step(record.run, record.outcomes, rows))
    code = code_of(record)
    trouble = publish_levels(situation.settings, situation.journal, situation.reconciled, record.run)
    if trouble:
        return Done(record, folder, worst((code, ExitCode.OUTPUT)), (trouble,))
    situation.journal.append(("closed", {"run": record.run}))
    return Done(record, folder, code)


def raised_by(record: Record) -> dict[str, tuple[int, str]]:
    """Key of each item whose reminder was delivered -> its new level, and how it was."""
    return {
        item.decision.history.key: (item.decision.next_level or 0, reminder.channel)
        for reminder, outcome in zip(record.reminders, record.outcomes, strict=True)
        if outcome.result == "delivered"
        for item in reminder.items
    }


def code_of(record: Record) -> ExitCode:
    """5 where a reminder was not delivered, or could not be for want of an address."""
    undelivered = any(outcome.result != "delivered" for outcome in record.outcomes)
    unreachable = any(one.reason == "no_channel" for one in record.plan.decisions)
    return ExitCode.UNDELIVERED if undelivered or unreachable else ExitCode.OK
