"""One message: on which side of the final dot a failure stands, and what the server was offered (73 to 83, 86, 88 to 90)."""

import smtplib
import socket

import pytest

from dunning_batch.delivery.message import build
from dunning_batch.delivery.server import Server
from dunning_batch.delivery.smtp import Connection, Envelope
from dunning_batch.errors import ConfigurationError, ServerError
from tests.delivery.certificates import authority
from tests.delivery.mails import content, heading
from tests.delivery.mailserver import MailServer

MESSAGE = build(content(text="un\n.\n..deux\n.trois\n"), heading())
TO = Envelope("ab12", "compta@atelier-exemple.fr", MESSAGE.recipients)
SECRET = "s3cret-é-mot"  # noqa: S105 - a test's own


def server_at(server, **changes):
    given = {
        "host": "localhost", "port": server.port, "security": "starttls", "hello": "atelier-exemple.fr",
        "timeout": 0.5, "final_timeout": 0.5, "ca_file": authority(),
    }  # fmt: skip
    return Server(**given | changes)


def send(server, envelope=TO, message=MESSAGE, **changes):
    begun = []
    connection = Connection(server_at(server, **changes))
    try:
        return connection.send(envelope, message.data, lambda: begun.append(server.verbs()[-1])), begun
    finally:
        connection.leave()


def fault(server, **changes):
    with pytest.raises(ServerError) as caught:
        Connection(server_at(server, **changes))
    (problem,) = caught.value.problems
    assert SECRET not in str(caught.value) + repr(caught.value)
    return problem.code


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_arrives_byte_for_byte_over_tls(security):
    with MailServer(tls=security) as server:
        attempt, begun = send(server, security=security, username="me", password=SECRET, login=True)
        assert (attempt.result, attempt.begun, attempt.refused, begun) == ("delivered", True, (), ["RCPT"])
        assert [(one.sender, one.recipients, one.data) for one in server.messages] == [
            (TO.sender, list(TO.recipients), MESSAGE.data)
        ]
        assert server.encrypted == 1


def test_it_is_recorded_after_the_recipients_are_taken_and_before_data():
    with MailServer() as server:
        _, begun = send(server)
        assert begun == ["RCPT"]
        assert server.verbs() == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_75_no_encryption_offered_stops_before_any_login():
    """What fault 75 asks."""
    with MailServer(tls="none") as server:
        assert fault(server, username="me", password=SECRET, login=True) == "no_encryption"
        assert set(server.verbs()) <= {"EHLO", "QUIT"}


def test_75_encryption_refused():
    """What fault 75 asks."""
    with MailServer(replies={"STARTTLS": "454 not now"}) as server:
        assert fault(server, username="me", password=SECRET, login=True) == "server_refuses"
        assert "AUTH" not in server.verbs()


