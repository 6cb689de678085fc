"""The journal: rows only added, each with a digest over the row before; what is damaged is refused, never mended."""

import json
import os
import shutil
import signal
import sqlite3
import stat
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dunning_batch.errors import OutputError, StateError
from dunning_batch.language import language
from dunning_batch.state.journal import Journal
from tests.dossiers import clock

CREDITOR = "123456782"
STEPS = [("planned", {"run": "2026-02-28-01"}), ("delivered", {"run": "2026-02-28-01"}), ("closed", {"é": "€"})]


def written(folder: Path) -> Path:
    path = folder / "journal.sqlite"
    journal = Journal(path, CREDITOR, clock)
    for step in STEPS:
        journal.append(step)
    return path


def refusal(path: Path, creditor: str = CREDITOR) -> str:
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StateError) as caught:
        Journal(path, creditor, clock)
    assert (path.read_bytes() if path.is_file() else b"") == before, "the file was changed"
    (problem,) = caught.value.problems
    assert language("en").message(problem.message)
    return problem.code


def changed(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()


def test_what_is_appended_is_read_again(tmp_path):
    journal = Journal(written(tmp_path), CREDITOR, clock)
    assert [(one.number, one.kind, one.body) for one in journal.events] == [
        (1, "opened", {"creditor": CREDITOR}),
        *((number, kind, body) for number, (kind, body) in enumerate(STEPS, 2)),
    ]
    assert all(one.at.endswith("+00:00") for one in journal.events)


def test_several_steps_are_one_transaction(tmp_path):
    path = written(tmp_path)
    journal = Journal(path, CREDITOR, clock)
    with pytest.raises(TypeError):
        journal.append(("good", {}), ("bad", {"a set is no JSON": {1}}))
    assert len(Journal(path, CREDITOR, clock).events) == len(journal.events) == 4
    journal.append(("one", {}), ("two", {}))
    assert [event.kind for event in Journal(path, CREDITOR, clock).events[4:]] == ["one", "two"]


def test_a_journal_that_is_not_there_is_not_made_by_opening(tmp_path):
    assert Journal(tmp_path / "output" / "journal.sqlite", CREDITOR, clock).events == []
    assert not (tmp_path / "output").exists()


def test_118_the_journal_is_its_owner_s(tmp_path):
    path = written(tmp_path / "output")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_there_is_no_write_ahead_log(tmp_path):
    with closing(sqlite3.connect(written(tmp_path))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_101_a_journal_of_another_creditor_or_a_newer_program_is_refused(tmp_path):
    """What fault 101 asks."""
    path = written(tmp_path)
    assert refusal(path, "987654321") == "journal_of_another"
    changed(path, "PRAGMA user_version = 3")
    assert refusal(path) == "journal_newer"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM event WHERE number = 1",
        "DELETE FROM event WHERE number = 2",
        "DELETE FROM event",
        "UPDATE event SET number = number + 1 WHERE number = 4",
        "UPDATE event SET body = replace(body, '01', '02') WHERE number = 2",
        "UPDATE event SET kind = 'drooped' WHERE number = 3",
        "UPDATE event SET at = '2020-01-01' WHERE number = 3",
        "UPDATE event SET digest = 'x' WHERE number = 4",
        "UPDATE event SET digest = x'00' WHERE number = 4",
        "UPDATE event SET body = x'00' WHERE number = 4",
        "UPDATE event SET digest = (SELECT digest FROM event WHERE number = 2) WHERE number = 3",
        "INSERT INTO event VALUES (5, '', 'closed', '{}', '')",
        "INSERT INTO event VALUES (-1, '', 'closed', '{}', '')",
        "ALTER TABLE event RENAME TO events",
        "ALTER TABLE event ADD COLUMN more TEXT",
        "CREATE TABLE other (x)",
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END",
        "PRAGMA user_version = 0",
    ],
)
def test_98_a_journal_changed_by_hand_is_refused(tmp_path, sql):
    """What fault 98 asks."""
    path = written(tmp_path)
    changed(path, sql)
    assert refusal(path) == "journal_damaged"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00", b"\x00" * 8192])
def test_98_a_foreign_file_in_its_place_is_refused(tmp_path, content):
    """What fault 98 asks."""
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    assert refusal(path) == "journal_damaged"


def test_98_another_database_in_its_place_is_refused(tmp_path):
    """What fault 98 asks."""
    path = tmp_path / "journal.sqlite"
    changed(path, "CREATE TABLE places (name)")
    assert refusal(path) == "journal_damaged"


def test_98_a_folder_in_its_place_is_refused(tmp_path):
    """What fault 98 asks."""
    path = tmp_path / "journal.sqlite"
    path.mkdir()
    assert refusal(path) == "journal_unreachable"


