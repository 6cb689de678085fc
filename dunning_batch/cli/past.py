"""Commands about the past: `undo`, `history`, `levels`."""

import datetime
from pathlib import Path
from typing import Any

import click

from dunning_batch.cli.options import DAY, OUTPUT, deciding, output_format
from dunning_batch.cli.output import put, tell
from dunning_batch.cli.progress import reading
from dunning_batch.cli.session import Session, now
from dunning_batch.cli.words import command, group, option, text, translated


@command(help=text("Put the levels back as they were before a run."))
@click.argument("run", required=False)
@click.pass_obj
def undo(session: Session, run: str | None) -> int:
    """The last run that delivered something, or the one named."""
    from dunning_batch import recovery

    undone = recovery.undo(session.settings(), run, now)
    session.say_problems(undone.problems)
    if not undone.run:
        session.say("Nothing to undo.")
        return 0
    session.say(
        "The run {run} is undone: {count:item is|items are} back at the level before. Letters already posted stay "
        "posted.",
        run=undone.run,
        count=undone.count,
    )
    return undone.code


@command(help=text("Take delivery notices: what came back counts as not sent."))
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def bounces(session: Session, files: tuple[Path, ...]) -> int:
    """E-mails (.eml), boxes of them (.mbox), folders of both."""
    from dunning_batch import bouncing
    from dunning_batch.reports.bounced import bounced_table

    done = bouncing.take_bounces(session.settings(), now, files)
    session.say_problems(done.problems)
    if done.rows:
        tell(bounced_table(done.rows, session.language).rstrip("\n"))
        session.say(
            "{count:address counts|addresses count} as none until changed in the customers file. The next run makes a "
            "reminder that nobody has once more: with --by auto by post.",
            count=len(done.rows),
        )
    left = sum(count for kind, count in done.kinds.items() if kind != "failure")
    if left:
        session.say(
            "{count:message is no delivery failure|messages are no delivery failures} (-v says what).", count=left
        )
    if not done.rows:
        session.say("Nothing has come back that was not known.")
    return done.code


@command(help=text("Show the reminders of the past."))
@option("--customer", metavar="PATTERN", default="*", help=text("Only that customer: code or name, * and ? allowed."))
@option("--invoice", metavar="PIECE", default="", help=text("Only that invoice."))
@output_format("table", "json", "csv", "xlsx")
@OUTPUT
@click.pass_obj
def history(session: Session, customer: str, invoice: str, form: str, output: Path | None) -> int:
    """One row an item and reminder, manual change or undo."""
    from dunning_batch import recovery
    from dunning_batch.reports.past import history_bytes

    rows = recovery.history(session.settings(), now, customer, invoice)
    put(history_bytes(rows, form, session.language), output)
    return 0


@group(help=text("Mark items as already reminded, or write the levels workbook anew."))
def levels() -> None:
    """Levels without a reminder."""


@levels.command("set", help=text("Mark items as reminded at level N elsewhere; sends nothing."))
@click.argument("level", type=click.IntRange(0, 9))
@deciding
@option("--dated", type=DAY, metavar="DATE", help=text("Day of those reminders (default: the day of the decision)."))
@click.pass_context
def set_levels(ctx: click.Context, /, level: int, dated: datetime.date | None, **typed: Any) -> int:  # noqa: ANN401
    """The first month of a dossier that was followed elsewhere."""
    from dunning_batch import recovery

    session: Session = ctx.obj
    settings = reading(session)
    if level > len(settings.policy.levels):
        ctx.fail(translated("There is no level {level}: the configuration has {count}.").format(
            level=level, count=len(settings.policy.levels)))  # fmt: skip
    if dated and dated > now().date():
        ctx.fail(translated("--dated lies in the future."))
    marked = recovery.set_levels(settings, now, level, dated, typed)
    session.say_problems(marked.problems)
    for item in marked.items:
        tell(f"{item.customer}\t{item.piece or item.label}\t{session.language.money(item.open)}")
    session.say("{count:item is|items are} marked at level {level}; nothing was sent.", count=len(marked.items),
                level=level)  # fmt: skip
    return marked.code


@levels.command("rebuild", help=text("Write the levels workbook anew from the journal."))
@click.pass_obj
def rebuild(session: Session) -> int:
    """Hand edits of the last readable workbook are kept."""
    from dunning_batch import recovery

    path = recovery.rebuild_levels(session.settings(), now)
    session.say("{path} is written anew.", path=str(path))
    return 0
