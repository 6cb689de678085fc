"""What the law wants named on each letter, where a dossier prints a head or foot of its own (R123-237, R123-238)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dunning_batch.core.policy import Level
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.papers import Papers
from dunning_batch.documents.samples import sample_reminder
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.errors import Problem, Source, msg
from dunning_batch.language import LanguageCode


def missing_mentions(
    papers: Papers, levels: Iterable[Level], default: LanguageCode, sender: Sender, look: Look
) -> Iterator[Problem]:
    """A SIREN that stands nowhere on the letters of a level; the name always stands beside the signature.

    Args:
        papers: As loaded.
        levels: Each is tried on a sample.
        default: The dossier's language.
        sender: The company.
        look: `[letters]`.
    """
    own = look.footer.strip() or look.header.strip()
    if not own or not sender.siren or papers.stationery.letterhead:
        return  # what we print in its place is whole, and a letterhead is looked at by itself
    bare = replace(papers, copies=None)
    samples = (sample_reminder(level, default, "professional", full=False) for level in levels)
    letters = [compose_letter(one, sender, look, bare).letter for one in samples]
    texts = [" ".join(text.text for page in one.pages for _, row in page for text in row.texts) for one in letters]
    if any(sender.siren not in re.sub(r"\D", "", text) for text in texts):
        text = msg(
            "With this text of your own, the SIREN of the company stands nowhere on the letters, and the law wants "
            "name, form, seat and registration on each: write {variable} into it, or leave it out.",
            variable="{{ creditor.siren }}",
        )
        key = "[letters] footer" if look.footer.strip() else "[letters] header"
        yield Problem("mentions_missing", text, "warning", Source(key=key))
