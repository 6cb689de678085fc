"""Faults 111 to 115 of the console and of what surrounds the program."""

import errno
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
        ("{} status {} --format json > /dev/full", 9), ("{} status {} --format json --min-amount x > /dev/full", 9),
        ("{} run --by zip --yes {} 2>&1 | head -0; exit ${{PIPESTATUS[0]}}", 0),
        ("{} status {} --format json --min-amount x | head -0; exit ${{PIPESTATUS[0]}}", 2),
    ],
)  # fmt: skip
def test_112_pipes_that_close_and_full_disks(tmp_path, command, code):
    dossier = make_dossier(tmp_path, fec=GOOD)
    done = shell(dossier, command.format(COMMAND, DAY))
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    if "run --by" in command:  # a run goes on whoever listens
        assert levels(dossier) == {"F001": 1, "F002": 1}


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


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("status --as-of x --format json", "x"), ("status --format json --as-of x", "x"), ("run --by fax --yes --format=json", "fax"),
        ("run --by zip --yes --last-level 7 --format json", "--last-level"), ("runn --format json", "runn"), ("history --format json --no", "--no"),
    ],
)  # fmt: skip
def test_113_json_of_a_wrong_command_line(tmp_path, command, word):
    dossier = make_dossier(tmp_path, fec=GOOD)
    (problem,) = stops(dossier, 2, command=command).json["problems"]
    assert problem["severity"] == "error"
    assert word in problem["message"]


def test_113_json_where_nothing_is_done(tmp_path, monkeypatch):
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert ok(dossier, "resume --format json").json["problems"] == []
    assert ok(dossier, f"run --by zip {DAY} --format json", answers="n\n").json["problems"] == []

    def stopped(*_, **__):
        raise KeyboardInterrupt

    def breaks(*_, **__):
        raise ZeroDivisionError

    for failing, code in ((stopped, 130), (breaks, 1)):
        monkeypatch.setattr("dunning_batch.batch.pack", failing)
        done = dossier.run(f"--lang en {RUN} --format json")
        assert done.code == code
        assert len(done.json["problems"]) == 1


def test_01_a_sample_needs_no_ledger_of_ones_own(tmp_path):
    dossier = make_dossier(tmp_path)
    assert "FEC" in ok(dossier, "init mine").stderr
    done = ok(dossier, "init sample --sample")
    assert "FEC" not in done.stderr
    assert "check" in done.stderr


def test_113_a_customer_named_json_asks_for_no_document(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert stops(dossier, 2, command="status --as-of x --customer json").stdout == ""


def test_115_no_home_and_an_unusable_temporary_folder(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    done = shell(dossier, f"{COMMAND} {RUN}", TMPDIR="/nowhere", HOME="/nowhere")
    assert done.returncode == 0, done.stderr
    assert levels(dossier) == {"F001": 1, "F002": 1}


NO_ROOM = [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), FileNotFoundError(errno.ENOENT, "No usable temporary directory")]


@pytest.mark.parametrize("trouble", NO_ROOM, ids=["full", "none"])
def test_115_a_full_temporary_folder(tmp_path, monkeypatch, trouble):
    dossier = make_dossier(tmp_path, fec=GOOD)

    def fails(*_, **__):
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr("openpyxl.worksheet._writer.create_temporary_file", fails)
        for command in (f"plan {DAY}", f"{STATUS} --format xlsx", f"check {DAY} --missing-customers new.xlsx"):
            stops(dossier, 9, "TMPDIR", command=command)
        assert "TMPDIR" in ok(dossier, RUN, 9).stderr
    assert levels(dossier) == {}
    stops(dossier, 6, "resume")
    ok(dossier, "resume")
    assert levels(dossier) == {"F001": 1, "F002": 1}
    assert len(list(tmp_path.glob("output/*/letters/*.pdf"))) == 2


GONE = [(PermissionError(errno.EACCES, "Permission denied", "/srv/dossier/input"), 4), (FileNotFoundError(errno.ENOENT, "No such file", "Z:\\input"), 4),
        (OSError(errno.EIO, "Input/output error"), 9), (OSError(errno.ESTALE, "Stale file handle", "/mnt/share"), 4)]  # fmt: skip


@pytest.mark.parametrize(("trouble", "code"), GONE)
def test_64_a_folder_that_is_gone_or_locked_is_no_defect(tmp_path, monkeypatch, trouble, code):
    """What fault 64 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)

    def gone(*_):
        raise trouble

    monkeypatch.setattr("dunning_batch.ledgerfiles.matching", gone)
    for command in (RUN, STATUS, f"{STATUS} --format json"):
        assert str(trouble.filename or trouble.strerror) in stops(dossier, code, command=command).stderr
    assert dossier.run(f"-v {STATUS}").code == code
    assert "Traceback" in (tmp_path / "dunning-batch.log").read_text()


def test_47_a_configuration_that_cannot_be_opened(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    (tmp_path / "config.toml").unlink()
    (tmp_path / "config.toml").mkdir()
    stops(dossier, 3, "config.toml", command=STATUS)
