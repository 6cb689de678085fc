"""Reminders -> a work folder with everything that a run hands over: letters, zip, print file, report, run.json."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from dunning_batch.config import LetterSettings
from dunning_batch.core.reminders import Outcome, Reminder, formal_notice_lacks
from dunning_batch.delivery.archive import Parcel, ZipDelivery
from dunning_batch.documents.formal import lacking_words
from dunning_batch.documents.letter import Finished, compose_letter
from dunning_batch.documents.names import named
from dunning_batch.documents.pages import About, PrintFile, pdf_of
from dunning_batch.documents.papers import Papers
from dunning_batch.errors import Message, Problem, msg
from dunning_batch.files import make_folder, sha256_of, write_file
from dunning_batch.language import language
from dunning_batch.reports.record import Record
from dunning_batch.reports.report_html import report_html
from dunning_batch.reports.run_json import document, dump
from dunning_batch.situation import Situation, record_of

REPORT, RESULT = "report.html", "run.json"
Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """A folder that is complete but for its name."""

    record: Record
    digest: str  # of run.json, which names everything else


def pack(
    situation: Situation, reminders: Sequence[Reminder], papers: Papers, run: str, work: Path, step: Step
) -> Packed:
    """Write everything into the work folder, each file on the disk before the next. Raises OutputError.

    The outcomes are those that hold once the folder bears its name: for the post, a letter is delivered by being there.
    """
    make_folder(work)
    outcomes, problems = _write_letters(situation, reminders, papers, work, step) if reminders else ({}, [])
    record = replace(
        record_of(situation),
        run=run,
        reminders=tuple(reminders),
        outcomes=tuple(outcomes[one.id] for one in reminders),
        problems=(*situation.problems, *problems),
    )
    spoken = language(situation.settings.language)
    write_file(work / REPORT, report_html(record, situation.settings.creditor.name, spoken))
    data = dump(document(record, spoken))
    write_file(work / RESULT, data)
    return Packed(record, sha256_of(data))


def _write_letters(
    situation: Situation, reminders: Sequence[Reminder], papers: Papers, work: Path, step: Step
) -> tuple[dict[str, Outcome], list[Problem]]:
    settings, as_of = situation.settings, situation.request.as_of
    outcomes: dict[str, Outcome] = {}
    problems: list[Problem] = []
    spoken = language(settings.language)
    about = About(spoken.text("Letters of {day:date}", day=as_of), settings.creditor.name, settings.language, as_of)
    with ZipDelivery(work, as_of, spoken) as delivery:
        with _print_file(settings.letters, delivery, about) as book:
            for one in named(reminders):
                finished = compose_letter(one.reminder, settings.creditor, settings.letters, papers)
                problems += finished.problems
                lacks = _lacks(one.reminder, finished, situation)
                if lacks:
                    outcomes[one.reminder.id], problem = _refused(one.reminder, lacks)
                    problems.append(problem)
                    continue
                parcel = Parcel(one.reminder, one.file, one.zip_name, pdf_of(finished.letter))
                outcomes[one.reminder.id] = delivery.deliver(parcel)
                if book:
                    book.add(finished.letter)
                step()
        delivery.finish()
    return outcomes, problems


def _print_file(
    look: LetterSettings, delivery: ZipDelivery, about: About
) -> AbstractContextManager[PrintFile | None]:
    """The file for the printer, unless it is not wanted."""
    return PrintFile(delivery.print_file(), about, duplex=look.duplex) if look.print_file else nullcontext()


def _lacks(reminder: Reminder, finished: Finished, situation: Situation) -> tuple[Message, ...]:
    """What a formal notice must say and this one does not (rule G5)."""
    if not reminder.level.registered:
        return ()
    creditor = situation.settings.creditor
    facts = formal_notice_lacks(reminder, creditor.name, creditor.address, creditor.iban)
    return (*facts, *lacking_words(finished.text))


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
