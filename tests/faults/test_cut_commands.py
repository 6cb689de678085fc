"""Fault 94 of commands that are no run: what `undo` and `bounces` had recorded when they were cut is written later, once."""

import pytest

from dunning_batch import publishing
from tests.dossiers import make_dossier
from tests.faults.invariants import GOOD, levels, ok
from tests.faults.mailed import SECRET, sent
from tests.faults.test_bounces import RUN, notice, results, run_once

FEBRUARY, MARCH = "2026-02-28-01", "2026-03-20-01"


def cut(one, monkeypatch, module, command):
    """The command, killed once the journal has what it did."""

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"dunning_batch.{module}.publish_levels", stop)
        assert one.run(f"--lang en {command}").code == 130


@pytest.fixture
def undone(tmp_path, monkeypatch):
    """Two months, and an `undo` of the second that was cut before it wrote the workbook."""
    one = make_dossier(tmp_path, fec=GOOD)
    ok(one)
    ok(one, "run --by zip --yes --as-of 2026-03-20")
    cut(one, monkeypatch, "recovery", "undo")
    assert levels(one) == {"F001": 2, "F002": 2}
    return one


@pytest.mark.parametrize("command", ["undo", f"undo {MARCH}"])
def test_94_an_undo_that_was_cut_is_finished_when_typed_again_and_undoes_no_other_run(undone, command):
    said = ok(undone, command).stderr
    assert MARCH in said
    assert "2 items are back" in said
    assert levels(undone) == {"F001": 1, "F002": 1}
    assert FEBRUARY in ok(undone, "undo").stderr  # an order of its own
    assert levels(undone) == {"F001": 0, "F002": 0}
    assert "Nothing to undo" in ok(undone, "undo").stderr


@pytest.mark.parametrize("form", ["", " --format json"])
def test_94_an_undo_that_was_cut_is_finished_by_resume(undone, form):
    done = ok(undone, f"resume{form}")
    assert f"undoing of the run {MARCH} was interrupted, and is now finished" in done.stderr
    assert not form or done.json["problems"] == []
    assert levels(undone) == {"F001": 1, "F002": 1}
    before = undone.tree()
    assert "Nothing to resume" in ok(undone, "resume").stderr
    assert undone.tree() == before


def test_94_an_earlier_run_that_is_named_after_a_cut_undo_is_undone_as_ordered(undone):
    ok(undone, f"undo {FEBRUARY}")
    assert levels(undone) == {"F001": 0, "F002": 0}


def test_94_109_what_was_written_into_the_workbook_after_the_cut_is_kept(tmp_path, monkeypatch):
    one = make_dossier(tmp_path, fec=GOOD)
    assert one.run("run --by zip --yes --as-of 2026-02-28").code == 0
    cut(one, monkeypatch, "recovery", "--lang fr undo")
    one.edit("F001", Note="appelé le 3")
    assert one.run("undo").code == 0
    assert {row["Pièce"]: (row["Niveau"], row["Note"]) for row in one.sheet()} == {
        "F001": (0, "appelé le 3"),
        "F002": (0, None),
    }


def test_94_69_the_workbook_still_open_when_a_cut_undo_is_finished(undone, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "digest_of", lambda _: "another")
        assert "levels rebuild" in ok(undone, "resume", 9).stderr
    ok(undone, "resume")
    assert levels(undone) == {"F001": 1, "F002": 1}


AFTER = {
    "the same command": "bounces notices",
    "resume": "resume",
    "a run": "run --by auto --yes --as-of 2026-03-20",
    "undo": "undo",
    "a rebuilt workbook": "levels rebuild",
}


@pytest.mark.parametrize("command", AFTER.values(), ids=AFTER)
def test_81_94_notices_that_were_recorded_when_cut_reach_the_reports_with_the_next_command(tmp_path, monkeypatch, command):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    one = run_once(tmp_path, "DUPONT", "MARTIN")
    notice(one, "DUPONT")
    cut(one, monkeypatch, "bouncing", "bounces notices")
    assert results(one)["DUPONT"] == "delivered"
    if command.startswith("run"):  # to MARTIN nothing goes without a server
        command += " --exclude-customer MARTIN"
    sent(one, 0, command)
    assert results(one) == {"DUPONT": "refused", "MARTIN": "delivered"}
    report = (tmp_path / "output" / RUN / "report.html").read_text()
    assert report.count(">refused: came back: ") == 1
