"""What the authors of templates may write: loops, conditions, filters, comments, lists."""

from dataclasses import replace

import pytest

from dunning_batch.config.settings import LetterSettings
from dunning_batch.core.policy import Level
from dunning_batch.documents.formal import lacking_words
from dunning_batch.documents.markdown import Paragraph, blocks_of
from dunning_batch.documents.templates import text_of as words_of
from dunning_batch.errors import ConfigurationError
from tests.documents.letters import SENDER, finished, put_template, reminder, templates, text_of

ONE = (Level(1, "Relance", "own"),)


def written(root, body, level=1, **options):
    """The paragraphs that a template makes of a sample."""
    put_template(root, "fr", f"level{level}", f"Subject: Relance\n\n{body}\n")
    text = words_of(templates(root), reminder(level, **options), SENDER)
    return [
        "".join(span.text for span in block.spans) for block in blocks_of(text.body) if isinstance(block, Paragraph)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% for item in items %}{{ loop.index }}:{{ item.reference }}{% if not loop.last %}, {% endif %}{% endfor %}",
         ["1:F2026-0118, 2:F2026-0117, 3:F2026-0116"]),
        ("{% for item in items %}\n- {{ item.open | money }}\n{% endfor %}", ["1 200,00 €", "1 345,50 €", "1 891,00 €"]),
        ('{{ items | map(attribute="reference") | join(", ", " et ") }}', ["F2026-0118, F2026-0117 et F2026-0116"]),
        ('{{ items | map(attribute="due") | join(" / ") }}', ["25/09/2026 / 05/09/2026 / 16/08/2026"]),
        ('{{ items | sum(attribute="open") | money }}', ["4 436,50 €"]),
        ('{% set count = items | length %}{{ "beaucoup" if count > 2 else "peu" }} ({{ count }})', ["beaucoup (3)"]),
        ("{{ totals.open - totals.credits }} = {{ totals.due }}", ["4 386,50 € = 4 386,50 €"]),
        ('{{ "a" ~ customer.code ~ 1 }} {{ customer.name | upper }}', ["aDUPONT1 DUPONT & FILS SARL"]),
        ("{# un\nmot #}\nTexte", ["Texte"]),
        ("un\n{% if items %}\ndeux\n{% endif %}\ntrois", ["un deux trois"]),
        ('{% if customer.type in ["professional", "public"] %}oui{% endif %}', ["oui"]),
        ("{{ today }} {% for credit in credits %}{{ credit.amount }}{% endfor %}", ["24/11/2026 50,00 €"]),
    ],
)  # fmt: skip
def test_a_template_may(tmp_path, body, expected):
    made = [text.replace("\u202f", " ").replace("\u00a0", " ") for text in written(tmp_path, body)]
    assert made == expected


def test_reminders_so_far_are_told_of_the_letter_and_of_each_item(tmp_path):
    body = (
        "{% for one in previous_reminders %}{{ one.level }}:{{ one.date }} {% endfor %}\n\n"
        "{% for one in items[0].previous_reminders %}{{ one.level }}:{{ one.date }} {% endfor %}"
    )
    told = written(tmp_path, body, level=3)
    assert told[0] == "1:25/10/2026 2:09/11/2026"
    assert told[0] == told[1]


def test_the_last_reminder_of_an_item_followed_elsewhere_is_told(tmp_path):
    one = reminder(3)
    line = one.items[0]
    history = replace(line.decision.history, previous=())
    one = replace(one, items=(replace(line, decision=replace(line.decision, history=history)),))
    body = "{% for one in items[0].previous_reminders %}{{ one.date }}{% endfor %}"
    put_template(tmp_path, "fr", "level3", f"Subject: x\n\n{body}\n")
    assert "09/11/2026" in text_of(one, root=tmp_path)


def test_headings_and_lists_are_set_in_the_letter(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: x\n\n## Détail\n\n1. premier\n2. second\n\n- point\n")
    text = text_of(reminder(), root=tmp_path)
    assert all(part in text for part in ("Détail", "1. premier", "2. second", "• point"))


def test_a_value_that_fails_only_on_a_real_customer_is_told_with_its_line(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: x\n\n{{ items[0].reference }}\n\n{{ customer.address | first }}\n")
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path)
    assert caught.value.problems[0].source.line == 5


@pytest.mark.parametrize(
    "body",
    ["{{ items }}", "{{ credits[0].amount }}", "{% for one in previous_reminders %}{{ one.day }}{% endfor %}", "{{ items | first | upper }}", "{{ customer.name | date }}", "{{ 1e999 }}", "{{ totals.due + 0.5 }}",
     "{{ 'x' is nothing }}", "{{ customer | nothing }}", "{{ 999999999999999 + 999999999999999 }}",
     "{% for a in items recursive %}{% endfor %}", "{% set a %}x{% endset %}", "{{ [items, items] }}"],
)  # fmt: skip
def test_a_template_may_not(tmp_path, body):
    put_template(tmp_path, "fr", "own", f"Subject: x\n\n{body}\n")
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path, ONE)
    assert caught.value.problems[0].source.file == "templates/fr/own.md"


def test_a_folder_in_the_place_of_a_template_cannot_be_read(tmp_path):
    (tmp_path / "templates" / "fr" / "own.md").mkdir(parents=True)
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path, ONE)
    assert caught.value.problems[0].source.file == "templates/fr/own.md"


def test_header_and_footer_stand_in_the_place_of_sender_and_mentions():
    look = LetterSettings(header="# {{ creditor.name }}\n\n**Menuiserie**", footer="Pied de {{ creditor.rcs }}")
    text = text_of(reminder(), look=look)
    assert "Menuiserie" in text
    assert "Pied de RCS Lyon" in text
    assert "FR32123456782" not in text
    assert "12 rue des Lilas" not in text


def test_a_sender_with_the_least_still_writes():
    text = text_of(reminder(), sender=replace(SENDER, iban="", bic="", siren="", rcs="", vat="", legal_form=""))
    assert "IBAN" not in text
    assert "SIREN" not in text
    assert "Atelier du Bois Joli" in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_g5_the_built_in_formal_notice_lacks_no_word(language):
    assert lacking_words(finished(reminder(4, language)).text) == ()


@pytest.mark.parametrize(
    ("subject", "body", "count"),
    [("Relance", "Payez.", 2), ("Mise en demeure", "Payez.", 1), ("Relance", "Nous vous mettons en demeure.", 1)],
)
def test_g5_a_template_without_the_words_is_no_formal_notice(tmp_path, subject, body, count):
    put_template(tmp_path, "fr", "level4", f"Subject: {subject}\n\n{body}\n")
    assert len(lacking_words(words_of(templates(tmp_path), reminder(4), SENDER))) == count
