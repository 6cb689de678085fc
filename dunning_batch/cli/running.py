"""Commands that deliver: `run` and `resume`."""

from typing import TYPE_CHECKING, Any

import click

from dunning_batch.cli.options import deciding, output_format
from dunning_batch.cli.output import put, tell, warn
from dunning_batch.cli.progress import Progress, reading
from dunning_batch.cli.session import Session, now
from dunning_batch.cli.trap import put_failure
from dunning_batch.cli.words import command, option, text, translated

if TYPE_CHECKING:
    from dunning_batch.batch import Done, Proposal

_LATER = ("auto", "email", "drafts")


@command(help=text("Write the reminders, deliver them and raise the levels."))
@deciding
@option("--by", type=click.Choice(["zip", *_LATER]), default="zip", help=text("How the letters are delivered."))
@option("--dry-run", is_flag=True, help=text("Make everything under output/dry-run, deliver nothing, raise no level."))
@option("--yes", is_flag=True, help=text("Ask nothing."))
@option("--limit", type=click.IntRange(0), metavar="N", help=text("At most that many letters."))
@option("--max-letters", type=click.IntRange(1), metavar="N", help=text("Allow that many letters in this run."))
@output_format("table", "json")
@click.pass_context
def run(ctx: click.Context, /, by: str, yes: bool, max_letters: int | None, form: str, **typed: Any) -> int:  # noqa: ANN401
    """One month."""
    from dunning_batch import batch

    session: Session = ctx.obj
    if by in _LATER:
        ctx.fail(translated("--by {by} is not available in this version yet: use --by zip.").format(by=by))
    with batch.opened(reading(session), now, typed) as proposal:
        session.say_problems(proposal.problems)
        if not _confirmed(ctx, proposal, max_letters, yes=yes):
            return _show_nothing(session, form)
        with Progress(session, len(proposal.reminders)) as progress:
            done = batch.carry_out(proposal, progress.step)
    return _show(session, done, form)


@command(help=text("Finish a run that was interrupted."))
@option("--drop", is_flag=True, help=text("Give up what is left of that run."))
@output_format("table", "json")
@click.pass_obj
def resume(session: Session, drop: bool, form: str) -> int:
    """What was certainly not delivered, less what was paid or held since."""
    from dunning_batch import resuming

    with Progress(session, 0) as progress:
        done = resuming.resume(reading(session), now, drop=drop, step=progress.step)
    if done is None:
        session.say("Nothing to resume.")
        return _show_nothing(session, form)
    return _show(session, done, form)


def _show(session: Session, done: "Done", form: str) -> int:
    from dunning_batch.reports.run_json import document, dump
    from dunning_batch.reports.summary import told

    if form == "json":
        put(dump(document(done.record, session.language)), None)
    else:
        tell(told(done.record, done.folder, session.language))
    session.say_problems(done.problems)
    return done.code


def _show_nothing(session: Session, form: str) -> int:
    if form == "json":
        put_failure((), session)
    return 0


def _confirmed(ctx: click.Context, proposal: "Proposal", max_letters: int | None, *, yes: bool) -> bool:
    """Whether the run may go on: what a person typed, or the rules for when nobody sits there."""
    from dunning_batch.reports.summary import proposed

    session: Session = ctx.obj
    letters, asks = len(proposal.reminders), session.can_ask and not yes
    if not letters or proposal.request.dry_run:
        return True
    warn(proposed(proposal.reminders, proposal.settings.creditor.name, session.language))
    if proposal.settings.output_is_outside:
        session.say("The output folder lies outside the dossier: {folder}", folder=str(proposal.settings.output))
    limit = max_letters or proposal.settings.dunning.max_letters
    if letters > limit:
        if not asks:
            ctx.fail(_too_many(letters, limit))
        typed = click.prompt(_too_many(letters, limit), err=True, default="", show_default=False)
        return bool(typed.strip() == str(letters))
    return not asks or click.confirm(translated("Go on?"), err=True)


def _too_many(letters: int, limit: int) -> str:
    text = translated(
        "{letters} letters are more than the {limit} allowed: type the number, or --max-letters {letters}."
    )
    return text.format(letters=letters, limit=limit)
