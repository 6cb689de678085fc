"""Faults 73 to 90c: what a mail server may do at each verb, through the command line, over real TLS."""

import re
import socket
from collections import Counter

import pytest

from tests.faults.invariants import stops
from tests.faults.mailed import SECRET, SEND, dossier, levels, mail_server, results, sent

NAMES = [f"CLIENT{n:02d}" for n in range(20)]
ADDRESSES = Counter(["compta@dupont.fr", "compta@martin.fr", "compta@roux.fr"])
ALL_AT_ONE = {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    monkeypatch.setattr("dunning_batch.delivery.post._FIRST_DELAY", 0.05)
    monkeypatch.setattr("dunning_batch.delivery.post._RECONNECT_DELAY", 0.05)


def configured(one, **values):
    """Change keys of `[email]`."""
    text = (one.root / "config.toml").read_text()
    for key, value in values.items():
        text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
    one.write("config.toml", text)


def recovers(one, server):
    """Once the server is as it should be, everybody gets one message (I11)."""
    server.script.replies, server.script.cut, server.script.silent = {}, {}, ()
    sent(one)
    assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_73_a_host_that_nobody_knows_and_one_that_refuses(tmp_path):
    """What fault 73 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        configured(one, host='"nowhere.invalid"')
        stops(one, 7, "nowhere.invalid", "no server of that name is known", command=SEND)
        configured(one, host='"localhost"')
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        configured(one, port=port)
        stops(one, 7, f"localhost, port {port}", "nothing answers on that port", command=SEND)
        assert server.connections == 0
        configured(one, port=server.port)
        recovers(one, server)


def test_73_a_port_that_is_filtered(tmp_path):
    """What fault 73 asks: no answer at all to the connection; within `timeout_seconds`, or this never ends."""
    with mail_server() as server, socket.create_server(("127.0.0.1", 0), backlog=1) as full:
        port, waiting = full.getsockname()[1], []
        for _ in range(8):  # nobody takes them: the next one is not answered
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(("127.0.0.1", port))
        one = dossier(tmp_path, server)
        configured(one, host='"127.0.0.1"', port=port)
        stops(one, 7, f"127.0.0.1, port {port}", "no answer within 1 seconds", command=SEND)
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize("point", ["HELLO", "EHLO", "STARTTLS", "HANDSHAKE", "AUTH"])
@pytest.mark.parametrize("how", ["silent", "cut"])
def test_74_silent_or_cut_before_the_login_is_done_nothing_is_recorded(tmp_path, point, how):
    """What fault 74 asks of connection, encryption and login; a cut is treated alike."""
    script = {"silent": (point,)} if how == "silent" else {"cut": {point: 1}}
    with mail_server(**script) as server:
        one = dossier(tmp_path, server)
        stops(one, 7, "localhost", command=SEND)
        assert "MAIL" not in server.verbs()
        assert server.verbs().count("AUTH") <= 1
        recovers(one, server)


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA"])
def test_74_silent_at_one_verb_before_the_dot_is_not_sent(tmp_path, point):
    """What fault 74 asks: tried again, then `failed` (see fault 85), the level stays."""
    with mail_server(silent=(point,)) as server:
        one = dossier(tmp_path, server, "DUPONT", email="retries = 1")
        done = sent(one, 5)
        assert "was not delivered" in done.stderr
        assert server.messages == []
        assert results(one) == {"DUPONT": "failed"}
        assert levels(one) == {"DUPONT": 0}
        server.script.silent = ()
        sent(one)
        assert server.recipients == ["compta@dupont.fr"]


def test_74_cut_inside_a_message_that_lay_in_the_buffers_is_never_taken_for_delivered(tmp_path):
    """What fault 74 asks: known as not sent and tried again, or, where the system took it all, uncertain."""
    with mail_server(cut={"BODY": 1}) as server:
        one = dossier(tmp_path, server, "DUPONT")
        done = one.run(f"--lang en {SEND}")
        assert (done.code, results(one), server.recipients) in (
            (0, {"DUPONT": "delivered"}, ["compta@dupont.fr"]), (8, {"DUPONT": "uncertain"}, []),
        )  # fmt: skip
    assert levels(one) == {"DUPONT": 1 if done.code == 0 else 0}


def test_74_86_silent_after_the_dot_is_uncertain(tmp_path):
    """What fault 74 and fault 86 ask."""
    with mail_server(silent=("DOT",)) as server:
        one = dossier(tmp_path, server, "DUPONT")
        sent(one, 8)
        assert len(server.messages) == 1
        stops(one, 6, "resume", command=SEND)
        server.script.silent = ()
        sent(one, 8, "resume")
        assert len(server.messages) == 1
    assert results(one) == {"DUPONT": "uncertain"}
    assert levels(one) == {"DUPONT": 0}


@pytest.mark.parametrize("script", [{"tls": "none"}, {"replies": {"STARTTLS": "454 4.7.0 not now"}}, {"replies": {"STARTTLS": "501 no"}}])
def test_75_no_encryption_no_login_and_no_message(tmp_path, script):
    """What fault 75 asks: not offered (or taken out on the way), refused."""
    with mail_server(**script) as server:
        one = dossier(tmp_path, server)
        configured(one, security='"starttls"')
        stops(one, 7, "localhost", command=SEND)
        assert set(server.verbs()) <= {"EHLO", "STARTTLS", "QUIT"}
        assert server.encrypted == 0


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("alone", "signed by nobody but itself"), ("expired", "has expired"), ("another", "for another name"),
        ("unknown", "an authority that this computer does not know"), ("old", "too old"),
    ],
)  # fmt: skip
def test_76_a_certificate_that_proves_nothing_in_plain_words(tmp_path, security, certificate, reason):
    """What fault 76 asks: no login, and `ca_file` named as the way for a server of one's own."""
    with mail_server(tls=security, certificate="good" if certificate == "unknown" else certificate) as server:
        one = dossier(tmp_path, server)
        if certificate == "unknown":
            configured(one, ca_file='""')
        stops(one, 7, "localhost is not trusted", reason, "[email] ca_file", command=SEND)
        assert set(server.verbs()) <= {"EHLO", "STARTTLS"}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("535 5.7.8 bad credentials", ["username", "once only"]),
        ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled", ["--by drafts"]),
        ("534 5.7.9 Application-specific password required", ["app password"]),
        ("454 4.7.0 temporary", ["later"]),
    ],
)
def test_77_a_login_that_is_refused_is_tried_once_and_has_a_remedy(tmp_path, reply, words):
    """What fault 77 asks."""
    with mail_server(replies={"AUTH": reply}) as server:
        one = dossier(tmp_path, server)
        stops(one, 7, reply.split(" ", 1)[0], *words, command=SEND)
        assert server.verbs().count("AUTH") == 1
        assert "MAIL" not in server.verbs()
        recovers(one, server)


