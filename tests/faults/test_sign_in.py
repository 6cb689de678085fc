"""A whole month with `auth = "microsoft"`: faults 77, 78, 115, 116 through the command line, nothing real but the TLS."""

import base64
import sys
from collections import Counter

import pytest

from tests.delivery import entra as authority
from tests.delivery import keyrings
from tests.delivery.entra import CLIENT_ID, PENDING, USER, Answer, refusal
from tests.delivery.mailserver import MailServer
from tests.faults.invariants import stops
from tests.faults.mailed import DAY, SEND, levels, sent
from tests.faults.mailed import dossier as dossier_of

FEATURES = ("SIZE 10000000", "AUTH LOGIN XOAUTH2")
MICROSOFT = f'auth = "microsoft"\nclient_id = "{CLIENT_ID}"'
CHECK = f"check {DAY}"
ADDRESSES = Counter({"compta@dupont.fr": 1, "compta@martin.fr": 1, "compta@roux.fr": 1})
NOT_SIGNED_IN = "530 5.7.57 Client not authenticated to send mail."


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.delenv("DUNNING_SMTP_PASSWORD", raising=False)
    monkeypatch.setattr("msal.oauth2cli.oauth2.time", authority.Time())
    monkeypatch.setattr("dunning_batch.delivery.post._FIRST_DELAY", 0.05)
    monkeypatch.setattr("dunning_batch.delivery.post._RECONNECT_DELAY", 0.05)


@pytest.fixture
def backend(monkeypatch):
    return keyrings.install(monkeypatch)


@pytest.fixture
def entra(monkeypatch, backend):
    return authority.install(monkeypatch)


def mail_server(**script):
    return MailServer(**{"features": FEATURES} | script)


def dossier(folder, server, username=USER, **more):
    one = dossier_of(folder, server, email=MICROSOFT, **more)
    one.write("config.toml", (folder / "config.toml").read_text().replace('username = "compta"', f'username = "{username}"'))
    return one


def log_in(one, code=0):
    return sent(one, code, "mail login", "")


def tokens_at(server):
    """The tokens that the server was shown, in order."""
    lines = (line.split()[2] for line in server.log if line.startswith("AUTH XOAUTH2"))
    return [base64.b64decode(line).decode().split("Bearer ")[1].rstrip("\x01") for line in lines]


def forms(secrets, username=USER):
    """Everything that a secret may look like."""
    for secret in secrets:
        yield secret
        yield base64.b64encode(secret.encode()).decode()
        yield base64.b64encode(f"user={username}\x01auth=Bearer {secret}\x01\x01".encode()).decode()


