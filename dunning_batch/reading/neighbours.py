"""Files beside an input that say something about it: opened elsewhere, copies after a conflict (faults 32, 33)."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from dunning_batch.errors import Problem, Source, msg

# What cloud folders add to the name of a copy: " (1)", "-PC-DE-MARIE", " (Copie en conflit de Marie 2026-11-24)".
_COPY = re.compile(r" ?\(\d+\)| ?- ?(copie|copy)( ?\(\d+\))?|.*\b(conflict(ed)?|conflit)\b.*|-[A-Z][A-Z0-9-]+")


def copies_and_locks(path: Path, shown: str) -> Iterator[Problem]:
    """Warnings about a file that is read."""
    names = sorted(other.name for other in path.parent.iterdir())
    if {f"~${path.name}", f".~lock.{path.name}#"} & set(names) or f"~${path.name[2:]}" in names:
        text = msg("{file} is open in another program: the version last saved is read.", file=shown)
        yield Problem("open_elsewhere", text, "warning", Source(shown))
    for name in names:
        if is_copy(name, path):
            text = msg("{copy} looks like a copy of {file} and is not read: remove the one that is not wanted.",
                       copy=name, file=shown)  # fmt: skip
            yield Problem("conflict_copy", text, "warning", Source(shown))


def is_copy(name: str, path: Path) -> bool:
    """Whether a name beside a file is that of a copy of it made by a cloud folder or a file manager."""
    stem, ending = unicodedata.normalize("NFC", path.stem), path.suffix
    name = unicodedata.normalize("NFC", name)
    if not name.lower().endswith(ending.lower()) or not name.startswith(stem) or name == f"{stem}{ending}":
        return False
    added = name[len(stem) : len(name) - len(ending)]
    return bool(_COPY.fullmatch(added) or _COPY.fullmatch(added.lower()))
