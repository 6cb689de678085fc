"""Faults 91 to 110 and 116 to 124 of dossiers that send e-mails: what is refused sees no server, what was sent stays sent."""

import base64
import os
import re
import shutil
import signal
import socket
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest

from tests.dossiers import Dossier
from tests.faults.invariants import clean, ok, stops
from tests.faults.mailed import DAY, SECRET, SEND, dossier, ledger, levels, mail_server, past, sent
from tests.faults.power import cut_power
from tests.faults.test_state import forked, steps_of

MARCH = "run --by email --yes --as-of 2026-03-20"
ADDRESSES = Counter(["compta@dupont.fr", "compta@martin.fr", "compta@roux.fr"])
ALL_AT_ONE = {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


def refused_without_a_connection(one, server, code, *words, command=MARCH):
    """Refused before anything: not a byte, not a connection (I13)."""
    before = server.connections
    done = stops(one, code, *words, command=command)
    assert server.connections == before
    return done


def test_91_again_at_once_nobody_gets_a_second_one(tmp_path, server):
    """What fault 91 asks: the day of the last reminder stands beside each."""
    one = dossier(tmp_path, server)
    sent(one)
    found = sent(one, 0, f"{SEND} --format json").json
    assert found["reminders"] == []
    assert {(item["decision"], item["last_reminded"]) for item in found["items"]} == {("too_soon", "2026-02-28")}
    assert Counter(server.recipients) == ADDRESSES


def test_92_a_second_run_while_messages_leave(tmp_path, server):
    """What fault 92 asks: it names host, process and start; the first is not disturbed."""
    one, said = dossier(tmp_path, server), []

    def second():
        server.script.on.clear()
        said.append(one.spawn(f"--lang en {SEND}"))

    server.script.on["DATA"] = second
    text = (tmp_path / "config.toml").read_text().replace("timeout_seconds = 1\n", "timeout_seconds = 60\n")
    one.write("config.toml", text)
    sent(one)
    (done,) = said
    assert done.returncode == 6, done.stderr
    told = done.stderr.decode()
    assert socket.gethostname() in told
    assert f"process {os.getpid()}" in told
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", told)
    assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def stopped(one, server):
    """A run that a quota stopped after one message."""
    server.script.replies = {"MAIL": [None, "550 5.4.5 daily limit"]}
    sent(one, 7)
    server.script.replies = {}


@pytest.mark.parametrize("damage", [lambda data: data[:5000], lambda _: b"a foreign file" * 500, lambda data: data.replace(b"sending", b"sendinf")])
def test_98_a_damaged_journal_sends_nothing_and_is_left_as_it_is(tmp_path, server, damage):
    """What fault 98 asks, of a run that is unfinished."""
    one = dossier(tmp_path, server)
    stopped(one, server)
    path = tmp_path / "output/journal.sqlite"
    whole = path.read_bytes()
    one.write("output/journal.sqlite", damage(whole))
    for command in (SEND, "resume", "resume --drop", "undo", "levels rebuild"):
        refused_without_a_connection(one, server, 6, "journal.sqlite", command=command)
    path.write_bytes(whole)
    sent(one, 0, "resume")
    assert Counter(server.recipients) == ADDRESSES


def test_98_rows_of_messages_deleted_send_nothing(tmp_path, server):
    """What fault 98 asks: without its row, a message that left would leave again."""
    one = dossier(tmp_path, server)
    stopped(one, server)
    with closing(sqlite3.connect(tmp_path / "output/journal.sqlite")) as connection:
        connection.execute("DELETE FROM event WHERE kind IN ('sending', 'sent')")
        connection.commit()
    refused_without_a_connection(one, server, 6, "journal.sqlite", command="resume")
    assert len(server.messages) == 1


def test_99_102_the_workbook_missing_or_an_older_copy(tmp_path, server):
    """What fault 99 and fault 102 ask: never silently back to level 1, no second e-mail."""
    one = dossier(tmp_path, server)
    sent(one)
    old = (tmp_path / "output/levels.xlsx").read_bytes()
    (tmp_path / "output/levels.xlsx").unlink()
    refused_without_a_connection(one, server, 6, "levels rebuild")
    ok(one, "levels rebuild")
    sent(one, 0, MARCH)
    one.write("output/levels.xlsx", old)
    assert sent(one, 0, f"{MARCH} --format json").json["reminders"] == []
    assert len(server.messages) == 6
    assert levels(one) == {"DUPONT": 2, "MARTIN": 2, "ROUX": 2}


def test_101_102_the_journal_of_another_dossier_or_an_older_copy(tmp_path, server):
    """What fault 101 and fault 102 ask."""
    one = dossier(tmp_path, server)
    sent(one)
    old = (tmp_path / "output/journal.sqlite").read_bytes()
    sent(one, 0, MARCH)
    new = (tmp_path / "output/journal.sqlite").read_bytes()
    one.write("output/journal.sqlite", old)
    april = "run --by email --yes --as-of 2026-04-20"
    refused_without_a_connection(one, server, 6, "journal.sqlite", command=april)
    one.write("output/journal.sqlite", new)
    text = (tmp_path / "config.toml").read_text().replace("123456782", "732829320")
    one.write("config.toml", text)
    (tmp_path / "input/123456782FEC20261231.txt").rename(tmp_path / "input/ledger.txt")
    refused_without_a_connection(one, server, 6, "123456782", "732829320", command=april)


def test_103_the_workbook_changed_before_the_first_message(tmp_path, server, monkeypatch):
    """What fault 103 asks: nothing is sent, and what was written there is honoured by the next run."""
    from dunning_batch import batch

    one = dossier(tmp_path, server)
    assert clean(one.run(SEND)).code == 0
    made, connections = batch.pack, server.connections

    def edited(*arguments):
        packed = made(*arguments)
        one.edit("F-DUPONT", Niveau=2)
        return packed

    with monkeypatch.context() as patched:
        patched.setattr(batch, "pack", edited)
        assert clean(one.run(MARCH)).code == 6
    assert server.connections == connections
    assert not (tmp_path / "output/2026-03-20-01").exists()
    assert clean(one.run(MARCH)).code == 0
    assert len(server.messages) == 6
    assert levels(one) == {"DUPONT": 3, "MARTIN": 2, "ROUX": 2}


def test_106_a_day_before_the_last_run_and_one_in_the_future(tmp_path, server):
    """What fault 106 asks."""
    one = dossier(tmp_path, server)
    sent(one)
    for day in ("2026-02-27", "1970-01-01"):
        refused_without_a_connection(one, server, 6, "2026-02-28-01", command=f"run --by email --yes --as-of {day}")
    refused_without_a_connection(one, server, 2, "lies in the future", "--yes", command="run --by email --as-of 2099-01-31")
    before = server.connections
    assert "lies in the future" in sent(one, command="run --by email --as-of 2099-01-31", answers="n\n").stderr
    assert server.connections == before


def test_107_a_run_over_midnight_has_one_day(tmp_path, server, monkeypatch):
    """What fault 107 asks: the day of its beginning, on every message."""
    paris = timezone(timedelta(hours=1))
    moments = [datetime(2026, 2, 28, 23, 59, 59, tzinfo=paris)]

    def now():
        moments.append(moments[-1] + timedelta(seconds=2))
        return moments[-2]

    monkeypatch.setattr("dunning_batch.cli.running.now", now)
    one = dossier(tmp_path, server)
    found = sent(one, 0, "run --by email --yes --format json").json
    assert moments[-1].date().isoformat() == "2026-03-01"
    assert (found["as_of"], found["run"]) == ("2026-02-28", "2026-02-28-01")
    assert {row["last_reminded"] for row in found["items"]} <= {"2026-02-28", None}
    dates = [re.search(rb"(?m)^Date: (.*)\r$", message.data)[1].decode() for message in server.messages]
    assert len(dates) == 3
    assert len(set(dates)) == 1
    assert dates[0].endswith(" +0100")
    assert {cells[0].date().isoformat() for cells in past(one, "Date").values()} == {"2026-02-28"}


@pytest.mark.parametrize(("zone", "offsets"), [("UTC0", ["+0000"]), ("CET-1CEST,M3.5.0,M10.5.0/3", ["+0100", "+0200"])])
def test_107_the_date_of_a_message_has_an_offset_in_every_zone(tmp_path, server, zone, offsets):
    """What fault 107 asks."""
    one = dossier(tmp_path, server, "DUPONT")
    done = one.spawn(SEND, env=os.environ | {"TZ": zone})
    assert done.returncode == 0, done.stderr
    assert re.search(rb"(?m)^Date: .* ([+-]\d{4})\r$", server.messages[0].data)[1].decode() in offsets


@FORKS
@pytest.mark.parametrize(("lost", "first"), [("contents", 1), ("names", 4)])
def test_110_the_power_fails_at_any_step_of_a_run_that_sends(tmp_path, lost, first):
    """What fault 110 asks: the workbook old or new, what is doubtful uncertain, nobody reminded twice without an order."""
    number, cut, step = first - 6, True, 6
    while cut:
        number += step
        with mail_server() as server:
            one = dossier(tmp_path / f"n{number}", server)
            cut = cut_power(one.root, SEND.split(), number, lost)
            assert all(count == 1 for count in Counter(server.recipients).values()), number
            assert set(levels(one).values()) <= {0, 1}, number
            after = clean(one.run(f"--lang en {SEND}"))
            if after.code == 6:
                after = clean(one.run("--lang en resume"))
            assert after.code in (0, 8), (number, after.stderr)
            if after.code == 8:
                sent(one, 0, "resume --assume-sent all")
            assert all(count == 1 for count in Counter(server.recipients).values()), number
            assert levels(one) == ALL_AT_ONE, number
        shutil.rmtree(one.root)
    assert number > 20


FORMS = (SECRET, base64.b64encode(SECRET.encode()).decode(), base64.b64encode(f"\0compta\0{SECRET}".encode()).decode())


@pytest.mark.parametrize("trouble", ["login", "message", "defect", "none"])
def test_116_no_secret_in_any_file_or_stream_whatever_fails(tmp_path, monkeypatch, trouble):
    """What fault 116 asks, and the same of runs that fail later, by a defect or not at all (I9, S12)."""
    replies = {"login": {"AUTH": f"535 5.7.8 {SECRET} refused"}, "message": {"DOT": f"554 5.6.0 {SECRET.split('-')[0]} no"}}
    with mail_server(replies=replies.get(trouble, {})) as server:
        one = dossier(tmp_path, server)
        if trouble == "defect":
            monkeypatch.setattr("dunning_batch.delivery.smtp.Connection.send", lambda *_: 1 // 0)
        done = one.run(f"-v --lang en {SEND}")
        assert done.code == {"login": 7, "message": 5, "defect": 1, "none": 0}[trouble], done.stderr
        assert server.verbs().count("AUTH") == 1
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert (tmp_path / "dunning-batch.log" in files) == (trouble == "defect")
    for form in FORMS:
        assert form not in done.stdout + done.stderr
        assert [path for path, data in files.items() if form.encode() in data] == []


def test_s14_no_address_is_said_or_logged_without_being_asked_for(tmp_path, server, monkeypatch):
    """S14: at default verbosity the trace of what failed holds no address."""
    one = dossier(tmp_path, server)
    monkeypatch.setattr("dunning_batch.delivery.smtp.Connection.send", lambda *_: 1 // 0)
    done = one.run(f"--lang en {SEND}")
    assert done.code == 1
    assert not (tmp_path / "dunning-batch.log").exists()
    assert "@dupont.fr" not in done.stderr + done.stdout


def test_120_the_number_is_typed_for_e_mails_too_and_growth_is_said(tmp_path, server):
    """What fault 120 asks."""
    one = dossier(tmp_path, server, config="[dunning]\nmax_letters = 2\n")
    refused_without_a_connection(one, server, 2, "--max-letters 3", command=SEND)
    before = one.tree()
    for typed in ("y\n", "2\n", "\n", "yes\n"):
        sent(one, command=f"run --by email {DAY}", answers=typed)
        assert one.tree() == before
    assert server.connections == 0
    sent(one, command=f"run --by email {DAY}", answers="3\n")
    assert Counter(server.recipients) == ADDRESSES
    one.fec(ledger("DUPONT", "MARTIN", "ROUX") + "\nVE | 2026-01-20 | ROUX | F-9 | 90000.00 | | | 707")
    done = sent(one, command="run --by email --as-of 2026-03-20", answers="n\n")
    assert "more than 3 times the 300.00" in done.stderr.replace("\N{EURO SIGN}", "")
    assert len(server.messages) == 3


def test_121_undo_names_the_e_mails_that_cannot_be_unsent(tmp_path, server):
    """What fault 121 asks."""
    one = dossier(tmp_path, server)
    sent(one)
    sent(one, 0, MARCH)
    before = past(one, "Result")
    refused_without_a_connection(one, server, 6, "2026-03-20-01", command="undo 2026-02-28-01")
    done = sent(one, 0, "undo")
    assert all(name in done.stderr for name in ("Dupont", "Martin", "Roux"))
    assert done.stderr.count("cannot be taken back") == 3
    assert levels(one) == ALL_AT_ONE
    after = past(one, "Result")
    assert all(after[code][: len(rows)] == rows and len(after[code]) == len(rows) + 1 for code, rows in before.items())
    tree = one.tree()
    assert "Nothing to undo" in sent(one, 0, "undo 2026-03-20-01").stderr
    assert one.tree() == tree
    assert len(server.messages) == 6


def test_121_undo_of_a_run_whose_messages_wait(tmp_path, server):
    """What fault 121 asks of an unfinished one."""
    one = dossier(tmp_path, server)
    stopped(one, server)
    refused_without_a_connection(one, server, 6, "resume", command="undo")


def test_122_a_ticked_plan_that_the_ledger_has_left_sends_nothing(tmp_path, server):
    """What fault 122 asks, as the contract decides it: the row by name, and nobody is written to until somebody looked."""
    one = dossier(tmp_path, server)
    ok(one, f"plan {DAY}")
    one.fec(ledger("DUPONT", "MARTIN", "ROUX") + "\nBQ | 2026-02-27 | DUPONT | V1 | | 40.00 | | 512")
    refused_without_a_connection(one, server, 4, "F-DUPONT", command=f"{SEND} --selection output/plan-2026-02-28.xlsx")


def test_123_levels_set_sends_nothing(tmp_path, server):
    """What fault 123 asks."""
    one = dossier(tmp_path, server)
    done = sent(one, 0, f"levels set 2 --dated 2026-02-10 {DAY}")
    assert all(piece in done.stdout for piece in ("F-DUPONT", "F-MARTIN", "F-ROUX"))
    assert "nothing was sent" in done.stderr
    assert server.connections == 0
    assert levels(one) == {"DUPONT": 2, "MARTIN": 2, "ROUX": 2}
    assert past(one, "Channel") == {"DUPONT": [None], "MARTIN": [None], "ROUX": [None]}
    assert {tuple(cells) for cells in past(one, "Level").values()} == {(2,)}


@FORKS
@pytest.mark.parametrize("part", range(3))
def test_94_124_drafts_cut_at_any_instant_are_delivered_or_made_again(tmp_path, part):
    """What fault 124 asks of drafts, and fault 94: never uncertain."""
    drafts = f"run --by drafts --yes {DAY}"
    with mail_server() as server:
        calm = dossier(tmp_path / "calm", server)
        count = steps_of(calm, drafts)
        wanted = content_of(calm)
        assert count > 20
        for number in range(1 + part, count + 1, 3):
            one = dossier(tmp_path / f"n{number}", server)
            assert forked(one, drafts, number) == -signal.SIGKILL
            after = clean(one.run(f"--lang en {drafts}"))
            if after.code == 6:
                assert "resume" in after.stderr
                after = clean(one.run("--lang en resume"))
            assert after.code == 0, (number, after.stderr)
            assert "uncertain" not in after.stdout + after.stderr
            assert content_of(one) == wanted, number
            assert levels(one) == ALL_AT_ONE, number
            shutil.rmtree(one.root)
        assert server.connections == 0


def content_of(one: Dossier):
    """The drafts, but for the moment that they bear."""
    found = sorted(one.root.glob("output/20*/drafts/*.eml"))
    return [(path.name, re.sub(rb"(?m)^Date: .*$", b"", path.read_bytes()).count(b"\r\n")) for path in found]