def test_77_a_login_that_is_not_offered(tmp_path):
    """What fault 77 asks."""
    with mail_server(features=("SIZE 10000000",)) as server:
        stops(dossier(tmp_path, server), 7, "offers no login", command=SEND)
        assert "AUTH" not in server.verbs()


@pytest.mark.parametrize("script", [{"cut": {"MAIL": 5}}, {"cut": {"RCPT": 5}}, {"cut": {"DATA": 5}}, {"replies": {"MAIL": [None] * 4 + ["421 4.7.0 bye"]}}])
def test_79_a_connection_that_ends_at_the_fifth_of_twenty_makes_no_double(tmp_path, script):
    """What fault 79 asks."""
    with mail_server(**script) as server:
        one = dossier(tmp_path, server, *NAMES)
        sent(one)
        assert Counter(server.recipients) == Counter(f"compta@{name.lower()}.fr" for name in NAMES)
        assert server.connections >= 2
    assert set(levels(one).values()) == {1}


def test_82_only_the_copy_taken_is_not_delivered(tmp_path):
    """What fault 82 asks: the archive's address alone is nobody's."""
    with mail_server(replies={"RCPT": lambda line: None if "archive@" in line else "550 5.1.1 unknown"}) as server:
        one = dossier(tmp_path, server, "DUPONT", email='bcc = ["archive@x.fr"]')
        sent(one, 5)
        assert server.messages == []
    assert results(one) == {"DUPONT": "refused"}
    assert levels(one) == {"DUPONT": 0}


@pytest.mark.parametrize("point", ["MAIL", "DATA", "DOT"])
def test_83_too_large_only_said_at_a_verb_is_that_reminder_only(tmp_path, point):
    """What fault 83 asks."""
    with mail_server(replies={point: [None, "552 5.3.4 message too large"]}) as server:
        one = dossier(tmp_path, server)
        sent(one, 5)
        assert Counter(results(one).values()) == Counter(["delivered", "refused", "delivered"])
        assert results(one)["MARTIN"] == "refused"
        assert server.verbs().count("MAIL") == 3
    assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 1}


