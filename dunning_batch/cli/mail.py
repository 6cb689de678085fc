"""The mail account: its password, and one message to the sender to see that it works."""

import click

from dunning_batch.cli.session import Session, now
from dunning_batch.cli.words import group, text, translated


@group(help=text("Keep the password of the mail account, and try the server."))
def mail() -> None:
    """Two commands."""


@mail.command("login", help=text("Put the password of [email] username into the system's keyring."))
@click.pass_obj
def login(session: Session) -> int:
    """Ask for the password, and keep it."""
    from dunning_batch import mailaccount

    settings = session.settings()
    mailaccount.refuse_without_account(settings)
    email = settings.email
    asked = translated("Password of {username} on {host}").format(username=email.username, host=email.host)
    mailaccount.keep(settings, click.prompt(asked, hide_input=True, err=True))
    session.say("Kept in the system's keyring. Try it with: dunning-batch mail test")
    return 0


@mail.command("test", help=text("Connect, log in, and send one message to the sender."))
@click.pass_obj
def test(session: Session) -> int:
    """One message that says that it works."""
    from dunning_batch import mailaccount

    settings = session.settings()
    address = mailaccount.try_out(settings, now())
    click.echo(translated("A message is on its way to {address}.").format(address=address))
    return 0
