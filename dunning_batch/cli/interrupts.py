"""Ctrl-C, the end of a session and the closing of the console: all leave in the same orderly way (fault 95)."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_INTERRUPTED = 130  # as ExitCode has it, which `--help` is not to wait for
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last but one is POSIX's, the last Windows'


@contextmanager
def orderly() -> Iterator[None]:
    """Make a KeyboardInterrupt of the first of these signals; a second one leaves at once.

    A signal that somebody had ignored stays ignored: `nohup` does so.
    """
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # elsewhere Python sets no handlers
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if before[number] not in (signal.SIG_IGN, None)]
    try:
        for number in heard:
            signal.signal(number, _interrupt)
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is _interrupt:
            signal.signal(number, _leave)
    raise KeyboardInterrupt


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(_INTERRUPTED)
