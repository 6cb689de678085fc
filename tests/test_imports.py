"""Imports point down the rooms and never sideways."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "dunning_batch"
ROOMS = ("reading", "documents", "delivery", "state", "reports")
STAGES = ("batch", "recovery", "checking", "situation", "packing", "publishing")
WORDS = ("language", "wording", "files")
# who -> whom it may import, itself apart
ALLOWED: dict[str, tuple[str, ...]] = {
    "errors": (),
    "core": ("errors",),
    **dict.fromkeys(WORDS, ("core", "errors", "language")),
    **dict.fromkeys(ROOMS, (*WORDS, "core", "errors", "__init__")),
    "config": ("language", "files", "core", "errors"),
    "init": ("config", *WORDS, "core", "errors"),
    **dict.fromkeys(STAGES, ("config", *STAGES, *ROOMS, *WORDS, "core", "errors")),
    "cli": ("init", "config", *STAGES, "reports", *WORDS, "core", "errors", "__init__"),
    "__main__": ("cli",),
    "__init__": (),
}
FORBIDDEN_IN_CORE = {"click", "os", "sys", "pathlib", "io", "time", "subprocess", "sqlite3", "openpyxl", "reportlab", "pyarrow"}


def room_of(module: str) -> str:
    """The room of `dunning_batch.reading.fec`; the package's own module counts as `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(source: str) -> Iterator[str]:
    """The modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"dunning_batch.{alias.name}" for alias in node.names if (PACKAGE / f"{alias.name}.py").exists()
                     or (PACKAGE / alias.name).is_dir()]  # fmt: skip
            yield from names if node.module == "dunning_batch" and names else (node.module,)


def violations(room: str, source: str) -> list[str]:
    """The imports that a room must not have."""
    own = [name for name in imports(source) if name.split(".")[0] == "dunning_batch"]
    wrong = [name for name in own if room_of(name) not in (room, *ALLOWED[room])]
    if room == "core":
        wrong += [name for name in imports(source) if name.split(".")[0] in FORBIDDEN_IN_CORE]
    return wrong


def test_imports_point_down():
    found = {}
    for path in PACKAGE.rglob("*.py"):
        relative = path.relative_to(PACKAGE)
        room = relative.parts[0] if len(relative.parts) > 1 else relative.stem
        if room in {"data", "locale"}:
            continue
        wrong = violations(room, path.read_text(encoding="utf-8"))
        if wrong:
            found[str(relative)] = wrong
    assert found == {}


def test_a_planted_violation_is_seen():
    assert violations("core", "from dunning_batch.reading.reader import read_ledger\n")
    assert violations("reading", "from dunning_batch.state import journal\n")
    assert violations("core", "import os\n")
    assert violations("state", "from dunning_batch.batch import carry_out\n")
    assert not violations("state", "from dunning_batch.core.policy import Plan\n")
