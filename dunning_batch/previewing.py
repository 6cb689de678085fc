"""`preview`: a letter and an e-mail of each level, by the renderer of a run, sent to nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from dunning_batch.batch import papers_of, reminders_of
from dunning_batch.config import Settings
from dunning_batch.core.policy import Decision, Dunning
from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.binding import pdf_of
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.mail import compose_mail
from dunning_batch.documents.samples import sample_reminder
from dunning_batch.errors import Problem, UsageError, msg
from dunning_batch.files import make_folder, write_file
from dunning_batch.situation import Request, Situation, look


@dataclass(frozen=True, slots=True)
class Preview:
    """What was written, for whom, and what is doubtful of it."""

    files: tuple[Path, ...]
    name: str  # the customer's; empty for the invented one
    problems: tuple[Problem, ...]


def preview(settings: Settings, request: Request | None, pattern: str, folder: Path) -> Preview:
    """Write `level-N.pdf` and `level-N.html` for every level.

    Args:
        settings: The dossier's.
        request: The day; none: an invented customer, without reading the ledger.
        pattern: Code or name of the customer, wildcards allowed; empty: who is asked for most.
        folder: Made if it is not there.

    Raises:
        UsageError: No customer of that pattern owes anything.
        DunningError: Whatever a run would raise.
    """
    papers = papers_of(settings)
    reminders = _real(look(settings, request), pattern) if request else _invented(settings)
    make_folder(folder)
    files: list[Path] = []
    problems = list(papers.problems)
    for reminder in reminders:
        finished = compose_letter(reminder, settings.creditor, settings.letters, papers)
        mail = compose_mail(reminder, settings.creditor, papers.templates)
        problems += [problem for problem in finished.problems if problem not in problems]
        stem = folder / f"level-{reminder.level.number}"
        for file, data in (
            (stem.with_suffix(".pdf"), pdf_of(finished.letter)),
            (stem.with_suffix(".html"), mail.html.encode()),
        ):
            write_file(file, data)
            files.append(file)
    return Preview(tuple(files), reminders[0].name if request else "", tuple(problems))


def _invented(settings: Settings) -> Sequence[Reminder]:
    return [
        sample_reminder(level, settings.dossier_language, "professional", full=True) for level in settings.policy.levels
    ]


def _real(situation: Situation, pattern: str) -> Sequence[Reminder]:
    """One customer's overdue items, or else all that are asked of him, at every level."""
    asked = [one for one in situation.plan.decisions if one.asked > 0 and _is_meant(one, pattern, situation)]
    if not asked:
        text = msg("No customer {pattern} owes anything: see dunning-batch status.", pattern=pattern or "*")
        raise UsageError(Problem("no_such_customer", text, "error"))
    totals: dict[str, int] = {}
    for one in asked:
        totals[one.item.customer] = totals.get(one.item.customer, 0) + one.asked
    code = max(totals, key=lambda customer: (totals[customer], customer))
    own = [one for one in asked if one.item.customer == code]
    chosen = [one for one in own if one.days_overdue > 0] or own
    letters = tuple(_at_each_level(chosen, situation))
    return reminders_of(replace(situation, plan=replace(situation.plan, dunnings=letters)))


def _is_meant(decision: Decision, pattern: str, situation: Situation) -> bool:
    code = decision.item.customer
    names = (code, situation.names.get(code, ""))
    return not pattern or any(fnmatchcase(name.casefold(), pattern.casefold()) for name in names)


def _at_each_level(decisions: Sequence[Decision], situation: Situation) -> Iterator[Dunning]:
    for level in situation.settings.policy.levels:
        raised = tuple(replace(one, next_level=level.number) for one in decisions)
        yield Dunning(decisions[0].item.customer, level, raised, "zip")
