"""Fault 94: a sample of the crash matrix is clean, and each of its three planted defects is caught by one kill."""

import re
from contextlib import nullcontext

import pytest

from bench import crash_matrix
from bench.crash_scenes import RUN, open_bench

LAST = re.compile(r"(\d+) kills, (\d+) duplicates, (\d+) losses")
DOT, RENAME = "wait for the reply to dot", f"rename output/.work-{RUN}"
# After the message is handed over, after the plan is committed, and where undo and bounces have recorded what they do.
POINTS = (("email/next", DOT), ("zip/next", RENAME), ("drafts/undo", "rename *"), ("email/bounces", "rename output/.levels.xlsx"))


@pytest.fixture(scope="module")
def bench():
    with open_bench() as found:
        yield found


@pytest.fixture
def counted(bench, capsys, monkeypatch):
    """Kills once: exit code; kills, duplicates and losses of the last line; what was said before it."""
    monkeypatch.setattr(crash_matrix, "open_bench", lambda _: nullcontext(bench))

    def count(*arguments):
        code = crash_matrix.main([*arguments, "--jobs", "1", "--sample", "1"])
        _scene, *said, last = capsys.readouterr().out.splitlines()
        return code, *map(int, LAST.fullmatch(last).groups()), "\n".join(said)

    return count


@pytest.mark.parametrize(("scene", "step"), POINTS, ids=[scene for scene, _ in POINTS])
def test_94_a_sample_of_the_crash_matrix(counted, scene, step):
    code, kills, *rest = counted("--scene", scene, "--step", step)
    assert (code, rest) == (0, [0, 0, ""])
    assert kills >= 1


def test_94_i1_sending_committed_after_data_is_caught(counted):
    code, _, duplicates, _, said = counted("--plant", "sending-late", "--scene", "email/next", "--step", DOT)
    assert (code, duplicates) == (1, 1)
    assert "DUPLICATE" in said


def test_94_98_a_journal_without_its_chain_of_digests_is_caught(counted):
    code, *_, losses, said = counted("--plant", "digest-off", "--scene", "zip/next", "--step", RENAME)
    assert code == 1
    assert losses
    assert '"level": 4 for "level": 2 in its last row' in said


def test_94_i3_a_level_that_rises_on_planned_is_caught(counted):
    code, *_, losses, said = counted("--plant", "level-on-planned", "--scene", "zip/next", "--step", RENAME)
    assert code == 1
    assert losses
    assert "LOSS reminders: missing" in said
