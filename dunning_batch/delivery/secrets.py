"""The password of a mail account: the environment, then the system's keyring, never a file of ours (S12, fault 115)."""

import os

from dunning_batch.delivery import vault
from dunning_batch.errors import OutputError, Problem, ServerError, Source, msg


def password_of(variable: str, host: str, username: str) -> str:
    """The password of an account. Raises ServerError where none is found."""
    found = os.environ.get(variable, "") or vault.get(host, username)
    if not found:
        text = msg(
            "No password for {username} on {host}: give it in the environment variable {variable}, or keep it in the "
            "system's keyring with dunning-batch mail login.",
            username=username,
            host=host,
            variable=variable,
        )
        raise ServerError(Problem("no_password", text, "error", Source(key="[email] password_env")))
    return found


def keep_password(host: str, username: str, password: str) -> None:
    """Put a password into the system's keyring. Raises OutputError where there is none."""
    if not vault.put(host, username, password):
        text = msg(
            "This computer has no keyring that can be used: install dunning-batch with its extra keyring, or give the "
            "password in the environment variable that [email] password_env names."
        )
        raise OutputError(Problem("no_keyring", text, "error"))
