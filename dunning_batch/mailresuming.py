"""What is left of a run that sends e-mails: what waits is sent, what is uncertain a person settles (84 to 87, 96).

The journal knows each message (`waiting`, in flight, outcome). What waits leaves as it was written, less what was paid,
credited, held or given another address since (delivery model, 9 and 10).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dunning_batch.batch import reminders_of
from dunning_batch.core.reminders import Outcome, Reminder, Result
from dunning_batch.delivering import Done, Outgoing
from dunning_batch.errors import ExitCode, Problem, UsageError, msg, worst
from dunning_batch.language import language
from dunning_batch.mailing import Mail, Posted, Watch
from dunning_batch.mailoutcomes import code_of_posted, left_at, problems_of_posted, uncertain, undelivered
from dunning_batch.publishing import forget_beside, publish_levels
from dunning_batch.reports.later import Later
from dunning_batch.reports.record import Record
from dunning_batch.retelling import retell
from dunning_batch.situation import Situation, record_of
from dunning_batch.state.advancing import changed_rows, raised_later
from dunning_batch.state.journal import Body
from dunning_batch.state.past import Run
from dunning_batch.state.undoing import kept_problems

ALL = "all"


@dataclass(frozen=True, slots=True)
class Orders:
    """What a person says of what is left of a run."""

    drop: bool = False  # give up what waits or is uncertain
    resend: tuple[str, ...] = ()  # uncertain: send again; ids, Message-IDs or customers, or `all`
    assume_sent: tuple[str, ...] = ()  # uncertain: it arrived

    def chosen(self, run: Run) -> tuple[frozenset[str], frozenset[str]]:
        """The reminders to send again, and those that count as delivered. Raises UsageError for one not uncertain."""
        again, arrived = _named(self.resend, run), _named(self.assume_sent, run)
        if again & arrived:
            text = msg("The same reminder cannot be sent again and assumed to be sent.")
            raise UsageError(Problem("contradicting_orders", text, "error"))
        return again, arrived


def _named(names: Iterable[str], run: Run) -> frozenset[str]:
    """The uncertain reminders that somebody means."""
    found: set[str] = set()
    doubtful = {one["id"]: one for one in run.reminders if one["id"] in run.uncertain}
    for name in names:
        meant = {
            identity
            for identity, one in doubtful.items()
            if name in (ALL, identity, one["customer"], run.messages[identity]["message_id"])
        }
        if not meant and name != ALL:
            text = msg("{name} is no uncertain reminder of the run {run}. Uncertain are: {known}.", name=name,
                       run=run.name, known=", ".join(one["customer"] for one in doubtful.values()) or "-")  # fmt: skip
            raise UsageError(Problem("not_uncertain", text, "error"))
        found |= meant
    return frozenset(found)


@dataclass(slots=True)
class _Settled:
    """What is known now of reminders, to be recorded."""

    results: dict[str, Result] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def settle_mail(situation: Situation, run: Run, folder: Path, orders: Orders, watch: Watch) -> Done:
    """Send what waits and what is ordered, record what is known, and close the run if nothing is left open.

    Args:
        situation: Looked at afresh, after what the run had delivered was recorded.
        run: As the journal has it then.
        folder: The run's.
        orders: What a person said.
        watch: Sees messages leave.

    Raises:
        UsageError: an order names what is not uncertain.
        ServerError: the server cannot be used; nothing changed.
        OutputError: something cannot be written.
    """
    again, arrived = orders.chosen(run)
    planned = {one["id"]: one for one in run.reminders}
    settled = _Settled()
    settled.results |= dict.fromkeys(arrived, "delivered")
    waiting = list(run.waiting)
    if orders.drop:
        given_up = [*waiting, *(one for one in run.uncertain if one not in again | arrived)]
        settled.results |= dict.fromkeys(given_up, "skipped")
        waiting = []
    going = _still_due(situation, run, folder, [*waiting, *again], settled)
    posted = _post(situation, run, going, watch)
    left = tuple(one for one in going if one not in posted.attempts and one not in again)
    _take(situation, run, posted, settled)
    _record(situation, run, planned, settled)
    _tell(situation, run, folder, settled)
    return _closed(situation, run, folder, settled, posted, left)


def _still_due(situation: Situation, run: Run, folder: Path, wanted: Iterable[str], settled: _Settled) -> list[str]:
    """Those whose items, amounts and addresses are what they were; the others are withdrawn (fault 97)."""
    now = {one.id: one for one in reminders_of(situation)}
    mail = Mail(situation.settings, run.name, folder, run.messages)
    planned = {one["id"]: one for one in run.reminders}
    going = []
    for identity in wanted:
        if _same_address(now.get(identity), run.messages[identity]) and unchanged(now.get(identity), planned[identity]):
            if mail.is_whole(identity):
                going.append(identity)
                continue
            settled.problems.append(_not_whole(planned[identity]))
        else:
            settled.problems.append(withdrawn(planned[identity]))
        settled.results[identity] = "skipped"
    return going


def _same_address(reminder: Reminder | None, message: Mapping[str, Any]) -> bool:
    if reminder is None or reminder.channel != "email":
        return False
    return bool(list(reminder.customer.emails) == message["recipients"])


def unchanged(reminder: Reminder | None, planned: Body) -> bool:
    """The same items, asked for the same amounts, at the level where they stood."""
    if reminder is None:
        return False
    before = {item["key"]: (item["asked"], item["before"]) for item in planned["items"]}
    decisions = [one.decision for one in reminder.items]
    return before == {one.history.key: (one.asked, one.history.last_level) for one in decisions}


def withdrawn(planned: Body) -> Problem:
    """A reminder that is no longer due as it was written."""
    text = msg(
        "The reminder to {name} is withdrawn: its items were paid, credited, held or changed since. The next run "
        "decides.",
        name=planned["name"],
    )
    return Problem("reminder_withdrawn", text, "warning", customer=planned["customer"])


def _not_whole(planned: Body) -> Problem:
    text = msg(
        "The message to {name} is no longer what was written, and is not sent. The next run decides.",
        name=planned["name"],
    )
    return Problem("message_withdrawn", text, "warning", customer=planned["customer"])


def _post(situation: Situation, run: Run, going: list[str], watch: Watch) -> Posted:
    """Send the stored messages. Raises ServerError before the first."""
    if not going:
        return Posted()
    outgoing = Outgoing(situation, run.name, watch, mails=True)
    with outgoing.ready(run.messages) as sending:
        return sending.send(going) if sending else Posted()


def _take(situation: Situation, run: Run, posted: Posted, settled: _Settled) -> None:
    spoken = language(situation.settings.language)
    planned = {one["id"]: one for one in run.reminders}
    for identity, attempt in posted.attempts.items():
        one = planned[identity]
        settled.results[identity] = attempt.result
        settled.reasons[identity] = spoken.message(attempt.error) if attempt.error else ""
        if attempt.result == "uncertain":
            settled.problems.append(_uncertain(situation, run, one))
        elif attempt.result != "delivered":
            settled.problems.append(undelivered(one["name"], one["customer"], attempt))


def _record(situation: Situation, run: Run, planned: Mapping[str, Body], settled: _Settled) -> None:
    """What is known now, with the levels that follow."""
    if not settled.results:
        return
    outcomes = [
        {"id": one, "document": planned[one]["document"], "result": result,
         "reference": run.messages[one]["message_id"]}
        for one, result in settled.results.items()
    ]  # fmt: skip
    delivered = [planned[one] for one, result in settled.results.items() if result == "delivered"]
    raised, kept = raised_later(delivered, situation.reconciled.rows)
    settled.problems += kept_problems(kept)
    rows = changed_rows(situation.memory.rows, situation.rows_after(raised, run.reminders))
    situation.journal.append(("delivered", {"run": run.name, "outcomes": outcomes, **rows}))


def _tell(situation: Situation, run: Run, folder: Path, settled: _Settled) -> None:
    """The run's own report, with what is known of every message; what was taken away is not made anew."""
    known: dict[str, Result] = {**{one: _result(result) for one, result in run.results.items()}, **settled.results}
    later = {
        one["document"]: Later(known[one["id"]], settled.reasons.get(one["id"]) or _reason(run, one["id"], known))
        for one in run.reminders
        if one["document"] and one["id"] in run.messages and one["id"] in known
    }
    retell(folder, later, settled.problems, language(situation.settings.language))


