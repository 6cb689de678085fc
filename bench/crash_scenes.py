"""What is killed: commands on invented dossiers, each from a state that an undisturbed month has left.

Seven customers over two months. LEROY's address is unknown to the server, PETIT has none, GARNIER pays in March,
DUPONT gets two letters then, MARTIN is asked for two invoices, and somebody has written into the levels workbook.
"""

import email
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import openpyxl

from bench.crash_victim import Call
from dunning_batch.state.journal import Journal
from dunning_batch.state.memory import Memory, fold
from tests.delivery import notices
from tests.delivery.mailserver import MailServer, Stored
from tests.dossiers import Dossier, clock, fec_bytes
from tests.faults.mailed import dossier

FEBRUARY = """
jnl | date | customer | piece | debit | credit | let | counter
VE | 2026-01-05 | DUPONT  | F-DUPONT  | 100.00 | | | 707
VE | 2026-01-06 | MARTIN  | F-MARTIN1 | 200.00 | | | 707
VE | 2026-01-07 | MARTIN  | F-MARTIN2 | 300.00 | | | 707
VE | 2026-01-08 | ROUX    | F-ROUX    | 150.00 | | | 707
VE | 2026-01-09 | GARNIER | F-GARNIER | 80.00  | | {paid} | 707
VE | 2026-01-10 | LEROY   | F-LEROY   | 60.00  | | | 707
VE | 2026-01-11 | PETIT   | F-PETIT   | 70.00  | | | 707
BQ | 2026-02-20 | FERRAND | V-1       | | 10.00  | | 512
"""
MARCH = """
VE | 2026-02-10 | DUPONT  | F-DUPONT2 | 120.00 | | | 707
BQ | 2026-03-10 | GARNIER | V-2       | | 80.00  | A | 512
"""
CUSTOMERS = ("DUPONT", "MARTIN", "ROUX", "GARNIER", "LEROY")
UNKNOWN = "leroy"
BY = {"zip": "zip", "drafts": "drafts", "email": "auto"}
RUN, RUN_BEFORE = "2026-03-20-01", "2026-02-28-01"
DONE, UNCERTAIN, CONFLICT = (0, 5), 8, 6


def run_of(way: str, day: str = "2026-03-20") -> str:
    return f"run --by {BY[way]} --yes --as-of {day}"


@dataclass(frozen=True)
class Called:
    """What a command left."""

    code: int
    said: str
    steps: tuple[str, ...]

    @property
    def killed(self) -> bool:
        """It did not end by itself."""
        return self.code == -signal.SIGKILL


@dataclass
class Case:
    """A dossier that is killed and recovered."""

    bench: "Bench"
    one: Dossier
    defect: str = ""
    orders: dict[str, int] = field(default_factory=dict)  # Message-ID -> how often a person had it sent again
    dropped: bool = False  # a person gave up the rest of the run

    def call(self, command: str, kill_at: int = 0) -> Called:
        """A command, killed before that step; 0: never."""
        return self.bench.call(self.one.root, command, kill_at, self.defect)

    def must(self, command: str, *codes: int) -> Called:
        """Raises LookupError where the command ends otherwise."""
        done = self.call(command)
        if done.code not in codes:
            raise LookupError(f"`{command}` ends with {done.code}: {done.said.strip()[-300:]}")
        return done

    @property
    def journal(self) -> Path:
        """Its file."""
        return self.one.root / "output/journal.sqlite"

    def memory(self) -> Memory:
        """What the journal knows, read by the program as it is, without a defect."""
        return fold(Journal(self.journal, "123456782", clock).events)

    @property
    def stored(self) -> list[Stored]:
        """What the server took."""
        return self.bench.server.messages


def message_id(stored: Stored) -> str:
    return str(email.message_from_bytes(stored.data)["Message-ID"])


