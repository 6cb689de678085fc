"""Notices that come back after a run: refused for good, the level back by that reminder, the address none (81, 82)."""

import json
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.delivery import notices
from tests.faults.invariants import stops
from tests.faults.mailed import SECRET, SEND, dossier, levels, mail_server, past, results, sent

RUN = "2026-02-28-01"
LATER = "--as-of 2026-03-20"


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


def message_ids(one, run=RUN):
    """Customer -> the Message-ID of the reminder in that run."""
    found = json.loads((one.root / "output" / run / "run.json").read_text())
    return {reminder["customer"]: reminder["message_id"] for reminder in found["reminders"]}


def address(customer):
    return f"compta@{customer.lower()}.fr"


def notice(one, customer, run=RUN, to="", number=1):
    identity = f"<notice{number}.{customer}@mx.example>"
    data = notices.postfix(to or address(customer), message_ids(one, run)[customer], identity)
    return one.write(f"notices/{customer}-{run}-{number}.eml", data)


def bounce(one, code=0, command="bounces notices"):
    return sent(one, code, command)


def journal(one):
    with closing(sqlite3.connect(one.root / "output" / "journal.sqlite")) as connection:
        return [json.loads(body) for (body,) in connection.execute("SELECT body FROM event WHERE kind = 'bounced'")]


def run_once(folder, *customers, **emails):
    with mail_server() as server:
        one = dossier(folder, server, *customers, **emails)
        sent(one)
    return one


def test_81_what_came_back_is_refused_and_its_level_goes_back(tmp_path):
    """What fault 81 asks."""
    one = run_once(tmp_path)
    notice(one, "DUPONT")
    found = bounce(one)
    (row,) = [line for line in found.stdout.splitlines() if line.startswith("DUPONT")]
    assert row.split()[:3] == ["DUPONT", "Dupont", "compta@dupont.fr"]
    assert row.split()[-1] == "0"
    assert "5.1.1" in row
    assert levels(one) == {"DUPONT": 0, "MARTIN": 1, "ROUX": 1}
    assert past(one, "Result") == {"DUPONT": ["delivered", "refused"], "MARTIN": ["delivered"], "ROUX": ["delivered"]}
    assert past(one, "Recipient")["DUPONT"] == ["compta@dupont.fr"] * 2
    assert results(one) == {"DUPONT": "refused", "MARTIN": "delivered", "ROUX": "delivered"}
    assert "refused" in (tmp_path / "output" / RUN / "report.html").read_text()
    (step,) = journal(one)
    assert (step["customer"], step["addresses"]) == ("DUPONT", ["compta@dupont.fr"])
    assert "5.1.1" in step["reasons"][0]


@pytest.mark.parametrize("form", notices.FORMS.values(), ids=notices.FORMS)
def test_81_each_mail_system_is_understood(tmp_path, form):
    """What fault 81 asks."""
    one = run_once(tmp_path, "DUPONT")
    data = form().replace(notices.MESSAGE_ID.strip("<>").encode(), message_ids(one)["DUPONT"].strip("<>").encode())
    if form is notices.exchange_words:
        pytest.skip("its body is encoded: the Message-ID cannot be put into it here")
    one.write("notices/one.eml", data)
    bounce(one)
    assert levels(one) == {"DUPONT": 0}


def test_81_the_next_run_sends_the_same_level_by_post_and_nobody_rises_twice(tmp_path):
    """What fault 81 asks."""
    one = run_once(tmp_path)
    notice(one, "DUPONT")
    bounce(one)
    again = sent(one, command="run --by auto --yes --as-of 2026-02-28 --format json").json
    assert [(r["customer"], r["level"], r["channel"], r["result"]) for r in again["reminders"]] == [
        ("DUPONT", 1, "zip", "delivered")
    ]
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


