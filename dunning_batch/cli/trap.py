"""From an exception to an exit code, and to what is said of it."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import click

from dunning_batch.cli.output import forget, put, warn
from dunning_batch.cli.session import Session
from dunning_batch.errors import DunningError, ExitCode, Message, OutputError, Problem, msg, worst
from dunning_batch.language import LANGUAGES

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_Told = tuple[int, tuple[Problem, ...]]


def exit_code_of(error: BaseException, arguments: Sequence[str]) -> int:
    """Say what happened and give its exit code; a JSON document goes to stdout where JSON was asked for (fault 113)."""
    session = _session_of(arguments)
    code, problems = _told(error, session)
    try:
        if wants_json(arguments):
            put_failure(problems, session)
        sys.stdout.flush()
    except OSError:
        code = worst((code, ExitCode.OUTPUT))
        forget(sys.stdout)
    return code


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for a JSON document, be the rest of it right or wrong."""
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


def put_failure(problems: Sequence[Problem], session: Session) -> None:
    """The document of a command that did nothing. Raises OSError."""
    from dunning_batch.reports.run_json import dump, failure

    put(dump(failure(problems, session.language)), None)


def _told(error: BaseException, session: Session) -> _Told:
    """Say it on stderr; the exit code, and the problems of a JSON document."""
    if isinstance(error, click.ClickException):
        with suppress(OSError):
            error.show()
        return error.exit_code, (Problem("usage", msg("{reason}", reason=error.format_message()), "error"),)
    if isinstance(error, click.Abort | KeyboardInterrupt):
        text = msg("Interrupted: nothing is half-written. Start again, or type: dunning-batch resume")
        return ExitCode.INTERRUPTED, (_said("interrupted", text, session),)
    if isinstance(error, OSError) and error.errno in _FULL:
        text = msg("The output cannot be written: the disk is full.")
        return ExitCode.OUTPUT, (_said("disk_full", text, session),)
    if isinstance(error, OSError):
        return _told_unreachable(error, session)
    if isinstance(error, DunningError) and error.exit_code is not ExitCode.DEFECT:
        session.say_problems(error.problems)
        return error.exit_code, error.problems
    return _told_defect(error, session)


def _told_unreachable(error: OSError, session: Session) -> _Told:
    """A folder or drive that is gone or locked; without a name it is stdout itself."""
    reason = error.strerror or str(error)
    _log(error, session)
    if error.filename is None:
        text = msg("The output cannot be written: {reason}.", reason=reason)
        return ExitCode.OUTPUT, (_said("disk_full", text, session),)
    text = msg("{path} cannot be read: {reason}. Get the right to read it, or bring it back, then try again.",
               path=os.fsdecode(error.filename), reason=reason)  # fmt: skip
    return ExitCode.INPUT, (_said("unreachable", text, session),)


def _told_defect(error: BaseException, session: Session) -> _Told:
    text = msg("A defect of the program stopped it ({kind}). Nothing is half-written. Please report it.",
               kind=type(error).__name__)  # fmt: skip
    problem = _said("defect", text, session)
    _log(error, session)
    return ExitCode.DEFECT, (problem,)


def _log(error: BaseException, session: Session) -> None:
    """Where the program stood, for whoever looks into it."""
    log = Path("dunning-batch.log")
    if session.verbose:
        from dunning_batch.files import write_file

        with suppress(OSError, OutputError):
            write_file(log, "".join(traceback.format_exception(error)).encode("utf-8", "backslashreplace"))
            warn(str(log.resolve()))


def _said(code: str, text: Message, session: Session) -> Problem:
    warn(session.language.message(text))
    return Problem(code, text, "error")


def _session_of(arguments: Sequence[str]) -> Session:
    """The session of the call, made anew where the error came before there was one."""
    context = click.get_current_context(silent=True)
    if context is not None and isinstance(context.obj, Session):
        return context.obj
    words = list(arguments)
    config = words[words.index("--config") + 1] if "--config" in words[:-1] else "config.toml"
    named = words[words.index("--lang") + 1] if "--lang" in words[:-1] else None
    lang = next((code for code in LANGUAGES if code == named), None)
    return Session(Path(config), lang, verbose="-v" in words or "--verbose" in words)
