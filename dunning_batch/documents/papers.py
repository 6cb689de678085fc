"""What all letters of a dossier are made from: its texts and its stationery, read and tried once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dunning_batch.core.policy import Level
from dunning_batch.documents.letterhead import PLAIN, Stationery, load_stationery
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.documents.templates import Templates, load_templates
from dunning_batch.errors import ConfigurationError, Problem
from dunning_batch.language import LanguageCode


@dataclass(frozen=True, slots=True)
class Papers:
    """Templates and stationery."""

    templates: Templates
    stationery: Stationery = PLAIN

    @property
    def digests(self) -> Mapping[str, str]:
        """File -> sha256 of what was read (fault 56)."""
        return {**self.templates.digests, **self.stationery.digests}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is doubtful, and stops nothing."""
        return self.stationery.problems


def load_papers(root: Path, levels: Iterable[Level], default: LanguageCode, sender: Sender, look: Look) -> Papers:
    """Everything that letters need beside the ledger.

    Args:
        root: The dossier.
        levels: They name the templates.
        default: The dossier's language.
        sender: The company.
        look: `[letters]`.

    Raises:
        ConfigurationError: With everything that is wrong.
    """
    problems: list[Problem] = []
    templates, stationery = None, PLAIN
    try:
        templates = load_templates(root, levels, default, sender, look)
    except ConfigurationError as error:
        problems += error.problems
    try:
        stationery = load_stationery(root, look, sender)
    except ConfigurationError as error:
        problems += error.problems
    if problems or templates is None:
        raise ConfigurationError(*problems)
    return Papers(templates, stationery)
