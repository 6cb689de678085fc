"""Letters by several processes: the same bytes and errors as by one, and no process that outlives the run (fault 72)."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dunning_batch import sharing
from dunning_batch.config.settings import LetterSettings
from dunning_batch.documents.binding import bound
from dunning_batch.documents.papers import load_papers
from dunning_batch.errors import ConfigurationError, OutputError
from dunning_batch.making import Making, with_stationery
from dunning_batch.sharing import makers, processes_for
from tests.documents.letters import LEVELS, LOOK, NOWHERE, SENDER, put_template, reminder, renamed
from tests.documents.test_copies import asking, invoice
from tests.documents.test_letterhead import paper
from tests.dossiers import make_dossier

PATIENCE = 60  # seconds until what never comes has failed
FAILS_FOR_NUMBER_30 = "Subject: Reminder\n\nDear{% if customer.code == '30' %}{{ creditor.name + 1 }}{% endif %}\n\n{{ invoices }}\n"


def making(root=NOWHERE, look=LOOK):
    return Making(SENDER, look, load_papers(root, LEVELS, "fr", SENDER, look))


def numbered(count):
    one = reminder()
    return [replace(one, customer=replace(one.customer, code=str(number))) for number in range(count)]


def made(what, reminders, processes):
    with makers(what, processes) as found:
        return list(found.made(reminders))


@pytest.fixture
def started(monkeypatch):
    """The helpers that are started."""
    found, popen = [], subprocess.Popen

    def start(*arguments, **options):
        found.append(popen(*arguments, **options))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return found


@pytest.fixture
def idle(monkeypatch):
    """This process makes nothing before a helper has answered; what helpers have answered."""
    real, answers, crews, init = sharing.answer_of, [], [], sharing.Makers.__init__

    def noted(self, what):
        init(self, what)
        crews.append(self)

    def waits(what, reminders):
        end = time.monotonic() + PATIENCE
        while crews[-1]._helpers and not crews[-1]._heard.qsize() and time.monotonic() < end:
            time.sleep(0.01)
        return real(what, reminders)

    def heard(answer, what):
        answers.append(answer)
        return with_stationery(answer, what)

    monkeypatch.setattr(sharing.Makers, "__init__", noted)
    monkeypatch.setattr(sharing, "answer_of", waits)
    monkeypatch.setattr(sharing, "with_stationery", heard)
    return answers


def test_the_same_letters_in_the_same_order(idle):
    reminders = [*numbered(60), renamed(reminder(4), "Łódź Αθήνα")]
    alone, helped = (made(making(), reminders, processes) for processes in (1, 2))
    assert idle  # a helper has made some
    assert [bound(one.drawn) for one in helped] == [bound(one.drawn) for one in alone]
    assert helped == alone


def test_stationery_and_copies_of_invoices_too(tmp_path, idle):
    paper(tmp_path / "paper.pdf", extra=lambda canvas: canvas.setTitle("x" * 200_000))  # more than a pipe takes at once
    invoice(tmp_path / "copies/F1.pdf", "Invoice F2026-118", "1 234,56")
    what = making(tmp_path, LetterSettings(letterhead="paper.pdf", invoice_copies="copies"))
    reminders = [asking("F2026-118", 123456) for _ in range(30)]
    alone, helped = (made(what, reminders, processes) for processes in (1, 2))
    assert idle
    assert all(len(one.drawn.sheets) == 2 for one in helped)
    assert [bound(one.drawn) for one in helped] == [bound(one.drawn) for one in alone]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_fails_in_a_helper_is_said_as_by_one_process(tmp_path, processes):
    put_template(tmp_path, "fr", "level1", FAILS_FOR_NUMBER_30)
    what, seen = making(tmp_path), []
    with makers(what, processes) as found, pytest.raises(ConfigurationError) as caught:
        seen.extend(found.made(numbered(60)))
    assert caught.value.problems[0].source.line == 3
    assert len(seen) == 24  # the lots before


def test_a_helper_that_is_killed_stops_the_run_with_one_message(started, idle):
    with makers(making(), 2) as found:
        letters = found.made(numbered(2000))
        next(letters)
        started[0].kill()
        with pytest.raises(OutputError) as caught:
            list(letters)
    assert caught.value.problems[0].code == "helper_ended"


def test_a_defect_in_a_helper_shows_itself_as_what_it_is():
    """Both lots go to the helper, which answers the first one; of the second nobody can make letters."""
    with makers(making(), 2) as found, pytest.raises(AttributeError, match="NoneType"):
        list(found.made([*numbered(sharing._LOT), *[None] * sharing._LOT]))


def test_a_helper_that_cannot_be_started_is_done_without(monkeypatch):
    def fails(*_, **__):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", fails)
    assert len(made(making(), numbered(30), 3)) == 30


def test_where_helpers_cannot_run_letters_are_made_all_the_same(monkeypatch, started):
    monkeypatch.setattr(sharing, "_START", "raise SystemExit(1)")
    monkeypatch.setattr(sharing, "_WAITING", 2)
    assert [one.drawn.about for one in made(making(), numbered(100), 3)] == [one.drawn.about for one in made(making(), numbered(100), 1)]
    assert len(started) == 2


def test_no_helper_is_left(started):
    with pytest.raises(KeyboardInterrupt), makers(making(), 3) as found:  # noqa: PT012
        next(found.made(numbered(500)))
        raise KeyboardInterrupt
    assert len(started) == 2
    assert all(helper.poll() is not None for helper in started)


def test_only_some_lots_wait_for_their_turn(monkeypatch):
    """A helper that does not go on, for whatever reason, does not make this process fill the memory."""
    crew = sharing.Makers(making())

    def takes_the_first(waiting):
        waiting.popleft()
        monkeypatch.setattr(crew, "_hand_out", lambda _: None)

    def never_answers(_waiting, *, patient):
        if patient:
            raise TimeoutError

    monkeypatch.setattr(crew, "_hand_out", takes_the_first)
    monkeypatch.setattr(crew, "_take", never_answers)
    with pytest.raises(TimeoutError):
        next(crew.made(numbered(600)))
    assert len(crew._made) == sharing._WAITING


@pytest.mark.skipif(os.name == "nt", reason="asks /proc or ps for a process")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_helpers_end_with_the_process_that_asks_however_it_ends(end):
    code = (
        "import os, subprocess, sys; from tests.test_sharing import making, numbered; from dunning_batch.sharing import makers\n"
        "popen = subprocess.Popen\n"
        "def start(*a, **k):\n    p = popen(*a, **k); print(p.pid, flush=True); return p\n"
        "subprocess.Popen = start\n"
        f"with makers(making(), 2) as found:\n    next(found.made(numbered(500))); os.kill(os.getpid(), {int(end)})\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == -end, done.stderr
    helper, until = int(done.stdout), time.monotonic() + PATIENCE
    while is_running(helper) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(helper)


def is_running(process):
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.parametrize(
    ("letters", "cores", "processes"), [(1, 8, 1), (299, 8, 1), (300, 8, 2), (300, 1, 1), (10_000, 2, 2), (10_000, 64, 4)]
)
def test_there_are_as_many_processes_as_pay(monkeypatch, letters, cores, processes):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert processes_for(letters) == processes
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert processes_for(letters) == 1


FEC = "jnl | date | customer | name | piece | debit | counter\n" + "\n".join(
    f"VE | 2026-01-15 | C{number:03} | Client {number} | F{number:03} | {100 + number}.00 | 707" for number in range(40)
)
RUN = "--lang en run --yes --as-of 2026-02-28"


@pytest.fixture
def by(monkeypatch):
    return lambda processes: monkeypatch.setattr("dunning_batch.packing.processes_for", lambda _: processes)


def test_a_run_by_two_processes_makes_the_same_files(tmp_path, by, idle):
    trees = []
    for processes in (1, 2):
        by(processes)
        dossier = make_dossier(tmp_path / str(processes), fec=FEC)
        assert dossier.run(RUN).code == 0
        trees.append({name: data for name, data in dossier.tree().items() if name.startswith("output/2026-02-28-01/")})
    assert idle
    assert trees[0] == trees[1]
    assert {"output/2026-02-28-01/letters.zip", "output/2026-02-28-01/print.pdf"} <= set(trees[0])
    assert len(trees[0]) == 44


@pytest.mark.parametrize(("how", "code"), [("killed", 9), ("interrupted", 130)])
def test_a_run_whose_helper_is_killed_or_that_is_interrupted_leaves_nothing(tmp_path, monkeypatch, by, started, idle, how, code):
    by(2)
    dossier = make_dossier(tmp_path, fec=FEC)
    before = dossier.tree()
    bound_ = bound

    def stop(drawn):
        if how == "interrupted":
            raise KeyboardInterrupt
        started[0].kill()
        started[0].wait()
        return bound_(drawn)

    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.packing.bound", stop)
        done = dossier.run(RUN)
    assert done.code == code
    assert "Traceback" not in done.stderr
    assert how == "interrupted" or "A process that made letters ended" in done.stderr
    assert dossier.tree() == before
    assert dossier.run(RUN).code == 0
