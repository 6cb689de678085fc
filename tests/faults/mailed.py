"""Dossiers that send through a scripted server, and what must hold of them afterwards (I1 to I3, I8)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl

from tests.delivery.certificates import authority
from tests.delivery.mailserver import MailServer
from tests.dossiers import make_dossier
from tests.faults.invariants import HEAD, clean
from tests.faults.invariants import levels as workbook_levels

DAY = "--as-of 2026-02-28"
SEND = f"run --by email --yes {DAY}"
SECRET = "hunter2-Müller!"  # noqa: S105 - a test's own


def ledger(*customers):
    return HEAD + "\n".join(f"VE | 2026-01-15 | {one} | F-{one} | 100.00 | | | 707" for one in customers)


def people(*customers, **emails):
    rows = [f"{one} | {one.title()} | {emails.get(one, f'compta@{one.lower()}.fr')} | 1 rue Un | 75001 | Paris"
            for one in customers]  # fmt: skip
    return "\n".join(["Client | Nom | Email | Adresse 1 | Code postal | Ville", *rows])


def dossier(folder, server, *customers, email="", config="", **emails):
    customers = customers or ("DUPONT", "MARTIN", "ROUX")
    lines = f"""
[email]
host = "localhost"
port = {server.port}
security = "{server.security}"
sender = "Atelier Exemple <compta@atelier-exemple.fr>"
username = "compta"
ca_file = "ca.pem"
per_minute = 6000
timeout_seconds = 1
final_timeout_seconds = 1
{email}
{config}
"""
    made = make_dossier(folder, ledger(*customers), lines, people(*customers, **emails))
    made.write("ca.pem", authority().read_bytes())
    return made


def sent(one, code=0, command=SEND, answers=None):
    """Run it; the exit code, no traceback, and at most one message a customer at the server."""
    done = clean(one.run(f"--lang en {command}", answers))
    assert done.code == code, done.stderr + done.stdout
    return done


def levels(one):
    """Customer -> level, as the workbook has it."""
    return {piece.removeprefix("F-"): level for piece, level in workbook_levels(one).items()}


def past(one, heading):
    """Customer -> the cells of a column of the history, in order."""
    rows = list(openpyxl.load_workbook(one.root / "output/levels.xlsx").worksheets[1].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if "Customer" in row)
    found = {}
    for row in rows[start + 1 :]:
        cells = dict(zip(rows[start], row, strict=True))
        found.setdefault(cells["Customer"], []).append(cells[heading])
    return found


def results(one, run="2026-02-28-01"):
    found = json.loads((one.root / "output" / run / "run.json").read_text())
    return {reminder["customer"]: reminder["result"] for reminder in found["reminders"]}


def mail_server(**script):
    return MailServer(**script)


class Victim:
    """A run in a process of its own, sent a signal when the server reaches a point for the n-th time."""

    def __init__(self, count, by=signal.SIGKILL):
        self.count, self.by, self.process = count, by, None

    def __call__(self):
        self.count -= 1
        if self.count == 0:
            self.process.send_signal(self.by)
            if self.by == signal.SIGKILL:
                self.process.wait()

    def run(self, folder, command=SEND, **more):
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        self.start(folder, command, **pipes)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, (said or b"").decode()

    def start(self, folder, command, **pipes):
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        arguments = [sys.executable, "-m", "dunning_batch", "--lang", "en", *command.split()]
        self.process = subprocess.Popen(arguments, cwd=folder, env=environment, **pipes)