def assert_secret(entra, folder, *streams):
    """I9: no secret in any file of the dossier, in no stream; no piece of one either."""
    written = [path.read_bytes() for path in folder.rglob("*") if path.is_file()] + [stream.encode() for stream in streams]
    everything = b"\0".join(written)
    for form in forms(entra.secrets):
        assert form[: len(form) // 2].encode() not in everything
        for start in range(64, len(form) - 32, 32):  # before that, a login names the user
            assert form[start : start + 32].encode() not in everything


def test_signed_in_once_every_month_leaves_by_itself(tmp_path, entra):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        done = log_in(one)
        for word in ("https://microsoft.com/devicelogin", "ABCD-1234", "15 minutes", "mail test"):
            assert word in done.stderr
        sent(one, command="mail test")
        sent(one)
        assert Counter(server.recipients) == ADDRESSES + Counter({USER: 1})
        assert tokens_at(server) == [entra.tokens[0]] * 2
        assert len(entra.asked) == 1
    assert set(levels(one).values()) == {1}
    assert_secret(entra, tmp_path, done.stdout, done.stderr)


def test_the_code_is_shown_however_quiet_one_is(tmp_path, entra):
    with mail_server() as server:
        done = sent(dossier(tmp_path, server), command="-q mail login", answers="")
        assert "ABCD-1234" in done.stderr


def test_signed_in_as_another_one_says_what_that_needs(tmp_path, entra):
    entra.user = "marie@atelier-exemple.fr"
    with mail_server(replies={"AUTH": "535 5.7.3 Authentication unsuccessful"}) as server:
        one = dossier(tmp_path, server)
        assert "marie@atelier-exemple.fr needs the right" in log_in(one).stderr
        stops(one, 7, f"give marie@atelier-exemple.fr the right to send as {USER}", command=SEND)


def test_before_a_sign_in_check_says_so_and_a_run_does_not_even_ask(tmp_path, entra):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        assert "mail login" in sent(one, command=CHECK).stdout
        found = sent(one, command=f"{CHECK} --format json").json["problems"]
        assert [(one["severity"], one["code"]) for one in found if "sign_in" in one["code"]] == [("warning", "no_sign_in")]
        before = one.tree()
        done = sent(one, 7, f"run --by email {DAY}", "y\n")
        assert "mail login" in done.stderr
        assert "Go on?" not in done.stderr
        assert one.tree() == before
        sent(one, 7, "mail test")
        assert server.connections == 0
        assert entra.asked == []
        sent(one, command=f"run --by email --dry-run {DAY}")
        sent(one, command=f"run --by drafts {DAY}")
        log_in(one)
        assert "mail login" not in sent(one, command=CHECK).stdout


@pytest.mark.parametrize("package", ["msal", "keyring"])
def test_without_the_extra_one_message_says_how_to_install_it(tmp_path, monkeypatch, entra, package):
    monkeypatch.setitem(sys.modules, package, None)
    with mail_server() as server:
        one = dossier(tmp_path, server)
        for command in ("mail login", "mail test", SEND):
            done = sent(one, 3, command)
            assert done.stderr.count('pip install "dunning-batch[microsoft]"') == 1
        assert "dunning-batch[microsoft]" in sent(one, command=CHECK).stdout
        sent(one, command=f"run --by zip {DAY}")
        assert server.connections == 0


def test_115_no_keyring(tmp_path, entra, backend):
    backend.priority = 0
    with mail_server() as server:
        done = log_in(dossier(tmp_path, server), 9)
        assert "no keyring" in done.stderr
        assert "ABCD-1234" not in done.stderr


def test_78_a_token_that_ends_during_a_run_is_renewed_and_nobody_gets_two(tmp_path, entra):
    """What fault 78 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        log_in(one)
        server.script.replies["MAIL"] = [None, NOT_SIGNED_IN]
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
        assert tokens_at(server) == entra.tokens[:2]
        assert [body["grant_type"] for body in entra.asked[1:]] == ["refresh_token"]
    assert set(levels(one).values()) == {1}


def test_78_a_token_that_is_not_taken_at_first_is_renewed(tmp_path, entra):
    """What fault 78 asks."""
    with mail_server(replies={"AUTH": ["535 5.7.3 Authentication unsuccessful"]}) as server:
        one = dossier(tmp_path, server)
        log_in(one)
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
        assert tokens_at(server) == entra.tokens[:2]


@pytest.mark.parametrize("answer", [refusal(700082), refusal(53003), Answer('{"access_token": "cut'), OSError()])
def test_78_a_sign_in_that_ends_during_a_run_stops_it_and_resume_goes_on(tmp_path, entra, answer):
    """What fault 78 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        log_in(one)
        server.script.replies["MAIL"] = [None, NOT_SIGNED_IN]
        entra.says.extend([answer] * 9)
        done = sent(one, 7)
        assert Counter(server.recipients) == Counter(["compta@dupont.fr"])
        assert_secret(entra, tmp_path, done.stdout, done.stderr)
        assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 0}
        entra.says.clear()
        log_in(one)
        sent(one, command="resume")
        assert Counter(server.recipients) == ADDRESSES
    assert set(levels(one).values()) == {1}