def test_98_every_cut_is_refused(tmp_path):
    """What fault 98 asks."""
    path = written(tmp_path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 512):
        path.write_bytes(whole[:length])
        assert refusal(path) == "journal_damaged", f"cut at {length}"


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_98_a_flipped_bit_is_refused_or_changes_nothing(tmp_path, data):
    """What fault 98 asks."""
    path = written(tmp_path) if not (tmp_path / "whole").exists() else tmp_path / "journal.sqlite"
    if not (tmp_path / "whole").exists():
        shutil.copy(path, tmp_path / "whole")
    whole = bytearray((tmp_path / "whole").read_bytes())
    place = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[place // 8] ^= 1 << (place % 8)
    path.write_bytes(whole)
    try:
        found = Journal(path, CREDITOR, clock)
    except StateError:
        return
    assert [(one.kind, one.body) for one in found.events[1:]] == STEPS


def test_98_a_flipped_bit_in_text_is_always_refused(tmp_path):
    """What fault 98 asks."""
    path = written(tmp_path)
    whole = path.read_bytes()
    place = whole.index(b"2026-02-28-01")
    for bit in range(13 * 8):
        damaged = bytearray(whole)
        damaged[place + bit // 8] ^= 1 << (bit % 8)
        path.write_bytes(damaged)
        assert refusal(path) == "journal_damaged"


def test_93_a_step_that_was_cut_is_rolled_back(tmp_path):
    """What fault 93 asks."""
    path = written(tmp_path)
    cut = tmp_path / "cut" / path.name
    cut.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(5, 200):
            connection.execute("INSERT INTO event VALUES (?, '', 'x', ?, '')", (number, "x" * 4000))
        # As a power cut leaves it: half of the step in the file, and the log to take it back.
        shutil.copy(path, cut)
        shutil.copy(f"{path}-journal", f"{cut}-journal")
        connection.execute("ROLLBACK")
    assert cut.stat().st_size > 100_000
    assert [(event.kind, event.body) for event in Journal(cut, CREDITOR, clock).events[1:]] == STEPS


def test_98_a_step_whose_log_is_lost_is_refused_or_never_was(tmp_path):
    """What fault 98 asks."""
    path = written(tmp_path)
    whole = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(5, 200):
            connection.execute("INSERT INTO event VALUES (?, '', 'x', ?, '')", (number, "x" * 4000))
        half = path.read_bytes()
        connection.execute("COMMIT")
    page, new = 4096, path.read_bytes()
    # Every mixture of old and new pages that a disk may hold after a power cut.
    for old in range(len(whole) // page):
        start = old * page
        for mixed in (new[:start] + whole[start : start + page] + new[start + page :], half[:start] + new[start:]):
            path.write_bytes(mixed)
            try:
                events = Journal(path, CREDITOR, clock).events
            except StateError:
                continue
            assert [(event.kind, event.body) for event in events[1:]] == STEPS


@pytest.mark.skipif(os.name == "nt", reason="no links")
def test_117_a_link_leading_outside_is_not_followed(tmp_path):
    path = tmp_path / "output" / "journal.sqlite"
    path.parent.mkdir()
    path.symlink_to(written(tmp_path))
    with pytest.raises(OutputError):
        Journal(path, CREDITOR, clock)


def test_68_a_full_disk_is_said_and_nothing_is_lost(tmp_path, monkeypatch):
    """What fault 68 asks."""
    path = written(tmp_path)
    journal = Journal(path, CREDITOR, clock)
    connect = sqlite3.connect

    def full(*args, **kwargs):
        connection = connect(*args, **kwargs)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", full)
    with pytest.raises(OutputError) as caught:
        journal.append(("big", {"x": "x" * 100_000}))
    assert "full" in language("en").message(caught.value.problems[0].message)
    monkeypatch.undo()
    journal.append(("small", {}))
    assert [event.kind for event in Journal(path, CREDITOR, clock).events[-2:]] == ["closed", "small"]


def test_a_cut_at_the_first_row_leaves_no_journal(tmp_path, monkeypatch):
    def cut(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("dunning_batch.state.journal.replace", cut)
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".journal.sqlite.left").touch()  # as SIGKILL leaves it
    monkeypatch.undo()
    written(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["journal.sqlite"]


def test_a_journal_in_use_is_not_called_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr("dunning_batch.state.journal._PATIENCE_SECONDS", 0.05)
    path = written(tmp_path)
    journal = Journal(path, CREDITOR, clock)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert refusal(path) == "journal_unreachable"
        with pytest.raises(OutputError):
            journal.append(("late", {}))
    journal.append(("later", {}))
    assert Journal(path, CREDITOR, clock).events[-1].kind == "later"


def test_two_programs_never_write_the_same_row(tmp_path):
    path = written(tmp_path)
    one, other = Journal(path, CREDITOR, clock), Journal(path, CREDITOR, clock)
    one.append(("mine", {}))
    with pytest.raises(OutputError):
        other.append(("theirs", {}))
    assert [event.kind for event in Journal(path, CREDITOR, clock).events[4:]] == ["mine"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "output").write_text("in the way")
    with pytest.raises(OutputError):
        Journal(tmp_path / "output" / "journal.sqlite", CREDITOR, clock).append(("x", {}))


def test_kept_open_every_step_is_on_the_disk_before_the_next(tmp_path):
    path = written(tmp_path)
    journal, beside = Journal(path, CREDITOR, clock), tmp_path / "journal.sqlite-journal"
    with journal.kept_open():
        for number in range(5):
            journal.append(("sending", {"id": number}))
            assert [event.body for event in Journal(path, CREDITOR, clock).events[4:]] == [{"id": n} for n in range(number + 1)]
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert [other.name for other in tmp_path.iterdir()] == [path.name]
    assert Journal(path, CREDITOR, clock).events == journal.events


@pytest.mark.parametrize("kept", [True, False])
def test_110_every_step_is_synced_whether_the_file_is_kept_open_or_not(tmp_path, monkeypatch, kept):
    """Both ways end a step with a sync: of the folder whose name is gone, or of the file that is voided (fault 110)."""
    journal, connections, connect = Journal(written(tmp_path), CREDITOR, clock), [], sqlite3.connect

    class Looked(sqlite3.Connection):
        def close(self):
            connections.append([self.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")])
            super().close()

    monkeypatch.setattr(sqlite3, "connect", lambda *args, **named: connect(*args, factory=Looked, **named))
    if kept:
        monkeypatch.setattr("dunning_batch.state.journal._Kept.close", lambda kept: kept._connection and kept._connection.close())
        with journal.kept_open():
            journal.append(("one", {}))
    else:
        journal.append(("one", {}))
    assert connections == [[3, "persist" if kept else "delete"]]  # 3: EXTRA


@pytest.mark.skipif(os.name == "nt", reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_93_what_is_kept_open_when_the_program_is_killed_is_whole(tmp_path):
    """What fault 93 asks."""
    path = written(tmp_path)
    child = os.fork()
    if child == 0:
        journal = Journal(path, CREDITOR, clock)
        with journal.kept_open():
            journal.append(("sending", {}))
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert (tmp_path / "journal.sqlite-journal").exists()
    journal = Journal(path, CREDITOR, clock)
    assert journal.events[-1].kind == "sending"
    journal.append(("sent", {}))
    assert [other.name for other in tmp_path.iterdir()] == [path.name]
    assert [event.kind for event in Journal(path, CREDITOR, clock).events[-2:]] == ["sending", "sent"]


def test_kept_open_a_file_that_is_replaced_or_taken_away_is_noticed(tmp_path):
    path = written(tmp_path)
    shutil.copy(path, tmp_path / "older")
    journal = Journal(path, CREDITOR, clock)
    with journal.kept_open():
        journal.append(("sending", {}))
        (tmp_path / "older").replace(path)
        journal.append(("sent", {}))
        assert refusal(path) == "journal_damaged"  # the row that is lost is missed, not overwritten
        path.unlink()
        with pytest.raises(OutputError):
            journal.append(("sending", {}))


def test_68_kept_open_a_full_disk_is_said_and_nothing_is_lost(tmp_path, monkeypatch):
    """What fault 68 asks."""
    path = written(tmp_path)
    journal = Journal(path, CREDITOR, clock)
    with journal.kept_open():
        journal.append(("sending", {}))
        kept = journal._kept._connection
        kept.execute(f"PRAGMA max_page_count = {kept.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(OutputError):
            journal.append(("big", {"x": "x" * 100_000}))
        journal.append(("small", {}))
    assert [other.name for other in tmp_path.iterdir()] == [path.name]
    assert [event.kind for event in Journal(path, CREDITOR, clock).events[-2:]] == ["sending", "small"]


def test_72_what_a_large_run_recorded_stays_text(tmp_path):
    path = written(tmp_path)
    rows = [{"key": f"K{number}", "customer": f"C{number}", "due": "2026-01-31", "open": number} for number in range(5000)]
    Journal(path, CREDITOR, clock).append(("delivered", {"rows": rows}))
    tracemalloc.start()
    journal = Journal(path, CREDITOR, clock)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 2 * len(json.dumps(rows))
    assert journal.events[-1].body["rows"] == rows
    assert [event.kind for event in journal.events[-2:]] == ["closed", "delivered"]
    assert journal.events != journal.events[1:]
