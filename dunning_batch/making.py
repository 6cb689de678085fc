"""One letter from a reminder: laid out, drawn, and checked for what a formal notice must say; by whatever process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dunning_batch.config.settings import Creditor, LetterSettings
from dunning_batch.core.reminders import Reminder, formal_notice_lacks
from dunning_batch.documents.artwork import Artwork
from dunning_batch.documents.drawing import Drawn, draw
from dunning_batch.documents.formal import lacking_words
from dunning_batch.documents.letter import Finished, compose_letter
from dunning_batch.documents.mail import MailText, compose_mail
from dunning_batch.documents.papers import Papers
from dunning_batch.errors import DunningError, Message, Problem


@dataclass(frozen=True, slots=True)
class Making:
    """What all letters of a run are made with."""

    creditor: Creditor
    look: LetterSettings
    papers: Papers


@dataclass(frozen=True, slots=True)
class Made:
    """A letter that only needs to be written."""

    drawn: Drawn
    problems: tuple[Problem, ...]
    lacks: tuple[Message, ...]  # what a formal notice must say and this one does not (rule G5): it is not sent
    mail: MailText | None  # the words of the e-mail that carries it; none for the post


Answer = list[Made] | DunningError  # letters, or what stopped the first one that failed


def answer_of(making: Making, reminders: Sequence[Reminder]) -> Answer:
    """The letters of some reminders, or the error that is to be raised when it is their turn."""
    try:
        return [make(making, one) for one in reminders]
    except DunningError as error:
        return error


def make(making: Making, reminder: Reminder) -> Made:
    """The letter of a reminder. Raises ConfigurationError where its template fails on these values."""
    finished = compose_letter(reminder, making.creditor, making.look, making.papers)
    mail = compose_mail(reminder, making.creditor, making.papers.templates) if reminder.channel != "zip" else None
    return Made(draw(finished.letter), finished.problems, _lacks(making.creditor, reminder, finished), mail)


def without_stationery(answer: Answer, making: Making) -> Answer:
    """Letters without the drawings that both ends of a pipe have."""
    if isinstance(answer, DunningError):
        return answer
    common = making.papers.stationery.artworks
    return [
        _with_artworks(one, {name: art for name, art in one.drawn.artworks.items() if name not in common})
        for one in answer
    ]


def with_stationery(answer: Answer, making: Making) -> Answer:
    """Letters with these drawings again."""
    if isinstance(answer, DunningError):
        return answer
    common = making.papers.stationery.artworks
    return [_with_artworks(one, {**one.drawn.artworks, **common}) for one in answer]


def _with_artworks(made: Made, artworks: Mapping[str, Artwork]) -> Made:
    return replace(made, drawn=replace(made.drawn, artworks=artworks))


def _lacks(creditor: Creditor, reminder: Reminder, finished: Finished) -> tuple[Message, ...]:
    if not reminder.level.registered:
        return ()
    facts = formal_notice_lacks(reminder, creditor.name, creditor.address, creditor.iban)
    return (*facts, *lacking_words(finished.text))
