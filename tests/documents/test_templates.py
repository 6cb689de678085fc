"""Templates: found, checked, limited (contract section 4; faults 52 to 54; S6)."""

import time
import tracemalloc
from pathlib import Path

import pytest

from dunning_batch.core.policy import Level
from dunning_batch.documents import template_files
from dunning_batch.errors import ConfigurationError
from tests.documents.letters import LEVELS, put_template, reminder, templates, text_of

ONE = (Level(1, "Relance", "own"),)


def refused(root, body="", text=None):
    """The problems of a dossier whose one template has this body, or is this text."""
    put_template(root, "fr", "own", f"Subject: Relance\n\n{body}\n" if text is None else text)
    with pytest.raises(ConfigurationError) as caught:
        templates(root, ONE)
    return caught.value.problems


def wording(problem):
    return problem.message.text, dict(problem.message.values)


def test_the_built_in_templates_are_those_of_the_repository():
    repository = Path(__file__).resolve().parents[2] / "templates"
    built_in = sorted(file.relative_to(template_files.BUILT_IN) for file in template_files.BUILT_IN.rglob("*.md"))
    assert built_in == sorted(file.relative_to(repository) for file in repository.rglob("*.md"))
    assert len(built_in) == 8
    for file in built_in:
        assert (template_files.BUILT_IN / file).read_bytes() == (repository / file).read_bytes(), file


def test_a_template_of_the_dossier_stands_before_the_built_in_one(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: Rappel\n\nBonjour {{ customer.name }}, voici notre compte.\n")
    assert "voici notre compte" in text_of(reminder(), root=tmp_path)
    assert "Statement of unpaid invoices" in text_of(reminder(language="en"), root=tmp_path)


def test_a_missing_language_falls_back_to_that_of_the_dossier(tmp_path):
    put_template(tmp_path, "fr", "own", "Subject: Rappel\n\nBonjour, {{ totals.due | money }}.\n")
    loaded = templates(tmp_path, ONE)
    assert loaded.by_name["en", "own"].language == "fr"


def test_a_missing_template_is_named_with_the_file_to_write(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path, (Level(1, "Relance", "nowhere"),))
    assert caught.value.problems[0].source.file == "templates/fr/nowhere.md"


@pytest.mark.parametrize(
    ("body", "line", "name"),
    [
        ("Bonjour\n\n{{ totaux.due }}", 5, "totaux"),
        ("{{ totals.du }}", 3, "totals.du"),
        ("{% for item in items %}{{ item.nothing }}{% endfor %}", 3, "item.nothing"),
        ("{% if false %}\n{{ never_run }}\n{% endif %}", 4, "never_run"),
    ],
)
def test_an_unknown_variable_is_named_with_its_line_and_the_known_ones(tmp_path, body, line, name):
    (problem,) = refused(tmp_path, body)
    values = dict(problem.message.values)
    assert (problem.source.file, problem.source.line) == ("templates/fr/own.md", line)
    assert values["name"] == name
    assert "totals" in values["known"] or "due" in values["known"]


def test_every_unknown_variable_is_reported_at_once(tmp_path):
    assert len(refused(tmp_path, "{{ one }}\n\n{{ two }}\n\n{{ level.three }}")) == 3


@pytest.mark.parametrize("text", ["Bonjour\n\nTexte\n", "Subject:\n\nTexte\n", "Subject: Relance\nTexte\n", ""])
def test_a_template_begins_with_its_subject_and_a_blank_line(tmp_path, text):
    (problem,) = refused(tmp_path, text=text)
    assert problem.source.line == 1


def test_a_mistake_of_syntax_is_told_with_its_line(tmp_path):
    (problem,) = refused(tmp_path, "Bonjour\n{% if items %}\n\n{{ totals.due | money }")
    assert problem.source.line in (5, 6)


def test_a_line_that_is_not_utf_8_is_told(tmp_path):
    file = put_template(tmp_path, "fr", "own", "")
    file.write_bytes("Subject: Relance\n\nété\n".encode("cp1252"))
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path, ONE)
    assert caught.value.problems[0].source.line == 3


FORBIDDEN = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ customer.__class__ }}",
    "{{ customer['__class__'] }}",
    "{{ customer | attr('__class__') }}",
    "{{ items | map(attribute='__class__') | join }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lipsum.__globals__ }}",
    "{{ lipsum(5) }}",
    "{{ range(10) }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{% include '../../secret' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% set x = namespace(a=1) %}{{ x }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ customer.name.format(customer) }}",
    "{{ '{0.__class__}' | format(customer) }}",
    "{{ items.append(1) }}",
    "{{ level.number.bit_length() }}",
    "{{ totals.due.__class__ }}",
    "{{ _budget }}",
    "{{ customer | pprint }}",
    "{{ customer | tojson }}",
]