def _reason(run: Run, reminder: str, known: Mapping[str, Result]) -> str:
    """Why a message did not arrive, as the journal has it, unless it has arrived since."""
    body = run.mailed.get(reminder, {})
    return str(body.get("reason", "")) if body.get("result") == known[reminder] else ""


def _uncertain(situation: Situation, run: Run, planned: Body) -> Problem:
    message_id = run.messages[planned["id"]]["message_id"]
    return uncertain(planned["name"], planned["customer"], message_id, left_at(situation.journal, planned["id"]))


def _result(word: str) -> Result:
    found: Mapping[str, Result] = {
        "delivered": "delivered", "refused": "refused", "failed": "failed", "uncertain": "uncertain",
    }  # fmt: skip
    return found.get(word, "skipped")


def _closed(
    situation: Situation, run: Run, folder: Path, settled: _Settled, posted: Posted, left: tuple[str, ...]
) -> Done:
    """Put the levels workbook in place; close the run unless something waits or is uncertain."""
    open_ = [one for one in run.uncertain if settled.results.get(one, "uncertain") == "uncertain"]
    open_ += [one for one, result in settled.results.items() if result == "uncertain" and one not in open_]
    planned = {one["id"]: one for one in run.reminders}
    listed = [
        _uncertain(situation, run, planned[one])
        for one in open_
        if one not in posted.attempts
    ]
    problems = (*listed, *settled.problems, *problems_of_posted(posted, left))
    codes = [code_of_posted(posted, left), *([ExitCode.UNCERTAIN] if open_ else []), *_undelivered(settled)]
    record = _record_of(situation, run, settled, open_)
    trouble = publish_levels(situation.settings, situation.journal, situation.reconciled, run.name)
    if trouble:
        return Done(record, folder, worst((*codes, ExitCode.OUTPUT)), (*problems, trouble))
    if not open_ and not left:
        situation.journal.append(("closed", {"run": run.name}))
        forget_beside(situation.settings, run.name)
    return Done(record, folder, worst(codes), problems)


def _record_of(situation: Situation, run: Run, settled: _Settled, doubtful: Iterable[str]) -> Record:
    """What is told of the reminders that were settled now, or are uncertain; those not due any more are problems."""
    results: dict[str, Result] = {**dict.fromkeys(doubtful, "uncertain"), **settled.results}
    planned = {one["id"]: one for one in run.reminders}
    pairs = [
        (reminder, Outcome(reminder.id, results[reminder.id], planned[reminder.id]["document"],
                           planned[reminder.id]["recipient"], run.messages[reminder.id]["message_id"]))
        for reminder in reminders_of(situation)
        if reminder.id in results
    ]  # fmt: skip
    found = record_of(situation)
    problems = (*found.problems, *settled.problems)
    reminders, outcomes = (tuple(part) for part in zip(*pairs, strict=True)) if pairs else ((), ())
    return replace(found, run=run.name, reminders=reminders, outcomes=outcomes, problems=problems)


def _undelivered(settled: _Settled) -> Iterator[ExitCode]:
    if any(result in ("refused", "failed") for result in settled.results.values()):
        yield ExitCode.UNDELIVERED
