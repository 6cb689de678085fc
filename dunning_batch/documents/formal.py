"""The words without which a letter is no formal notice (rule G5; Code civil 1344)."""

from dunning_batch.core.words import plain
from dunning_batch.documents.templates import LetterText
from dunning_batch.errors import Message, msg

_FRENCH = ("mise en demeure", "mettons en demeure", "mets en demeure", "mettre en demeure")


def lacking_words(text: LetterText) -> tuple[Message, ...]:
    """Where the words "mise en demeure" or "formal notice" are lacking: the subject, the text."""
    places = ((text.subject, msg("the words of a formal notice in the subject")),
              (text.body, msg("the words of a formal notice in the text")))  # fmt: skip
    return tuple(lack for words, lack in places if not _says_so(plain(words), text.language))


def _says_so(words: str, language: str) -> bool:
    return any(french in words for french in _FRENCH) or (language == "en" and "formal notice" in words)
