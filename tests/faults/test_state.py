"""Faults 91 to 110 and 121 to 124 of runs that are repeated, cut, undone or handed on by hand."""

import errno
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from dunning_batch import publishing
from dunning_batch.state import journal
from dunning_batch.state.journal import Journal
from dunning_batch.state.lock import dossier_lock
from tests.dossiers import CREDITOR, Dossier, clock, make_dossier
from tests.faults.invariants import DAY, GOOD, HEAD, RUN, clean, decisions, levels, ok, state, stops
from tests.faults.power import cut_power

MARCH = "--as-of 2026-03-20"
RUN_MARCH = f"run --by zip --yes {MARCH}"


def letters(dossier):
    """Every letter under a run's final name, without what it says of the time it was made."""
    return sorted(str(path.relative_to(dossier.root)) for path in dossier.root.glob("output/20*/letters/*.pdf"))


def past(dossier, file="output/levels.xlsx"):
    name = "Historique" if (dossier.root / file).exists() else ""
    return [] if not name else [(row["Lot"], row["Pièce"], row["Niveau"]) for row in dossier.sheet(name, file)]


def test_91_run_again_at_once(tmp_path):
    """What fault 91 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    before = levels(dossier)
    found = ok(dossier, f"{RUN} --format json").json
    assert found["reminders"] == []
    assert {(item["decision"], item["last_reminded"]) for item in found["items"]} == {("too_soon", "2026-02-28")}
    assert levels(dossier) == before


def test_92_two_runs_at_once(tmp_path):
    """What fault 92 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    with dossier_lock(tmp_path / "output", clock()):
        stops(dossier, 6, f"process {os.getpid()}")
    ok(dossier)


HELD = """
import sys
from dunning_batch import batch
from dunning_batch.cli.main import run_command_line
pack = batch.pack

def waiting(*arguments):
    print("packing", flush=True)
    sys.stdin.readline()
    return pack(*arguments)

batch.pack = waiting
sys.exit(run_command_line(sys.argv[1:]))
"""


def test_92_the_second_run_names_the_first_and_leaves_it_alone(tmp_path):
    """What fault 92 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    command, environment = [sys.executable, "-c", HELD, *RUN.split()], os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as first:
        assert first.stdout.readline() == "packing\n"
        for second in (RUN, f"run --by zip --dry-run {DAY}", "undo", "resume", "levels rebuild", f"levels set 1 {DAY}"):
            said = stops(dossier, 6, socket.gethostname(), f"process {first.pid}", command=second).stderr
            assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", said), "since when"
        ok(dossier, f"status {DAY}")  # looking disturbs nobody
        first.communicate("go on\n")
    assert first.returncode == 0
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_93_a_lock_file_left_behind_is_not_in_the_way(tmp_path):
    """What fault 93 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD, files={"output/journal.lock": "elsewhere, process 1\n"})
    ok(dossier)


KILLER = """
import os, signal, sqlite3, sys

n, left = int(os.environ["KILL_AT"]), 0

def step():
    global left
    left += 1
    if n <= left < n + len(SIGNALS):
        os.kill(os.getpid(), SIGNALS[left - n])

ROOT = os.environ["KILL_IN"]

SIGNALS = [getattr(signal, name) for name in os.environ.get("KILL_BY", "SIGKILL").split()]

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(ROOT):
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            step()
    elif event in ("os.rename", "os.remove", "os.mkdir", "shutil.rmtree") and ROOT in os.fsdecode(os.path.abspath(arguments[0])):
        step()

def connect(*arguments, connect=sqlite3.connect, **named):
    found = connect(*arguments, **named)
    if SIGNALS == [signal.SIGKILL]:  # what a callback raises is lost
        found.set_trace_callback(lambda text: step() if text in ("COMMIT", "BEGIN IMMEDIATE") else None)
    return found

sqlite3.connect = connect
sys.addaudithook(hook)
from dunning_batch.cli.main import run_command_line

code = int(run_command_line(sys.argv[1:]))
print(left, file=sys.stderr)
sys.stderr.flush()
os._exit(code)
"""


def spawned(dossier, command, kill_at=0):
    """The command in a process that kills itself at its n-th write, rename, removal or commit."""
    environment = os.environ | {"KILL_AT": str(kill_at), "KILL_IN": str(dossier.root), "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLER), *command.split()], cwd=dossier.root, env=environment, capture_output=True, timeout=60, check=False
    )


def steps_of(dossier, command):
    done = spawned(dossier, command)
    assert done.returncode == 0, done.stderr
    return int(done.stderr.split()[-1])


