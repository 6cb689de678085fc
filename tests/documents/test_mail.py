"""The words of e-mails: one Markdown for text and HTML, and nothing of a name works there (faults 57, 58)."""

import re
from html.parser import HTMLParser

import pytest

from dunning_batch.documents.mail import compose_mail
from dunning_batch.documents.mail_money import mail_money
from dunning_batch.errors import ConfigurationError
from dunning_batch.language import language
from tests.documents.letters import SENDER, put_template, reminder, renamed, templates, with_pieces


def mail(one, **settings):
    return compose_mail(one, SENDER, templates(**settings))


def plain(text):
    return re.sub(r"\s+", " ", text)


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not {name for name, _ in attrs} & {"href", "src", "onload", "onerror", "background"}

    def handle_data(self, data):
        self.words.append(data)


def page(html):
    found = _Page()
    found.feed(html)
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("full", [True, False])
def test_both_forms_say_what_is_owed_by_when_and_how_to_pay(language, level, full):
    one = reminder(level, language, full=full)
    found = mail(one)
    for text in (plain(found.text), plain(" ".join(page(found.html).words))):
        for line in one.items:
            assert line.decision.item.piece in text
        assert "FR76 3000 6000 0112 3456 7890 189" in text
        assert "AGRIFRPP" in text
        assert SENDER.name in text
        assert "RCS Lyon 123 456 782" in text
        assert plain({"fr": "1 200,00", "en": "1,200.00"}[language]) in text


def test_sums_stand_apart_and_the_last_is_what_is_asked():
    text = plain(mail(reminder(3)).text)
    order = ["Reste dû sur ces pièces", "Règlements et avoirs déduits", "Pénalités de retard", "Indemnité forfaitaire",
             "À régler avant le 2 décembre 2026"]  # fmt: skip
    assert sorted(order, key=text.index) == order


@pytest.mark.parametrize("level", [1, 3])
def test_the_table_adds_up_to_what_is_asked_as_in_the_letter(level):
    """What was paid or deducted stands beside each invoice: amount less these is the balance, in text and HTML."""
    one = reminder(level)
    money = mail_money(one, SENDER, language("en"))
    start = money.heads.index("Amount (€)")
    assert "Deducted (€)" in money.heads
    for line, row, said in zip(one.items, money.rows, money.lines, strict=True):
        first, *less, left = (round(float(cell.replace(",", "")) * 100) for cell in row[start:])
        assert (first, left) == (line.decision.item.amount, line.decision.asked)
        assert first - sum(less) == left
        assert said.endswith(language("en").euros(line.decision.asked))
        assert ("paid or deducted" in said) == bool(sum(less))
    deducted = money.heads.index("Deducted (€)")
    assert sum(round(float(row[deducted].replace(",", "")) * 100) for row in money.rows) == one.credits


def test_the_table_stands_where_the_template_places_it_or_after_the_text(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: Relance\n\nAvant\n\n{{ invoices }}\n\nAprès\n")
    text = mail(reminder(full=False), root=tmp_path).text
    assert text.index("Avant") < text.index("F2026-0118") < text.index("Après")
    put_template(tmp_path, "fr", "level1", "Subject: Relance\n\nAvant\n\nAprès\n")
    text = mail(reminder(full=False), root=tmp_path).text
    assert text.index("Après") < text.index("F2026-0118") < text.index("Le service comptabilité")


def test_a_template_knows_that_it_is_an_e_mail(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: {{ channel }}\n\n{% if channel == 'email' %}Lettre jointe{% endif %}\n")
    found = mail(reminder(), root=tmp_path)
    assert found.subject == "email"
    assert found.text.startswith("Lettre jointe\n")


def test_bold_lists_and_headings_are_markup_in_html_only(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: x\n\n# Titre\n\n**gras** *fin*\n\n- un\n- deux\n")
    found = mail(reminder(), root=tmp_path)
    assert "<h3>Titre</h3>" in found.html
    assert "<b>gras</b> <i>fin</i>" in found.html
    assert "Titre\n\ngras fin\n\n• un\n\n• deux\n" in found.text


@pytest.mark.parametrize(
    "name",
    ['<SARL> Dupont & Fils "été"', "<img src=http://127.0.0.1/x>", "</p><script>alert(1)</script>", "**Dupont**", "\u202egro.live"],
)
def test_57_58_a_name_is_printed_and_does_nothing(tmp_path, name):
    put_template(tmp_path, "fr", "level1", "Subject: {{ customer.name }}\n\n{{ customer.name }}\n\n{{ invoices }}\n")
    found = mail(with_pieces(renamed(reminder(), name), [name]), root=tmp_path)
    shown = name.replace("\u202e", "")
    assert found.subject == shown
    assert found.text.startswith(f"{shown}\n")
    parsed = page(found.html)
    assert parsed.tags <= {"html", "head", "meta", "body", "p", "table", "tr", "th", "td", "b", "i", "br", "h3"}
    assert "".join(parsed.words).count(shown) == 2


def test_a_footer_of_the_dossier_takes_the_place_of_the_mentions():
    from dataclasses import replace

    from tests.documents.letters import LOOK

    found = mail(reminder(), look=replace(LOOK, footer="Pied de {{ creditor.name }}"))
    assert "Pied de Atelier du Bois Joli" in found.text
    assert "RCS Lyon" not in found.text


def test_52_what_a_template_does_only_in_e_mails_is_tried_too(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: x\n\n{% if channel == 'email' %}{{ totals.due | long_date }}{% endif %}\n")
    with pytest.raises(ConfigurationError):
        templates(root=tmp_path)
