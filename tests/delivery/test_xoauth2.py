"""Logging in with a token: what is said on the wire, what refusals mean, and a token that ends meanwhile (77, 78, 116)."""

import base64
import contextlib
import json
import time

import pytest

from dunning_batch.delivery.smtp import Connection
from dunning_batch.delivery.tokens import Token
from dunning_batch.errors import ServerError
from dunning_batch.language import language
from tests.delivery.mailserver import MailServer
from tests.delivery.test_smtp import MESSAGE, TO, send, server_at

USER = "compta@atelier-exemple.fr"
FEATURES = ("SIZE 10000000", "AUTH LOGIN XOAUTH2")
HOST = "[PR3P191CA0001.EURP191.PROD.OUTLOOK.COM 2026-11-24T09:00:00.000Z 08DD66EDEFB0DFDF]"


class Tokens:
    """Tokens that are numbered; `lives` seconds each."""

    def __init__(self, user=USER, lives=3600.0):
        self.user, self.lives = user, lives
        self.given: list[Token] = []
        self._good: Token | None = None

    def current(self):
        if self._good is None or self._good.until <= time.monotonic():
            self._good = Token(f"token-{len(self.given) + 1}-" + "ü" * 9, time.monotonic() + self.lives)
            self.given.append(self._good)
        return self._good

    def discard(self, token):
        if self._good is token:
            self._good = None


@contextlib.contextmanager
def connected(server, tokens, username=USER):
    connection = Connection(server_at(server, username=username, login=True, tokens=tokens))
    try:
        yield connection
    finally:
        connection.leave()


def shown(server, tokens=None, username=USER):
    """What a person reads of a login that fails; no token is in it."""
    tokens = tokens or Tokens()
    with pytest.raises(ServerError) as caught, connected(server, tokens, username):
        pass
    (problem,) = caught.value.problems
    text = language("en").message(problem.message)
    for token in tokens.given:
        assert token.value not in text + repr(caught.value)
        assert line_of(token) not in text + repr(caught.value)
    assert "MAIL" not in server.verbs()
    return problem.code, text


def line_of(token, username=USER):
    return base64.b64encode(f"user={username}\x01auth=Bearer {token.value}\x01\x01".encode()).decode()


def logins(server):
    return [line for line in server.log if line.startswith("AUTH")]


def test_the_token_is_in_the_first_line():
    tokens = Tokens()
    with MailServer(features=FEATURES) as server, connected(server, tokens) as connection:
        assert connection.send(TO, MESSAGE.data, lambda: None).result == "delivered"
        assert logins(server) == [f"AUTH XOAUTH2 {line_of(tokens.given[0])}"]
        assert server.encrypted == 1


def test_75_no_token_without_encryption():
    """What fault 75 asks."""
    tokens = Tokens()
    with MailServer(features=FEATURES, tls="none") as server:
        assert shown(server, tokens)[0] == "no_encryption"
        assert logins(server) == []


def test_77_a_server_that_knows_no_such_login():
    """What fault 77 asks."""
    with MailServer(features=("AUTH PLAIN LOGIN",)) as server:
        code, text = shown(server)
        assert (code, logins(server)) == ("login_not_offered", [])
        assert "smtp.office365.com" in text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((f"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit "
         f"https://aka.ms/smtp_auth_disabled for more information. {HOST}"), "for the whole organisation"),
        ((f"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit "
         f"https://aka.ms/smtp_auth_disabled for more information. {HOST}"), "for this mailbox"),
        ((f"535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. "
         f"Contact your administrator. {HOST}"), "security defaults"),
        ((f"535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated "
         f"successfully. Contact your administrator. {HOST}"), "conditional access"),
    ],
)  # fmt: skip
def test_77_a_rule_of_the_organisation_forbids_it(reply, words):
    """One attempt: another token changes nothing (fault 77)."""
    tokens = Tokens()
    with MailServer(features=FEATURES, replies={"AUTH": reply}) as server:
        code, text = shown(server, tokens)
        assert (code, len(logins(server)), len(tokens.given)) == ("login_forbidden", 1, 1)
        assert words in text
        assert "535 5.7.139" in text


@pytest.mark.parametrize(
    "reply",
    [
        f"535 5.7.3 Authentication unsuccessful {HOST}",
        f"535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. {HOST}",
        "501 5.5.124 Invalid XOAUTH2 auth data",
    ],
)
def test_78_a_token_that_is_not_taken_is_fetched_anew_once(reply):
    """What fault 78 asks."""
    tokens = Tokens()
    with MailServer(features=FEATURES, replies={"AUTH": reply}) as server:
        code, text = shown(server, tokens)
        assert code == "sign_in_refused"
        assert logins(server) == [f"AUTH XOAUTH2 {line_of(token)}" for token in tokens.given]
        assert len(tokens.given) == 2
        assert "mail login" in text
    with MailServer(features=FEATURES, replies={"AUTH": [reply]}) as server, connected(server, tokens):
        assert len(tokens.given) == 3


