"""`casefile`: everything about one customer gathered from ledger, journal and run folders, for a bailiff or lawyer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from dunning_batch.batch import papers_of, reminders_of
from dunning_batch.config import Settings
from dunning_batch.core.policy import Dunning, Level
from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.casefile import Case, Sent, casefile
from dunning_batch.documents.foreign import DAMAGED, TooLargeError, pages_of_file
from dunning_batch.documents.names import casefile_name
from dunning_batch.errors import Problem, UsageError, msg
from dunning_batch.language import Language, language
from dunning_batch.situation import Request, Situation, look
from dunning_batch.wording import CHANNELS, PAST_RESULTS

_MOST_PAGES, _MOST_BYTES = 200, 100_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """The file, and what is missing in it."""

    data: bytes
    name: str  # what it is called unless somebody says otherwise
    problems: tuple[Problem, ...]


def make_casefile(settings: Settings, request: Request, customer: str) -> Made:
    """The file on a customer.

    Args:
        settings: The dossier's.
        request: The day to which interest is computed.
        customer: His code, as the ledger has it.

    Raises:
        UsageError: Nothing is open of such a customer.
        ConfigurationError: A rate is missing for the interest (rule G2).
        DunningError: Whatever a run would raise.
    """
    papers = papers_of(settings)
    situation = look(settings, request)
    claim = _claim(situation, customer)
    copies, doubts = papers.copies.copies_of(claim) if papers.copies else ((), ())
    spoken = language(settings.language)
    sent = tuple(_sent(situation, customer, spoken))
    data = casefile(Case(claim, sent, copies), settings.creditor, settings.language)
    return Made(data, casefile_name(customer), doubts)


def _claim(situation: Situation, customer: str) -> Reminder:
    """All open items of the customer as one reminder at no level, with interest."""
    decisions = tuple(one for one in situation.plan.decisions if one.item.customer == customer)
    if not decisions:
        text = msg("Nothing is open of a customer {code}: see dunning-batch status for the codes.", code=customer)
        raise UsageError(Problem("no_such_customer", text, "error"))
    level = Level(0, "", "", payment_deadline_days=0, show_penalties=True)
    ordered = tuple(sorted(decisions, key=lambda one: (one.item.due, one.item.order)))
    dunning = Dunning(customer, level, ordered, "zip")
    (claim,) = reminders_of(replace(situation, plan=replace(situation.plan, dunnings=(dunning,))))
    return replace(claim, language=situation.settings.language)


def _sent(situation: Situation, customer: str, spoken: Language) -> Iterator[Sent]:
    """Each reminder of the past, oldest first; a reminder has a row an item."""
    rows = [row for row in situation.memory.past if row.customer == customer and row.document]
    names = {level.number: level.name for level in situation.settings.policy.levels}
    for (run, document), some in groupby(rows, key=lambda row: (row.run, row.document)):
        reminded = list(some)
        first = reminded[0]
        yield Sent(
            first.day,
            names.get(first.level, str(first.level)),
            tuple(row.piece for row in reminded if row.piece),
            spoken.message(CHANNELS[first.channel]),
            first.recipient,
            spoken.message(PAST_RESULTS[first.result]),
            first.reference,
            f"{run}/{document}",
            _pages(situation.settings.output / run / document),
        )


def _pages(file: Path) -> tuple[Artwork, ...]:
    """The letter as it was delivered; nothing where it is gone."""
    try:
        return pages_of_file(file, _MOST_PAGES, _MOST_BYTES)
    except (*DAMAGED, TooLargeError, OSError):
        return ()
