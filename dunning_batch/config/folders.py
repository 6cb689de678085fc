"""Where the program may write: never into what it reads, its own code or the system (faults 65, 119)."""

import os
from collections.abc import Iterable
from pathlib import Path

from dunning_batch.errors import Message, msg

_PACKAGE = Path(__file__).resolve().parent.parent
_SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/var/lib", "/var/log",
    "/var/spool", "/System", "/Library", "/private/etc",
)  # fmt: skip
_SYSTEM_VARIABLES = ("SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramData")
_WILDCARDS = frozenset("*?[")


def under(root: Path, written: str) -> Path:
    """A path of the configuration, which is relative to the dossier; `..` is resolved in the text only."""
    return Path(os.path.normpath(root / written))


def output_fault(output: Path, root: Path, patterns: Iterable[str]) -> Message | None:
    """What is wrong with an output folder."""
    try:
        return _place_fault(output, root, patterns)
    except (OSError, RuntimeError):
        return msg("the output folder cannot be found: a link or a drive on its way leads nowhere")


def _place_fault(output: Path, root: Path, patterns: Iterable[str]) -> Message | None:
    real, dossier = output.resolve(), root.resolve()
    if real.is_relative_to(_PACKAGE):
        return msg("the output folder lies inside the program: choose a folder of the dossier")
    if real == Path(real.anchor) or (not real.is_relative_to(dossier) and _is_system(real)):
        return msg("the output folder belongs to the system: choose a folder of the dossier")
    for folder in input_folders(root, patterns):
        inside = real.is_relative_to(folder) and folder != dossier
        if inside or folder.is_relative_to(real):
            return msg("the output folder and the input folder {folder} lie in each other: choose two that do not",
                       folder=folder.name)  # fmt: skip
    return None


def input_folders(root: Path, patterns: Iterable[str]) -> tuple[Path, ...]:
    """The folders in front of the first wildcard of each pattern, each once."""
    return tuple(dict.fromkeys(_fixed_part(root, pattern).resolve() for pattern in patterns))


def _fixed_part(root: Path, pattern: str) -> Path:
    parts = Path(pattern).parts[:-1]
    fixed = next((place for place, part in enumerate(parts) if _WILDCARDS & set(part)), len(parts))
    return root.joinpath(*parts[:fixed])


def _is_system(folder: Path) -> bool:
    named = (os.environ.get(name) for name in _SYSTEM_VARIABLES)
    return any(folder.is_relative_to(system) for system in (*_SYSTEM, *filter(None, named)))
