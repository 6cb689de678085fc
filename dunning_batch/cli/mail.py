"""The mail account: its password, and one message to the sender to see that it works."""

from functools import partial

import click

from dunning_batch.cli.output import warn
from dunning_batch.cli.session import Session, now
from dunning_batch.cli.words import group, text, translated


@group(help=text("Keep the password of the mail account, and try the server."))
def mail() -> None:
    """Two commands."""


@mail.command("login", help=text("Put the password, or the Microsoft sign-in, of [email] username into the system's "
                                 "keyring."))  # fmt: skip
@click.pass_obj
def login(session: Session) -> int:
    """Ask for the password, or let a person sign in, and keep it."""
    from dunning_batch import mailaccount

    settings = session.settings()
    mailaccount.refuse_without_account(settings)
    email = settings.email
    if email.auth == "microsoft":
        user = mailaccount.sign_in(settings, partial(_show, session))
        if user.casefold() != email.username.casefold():
            session.say("Signed in as {user}, to send as {username}: {user} needs the right to do so.", user=user,
                        username=email.username)  # fmt: skip
        session.say("Kept in the system's keyring. Try it with: dunning-batch mail test")
        return 0
    asked = translated("Password of {username} on {host}").format(username=email.username, host=email.host)
    mailaccount.keep(settings, click.prompt(asked, hide_input=True, err=True))
    session.say("Kept in the system's keyring. Try it with: dunning-batch mail test")
    return 0


def _show(session: Session, address: str, code: str, minutes: int) -> None:
    """Where to sign in, whatever else is silent."""
    warn(session.language.text("Open {address} on any screen, enter the code {code}, and sign in.",
                               address=address, code=code))  # fmt: skip
    session.say("Waiting for that, {minutes} minutes at most. Enter the code only if you typed this command yourself.",
                minutes=minutes)  # fmt: skip


@mail.command("test", help=text("Connect, log in, and send one message to the sender."))
@click.pass_obj
def test(session: Session) -> int:
    """One message that says that it works."""
    from dunning_batch import mailaccount

    settings = session.settings()
    address = mailaccount.try_out(settings, now())
    click.echo(translated("A message is on its way to {address}.").format(address=address))
    return 0
