"""Faults 111 to 115 of the console and of what surrounds the program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dossiers import make_dossier
from tests.faults.invariants import DAY, GOOD, RUN, levels, ok, stops

BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
STATUS = f"status {DAY}"
COMMAND = f"{sys.executable} -m dunning_batch"


def shell(dossier, command, **more):
    """A command line of the shell in the dossier."""
    environment = BARE | more
    return subprocess.run(["bash", "-c", command], cwd=dossier.root, env=environment, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "cp850"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"TERM": "dumb", "COLUMNS": "20", "NO_COLOR": "1"},
    ],
)  # fmt: skip
def test_111_112_115_any_console_gets_utf8(tmp_path, environment):
    dossier = make_dossier(tmp_path, fec=GOOD.replace("DUPONT", "Éts Dupônt"))
    done = dossier.spawn(STATUS, env=BARE | environment)
    assert done.returncode == 0, done.stderr
    assert "1\u202f000,00" in done.stdout.decode("utf-8")
    assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("{} status {} | head -1; exit ${{PIPESTATUS[0]}}", 0), ("{} status {} >&-", 0), ("{} status {} 2>&-", 0),
        ("{} status {} <&-", 0), ("{} check {} >&- 2>&-", 0), ("{} run --by zip --yes {} >&- 2>&-", 0), ("{} status {} > /dev/full", 9),
        ("{} status {} --format json > /dev/full", 9),
    ],
)  # fmt: skip
def test_112_pipes_that_close_and_full_disks(tmp_path, command, code):
    dossier = make_dossier(tmp_path, fec=GOOD)
    done = shell(dossier, command.format(COMMAND, DAY))
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_113_json_is_one_document_whatever_happens(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert ok(dossier, f"{STATUS} --format json").json["items"]
    assert ok(dossier, f"check {DAY} --format json").json["problems"]
    assert ok(dossier, f"{RUN} --format json").json["reminders"]
    dossier.write("input/autre.txt", "x")
    for command in (STATUS, f"check {DAY}", RUN):
        assert stops(dossier, 4, command=f"{command} --format json").json["problems"]
    dossier.write("config.toml", "[[")
    assert stops(dossier, 3, command=f"{STATUS} --format=json").json["problems"]


@pytest.mark.xfail(strict=True, reason="fault 113: a usage error writes no JSON document to stdout")
def test_113_json_of_a_wrong_command_line(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert stops(dossier, 2, command="status --as-of x --format json").json["problems"]


def test_115_no_home_and_an_unusable_temporary_folder(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    done = shell(dossier, f"{COMMAND} {RUN}", TMPDIR="/nowhere", HOME="/nowhere")
    assert done.returncode == 0, done.stderr
    assert levels(dossier) == {"F001": 1, "F002": 1}