def forked(dossier, command, kill_at, by="SIGKILL"):
    """As `spawned`, in a fork of this process: a hundred kills in the time of ten. What it says is in `told`."""
    pid = os.fork()
    if pid == 0:  # pragma: no cover - in the child
        try:
            sys.argv[1:] = command.split()
            os.environ |= {"KILL_AT": str(kill_at), "KILL_IN": str(dossier.root), "KILL_BY": by}
            os.chdir(dossier.root)
            told = os.open(f"{dossier.root}.told", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            for stream in (0, 1, 2):
                os.dup2(told, stream)
            sys.stdin, sys.stdout, sys.stderr = (open(stream, mode, closefd=False) for stream, mode in ((0, "r"), (1, "w"), (2, "w")))  # noqa: SIM115
            exec(compile(textwrap.dedent(KILLER), "killer", "exec"), {"__name__": "killer"})  # noqa: S102
        finally:
            os._exit(97)
    _, status = os.waitpid(pid, 0)
    return -signal.SIGKILL if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def finish(dossier, command):
    """What a user does after a cut: type the command again, and what it says."""
    done = clean(dossier.run(command))
    if done.code == 6:
        assert "resume" in done.stderr
        done = clean(dossier.run("resume"))
    assert done.code == 0, done.stderr
    return done


def whole(dossier):
    """The workbook is a complete one, zips under a final name are whole, nothing of a work folder is left."""
    levels(dossier)
    for path in dossier.root.glob("output/20*/letters.zip"):
        assert zipfile.ZipFile(path).testzip() is None


@pytest.fixture
def undisturbed(tmp_path):
    dossier = make_dossier(tmp_path / "undisturbed", fec=GOOD)
    ok(dossier, RUN)
    clean(dossier.run(RUN))
    return dossier


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("part", range(4))
def test_93_94_124_a_run_killed_at_any_step(tmp_path, part):
    """What fault 93, fault 94 and fault 124 ask."""
    calm = make_dossier(tmp_path / "calm", fec=GOOD)
    count = steps_of(calm, RUN)
    assert count > 20
    for number in range(1 + part, count + 1, 4):
        dossier = make_dossier(tmp_path / f"n{number}", fec=GOOD)
        inputs = {name: data for name, data in dossier.tree().items() if not name.startswith("output")}
        assert forked(dossier, RUN, number) == -signal.SIGKILL
        whole(dossier)
        assert set(levels(dossier).values()) <= {0, 1}
        finish(dossier, RUN)
        assert levels(dossier) == levels(calm), number
        assert {path.name for path in (dossier.root / "output").glob(".*")} == set(), number
        reminded = [row for row in past(dossier) if row[0]]
        assert sorted(row[1:] for row in reminded) == sorted(row[1:] for row in past(calm)), number
        assert [Path(name).name for name in letters(dossier)] == [Path(name).name for name in letters(calm)], number
        assert inputs == {name: data for name, data in dossier.tree().items() if not name.startswith("output")}
        assert ok(dossier, f"{RUN} --format json").json["reminders"] == []


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_94_resume_killed_at_any_step(tmp_path):
    """What fault 94 asks."""
    first = make_dossier(tmp_path / "first", fec=GOOD)
    count = steps_of(first, RUN)
    cut = next(number for number in range(count, 0, -1) if _is_unfinished(make_dossier(tmp_path / f"try{number}", fec=GOOD), number))
    number, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        number += 1
        dossier = make_dossier(tmp_path / f"r{number}", fec=GOOD)
        assert forked(dossier, RUN, cut - 8) == -signal.SIGKILL
        code = forked(dossier, "resume", number)
        whole(dossier)
        clean(dossier.run("resume"))
        finish(dossier, RUN)
        assert levels(dossier) == {"F001": 1, "F002": 1}, number
        assert len(letters(dossier)) == 2, number
    assert code == 0


def _is_unfinished(dossier, number):
    forked(dossier, RUN, number)
    return dossier.run(RUN).code == 6


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_94_undo_killed_at_any_step(tmp_path):
    """What fault 94 asks."""
    number, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        number += 1
        dossier = make_dossier(tmp_path / f"u{number}", fec=GOOD)
        ok(dossier)
        code = forked(dossier, "undo", number)
        whole(dossier)
        clean(dossier.run("resume"))
        clean(dossier.run("undo"))
        assert levels(dossier) == {"F001": 0, "F002": 0}, number
    assert code == 0


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(("lost", "first"), [("contents", 1), ("names", 2)])
def test_110_power_cut_at_any_step(tmp_path, lost, first):
    """What was not synced is gone: the workbook is the old or the new one, and the month ends as without the cut (fault 110)."""
    before = make_dossier(tmp_path / "before", fec=GOOD)
    ok(before)
    number, cut = first - 2, True
    while cut:
        number += 2
        dossier = Dossier(tmp_path / f"n{number}")
        shutil.copytree(before.root, dossier.root)
        cut = cut_power(dossier.root, RUN_MARCH.split(), number, lost)
        whole(dossier)
        assert set(levels(dossier).values()) in ({1}, {2}), number
        finish(dossier, RUN_MARCH)
        assert levels(dossier) == {"F001": 2, "F002": 2}, number
        assert len(letters(dossier)) == 4, number
        assert all(PdfReader(dossier.root / name).pages for name in letters(dossier)), number
    assert number > 20


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(("first", "by"), [(1, "SIGINT"), (2, "SIGTERM"), (3, "SIGHUP"), (4, "SIGINT SIGINT"), (5, "SIGTERM SIGHUP")])
def test_95_signals_at_any_step(tmp_path, first, by):
    """Ctrl-C, an end of session, a closed console: 130, and the way to go on; a second one leaves at once (fault 95)."""
    number, code = first - 5, 130
    while code == 130:
        number += 5
        dossier = make_dossier(tmp_path / f"n{number}", fec=GOOD)
        code = forked(dossier, f"--lang en {RUN}", number, by)
        told = Path(f"{dossier.root}.told").read_text()
        assert "Traceback" not in told, number
        assert code in (0, 130), told
        assert code == 0 or " " in by or "resume" in told, told
        whole(dossier)
        finish(dossier, RUN)
        assert levels(dossier) == {"F001": 1, "F002": 1}, number
        assert len(letters(dossier)) == 2, number
    assert number > 10


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_95_a_signal_that_was_ignored_stays_ignored(tmp_path):
    """What fault 95 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    code = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); from dunning_batch.cli.main import run_command_line as run; "
    code += "from dunning_batch import batch; pack = batch.pack; batch.pack = lambda *a: (signal.raise_signal(signal.SIGHUP), pack(*a))[1]; "
    command = [sys.executable, "-c", code + "sys.exit(run(sys.argv[1:]))", *RUN.split()]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_95_handlers_are_put_back(tmp_path):
    """What fault 95 asks."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    ok(make_dossier(tmp_path, fec=GOOD))
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_95_interrupted(tmp_path, monkeypatch):
    """What fault 95 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.packing.bound", stop)
        before = dossier.tree()
        done = clean(dossier.run(f"--lang en {RUN}"))
        assert done.code == 130
        assert "resume" in done.stderr
        assert dossier.tree() == before
    ok(dossier)
    assert levels(dossier) == {"F001": 1, "F002": 1}


def cut_before_the_rename(dossier, monkeypatch, command):
    """A run that is planned, and whose folder never got its name."""

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.delivering.put_folder", stop)
        assert dossier.run(command).code == 130


@pytest.fixture
def cut(tmp_path, monkeypatch):
    """A dossier whose run was cut before its folder got its name."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    cut_before_the_rename(dossier, monkeypatch, RUN)
    stops(dossier, 6, "resume")
    return dossier


@pytest.mark.parametrize("name", ["config.toml", "templates/fr/level1.md", "input/123456782FEC20261231.txt"])
def test_96_a_file_changed_between_crash_and_resume(cut, name):
    """What fault 96 asks."""
    assert "resume" in stops(cut, 6, "resume").stderr
    cut.configure("[letters]\nprint_file = false\n") if name == "config.toml" else None
    cut.write("templates/fr/level1.md", "Subject: Autre\n\nBonjour") if "templates" in name else None
    cut.fec(GOOD + "VE | 2026-02-21 | PETIT | F009 | 9.00 | | | 707\n") if "input" in name else None
    told = [line for line in ok(cut, "resume").stderr.splitlines() if "used as they are now" in line]
    assert [name in line for line in told] == [True]
    assert {piece: level for piece, level in levels(cut).items() if piece != "F009"} == {"F001": 1, "F002": 1}


def test_96_nothing_is_said_where_nothing_changed(cut):
    """What fault 96 asks."""
    assert "used as they are now" not in ok(cut, "resume").stderr


def test_97_paid_between_crash_and_resume(cut):
    """What fault 97 asks."""
    cut.fec(GOOD + "BQ | 2026-02-27 | DUPONT | V9 | | 1000.00 | | 512\n")
    done = ok(cut, "resume")
    assert "DUPONT" in done.stdout + done.stderr
    assert levels(cut) == {"F001": 0, "F002": 1}
    assert [Path(name).name for name in letters(cut)] == ["MARTIN-1.pdf"]


def test_96_97_held_between_crash_and_resume(cut):
    """What fault 96 and fault 97 ask."""
    cut.configure('[customers]\nfile = "input/customers.csv"\n')
    cut.write("input/customers.csv", "Client;Relancer\nDUPONT;non\nMARTIN;\n")
    ok(cut, "resume")
    assert levels(cut) == {"F001": 0, "F002": 1}


def test_97_drop_gives_the_rest_up(cut):
    """What fault 97 asks."""
    ok(cut, "resume --drop")
    assert letters(cut) == []
    ok(cut)
    assert levels(cut) == {"F001": 1, "F002": 1}


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"a foreign file" * 500, lambda data: data.replace(b"delivered", b"deliverid")])
def test_98_a_damaged_journal(tmp_path, damage):
    """What fault 98 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    path = tmp_path / "output/journal.sqlite"
    whole_one = path.read_bytes()
    path.write_bytes(damage(whole_one))
    for command in (RUN_MARCH, f"check {MARCH}", "resume", "undo", "levels rebuild", "history"):
        stops(dossier, 6, "journal.sqlite", command=command)
    path.write_bytes(whole_one)
    ok(dossier, RUN_MARCH)


def test_98_a_row_deleted(tmp_path):
    """What fault 98 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    with sqlite3.connect(tmp_path / "output/journal.sqlite") as connection:
        connection.execute("DELETE FROM event WHERE number = 2")
    connection.close()
    stops(dossier, 6, "journal.sqlite", command=RUN_MARCH)


