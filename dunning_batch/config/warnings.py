"""What is said about a configuration that is good enough to work with (rule E4, fault 118)."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from dunning_batch.config.findings import Findings
from dunning_batch.config.tables import Values
from dunning_batch.core.terms import legal_cap_exceeded, parse_terms
from dunning_batch.errors import Message, Problem, Source, msg


def warnings_of(values: dict[str, Values], root: Path, findings: Findings) -> tuple[Problem, ...]:
    """Warnings, each with the line of its key; `findings` knows the lines."""
    said = (*_keys(values), *_rights(root, findings.file))
    return tuple(
        Problem(code, text, "warning", Source(findings.file, findings.line_of(path) if path else None))
        for code, path, text in said
    )


def _keys(values: dict[str, Values]) -> Iterator[tuple[str, str, Message]]:
    default = values["terms"]["default"]
    terms = parse_terms(default)
    if terms is not None and legal_cap_exceeded(terms):
        text = msg('[terms] default, "{terms}", exceeds what the law allows between professionals (60 days, or 45 days '
                   "end of month).", terms=default)  # fmt: skip
        yield "terms_above_cap", "terms.default", text


def _rights(root: Path, file: str) -> Iterator[tuple[str, str, Message]]:
    """A dossier where everybody may write: reminders could be changed by anybody."""
    if os.name != "nt" and root.stat().st_mode & stat.S_IWOTH:
        text = msg("Everybody on this computer may write into the folder of {file}: restrict its rights.", file=file)
        yield "open_to_everybody", "", text
