"""Commands that deliver: `run` and `resume`."""

from typing import TYPE_CHECKING, Any

import click

from dunning_batch.cli.options import deciding, output_format
from dunning_batch.cli.output import put, tell, warn
from dunning_batch.cli.patience import Patience
from dunning_batch.cli.progress import Progress, reading
from dunning_batch.cli.session import Session, now
from dunning_batch.cli.trap import put_failure
from dunning_batch.cli.words import agreed, command, option, text, translated

if TYPE_CHECKING:
    from dunning_batch.batch import Proposal
    from dunning_batch.delivering import Done

@command(help=text("Write the reminders, deliver them and raise the levels."))
@deciding
@option("--by", type=click.Choice(["zip", "email", "auto", "drafts"]), default="zip",
        help=text("zip: for the post; email; auto: by e-mail where that is possible, else zip; drafts: e-mails to open "
                  "and send."))
@option("--redirect-to", metavar="ADDRESS", help=text("Send every e-mail there instead; no level is raised."))
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
    if typed["redirect_to"] is not None:
        _check_redirection(ctx, typed["redirect_to"], by, dry_run=typed["dry_run"])
    with batch.opened(reading(session), now, typed | {"by": by}) as proposal:
        session.say_problems(proposal.problems)
        if not _confirmed(ctx, proposal, max_letters, yes=yes):
            session.say("Nothing was done.")
            return _show_nothing(session, form)
        with Progress(session, len(proposal.reminders)) as progress, Patience(session) as patience:
            done = batch.carry_out(proposal, progress.step, patience.watch(len(proposal.mailed)))
    return _show(session, done, form)


@command(help=text("Finish a run that was interrupted."))
@option("--drop", is_flag=True, help=text("Give up what is left of that run."))
@option("--resend", multiple=True, metavar="ID|all",
        help=text("Uncertain e-mails to send again: a customer, a Message-ID, or all (repeatable)."))
@option("--assume-sent", multiple=True, metavar="ID|all",
        help=text("Uncertain e-mails that arrived: a customer, a Message-ID, or all (repeatable)."))
@output_format("table", "json")
@click.pass_obj
def resume(session: Session, drop: bool, resend: tuple[str, ...], assume_sent: tuple[str, ...], form: str) -> int:
    """What was certainly not delivered, less what was paid or held since."""
    from dunning_batch import resuming
    from dunning_batch.mailresuming import Orders

    orders = Orders(drop, resend, assume_sent)
    with Progress(session, 0) as progress, Patience(session) as patience:
        done = resuming.resume(reading(session), now, orders, progress.step, patience.watch(0))
    if done is None:
        session.say("Nothing to resume.")
        return _show_nothing(session, form)
    if isinstance(done, resuming.CaughtUp):
        session.say_problems(done.problems)
        if not done.problems:
            warn(session.language.message(done.told))
        return _show_nothing(session, form) or done.code
    return _show(session, done, form, resumed=True)


def _show(session: Session, done: "Done", form: str, *, resumed: bool = False) -> int:
    from dunning_batch.reports.run_json import document, dump
    from dunning_batch.reports.summary import told

    if form == "json":
        put(dump(document(done.record, session.language)), None)
    elif done.finished:
        tell(session.language.message(done.finished))
    else:
        tell(told(done.record, done.folder, session.language, resumed=resumed))
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
    if proposal.mailed:
        _say_mail(session, proposal)
        if not session.can_ask and not yes:
            ctx.fail(translated("E-mails leave without a question only with --yes."))
    if proposal.settings.output_is_outside:
        session.say("The output folder lies outside the dossier: {folder}", folder=str(proposal.settings.output))
    limit = max_letters or proposal.settings.dunning.max_letters
    if letters > limit:
        if not asks:
            ctx.fail(_too_many(letters, limit))
        typed = click.prompt(_too_many(letters, limit), err=True, default="", show_default=False)
        return bool(typed.strip() == str(letters))
    return not asks or agreed(text("Go on?"))


def _say_mail(session: Session, proposal: "Proposal") -> None:
    """Who sends, through which server, to how many."""
    email, to = proposal.settings.email, proposal.request.redirect_to
    session.say("  by e-mail: {count:message|messages} from {sender}, through {host}", count=len(proposal.mailed),
                sender=email.sender or proposal.settings.creditor.email, host=email.host)  # fmt: skip
    if to:
        session.say("  all of them to {address}, and no level is raised", address=to)


def _check_redirection(ctx: click.Context, address: str, by: str, *, dry_run: bool) -> None:
    """One address, in a run that sends. Leaves with a usage error."""
    from dunning_batch.core.emailaddress import read_addresses

    good, bad = read_addresses(address)
    if bad or len(good) != 1:
        ctx.fail(translated("--redirect-to wants one e-mail address, such as name@company.fr."))
    if by not in ("email", "auto") or dry_run:
        ctx.fail(translated("--redirect-to is for a run that sends: --by email or --by auto, without --dry-run."))


def _too_many(letters: int, limit: int) -> str:
    text = translated(
        "{letters} letters are more than the {limit} allowed: type the number, or --max-letters {letters}."
    )
    return text.format(letters=letters, limit=limit)
