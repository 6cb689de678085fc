"""Fault 87 and fault 94 by e-mail: the process is killed at exact points; the server's count proves "at most once" (I1, I2, I11)."""

import signal
from collections import Counter

import pytest

from dunning_batch.state.journal import Journal
from tests.dossiers import clock
from tests.faults.invariants import stops
from tests.faults.mailed import SECRET, SEND, Victim, dossier, ledger, levels, mail_server, results, sent

ADDRESSES = Counter(["compta@dupont.fr", "compta@martin.fr", "compta@roux.fr"])
ALL_AT_ONE = {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


def killed(tmp_path, server, point, count):
    one = dossier(tmp_path, server)
    server.script.on[point] = victim = Victim(count)
    code, _ = victim.run(tmp_path)
    assert code == -signal.SIGKILL
    server.script.on.clear()
    return one


def kinds(one):
    journal = Journal(one.root / "output/journal.sqlite", "123456782", clock)
    return [event.kind for event in journal.events]


@pytest.mark.parametrize("point", ["HELLO", "EHLO", "AUTH"])
def test_94_killed_before_anything_is_recorded_nothing_happened(tmp_path, point):
    """What fault 94 asks."""
    with mail_server() as server:
        one = killed(tmp_path, server, point, 1)
        assert not (tmp_path / "output/journal.sqlite").exists()
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("point", ["MAIL", "RCPT"])
def test_94_killed_before_data_everybody_still_gets_one(tmp_path, point, count):
    """What fault 94 asks."""
    with mail_server() as server:
        one = killed(tmp_path, server, point, count)
        assert len(server.messages) == count - 1
        stops(one, 6, "resume", command=SEND)
        sent(one, 0, "resume")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE
    assert set(results(one).values()) == {"delivered"}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("point", ["DATA", "DOT"])
def test_87_94_killed_after_it_was_recorded_the_message_is_uncertain_and_sent_by_order_only(tmp_path, point, count):
    """What fault 87 and fault 94 ask."""
    with mail_server() as server:
        one = killed(tmp_path, server, point, count)
        assert kinds(one)[-1] == "sending"
        at_server = count if point == "DOT" else count - 1
        assert len(server.messages) == at_server
        stops(one, 6, "resume", command=SEND)
        done = sent(one, 8, "resume")
        assert done.stderr.count("Nobody knows whether") == 1
        assert len(server.messages) == at_server + 3 - count
        assert sorted(levels(one).values()) == [0, 1, 1]
        if point == "DOT":
            sent(one, 0, "resume --assume-sent all")
        else:
            sent(one, 0, "resume --resend all")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE
    sent(one)


def test_104_paid_before_its_first_row_was_written_and_bounced_it_has_the_level_that_was_sent(tmp_path):
    with mail_server() as server:
        one = killed(tmp_path, server, "DOT", 1)
        paid = ledger("DUPONT", "MARTIN", "ROUX").replace("100.00 | | | 707", "100.00 | | A | 707", 1)
        one.fec(paid + "\nBQ | 2026-02-27 | DUPONT | V1 | | 100.00 | A | 512")
        sent(one, 0, "resume --assume-sent DUPONT")
        one.fec(ledger("DUPONT", "MARTIN", "ROUX"))
        found = sent(one, 0, "status --as-of 2026-02-28 --format json").json
    assert {item["customer"]: item["last_level"] for item in found["items"]} == ALL_AT_ONE
    assert {item["decision"] for item in found["items"]} == {"too_soon"}


def test_94_killed_during_resume_too(tmp_path):
    """What fault 94 asks."""
    with mail_server() as server:
        one = killed(tmp_path, server, "MAIL", 1)
        server.script.on["RCPT"] = victim = Victim(2)
        assert victim.run(tmp_path, "resume")[0] == -signal.SIGKILL
        server.script.on.clear()
        assert len(server.messages) == 1
        sent(one, 0, "resume")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_i1_sending_is_on_the_disk_before_data(tmp_path):
    seen = []
    with mail_server() as server:
        one = dossier(tmp_path, server)
        server.script.on["DATA"] = lambda: seen.append(kinds(one)[-1])
        sent(one)
    assert seen == ["sending"] * 3
    assert kinds(one)[-3:] == ["delivered", "written", "closed"]


def test_i1_a_run_that_records_after_data_is_seen(tmp_path, monkeypatch):
    """The planted defect: without the commit before DATA, the test above turns red."""
    monkeypatch.setattr("dunning_batch.mailing.Journaled.begin", lambda *_: None)
    seen = []
    with mail_server() as server:
        one = dossier(tmp_path, server)
        server.script.on["DATA"] = lambda: seen.append(kinds(one)[-1])
        sent(one)
    assert "sending" not in seen


def test_i3_a_run_that_raises_what_was_planned_is_seen(tmp_path, monkeypatch):
    """The planted defect: levels that do not wait for `delivered` rise for whom the server refused."""

    def planned(record):
        return {item.decision.history.key: (item.decision.next_level, reminder.channel)
                for reminder in record.reminders for item in reminder.items}  # fmt: skip

    monkeypatch.setattr("dunning_batch.delivering.raised_by", planned)
    with mail_server(replies={"RCPT": lambda line: "550 5.1.1 unknown" if "martin" in line else None}) as server:
        one = dossier(tmp_path, server)
        sent(one, 5)
    assert levels(one)["MARTIN"] == 1