def journal_of(dossier):
    return Journal(dossier.root / "output/journal.sqlite", "123456782", clock)


def drop_last_rows(dossier, count):
    path = dossier.root / "output/journal.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM event WHERE number > (SELECT max(number) FROM event) - ?", (count,))
    connection.close()


@pytest.mark.parametrize("undone", [False, True])
def test_98_rows_cut_off_the_end_send_nothing_twice(tmp_path, undone):
    """The digests still hold: the mark of the workbook tells, or the run is unfinished again (fault 98)."""
    whole = make_dossier(tmp_path / "whole", fec=GOOD)
    for command in (RUN, RUN_MARCH, *(["undo"] if undone else [])):
        ok(whole, command)
    count, asked = len(journal_of(whole).events), []
    for cut_off in range(1, count):
        dossier = Dossier(tmp_path / f"cut{cut_off}")
        shutil.copytree(whole.root, dossier.root)
        drop_last_rows(dossier, cut_off)
        done = clean(dossier.run(f"--lang en {RUN_MARCH}"))
        assert done.code == 6 or (undone and cut_off == 1), cut_off  # an undo whose workbook alone was cut is one
        asked.append("resume" in done.stderr)
        if done.code == 6 and asked[-1]:
            ok(dossier, "resume")
            assert levels(dossier) == levels(whole), cut_off
            assert letters(dossier) == letters(whole), cut_off
    assert sum(asked) == (0 if undone else 2)


