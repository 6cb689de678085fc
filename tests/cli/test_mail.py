"""`mail login` and `mail test`."""

import sys

import pytest

from tests.delivery import keyrings
from tests.delivery.mails import read
from tests.delivery.mailserver import MailServer
from tests.faults.mailed import SECRET, dossier, sent


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory."""
    monkeypatch.delenv("DUNNING_SMTP_PASSWORD", raising=False)
    return keyrings.install(monkeypatch)


def test_a_message_goes_to_the_sender(tmp_path, monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    with MailServer() as server:
        done = sent(dossier(tmp_path, server), command="mail test")
        assert "compta@atelier-exemple.fr" in done.stdout
        (message,) = server.messages
        assert message.recipients == ["compta@atelier-exemple.fr"]
        assert "it works" in read(message.data).get_content()
        assert message.data.isascii()


def test_a_sender_that_the_account_may_not_use(tmp_path, monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    with MailServer(replies={"MAIL": "550 5.7.60 no"}) as server:
        done = sent(dossier(tmp_path, server), 7, command="mail test")
        assert "550 5.7.60" in done.stderr


def test_the_password_is_kept_in_the_keyring_and_found_there(tmp_path, keyring, monkeypatch):
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: SECRET)
    with MailServer() as server:
        one = dossier(tmp_path, server)
        done = sent(one, command="mail login", answers="")
        assert keyring.kept == {("dunning-batch:localhost", "compta"): SECRET}
        assert SECRET not in done.stdout + done.stderr
        sent(one, command="mail test")
        assert len(server.messages) == 1


def test_115_without_a_keyring_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: SECRET)
    with MailServer() as server:
        done = sent(dossier(tmp_path, server), 9, command="mail login", answers="")
        assert "DUNNING_SMTP_PASSWORD" in done.stderr or "password_env" in done.stderr


def test_115_a_keyring_that_is_locked_counts_as_none(tmp_path, keyring, monkeypatch):
    def locked(*_):
        raise keyrings.KeyringError

    monkeypatch.setattr(keyring, "get_password", locked)
    with MailServer() as server:
        done = sent(dossier(tmp_path, server), 7, command="mail test")
        assert "No password" in done.stderr
        assert server.connections == 0


def test_login_wants_an_account(tmp_path, keyring):
    with MailServer() as server:
        one = dossier(tmp_path, server)
        one.write("config.toml", (tmp_path / "config.toml").read_text().replace('username = "compta"', ""))
        assert "username" in sent(one, 3, command="mail login", answers="").stderr
