"""How fast messages leave: so many a minute, fewer when the server asks for it, and waits that can be broken off."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_LOOK = 0.1  # seconds between two looks whether somebody interrupts


class Interruption:
    """Somebody wants to stop: after the message in hand, or at once (fault 95).

    It is set by handlers of signals, which may come between any two steps of the program: nothing here takes a lock.
    """

    def __init__(self) -> None:
        """Nobody does yet."""
        self._is_set = False
        self._break: Callable[[], None] = lambda: None

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._is_set

    def set(self) -> None:
        """Stop after the message in hand."""
        self._is_set = True

    def at_once(self) -> None:
        """Stop without the message in hand: what it was recorded as stays true."""
        self._is_set = True
        self._break()

    def breaks(self, breaker: Callable[[], None]) -> None:
        """Say what ends the message in hand."""
        self._break = breaker

    def wait(self, seconds: float) -> None:
        """Let time pass, or be interrupted."""
        end = time.monotonic() + seconds
        while not self._is_set and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK))


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as it passes, and waiting; given by whoever runs the show."""

    seconds: Callable[[], float] = time.monotonic  # only ever up
    interrupted: Interruption = field(default_factory=Interruption)

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
