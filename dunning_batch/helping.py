"""A process that makes letters for another one: it answers what comes through its input, and ends with it.

Only what the standard library has is imported before the first word is read: who sends must not wait for the rest.
"""

import gc
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO

DEFECT = 1  # exit code of a helper that an error ended
_SIZE = 8  # bytes that say how many follow


def send(file: IO[bytes], thing: object) -> None:
    """Send anything through a pipe. Raises OSError where nobody reads it any more."""
    data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    file.write(len(data).to_bytes(_SIZE) + data)
    file.flush()


def listen(file: IO[bytes], told: Callable[[bytes | None], None]) -> None:
    """Hand on what comes through a pipe, and None once it has ended, in a thread of its own.

    So no end ever waits, with a full pipe, for the other one to read.
    """

    def heard() -> None:
        with suppress(OSError, ValueError):  # the pipe is closed on this side
            while len(size := file.read(_SIZE)) == _SIZE:
                data = file.read(int.from_bytes(size))
                if len(data) < int.from_bytes(size):
                    break
                told(data)
        told(None)

    Thread(target=heard, daemon=True).start()


def main() -> None:
    """First what letters are made with, then numbered lots of reminders; each is answered under its number."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not end up among them
    # At once: an orderly end would wait for the thread that listens, and then abort.
    sys.excepthook = lambda *_: os._exit(DEFECT)
    asked: SimpleQueue[bytes | None] = SimpleQueue()
    listen(sys.stdin.buffer, asked.put)
    gc.set_threshold(100_000, 50, 100)
    from dunning_batch.making import answer_of, without_stationery  # noqa: PLC0415 - see above

    things = (pickle.loads(data) for data in iter(asked.get, None))  # noqa: S301 - from the process that started this one
    with suppress(BrokenPipeError, StopIteration):
        making = next(things)
        for number, reminders in things:
            send(answers, (number, without_stationery(answer_of(making, reminders), making)))
