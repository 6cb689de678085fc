"""Signing in to Microsoft: by a code, then silently, against an authority of the test's own (faults 77, 78, 115, 116)."""

import sys

import msal
import pytest
import requests

from dunning_batch.delivery import vault
from dunning_batch.delivery.microsoft import Account, SignIn, kept_sign_in, lacking
from dunning_batch.errors import ConfigurationError, OutputError, ServerError
from dunning_batch.language import language
from tests.delivery import entra as authority
from tests.delivery import keyrings
from tests.delivery.entra import CLIENT_ID, PENDING, USER, Answer, refusal

ACCOUNT = Account(USER, CLIENT_ID, "organizations", 30)


@pytest.fixture
def clock(monkeypatch):
    found = authority.Time()
    monkeypatch.setattr("msal.oauth2cli.oauth2.time", found)
    return found


@pytest.fixture
def backend(monkeypatch):
    return keyrings.install(monkeypatch)


@pytest.fixture
def entra(monkeypatch, backend, clock):
    return authority.install(monkeypatch)


def signed_in(account=ACCOUNT):
    one = SignIn(account)
    one.invite()
    one.wait()
    return one


def said(error, *words, code=None):
    """What a person reads; no secret is in it."""
    (problem,) = error.value.problems
    shown = language("en").message(problem.message)
    for word in words:
        assert word in shown, shown
    assert code in (None, problem.code)
    return shown


def refusal_of(call, kind=ServerError):
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught


def test_a_code_is_shown_and_the_sign_in_is_kept(entra, backend):
    one = SignIn(ACCOUNT)
    invitation = one.invite()
    assert (invitation.address, invitation.code, invitation.minutes) == ("https://microsoft.com/devicelogin", "ABCD-1234", 15)
    assert backend.kept == {}
    one.wait()
    (asked,) = entra.devices
    assert set(asked["scope"].split()) == {"https://outlook.office.com/SMTP.Send", "offline_access", "openid", "profile"}
    assert one.user == USER
    assert all(service == "dunning-batch:microsoft" for service, _ in backend.kept)
    assert kept_sign_in(ACCOUNT).user == USER
    assert lacking(ACCOUNT) is None


def test_it_is_asked_again_until_the_code_was_entered_slower_where_asked(entra, clock):
    entra.says.extend([PENDING, {"error": "slow_down"}, PENDING])
    assert signed_in().user == USER
    assert len(entra.asked) == 4
    assert clock.waited == 1 + 6 + 6


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": "authorization_declined"}, "declined"),
        ({"error": "access_denied"}, "declined"),
        ({"error": "expired_token"}, "not entered in time"),
        (refusal(70020, "expired_token"), "not entered in time"),
        (refusal(65001), "SMTP.Send"),
        (refusal(65004), "SMTP.Send"),
        (refusal(53003, "access_denied"), "conditional access"),
        (refusal(530035), "conditional access"),
        (refusal(50034), "[email] username"),
        (refusal(7000218, "invalid_client"), "Allow public client flows"),
        (refusal(1234567, "server_error"), "administrator"),
        (refusal(1234567, "consent_required"), "SMTP.Send"),
    ],
)
def test_why_a_sign_in_fails(entra, backend, answer, words):
    entra.says.append(answer)
    one = SignIn(ACCOUNT)
    one.invite()
    said(refusal_of(one.wait), words, USER, code="sign_in_failed")
    assert backend.kept == {}


def test_a_code_that_nobody_enters_runs_out(entra, clock):
    entra.says.extend([PENDING] * 2000)
    one = SignIn(ACCOUNT)
    one.invite()
    said(refusal_of(one.wait), "not entered in time")
    assert 900 <= clock.waited <= 910


@pytest.mark.parametrize(
    ("number", "words"), [(700016, "client_id"), (50194, "[email] tenant"), (50059, "[email] tenant"), (53003, "conditional access")]
)
def test_why_no_code_is_given(entra, number, words):
    entra.device = refusal(number, "invalid_request")
    said(refusal_of(SignIn(ACCOUNT).invite), words)


