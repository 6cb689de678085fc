"""Click in the user's language: help is translated when it is shown, Click's own words come from our catalogue."""

import gettext
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_DOMAIN = "dunning_batch"
_YES = frozenset({"y", "yes", "o", "oui"})
_CATALOGUES = Path(__file__).parent.parent / "locale"


def speak(code: str) -> None:
    """Set the language of help and of usage errors; Click looks its words up in the process's default domain."""
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(_DOMAIN, str(_CATALOGUES))
    gettext.textdomain(_DOMAIN)


def text(english: str) -> str:
    """A word of the command line, marked for the catalogue and translated when it is shown."""
    return english


def translated(english: str) -> str:
    """A sentence of the command line in the language that was set."""
    return gettext.gettext(english) if english else english


def agreed(english: str) -> bool:
    """Whether a person says yes to a question on stderr, in French or English; anything else is a no."""
    choice = translated("[y/N]")
    question = f"{translated(english)} {choice}"
    answer: str = click.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True)
    return answer.strip().casefold() in _YES


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's line of help."""
        english, self.help = self.help, translated(self.help or "")
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = english


def help_option() -> Option:
    """`--help`, translated when it is shown: Click translates its own once, when it is first asked for."""

    def show(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()

    leave = text("Show this message and exit.")
    return Option(["--help"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=leave)


class Command(click.Command):
    """A command whose help is translated when it is shown."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`."""
        return help_option()

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's help."""
        english, self.help = self.help, translated(self.help or "")
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = english


class Group(click.Group, Command):
    """A group of commands whose help is translated when it is shown."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of its commands."""
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, translated(found.help or "")) for name, found in self.commands.items()])


def option(*names: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
    """`click.option` with translated help."""
    return click.option(*names, cls=Option, **settings)


def command(**settings: Any) -> Callable[[Callable[..., Any]], click.Command]:  # noqa: ANN401
    """`click.command` with translated help."""
    return click.command(cls=Command, **settings)


def group(**settings: Any) -> Callable[[Callable[..., Any]], click.Group]:  # noqa: ANN401
    """`click.group` with translated help."""
    return click.group(cls=Group, **settings)
