"""The parsed file against the table of keys: unknown keys, wrong values, missing ones, and secrets (faults 48, 49)."""

import difflib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dunning_batch.config.findings import Findings, shown_key
from dunning_batch.config.keys import LEVELS, REQUIRED, TABLES, Key, Table, homes_of, table_named
from dunning_batch.config.kinds import UnfitError
from dunning_batch.errors import msg

Values = dict[str, Any]

_SECRETS = ("password", "passwd", "pwd", "secret", "token", "motdepasse", "mdp", "apikey")


def toml_text(value: Any) -> str:  # noqa: ANN401 - whatever a key may hold
    """A value as it is written in a TOML file."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(name)} = {toml_text(part)}" for name, part in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_text, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def example_of(key: Key) -> str:
    """A line that could stand in the file: `iban = "FR76..."`."""
    return f"{key.name} = {key.example or toml_text(key.default)}"


def read_tables(document: Mapping[str, Any], findings: Findings) -> dict[str, Values]:
    """The values of every table by key, defaults filled in; `dunning.levels` apart (see `read_levels`)."""
    refuse_secrets(document, findings)
    parts = {table.name: _part(document, table, findings) for table in TABLES if table.name != LEVELS}
    return {name: read_table(part, table_named(name), name, findings) for name, part in parts.items()}


def is_given(document: Mapping[str, Any], table: str, name: str) -> bool:
    """Whether the file itself gives a key, rather than leaving it at its default."""
    part = document.get(table)
    return isinstance(part, dict) and name in part


def _part(document: Mapping[str, Any], table: Table, findings: Findings) -> Mapping[str, Any]:
    if not table.name:
        names = {other.name for other in TABLES}
        return {name: value for name, value in document.items() if name not in names}
    part = document.get(table.name, {})
    if not isinstance(part, dict):
        findings.add("", table.name, msg("{key} is a table: write [{key}] on a line of its own.", key=table.name))
        return {}
    return {name: value for name, value in part.items() if f"{table.name}.{name}" != LEVELS}


def read_levels(document: Mapping[str, Any], findings: Findings) -> list[Values] | None:
    """The values of each `[[dunning.levels]]`, or None where the file gives none."""
    dunning = document.get("dunning")
    if not isinstance(dunning, dict) or "levels" not in dunning:
        return None
    levels = dunning["levels"]
    if not isinstance(levels, list) or not all(isinstance(level, dict) for level in levels):
        findings.add("dunning", "levels", msg("Each level is a table: write [[dunning.levels]] in double brackets."))
        return None
    table = table_named(LEVELS)
    return [read_table(level, table, f"{LEVELS}.{number}", findings) for number, level in enumerate(levels, 1)]


def read_table(part: Mapping[str, Any], table: Table, path: str, findings: Findings) -> Values:
    """The values of one table; a wrong one is noted and its default taken, so that reading goes on."""
    for name in part:
        if table.key(name) is None and not is_secret(name):
            _add_unknown(name, table, path, findings)
    return {key.name: _read_key(key, part, path, findings) for key in table.keys}


def _read_key(key: Key, part: Mapping[str, Any], path: str, findings: Findings) -> Any:  # noqa: ANN401
    default = None if key.default is None or key.default is REQUIRED else key.kind.read(key.default)
    if key.name not in part:
        if key.default is REQUIRED:
            text = msg("{key} is missing: write {example}.", key=shown_key(path, key.name), example=example_of(key))
            findings.add(path, key.name, text)
        return default
    try:
        value = key.kind.read(part[key.name])
    except UnfitError as error:
        _add_unfit(key, path, error, findings)
        return default
    if key.default is REQUIRED and not value:
        text = msg("{key} is empty: write {example}.", key=shown_key(path, key.name), example=example_of(key))
        findings.add(path, key.name, text)
    if key.later and value != default:
        text = msg("{key} is not available in this version yet: remove the line.", key=shown_key(path, key.name))
        findings.add(path, key.name, text, "not_available")
    return value


def _add_unfit(key: Key, path: str, error: UnfitError, findings: Findings) -> None:
    shown = shown_key(path, key.name)
    if error.message is not None:
        text = msg("{key}: {reason}. Write for example {example}.", key=shown, reason=error.message,
                   example=example_of(key))  # fmt: skip
    else:
        text = msg("{key} must be {expected}: write for example {example}.", key=shown, expected=key.kind.expected,
                   example=example_of(key))  # fmt: skip
    findings.add(path, key.name, text)


def _add_unknown(name: str, table: Table, path: str, findings: Findings) -> None:
    shown = shown_key(path, name)
    known = [key.name for key in table.keys] + ([other.name for other in TABLES if other.name] if not path else [])
    near = difflib.get_close_matches(name.casefold(), known, 1)
    homes = [home for home in homes_of(name) if home != table.name]
    if near:
        text = msg("{key} is not known: did you mean {near}?", key=shown, near=near[0])
    elif homes:
        text = msg("{key} is not known here: it belongs under [{table}].", key=shown, table=homes[0] or "-")
    else:
        text = msg("{key} is not known: remove it, or choose among {known}.", key=shown, known=", ".join(known))
    findings.add(path, name, text, "unknown_key")


def is_secret(name: str) -> bool:
    """Whether a key looks like one that holds a password; `password_env` names only where to find it."""
    plain = "".join(sign for sign in name.casefold() if sign.isalnum())
    return name != "password_env" and any(word in plain for word in _SECRETS)


def refuse_secrets(document: Mapping[str, Any], findings: Findings) -> None:
    """Note every password in the file, without showing it (fault 49, security rule S12)."""
    for path in _secrets(document, ""):
        table, _, name = path.rpartition(".")
        text = msg(
            "{key}: a password never stands in this file. Remove the line, change the password if others have seen the "
            "file, and give it in the environment variable that [email] password_env names.",
            key=shown_key(table, name),
        )
        findings.add(table, name, text, "password_in_file")


def _secrets(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, dict):
        for name, part in value.items():
            inner = f"{path}.{name}" if path else name
            if is_secret(name):
                yield inner
            yield from _secrets(part, inner)
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _secrets(part, f"{path}.{number}")
