"""What the journal knows: its events folded into rows, runs and the history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from dunning_batch.errors import Problem, Source, StateError, msg
from dunning_batch.state.journal import Body, Event
from dunning_batch.state.past import PastRow, Run
from dunning_batch.state.rows import Row, from_json


@dataclass(slots=True)
class Memory:
    """Everything that the journal holds."""

    rows: dict[str, Row] = field(default_factory=dict)  # by key, open ones and settled ones
    runs: dict[str, Run] = field(default_factory=dict)
    past: list[PastRow] = field(default_factory=list)
    mark: int = 0  # number of the event after which the levels workbook was last written
    workbook: str = ""  # sha256 of it
    events: int = 0  # how many the journal has
    changed: int = 0  # number of the event that last changed a row
    as_of: date | None = None  # the day for which the rows were last worked out
    creditors: set[str] = field(default_factory=set)  # the SIREN, and the name before there was one
    spent: set[str] = field(default_factory=set)  # reminders never sent again without a person's order (I2)
    unknown_addresses: set[tuple[str, str]] = field(default_factory=set)  # customer, address: refused for good (81)
    notices: set[str] = field(default_factory=set)  # delivery notices that were taken: each counts once
    unwritten: list[Event] = field(default_factory=list)  # undone and bounced since the workbook was written

    @property
    def unfinished(self) -> Run | None:
        """A run that was planned and not closed."""
        return next((run for run in self.runs.values() if not run.closed and not run.dropped), None)

    @property
    def last_run(self) -> Run | None:
        """The last run that delivered something and was not undone."""
        return next((run for run in reversed(self.runs.values()) if run.delivered_ids and not run.undone), None)

    @property
    def is_empty(self) -> bool:
        """Nothing was ever recorded."""
        return not self.rows and not self.runs

    @property
    def cut_undo(self) -> Event | None:
        """An `undo` that the journal has and the levels workbook has not."""
        return next((event for event in reversed(self.unwritten) if event.kind == "undone"), None)

    @property
    def is_published(self) -> bool:
        """The levels workbook was written after the last change of a row."""
        return self.mark >= self.changed


def fold(events: Iterable[Event]) -> Memory:
    """The events, one after the other. Raises StateError where one is of a kind that only a newer program knows."""
    memory = Memory()
    for event in events:
        take(memory, event)
    return memory


def take(memory: Memory, event: Event) -> None:
    """One event more. Raises StateError where it is of a kind that only a newer program knows."""
    step = _STEPS.get(event.kind)
    if step is None:
        text = msg("The journal was written by a newer version of dunning-batch: update the program.")
        raise StateError(Problem("journal_newer", text, "error", Source("journal.sqlite")))
    memory.creditors.update([event.body["creditor"]] if "creditor" in event.body else [])
    step(memory, event)
    if event.kind in _TOLD:
        memory.unwritten.append(event)
    memory.events = event.number


def _take_rows(memory: Memory, event: Event) -> None:
    body = event.body
    if body.get("as_of"):
        memory.as_of = date.fromisoformat(body["as_of"])
    if body.get("rows") or body.get("gone"):
        memory.changed = event.number
    for found in body.get("rows", ()):
        row = from_json(found)
        memory.rows[row.key] = row
    for key in body.get("gone", ()):
        memory.rows.pop(key, None)


def _planned(memory: Memory, event: Event) -> None:
    body = event.body
    end = body.get("ledger_end")
    memory.runs[body["run"]] = Run(
        body["run"], date.fromisoformat(body["as_of"]), body["total"], date.fromisoformat(end) if end else None,
        body["reminders"], body["folder_digest"], body["digests"], by=body.get("by", "zip"),
        filters=body.get("filters", {}), messages=body.get("messages", {}),
    )  # fmt: skip


def _delivered(memory: Memory, event: Event) -> None:
    """What became of the reminders, or of those of which it is known now: messages may follow."""
    run = memory.runs[event.body["run"]]
    run.delivered = True
    memory.as_of = run.as_of
    results = {one["id"]: one for one in event.body["outcomes"]}
    for reminder in run.reminders:
        outcome = results.get(reminder["id"])
        if outcome is None:
            continue
        run.results[reminder["id"]] = outcome["result"]
        run.sending.discard(reminder["id"])
        _spend(memory, reminder["id"], outcome["result"])
        memory.past += _past_rows(run, reminder, outcome)
    _take_rows(memory, event)


def _spend(memory: Memory, reminder: str, result: str) -> None:
    """What may have arrived is never sent again but on a person's order (I2)."""
    if result in _SENT:
        memory.spent.add(reminder)
    else:
        memory.spent.discard(reminder)


def _placed(memory: Memory, event: Event) -> None:
    memory.runs[event.body["run"]].placed = True


def _sending(memory: Memory, event: Event) -> None:
    """A message is about to leave: from here on nobody knows, until `sent` says."""
    run, reminder = memory.runs[event.body["run"]], event.body["id"]
    run.sending.add(reminder)
    run.mailed.pop(reminder, None)
    run.results.pop(reminder, None)
    memory.spent.add(reminder)