@pytest.mark.parametrize("body", FORBIDDEN)
def test_a_template_is_data(tmp_path, body):
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    problems = refused(tmp_path, body)
    assert "SECRET" not in str([wording(problem) for problem in problems])
    assert problems[0].source.line == 3


@pytest.mark.parametrize(
    "body",
    ["{{ 5 | iban }}", "{{ 5 | date }}", "{{ 'x' | money }}", "{{ 'NaN' | money }}", "{{ items }}"],
)
def test_values_that_do_not_go_together_are_told_with_their_line(tmp_path, body):
    (problem,) = refused(tmp_path, f"Bonjour\n\n{body}")
    assert problem.source.line == 5


def loops(count):
    opened = "".join(f"{{% for a{number} in items %}}" for number in range(count))
    return opened + "x" + "{% endfor %}" * count


HUGE = [
    loops(30),
    "{% for a in items %}{% for b in items %}{{ a.label * 100000000 }}{% endfor %}{% endfor %}",
    "{{ 'a' * 10**9 }}",
    "{{ 10**10**10 }}",
    "{{ 9**9 }}",
    "{{ 1e999 | money }}",
    "{% if 2 > 1e999 %}{% endif %}",
    "{{ 'a' | center(1000000000) }}",
    "{{ 'a' | indent(1000000000) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'x' | replace('', 'x' * 1000) }}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ [" + "[" * 200 + "]" * 200 + "] }}",
    "{{ " + " + ".join(["1"] * 5000) + " }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x %}" * 12 + "{{ x }}",
    "x" * 200_000,
]


@pytest.mark.parametrize("body", HUGE, ids=range(len(HUGE)))
def test_a_template_has_limits(tmp_path, body):
    tracemalloc.start()
    started = time.monotonic()
    try:
        refused(tmp_path, body)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.monotonic() - started < 10
    assert most < 60_000_000


def test_a_template_that_is_a_link_leading_out_is_refused(tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text("Subject: x\n\nSECRET\n", encoding="utf-8")
    link = put_template(tmp_path / "dossier", "fr", "own", "")
    link.unlink()
    link.symlink_to(outside)
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path / "dossier", ONE)
    assert "SECRET" not in str([wording(problem) for problem in caught.value.problems])


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "..", "", "a\\b"])
def test_a_template_has_a_plain_name(tmp_path, name):
    with pytest.raises(ConfigurationError):
        templates(tmp_path, (Level(1, "Relance", name),))


def test_the_table_stands_once_on_a_line_of_its_own(tmp_path):
    assert refused(tmp_path, "Voici {{ invoices }}")[0].source.line == 3
    assert refused(tmp_path, "{{ invoices }}\n\n{{ invoices }}")[0].source.line == 5


def test_the_table_follows_a_text_that_does_not_place_it(tmp_path):
    put_template(tmp_path, "fr", "level1", "Subject: Rappel\n\nAvant la table.\n")
    text = text_of(reminder(), root=tmp_path)
    assert text.index("Avant la table") < text.index("F2026-0118")


def test_filters_and_variables_print_what_the_contract_says(tmp_path):
    put_template(
        tmp_path, "fr", "level1",
        "Subject: Rappel\n\nA={{ totals.due | money }} B={{ today | date }} C={{ today | long_date }} "
        "D={{ creditor.iban | iban }} E={{ level.number }} F={{ level.name }} G={{ level.deadline | date }} "
        "H={{ customer.name }} I={{ channel }} "
        "J={% for i in items %}{{ i.reference }}/{{ i.days_overdue }};{% endfor %}\n",
    )  # fmt: skip
    text = text_of(reminder(), root=tmp_path)
    for expected in (
        "A=4 386,50 €", "B=24/11/2026", "C=24 novembre 2026", "D=FR76 3000 6000 0112 3456 7890 189", "E=1",
        "F=Relevé de factures impayées", "G=02/12/2026", "H=Dupont & Fils SARL", "I=letter", "J=F2026-0118/60;",
    ):  # fmt: skip
        assert expected in text, expected


def test_a_header_of_the_settings_is_checked_like_a_template(tmp_path):
    from dunning_batch.config.settings import LetterSettings

    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path, LEVELS, look=LetterSettings(header="{{ nothing }}"))
    assert "header" in caught.value.problems[0].source.key
