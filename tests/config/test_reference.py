"""What is written about the configuration agrees with what is read."""

import re
import tomllib

import pytest

from dunning_batch.config import load_settings
from dunning_batch.config.keys import TABLES
from dunning_batch.config.levels import default_levels
from dunning_batch.config.reference import reference_page, starter_config
from dunning_batch.config.tables import example_of
from dunning_batch.language import LANGUAGES
from tests.config.helpers import CREDITOR, load, written

GIVEN = {"creditor": {"name": "Atelier Exemple SARL", "address": ["12 rue des Lilas", "69003 LYON"]}}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_starter_file_is_good_once_the_creditor_is_filled_in(tmp_path, code):
    settings = load_settings(written(tmp_path, starter_config(code, GIVEN)))
    assert settings.language == code
    assert settings.policy.levels == default_levels(code)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_starter_file_changes_nothing_when_its_defaults_are_uncommented(tmp_path, code):
    text = re.sub(r"^#(?=[\w\[])", "", starter_config(code, GIVEN), flags=re.MULTILINE)
    text = re.sub(r"^due_(from|to) = .*\n", "", text, flags=re.MULTILINE)
    text = text.replace('file = "input/customers.xlsx"\n', "")
    plain = load(tmp_path, creditor=f'language = "{code}"\n{CREDITOR}')
    filled = load_settings(written(tmp_path, text))
    assert filled.policy == plain.policy
    assert (filled.ledger, filled.letters, filled.dunning) == (plain.ledger, plain.letters, plain.dunning)
    assert (filled.penalties, filled.rates, filled.output, filled.levels) == (
        plain.penalties, plain.rates, plain.output, plain.levels
    )  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_key_that_can_be_used_stands_in_the_starter_file(code):
    text = starter_config(code)
    for table in TABLES:
        for key in table.keys:
            found = re.search(rf"^#?{key.name} = ", text, flags=re.MULTILINE)
            assert bool(found) is not key.later or key.name in ("email", "name"), key.name


@pytest.mark.parametrize("key", [key for table in TABLES for key in table.keys], ids=lambda key: key.name)
def test_every_example_can_be_read(key):
    example = tomllib.loads(example_of(key))[key.name] if key.default is not None or key.example else None
    if example is not None:
        key.kind.read(example)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_reference_names_every_key(code):
    page = reference_page(code)
    for table in TABLES:
        assert f"[{table.name}]" in page
        for key in table.keys:
            assert f"| `{key.name}` |" in page