@pytest.mark.parametrize("certificate", ["expired", "another", "alone", "old"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_76_a_certificate_that_proves_nothing(certificate, security):
    """What fault 76 asks."""
    with MailServer(tls=security, certificate=certificate) as server:
        assert fault(server, security=security, username="me", password=SECRET, login=True) == "server_not_trusted"
        assert set(server.verbs()) <= {"EHLO", "STARTTLS"}


def test_76_an_authority_that_nobody_named():
    """What fault 76 asks."""
    with MailServer() as server:
        assert fault(server, ca_file=None) == "server_not_trusted"
        assert server.messages == []


def test_76_a_ca_file_that_is_none(tmp_path):
    """What fault 76 asks."""
    (tmp_path / "ca.pem").write_text("nothing")
    with MailServer() as server, pytest.raises(ConfigurationError):
        Connection(server_at(server, ca_file=tmp_path / "ca.pem"))


def test_73_nobody_there():
    """What fault 73 asks."""
    with MailServer() as server:
        server.stop()
        assert fault(server) == "server_unreachable"
        assert fault(server, host="nowhere.invalid") == "server_unreachable"


@pytest.mark.parametrize("point", ["HELLO", "EHLO", "STARTTLS", "AUTH"])
@pytest.mark.parametrize("how", ["silent", "cut"])
def test_74_silence_before_the_first_message(point, how):
    """What fault 74 asks."""
    script = {"silent": (point,)} if how == "silent" else {"cut": {point: 1}}
    with MailServer(**script) as server:
        assert fault(server, username="me", password=SECRET, login=True) == "server_unreachable"


@pytest.mark.parametrize("greeting", ["554 no", "421 later"])
def test_a_server_that_does_not_want_us(greeting):
    with MailServer(replies={"HELLO": greeting}) as server:
        assert fault(server) == "server_refuses"


@pytest.mark.parametrize(
    "reply",
    ["535 5.7.8 bad", "535 5.7.139 disabled", "550 5.7.30 no basic", "534 5.7.9 app password", "454 4.7.0 later"],
)
def test_77_a_refused_login_is_tried_once(reply):
    """What fault 77 asks."""
    with MailServer(replies={"AUTH": reply}) as server:
        assert fault(server, username="me", password=SECRET, login=True) == "login_refused"
        assert server.verbs().count("AUTH") == 1
        assert "MAIL" not in server.verbs()


def test_77_no_login_offered():
    """What fault 77 asks."""
    with MailServer(features=("SIZE",)) as server:
        assert fault(server, username="me", password=SECRET, login=True) == "login_not_offered"


@pytest.mark.parametrize(("offer", "lines"), [("AUTH PLAIN LOGIN", 1), ("AUTH=LOGIN", 3)])
def test_every_mechanism_of_ours_logs_in(offer, lines):
    with MailServer(features=(offer,)) as server:
        Connection(server_at(server, username="me", password=SECRET, login=True)).leave()
        start = server.verbs().index("AUTH")
        assert len(server.log[start:-1]) == lines


def test_116_a_server_that_repeats_the_password_makes_it_appear_nowhere():
    """What fault 116 asks."""
    def echo(line):
        return f"535 5.7.8 {line.split()[-1]} and {SECRET}"

    with MailServer(replies={"AUTH": echo}) as server, pytest.raises(ServerError) as caught:
        Connection(server_at(server, username="me", password=SECRET, login=True))
    said = repr(caught.value.problems)
    assert SECRET not in said
    assert server.log[-1].split()[-1] not in said
    assert "***" in said
    assert SECRET not in repr(server_at(server, password=SECRET))


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA", "BODY"])
def test_74_a_cut_before_the_dot_is_certainly_not_sent(point):
    """What fault 74 asks."""
    with MailServer(cut={point: 1}) as server:
        big = build(content(pdf=bytes(3_000_000)), heading())
        attempt, begun = send(server, message=big)
        assert attempt.lost
        assert server.messages == []
        if point != "BODY":  # the kernel may have taken the rest of the message already
            assert (attempt.result, attempt.again) == ("failed", True)
        assert attempt.begun == bool(begun) == (point in ("DATA", "BODY"))


def test_74_a_dot_that_the_system_does_not_take_is_certainly_not_sent(monkeypatch):
    """What fault 74 asks: whoever cuts inside the message, the end never left this computer."""
    with MailServer(cut={"BODY": 1}) as server:
        connection = Connection(server_at(server))
        whole = connection._smtp.send

        def send(data):
            if data == b".\r\n":
                raise smtplib.SMTPServerDisconnected
            whole(data)

        monkeypatch.setattr(connection._smtp, "send", send)
        attempt = connection.send(TO, MESSAGE.data, lambda: None)
        assert (attempt.result, attempt.again, attempt.begun, attempt.lost) == ("failed", True, True, True)
        assert server.messages == []


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA"])
def test_74_silence_before_the_dot_is_certainly_not_sent(point):
    """What fault 74 asks."""
    with MailServer(silent=(point,)) as server:
        attempt, _ = send(server)
        assert (attempt.result, attempt.again, attempt.lost) == ("failed", True, True)


def test_74_silence_inside_a_message_larger_than_any_buffer_is_certainly_not_sent():
    """What fault 74 asks: the server reads no more, and the end of the message is still here."""
    with MailServer(silent=("BODY",)) as server:
        server._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection = Connection(server_at(server))
        connection._smtp.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        big = build(content(pdf=bytes(6_000_000)), heading())
        attempt = connection.send(TO, big.data, lambda: None)
        assert (attempt.result, attempt.again, attempt.begun, attempt.lost) == ("failed", True, True, True)


@pytest.mark.parametrize("script", [{"cut": {"DOT": 1}}, {"silent": ("DOT",)}, {"replies": {"DOT": "nonsense"}}])
def test_74_86_no_reply_after_the_dot_is_uncertain(script):
    """What fault 74 and fault 86 ask."""
    with MailServer(**script) as server:
        attempt, _ = send(server)
        assert (attempt.result, attempt.again, attempt.begun) == ("uncertain", False, True)


def test_88_cut_after_the_reply_is_delivered():
    """What fault 88 asks."""
    with MailServer(cut={"AFTER": 1}) as server:
        assert send(server)[0].result == "delivered"
        assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("point", "reply", "result", "again", "blames_address"),
    [
        ("MAIL", "550 5.7.60 not your sender", "refused", False, False),
        ("MAIL", "452 4.3.1 full", "failed", True, False),
        ("RCPT", "450 4.2.0 greylisted", "failed", True, True),
        ("RCPT", "550 5.1.1 unknown", "refused", False, True),
        ("RCPT", "550 unknown", "refused", False, True),
        ("RCPT", "554 5.7.1 relay denied", "refused", False, False),
        ("DATA", "554 no", "refused", False, False),
        ("DATA", "451 later", "failed", True, False),
        ("DOT", "554 5.6.0 content", "refused", False, False),
        ("DOT", "552 5.3.4 too large", "refused", False, False),
        ("DOT", "451 4.3.0 later", "failed", True, False),
    ],
)
def test_80_81_83_84_85_what_a_refusal_means(point, reply, result, again, blames_address):
    """What fault 80, fault 81, fault 83, fault 84 and fault 85 ask."""
    with MailServer(replies={point: [reply]}) as server:
        connection = Connection(server_at(server))
        attempt = connection.send(TO, MESSAGE.data, lambda: None)
        assert (attempt.result, attempt.again, attempt.blames_address, attempt.lost) == (
            result,
            again,
            blames_address,
            False,
        )
        assert str(dict(attempt.error.values)["reply"]) == reply
        assert connection.send(TO, MESSAGE.data, lambda: None).result == "delivered"
        connection.leave()
        assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("reply", "quota", "busy"),
    [("550 5.4.5 daily", True, False), ("550 5.7.232 tenant", True, False), ("454 4.7.0 slow", False, True),
     ("421 4.7.0 closing", False, True)],
)  # fmt: skip
def test_84_quota_and_throttling_are_told_apart(reply, quota, busy):
    """What fault 84 asks."""
    with MailServer(replies={"MAIL": reply}) as server:
        attempt, _ = send(server)
        assert (attempt.quota, attempt.busy, attempt.lost) == (quota, busy, reply.startswith("421"))