@pytest.mark.parametrize("reply", ["550 5.4.5 Daily user sending limit exceeded", "550 5.7.232 tenant outbound limit", "550 5.1.90 daily limit"])
@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA", "DOT"])
def test_84_a_quota_at_any_verb_stops_and_resume_goes_on(tmp_path, reply, point):
    """What fault 84 asks: a clean stop, nobody left without, nobody reminded twice."""
    with mail_server(replies={point: [None, reply]}) as server:
        one = dossier(tmp_path, server)
        sent(one, 7)
        assert server.verbs().count("MAIL") == 2
        stops(one, 6, "resume", command=SEND)
        server.script.replies = {}
        sent(one, 0, "resume")
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


@pytest.mark.parametrize("reply", ["452 4.5.3 too many", "454 4.7.0 throttled", "421 4.7.0 slow down"])
def test_84_throttling_is_waited_out(tmp_path, reply):
    """What fault 84 asks."""
    with mail_server(replies={"MAIL": [None, reply]}) as server:
        one = dossier(tmp_path, server)
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


@pytest.mark.parametrize("script", [{"replies": {"DOT": "554 5.7.1 spam"}}, {"silent": ("DOT",)}])
def test_85_the_same_for_every_message_stops_after_five(tmp_path, script):
    """What fault 85 asks: not five hundred complaints, nor five hundred timeouts."""
    with mail_server(**script) as server:
        one = dossier(tmp_path, server, *NAMES, email="retries = 1")
        configured(one, timeout_seconds="1", final_timeout_seconds="1")
        done = sent(one, 8 if "silent" in script else 7)
        assert "5 messages in a row" in done.stderr
        assert server.verbs().count("DATA") == 5
    assert set(levels(one).values()) == {0}


@pytest.mark.parametrize("script", [{"cut": {"QUIT": 1}}, {"silent": ("QUIT",)}, {"cut": {"AFTER": 3}}])
def test_88_what_was_taken_is_delivered_whatever_follows(tmp_path, script):
    """What fault 88 asks."""
    with mail_server(**script) as server:
        one = dossier(tmp_path, server)
        done = sent(one)
        assert Counter(server.recipients) == ADDRESSES
        assert "error" not in done.stderr
    assert set(results(one).values()) == {"delivered"}


def test_89_a_server_that_offers_nothing_gets_plain_messages(tmp_path):
    """What fault 89 asks: 7-bit, and no option that was not offered."""
    with mail_server(features=("AUTH PLAIN",)) as server:
        sent(dossier(tmp_path, server, ROUX="marie@société-roux.fr"))
        lines = [line for line in server.log if line.upper().startswith(("MAIL", "RCPT"))]
        assert len(lines) == 6
        assert all(line.endswith(">") for line in lines)
        assert all(message.data.isascii() for message in server.messages)
        assert all(len(line) <= 998 for message in server.messages for line in message.data.split(b"\r\n"))


@pytest.mark.parametrize("name", ["pc_de_jérôme", "PC de Léa", "poste_12"])
@pytest.mark.parametrize("given", ["", "mail.atelier-exemple.fr"])
def test_90_the_computer_s_own_name_is_never_given(tmp_path, monkeypatch, name, given):
    """What fault 90 asks."""
    monkeypatch.setattr(socket, "getfqdn", lambda *_: name)
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", email=f'local_hostname = "{given}"')
        sent(one)
        greetings = [line for line in server.log if line.lower().startswith(("ehlo", "helo"))]
        assert greetings == [f"ehlo {given or 'atelier-exemple.fr'}"] * 2


def test_90c_nothing_of_a_dry_run_says_that_something_was_sent(tmp_path):
    """What fault 90c asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        done = sent(one, command=f"{SEND} --dry-run")
        assert server.connections == 0
    report = (tmp_path / "output/dry-run/2026-02-28-01/report.html").read_text()
    for said in (done.stdout + done.stderr, report):
        visible = re.sub(r"(?is)<style.*?</style>|<[^>]+>", " ", said)
        assert not re.search(r"(?i)\b(sent|delivered)\b", re.sub(r"(?i)(nothing|not) (was |were )?(yet )?(sent|delivered)|not sent yet", "", visible))
    assert set(results(one, "dry-run/2026-02-28-01").values()) <= {"failed", "skipped", ""}
