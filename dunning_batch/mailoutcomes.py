"""What became of e-mails, for the record of a run and for whoever typed the command (faults 80 to 86)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.delivery.smtp import Attempt
from dunning_batch.errors import ExitCode, Message, Problem, msg, worst
from dunning_batch.mailing import Posted
from dunning_batch.reports.record import Record
from dunning_batch.state.journal import Journal


def with_posted(
    record: Record, posted: Posted, waiting: Sequence[str], journal: Journal
) -> tuple[Record, tuple[Problem, ...]]:
    """The record of a run once its messages have left, or as many as could; and the problems that this adds to it."""
    pairs = tuple(zip(record.reminders, record.outcomes, strict=True))
    outcomes = tuple(_after(outcome, posted.attempts.get(outcome.reminder)) for _, outcome in pairs)
    problems = tuple(
        problem
        for reminder, outcome in pairs
        if outcome.reminder in posted.attempts
        for problem in _problems(reminder, outcome, posted.attempts[outcome.reminder], journal)
    )
    problems = (*problems, *problems_of_posted(posted, waiting))
    return replace(record, outcomes=outcomes, problems=(*record.problems, *problems)), problems


def _after(outcome: Outcome, attempt: Attempt | None) -> Outcome:
    if attempt is None:
        return outcome
    return replace(outcome, result=attempt.result, error=attempt.error or _refused(attempt))


def _refused(attempt: Attempt) -> Message | None:
    """The addresses that were not taken of a message that others got (fault 82)."""
    if not attempt.refused:
        return None
    return msg("not taken: {addresses}", addresses=", ".join(f"{one} ({reply})" for one, reply in attempt.refused))


def _problems(reminder: Reminder, outcome: Outcome, attempt: Attempt, journal: Journal) -> Iterator[Problem]:
    code = reminder.customer.code
    if attempt.result == "uncertain":
        yield uncertain(reminder.name, code, outcome.reference, left_at(journal, outcome.reminder))
    elif attempt.result != "delivered":
        yield undelivered(reminder.name, code, attempt)
    for address, reply in attempt.refused if attempt.result == "delivered" else ():
        text = msg("{address} was not taken ({reply}); the other addresses have the e-mail.", address=address,
                   reply=str(reply))  # fmt: skip
        yield Problem("address_refused", text, "warning", reminder.customer.source, code)


def undelivered(name: str, customer: str, attempt: Attempt) -> Problem:
    """A message that certainly did not arrive."""
    text = msg(
        "The e-mail to {name} was not delivered ({reason}); the level stays as it was.",
        name=name,
        reason=attempt.error or "-",
    )
    return Problem("not_delivered", text, "warning", customer=customer)


def left_at(journal: Journal, reminder: str) -> datetime:
    """When a message left, as the computer's clock had it; now, where the journal knows nothing of it."""
    steps = (one for one in reversed(journal.events) if one.kind == "sending" and one.body["id"] == reminder)
    now, step = journal.clock(), next(steps, None)
    return datetime.fromisoformat(step.at).astimezone(now.tzinfo) if step else now


def uncertain(name: str, customer: str, message_id: str, moment: datetime) -> Problem:
    """A message of which nobody knows, with what a person can do (delivery model, 11)."""
    text = msg(
        "Nobody knows whether {name} has the e-mail {message_id} of {day:date}, {time}. Look into the sender's Sent "
        "folder and for the copy to the archive, or ask the customer; then type dunning-batch resume --assume-sent "
        "{customer} if it arrived, or --resend {customer} if it did not.",
        name=name,
        message_id=message_id,
        day=moment.date(),
        time=f"{moment:%H:%M}",
        customer=customer,
    )
    return Problem("delivery_uncertain", text, "error", customer=customer)


def code_of_posted(posted: Posted, waiting: Sequence[str]) -> ExitCode:
    """What the leaving of messages adds to the exit code."""
    codes = [ExitCode.UNCERTAIN for attempt in posted.attempts.values() if attempt.result == "uncertain"]
    if posted.stopped is not None:
        codes.append(posted.stopped.exit_code)
    elif waiting:
        codes.append(ExitCode.INTERRUPTED)
    return worst(codes)


def problems_of_posted(posted: Posted, waiting: Sequence[str]) -> tuple[Problem, ...]:
    """What stopped the messages, and how to go on."""
    if posted.stopped is not None:
        return posted.stopped.problems
    if not waiting:
        return ()
    text = msg("{count:message|messages} not sent yet: type dunning-batch resume.", count=len(waiting))
    return (Problem("messages_waiting", text, "error"),)
