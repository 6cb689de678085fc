"""Ctrl-C and the end of the session while e-mails leave: the message in hand is finished first (fault 95).

A terminal that is closed, a session that ends: the system says so by several signals, and nobody who sends them means
"at once". So only Ctrl-C does, the second time: the message in hand is broken off and recorded as what it then is. Once
more, and the program leaves wherever it stands, as if it were killed.
"""

import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

from dunning_batch.cli.progress import is_shown
from dunning_batch.cli.session import Session

if TYPE_CHECKING:
    from dunning_batch.mailing import Watch

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_PRESSED = ("SIGINT", "SIGBREAK")  # by somebody who sits there


class Patience:
    """Used as a context: signals ask to stop, Ctrl-C asks again."""

    def __init__(self, session: Session) -> None:
        """Nothing is changed before messages leave."""
        from dunning_batch.mailing import Watch

        self._session, self._watch = session, Watch(self._step, begin=self._begin)
        self._before: dict[int, Any] = {}
        self._hurries = False
        self._sent, self._total = 0, 0

    def watch(self, total: int) -> "Watch":
        """What a run is given: so many messages are to leave, 0 where it is not known yet."""
        self._total = total
        return self._watch

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._sent and is_shown(self._session):
            self._write("\n")

    def _begin(self) -> None:
        """Messages are about to leave; a thread that is not the main one gets no signals.

        One that was ignored before stays so: `nohup` wants the work to go on without a terminal.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        heard = [number for number in numbers if signal.getsignal(number) not in (signal.SIG_IGN, None)]
        self._before = {number: signal.signal(number, self._asked) for number in heard}

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        interrupted = self._watch.interrupted
        pressed = signal.Signals(number).name in _PRESSED
        if not interrupted.is_set():
            interrupted.set()
            with suppress(RuntimeError):  # something is just being written
                self._session.say("Stopping after the message in hand; once more to leave at once.")
        elif pressed and self._hurries:
            raise KeyboardInterrupt
        elif pressed:
            self._hurries = True
            interrupted.at_once()

    def _step(self) -> None:
        self._sent += 1
        if is_shown(self._session):
            word, total = self._session.language.text("E-mails"), f"/{self._total}" if self._total else ""
            self._write(f"\r{word} {self._sent}{total}")

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError):  # the terminal is gone, and the messages are still to be recorded
            sys.stderr.write(text)
            sys.stderr.flush()
