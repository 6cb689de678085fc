"""What a run tells on the screen: before the question, and after the work."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from dunning_batch.core.reminders import NOT_SENT_YET, Reminder, Result
from dunning_batch.errors import Message, msg
from dunning_batch.language import Language
from dunning_batch.reports.record import Record, is_made
from dunning_batch.wording import REASONS

# In the order of what a person has to do.
_DONE: dict[Result, Message] = {
    "uncertain": msg("{count:letter|letters} uncertain, {total:money}"),
    "delivered": msg("{count:letter|letters} delivered, {total:money}"),
    "refused": msg("{count:letter|letters} refused, {total:money}"),
    "failed": msg("{count:letter|letters} failed, {total:money}"),
    "skipped": msg("{count:letter|letters} skipped, {total:money}"),
}
_NEXT: dict[str, Message] = {
    "uncertain": msg("Next: find out whether the uncertain ones arrived, then type dunning-batch resume."),
    "waiting": msg("Next: type dunning-batch resume for what was not sent yet."),
    "refused": msg("Next: correct the addresses that were refused; the next run makes these reminders again."),
    "failed": msg("Next: the next run tries again what has failed."),
}
_MOST = 20  # reasons of one kind on the screen
_MADE = msg("{count:letter|letters} made, {total:money}")


def proposed(reminders: Iterable[Reminder], creditor: str, language: Language) -> str:
    """What is about to be delivered: letters and euros by level, in whose name."""
    count: Counter[int] = Counter()
    cents: dict[int, int] = defaultdict(int)
    names = {}
    for reminder in reminders:
        number = reminder.level.number
        count[number] += 1
        cents[number] += reminder.total
        names[number] = reminder.level.name
    lines = [language.text("In the name of {creditor}:", creditor=creditor)]
    lines += [
        language.text("  level {level}, {name}: {count:letter|letters}, {total:money}", level=level, name=names[level],
                      count=count[level], total=cents[level])
        for level in sorted(count)
    ]  # fmt: skip
    lines.append(
        language.text("  in all: {count:letter|letters}, {total:money}", count=count.total(), total=sum(cents.values()))
    )
    return "\n".join(lines)


def _results(record: Record, language: Language) -> Iterator[str]:
    """How many letters became what; under what was not delivered, of whom and why."""
    totals: dict[Result, list[Reminder]] = defaultdict(list)
    errors: dict[Result, list[str]] = defaultdict(list)
    for reminder, outcome in zip(record.reminders, record.outcomes, strict=True):
        result = "delivered" if is_made(record, outcome) else outcome.result
        totals[result].append(reminder)
        if outcome.error:
            whose = "" if reminder.channel == "zip" else f"{reminder.name}{language.colon}"
            errors[result].append(f"  {whose}{language.message(outcome.error)}")
    for result in (one for one in _DONE if one in totals):
        message = _MADE if record.dry_run and result == "delivered" else _DONE[result]
        found = totals[result]
        yield language.text(message.text, count=len(found), total=sum(one.total for one in found))
        yield from errors[result][:_MOST]
        if len(errors[result]) > _MOST:
            yield language.text("  {count} more: see the report.", count=len(errors[result]) - _MOST)


def _next(record: Record, language: Language) -> Iterator[str]:
    """What a person does now about e-mails that did not arrive, or of which nobody knows."""
    pairs = zip(record.reminders, record.outcomes, strict=True)
    found = {
        "waiting" if outcome.error == NOT_SENT_YET else outcome.result
        for reminder, outcome in pairs
        if reminder.channel == "email"
    }
    yield from (language.message(text) for kind, text in _NEXT.items() if kind in found)


def _left_out(record: Record, language: Language) -> Iterator[str]:
    left = Counter(one.reason for one in record.plan.decisions if one.reason != "remind")
    open_by: dict[str, int] = defaultdict(int)
    for one in record.plan.decisions:
        open_by[one.reason] += one.item.open
    if left:
        yield language.text("Not reminded:")
    for reason, count in left.most_common():
        yield language.text(
            "  {count:item|items}, {open:money}: {reason}", count=count, open=open_by[reason], reason=REASONS[reason]
        )


def told(record: Record, folder: Path | None, language: Language, *, resumed: bool = False) -> str:
    """What was delivered, who was left out and why, where it lies, and what to do now.

    A run that is resumed tells of what was left of it; who was left out stands in what the run itself told.
    """
    lines = []
    if record.dry_run:
        lines.append(language.text("Dry run: nothing was delivered, no level was raised."))
    lines += _results(record, language)
    if not record.reminders:
        lines.append(language.text("Nothing to remind."))
    if not resumed:
        lines += _left_out(record, language)
    if folder is not None:
        lines.append(language.text("Report: {path}", path=str(folder / "report.html")))
        channels = {one.channel for one in record.reminders}
        if "zip" in channels:
            lines.append(language.text("Letters to print and post: {path}", path=str(folder / "letters.zip")))
        if "drafts" in channels:
            lines.append(language.text("Drafts to open, look at and send: {path}", path=str(folder / "drafts")))
    lines += _next(record, language)
    return "\n".join(lines)
