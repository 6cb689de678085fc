"""The bytes of `config.toml` -> a document, or line, column and what to write instead (fault 47).

No message repeats what stands in the file but the names of keys: it may be a password.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from dunning_batch.errors import ConfigurationError, Message, Problem, Source, msg

_LIMIT = 1_000_000  # bytes; the starter file has ten thousand
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_KEY = r"\s*(?P<key>[\w.\"'-]+)\s*"

_BACKSLASH = re.compile(rf'{_KEY}=\s*"[^"\\]*\\')
_NO_BACKSLASH = msg(
    "in double quotes a backslash starts a code: write a path between single quotes, as in 'C:\\Users\\Marie', or with "
    "slashes"
)

# What is found on the line (after the key) -> what to write. The first that fits is said.
_HINTS: tuple[tuple[str, Message], ...] = (
    (r"=\s*(?i:true|false|oui|non|yes|no|vrai|faux)\s*(#.*)?$",
     msg("write true or false, in lower case and without quotes")),
    (r"=\s*-?\d[\d ]*,\d+", msg('a number has no comma here: write an amount in double quotes, as in "0.10"')),
    (r"=\s*-?[\d.]+ *[€%]", msg('write an amount or a percent in double quotes, as in "40.00"')),
    (r"=\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", msg("write a day as 2026-11-24, without quotes")),
    (r"=\s*0\d", msg("write a number without zeros before it, or a text in double quotes")),
    (r"=\s*[“”«»„‘’]", msg('use straight quotes: "text"')),
    (r"=\s*(#.*)?$", msg("write a value after the sign =, or remove the line")),
    (r"=\s*[^\W\d]", msg('write a text in double quotes, as in name = "text"')),
    (r"=\s*\"[^\"]*$", msg("the double quote that closes the text is missing")),
    (r"=\s*'[^']*'[^']*'?", msg("a text that holds an apostrophe stands in double quotes")),
    (r":", msg("write key = value, with the sign =")),
)  # fmt: skip


def read_bytes(path: Path) -> bytes:
    """The file as it is. Raises ConfigurationError where there is none (fault 47)."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        text = msg(
            "There is no {file}: make a new dossier with `dunning-batch init FOLDER`, go to the folder of an existing "
            "one, or name its file with --config.",
            file=str(path),
        )
        raise ConfigurationError(Problem("no_configuration", text, "error", Source(str(path)))) from None
    except OSError as error:
        text = msg("{file} cannot be read: {reason}.", file=str(path), reason=error.strerror or str(error))
        raise ConfigurationError(Problem("unreadable_configuration", text, "error", Source(str(path)))) from error
    if len(data) > _LIMIT:
        raise _refused(path, 1, 1, msg("the file is far too large to be a configuration"))
    return data


def decode(data: bytes, path: Path) -> str:
    """The text of the file, which is UTF-8 without a byte-order mark. Raises ConfigurationError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(path, 1, 1, msg("the file is in UTF-16: save it as UTF-8"))
    if data.startswith(b"\xef\xbb\xbf"):
        reason = msg("an invisible mark (BOM) stands before the first line: save the file as UTF-8 without BOM")
        raise _refused(path, 1, 1, reason)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        sign = data[error.start : error.start + 1].decode("cp1252", "replace")
        reason = msg('the letter "{sign}" is not in UTF-8: open the file in an editor and save it as UTF-8', sign=sign)
        raise _refused(path, before.count(b"\n") + 1, column, reason) from None


def parse(text: str, path: Path) -> dict[str, Any]:
    """The document. Raises ConfigurationError with the place of the first error and what to write."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _refused(path, 1, 1, msg("too many brackets stand inside each other")) from None
    except tomllib.TOMLDecodeError as error:
        lines = text.splitlines() or [""]
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
        if line > 1 and (line > len(lines) or (column == 1 and not lines[line - 1])):
            line, column = len(lines), len(lines[-1]) + 1
        if found := _BACKSLASH.match(lines[line - 1]):
            raise _refused(path, line, found.end(), _NO_BACKSLASH) from None
        raise _refused(path, line, column, _hint(str(error), lines[line - 1])) from None
    except ValueError:
        raise _refused(path, 1, 1, msg("a number has too many digits")) from None


def _hint(error: str, line: str) -> Message:
    found = re.match(_KEY, line)
    if "overwrite" in error or "twice" in error or "Duplicate" in error:
        key = found["key"] if found else line.strip().strip("[] ")
        return msg("{key} stands twice in the file: keep one of the two", key=key)
    if "Expected ']'" in error:
        return msg("the bracket ] that closes the name of the table is missing")
    if found:
        for pattern, hint in _HINTS:
            if re.match(pattern, line[found.end() :]):
                return hint
    if "end of document" in error:
        return msg("a bracket, a quote or a value is missing at the end")
    return msg("write key = value, a text in double quotes, or [table]; text after a # is a comment")


def _refused(path: Path, line: int, column: int, reason: Message) -> ConfigurationError:
    text = msg("Line {line}, column {column}: {reason}.", line=line, column=column, reason=reason)
    return ConfigurationError(Problem("configuration_syntax", text, "error", Source(str(path), line)))
