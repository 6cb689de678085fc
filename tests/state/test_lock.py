"""One run at a time: a lock of the operating system that dies with its holder (faults 92, 93; rule S15)."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dunning_batch.errors import OutputError, StateError
from dunning_batch.language import language
from dunning_batch.state.lock import NAME, dossier_lock
from tests.dossiers import clock

HOLD = """
import sys
from pathlib import Path
from dunning_batch.state.lock import dossier_lock
from tests.dossiers import clock
with dossier_lock(Path(sys.argv[1]), clock()):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def holder(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_92_a_second_run_is_told_who_holds_the_dossier(tmp_path, holder):
    """What fault 92 asks."""
    with pytest.raises(StateError) as caught, dossier_lock(tmp_path, clock()):
        pass
    text = language("en").message(caught.value.problems[0].message)
    assert f"process {holder.pid}, 20" in text
    assert holder.poll() is None


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_93_a_killed_holder_is_not_in_the_way(tmp_path, holder):
    """What fault 93 asks."""
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / NAME).exists()
    with dossier_lock(tmp_path, clock()):
        assert f"process {os.getpid()}," in (tmp_path / NAME).read_text()


def test_the_lock_can_be_taken_again(tmp_path):
    for _ in range(2):
        with dossier_lock(tmp_path / "output", clock()):
            pass
    assert stat.S_IMODE((tmp_path / "output" / NAME).stat().st_mode) == 0o600


def test_one_process_cannot_hold_it_twice(tmp_path):
    with dossier_lock(tmp_path, clock()), pytest.raises(StateError), dossier_lock(tmp_path, clock()):
        pass


@pytest.mark.skipif(os.name == "nt", reason="no links")
def test_117_a_link_leading_outside_is_not_written_to(tmp_path):
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / NAME).symlink_to(target)
    with pytest.raises(OutputError), dossier_lock(tmp_path / "output", clock()):
        pass
    assert target.read_text() == "precious"


def test_a_disk_without_locks_is_not_another_run(tmp_path, monkeypatch):
    def no_locks(_descriptor):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("dunning_batch.state.lock._lock", no_locks)
    with pytest.raises(OutputError), dossier_lock(tmp_path, clock()):
        pass


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "output").write_text("")
    with pytest.raises(OutputError), dossier_lock(tmp_path / "output", clock()):
        pass
    (tmp_path / "other" / NAME).mkdir(parents=True)
    with pytest.raises(OutputError), dossier_lock(tmp_path / "other", clock()):
        pass
