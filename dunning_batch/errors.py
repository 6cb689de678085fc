"""What goes wrong, as values: exit codes, places in files, problems, and the exceptions that stop a run.

A message is English text with named fields (`"{count} lines"`); `language.py` translates and prints it.
Field formats: `{amount:money}` for cents, `{day:date}` for a date, `{count:line|lines}` for a number with its noun;
anything else is printed as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "notice"]


class ExitCode(IntEnum):
    """The exit codes promised to users."""

    OK = 0
    DEFECT = 1
    USAGE = 2
    CONFIGURATION = 3
    INPUT = 4
    UNDELIVERED = 5
    STATE = 6
    SERVER = 7
    UNCERTAIN = 8
    OUTPUT = 9
    INTERRUPTED = 130


# Where several apply, the first of these is returned.
PRECEDENCE = (1, 8, 130, 7, 9, 6, 4, 3, 5, 2, 0)


def worst(codes: Iterable[int]) -> ExitCode:
    """The exit code to return when several apply; 0 for none."""
    return ExitCode(min(codes, key=PRECEDENCE.index, default=0))


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to translate, with its values in the order they were given."""

    text: str
    values: tuple[tuple[str, object], ...] = ()


def msg(text: str, /, **values: object) -> Message:
    """A message; the catalogue is extracted from the calls of this function."""
    return Message(text, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands: a file and a line, a sheet and a cell, or a configuration key."""

    file: str = ""
    line: int | None = None
    sheet: str = ""
    cell: str = ""
    key: str = ""

    def __str__(self) -> str:
        """As shown to users: `file:line`, `file sheet!cell`, `file key`."""
        place = f"{self.file}:{self.line}" if self.line is not None and not self.cell else self.file
        cell = f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        return " ".join(part for part in (place, cell, self.key) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know: what, where, and in the message what to do.

    `code` is stable and in snake_case; `error` stops the run, `warning` changes what is asked of somebody,
    `notice` is only said.
    """

    code: str
    message: Message
    severity: Severity = "warning"
    source: Source = Source()
    customer: str = ""


class DunningError(Exception):
    """Stops a run; carries every problem found, and the exit code."""

    exit_code: ClassVar[ExitCode] = ExitCode.DEFECT

    def __init__(self, *problems: Problem) -> None:
        """At least one problem."""
        super().__init__(*problems)
        self.problems = problems


class UsageError(DunningError):
    """What was typed cannot be done."""

    exit_code = ExitCode.USAGE


class ConfigurationError(DunningError):
    """`config.toml` or a template is wrong."""

    exit_code = ExitCode.CONFIGURATION


class InputError(DunningError):
    """A ledger, customers, levels or plan file cannot be read or contradicts itself."""

    exit_code = ExitCode.INPUT


class StateError(DunningError):
    """The state of the dossier forbids it: another run, an unfinished run, an open workbook."""

    exit_code = ExitCode.STATE


class ServerError(DunningError):
    """The mail server cannot be used: stopped, what is left was certainly not sent."""

    exit_code = ExitCode.SERVER


class OutputError(DunningError):
    """An output cannot be written."""

    exit_code = ExitCode.OUTPUT


class DefectError(DunningError):
    """An invariant is broken: a defect of the program, never of the data."""

    exit_code = ExitCode.DEFECT
