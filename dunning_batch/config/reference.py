"""What is written about `config.toml`, made from the table of keys: the starter file and the reference page."""

from collections.abc import Iterator, Mapping
from typing import Any

from dunning_batch.config.keys import LEVELS, REQUIRED, TABLES, Key, Table
from dunning_batch.config.levels import default_levels
from dunning_batch.config.tables import toml_text
from dunning_batch.core.money import decimal_text
from dunning_batch.language import Language, LanguageCode, language

Given = Mapping[str, Mapping[str, Any]]  # table -> key -> value

_HEAD: dict[LanguageCode, str] = {
    "fr": """\
# Réglages de ce dossier pour dunning-batch.
#
# « # » suivi d'un blanc : une explication. « # » collé à un mot : un réglage laissé à sa valeur par défaut ;
# enlevez le « # » pour le changer. Les textes et les montants sont entre guillemets droits : "Lyon", "10.50".
# Vérifiez avec : dunning-batch check
""",
    "en": """\
# Settings of this dossier for dunning-batch.
#
# "#" followed by a blank: an explanation. "#" right before a word: a setting left at its default; remove the "#" to
# change it. Texts and amounts stand in straight double quotes: "Lyon", "10.50".
# Check with: dunning-batch check
""",
}
_WORDS: dict[LanguageCode, dict[str, str]] = {
    "fr": {"required": "obligatoire", "example": "Exemple :", "key": "Clé", "value": "Valeur", "default": "Défaut",
           "meaning": "Sens", "four": "Les quatre niveaux par défaut, à modifier ensemble :"},
    "en": {"required": "required", "example": "Example:", "key": "Key", "value": "Value", "default": "Default",
           "meaning": "Meaning", "four": "The four default levels, to be changed together:"},
}  # fmt: skip


def starter_config(code: LanguageCode, given: Given | None = None) -> str:
    """A commented `config.toml`: the creditor to fill in, every other key commented out at its default.

    Args:
        code: language of the comments, and of `language`.
        given: values that are written in place of the defaults.
    """
    values = {"": {"language": code}, **(given or {})}
    tables = [_starter_table(table, code, values.get(table.name, {})) for table in TABLES]
    return "\n".join([_HEAD[code], *tables])


def _starter_table(table: Table, code: LanguageCode, given: Mapping[str, Any]) -> str:
    title = table.french if code == "fr" else table.english
    lines = [f"# {'-' * 20} {title}"] if table.name else []
    if table.name == LEVELS:
        return "\n".join([*lines, *_starter_levels(table, code)]) + "\n"
    lines += [f"[{table.name}]"] if table.name else []
    for key in table.keys:
        if not key.later:
            lines += [f"# {_meaning(key, code)}", _starter_line(table, key, given)]
    return "\n".join(lines) + "\n"


def _starter_line(table: Table, key: Key, given: Mapping[str, Any]) -> str:
    if key.name in given:
        return f"{key.name} = {toml_text(given[key.name])}"
    if table.name == "creditor":
        return f"{key.name} = {'[]' if key.name == 'address' else toml_text('')}"
    return f"#{key.name} = {key.example if key.default is None else toml_text(key.default)}"


def _starter_levels(table: Table, code: LanguageCode) -> Iterator[str]:
    for key in table.keys:
        yield f"# {key.name} : {_meaning(key, code)}" if code == "fr" else f"# {key.name}: {_meaning(key, code)}"
    yield f"# {_WORDS[code]['four']}"
    for level in default_levels(code):
        yield "#[[dunning.levels]]"
        for key in table.keys:
            value = getattr(level, key.name)
            yield f"#{key.name} = {toml_text(decimal_text(value) if key.name == 'min_amount' else value)}"


def _meaning(key: Key, code: LanguageCode) -> str:
    words = _WORDS[code]
    text = key.french if code == "fr" else key.english
    required = f" ({words['required']})" if key.default is REQUIRED else ""
    return f"{text}{required}. {words['example']} {key.example}" if key.example else f"{text}{required}"


def reference_page(code: LanguageCode) -> str:
    """The tables of docs/reference/configuration.md: one section a table of the file, one row a key."""
    return "\n".join(_reference_table(table, language(code)) for table in TABLES)


def _reference_table(table: Table, words: Language) -> str:
    shown = f"[[{table.name}]]" if table.name == LEVELS else f"[{table.name}]" if table.name else "config.toml"
    heads = [_WORDS[words.code][name] for name in ("key", "value", "default", "meaning")]
    rows = [heads, ["---"] * 4, *(_reference_row(key, words) for key in table.keys)]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    title = table.french if words.code == "fr" else table.english
    return "\n".join([f"## `{shown}`", "", f"{title}.", "", *lines, ""])


def _reference_row(key: Key, words: Language) -> list[str]:
    labels = _WORDS[words.code]
    required = key.default is REQUIRED
    default = labels["required"] if required else "" if key.default is None else f"`{toml_text(key.default)}`"
    text = key.french if words.code == "fr" else key.english
    meaning = f"{text}. {labels['example']} `{key.example}`" if key.example else text
    return [f"`{key.name}`", words.message(key.kind.expected), default, meaning]
