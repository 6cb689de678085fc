"""A new dossier: a commented configuration, the templates, empty folders; as a sample, a ledger and its customers."""

from pathlib import Path
from typing import Any

from dunning_batch.config.reference import starter_config
from dunning_batch.errors import Problem, Source, UsageError, msg
from dunning_batch.files import make_folder, write_file
from dunning_batch.language import LANGUAGES, LanguageCode

_DATA = Path(__file__).parent / "data"
TEMPLATES = _DATA / "templates"  # the built-in ones, one folder a language
SAMPLE = _DATA / "dossier" / "input"

_SAMPLE_SETTINGS: dict[str, dict[str, Any]] = {
    "creditor": {
        "name": "Atelier Exemple SARL",
        "legal_form": "SARL au capital de 10 000 €",
        "address": ["12 rue des Lilas", "69003 LYON"],
        "siren": "123456782",
        "rcs": "RCS Lyon 123 456 782",
        "vat": "FR11123456782",
        "phone": "04 72 00 00 00",
        "email": "compta@example.com",
        "iban": "FR76 3000 6000 0112 3456 7890 189",
        "bic": "AGRIFRPP",
    },
}


def make_dossier(folder: Path, language: LanguageCode, *, sample: bool = False) -> list[Path]:
    """Write what is missing of a dossier, and never over what is there.

    Args:
        folder: made where it does not exist.
        language: of the comments, and of the dossier.
        sample: with a small invented ledger, its customers and a creditor.

    Returns:
        The files that were written, in order of path.

    Raises:
        UsageError: a sample is asked for in a folder that is a dossier already.
        OutputError: a file or folder cannot be written.
    """
    config = folder / "config.toml"
    if sample and config.exists():
        text = msg("{folder} is a dossier already: choose another folder for the sample.", folder=str(folder))
        raise UsageError(Problem("dossier_exists", text, "error", Source(str(config))))
    for name in ("input", "output", *(f"templates/{code}" for code in LANGUAGES)):
        make_folder(folder / name)
    starter = starter_config(language, _SAMPLE_SETTINGS if sample else None)
    contents = {config: starter.encode(), **_copies(folder, sample)}
    written = [path for path in sorted(contents) if not path.exists()]
    for path in written:
        write_file(path, contents[path])
    return written


def _copies(folder: Path, sample: bool) -> dict[Path, bytes]:
    """The built-in templates in every language, and the sample's files, by where they go."""
    files = {folder / "templates" / path.parent.name / path.name: path for path in TEMPLATES.glob("*/*.md")}
    if sample:
        files |= {folder / "input" / path.name: path for path in SAMPLE.glob("*")}
    return {target: path.read_bytes() for target, path in files.items()}
