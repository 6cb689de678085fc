"""Fault 95 while e-mails leave: Ctrl-C once and twice, the end of the session, a terminal that is closed."""

import os
import signal
import threading
import time
from collections import Counter

import pytest

from tests.faults.invariants import stops
from tests.faults.mailed import SECRET, SEND, Victim, dossier, levels, mail_server, results, sent

ADDRESSES = Counter(["compta@dupont.fr", "compta@martin.fr", "compta@roux.fr"])
ALL_AT_ONE = {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such signals")


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


def patient(tmp_path, server):
    """A dossier that would wait ten minutes for each reply."""
    one = dossier(tmp_path, server)
    text = (tmp_path / "config.toml").read_text().replace("timeout_seconds = 1\n", "timeout_seconds = 600\n")
    one.write("config.toml", text)
    return one


def heard(path, word):
    """Wait until the program has said it."""
    end = time.monotonic() + 50
    while word not in path.read_text() and time.monotonic() < end:
        time.sleep(0.02)


def pressed_twice(tmp_path, server, point):
    """Ctrl-C while the server says nothing at that point, and once more; the exit code."""
    victim, said = Victim(1), tmp_path / "said.txt"

    def press():
        victim.process.send_signal(signal.SIGINT)
        heard(said, "once more to leave at once")
        victim.process.send_signal(signal.SIGINT)

    server.script.on[point], server.script.silent = press, (point,)
    with said.open("wb") as stderr:
        code, _ = victim.run(tmp_path, stderr=stderr)
    server.script.on.clear()
    server.script.silent = ()
    return code, said.read_text()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_95_a_signal_ends_the_run_after_the_message_in_hand(tmp_path, by):
    """What fault 95 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        server.script.on["DATA"] = victim = Victim(1, by)
        code, said = victim.run(tmp_path)
        assert code == 130, said
        assert "resume" in said
        server.script.on.clear()
        assert len(server.messages) == 1
        assert levels(one)["DUPONT"] == 1
        stops(one, 6, "resume", command=SEND)
        sent(one, 0, "resume")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_95_a_signal_ends_the_wait_for_the_next_message(tmp_path):
    """What fault 95 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        text = (tmp_path / "config.toml").read_text().replace("per_minute = 6000", "per_minute = 1")
        one.write("config.toml", text)
        victim = Victim(1)
        server.script.on["DOT"] = lambda: threading.Timer(1, lambda: victim.process.send_signal(signal.SIGINT)).start()
        code, said = victim.run(tmp_path)
        assert code == 130, said
        assert len(server.messages) == 1
    assert levels(one)["DUPONT"] == 1


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA"])
def test_95_a_second_ctrl_c_before_the_dot_drops_the_message_in_hand(tmp_path, point):
    """What fault 95 asks."""
    with mail_server() as server:
        one = patient(tmp_path, server)
        code, said = pressed_twice(tmp_path, server, point)
        assert code == 130, said
        assert "3 messages not sent yet: type dunning-batch resume" in said
        assert server.messages == []
        assert set(levels(one).values()) == {0}
        stops(one, 6, "resume", command=SEND)
        sent(one, 0, "resume")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_95_a_second_ctrl_c_after_the_dot_is_uncertain(tmp_path):
    """What fault 95 asks."""
    with mail_server() as server:
        one = patient(tmp_path, server)
        code, said = pressed_twice(tmp_path, server, "DOT")
        assert code == 8, said
        assert "Nobody knows whether Dupont has" in said
        assert "2 messages not sent yet" in said
        assert len(server.messages) == 1
        assert results(one)["DUPONT"] == "uncertain"
        sent(one, 8, "resume")
        sent(one, 0, "resume --assume-sent all")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def on_a_terminal(tmp_path, victim, command):
    """Run it in a session of its own, on a terminal; what closes the terminal, and what ends the wait for the end."""
    import fcntl
    import pty
    import termios

    master, slave = pty.openpty()

    def session():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    victim.start(tmp_path, command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=session)
    os.close(slave)
    return master


@pytest.mark.parametrize("more", [(), (signal.SIGHUP,), (signal.SIGTERM, signal.SIGHUP)])
def test_95_a_terminal_that_is_closed_ends_the_run_after_the_message_in_hand(tmp_path, more):
    """The system sends one signal or several: the shell passes its own on, the session's end has others (fault 95)."""
    victim, ready = Victim(1), threading.Event()
    with mail_server() as server:
        one = patient(tmp_path, server)

        def close():
            ready.wait(60)
            os.close(master)
            for number in more:
                time.sleep(0.2)
                victim.process.send_signal(number)
            time.sleep(0.2)

        server.script.on["DATA"] = close
        master = on_a_terminal(tmp_path, victim, SEND)
        ready.set()
        assert victim.process.wait(60) == 130
        server.script.on.clear()
        assert len(server.messages) == 1
        assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 0}
        stops(one, 6, "resume", command=SEND)
        sent(one, 0, "resume")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_95_a_run_that_was_to_outlive_its_terminal_sends_everything(tmp_path):
    """`nohup` ignores the signal, and then nothing asks to stop (fault 95)."""
    victim, ready = Victim(1), threading.Event()
    with mail_server() as server:
        one = patient(tmp_path, server)

        def close():
            server.script.on.clear()
            ready.wait(60)
            os.close(master)
            victim.process.send_signal(signal.SIGHUP)

        server.script.on["DATA"] = close
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as a child inherits it
        try:
            master = on_a_terminal(tmp_path, victim, SEND)
        finally:
            signal.signal(signal.SIGHUP, before)
        ready.set()
        assert victim.process.wait(60) == 0
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE
