"""What the journal knows: its events folded into rows, runs and the history."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dunning_batch.state.journal import Event
from dunning_batch.state.rows import Row, from_json


@dataclass(frozen=True, slots=True)
class PastRow:
    """One row of `Historique`. Cents."""

    run: str
    day: date
    customer: str
    name: str
    piece: str
    before: int
    level: int
    channel: str = ""
    recipient: str = ""
    document: str = ""
    open: int | None = None
    result: str = ""  # a result, or manual, undone, set
    reference: str = ""


@dataclass(slots=True)
class Run:
    """One run as it was planned, and how far it came."""

    name: str
    as_of: date
    total: int
    ledger_end: date | None
    reminders: list[dict[str, Any]]  # id, customer, name, items, document, recipient, channel
    folder_digest: str  # of run.json in the folder, once it bears its name
    digests: dict[str, str]
    delivered: bool = False
    closed: bool = False
    undone: bool = False
    dropped: bool = False


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

    @property
    def unfinished(self) -> Run | None:
        """A run that was planned and not closed."""
        return next((run for run in self.runs.values() if not run.closed and not run.dropped), None)

    @property
    def last_run(self) -> Run | None:
        """The last run that delivered something and was not undone."""
        return next(
            (run for run in reversed(self.runs.values()) if run.delivered and run.reminders and not run.undone), None
        )

    @property
    def is_empty(self) -> bool:
        """Nothing was ever recorded."""
        return not self.rows and not self.runs


def fold(events: Iterable[Event]) -> Memory:
    """The events, one after the other."""
    memory = Memory()
    for event in events:
        step = _STEPS.get(event.kind)
        if step:
            step(memory, event)
        memory.events = event.number
    return memory


def _take_rows(memory: Memory, event: Event) -> None:
    body = event.body
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
        body["reminders"], body["folder_digest"], body["digests"],
    )  # fmt: skip


def _delivered(memory: Memory, event: Event) -> None:
    run = memory.runs[event.body["run"]]
    run.delivered = True
    results = {one["id"]: one for one in event.body["outcomes"]}
    for reminder in run.reminders:
        outcome = results[reminder["id"]]
        memory.past += [_past_row(run, reminder, item, outcome) for item in reminder["items"]]
    _take_rows(memory, event)


def _past_row(run: Run, reminder: dict[str, Any], item: dict[str, Any], outcome: dict[str, Any]) -> PastRow:
    raised = outcome["result"] == "delivered"
    return PastRow(
        run.name, run.as_of, reminder["customer"], reminder["name"], item["piece"], item["before"],
        item["level"] if raised else item["before"], reminder["channel"], reminder["recipient"],
        outcome.get("document", ""), item["open"], outcome["result"], outcome.get("reference", ""),
    )  # fmt: skip


def _changed(result: str) -> Any:  # noqa: ANN401 - a step
    """A step that changes rows without a reminder: by hand, by `levels set`, by `undo`."""

    def step(memory: Memory, event: Event) -> None:
        day = date.fromisoformat(event.body["day"])
        for found in event.body["changes"]:
            memory.past.append(PastRow(
                event.body.get("run", ""), day, found["customer"], found["name"], found["piece"], found["before"],
                found["level"], open=found.get("open"), result=result, reference=found.get("what", ""),
            ))  # fmt: skip
        _take_rows(memory, event)

    return step


def _undone(memory: Memory, event: Event) -> None:
    memory.runs[event.body["run"]].undone = True
    _changed("undone")(memory, event)


def _rows(memory: Memory, event: Event) -> None:
    _take_rows(memory, event)


def _written(memory: Memory, event: Event) -> None:
    memory.mark, memory.workbook = event.body["mark"], event.body["sha256"]


def _closed(memory: Memory, event: Event) -> None:
    memory.runs[event.body["run"]].closed = True


def _dropped(memory: Memory, event: Event) -> None:
    memory.runs[event.body["run"]].dropped = True


def _skipped(memory: Memory, event: Event) -> None:
    """A run that goes on without some of its reminders, and with a folder made anew."""
    run = memory.runs[event.body["run"]]
    gone = set(event.body["skipped"])
    memory.runs[run.name] = replace(
        run,
        reminders=[one for one in run.reminders if one["id"] not in gone],
        folder_digest=event.body["folder_digest"],
    )


_STEPS = {
    "planned": _planned,
    "skipped": _skipped,
    "delivered": _delivered,
    "rows": _rows,
    "manual": _changed("manual"),
    "set": _changed("set"),
    "undone": _undone,
    "written": _written,
    "closed": _closed,
    "dropped": _dropped,
}
