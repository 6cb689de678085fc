"""One run, stage by stage; with `situation` (what is read and decided) and `recovery` it alone knows every stage.

look (situation) -> propose: the reminders, and what must be asked -> render and pack into a work folder -> record what
is about to be delivered -> give the folder its name: the letters are delivered -> record that, with the new levels ->
put the levels workbook in place -> close the run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import date
from typing import Any

from dunning_batch.config import Settings, filters_to_json
from dunning_batch.core.customer_doubts import own_addresses, shared_addresses
from dunning_batch.core.guards import LastRun, ledger_end, warnings_before_run
from dunning_batch.core.reminders import Reminder, compose
from dunning_batch.delivering import Done, Outgoing, deliver, made, redirect, work_folder
from dunning_batch.documents.mentions import missing_mentions
from dunning_batch.documents.papers import Papers, load_papers
from dunning_batch.errors import InputError, Problem, msg
from dunning_batch.mailing import Watch, refuse_without_sign_in
from dunning_batch.packing import Packed, pack
from dunning_batch.readiness import refuse_conflicts, refuse_delivered, refuse_unfinished, refuse_unready_levels
from dunning_batch.situation import Request, Situation, dossier_id, journal_of, look, request_of, shown
from dunning_batch.state.advancing import hand_steps, planned_step
from dunning_batch.state.journal import Clock
from dunning_batch.state.lock import dossier_lock
from dunning_batch.state.memory import fold

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

    @property
    def mailed(self) -> tuple[Reminder, ...]:
        """Those that are sent by e-mail."""
        return tuple(one for one in self.reminders if one.channel == "email")


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
    try:
        situation = look(settings, request)
    except InputError:  # a plan that was ticked no longer agrees once its run was cut half-way: that comes first
        refuse_unfinished(fold(journal_of(settings, request.clock).events))
        raise
    refuse_conflicts(settings, situation.memory, situation.reconciled, request.as_of)
    reminders = reminders_of(situation)
    refuse_delivered(situation.memory, reminders)
    _refuse_without_sign_in(settings, request, reminders)
    last = situation.memory.last_run
    before = LastRun(last.as_of, last.total, last.ledger_end) if last else None
    total = sum(one.total for one in reminders)
    warnings = warnings_before_run(
        situation.ledger.files, request.as_of, request.clock().date(), before, total, settings.dunning.max_growth
    )
    first = _first_run(situation, len(reminders))
    problems = (*situation.problems, *papers.problems, *warnings, *first, *_doubtful_addresses(settings, reminders))
    return Proposal(situation, reminders, papers, run_name(situation), problems)


def _refuse_without_sign_in(settings: Settings, request: Request, reminders: tuple[Reminder, ...]) -> None:
    """Nobody is asked about a run whose e-mails cannot leave. Raises ConfigurationError, ServerError."""
    if any(one.channel == "email" for one in reminders) and not request.dry_run:
        refuse_without_sign_in(settings)


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


def _doubtful_addresses(settings: Settings, reminders: tuple[Reminder, ...]) -> tuple[Problem, ...]:
    """Addresses that are said before the question: shared by many, or no customer's (faults 40, 41)."""
    written_to = {one.customer.code: one.customer for one in reminders if one.channel != "zip"}.values()
    own = {address.rpartition("@")[2].rstrip("> ") for address in (settings.email.sender, settings.creditor.email)}
    shared = shared_addresses(written_to, settings.email.max_same_address)
    return (*shared, *own_addresses(written_to, own - {""}))


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
    folder = output / "dry-run" if situation.request.leaves_no_trace else output
    number = 1
    while f"{day}-{number:02d}" in situation.memory.runs or (folder / f"{day}-{number:02d}").exists():
        number += 1
    return f"{day}-{number:02d}"


def carry_out(proposal: Proposal, step: Step, sending: Watch | None = None) -> Done:
    """Make the letters and deliver them; the lock is held.

    Args:
        proposal: What was asked and confirmed.
        step: Called after each letter that is made.
        sending: Watches messages leave.

    Raises:
        OutputError: with nothing half-written.
        ServerError: before anything is recorded or sent.
    """
    request, situation = proposal.request, proposal.situation
    outgoing = Outgoing(situation, proposal.run, sending or Watch(), mails=bool(proposal.mailed))
    with work_folder(outgoing.folder.parent, proposal.run) as work:
        packed = pack(situation, proposal.reminders, proposal.papers, proposal.run, work, step)
        if request.dry_run:
            return made(outgoing, packed, work)
        if request.redirect_to:
            return redirect(outgoing, packed, work)
        refuse_unready_levels(proposal.settings, situation.reconciled)
        return deliver(outgoing, packed, work, lambda: _record_plan(proposal, packed))


def _record_plan(proposal: Proposal, packed: Packed) -> None:
    """What is about to be delivered, and what users changed by hand before it (I1)."""
    situation = proposal.situation
    facts = {
        "ledger_end": _iso(ledger_end(situation.ledger.files)),
        "folder_digest": packed.digest,
        "digests": digests_of(situation, proposal.papers),
        "by": situation.request.by,
        "filters": filters_to_json(situation.request.filters),
        "messages": packed.messages,
    }
    plan = planned_step(proposal.run, situation.plan, proposal.reminders, packed.record.outcomes, facts)
    found = situation.reconciled
    situation.journal.append(*hand_steps(found.edits, found.numbers, situation.request.as_of), plan)


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