def test_98_a_run_that_the_journal_has_lost(cut):
    """Its plan was the last row, its letters are in their folder: nothing else tells that they went out (fault 98)."""
    ok(cut, "resume")
    (cut.root / "output/2026-02-28-01").rename(cut.root / "output/2026-02-27-01")
    for command in (RUN_MARCH, "undo", f"check {MARCH}", f"levels set 1 {MARCH}"):
        stops(cut, 6, "2026-02-27-01", command=command)
    shutil.rmtree(cut.root / "output/2026-02-27-01")
    ok(cut, RUN_MARCH)


def test_101_a_journal_with_a_step_of_a_newer_version(tmp_path):
    """What fault 101 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    journal_of(dossier).append(("taught", {"what": "a newer version"}))
    for command in (RUN_MARCH, f"check {MARCH}", "resume", "undo", "levels rebuild", "history", f"levels set 1 {MARCH}", f"status {MARCH}"):
        stops(dossier, 6, "journal.sqlite", "newer version", command=command)


def test_91_a_delivered_reminder_is_never_delivered_again(tmp_path):
    """Twins take the lower level of both (rule H2): ticked alone, the one that was reminded gives the same letter (fault 91)."""
    twins = HEAD + 2 * "VE | 2026-01-05 | DUPONT | - | 100.00 | | | 707\n"
    dossier = make_dossier(tmp_path, fec=twins)
    tick_one(dossier, DAY, 0)
    ok(dossier, f"{RUN} --selection output/plan-2026-02-28.xlsx")
    tick_one(dossier, MARCH, 0)
    stops(dossier, 6, "DUPONT", "levels set", command=f"{RUN_MARCH} --selection output/plan-2026-03-20.xlsx")
    ok(dossier, f"levels set 0 {MARCH}")  # a person's order
    tick_one(dossier, MARCH, 0)
    ok(dossier, f"{RUN_MARCH} --selection output/plan-2026-03-20.xlsx")
    assert len(letters(dossier)) == 2


def tick_one(dossier, day, number):
    """A plan of that day with one row ticked."""
    import openpyxl

    ok(dossier, f"plan {day}")
    path = dossier.root / f"output/plan-{day.split()[-1]}.xlsx"
    book = openpyxl.load_workbook(path)
    rows = [row for row in book.worksheets[0].iter_rows() if row[0].value in ("oui", "yes")]
    for place, row in enumerate(rows):
        row[0].value = row[0].value if place == number else {"oui": "non", "yes": "no"}[row[0].value]
    book.save(path)


def test_91_resume_delivers_nothing_that_another_run_has_delivered(cut):
    """What fault 91 asks."""
    (planned,) = [event.body for event in journal_of(cut).events if event.kind == "planned"]
    outcomes = [{"id": one["id"], "result": "delivered", "document": ""} for one in planned["reminders"]]
    journal_of(cut).append(
        ("planned", {**planned, "run": "2026-02-27-01"}), ("delivered", {"run": "2026-02-27-01", "outcomes": outcomes}),
        ("closed", {"run": "2026-02-27-01"}),
    )  # fmt: skip
    ok(cut, "resume")
    assert letters(cut) == []


def test_99_levels_workbook_missing(tmp_path):
    """What fault 99 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    (tmp_path / "output/levels.xlsx").unlink()
    stops(dossier, 6, "levels.xlsx", "levels rebuild", command=RUN_MARCH)
    ok(dossier, "levels rebuild")
    assert levels(dossier) == {"F001": 1, "F002": 1}
    ok(dossier, RUN_MARCH)
    assert levels(dossier) == {"F001": 2, "F002": 2}


def without_properties(dossier):
    """As an office program saves it that knows no document properties."""
    import openpyxl

    path = dossier.root / "output/levels.xlsx"
    book = openpyxl.load_workbook(path)
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    book.save(path)


