"""Ctrl-C and the end of the session while e-mails leave: the message in hand is finished first (fault 95)."""

import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

from dunning_batch.cli.session import Session

if TYPE_CHECKING:
    from dunning_batch.mailing import Watch

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Patience:
    """Used as a context: the first signal asks to stop, a second one leaves at once."""

    def __init__(self, session: Session) -> None:
        """Nothing is changed before messages leave."""
        self._session, self._interrupted = session, threading.Event()
        self._before: dict[int, Any] = {}
        self._sent, self._total = 0, 0

    def watch(self, total: int) -> "Watch":
        """What a run is given: so many messages are to leave, 0 where it is not known yet."""
        from dunning_batch.mailing import Watch

        self._total = total
        return Watch(self._step, self._interrupted, self._begin)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._sent and self._shown:
            sys.stderr.write("\n")

    @property
    def _shown(self) -> bool:
        return sys.stderr.isatty() and not self._session.quiet

    def _begin(self) -> None:
        """Messages are about to leave; a thread that is not the main one gets no signals."""
        if threading.current_thread() is not threading.main_thread():
            return
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        heard = [number for number in numbers if signal.getsignal(number) not in (signal.SIG_IGN, None)]
        self._before = {number: signal.signal(number, self._asked) for number in heard}

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self._interrupted.is_set():
            raise KeyboardInterrupt
        self._interrupted.set()
        self._session.say("Stopping after the message in hand; once more to leave at once.")

    def _step(self) -> None:
        self._sent += 1
        if self._shown:
            word, total = self._session.language.text("E-mails"), f"/{self._total}" if self._total else ""
            sys.stderr.write(f"\r{word} {self._sent}{total}")
            sys.stderr.flush()
