"""Reminders -> a work folder with everything that a run hands over: letters, zip, print file, report, run.json."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.core.policy import Channel
from dunning_batch.core.reminders import NOT_SENT_YET, Outcome, Reminder
from dunning_batch.delivery.archive import Delivery, Parcel, ZipDelivery
from dunning_batch.delivery.message import Words
from dunning_batch.delivery.outbox import Kind
from dunning_batch.documents.binding import PrintFile, bound
from dunning_batch.documents.names import Named, named
from dunning_batch.documents.pages import About
from dunning_batch.documents.papers import Papers
from dunning_batch.errors import Message, Problem, msg
from dunning_batch.files import make_folder, write_file, write_parts
from dunning_batch.language import language
from dunning_batch.mailing import messages_of, outbox_of
from dunning_batch.making import Made, Making
from dunning_batch.reports.record import Record
from dunning_batch.reports.report_html import report_html
from dunning_batch.reports.run_json import RESULT, document, dumped
from dunning_batch.sharing import makers, processes_for
from dunning_batch.situation import Situation, record_of
from dunning_batch.state.journal import Body

REPORT = "report.html"
_BOXES: dict[Channel, Kind] = {"email": "messages", "drafts": "drafts"}
Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """A folder that is complete but for its name."""

    record: Record
    digest: str  # of run.json, which names everything else
    messages: dict[str, Body] = field(default_factory=dict)  # those to be sent, by reminder, as the journal holds them


def pack(
    situation: Situation, reminders: Sequence[Reminder], papers: Papers, run: str, work: Path, step: Step
) -> Packed:
    """Write everything into the work folder, each file on the disk before the next. Raises OutputError.

    The outcomes are those that hold once the folder bears its name: for the post, a letter is delivered by being there.
    """
    make_folder(work)
    written = _write_letters(situation, reminders, papers, work, step) if reminders else _Written()
    record = replace(
        record_of(situation),
        run=run,
        reminders=tuple(reminders),
        outcomes=tuple(written.outcomes[one.id] for one in reminders),
        problems=(*situation.problems, *written.problems),
    )
    return Packed(record, write_report(situation, record, work), written.messages)


def write_report(situation: Situation, record: Record, folder: Path) -> str:
    """Write what a run tells; the digest of `run.json`. Raises OutputError."""
    spoken = language(situation.settings.language)
    write_file(folder / REPORT, report_html(record, situation.settings.creditor.name, spoken))
    return write_parts(folder / RESULT, dumped(document(record, spoken)))


@dataclass(slots=True)
class _Written:
    """What became of the letters."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    messages: dict[str, Body] = field(default_factory=dict)


def _write_letters(
    situation: Situation, reminders: Sequence[Reminder], papers: Papers, work: Path, step: Step
) -> _Written:
    settings, as_of = situation.settings, situation.request.as_of
    written = _Written()
    channels = {one.channel for one in reminders}
    making = Making(settings.creditor, settings.letters, papers)
    with ZipDelivery(work, as_of, language(settings.language)) as archive:
        boxes = {channel: outbox_of(situation, work, kind) for channel, kind in _BOXES.items() if channel in channels}
        ways: dict[Channel, Delivery] = {"zip": archive, **boxes}
        printed = _print_file(settings, archive, as_of) if "zip" in channels else nullcontext()
        with makers(making, processes_for(len(reminders))) as makers_, printed as book:
            ordered = named(reminders)
            for one, made in zip(ordered, makers_.made(one.reminder for one in ordered), strict=True):
                if _deliver(one, made, ways, written):
                    step()
                    if book and one.reminder.channel == "zip":
                        book.add(made.drawn)
        for way in ways.values():
            way.finish()
    if "email" in boxes and situation.request.dry_run:
        written.outcomes = {one: _not_tried(outcome) for one, outcome in written.outcomes.items()}
    elif "email" in boxes:
        written.messages = messages_of(boxes["email"].kept, {one.id: one.customer.code for one in reminders})
    return written


def _not_tried(outcome: Outcome) -> Outcome:
    """Of a message that a dry run made: nobody tried to send it, so nothing has failed."""
    return replace(outcome, result="skipped", error=None) if outcome.error == NOT_SENT_YET else outcome


def _deliver(one: Named, made: Made, ways: Mapping[Channel, Delivery], written: _Written) -> bool:
    """Bring a letter on its way, unless it must not be sent."""
    reminder, mail = one.reminder, made.mail
    written.problems += made.problems
    if made.lacks:
        written.outcomes[reminder.id], problem = _refused(reminder, made.lacks)
        written.problems.append(problem)
        return False
    words = Words(mail.subject, mail.text, mail.html) if mail else None
    parcel = Parcel(reminder, one.file, one.zip_name, bound(made.drawn), words)
    written.outcomes[reminder.id] = ways[reminder.channel].deliver(parcel)
    return True


def _print_file(settings: Settings, archive: ZipDelivery, as_of: date) -> AbstractContextManager[PrintFile | None]:
    """The file for the printer, unless it is not wanted."""
    if not settings.letters.print_file:
        return nullcontext()
    title = language(settings.language).text("Letters of {day:date}", day=as_of)
    about = About(title, settings.creditor.name, settings.language, as_of)
    return PrintFile(archive.print_file(), about, duplex=settings.letters.duplex)


def _refused(reminder: Reminder, lacks: Sequence[Message]) -> tuple[Outcome, Problem]:
    text = msg(
        "The formal notice to {name} is not made: it lacks {lacks}.",
        name=reminder.name,
        lacks=_joined(lacks),
    )
    return (
        Outcome(reminder.id, "refused", recipient=reminder.name, error=text),
        Problem("formal_notice_lacks", text, "warning", customer=reminder.customer.code),
    )


def _joined(lacks: Sequence[Message]) -> Message:
    """The lacks as one enumeration."""
    if len(lacks) == 1:
        return lacks[0]
    return msg("{first}, {rest}", first=lacks[0], rest=_joined(lacks[1:]))