@pytest.mark.parametrize("lose", [lambda dossier: (dossier.root / "output/levels.xlsx").unlink(), without_properties], ids=["gone", "plain"])
def test_99_every_command_that_changes_state_wants_the_workbook(tmp_path, lose):
    """What fault 99 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    lose(dossier)
    for command in (RUN_MARCH, f"run --by zip --dry-run {MARCH}", "undo", f"levels set 1 {MARCH}", f"check {MARCH}"):
        stops(dossier, 6, "levels.xlsx", "levels rebuild", command=command)
    for command in (f"status {MARCH}", f"plan {MARCH}"):
        assert "levels rebuild" in ok(dossier, command).stderr
    assert "levels_missing" in [one["code"] for one in state(dossier, f"status {MARCH}")["problems"]]
    ok(dossier, "levels rebuild")
    ok(dossier, "undo")
    assert levels(dossier) == {"F001": 0, "F002": 0}


def test_99_a_cut_run_goes_on_once_the_workbook_is_rebuilt(tmp_path, monkeypatch):
    """What fault 99 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    cut_before_the_rename(dossier, monkeypatch, RUN_MARCH)
    without_properties(dossier)
    stops(dossier, 6, "levels.xlsx", "levels rebuild", command="resume")
    ok(dossier, "levels rebuild")
    ok(dossier, "resume")
    assert levels(dossier) == {"F001": 2, "F002": 2}


@pytest.mark.parametrize("after", ["resume", "resume --drop"])
def test_99_a_legacy_list_outlives_a_cut_first_run(tmp_path, monkeypatch, after):
    """Nothing of it has been taken over yet: with the run, it must not be forgotten (fault 99)."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    put_legacy_list(dossier)
    cut_before_the_rename(dossier, monkeypatch, RUN_MARCH)
    ok(dossier, after)
    if "drop" in after:
        ok(dossier, RUN_MARCH)
    assert levels(dossier) == {"F001": 3, "F002": 1}


def put_legacy_list(dossier):
    """F001 was reminded twice by another program."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Client", "Pièce", "Niveau", "Dernière relance"], ["DUPONT", "F001", 2, "15/02/2026"]):
        book.active.append(row)
    book.save(dossier.root / "output/levels.xlsx")


def test_99_a_first_run_says_so(tmp_path):
    """What fault 99 asks."""
    done = ok(make_dossier(tmp_path, fec=GOOD))
    assert "levels set" in done.stderr
    assert "2 letters" in done.stderr


def test_100_an_illegal_level_is_held_with_its_cell(tmp_path):
    """What fault 100 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    dossier.edit("F001", Niveau="IX")
    dossier.edit("F002", Niveau="2 ")
    found = state(dossier, f"status {MARCH}")
    assert {item["reference"]: item["decision"] for item in found["items"]} == {"F001": "held", "F002": "remind"}
    assert any("levels.xlsx" in (one["file"] or "") for one in found["problems"])
    assert {item["reference"]: item["last_level"] for item in found["items"]}["F002"] == 2


def test_101_the_state_of_another_creditor(tmp_path):
    """What fault 101 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.configure("", creditor=CREDITOR.replace("123456782", "732829320"))
    (tmp_path / "input/123456782FEC20261231.txt").rename(tmp_path / "input/ledger.txt")
    stops(dossier, 6, "123456782", "732829320", command=RUN_MARCH)


def test_101_a_siren_written_later_is_no_other_creditor(tmp_path):
    """The name tells the dossier until there is a SIREN; the SIREN does from then on, whatever the name becomes (fault 101)."""
    named, both = CREDITOR.replace('siren = "123456782"\n', ""), CREDITOR
    renamed = CREDITOR.replace("Atelier Exemple SARL", "Atelier Neuf SAS")
    dossier = make_dossier(tmp_path, fec=GOOD)
    dossier.configure("", creditor=named)
    ok(dossier)
    old = (tmp_path / "output/levels.xlsx").read_bytes()
    dossier.configure("", creditor=renamed)
    stops(dossier, 6, "Atelier Exemple SARL", command=RUN_MARCH)
    dossier.configure("", creditor=both)
    ok(dossier, RUN_MARCH)
    assert levels(dossier) == {"F001": 2, "F002": 2}
    dossier.configure("", creditor=renamed)
    ok(dossier, "run --by zip --yes --as-of 2026-04-20")
    assert levels(dossier) == {"F001": 3, "F002": 3}
    dossier.write("output/levels.xlsx", old)
    assert ok(dossier, "run --by zip --yes --as-of 2026-04-20 --format json").json["reminders"] == []
    dossier.configure("", creditor=named)
    stops(dossier, 6, "123456782", command=f"check {MARCH}")


def test_102_an_older_copy_of_the_workbook(tmp_path):
    """What fault 102 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    old = (tmp_path / "output/levels.xlsx").read_bytes()
    ok(dossier, RUN_MARCH)
    dossier.write("output/levels.xlsx", old)
    found = state(dossier, f"status {MARCH}")
    assert {item["last_level"] for item in found["items"]} == {2}
    assert "older_copy" in [one["code"] for one in found["problems"]]
    assert ok(dossier, f"{RUN_MARCH} --format json").json["reminders"] == []
    assert levels(dossier) == {"F001": 2, "F002": 2}


def test_102_an_older_copy_of_the_journal(tmp_path):
    """What fault 102 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    old = (tmp_path / "output/journal.sqlite").read_bytes()
    ok(dossier, RUN_MARCH)
    dossier.write("output/journal.sqlite", old)
    stops(dossier, 6, "journal.sqlite", command="run --by zip --yes --as-of 2026-04-20")


