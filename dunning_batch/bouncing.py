"""Delivery notices that came back after a run: what they name is refused for good, and its level goes back (81, 82).

Each reminder is found by the Message-ID that it was sent with. All notices of one call are recorded in one step: what
they change is in the journal as a whole, or not at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.core.emailaddress import wire_address
from dunning_batch.delivery.mailbox import mailbox
from dunning_batch.delivery.noticefiles import messages_in
from dunning_batch.delivery.notices import Notice, read_notice
from dunning_batch.delivery.noticetext import Failure, Kind
from dunning_batch.errors import ExitCode, Message, Problem, Severity, msg
from dunning_batch.publishing import REBUILD, catch_up, publish_levels
from dunning_batch.readiness import refuse_lost, refuse_unfinished, refuse_unready_levels
from dunning_batch.recovery import held
from dunning_batch.reports.bounced import Bounced
from dunning_batch.situation import read_state
from dunning_batch.state.advancing import hand_steps, level_change
from dunning_batch.state.journal import Body, Clock, Event
from dunning_batch.state.memory import Memory, take
from dunning_batch.state.past import Run
from dunning_batch.state.rows import Row, to_json
from dunning_batch.state.undoing import never_arrived, raised_by, row_before

Step = tuple[str, Body]
_MAILED = ("email", "drafts")


@dataclass(frozen=True, slots=True)
class Bounces:
    """What notices changed."""

    rows: tuple[Bounced, ...] = ()
    problems: tuple[Problem, ...] = ()
    kinds: Mapping[Kind, int] = field(default_factory=dict)  # what the messages were
    code: int = 0


def take_bounces(settings: Settings, clock: Clock, paths: Iterable[Path]) -> Bounces:
    """Read delivery notices and record what they say.

    Args:
        settings: The dossier's.
        clock: For the rows of the journal.
        paths: Files and folders.

    Raises:
        InputError: a file holds no e-mail; nothing was recorded.
        StateError: a run is unfinished, or the state is not whole.
        OutputError: something cannot be written.
    """
    notices = [read_notice(data, source) for source, data in messages_in(paths)]
    kinds = Counter(notice.kind for notice in notices)
    with held(settings, clock) as (journal, memory):
        refuse_unfinished(memory)
        refuse_unready_levels(settings)
        reconciled = read_state(settings, journal, memory)
        refuse_lost(settings, memory, reconciled)
        published = memory.is_published
        taking = _Taking(settings, memory, clock().date())
        for step in hand_steps(reconciled.edits, reconciled.numbers, clock().date()):
            taking.add(step)
        taking.take(notices)
        if not taking.rows:
            if not memory.is_empty and not published:  # an earlier call was cut before it wrote the workbook
                left = catch_up(settings, journal, reconciled)
                return Bounces((), (*taking.problems, *left), kinds, ExitCode.OUTPUT if left else ExitCode.OK)
            return Bounces((), tuple(taking.problems), kinds)
        journal.append(*taking.steps)
        trouble = publish_levels(settings, journal, reconciled, "", REBUILD)
        problems = (*taking.problems, *([trouble] if trouble else []))
        return Bounces(tuple(taking.rows), problems, kinds, ExitCode.OUTPUT if trouble else ExitCode.OK)


@dataclass(frozen=True, slots=True)
class _Named:
    """A reminder that a notice is about."""

    run: Run
    planned: Body

    @property
    def id(self) -> str:
        return str(self.planned["id"])

    @property
    def message_id(self) -> str:
        return str(self.run.messages.get(self.id, {}).get("message_id", ""))

    @property
    def recipients(self) -> tuple[str, ...]:
        message = self.run.messages.get(self.id)
        return tuple(message["recipients"] if message else self.planned["recipient"].split(", "))

    @property
    def gone(self) -> set[str]:
        """Addresses that the server had not taken, or of which an earlier notice told."""
        refused = {address for address, _ in self.run.mailed.get(self.id, {}).get("refused", ())}
        return refused | self.run.lost.get(self.id, set())


class _Taking:
    """Takes notices one after the other, each on what those before it have changed."""

    def __init__(self, settings: Settings, memory: Memory, today: date) -> None:
        self._settings, self._memory, self._today = settings, memory, today
        self._archive = {box.address.casefold() for one in settings.email.bcc if (box := mailbox(one))}
        self._sent = _sent_by(memory)
        self.steps: list[Step] = []
        self.rows: list[Bounced] = []
        self.problems: list[Problem] = []

    def add(self, step: Step) -> None:
        """One step more, known from here on."""
        self.steps.append(step)
        take(self._memory, Event(self._memory.events + 1, *step))

    def take(self, notices: Iterable[Notice]) -> None:
        """The latest reminders first: each level goes back by the reminder that it stands on."""
        named = []
        for notice in notices:
            if notice.kind != "failure":
                loud: Severity = "warning" if notice.kind == "unreadable" else "notice"
                self._say("no_bounce", _no_failure(notice.kind), notice, loud=loud)
            elif (one := self._find(notice)) is None:
                text = msg("It names no reminder of this dossier: it is left.")
                self._say("bounce_of_nothing", text, notice)
            else:
                named.append((notice, one))
        order = {name: place for place, name in enumerate(self._memory.runs)}
        for notice, one in sorted(named, key=lambda pair: -order[pair[1].run.name]):
            self._take(notice, one)

    def _find(self, notice: Notice) -> _Named | None:
        """The reminder of the surest Message-IDs; none where they are of several."""
        for group in notice.originals:
            found = {identity: self._sent[identity] for name in group if (identity := _id_of(name)) in self._sent}
            if found:
                return next(iter(found.values())) if len(found) == 1 else None
        return None

    def _take(self, notice: Notice, one: _Named) -> None:
        customer = one.planned["customer"]
        if notice.identity in self._memory.notices:
            self._say("bounce_known", msg("This notice was taken before."), notice, customer, "notice")
            return
        if one.run.results.get(one.id) != "delivered":
            text = msg("The reminder to {name} counts as not delivered already.", name=one.planned["name"])
            self._say("bounce_known", text, notice, customer, "notice")
            return
        failed = self._failed(notice, one)
        if failed:
            self._record(notice, one, failed)

    def _failed(self, notice: Notice, one: _Named) -> dict[str, str]:
        """The addresses of the reminder that the notice names, each with the reason."""
        customer, ours = one.planned["customer"], {_plain(address): address for address in one.recipients}
        failures = [each for each in notice.failures if not {_plain(each.address), _plain(each.final)} & self._archive]
        if not failures:
            text = msg("It concerns the copy for the archive: nothing changes for the customer.")
            self._say("bounce_of_archive", text, notice, customer)
            return {}
        found = {ours[name]: each.reason for each in failures for name in _names(each) if name in ours}
        before = {_plain(address) for code, address in self._memory.unknown_addresses if code == customer}
        unknown = not any(name in before for each in failures for name in _names(each))
        if not found and len(ours) == 1 and unknown:  # forwarded by its owner's server
            found = {one.recipients[0]: failures[0].reason}
        new = {address: reason for address, reason in found.items() if address not in one.gone}
        if not new:
            text = msg(
                "It names {address}, to which this reminder did not go, or which counts as none already.",
                address=failures[0].address or "-",
            )
            self._say("bounce_of_another_address", text, notice, customer)
        return new

    def _record(self, notice: Notice, one: _Named, failed: Mapping[str, str]) -> None:
        """The step of one notice, and what is told of it."""
        planned, run = one.planned, one.run
        all_gone = set(one.recipients) <= one.gone | failed.keys()
        known = self._memory.rows
        rows = self._rows_back(one) if all_gone and not run.undone else {}
        changes = [
            level_change(known[item["key"]], known[item["key"]].level, rows.get(item["key"], known[item["key"]]).level)
            for item in planned["items"]
            if item["key"] in known
        ]
        self.add(("bounced", {
            "run": run.name, "id": one.id, "customer": planned["customer"], "notice": notice.identity,
            "day": self._today.isoformat(), "addresses": list(failed), "reasons": list(failed.values()),
            "refused": all_gone, "channel": planned["channel"], "document": planned["document"],
            "reference": one.message_id, "changes": changes, "rows": [to_json(row) for row in rows.values()],
        }))  # fmt: skip
        levels = tuple(change["level"] for change in changes)
        self.rows += [
            Bounced(planned["customer"], planned["name"], address, reason, levels, all_gone)
            for address, reason in failed.items()
        ]
        if all_gone:
            self._say_what_stays(notice, one, rows)

    def _rows_back(self, one: _Named) -> dict[str, Row]:
        """The rows of its items that nobody has moved since, as they were before it."""
        never, known = never_arrived(self._memory.runs.values()), self._memory.rows
        return {
            item["key"]: row_before(row, item, self._settings.policy, never)
            for item in one.planned["items"]
            if (row := known.get(item["key"])) is not None and raised_by(item, one.run.as_of, row)
        }

    def _say_what_stays(self, notice: Notice, one: _Named, rows: Mapping[str, Row]) -> None:
        customer, known = one.planned["customer"], self._memory.rows
        if one.run.undone:
            text = msg("The run {run} was undone: the level stays as it is.", run=one.run.name)
            self._say("bounce_of_undone", text, notice, customer)
            return
        for item in one.planned["items"]:
            if item["key"] in known and item["key"] not in rows:
                piece = item["piece"] or item["key"]
                text = msg("The level of {piece} was changed since that run: it stays as it is.", piece=piece)
                self._say("level_kept", text, notice, customer)

    def _say(self, code: str, text: Message, notice: Notice, customer: str = "", loud: Severity = "warning") -> None:
        self.problems.append(Problem(code, text, loud, notice.source, customer))


def _no_failure(kind: Kind) -> Message:
    if kind == "delayed":
        return msg("The delivery is delayed, and still being tried: nothing changes.")
    if kind == "delivered":
        return msg("It says that the message was delivered: nothing changes.")
    if kind == "receipt":
        return msg("This is a receipt of a reader: nothing changes.")
    if kind == "reply":
        return msg("This is an automatic answer, as of somebody who is away: nothing changes.")
    if kind == "unreadable":
        return msg("The message is damaged or nested too deeply to be read: it is left.")
    return msg("This is no delivery notice that the program knows: it is left.")


def _sent_by(memory: Memory) -> dict[str, _Named]:
    """Reminder -> where it last went out by e-mail: sent anew after a notice, it has the same Message-ID."""
    return {
        planned["id"]: _Named(run, planned)
        for run in memory.runs.values()
        for planned in run.reminders
        if planned["channel"] in _MAILED and planned["id"] in run.results
    }


def _id_of(message_id: str) -> str:
    """The reminder whose Message-ID this would be (delivery/message.py)."""
    return message_id.strip("<>").rpartition("@")[0]


def _names(failure: Failure) -> Iterator[str]:
    """The address as sent to; only where a notice does not name it, the one it came to in the end."""
    yield _plain(failure.address)
    if failure.final != failure.address:
        yield _plain(failure.final)


def _plain(address: str) -> str:
    return (wire_address(address) if "@" in address else address).casefold()