def test_77_signed_in_as_somebody_else():
    """What fault 77 asks."""
    with MailServer(features=FEATURES, replies={"AUTH": "535 5.7.3 Authentication unsuccessful"}) as server:
        _, text = shown(server, Tokens("marie@atelier-exemple.fr"))
        assert f"give marie@atelier-exemple.fr the right to send as {USER}" in text


def challenge(document):
    return "334 " + base64.b64encode(json.dumps(document).encode()).decode()


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (challenge({"status": "401", "schemes": "bearer mac", "scope": "https://mail.example.com/"}), " (401)"),
        (challenge({"status": 400}), " (400)"),
        (challenge({"status": "<b>"}), ""),
        (challenge(["x"]), ""),
        ("334 not base64!", ""),
        ("334", ""),
    ],
)
def test_77_the_reason_in_json_is_answered_with_an_empty_line(first, status):
    """What fault 77 asks."""
    with MailServer(features=FEATURES, replies={"AUTH": first, "": "535 5.7.8 No."}) as server:
        code, text = shown(server)
        assert code == "sign_in_refused"
        assert f"535 5.7.8 No.{status}. " in text
        assert server.log[server.log.index(logins(server)[0]) + 1] == ""


@pytest.mark.parametrize("reply", ["451 4.7.0 Temporary server error. Please try again later. PRX4", "454 4.7.0 later", "421 4.3.2 bye"])
def test_what_may_pass_is_no_refusal_of_the_login(reply):
    tokens = Tokens()
    with MailServer(features=FEATURES, replies={"AUTH": reply}) as server:
        assert shown(server, tokens)[0] == "server_refuses"
        assert len(tokens.given) == 1


@pytest.mark.parametrize(
    "form",
    ["535 5.7.3 {} refused", "535-5.7.3 {0:.400}\r\n535 5.7.3 {0:.400} refused", f"535 5.7.3 {'x ' * 140}{{}}"],
)
def test_116_a_server_that_repeats_the_token_whole_or_in_pieces(form):
    tokens = Tokens()
    tokens.current = lambda: Token("t0ken" * 200, time.monotonic() + 99)
    line = line_of(tokens.current())
    with MailServer(features=FEATURES, replies={"AUTH": lambda said: form.format(said.split()[-1])}) as server:
        _, text = shown(server, tokens)
    assert "***" in text
    assert not any(line[start : start + 30] in text for start in range(60, len(line) - 30))


@pytest.mark.parametrize("point", ["MAIL", "RCPT"])
@pytest.mark.parametrize("reply", ["530 5.7.57 Client not authenticated to send mail.", "535 5.7.3 Authentication unsuccessful"])
def test_78_a_login_that_ended_meanwhile_is_a_connection_that_is_gone(point, reply):
    """What fault 78 asks."""
    tokens, begun = Tokens(), []
    with MailServer(features=FEATURES) as server, connected(server, tokens) as connection:
        connection.send(TO, MESSAGE.data, lambda: None)
        server.script.replies[point] = reply
        attempt = connection.send(TO, MESSAGE.data, lambda: begun.append(1))
        assert (attempt.result, attempt.again, attempt.lost, attempt.begun, begun) == ("failed", True, True, False, [])
        assert tokens.current() is tokens.given[1]


@pytest.mark.parametrize("point", ["DATA", "DOT"])
def test_78_a_login_that_ended_during_a_message_leaves_it_to_be_sent_again(point):
    """What fault 78 asks."""
    script = {"features": FEATURES, "replies": {point: "530 5.7.57 Client not authenticated to send mail."}}
    with MailServer(**script) as server, connected(server, Tokens()) as connection:
        attempt = connection.send(TO, MESSAGE.data, lambda: None)
        assert (attempt.result, attempt.again, attempt.lost, attempt.begun) == ("failed", True, True, True)


def test_78_a_login_that_is_not_there_at_once_stops():
    """What fault 78 asks."""
    script = {"features": FEATURES, "replies": {"MAIL": "530 5.7.57 Client not authenticated to send mail."}}
    with MailServer(**script) as server, connected(server, Tokens()) as connection:
        with pytest.raises(ServerError) as caught:
            connection.send(TO, MESSAGE.data, lambda: None)
        assert caught.value.problems[0].code == "sign_in_refused"


def test_78_a_token_that_has_ended_is_not_used_for_another_message():
    """What fault 78 asks."""
    tokens = Tokens()
    with MailServer(features=FEATURES) as server, connected(server, tokens) as connection:
        connection.send(TO, MESSAGE.data, lambda: None)
        ended = Token("ended", time.monotonic() - 1)
        connection._token = ended
        attempt = connection.send(TO, MESSAGE.data, lambda: None)
        assert (attempt.again, attempt.lost, attempt.begun) == (True, True, False)
        assert len(server.messages) == 1


def test_a_token_that_lives_no_longer_than_its_login_serves_one_message():
    with MailServer(features=FEATURES) as server, connected(server, Tokens(lives=-1)) as connection:
        assert connection.send(TO, MESSAGE.data, lambda: None).result == "delivered"


def test_530_with_a_password_is_what_it_was():
    with MailServer(replies={"MAIL": "530 5.7.0 no"}) as server:
        attempt, _ = send(server)
        assert (attempt.result, attempt.lost) == ("refused", False)
