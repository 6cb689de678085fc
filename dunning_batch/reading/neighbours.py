"""Files beside an input that say something about it: opened elsewhere, copies after a conflict (faults 32, 33)."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from dunning_batch.errors import Problem, Source, msg

# What file managers and cloud folders put behind the name of a copy: " (1)", " - Copie (2)", " copy", " (copie)",
# " (Copie en conflit de Marie 2026-11-24)", "_MARIE_Conflict", "-PC-DE-MARIE"; and before it: "Copie de ".
_BEHIND = re.compile(
    r" ?\(\d+\)|[ -]+cop(ie|y)( ?\(?\d+\)?)?| ?\(([a-z]+ )?cop(ie|y)( \d+)?\)"
    r"|.*(?<![a-z])(conflict(ed)?|conflit)(?![a-z]).*",
    re.IGNORECASE,
)
_COMPUTER = re.compile(r"-[A-Z][A-Z0-9-]+")
_BEFORE = re.compile(r"cop(ie|y) (\(\d+\) )?(de|of) ", re.IGNORECASE)


def copies_and_locks(path: Path, shown: str) -> Iterator[Problem]:
    """Warnings about a file that is read."""
    names = sorted(other.name for other in path.parent.iterdir())
    if {f"~${path.name}", f".~lock.{path.name}#"} & set(names) or f"~${path.name[2:]}" in names:
        text = msg("{file} is open in another program: the version last saved is read.", file=shown)
        yield Problem("open_elsewhere", text, "warning", Source(shown))
    for name in names:
        if is_copy(name, path):
            text = msg("{file} is read, and {copy} beside it looks like a copy of it: take away the one that is not "
                       "wanted.", copy=name, file=shown)  # fmt: skip
            yield Problem("conflict_copy", text, "warning", Source(shown))


def is_copy(name: str, path: Path) -> bool:
    """Whether a name beside a file is that of a copy of it made by a cloud folder or a file manager."""
    stem, ending = unicodedata.normalize("NFC", path.stem), path.suffix
    name = unicodedata.normalize("NFC", name)
    own = name[: len(name) - len(ending)] if name.lower().endswith(ending.lower()) else ""
    if own.endswith(stem) and own != stem:
        return _BEFORE.fullmatch(own.removesuffix(stem)) is not None
    added = own.removeprefix(stem)
    return own != stem and own.startswith(stem) and bool(_BEHIND.fullmatch(added) or _COMPUTER.fullmatch(added))
