"""Progress on stderr, where a terminal is there to show it."""

import os
import sys
from types import TracebackType
from typing import Self

from dunning_batch.cli.session import Session

_EVERY = 25  # letters between two lines of progress


class Progress:
    """A counter of letters on one line of the terminal; silent without one, with NO_COLOR, TERM=dumb or -q."""

    def __init__(self, session: Session, total: int) -> None:
        """So many letters are to be made; 0 where it is not known yet."""
        self._total, self._done, self._session = total, 0, session
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" or session.quiet
        self._shown = sys.stderr.isatty() and not plain

    def step(self) -> None:
        """One letter more."""
        self._done += 1
        if self._shown and (self._done % _EVERY == 0 or self._done == self._total):
            total = f"/{self._total}" if self._total else ""
            sys.stderr.write(f"\r{self._session.language.text('Letters')} {self._done}{total}")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        """Nothing is shown before the first letter."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the line."""
        if self._shown and self._done:
            sys.stderr.write("\n")