def test_a_tenant_that_is_not_known(entra):
    account = Account(USER, CLIENT_ID, "unknown.example.com", 30)
    said(refusal_of(SignIn(account).invite), "unknown.example.com", "[email] tenant", code="sign_in_unreadable")


def test_115_without_a_keyring_nobody_is_asked_to_sign_in(entra, backend):
    backend.priority = 0
    said(refusal_of(SignIn(ACCOUNT).invite, OutputError), "no keyring", "--by drafts", code="no_keyring")
    assert entra.devices == []


def test_115_a_keyring_that_is_locked_meanwhile_keeps_nothing(entra, backend):
    one = SignIn(ACCOUNT)
    one.invite()
    backend.priority = 0
    said(refusal_of(one.wait, OutputError), "no keyring")


def test_nobody_has_signed_in(entra, backend):
    said(refusal_of(lambda: kept_sign_in(ACCOUNT)), "mail login", USER, code="no_sign_in")
    assert lacking(ACCOUNT).code == "no_sign_in"


@pytest.mark.parametrize("package", ["msal", "keyring"])
def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch, backend, package):
    monkeypatch.setitem(sys.modules, package, None)
    for call in (lambda: SignIn(ACCOUNT), lambda: kept_sign_in(ACCOUNT)):
        said(refusal_of(call, ConfigurationError), 'pip install "dunning-batch[microsoft]"', code="extra_missing")
    assert lacking(ACCOUNT).code == "extra_missing"


def test_a_token_is_fetched_once_and_renewed_in_time(entra, monkeypatch):
    one = signed_in()
    token = one.current()
    assert one.current() is token
    assert token.value == entra.tokens[0]
    assert len(entra.asked) == 1
    later = token.until + 1
    monkeypatch.setattr("dunning_batch.delivery.microsoft.time.monotonic", lambda: later)
    monkeypatch.setattr("msal.application.time.time", lambda: 4_000_000_000)
    renewed = one.current()
    assert renewed.value == entra.tokens[1]
    assert entra.asked[-1]["grant_type"] == "refresh_token"


def test_a_kept_sign_in_is_renewed_silently_and_kept_again(entra, backend):
    entra.lives = 200  # less than what msal still trusts
    signed_in()
    before = dict(backend.kept)
    one = kept_sign_in(ACCOUNT)
    assert one.current().value == entra.tokens[1]
    assert backend.kept != before
    assert kept_sign_in(ACCOUNT).current().value == entra.tokens[2]
    assert [body["grant_type"] for body in entra.asked[1:]] == ["refresh_token"] * 2
    assert entra.asked[2]["refresh_token"] == authority.secret("refresh", 2)


def test_what_cannot_be_kept_again_stops_nothing(entra, backend):
    entra.lives = 200
    signed_in()
    one = kept_sign_in(ACCOUNT)
    backend.priority = 0
    assert one.current().value == entra.tokens[1]


def test_78_a_token_that_is_not_taken_is_fetched_anew(entra):
    """What fault 78 asks."""
    one = signed_in()
    first = one.current()
    one.discard(first)
    second = one.current()
    assert (second.value, one.current()) == (entra.tokens[1], second)
    one.discard(first)
    assert one.current() is second


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (700082, "90 days"), (50173, "90 days"), (70043, "90 days"), (70000, "90 days"), (50076, "second factor"),
        (50079, "second factor"), (65001, "SMTP.Send"), (53003, "conditional access"), (50057, "administrator"),
    ],
)  # fmt: skip
def test_77_why_a_silent_sign_in_fails(entra, number, words):
    """What fault 77 asks."""
    one = signed_in()
    one.discard(one.current())
    entra.says.append(refusal(number, words="Refused for a reason."))
    said(refusal_of(one.current), words, f"AADSTS{number}: Refused for a reason.", code="sign_in_failed")


