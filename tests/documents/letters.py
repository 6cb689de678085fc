"""What letters are made of in tests: one sender, the usual four levels, invented reminders, and the text of a PDF."""

import io
import re
from dataclasses import replace
from pathlib import Path

from pypdf import PdfReader

from dunning_batch.config.settings import Creditor, LetterSettings
from dunning_batch.core.policy import Level
from dunning_batch.documents.binding import pdf_of
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.papers import load_papers
from dunning_batch.documents.samples import sample_reminder
from dunning_batch.documents.templates import load_templates

LEVELS = (
    Level(1, "Relevé de factures impayées", "level1"),
    Level(2, "2ème relance de paiement", "level2"),
    Level(3, "3ème relance de paiement", "level3", show_penalties=True),
    Level(4, "Mise en demeure de payer", "level4", registered=True, show_penalties=True),
)
SENDER = Creditor(
    name="Atelier du Bois Joli",
    address=("12 rue des Lilas", "69003 LYON"),
    legal_form="SARL au capital de 10 000 €",
    siren="123456782",
    rcs="RCS Lyon 123 456 782",
    vat="FR32123456782",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    signatory="Le service comptabilité",
)
LOOK = LetterSettings()
NOWHERE = Path("/no/dossier/here")


def reminder(level=1, language="fr", type_="professional", *, full=True, **changes):
    return replace(sample_reminder(LEVELS[level - 1], language, type_, full), **changes)


def with_pieces(one, pieces):
    """The reminder with as many items as pieces, their amounts those of its first item, and its sums to match."""
    first = one.items[0]
    items = tuple(
        replace(first, decision=replace(first.decision, item=replace(first.decision.item, piece=piece)))
        for piece in pieces
    )
    principal = sum(line.decision.item.open for line in items)
    covered = sum(line.decision.covered for line in items)
    penalties = sum(segment.interest for line in items for segment in line.segments)
    indemnity = sum(line.indemnity for line in items)
    return replace(
        one, items=items, open=principal, credits=covered, penalties=penalties, indemnity=indemnity,
        total=principal - covered + penalties + indemnity,
    )  # fmt: skip


def renamed(one, name):
    return replace(one, name=name, customer=replace(one.customer, name=name))


def templates(root=NOWHERE, levels=LEVELS, default="fr", look=LOOK):
    return load_templates(root, levels, default, SENDER, look)


def finished(one, *, sender=SENDER, look=LOOK, root=NOWHERE):
    return compose_letter(one, sender, look, load_papers(root, LEVELS, "fr", sender, look))


def pdf(one, **settings):
    return pdf_of(finished(one, **settings).letter)


def pages_of(data):
    """The text of each page; every kind of blank, and line ends, are one blank."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(data)).pages]


def text_of(one, **settings):
    return " ".join(pages_of(pdf(one, **settings)))


def put_template(root, language, name, text):
    file = root / "templates" / language / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