class Bench:
    """A mail server, a folder, and the states that scenes begin with, each made once."""

    def __init__(self, server: MailServer, folder: Path, victims: subprocess.Popen[str]) -> None:
        self.server, self._folder, self._victims, self._count = server, folder, victims, 0
        self._states: dict[str, tuple[Path, tuple[Stored, ...]]] = {}

    def call(self, root: Path, command: str, kill_at: int = 0, defect: str = "") -> Called:
        """A command in a process of its own; when this returns, the server has heard all that it said."""
        told = self._folder / "told"
        call = Call(str(root), command.split(), str(told), kill_at, defect)
        self._victims.stdin.write(f"{json.dumps(asdict(call))}\n")
        code = int(self._victims.stdout.readline())
        self.server.settle()
        steps = told.with_name("told.steps").read_text()
        return Called(code, told.read_text(), tuple(steps.splitlines()))

    def steps_of(self, root: Path, command: str) -> tuple[str, ...]:
        """What a command would do, on a copy."""
        copy, stored = root.with_name("steps"), tuple(self.server.messages)
        shutil.copytree(root, copy)
        steps = self.call(copy, command).steps
        shutil.rmtree(copy)
        self.server.messages[:] = stored
        return steps

    @contextmanager
    def case(self, state: str, defect: str = "") -> Iterator[Case]:
        """A dossier in that state, for one use."""
        if state not in self._states:
            self._prepare(state)
        made, stored = self._states[state]
        self._count += 1
        root = self._folder / f"case{self._count}"
        shutil.copytree(made, root)
        self.server.messages[:] = stored
        try:
            yield Case(self, Dossier(root), defect)
        finally:
            shutil.rmtree(root)

    def _prepare(self, state: str) -> None:
        way, name = state.split(".", 1)
        before = STATES[name].before
        root = self._folder / state
        if before:
            with self.case(f"{way}.{before}") as case:
                STATES[name].make(case, way)
                shutil.copytree(case.one.root, root)
                stored = tuple(self.server.messages)
        else:
            root.mkdir()
            self.server.messages.clear()
            STATES[name].make(Case(self, Dossier(root)), way)
            stored = tuple(self.server.messages)
        self._states[state] = root, stored


@contextmanager
def open_bench(folder: str | None = None) -> Iterator[Bench]:
    """In a folder of that one: a memory disk is ten times as quick, and forgets nothing of a process that was killed."""
    replies = {"RCPT": lambda line: "550 5.1.1 user unknown" if UNKNOWN in line else None}
    victims = subprocess.Popen(
        [sys.executable, "-m", "bench.crash_victim"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )  # fmt: skip
    with (
        victims,
        MailServer(replies=replies) as server,
        tempfile.TemporaryDirectory(prefix="crash-", dir=folder) as root,
    ):
        try:
            yield Bench(server, Path(root).resolve(), victims)
        finally:
            victims.stdin.close()


@dataclass(frozen=True)
class State:
    """What stands before a command is killed."""

    before: str  # the state that it is made from; empty: nothing
    make: Callable[[Case, str], None]


def _new(case: Case, way: str) -> None:
    made = dossier(case.one.root, case.bench.server, *CUSTOMERS)
    made.fec(FEBRUARY.format(paid=""))
    people = case.one.root / "input/customers.csv"
    people.write_text(people.read_text() + "PETIT;Petit;;1 rue Un;75001;Paris\n")


def _february(case: Case, way: str) -> None:
    """A month that was done; then people pay, and somebody writes into the workbook."""
    case.must(run_of(way, "2026-02-28"), *DONE)
    case.one.write("input/123456782FEC20261231.txt", fec_bytes(FEBRUARY.format(paid="A") + MARCH.lstrip()))
    path = case.one.root / "output/levels.xlsx"
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[0].iter_rows())
    head = next(row for row in rows if row[0].value == "Customer")
    place = {cell.value: number for number, cell in enumerate(head)}
    (petit,) = [row for row in rows if row[place["Piece"]].value == "F-PETIT"]
    petit[place["Level"]].value, petit[place["Note"]].value = 2, "called"
    book.save(path)


def _march(case: Case, way: str) -> None:
    case.must(run_of(way), *DONE)


