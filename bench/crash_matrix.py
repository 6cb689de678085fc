"""Kills `run` and `resume` at every step and recovers: no letter twice without a person's order, none lost.

    python bench/crash_matrix.py                    # every step of zip, drafts and e-mail: some twenty minutes
    python bench/crash_matrix.py --stride 5         # every fifth step
    python bench/crash_matrix.py --way email --defect late

A step is a file opened for writing, a rename, a removal, a folder made, a COMMIT, a connection, something said to the
mail server. The process is killed (SIGKILL) before the n-th, for n = 1, 2, ... until a run ends; every second time the
`resume` that follows is killed too. A person then answers for what is uncertain by looking at the server. In the end the
levels, the letters and the messages at the server must be those of an undisturbed run. `--defect late` plants one:
`sending` is not recorded before DATA, and duplicates are found.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.delivery.mailserver import MailServer  # noqa: E402
from tests.dossiers import Dossier  # noqa: E402
from tests.faults.invariants import levels  # noqa: E402
from tests.faults.mailed import dossier  # noqa: E402

KILLER = """
import os, signal, sqlite3, sys
at, inside, left = int(os.environ["KILL_AT"]), os.environ["KILL_IN"], 0

def step():
    global left
    left += 1
    if left == at:
        os.kill(os.getpid(), signal.SIGKILL)

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(inside):
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            step()
    elif event in ("os.rename", "os.remove", "os.mkdir", "shutil.rmtree"):
        if os.fsdecode(os.path.abspath(arguments[0])).startswith(inside):
            step()
    elif event in ("socket.connect", "smtplib.send"):
        step()

def connect(*arguments, connect=sqlite3.connect, **named):
    found = connect(*arguments, **named)
    found.set_trace_callback(lambda text: step() if text == "COMMIT" else None)
    return found

sqlite3.connect = connect
sys.addaudithook(hook)
DEFECT
from dunning_batch.cli.main import run_command_line
code = int(run_command_line(sys.argv[1:]))
sys.stderr.flush()
os._exit(code)
"""
DEFECTS = {
    "": "",
    "late": "from dunning_batch.mailing import Journaled\nJournaled.begin = lambda *_: None\n",
}
CUSTOMERS = ("DUPONT", "MARTIN", "ROUX")


@dataclass
class Tally:
    """What was found."""

    kills: int = 0
    duplicates: int = 0
    losses: int = 0


@dataclass(frozen=True)
class Case:
    """One dossier that is killed."""

    one: Dossier
    server: MailServer
    way: str
    defect: str

    def call(self, command: str, kill_at: int = 0) -> int:  # noqa: D102
        environment = os.environ | {
            "PYTHONPATH": str(ROOT), "KILL_AT": str(kill_at), "KILL_IN": str(self.one.root),
            "DUNNING_SMTP_PASSWORD": "secret",
        }  # fmt: skip
        killer = KILLER.replace("DEFECT", DEFECTS[self.defect])
        done = subprocess.run([sys.executable, "-c", killer, "--lang", "en", *command.split()], cwd=self.one.root,
                              env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False)  # fmt: skip
        if done.returncode == 1:
            sys.exit(f"{command}, killed before step {kill_at}: {done.stderr.decode()}")
        return done.returncode

    @property
    def run(self) -> str:  # noqa: D102
        return f"run --by {self.way} --yes --as-of 2026-02-28"

    def recover(self) -> None:
        """What a person does: resume, answer by what the server has, run again."""
        if self.call("resume") == 8:
            arrived = {address.split("@")[1].removesuffix(".fr").upper() for address in self.server.recipients}
            for customer in CUSTOMERS:
                self.call(f"resume --{'assume-sent' if customer in arrived else 'resend'} {customer}")
        self.call(self.run)


@contextmanager
def fresh(way: str, defect: str) -> Iterator[Case]:
    with MailServer() as server:
        folder = Path(tempfile.mkdtemp(prefix="crash-"))
        try:
            yield Case(dossier(folder, server, *CUSTOMERS), server, way, defect)
        finally:
            shutil.rmtree(folder)


def judge(case: Case, tally: Tally, what: str) -> None:
    """Against the undisturbed run: everybody at level 1, one message or letter each."""
    found = levels(case.one)
    expected = {f"F-{customer}": 1 for customer in CUSTOMERS}
    if case.way == "email":
        counted = Counter(address.split("@")[1].removesuffix(".fr").upper() for address in case.server.recipients)
    else:
        pattern = "letters/*.pdf" if case.way == "zip" else "drafts/*.eml"
        counted = Counter(path.name.split("-")[0] for path in case.one.root.glob(f"output/2026*/{pattern}"))
    twice = [customer for customer in CUSTOMERS if counted[customer] > 1]
    lost = [customer for customer in CUSTOMERS if counted[customer] < 1 or found.get(f"F-{customer}") != 1]
    tally.duplicates += len(twice)
    tally.losses += len(lost) or (found != expected)
    if twice or lost or found != expected:
        print(f"{what}: levels {found}, letters {dict(counted)}", flush=True)


def matrix(way: str, steps: tuple[int, int, int], defect: str, tally: Tally) -> None:
    """Kill before the steps from the first to the last, so many apart, or until a run ends."""
    step, last, stride = steps
    while step <= last:
        with fresh(way, defect) as case:
            code = case.call(case.run, step)
            if code != -signal.SIGKILL:
                print(f"{way}: {step - 1} steps", flush=True)
                return
            tally.kills += 1
            again = step // stride % 2 == 0
            if again and case.call("resume", 1 + step // 2) == -signal.SIGKILL:
                tally.kills += 1
            case.recover()
            judge(case, tally, f"{way}, killed before step {step}{' and again' if again else ''}")
        step += stride


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=["zip", "drafts", "email"], action="append")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=10_000)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--defect", choices=list(DEFECTS), default="")
    asked = parser.parse_args()
    tally = Tally()
    for way in asked.way or ["zip", "drafts", "email"]:
        matrix(way, (asked.first, asked.last, asked.stride), asked.defect, tally)
    print(f"{tally.kills} kills, {tally.duplicates} duplicates, {tally.losses} losses")
    return 1 if tally.duplicates or tally.losses else 0


if __name__ == "__main__":
    sys.exit(main())
