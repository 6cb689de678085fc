"""The folder of a run gets its name and its messages leave: what was delivered is recorded, published and closed.

Order (delivery model, 4): everything is on the disk -> the server is ready -> the plan is recorded -> the folder gets
its name, which delivers letters and drafts -> each message, `sending` before and `sent` after -> outcomes with the new
levels -> the levels workbook -> the run is closed.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dunning_batch.core.reminders import Outcome
from dunning_batch.delivery.pace import Clock
from dunning_batch.errors import ExitCode, Message, OutputError, Problem, Source, msg, worst
from dunning_batch.files import cannot_write, make_folder, refuse_link, replace
from dunning_batch.mailing import Journaled, Mail, Posted, Recorder, Sending, Watch, server_of
from dunning_batch.mailoutcomes import code_of_posted, with_posted
from dunning_batch.packing import Packed, write_report
from dunning_batch.publishing import publish_levels
from dunning_batch.reports.record import Record
from dunning_batch.situation import Situation
from dunning_batch.state.advancing import changed_rows, delivered_step
from dunning_batch.state.journal import Body


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did."""

    record: Record
    folder: Path
    code: int
    problems: tuple[Problem, ...] = ()
    finished: Message | None = None  # of a run whose letters were delivered before it was cut: told in their place


class Outgoing:
    """What a run hands over, and how: the server is known, with its password, before the first letter is made."""

    def __init__(self, situation: Situation, run: str, watch: Watch, *, mails: bool) -> None:
        """Raises ConfigurationError, and ServerError where no password is found.

        Args:
            situation: What was read and decided.
            run: Its name.
            watch: Sees messages leave.
            mails: Whether there are messages to send.
        """
        request, output = situation.request, situation.settings.output
        self.situation, self.run, self._watch = situation, run, watch
        self.folder = (output / "dry-run" if request.leaves_no_trace else output) / run
        self._server = server_of(situation.settings) if mails and not request.dry_run else None

    @contextmanager
    def ready(self, messages: Mapping[str, Body]) -> Iterator[Sending | None]:
        """Connected to the server, where there are messages. Raises ServerError."""
        if not messages or self._server is None:
            yield None
            return
        redirected = bool(self.situation.request.redirect_to)
        mail = Mail(self.situation.settings, self.run, self.folder, messages, redirected)
        step = self._watch.step
        recorder = Recorder(mail, step) if redirected else Journaled(mail, step, self.situation.journal)
        clock = Clock(interrupted=self._watch.interrupted)
        with self.situation.journal.kept_open(), Sending(self._server, mail, recorder, clock) as sending:
            self._watch.begin()
            yield sending


def deliver(outgoing: Outgoing, packed: Packed, work: Path, record_plan: Callable[[], None]) -> Done:
    """Record the plan, give the folder its name, send its messages, and finish.

    Raises:
        ServerError: before anything is recorded.
        OutputError: something cannot be written.
    """
    posted = Posted()
    with outgoing.ready(packed.messages) as sending:
        record_plan()
        folder = put_folder(work, outgoing.folder)
        if sending:
            outgoing.situation.journal.append(("placed", {"run": outgoing.run}))
            posted = sending.send(packed.messages)
    return finish(outgoing.situation, packed, folder, posted)


def made(outgoing: Outgoing, packed: Packed, work: Path) -> Done:
    """A dry run ends with its folder: nothing was sent, and nobody is left without for want of an address."""
    refused = any(outcome.result == "refused" for outcome in packed.record.outcomes)
    code = ExitCode.UNDELIVERED if refused else ExitCode.OK
    return Done(packed.record, put_folder(work, outgoing.folder), code)


def redirect(outgoing: Outgoing, packed: Packed, work: Path) -> Done:
    """Send every message to the one address; the state of the dossier stays as it is (fault 90b)."""
    posted = Posted()
    with outgoing.ready(packed.messages) as sending:
        folder = put_folder(work, outgoing.folder)
        if sending:
            posted = sending.send(packed.messages)
    waiting = tuple(one for one in packed.messages if one not in posted.attempts)
    record, problems = with_posted(packed.record, posted, waiting, outgoing.situation.journal)
    write_report(outgoing.situation, record, folder)
    return Done(record, folder, worst((code_of(record), code_of_posted(posted, waiting))), problems)


def finish(situation: Situation, packed: Packed, folder: Path, posted: Posted) -> Done:
    """The folder bears its name: record what was delivered, put the levels workbook in place, close the run.

    A run with messages that wait, or of which nobody knows, stays open until `resume` settles them.
    """
    waiting = tuple(one for one in packed.messages if one not in posted.attempts)
    record, problems = with_posted(packed.record, posted, waiting, situation.journal)
    known = [outcome for outcome in record.outcomes if outcome.reminder not in waiting]
    situation.journal.append(_delivered(situation, record, known))
    if packed.messages:
        write_report(situation, record, folder)
    code = worst((code_of(record), code_of_posted(posted, waiting)))
    trouble = publish_levels(situation.settings, situation.journal, situation.reconciled, record.run)
    if trouble:
        return Done(record, folder, worst((code, ExitCode.OUTPUT)), (*problems, trouble))
    if not waiting and all(outcome.result != "uncertain" for outcome in record.outcomes):
        situation.journal.append(("closed", {"run": record.run}))
    return Done(record, folder, code, problems)


def _delivered(situation: Situation, record: Record, known: Sequence[Outcome]) -> tuple[str, Body]:
    """The step with everything that changed: large, and kept by nobody but the journal."""
    rows = changed_rows(situation.memory.rows, situation.rows_after(raised_by(record)))
    return delivered_step(record.run, known, rows)


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


@contextmanager
def work_folder(parent: Path, run: str) -> Iterator[Path]:
    """A folder that nobody takes for a result; what is left of it goes, and what runs that were killed have left."""
    make_folder(parent)
    work = parent / f".work-{run}"
    refuse_link(work, parent)
    for left in parent.glob(".work-*"):
        shutil.rmtree(left, ignore_errors=True)
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
