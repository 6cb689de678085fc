"""Progress on stderr, where a terminal is there to show it."""

import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dunning_batch.cli.session import Session

if TYPE_CHECKING:
    from dunning_batch.config import Settings

_LONG = 50  # MB of ledger that take some seconds to read
_EVERY = 25  # letters between two lines of progress


class Progress:
    """A counter of letters on one line of the terminal; silent without one, with NO_COLOR, TERM=dumb or -q."""

    def __init__(self, session: Session, total: int) -> None:
        """So many letters are to be made; 0 where it is not known yet."""
        self._total, self._done, self._session = total, 0, session
        self._shown = is_shown(session)

    def step(self) -> None:
        """One letter more."""
        self._done += 1
        if self._shown and (self._done % _EVERY == 0 or self._done == self._total):
            total = f"/{self._total}" if self._total else ""
            self._write(f"\r{self._session.language.text('Letters')} {self._done}{total}")

    def __enter__(self) -> Self:
        """Nothing is shown before the first letter."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the line."""
        if self._shown and self._done:
            self._write("\n")

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError):  # the terminal is gone, and the letters are still to be made
            sys.stderr.write(text)
            sys.stderr.flush()


def reading(session: Session) -> "Settings":
    """The dossier's configuration, for a command that reads its ledger; a large one is announced (fault 20)."""
    from dunning_batch.ledgerfiles import ledger_files

    settings = session.settings()
    if is_shown(session):
        size = sum(path.stat().st_size for path in ledger_files(settings)) // 1_000_000
        if size >= _LONG:
            session.say("Reading {size} MB of ledger ...", size=size)
    return settings


def is_shown(session: Session) -> bool:
    """Whether somebody looks on who wants to see it move."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" or session.quiet
    return sys.stderr.isatty() and not plain
