"""What a formal notice must say (rule G5): its data, and the words of the template that somebody may have changed."""

import re

from dunning_batch.core.reminders import Reminder, formal_notice_lacks
from dunning_batch.documents.markdown import plain
from dunning_batch.documents.sender import Sender
from dunning_batch.documents.templates import LetterText
from dunning_batch.errors import Message, msg

_SUBJECT = re.compile(r"mise en demeure|formal notice")
_TEXT = re.compile(r"en demeure|formal notice")


def lacks_of(reminder: Reminder, sender: Sender, text: LetterText) -> tuple[Message, ...]:
    """Everything that a formal notice lacks; nothing for another letter.

    The deadline and the means of payment are printed beside the total whatever the template says.
    """
    if not reminder.level.registered:
        return ()
    data = formal_notice_lacks(reminder, sender.name, sender.address, sender.iban)
    return (*data, *words_lacking(text))


def words_lacking(text: LetterText) -> tuple[Message, ...]:
    """Whether subject and text say that this is a formal notice."""
    lacks = [
        (_SUBJECT.search(_simple(text.subject)), msg("the words “mise en demeure” in the subject of its template")),
        (_TEXT.search(_simple(plain(text.body))), msg("the words “mise en demeure” in the text of its template")),
    ]
    return tuple(message for found, message in lacks if not found)


def _simple(text: str) -> str:
    return " ".join(text.casefold().split())
