"""How fast messages leave: so many a minute, fewer when the server asks for it, and waits that can be broken off."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as it passes, and waiting; given by whoever runs the show."""

    seconds: Callable[[], float] = time.monotonic  # only ever up
    interrupted: threading.Event = field(default_factory=threading.Event)  # set: stop after the message in hand

    def wait(self, seconds: float) -> None:
        """Let time pass, or be interrupted."""
        if seconds > 0:
            self.interrupted.wait(seconds)


class Pace:
    """When the next message may leave; shared by all connections."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        """The first may leave at once."""
        self._interval, self._clock, self._lock = 60 / per_minute, clock, threading.Lock()
        self._next = clock.seconds()

    def wait(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            turn = max(self._next, self._clock.seconds())
            self._next = turn + self._interval
        self._clock.wait(turn - self._clock.seconds())

    def slow_down(self, seconds: float) -> None:
        """Pause, and leave twice as much time between messages from now on (fault 84)."""
        with self._lock:
            self._interval *= 2
            self._next = max(self._next, self._clock.seconds() + seconds)