def test_103_the_workbook_changed_while_letters_were_made(tmp_path, monkeypatch):
    """What fault 103 asks."""
    from dunning_batch import batch

    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    made = batch.pack

    def edited(*arguments):
        packed = made(*arguments)
        dossier.edit("F001", Note="vu")
        return packed

    with monkeypatch.context() as patched:
        patched.setattr(batch, "pack", edited)
        done = clean(dossier.run(f"--lang en {RUN_MARCH}"))
    assert done.code == 6
    assert not list(tmp_path.glob("output/2026-03-20-01"))
    assert levels(dossier) == {"F001": 1, "F002": 1}
    ok(dossier, RUN_MARCH)
    assert levels(dossier) == {"F001": 2, "F002": 2}


@pytest.mark.parametrize("name", ["~$levels.xlsx", ".~lock.levels.xlsx#"])
def test_69_open_elsewhere_at_the_start(tmp_path, name):
    """What fault 69 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD, files={f"output/{name}": "x"})
    stops(dossier, 6, "levels.xlsx", "open in another program")
    (tmp_path / "output" / name).unlink()
    ok(dossier)


@pytest.mark.parametrize("name", ["levels (1).xlsx", "levels - Copie.xlsx", "Copie de levels.xlsx", "levels (conflicted copy 2026-11-24).xlsx"])
def test_33_a_conflict_copy_beside_the_workbook(tmp_path, name):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.write(f"output/{name}", (tmp_path / "output/levels.xlsx").read_bytes())
    for command in (RUN_MARCH, "undo", f"levels set 1 {MARCH}", f"check {MARCH}"):
        stops(dossier, 6, name, command=command)


def test_69_103_open_elsewhere_at_the_end(tmp_path, monkeypatch):
    """What fault 69 and fault 103 ask."""
    from dunning_batch import delivering

    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    given = delivering.put_folder

    def opened(*arguments):
        dossier.edit("F001", Note="vu")
        return given(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "put_folder", opened)
        done = clean(dossier.run(f"--lang en {RUN_MARCH}"))
    assert done.code == 9
    assert "levels.new-" in done.stderr
    assert "resume" in done.stderr
    assert levels(dossier) == {"F001": 1, "F002": 1}
    stops(dossier, 6, "resume", command="run --by zip --yes --as-of 2026-04-20")
    assert "2 lettres" in clean(dossier.run("resume")).stdout
    assert levels(dossier) == {"F001": 2, "F002": 2}
    assert len(letters(dossier)) == 4
    assert {row["Note"] for row in dossier.sheet() if row["Pièce"] == "F001"} == {"vu"}


@pytest.mark.parametrize("command", ["undo", f"levels set 3 {MARCH}", "levels rebuild"])
def test_69_open_elsewhere_while_no_run_is_concerned(tmp_path, monkeypatch, command):
    """The journal has it; what is kept beside says how to put it in place, and that needs no run (fault 69)."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    wanted = {"undo": 0, "levels rebuild": 1}.get(command, 3)
    made = publishing.workbook_bytes

    def opened(*arguments):
        dossier.edit("F001", Note="vu")
        return made(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "workbook_bytes", opened)
        done = clean(dossier.run(command))
    assert done.code == 9
    assert "dunning-batch levels rebuild" in done.stderr
    assert len(list(tmp_path.glob("output/levels.new-*.xlsx"))) == 1
    assert dossier.run("levels rebuild").code == 0
    assert levels(dossier) == {"F001": wanted, "F002": wanted}
    assert {row["Note"] for row in dossier.sheet() if row["Pièce"] == "F001"} == {"vu"}
    ok(dossier, f"check {MARCH}")


