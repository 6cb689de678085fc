"""What all letters of a dossier are made from: its texts and its stationery, read and tried once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dunning_batch.core.policy import Level
from dunning_batch.documents.copies import CopyFolder, open_copies
from dunning_batch.documents.letterhead import PLAIN, Stationery, load_stationery
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.documents.templates import Templates, load_templates
from dunning_batch.errors import ConfigurationError, Problem
from dunning_batch.language import LanguageCode

_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class Papers:
    """Templates and stationery."""

    templates: Templates
    stationery: Stationery = PLAIN
    copies: CopyFolder | None = None  # of invoices
    doubts: tuple[Problem, ...] = ()  # of a head or foot of the dossier's own

    @property
    def digests(self) -> Mapping[str, str]:
        """File -> sha256 of what was read (fault 56)."""
        return {**self.templates.digests, **self.stationery.digests}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is doubtful, and stops nothing."""
        return (*self.stationery.problems, *self.doubts)


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

    def tried(load: Callable[[], _Loaded]) -> _Loaded | None:
        try:
            return load()
        except ConfigurationError as error:
            problems.extend(error.problems)
            return None

    templates = tried(lambda: load_templates(root, levels, default, sender, look))
    stationery = tried(lambda: load_stationery(root, look, sender))
    folder = look.invoice_copies
    copies = tried(lambda: open_copies(root / folder, folder)) if folder else None
    if problems or templates is None or stationery is None:
        raise ConfigurationError(*problems)
    return Papers(templates, stationery, copies)
