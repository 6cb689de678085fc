"""What a run tells on the screen: before the question, and after the work."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from dunning_batch.core.reminders import Reminder, Result
from dunning_batch.errors import Message, msg
from dunning_batch.language import Language
from dunning_batch.reports.record import Record
from dunning_batch.wording import REASONS

_DONE: dict[Result, Message] = {
    "delivered": msg("{count:letter|letters} delivered, {total:money}"),
    "refused": msg("{count:letter|letters} refused, {total:money}"),
    "failed": msg("{count:letter|letters} failed, {total:money}"),
    "uncertain": msg("{count:letter|letters} uncertain, {total:money}"),
    "skipped": msg("{count:letter|letters} skipped, {total:money}"),
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
    """How many letters became what; under what was not delivered, why."""
    totals: dict[Result, list[int]] = defaultdict(list)
    errors: dict[Result, list[Message]] = defaultdict(list)
    for reminder, outcome in zip(record.reminders, record.outcomes, strict=True):
        totals[outcome.result].append(reminder.total)
        errors[outcome.result] += [outcome.error] if outcome.error else []
    for result, found in totals.items():
        message = _MADE if record.dry_run and result == "delivered" else _DONE[result]
        yield language.text(message.text, count=len(found), total=sum(found))
        yield from (f"  {language.message(error)}" for error in errors[result][:_MOST])
        if len(errors[result]) > _MOST:
            yield language.text("  {count} more: see the report.", count=len(errors[result]) - _MOST)


def told(record: Record, folder: Path | None, language: Language) -> str:
    """What was delivered, who was left out and why, and where it lies."""
    lines = []
    if record.dry_run:
        lines.append(language.text("Dry run: nothing was delivered, no level was raised."))
    lines += _results(record, language)
    if not record.reminders:
        lines.append(language.text("Nothing to remind."))
    left = Counter(one.reason for one in record.plan.decisions if one.reason != "remind")
    open_by: dict[str, int] = defaultdict(int)
    for one in record.plan.decisions:
        open_by[one.reason] += one.item.open
    if left:
        lines.append(language.text("Not reminded:"))
    lines += [
        language.text(
            "  {count:item|items}, {open:money}: {reason}", count=count, open=open_by[reason], reason=REASONS[reason]
        )
        for reason, count in left.most_common()
    ]
    if folder is not None:
        lines.append(language.text("Report: {path}", path=str(folder / "report.html")))
        channels = {one.channel for one in record.reminders}
        if "zip" in channels:
            lines.append(language.text("Letters to print and post: {path}", path=str(folder / "letters.zip")))
        if "drafts" in channels:
            lines.append(language.text("Drafts to open, look at and send: {path}", path=str(folder / "drafts")))
    return "\n".join(lines)