def test_82_one_of_several_addresses_refused():
    """What fault 82 asks."""
    def reply(line):
        return "550 5.1.1 unknown" if "bad@" in line else None

    several = Envelope("ab12", TO.sender, ("bad@x.fr", "good@x.fr"), ("archive@x.fr",))
    with MailServer(replies={"RCPT": reply}) as server:
        attempt, _ = send(server, several)
        assert [(address, str(answer)) for address, answer in attempt.refused] == [("bad@x.fr", "550 5.1.1 unknown")]
        assert (attempt.result, attempt.unknown) == ("delivered", ("bad@x.fr",))
        assert server.recipients == ["good@x.fr", "archive@x.fr"]


def test_82_only_the_archive_taken_is_not_delivered():
    """What fault 82 asks."""
    def reply(line):
        return None if "archive@" in line else "550 5.1.1 unknown"

    several = Envelope("ab12", TO.sender, ("bad@x.fr",), ("archive@x.fr",))
    with MailServer(replies={"RCPT": reply}) as server:
        attempt, begun = send(server, several)
        assert (attempt.result, begun, server.messages) == ("refused", [], [])


def test_83_a_message_larger_than_the_server_takes_is_not_begun():
    """What fault 83 asks."""
    with MailServer(features=("SIZE 1000",)) as server:
        attempt, begun = send(server)
        assert (attempt.result, begun) == ("refused", [])
        assert "MAIL" not in server.verbs()


def test_89_nothing_is_used_that_was_not_offered():
    """What fault 89 asks."""
    with MailServer(features=()) as server:
        assert send(server)[0].result == "delivered"
        assert [line for line in server.log if line.upper().startswith(("MAIL", "RCPT"))] == [
            f"mail FROM:<{TO.sender}>", f"rcpt TO:<{TO.recipients[0]}>",
        ]  # fmt: skip


def test_89_what_was_offered_is_used():
    """What fault 89 asks."""
    with MailServer(features=("SIZE 9000000", "DSN")) as server:
        assert send(server)[0].result == "delivered"
        assert [line.split(">")[1] for line in server.log if line.upper().startswith(("MAIL", "RCPT"))] == [
            f" SIZE={len(MESSAGE.data)} RET=HDRS ENVID=ab12", " NOTIFY=FAILURE,DELAY",
        ]  # fmt: skip


def test_90_the_name_given_is_the_one_of_the_configuration():
    """What fault 90 asks."""
    with MailServer() as server:
        send(server)
        assert server.log[0] == "ehlo atelier-exemple.fr"


def test_a_server_that_talks_at_length_is_cut_short():
    with MailServer(replies={"MAIL": "550 " + "x" * 2000}) as server:
        attempt, _ = send(server)
        assert len(str(dict(attempt.error.values)["reply"])) == 300