def test_78_an_authority_that_is_away_for_a_moment_is_waited_for(tmp_path, entra):
    """What fault 78 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        log_in(one)
        server.script.replies["MAIL"] = [None, NOT_SIGNED_IN]
        entra.says.append(OSError())
        sent(one)
        assert Counter(server.recipients) == ADDRESSES


def test_78_a_sign_in_that_has_ended_before_a_run_is_known_before_the_first_letter(tmp_path, entra, monkeypatch):
    """What fault 78 asks."""
    def makes_letters(*_):
        raise AssertionError

    monkeypatch.setattr("dunning_batch.batch.pack", makes_letters)
    entra.lives = 200  # msal renews what lives less than five minutes more
    with mail_server() as server:
        one = dossier(tmp_path, server)
        log_in(one)
        entra.says.append(refusal(50173))
        stops(one, 7, "mail login", command=SEND)
        assert server.connections == 0


def test_78_several_connections_share_one_renewal(tmp_path, entra):
    """What fault 78 asks."""
    with mail_server() as server:
        one = dossier_of(tmp_path, server, *(f"CLIENT{n}" for n in range(12)), email=f"{MICROSOFT}\nconnections = 3")
        sent(one, command="mail login", answers="")
        sent(one)
        assert len(server.messages) == 12
        assert len(entra.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
        "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.",
    ],
)
def test_77_refused_by_exchange_nothing_changes(tmp_path, entra, reply):
    """What fault 77 asks."""
    with mail_server(replies={"AUTH": reply}) as server:
        one = dossier(tmp_path, server)
        log_in(one)
        stops(one, 7, "5.7.139", "administrator", command=SEND)
        assert "administrator" in sent(one, 7, "mail test").stderr
        assert "MAIL" not in server.verbs()


@pytest.mark.parametrize("reply", ["535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "550 5.7.30 No."])
def test_77_a_password_is_not_taken_any_more(tmp_path, monkeypatch, reply):
    """What fault 77 asks."""
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", "hunter2")
    with MailServer(replies={"AUTH": reply}) as server:
        stops(dossier_of(tmp_path, server), 7, 'auth = "microsoft"', "--by drafts", command=SEND)
        assert server.verbs().count("AUTH") == 1


def _declined(entra, _server):
    entra.says.append({"error": "authorization_declined", "error_description": f"AADSTS1: {entra.device['device_code']}."})
    return "mail login", 7


def _portal(entra, _server):
    entra.says.append(Answer(f"<html>{entra.device['device_code']}", 200))
    return "mail login", 7


def _late(entra, _server):
    entra.says.extend([PENDING] * 2000)
    return "mail login", 7


def _echo(_entra, server):
    server.script.replies["AUTH"] = lambda line: f"535 5.7.3 {line.split()[-1]} unsuccessful"
    return SEND, 7


def _half_an_answer(entra, server):
    server.script.replies["AUTH"] = ["535 5.7.3 Authentication unsuccessful"]
    entra.says.append(Answer('{"token_type": "Bearer", "access_token": "' + authority.secret("access", 77)))
    entra.secrets.add(authority.secret("access", 77))
    return SEND, 7


def _refresh_repeated(entra, server):
    server.script.replies["AUTH"] = ["535 5.7.3 Authentication unsuccessful"]
    entra.says.append({"error": "invalid_grant", "error_description": f"AADSTS70000: {authority.secret('refresh', 1)} is bad."})
    return SEND, 7


def _defect(entra, server):
    """Even a defect of the program, whose traceback is written to a log."""
    server.script.replies["AUTH"] = ["535 5.7.3 Authentication unsuccessful"]
    entra.says.append(ZeroDivisionError(authority.secret("nothing", 0)))
    return SEND, 1


@pytest.mark.parametrize("fault", [_declined, _portal, _late, _echo, _half_an_answer, _refresh_repeated, _defect])
def test_116_after_a_failed_login_no_token_and_no_code_is_anywhere(tmp_path, entra, capfd, caplog, fault):
    """What fault 116 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        if fault not in (_declined, _portal, _late):
            log_in(one)
        command, code = fault(entra, server)
        done = one.run(f"-v --lang en {command}", "")
        assert done.code == code, done.stderr
    streams = capfd.readouterr()
    assert_secret(entra, tmp_path, done.stdout, done.stderr, streams.out, streams.err, caplog.text)
    assert code == 7 or (tmp_path / "dunning-batch.log").is_file()
