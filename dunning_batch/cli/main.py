"""The group of commands: each is imported when it is asked for, so that `--help` costs no more than Click."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from dunning_batch import __version__
from dunning_batch.cli import words
from dunning_batch.cli.interrupts import orderly
from dunning_batch.cli.output import forget
from dunning_batch.cli.words import text, translated

# name -> (module, one line of help)
COMMANDS = {
    "init": ("starting", text("Make a new dossier in a folder.")),
    "check": ("looking", text("Read everything, send nothing, and say what is wrong or doubtful.")),
    "status": ("looking", text("Show every open item with its level, what comes next and why.")),
    "plan": ("looking", text("Write what a run would do now as a workbook to tick.")),
    "run": ("running", text("Write the reminders, deliver them and raise the levels.")),
    "resume": ("running", text("Finish a run that was interrupted.")),
    "preview": ("letters", text("Write a letter and an e-mail of each level, and send nothing.")),
    "casefile": ("letters", text("Gather everything about one customer into a PDF for a bailiff or lawyer.")),
    "mail": ("mail", text("Keep the password of the mail account, and try the server.")),
    "bounces": ("past", text("Take delivery notices: what came back counts as not sent.")),
    "undo": ("past", text("Put the levels back as they were before a run.")),
    "history": ("past", text("Show the reminders of the past.")),
    "levels": ("past", text("Mark items as already reminded, or write the levels workbook anew.")),
}
# Promised by the documentation, and not there yet: said, rather than "no such command".
LATER = frozenset({"firm", "purge"})


class Commands(words.Group):
    """The commands of the table above, imported lazily."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of a month's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and find it there."""
        if cmd_name in LATER:
            ctx.fail(translated("The command {name} is not available in this version yet.").format(name=cmd_name))
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"dunning_batch.cli.{COMMANDS[cmd_name][0]}")
        found: click.Command = getattr(module, cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing one."""
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, translated(line)) for name, (_, line) in COMMANDS.items()])


def _set_language(ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value:
        words.speak(value)
    return value


@click.group(cls=Commands, help=text("Monthly payment reminders from an accountant's ledger."))
@words.option("--config", type=click.Path(path_type=Path, readable=False), default=Path("config.toml"), metavar="FILE",
              help=text("The dossier's configuration (default: config.toml here)."))  # fmt: skip
@words.option("--lang", type=click.Choice(["fr", "en"]), is_eager=True, callback=_set_language,
              help=text("Language of screens, workbooks and reports."))  # fmt: skip
@words.option("-v", "--verbose", is_flag=True, help=text("Say more; after a defect, write the details to the log."))
@words.option("-q", "--quiet", is_flag=True, help=text("Say only what must be known."))
@click.version_option(
    __version__, prog_name="dunning-batch", cls=words.Option, help=text("Show the version and leave.")
)
@click.pass_context
def commands(ctx: click.Context, config: Path, lang: str | None, verbose: bool, quiet: bool) -> None:
    """Remember what concerns every command."""
    from dunning_batch.cli.session import Session
    from dunning_batch.language import LANGUAGES

    if verbose and quiet:
        ctx.fail(translated("-v and -q contradict each other."))
    ctx.obj = Session(config, next((code for code in LANGUAGES if code == lang), None), verbose=verbose, quiet=quiet)
    words.speak(ctx.obj.language_code)


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever happens, no traceback reaches the user."""
    _prepare_process()
    _write_utf8()
    words.speak("fr")
    with orderly():
        return _exit_code_of(arguments)


def _exit_code_of(arguments: Sequence[str]) -> int:
    try:
        code = commands.main(list(arguments), prog_name="dunning-batch", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # of help: whoever read it has left
        forget(sys.stdout)
        return 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the trap around one dossier
        from dunning_batch.cli.trap import exit_code_of

        return exit_code_of(error, arguments)
    return code if isinstance(code, int) else 0


def _prepare_process() -> None:
    """What makes every command quicker: one command makes many records, hardly a cycle, and no linear algebra."""
    gc.set_threshold(300_000, 50, 100)  # the usual thresholds take a seventh of the time of a large dossier
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy starts those threads when it is imported


def _write_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # A stream that was closed before we began swallows what is said.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
