"""Many messages over a few kept connections: pace, retries, and when to stop (faults 74, 79, 80, 84, 85, 95).

Only what was certainly not sent is tried again. Whoever calls records each step: `begin` before DATA, `end` after the
outcome; nothing of it happens for two messages at once.
"""

import heapq
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from dunning_batch.delivery.pace import Clock, Pace
from dunning_batch.delivery.smtp import Attempt, Connection, Envelope
from dunning_batch.errors import DunningError, Problem, ServerError, msg

_FIRST_DELAY = 60.0  # seconds until the first retry, then twice as many each time: greylisting takes minutes
_RECONNECT_DELAY = 5.0
_PASSING = frozenset({"server_unreachable", "server_refuses", "sign_in_unreachable"})  # what may end by itself


@dataclass(frozen=True, slots=True)
class Rules:
    """`[email]`, as far as it concerns many messages."""

    per_minute: int = 20
    connections: int = 1
    retries: int = 3
    stop_after_failures: int = 5


class Recorder(Protocol):
    """Who records what happens to each message, before and after it does."""

    def data(self, envelope: Envelope) -> bytes:
        """The message as it was stored."""

    def begin(self, envelope: Envelope) -> None:
        """It is about to be sent; when this returns, that is on the disk."""

    def end(self, envelope: Envelope, attempt: Attempt, *, final: bool) -> None:
        """What became of it; not `final`: certainly not sent, and still to be."""


@dataclass(order=True, slots=True)
class _Waiting:
    """A message and the moment from which on it may leave."""

    moment: float
    rank: int
    envelope: Envelope = field(compare=False)
    tries: int = field(compare=False, default=0)


class Post:
    """One run's messages."""

    def __init__(self, open_: Callable[[], Connection], rules: Rules, recorder: Recorder, clock: Clock) -> None:
        """Open the first connection: a server that cannot be used is known before anything. Raises ServerError."""
        self._opens, self._rules, self._recorder, self._clock = open_, rules, recorder, clock
        self._opened: list[Connection] = []
        self._lock = threading.Lock()
        self._pace = Pace(rules.per_minute, clock)
        self._failures = 0
        self._queue: list[_Waiting] = []
        self._stop: DunningError | None = None
        clock.interrupted.breaks(self._abort)
        self._spare: list[Connection] = [self._open()]

    def _open(self) -> Connection:
        self._opened.append(self._opens())
        return self._opened[-1]

    def _abort(self) -> None:
        """Somebody wants to leave at once, and not to wait for what the server still has to say (fault 95)."""
        for connection in self._opened:
            connection.abort()

    def close(self) -> None:
        """Leave the server."""
        while self._spare:
            self._spare.pop().leave()

    def deliver(self, envelopes: Iterable[Envelope]) -> DunningError | None:
        """Send them all, or what can be; returns what stopped it, if anything did.

        Raises:
            OutputError: A step cannot be recorded; nothing is sent after that.
        """
        self._queue = [_Waiting(0.0, rank, envelope) for rank, envelope in enumerate(envelopes)]
        count = min(self._rules.connections, len(self._queue))
        try:
            if count > 1:
                self._with_threads(count)
            elif count:
                self._work()
        finally:
            self.close()
        if self._stop is not None and not isinstance(self._stop, ServerError):
            raise self._stop
        return self._stop

    def _with_threads(self, count: int) -> None:
        with ThreadPoolExecutor(count) as threads:
            for worker in [threads.submit(self._work) for _ in range(count)]:
                worker.result()

    def _work(self) -> None:
        """Send what waits, until nothing does or something stops it."""
        connection = self._take()
        try:
            while (waiting := self._next()) is not None:
                self._pace.wait()
                if self._clock.interrupted.is_set():
                    break
                connection, attempt = self._attempt(connection, waiting.envelope)
                if attempt is None:
                    break
                with self._lock:
                    self._settle(waiting, attempt)
        except DunningError as error:
            with self._lock:
                self._stop = self._stop or error
        finally:
            if connection is not None:
                self._spare.append(connection)

    def _take(self) -> Connection | None:
        with self._lock:
            return self._spare.pop() if self._spare else None

    def _next(self) -> _Waiting | None:
        """The next message, once its moment has come."""
        with self._lock:
            if self._stop or not self._queue or self._clock.interrupted.is_set():
                return None
            waiting = heapq.heappop(self._queue)
        self._clock.wait(waiting.moment - self._clock.seconds() if waiting.moment else 0)
        return waiting

    def _attempt(self, connection: Connection | None, envelope: Envelope) -> tuple[Connection | None, Attempt | None]:
        """One attempt; a kept connection that the server had ended is replaced without counting (fault 79).

        None where somebody interrupts before it has begun.
        """
        data = self._recorder.data(envelope)
        if connection is not None:
            attempt = connection.send(envelope, data, lambda: self._begin(envelope))
            if not attempt.lost:
                return connection, attempt
            if attempt.begun or attempt.quota:
                return None, attempt
        connection = self._reopened()
        if connection is None:
            return None, None
        attempt = connection.send(envelope, data, lambda: self._begin(envelope))
        return None if attempt.lost else connection, attempt

    def _begin(self, envelope: Envelope) -> None:
        with self._lock:
            self._recorder.begin(envelope)

    def _reopened(self) -> Connection | None:
        """A new connection; a server that is away is waited for. None if interrupted. Raises ServerError."""
        for tries in range(self._rules.retries):
            if self._clock.interrupted.is_set():
                return None
            try:
                return self._open()
            except ServerError as error:
                if error.problems[0].code not in _PASSING:
                    raise
            self._clock.wait(_RECONNECT_DELAY * 2**tries)
        return None if self._clock.interrupted.is_set() else self._open()

    def _settle(self, waiting: _Waiting, attempt: Attempt) -> None:
        """Record an outcome, or try again later; stop where going on would make it worse."""
        again = attempt.again and waiting.tries < self._rules.retries
        stops = attempt.quota or self._has_failed_too_often(attempt)
        pending = attempt.result != "uncertain" and ((stops and not attempt.blames_address) or again)
        if attempt.begun or not pending:
            self._recorder.end(waiting.envelope, attempt, final=not pending)
        if stops:
            self._stop = self._stop or _stopped(attempt, self._failures)
        elif pending:
            delay = _FIRST_DELAY * 2**waiting.tries
            if attempt.busy:
                self._pace.slow_down(delay)
            again_at = self._clock.seconds() + delay
            heapq.heappush(self._queue, _Waiting(again_at, waiting.rank, waiting.envelope, waiting.tries + 1))

    def _has_failed_too_often(self, attempt: Attempt) -> bool:
        """So many in a row that it is not the messages' fault (fault 85)."""
        if attempt.result == "delivered":
            self._failures = 0
        elif not attempt.blames_address:
            self._failures += 1
        return self._failures >= self._rules.stop_after_failures


def _stopped(attempt: Attempt, failures: int) -> ServerError:
    reason = attempt.error or msg("no reason was given")
    if attempt.quota:
        text = msg("The server takes no more messages for now ({reason}). The rest was not sent: type dunning-batch "
                   "resume tomorrow.", reason=reason)  # fmt: skip
        return ServerError(Problem("quota_reached", text, "error"))
    text = msg(
        "{count} messages in a row were not taken, the last one for this reason: {reason}. The rest was not sent: find "
        "out why, then type dunning-batch resume.",
        count=failures,
        reason=reason,
    )
    return ServerError(Problem("too_many_failures", text, "error"))
