"""Letters made by several processes where that pays: this one, and helpers that are handed a lot at a time.

They come in order whoever makes them, with the bytes and the errors of one process. Helpers read nothing but their
input and write nothing but their answers; Ctrl-C does not reach them, and they end with this process, however it ends.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from operator import itemgetter
from queue import Empty, SimpleQueue
from typing import IO, Any, cast

from dunning_batch.core.reminders import Reminder
from dunning_batch.errors import DunningError, OutputError, Problem, msg
from dunning_batch.helping import DEFECT, listen, send
from dunning_batch.making import Answer, Made, Making, answer_of, with_stationery

_LOT = 12  # letters that are handed over at once
_IN_HAND = 2  # lots that a helper has, so that it need not wait for the next one
_WAITING = 32  # lots that are made before their turn: a helper that is slow does not fill the memory
_MOST = 4  # processes: writing letters is this one's work alone
_WORTH = 150  # letters a process: starting it costs as much as making these
_PATIENCE = 0.2  # seconds: so often Ctrl-C is looked for, which Windows does not bring to whoever waits
_START = "import sys; sys.path[:] = sys.argv[1:]; from dunning_batch.helping import main; main()"

_Lot = tuple[int, Sequence[Reminder]]


def processes_for(letters: int) -> int:
    """How many processes so many letters are worth, of those that this computer lets us use."""
    if not sys.executable or getattr(sys, "frozen", False):  # no Python that could be started once more
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _MOST, letters // _WORTH))


@contextmanager
def makers(making: Making, processes: int) -> Iterator["Makers"]:
    """So many processes that make letters; all but this one end with the context."""
    found = Makers(making)
    with ExitStack() as stack:
        with suppress(OSError):  # no room for another process: those that there are do the work
            for _ in range(processes - 1):
                stack.enter_context(found.helper())
        yield found


class _Helper:
    """Another process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process, self._pipe = process, cast("IO[bytes]", process.stdin)
        self.in_hand: dict[int, Sequence[Reminder]] = {}  # lots
        self.has_answered = False

    def send(self, thing: object) -> None:
        """Where it has ended, the end of its answers says so."""
        with suppress(OSError):
            send(self._pipe, thing)

    def was_stopped(self) -> bool:
        """Whether it has ended otherwise than by a defect: that shows itself again where its lots are made."""
        return self._process.wait() != DEFECT


class Makers:
    """This process and its helpers."""

    def __init__(self, making: Making) -> None:
        """`making`: what all letters are made with."""
        self._making = making
        self._helpers: list[_Helper] = []
        self._heard: SimpleQueue[tuple[_Helper, bytes | None]] = SimpleQueue()
        self._made: dict[int, Answer] = {}  # by lot, before its turn

    @contextmanager
    def helper(self) -> Iterator[None]:
        """One process more. Raises OSError where it cannot be started."""
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        command = [sys.executable, "-P", "-c", _START, *sys.path]
        with subprocess.Popen(command, **pipes, **_out_of_reach()) as process:
            asks, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            try:
                helper = _Helper(process)
                listen(answers, lambda data: self._heard.put((helper, data)))
                self._helpers.append(helper)
                helper.send(self._making)
                yield
            finally:
                process.kill()
                with suppress(OSError):
                    asks.close()

    def made(self, reminders: Iterable[Reminder]) -> Iterator[Made]:
        """Their letters, in order. Raises what one process would, and OutputError where a helper ended too early."""
        waiting = deque(enumerate(_lots(reminders)))
        for turn in range(len(waiting)):
            while turn not in self._made:
                self._hand_out(waiting)
                self._take(waiting, patient=False)
                if turn in self._made:
                    break
                if waiting and (len(self._made) < _WAITING or waiting[0][0] == turn):
                    number, lot = waiting.popleft()
                    self._made[number] = answer_of(self._making, lot)
                else:
                    self._take(waiting, patient=True)
            answer = self._made.pop(turn)
            if isinstance(answer, DunningError):
                raise answer
            yield from answer

    def _hand_out(self, waiting: deque[_Lot]) -> None:
        for helper in self._helpers:
            while waiting and len(helper.in_hand) < _IN_HAND and len(self._made) < _WAITING:
                number, lot = waiting.popleft()
                helper.in_hand[number] = lot
                helper.send((number, lot))

    def _take(self, waiting: deque[_Lot], *, patient: bool) -> None:
        """What helpers have answered; `patient`: wait a moment for the first of it."""
        with suppress(Empty):
            while True:
                helper, data = self._heard.get(timeout=_PATIENCE) if patient else self._heard.get_nowait()
                patient = False
                if data is None:
                    self._do_without(helper, waiting)
                    continue
                number, answer = pickle.loads(data)  # noqa: S301 - from a process of our own
                self._made[number] = with_stationery(answer, self._making)
                del helper.in_hand[number]
                helper.has_answered = True

    def _do_without(self, helper: _Helper, waiting: deque[_Lot]) -> None:
        """Where helpers cannot run at all, letters are made all the same; one that ran may have been stopped."""
        if helper.has_answered and helper.was_stopped():
            raise _ended()
        self._helpers.remove(helper)
        # In turn, or nobody would make the next one.
        again = sorted([*helper.in_hand.items(), *waiting], key=itemgetter(0))
        waiting.clear()
        waiting.extend(again)


def _lots(reminders: Iterable[Reminder]) -> Iterator[Sequence[Reminder]]:
    left = iter(reminders)
    return iter(lambda: tuple(islice(left, _LOT)), ())


def _out_of_reach() -> dict[str, Any]:
    """What keeps Ctrl-C, which concerns this process, from a helper."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _ended() -> OutputError:
    text = msg(
        "A process that made letters ended before its work was done: it was stopped, or the memory is full. Nothing "
        "was delivered. Close other programs, then run again."
    )
    return OutputError(Problem("helper_ended", text, "error"))
