"""What is wrong in `config.toml`, collected so that everything is said at once, each with its line and its key.

Values are never repeated: what stands in the wrong place may be a password (security rule S12).
"""

import re
from dataclasses import dataclass, field

from dunning_batch.errors import ConfigurationError, Message, Problem, Source

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_ASSIGNMENT = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def shown_key(table: str, name: str) -> str:
    """A key as users find it in the file: `[creditor] iban`."""
    return f"[{table}] {name}".strip() if table else name


def key_lines(text: str) -> dict[str, int]:
    """The line of each key and table, by its dotted path; tables of an array are numbered from 1."""
    lines: dict[str, int] = {}
    table, counts = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            table = _plain(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                lines.setdefault(table, number)
                table = f"{table}.{counts[table]}"
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            name = _plain(assignment[1])
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _plain(dotted: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in dotted.split("."))


@dataclass
class Findings:
    """The problems found so far in one file."""

    file: str  # as shown
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, table: str, name: str, message: Message, code: str = "wrong_setting") -> None:
        """Note what is wrong with a key, which the message names, or with a whole table if the name is empty."""
        path = ".".join(part for part in (table, name) if part)
        self.problems.append(Problem(code, message, "error", Source(self.file, self.line_of(path))))

    def line_of(self, path: str) -> int | None:
        """The key's line, else that of the table around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return None

    def raise_any(self) -> None:
        """Raise ConfigurationError with all of them, in the order of the file."""
        if self.problems:
            raise ConfigurationError(*sorted(self.problems, key=lambda problem: problem.source.line or 0))