def test_81_by_e_mail_alone_there_is_no_channel_until_the_address_is_changed(tmp_path):
    """What fault 81 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        sent(one)
        notice(one, "DUPONT")
        bounce(one)
        sent(one, 5)
        assert levels(one) == {"DUPONT": 0}
        customers = tmp_path / "input" / "customers.csv"
        customers.write_text(customers.read_text().replace("compta@dupont.fr", "marie@dupont.fr"))
        sent(one)
        assert server.recipients == ["compta@dupont.fr", "marie@dupont.fr"]
        assert levels(one) == {"DUPONT": 1}
        # The old address again, in another notice: the new one has the reminder.
        notice(one, "DUPONT", number=2)
        assert "counts as none already" in bounce(one).stderr
        assert levels(one) == {"DUPONT": 1}


def test_the_same_notice_twice_counts_once(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    path = notice(one, "DUPONT")
    one.write("notices/all.mbox", notices.box(path.read_bytes(), path.read_bytes()))
    bounce(one)
    before = one.tree()
    assert "Nothing has come back" in bounce(one).stderr
    assert one.tree() == before
    assert (len(journal(one)), levels(one)) == (1, {"DUPONT": 0})


@pytest.mark.parametrize("form", [form for forms in notices.OTHERS.values() for form in forms])
def test_what_is_no_failure_changes_nothing(tmp_path, form):
    one = run_once(tmp_path, "DUPONT")
    data = form().replace(notices.MESSAGE_ID.encode(), message_ids(one)["DUPONT"].encode())
    one.write("notices/one.eml", data)
    before = one.tree()
    assert "nothing changes" in bounce(one, command="-v bounces notices").stderr or form is notices.answer
    assert one.tree() == before


def test_a_notice_of_nobody_is_told_and_left(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    one.write("notices/one.eml", notices.postfix())
    before = one.tree()
    assert "names no reminder of this dossier" in bounce(one).stderr
    assert one.tree() == before


def test_82_one_of_several_addresses_is_marked_and_the_level_goes_back_only_with_the_last(tmp_path):
    """What fault 82 asks."""
    two = "compta@dupont.fr,marie@dupont.fr"
    one = run_once(tmp_path, "DUPONT", DUPONT=two)
    notice(one, "DUPONT")
    assert "(others have it)" in bounce(one).stdout
    assert (levels(one), results(one)) == ({"DUPONT": 1}, {"DUPONT": "delivered"})
    with mail_server() as server:
        config = tmp_path / "config.toml"
        port = config.read_text().partition("port = ")[2].split()[0]
        config.write_text(config.read_text().replace(f"port = {port}", f"port = {server.port}"))
        sent(one, command=f"run --by email --yes {LATER}")
        assert server.recipients == ["marie@dupont.fr"]
    notice(one, "DUPONT", to="marie@dupont.fr", number=2)
    notice(one, "DUPONT", run="2026-03-20-01", to="marie@dupont.fr", number=3)
    bounce(one)
    assert levels(one) == {"DUPONT": 0}
    assert past(one, "Level")["DUPONT"] == [1, 2, 1, 0]


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (0,)])
def test_two_reminders_that_came_back_take_the_level_to_the_start_in_any_order(tmp_path, order):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        sent(one)
        sent(one, command=f"run --by email --yes {LATER}")
    paths = {1: notice(one, "DUPONT"), 2: notice(one, "DUPONT", run="2026-03-20-01", number=2), 0: tmp_path / "notices"}
    for number in order:
        bounce(one, command=f"bounces {paths[number]}")
    assert levels(one) == {"DUPONT": 0}


def test_a_run_that_was_undone_keeps_its_levels_and_the_address_is_none(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    notice(one, "DUPONT")
    sent(one, command="undo")
    assert "was undone" in bounce(one).stderr
    assert levels(one) == {"DUPONT": 0}
    sent(one, 5)


def test_a_level_changed_by_hand_since_stays(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    notice(one, "DUPONT")
    sent(one, command="levels set 3 --dated 2026-03-01 --as-of 2026-03-01")
    assert "stays as it is" in bounce(one).stderr
    assert levels(one) == {"DUPONT": 3}


def test_the_copy_for_the_archive_is_no_customer(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", email='bcc = ["archive@atelier-exemple.fr"]')
        sent(one)
    notice(one, "DUPONT", to="archive@atelier-exemple.fr")
    assert "archive" in bounce(one).stderr
    assert levels(one) == {"DUPONT": 1}


def test_forwarded_to_another_address_it_is_the_only_recipient_that_is_meant(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    data = notices.report(
        notices.block("boite@dupont.onmicrosoft.com", original=False), message_id=message_ids(one)["DUPONT"]
    )
    one.write("notices/one.eml", data)
    bounce(one)
    assert levels(one) == {"DUPONT": 0}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_e_mail_stops_before_anything_is_written(tmp_path, content):
    one = run_once(tmp_path, "DUPONT")
    notice(one, "DUPONT")
    one.write("notices/bad.eml", content)
    stops(one, 4, "bad.eml", command="bounces notices")


def test_a_message_nested_without_end_is_said_and_the_others_count(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    notice(one, "DUPONT")
    one.write("notices/bomb.eml", notices.bomb())
    assert "bomb.eml" in bounce(one).stderr
    assert levels(one) == {"DUPONT": 0}


def test_an_unfinished_run_comes_first(tmp_path):
    with mail_server(cut={"AFTER": 1, "DOT": 1}) as server:
        one = dossier(tmp_path, server, "DUPONT")
        one.run(f"--lang en {SEND}")
    notice(one, "DUPONT")
    stops(one, 6, "resume", command="bounces notices")


def test_controls_reach_no_terminal_and_no_workbook(tmp_path):
    one = run_once(tmp_path, "DUPONT")
    hostile = "550 5.1.1 \x1b]0;x\x07\x1b[31m=HYPERLINK(1) {to}"
    data = notices.report(notices.block(diagnostic=hostile), message_id=message_ids(one)["DUPONT"])
    one.write("notices/one.eml", data)
    found = bounce(one)
    assert "\x1b" not in found.stdout + found.stderr
    assert b"\\u001b" not in json.dumps(journal(one)).encode()


def test_69_the_levels_workbook_open_at_the_start_stops(tmp_path):
    """What fault 69 asks."""
    one = run_once(tmp_path, "DUPONT")
    notice(one, "DUPONT")
    one.write("output/.~lock.levels.xlsx#", "somebody")
    stops(one, 6, "levels.xlsx", command="bounces notices")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(back=st.sets(st.sampled_from(["DUPONT", "MARTIN", "ROUX"]), min_size=1))
def test_who_came_back_gets_the_same_level_by_post_and_nobody_else_anything(tmp_path_factory, back):
    one = run_once(tmp_path_factory.mktemp("dossier"))
    for customer in back:
        notice(one, customer)
    bounce(one)
    again = sent(one, command="run --by auto --yes --as-of 2026-02-28 --format json").json
    assert {(r["customer"], r["level"], r["channel"]) for r in again["reminders"]} == {
        (code, 1, "zip") for code in back
    }
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
