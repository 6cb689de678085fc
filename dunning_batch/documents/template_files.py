"""Where templates stand: in the dossier, else in the program; never anywhere else (fault 119)."""

from dataclasses import dataclass
from pathlib import Path

from dunning_batch.documents.template_guard import MAX_SOURCE
from dunning_batch.errors import ConfigurationError, Message, Problem, Source, msg
from dunning_batch.language import LANGUAGES, LanguageCode

BUILT_IN = Path(__file__).parent.parent / "data" / "templates"
FOLDER = "templates"
_BYTES_OF_A_SIGN = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The file of a template."""

    path: Path
    shown: str  # as messages name it
    language: LanguageCode  # what it is written in
    inside: Path  # the folder it must not leave


def find(root: Path, name: str, wanted: LanguageCode, default: LanguageCode) -> Found:
    """The file of a template: of the dossier, else built in; in the language wanted, else in the dossier's.

    Raises:
        ConfigurationError: There is none, or its name leads out of the folder.
    """
    if not name or name != Path(name).name or "\\" in name or name.startswith("."):
        text = msg("{name} is no name of a template: a file of {folder}, without .md.", name=name, folder=FOLDER)
        raise _wrong(text, Source(key="[[dunning.levels]] template"))
    for code in dict.fromkeys((wanted, default)):
        relative = f"{code}/{name}.md"
        for found in (
            Found(root / FOLDER / relative, f"{FOLDER}/{relative}", code, root),
            Found(BUILT_IN / relative, str(BUILT_IN / relative), code, BUILT_IN),
        ):
            if found.path.exists() or found.path.is_symlink():
                return found
    text = msg(
        "There is no template {name}: write {folder}/{language}/{name}.md, or name another one.",
        name=name,
        folder=FOLDER,
        language=wanted,
    )
    raise _wrong(text, Source(f"{FOLDER}/{wanted}/{name}.md"))


def read(found: Found) -> bytes:
    """The bytes of a template. Raises ConfigurationError if it leads out of its folder or cannot be read."""
    source = Source(found.shown)
    try:
        if not found.path.resolve().is_relative_to(found.inside.resolve()):
            raise _wrong(msg("This template is a link out of the dossier. Put the file itself here."), source)
        if found.path.stat().st_size > MAX_SOURCE * _BYTES_OF_A_SIGN:
            raise _wrong(msg("This template is too long. Shorten it."), source)
        return found.path.read_bytes()
    except (OSError, RuntimeError) as error:
        text = msg("This template cannot be read: {reason}.", reason=getattr(error, "strerror", "") or str(error))
        raise _wrong(text, source) from error


def decoded(data: bytes, shown: str) -> str:
    """The text of a template, with plain line ends. Raises ConfigurationError with the line that is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _wrong(msg("This line is not UTF-8. Save the template as UTF-8."), Source(shown, line)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def pairs(names: tuple[str, ...]) -> tuple[tuple[LanguageCode, str], ...]:
    """Every template in every language, in order."""
    return tuple((code, name) for code in LANGUAGES for name in dict.fromkeys(names))


def _wrong(text: Message, source: Source) -> ConfigurationError:
    return ConfigurationError(Problem("template", text, "error", source))