def test_a_sign_in_to_another_application_is_none(entra):
    signed_in()
    other = Account(USER, CLIENT_ID.replace("1", "9"), "organizations", 30)
    said(refusal_of(kept_sign_in(other).current), "mail login", code="no_sign_in")


def test_signed_in_again_as_somebody_else_only_that_one_is_kept(entra):
    signed_in()
    entra.user = "marie@atelier-exemple.fr"
    signed_in()
    assert kept_sign_in(ACCOUNT).user == "marie@atelier-exemple.fr"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.ConnectTimeout("secret"), "no answer in time"),
        (requests.exceptions.ReadTimeout("secret"), "no answer in time"),
        (requests.exceptions.ConnectionError("secret"), "no connection"),
        (requests.exceptions.ProxyError("secret"), "the proxy"),
        (requests.exceptions.SSLError("secret"), "REQUESTS_CA_BUNDLE"),
        (ConnectionResetError("secret"), "ConnectionResetError"),
    ],
)
def test_an_authority_that_cannot_be_reached(entra, error, words):
    one = signed_in()
    one.discard(one.current())
    entra.says.append(error)
    assert "secret" not in said(refusal_of(one.current), words, code="sign_in_unreachable")
    entra.gone = error
    said(refusal_of(SignIn(ACCOUNT).invite), "login.microsoftonline.com", words, code="sign_in_unreachable")


def test_an_authority_that_is_broken(entra):
    one = signed_in()
    one.discard(one.current())
    entra.says.append(Answer("<html>", 503))
    said(refusal_of(one.current), "login.microsoftonline.com", code="sign_in_unreachable")


@pytest.mark.parametrize("answer", [Answer("<html>", 200), Answer({"x": 1}), Answer("")])
def test_something_else_that_answers_in_its_place(entra, monkeypatch, answer):
    """A network that wants a login of its own first."""
    monkeypatch.setattr(entra, "get", lambda *_, **__: answer)
    said(refusal_of(SignIn(ACCOUNT).invite), "answers in its place", code="sign_in_unreadable")


def test_116_an_answer_that_cannot_be_read_is_written_nowhere(entra, caplog, capfd):
    """What fault 116 asks."""
    one = signed_in()
    one.discard(one.current())
    entra.says.append(Answer('{"access_token": "' + authority.secret("access", 77)))
    shown = said(refusal_of(one.current), "answers in its place", code="sign_in_unreadable")
    heard = shown + caplog.text + "".join(capfd.readouterr())
    assert authority.secret("access", 77) not in heard


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "invalid_grant", "error_description": f"AADSTS9: the token {authority.secret('refresh', 1)} is bad."},
        {"error": authority.secret("refresh", 1)},
    ],
)
def test_116_an_authority_that_repeats_secrets_is_not_repeated(entra, answer):
    """What fault 116 asks."""
    one = signed_in()
    one.discard(one.current())
    entra.says.append(answer)
    assert authority.secret("refresh", 1) not in said(refusal_of(one.current), "***")


def test_the_number_of_an_application_is_no_secret(entra):
    entra.device = refusal(700016, "unauthorized_client", f"Application with identifier '{CLIENT_ID}' was not found.")
    said(refusal_of(SignIn(ACCOUNT).invite), f"'{CLIENT_ID}' was not found.", "client_id and tenant")


def test_the_timeout_of_the_dossier_holds_for_the_authority(monkeypatch, backend):
    """S3: without one, requests waits for ever."""
    given = {}

    def application(_client_id, **more):
        given.update(more)
        raise OSError

    monkeypatch.setattr(msal, "PublicClientApplication", application)
    refusal_of(SignIn(ACCOUNT).invite)
    assert given["timeout"] == 30
    assert given["authority"] == "https://login.microsoftonline.com/organizations"


def test_tokens_are_in_no_representation(entra):
    one = signed_in()
    assert not any(secret in repr((one, one.current(), ACCOUNT)) for secret in entra.secrets)
    assert vault.get_long("microsoft", USER)