def _ticked(case: Case, way: str) -> None:
    """A plan with one invoice of two unticked, and one level raised."""
    case.must("plan --as-of 2026-03-20", 0)
    path = case.one.root / "output/plan-2026-03-20.xlsx"
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[0].iter_rows())
    head = next(row for row in rows if "Piece" in [cell.value for cell in row])
    place = {cell.value: number for number, cell in enumerate(head)}
    piece = {row[place["Piece"]].value: row for row in rows}
    piece["F-MARTIN2"][0].value = "no"
    piece["F-ROUX"][place["Next level"]].value = 3
    book.save(path)


def _cut(step: str, count: int = 1, then: str = "") -> Callable[[Case, str], None]:
    """A run that was killed before the n-th step of that name, and what was typed after it."""

    def make(case: Case, way: str) -> None:
        names = case.bench.steps_of(case.one.root, run_of(way))
        number = [place for place, name in enumerate(names, 1) if name == step][count - 1]
        assert case.call(run_of(way), number).killed
        if then:
            case.must(then, UNCERTAIN)

    return make


def _noticed(case: Case, way: str) -> None:
    """Notices that came back after March: of the second letter to ROUX, and of both to DUPONT."""
    case.must(run_of(way), *DONE)
    (run,) = [run for name, run in case.memory().runs.items() if name == RUN]
    named = [one for one in run.reminders if one["customer"] in ("DUPONT", "ROUX")]
    for number, one in enumerate(named):
        found = notices.postfix(one["recipient"], f"<{one['id']}@atelier-exemple.fr>", f"<n{number}@mx.example>")
        case.one.write(f"notices/{number}.eml", found)


STATES = {
    "new": State("", _new),
    "february": State("new", _february),
    "march": State("february", _march),
    "ticked": State("february", _ticked),
    "planned": State("february", _cut(f"rename output/.work-{RUN}")),
    "placed": State("february", _cut("commit delivered")),
    "in-flight": State("february", _cut("wait for the reply to dot", 2)),
    "not-said": State("february", _cut("say dot", 2)),
    "arrived": State("february", _cut("wait for the reply to dot", 2, "resume")),
    "lost": State("february", _cut("say dot", 2, "resume")),
    "noticed": State("february", _noticed),
}


@dataclass(frozen=True)
class Scene:
    """A command that is killed at each of its steps, and what an undisturbed month would be."""

    way: str
    name: str
    state: str
    command: str
    repeat: bool = True  # it is typed once more in the end, in the undisturbed month too
    calm: tuple[str, str] = ("", "")  # state and command of the undisturbed month, where they are others

    @property
    def title(self) -> str:
        """By which it is chosen."""
        return f"{self.way}/{self.name}"

    @property
    def undisturbed(self) -> tuple[str, str]:
        """State and command of the month to compare with."""
        state, command = self.calm
        return f"{self.way}.{state or self.state}", command or self.command


def _scenes(way: str) -> Iterator[Scene]:
    run = run_of(way)
    calm = ("february", run)
    yield Scene(way, "first", "new", run_of(way, "2026-02-28"))
    yield Scene(way, "next", "february", run)
    if way != "drafts":
        yield Scene(way, "ticked", "ticked", f"{run} --selection output/plan-2026-03-20.xlsx", repeat=False)
    if way == "zip":
        narrow = f"{run} --exclude-customer ROUX --due-to 2026-02-20 --limit 3"
        yield Scene(way, "some", "february", narrow, repeat=False)
    yield Scene(way, "resume-planned", "planned", "resume", calm=calm)
    if way == "email":
        yield Scene(way, "resume-in-flight", "in-flight", "resume", calm=calm)
        yield Scene(way, "assume-sent", "arrived", "resume --assume-sent all", calm=calm)
        yield Scene(way, "resend", "lost", "resume --resend all", calm=calm)
        yield Scene(way, "drop", "not-said", "resume --drop", calm=calm)
    else:
        yield Scene(way, "resume-placed", "placed", "resume", calm=calm)
    yield Scene(way, "undo", "march", "undo", repeat=False)
    if way != "zip":
        yield Scene(way, "bounces", "noticed", "bounces notices")


SCENES = {scene.title: scene for way in BY for scene in _scenes(way)}