def test_99_a_damaged_workbook_is_kept_and_never_over_another(tmp_path):
    """What fault 99 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    for damage in (b"one", b"two", b"three"):
        dossier.write("output/levels.xlsx", damage)
        stops(dossier, 4, "levels.xlsx", command=RUN_MARCH)
        ok(dossier, "levels rebuild")
    assert {path.read_bytes() for path in tmp_path.glob("output/levels.damaged*.xlsx")} == {b"one", b"two", b"three"}
    assert levels(dossier) == {"F001": 1, "F002": 1}


@pytest.mark.parametrize("what", ["letter", "journal", "levels"])
def test_66_67_68_disk_full(tmp_path, monkeypatch, what):
    """What fault 66, fault 67 and fault 68 ask."""
    from dunning_batch import files
    from dunning_batch.state import levels as book

    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    before = (tmp_path / "output/levels.xlsx").read_bytes()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fails(path, *_, **__):
        raise files.cannot_write(path, full) from full

    def no_row(*_, **__):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        if what == "letter":
            patched.setattr("dunning_batch.packing.write_file", fails)
        elif what == "journal":
            patched.setattr(journal, "_write", no_row)
        else:
            patched.setattr(book, "write_file", fails)
        tree = dossier.tree()
        done = clean(dossier.run(f"--lang en {RUN_MARCH}"))
    assert done.code == 9
    assert (tmp_path / "output/levels.xlsx").read_bytes() == before
    if what != "levels":
        assert dossier.tree() == tree
        ok(dossier, RUN_MARCH)
    else:
        stops(dossier, 6, "resume", command=RUN_MARCH)
        ok(dossier, "resume")
    assert levels(dossier) == {"F001": 2, "F002": 2}
    assert len(letters(dossier)) == 4


class FullDisk:
    """From the n-th thing that is written on, there is no room left."""

    def __init__(self, patched, full_at):
        self.full_at, self.calls = full_at, 0
        no_room = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        for module, name in ((os, "fsync"), (os, "mkdir"), (tempfile, "mkstemp"), (os, "replace")):
            patched.setattr(module, name, self.until_full(getattr(module, name), no_room))
        full = sqlite3.OperationalError("database or disk is full")
        patched.setattr(journal, "_write", self.until_full(journal._write, full))

    def until_full(self, function, error):
        def call(*arguments, **named):
            self.calls += 1
            if self.calls >= self.full_at:
                raise error
            return function(*arguments, **named)

        return call


@pytest.mark.parametrize(("command", "stride"), [(RUN_MARCH, 2), ("undo", 2), (f"levels set 3 {MARCH}", 3)])
def test_66_67_68_disk_full_from_any_write_on(tmp_path, monkeypatch, command, stride):
    """Refused with 9; the workbook is the old or the new one; with room again, it ends where it would have ended (fault 66, fault 67 and fault 68)."""
    before = make_dossier(tmp_path / "before", fec=GOOD)
    ok(before)
    calm = copied(before, tmp_path / "calm")
    ok(calm, command)
    number, code = 1 - stride, 9
    while code == 9:
        number += stride
        dossier = copied(before, tmp_path / f"n{number}")
        with monkeypatch.context() as patched:
            FullDisk(patched, number)
            done = clean(dossier.run(f"--lang en {command}"))
        code = done.code
        assert code in (0, 9), done.stderr
        whole(dossier)
        assert levels(dossier) in (levels(before), levels(calm)), number
        if "run" in command:
            finish(dossier, command)
        else:
            again = clean(dossier.run(command))
            assert again.code == 0, again.stderr
        assert levels(dossier) == levels(calm), number
        assert letters(dossier) == letters(calm), number
    assert number > 5


def copied(dossier, folder):
    shutil.copytree(dossier.root, folder)
    return Dossier(folder)


def test_104_paid_then_bounced_resumes_at_its_level(tmp_path):
    """What fault 104 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.fec(GOOD.replace("1000.00 |       |  |", "1000.00 | | A |") + "BQ | 2026-03-05 | DUPONT | V5 | | 1000.00 | A | 512\n")
    ok(dossier, "run --by zip --yes --as-of 2026-03-10")
    assert "F001" not in levels(dossier)
    dossier.fec(GOOD)
    ok(dossier, RUN_MARCH)
    assert levels(dossier) == {"F001": 2, "F002": 2}


def test_105_no_two_items_share_a_key(tmp_path):
    """What fault 105 asks."""
    twins = HEAD + 4 * "VE | 2026-01-05 | DUPONT | F001 | 100.00 | | | 707\n" + "VE | 2026-01-05 | MARTIN | F001 | 100.00 | | | 707\n"
    dossier = make_dossier(tmp_path, fec=twins)
    keys = [item["key"] for item in state(dossier)["items"]]
    assert len(set(keys)) == len(keys) == 5
    ok(dossier)


def test_106_a_day_before_the_last_run(tmp_path):
    """What fault 106 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    for day in ("2026-02-27", "1970-01-01"):
        stops(dossier, 6, "2026-02-28-01", command=f"run --by zip --yes --as-of {day}")
        stops(dossier, 6, "2026-02-28-01", command=f"run --by zip --dry-run --as-of {day}")
    ok(dossier, "status --as-of 2026-02-27")
    for day in ("1969-12-31", "2100-01-01", "31/12/2026", "2026-02-30"):
        stops(dossier, 2, day, command=f"run --by zip --yes --as-of {day}")


def test_106_a_day_in_the_future_is_asked_about(tmp_path):
    """What fault 106 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    before = dossier.tree()
    done = ok(dossier, "run --by zip --as-of 2099-01-31 --customer NOBODY --any-balance", answers="n\n")
    assert "31/01/2099" in done.stderr
    done = ok(dossier, "run --by zip --as-of 2099-01-31", answers="n\n")
    assert "31/01/2099" in done.stderr
    assert {name for name in dossier.tree() if name.endswith("xlsx")} <= set(before) | {"output/levels.xlsx"}


def test_107_thirty_days_end_of_month(tmp_path):
    """What fault 107 asks."""
    table = HEAD + "VE | 2026-01-31 | DUPONT | F1 | 100.00 | | | 707\nVE | 2024-02-29 | DUPONT | F0 | 100.00 | | | 707\n"
    dossier = make_dossier(tmp_path, fec=table, config='[terms]\ndefault = "30 jours fin de mois"\n')
    found = {item["reference"]: item["due"] for item in state(dossier)["items"]}
    assert found == {"F1": "2026-03-31", "F0": "2024-03-31"}


