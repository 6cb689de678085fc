"""`mail login` and `mail test`: password or sign-in in the keyring, one message to the sender (faults 73 to 78)."""

from collections.abc import Callable
from datetime import datetime

from dunning_batch.config import Settings
from dunning_batch.delivery.message import Heading, note
from dunning_batch.delivery.microsoft import SignIn
from dunning_batch.delivery.secrets import keep_password
from dunning_batch.delivery.smtp import Connection, Envelope
from dunning_batch.errors import ConfigurationError, Problem, ServerError, Source, msg
from dunning_batch.language import language
from dunning_batch.mailing import account_of, sender_of, server_of


def refuse_without_account(settings: Settings) -> None:
    """There must be an account for a password or a sign-in to belong to. Raises ConfigurationError."""
    for key in ("host", "username"):
        if not getattr(settings.email, key):
            text = msg("[email] {key} is empty: there is no account to keep a password for.", key=key)
            source = Source(settings.file.name, key=f"[email] {key}")
            raise ConfigurationError(Problem("mail_setting_missing", text, "error", source))


def keep(settings: Settings, password: str) -> None:
    """Put the password into the system's keyring. Raises OutputError where there is none."""
    keep_password(settings.email.host, settings.email.username, password)


def sign_in(settings: Settings, show: Callable[[str, str, int], None]) -> str:
    """Let a person sign in to Microsoft, and keep that in the system's keyring; who it was.

    Args:
        settings: The dossier's.
        show: Shows address, code and for how many minutes they hold, before they are waited for.

    Raises:
        ConfigurationError: The extra is not installed.
        ServerError: The authority refuses, or cannot be reached.
        OutputError: There is no keyring.
    """
    signing_in = SignIn(account_of(settings))
    invitation = signing_in.invite()
    show(invitation.address, invitation.code, invitation.minutes)
    signing_in.wait()
    return signing_in.user


def try_out(settings: Settings, moment: datetime) -> str:
    """Send one message to the sender; its address. Raises ConfigurationError, ServerError."""
    server, sender = server_of(settings), sender_of(settings)
    spoken = language(settings.language)
    text = spoken.text("dunning-batch sent this message to try the mail server {host}: it works.", host=server.host)
    data = note(Heading(sender, moment), spoken.text("Test of the mail server"), text + "\n")
    connection = Connection(server)
    try:
        attempt = connection.send(Envelope("test", sender.address, (sender.address,)), data, lambda: None)
    finally:
        connection.leave()
    if attempt.result != "delivered":
        why = msg(
            "{host} does not take a message from {sender}: {reason}.",
            host=server.host,
            sender=sender.address,
            reason=attempt.error or "-",
        )
        raise ServerError(Problem("test_not_sent", why, "error", Source(key="[email] sender")))
    return sender.address
