"""Types of what is typed, and the options that `status`, `plan` and `run` share."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dunning_batch.cli.words import option, text, translated
from dunning_batch.core.money import read_amount


class Day(click.ParamType[datetime.date]):
    """A day as 2026-11-24."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:  # noqa: ANN401
        """Read the day, or say how it is written."""
        if isinstance(value, datetime.date):
            return value
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(translated("{value} is no day: write it as 2026-11-24.").format(value=value), param, ctx)
        if not 1970 <= day.year <= 2099 or len(value) != 10:
            self.fail(translated("{value} is no day: write it as 2026-11-24.").format(value=value), param, ctx)
        return day


class Amount(click.ParamType[int]):
    """Euros as 10 or 10.50, kept in cents."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """Read the amount, or say how it is written."""
        cents = value if isinstance(value, int) else read_amount(value)
        if cents is None or cents < 0 or value == "":
            self.fail(translated("{value} is no amount: write it as 10.50.").format(value=value), param, ctx)
        return cents


DAY, AMOUNT = Day(), Amount()

AS_OF = option("--as-of", type=DAY, metavar="DATE", help=text("Day of the decision (default: today)."))
OUTPUT = option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                help=text("Write there instead of the screen."))  # fmt: skip

_FILTERS = (
    option("--customer", "customers", multiple=True, metavar="PATTERN",
           help=text("Only these customers: code or name, * and ? allowed (repeatable).")),
    option("--exclude-customer", "exclude_customers", multiple=True, metavar="PATTERN",
           help=text("Without these customers (repeatable).")),
    option("--due-from", type=DAY, metavar="DATE", help=text("Due on that day or later.")),
    option("--due-to", type=DAY, metavar="DATE", help=text("Due on that day or earlier.")),
    option("--last-level", "last_levels", type=click.IntRange(0, 9), multiple=True, metavar="N",
           help=text("Only items whose last reminder had that level; 0: never reminded (repeatable).")),
    option("--min-days-overdue", type=click.IntRange(0), metavar="N", help=text("Overdue by that many days at least.")),
    option("--min-amount", type=AMOUNT, metavar="X", help=text("Asked for that amount at least.")),
    option("--positive-balance/--any-balance", "positive_balance", default=None,
           help=text("Only customers who owe on the whole, or any.")),
    option("--selection", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
           help=text("Only what is ticked in that plan.")),
)  # fmt: skip


def deciding(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that decides: `--as-of`, the filters, `--selection`."""
    for decorate in reversed((AS_OF, *_FILTERS)):
        function = decorate(function)
    return function


def output_format(*formats: str, default: str = "table") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--format`, with the formats that the command has."""
    return option("--format", "form", type=click.Choice(formats), default=default, help=text("Form of the result."))
