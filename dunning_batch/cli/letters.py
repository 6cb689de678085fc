"""Commands that make letters and send nothing: `preview`, `casefile`."""

import datetime
from pathlib import Path

import click

from dunning_batch.cli.options import AS_OF
from dunning_batch.cli.output import tell
from dunning_batch.cli.session import Session, now
from dunning_batch.cli.words import command, option, text


@command(help=text("Write a letter and an e-mail of each level, and send nothing."))
@AS_OF
@option("--customer", metavar="PATTERN", default="", help=text("For that customer: code or name, * and ? allowed."))
@option("--sample", is_flag=True, help=text("For an invented customer, without reading the ledger."))
@option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
        help=text("Write there instead of the folder preview of the output folder."))  # fmt: skip
@click.pass_context
def preview(ctx: click.Context, as_of: datetime.date | None, customer: str, sample: bool, output: Path | None) -> int:
    """By the renderer of a run, on real or invented data."""
    from dunning_batch import previewing
    from dunning_batch.cli.words import translated
    from dunning_batch.situation import Request

    if sample and (customer or as_of):
        ctx.fail(translated("--sample stands alone: the invented customer has its own day."))
    session: Session = ctx.obj
    settings = session.settings()
    request = None if sample else Request(as_of or now().date(), now)
    shown = previewing.preview(settings, request, customer, output or settings.output / "preview")
    session.say_problems(shown.problems)
    for file in shown.files:
        tell(str(file))
    if shown.name:
        session.say("Made for a look, with what {name} owes: nothing is sent, no level is raised.", name=shown.name)
    return 0


@command(help=text("Gather everything about one customer into a PDF for a bailiff or lawyer."))
@click.argument("customer")
@AS_OF
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help=text("Write there instead of the output folder."))  # fmt: skip
@click.pass_obj
def casefile(session: Session, customer: str, as_of: datetime.date | None, output: Path | None) -> int:
    """What is owed, every reminder with its proof, copies of invoices, interest, limitation dates."""
    from dunning_batch import casework
    from dunning_batch.files import make_folder, write_file
    from dunning_batch.situation import Request

    settings = session.settings()
    made = casework.make_casefile(settings, Request(as_of or now().date(), now), customer)
    session.say_problems(made.problems)
    if output is None:
        make_folder(settings.output)
    target = output or settings.output / made.name
    write_file(target, made.data)
    tell(str(target))
    return 0
