"""What the law wants named on each letter, where a dossier prints a head or foot of its own (R123-237, R123-238)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dunning_batch.core.policy import Level
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.pages import Letter
from dunning_batch.documents.papers import Papers
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.samples import sample_reminder
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.errors import Problem, Source, msg
from dunning_batch.language import LanguageCode, language


def missing_mentions(
    papers: Papers, levels: Iterable[Level], default: LanguageCode, sender: Sender, look: Look
) -> Iterator[Problem]:
    """The name or the SIREN of the company that stand nowhere on a letter, once for all levels.

    Args:
        papers: As loaded.
        levels: Each is tried on a sample.
        default: The dossier's language.
        sender: The company.
        look: `[letters]`.
    """
    if papers.stationery.letterhead or not (look.header.strip() or look.footer.strip()):
        return  # a letterhead is looked at by itself, and what we print in its place is whole
    bare = replace(papers, copies=None)
    samples = (sample_reminder(level, default, "professional", full=False) for level in levels)
    texts = [_printed(compose_letter(one, sender, look, bare).letter) for one in samples]
    name = Pen(language(default)).show(sender.name)
    if any(_joined(name) not in _joined(text) for text in texts):
        yield _problem("name", look)
    if sender.siren and any(sender.siren not in re.sub(r"\D", "", text) for text in texts):
        yield _problem("siren", look)


def _printed(letter: Letter) -> str:
    return " ".join(text.text for page in letter.pages for _, row in page for text in row.texts)


def _joined(text: str) -> str:
    return "".join(text.split()).casefold()


def _problem(field: str, look: Look) -> Problem:
    key = "[letters] footer" if look.footer.strip() else "[letters] header"
    text = msg(
        "With this text of your own, [creditor] {field} stands nowhere on the letters, and the law wants name, form, "
        "seat and registration of the company on each: write {variable} into it, or leave it out.",
        field=field,
        variable=f"{{{{ creditor.{field} }}}}",
    )
    return Problem("mentions_missing", text, "warning", Source(key=key))