def test_108_never_two_levels_in_one_run(tmp_path):
    """What fault 108 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    ok(dossier, "run --by zip --yes --as-of 2026-06-30")
    assert levels(dossier) == {"F001": 2, "F002": 2}
    ok(dossier, "run --by zip --yes --as-of 2026-06-30")
    assert levels(dossier) == {"F001": 2, "F002": 2}


def test_109_a_level_changed_by_hand(tmp_path):
    """What fault 109 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    dossier.edit("F001", Niveau=2)
    dossier.edit("F002", Niveau=0)
    assert dossier.run(RUN_MARCH).code == 0
    assert levels(dossier) == {"F001": 3, "F002": 1}
    manual = [(row["Pièce"], row["Niveau avant"], row["Niveau"]) for row in dossier.sheet("Historique") if not row["Lot"]]
    assert sorted(manual) == [("F001", 1, 2), ("F002", 1, 0)]


def test_121_undo(tmp_path):
    """What fault 121 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    before = past(dossier)
    assert dossier.run(RUN_MARCH).code == 0
    stops(dossier, 6, "2026-03-20-01", command="undo 2026-02-28-01")
    stops(dossier, 2, "2026-09-09-01", command="undo 2026-09-09-01")
    assert dossier.run("undo").code == 0
    assert levels(dossier) == {"F001": 1, "F002": 1}
    assert past(dossier)[: len(before)] == before
    assert len(past(dossier)) > len(before)
    tree = dossier.tree()
    assert "Nothing to undo" in ok(dossier, "undo 2026-03-20-01").stderr
    assert dossier.tree() == tree


def test_121_undo_of_an_unfinished_run(cut):
    """What fault 121 asks."""
    stops(cut, 6, "resume", command="undo")


def test_121_a_level_edited_by_hand_since_then_stays(tmp_path):
    """What fault 121 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(RUN).code == 0
    dossier.edit("F001", Niveau=3)
    done = ok(dossier, "undo")
    assert "F001" in done.stderr
    assert levels(dossier) == {"F001": 3, "F002": 0}


def test_122_a_plan_after_the_ledger_moved(tmp_path):
    """The row is refused by name, and nobody is written to until somebody has looked: the contract wins over fault 122.

    Section 6 has the row refused, section 2 gives 4 to a plan file that is contradictory, with nothing written. That
    "the others go on" would send letters that nobody approved together; unticking the row, or a new plan, is one step.
    """
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(f"plan {DAY}").code == 0
    dossier.fec(GOOD + "BQ | 2026-02-27 | DUPONT | V9 | | 400.00 | | 512\n")
    command = f"{RUN} --selection output/plan-2026-02-28.xlsx"
    done = stops(dossier, 4, "F001", "plan-2026-02-28.xlsx", command=command)
    assert "F002" not in done.stderr
    dossier.edit("F001", file="output/plan-2026-02-28.xlsx", sheet=_first(dossier), Relancer="non")
    ok(dossier, command)
    assert levels(dossier) == {"F001": 0, "F002": 1}


@pytest.mark.parametrize("cells", [{"Relancer": "peut-être"}, {"Niveau": 7}, {"Niveau": "x"}, {"Clé": "AAAAAAAAAA"}])
def test_122_a_wrong_cell_of_a_plan(tmp_path, cells):
    """What fault 122 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(f"plan {DAY}").code == 0
    dossier.edit("F001", file="output/plan-2026-02-28.xlsx", sheet=_first(dossier), **cells)
    stops(dossier, 4, "plan-2026-02-28.xlsx", command=f"{RUN} --selection output/plan-2026-02-28.xlsx")


def _first(dossier):
    import openpyxl

    return openpyxl.load_workbook(dossier.root / "output/plan-2026-02-28.xlsx").sheetnames[0]


def test_122_nothing_ticked(tmp_path):
    """What fault 122 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    assert dossier.run(f"plan {DAY}").code == 0
    for piece in ("F001", "F002"):
        dossier.edit(piece, file="output/plan-2026-02-28.xlsx", sheet=_first(dossier), Relancer="non")
    ok(dossier, f"{RUN} --selection output/plan-2026-02-28.xlsx")
    assert letters(dossier) == []


def test_122_a_plan_of_another_dossier(tmp_path):
    """What fault 122 asks."""
    other = make_dossier(tmp_path / "other", fec=GOOD)
    other.configure("", creditor=CREDITOR.replace("123456782", "732829320"))
    (tmp_path / "other/input/123456782FEC20261231.txt").rename(tmp_path / "other/input/l.txt")
    assert other.run(f"plan {DAY}").code == 0
    dossier = make_dossier(tmp_path / "own", fec=GOOD)
    stops(dossier, 4, "plan-2026-02-28.xlsx", command=f"{RUN} --selection ../other/output/plan-2026-02-28.xlsx")


def test_123_levels_set(tmp_path):
    """What fault 123 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    done = clean(dossier.run("levels set 2 --dated 2026-02-10 --as-of 2026-02-28"))
    assert done.code == 0
    assert "F001" in done.stdout
    assert levels(dossier) == {"F001": 2, "F002": 2}
    assert letters(dossier) == []
    assert len(dossier.sheet("Historique")) == 2
    stops(dossier, 2, "5", command="levels set 5")
    stops(dossier, 2, "--dated", command="levels set 1 --dated 2098-01-01")
    assert set(decisions(dossier, f"status {MARCH}").values()) == {"remind"}
