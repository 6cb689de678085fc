"""The password of a mail account: the environment, then the system's keyring, never a file of ours (S12, fault 115)."""

import os
from importlib import import_module
from typing import Any

from dunning_batch.errors import OutputError, Problem, ServerError, Source, msg

_SERVICE = "dunning-batch"


def password_of(variable: str, host: str, username: str) -> str:
    """The password of an account. Raises ServerError where none is found."""
    found = os.environ.get(variable, "") or _kept(host, username)
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
    keyring = _keyring()
    try:
        if keyring is not None:
            keyring.set_password(f"{_SERVICE}:{host}", username, password)
            return
    except _failures():
        pass
    text = msg(
        "This computer has no keyring that can be used: install dunning-batch with its extra keyring, or give the "
        "password in the environment variable that [email] password_env names."
    )
    raise OutputError(Problem("no_keyring", text, "error"))


def _kept(host: str, username: str) -> str:
    keyring = _keyring()
    if keyring is None:
        return ""
    try:
        return keyring.get_password(f"{_SERVICE}:{host}", username) or ""
    except _failures():
        return ""


def _keyring() -> Any:  # noqa: ANN401 - an extra that may be missing
    try:
        return import_module("keyring")
    except ImportError:
        return None


def _failures() -> tuple[type[Exception], ...]:
    """How a keyring says that it is locked, absent or broken."""
    try:
        return (import_module("keyring.errors").KeyringError, RuntimeError, OSError)
    except ImportError:
        return (RuntimeError, OSError)
