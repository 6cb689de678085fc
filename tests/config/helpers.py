"""A configuration in a temporary dossier, and what is said about it."""

from pathlib import Path

import pytest

from dunning_batch.config import load_settings
from dunning_batch.errors import ConfigurationError
from dunning_batch.language import language

CREDITOR = """\
[creditor]
name = "Atelier Exemple SARL"
address = ["12 rue des Lilas", "69003 LYON"]
siren = "123456782"
iban = "FR7630006000011234567890189"
"""


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "config.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def load(folder: Path, text: str = "", creditor: str = CREDITOR, **more):
    return load_settings(written(folder, creditor + text), **more)


def problems(folder: Path, text: str | bytes, creditor: str = CREDITOR) -> list[tuple[int | None, str]]:
    """Line and English sentence of each problem; the file must be refused."""
    whole = text if isinstance(text, bytes) else creditor + text
    with pytest.raises(ConfigurationError) as caught:
        load_settings(written(folder, whole))
    return [(problem.source.line, language("en").message(problem.message)) for problem in caught.value.problems]


def only_problem(folder: Path, text: str | bytes, creditor: str = CREDITOR) -> tuple[int | None, str]:
    found = problems(folder, text, creditor)
    assert len(found) == 1, found
    return found[0]
