"""Tokens that stand for a password, for an hour or so, and where they come from."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """What a mail server takes for a password; two are the same only if they are one."""

    value: str = field(repr=False)
    until: float  # seconds of time.monotonic() from which on it is not shown any more


class Tokens(Protocol):
    """Gives tokens, renewed in time."""

    @property
    def user(self) -> str:
        """Who signed in."""

    def current(self) -> Token:
        """One that is good. Raises ServerError where none is to be had any more."""

    def discard(self, token: Token) -> None:
        """A server does not take it: the next one is another. Asks nobody."""