def _sent(memory: Memory, event: Event) -> None:
    run, reminder, result = memory.runs[event.body["run"]], event.body["id"], event.body["result"]
    run.sending.discard(reminder)
    _spend(memory, reminder, result)
    if result != "waiting":  # certainly not sent, and still to be
        run.mailed[reminder] = event.body
    for address in event.body.get("unknown", ()):
        memory.unknown_addresses.add((event.body["customer"], address))


def _past_rows(run: Run, reminder: Body, outcome: Body) -> Iterable[PastRow]:
    for item in reminder["items"]:
        yield PastRow(
            run.name, run.as_of, reminder["customer"], reminder["name"], item["piece"], item["before"],
            item["level"] if outcome["result"] == "delivered" else item["before"], reminder["channel"],
            reminder["recipient"], outcome.get("document", ""), item["open"], outcome["result"],
            outcome.get("reference", ""),
        )  # fmt: skip


def _changed(result: str) -> Callable[[Memory, Event], None]:
    """A step that changes rows without a reminder: by hand, by `levels set`, by `undo`."""

    def step(memory: Memory, event: Event) -> None:
        day = date.fromisoformat(event.body["day"])
        for found in event.body["changes"]:
            memory.past.append(PastRow(
                event.body.get("run", ""), day, found["customer"], found["name"], found["piece"], found["before"],
                found["level"], open=found.get("open"), result=result, what=tuple(found.get("what", {}).items()),
            ))  # fmt: skip
        _free(memory, {one["key"] for one in event.body["changes"] if result == "set" or one["level"] != one["before"]})
        _take_rows(memory, event)

    return step


def _free(memory: Memory, keys: set[str]) -> None:
    """A level set by a person is an order: what was sent at that level may be sent anew."""
    for run in memory.runs.values() if keys else ():
        memory.spent -= {one["id"] for one in run.reminders if any(item["key"] in keys for item in one["items"])}


def _undone(memory: Memory, event: Event) -> None:
    run = memory.runs[event.body["run"]]
    run.undone = True
    memory.spent -= run.delivered_ids
    _changed("undone")(memory, event)


def _bounced(memory: Memory, event: Event) -> None:
    """A delivery notice: these addresses never got the message; where nobody else did, it counts as not sent."""
    body = event.body
    run, reminder = memory.runs[body["run"]], body["id"]
    memory.notices.add(body["notice"])
    run.lost.setdefault(reminder, set()).update(body["addresses"])
    memory.unknown_addresses.update((body["customer"], address) for address in body["addresses"])
    if not body["refused"]:
        return
    run.results[reminder] = "refused"
    memory.spent.discard(reminder)
    day = date.fromisoformat(body["day"])
    for found in body["changes"]:
        memory.past.append(PastRow(
            run.name, day, found["customer"], found["name"], found["piece"], found["before"], found["level"],
            body["channel"], ", ".join(body["addresses"]), body["document"], found["open"], "refused",
            body["reference"],
        ))  # fmt: skip
    memory.changed = event.number
    _take_rows(memory, event)


def _written(memory: Memory, event: Event) -> None:
    memory.mark, memory.workbook = event.body["mark"], event.body["sha256"]
    memory.unwritten.clear()


def _closed(memory: Memory, event: Event) -> None:
    memory.runs[event.body["run"]].closed = True


def _dropped(memory: Memory, event: Event) -> None:
    memory.runs[event.body["run"]].dropped = True


def _skipped(memory: Memory, event: Event) -> None:
    """A run that goes on without some of its reminders (fault 97), and with a folder made anew."""
    run, gone = memory.runs[event.body["run"]], set(event.body["skipped"])
    run.folder_digest = event.body["folder_digest"]
    run.messages = event.body.get("messages", {})
    for reminder in run.reminders:
        if reminder["id"] in gone:
            run.results[reminder["id"]] = "skipped"
            memory.past += _past_rows(run, reminder, {"result": "skipped"})
    run.reminders = [one for one in run.reminders if one["id"] not in gone]


def take_numbers(memory: Memory, run: str, numbers: Mapping[str, str]) -> None:
    """The numbers of registered letters, by document, become their references."""
    memory.past = [
        replace(row, reference=numbers[row.document]) if row.run == run and row.document in numbers else row
        for row in memory.past
    ]


def _registered(memory: Memory, event: Event) -> None:
    take_numbers(memory, event.body["run"], event.body["numbers"])


_TOLD = ("undone", "bounced")  # steps that a command ends with a new workbook, or was cut
_SENT = ("delivered", "uncertain")  # results after which nobody knows but that it arrived
_STEPS: dict[str, Callable[[Memory, Event], None]] = {
    "opened": lambda _memory, _event: None,
    "planned": _planned,
    "skipped": _skipped,
    "placed": _placed,
    "sending": _sending,
    "sent": _sent,
    "delivered": _delivered,
    "rows": _take_rows,
    "manual": _changed("manual"),
    "set": _changed("set"),
    "registered": _registered,
    "undone": _undone,
    "bounced": _bounced,
    "written": _written,
    "closed": _closed,
    "dropped": _dropped,
}
