"""A crash in this process: an exception that nothing catches, at a recorded step; after it nothing is done any more.

Steps are files written, renamed or removed in a folder, words to a mail server, and rows of the journal, before and after.
"""

import os
import sys
from pathlib import Path

from dunning_batch.state.journal import Journal

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FILES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")


class KilledError(BaseException):
    """The process is no more."""


class Crash:
    """Counts steps of a kind in a folder, and ends everything at one of them: from then on, nothing is done."""

    def __init__(self):
        self.folder, self.kind, self.left = "", "", 0
        sys.addaudithook(self._hook)

    def set(self, folder, kind, left):
        self.folder, self.kind, self.left = str(folder), kind, left

    def step(self, kind):
        if self.left < 0:
            raise KilledError
        if kind == self.kind:
            self.left -= 1
            if self.left == 0:
                self.left = -1
                raise KilledError

    def _hook(self, event, arguments):
        if not self.kind:
            return
        if event == "smtplib.send":
            self.step("mail")
        elif event in _FILES and isinstance(arguments[0], str | Path):
            writes = event != "open" or (isinstance(arguments[2], int) and arguments[2] & _WRITES)
            if writes and str(arguments[0]).startswith(self.folder) and "journal" not in str(arguments[0]):
                self.step("file")


CRASH = Crash()
_append = Journal.append


def append(journal, *steps):
    """In the place of the journal's own."""
    CRASH.step("journal")
    _append(journal, *steps)
    CRASH.step("journal")
