"""From an exception to an exit code, and to what is said of it."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from dunning_batch.cli.output import put
from dunning_batch.cli.session import Session
from dunning_batch.cli.words import translated
from dunning_batch.errors import DunningError, ExitCode
from dunning_batch.language import LANGUAGES


def exit_code_of(error: Exception, arguments: Sequence[str]) -> int:
    """Say what happened and give its exit code; a JSON document goes to stdout where JSON was asked for."""
    if isinstance(error, BrokenPipeError):
        return _leave_pipe()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        click.echo(translated("The output cannot be written: the disk is full."), err=True)
        _forget_stdout()
        return ExitCode.OUTPUT
    session = _session_of(arguments)
    if isinstance(error, DunningError) and error.exit_code is not ExitCode.DEFECT:
        _say_error(error, session, arguments)
        return error.exit_code
    return _say_defect(error, session)


def _say_error(error: DunningError, session: Session, arguments: Sequence[str]) -> None:
    session.say_problems(error.problems)
    if "json" in arguments or "--format=json" in arguments:
        from dunning_batch.reports.run_json import dump, failure

        put(dump(failure(error.problems, session.language)), None)


def _say_defect(error: Exception, session: Session) -> int:
    text = translated("A defect of the program stopped it ({kind}). Nothing is half-written. Please report it.")
    click.echo(text.format(kind=type(error).__name__), err=True)
    if session.verbose:
        log = Path("dunning-batch.log")
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        click.echo(str(log.resolve()), err=True)
    return ExitCode.DEFECT


def _leave_pipe() -> int:
    _forget_stdout()
    return ExitCode.OK


def _forget_stdout() -> None:
    """The reader left (`| head -1`) or the disk is full: what is buffered must not raise again when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
