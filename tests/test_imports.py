"""Imports point down the rooms and never sideways."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "dunning_batch"
ROOMS = ("reading", "documents", "delivery", "state", "reports")
STAGES = ("batch", "bouncing", "casework", "previewing", "ledgerfiles", "registering", "readiness", "recovery", "resuming", "checking", "situation", "packing", "publishing", "retelling", "making", "sharing", "helping", "mailing", "mailaccount", "mailoutcomes", "mailresuming", "delivering")
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
# The core is pure: no file, network, clock, environment, terminal.
FORBIDDEN_IN_CORE = {
    "click", "openpyxl", "pyarrow", "python_calamine", "reportlab", "jinja2", "markdown_it", "os", "sys", "pathlib", "io",
    "shutil", "tempfile", "time", "random", "secrets", "subprocess", "threading", "socket", "urllib", "http", "smtplib",
    "sqlite3", "logging", "locale",
}  # fmt: skip
CLOCK = {"today", "now", "utcnow", "localtime"}  # read by cli/ alone
FORBIDDEN_CALLS = {"print", "open", "input", "today", "now", "utcnow", "read_csv", "read_excel", "to_csv", "to_excel"}


def room_of(module: str) -> str:
    """The room of `dunning_batch.reading.fec`; the package's own module counts as `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def is_module(name: str) -> bool:
    """Whether a dotted name is a module or a room of the package."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return name.startswith("dunning_batch.") and (path.with_suffix(".py").exists() or (path / "__init__.py").exists())


def imports(source: str) -> Iterator[str]:
    """The modules that a source imports, wherever in it; a relative import would hide its room."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: write the whole name of the module"
            module = str(node.module)
            yield from {
                f"{module}.{alias.name}" if is_module(f"{module}.{alias.name}") else module for alias in node.names
            }


def calls(source: str) -> Iterator[str]:
    """The last name of every call: `today` of `date.today()`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def violations(room: str, source: str) -> list[str]:
    """The imports, and in the core the calls, that a room must not have."""
    own = [name for name in imports(source) if name.split(".")[0] == "dunning_batch"]
    wrong = [name for name in own if room_of(name) not in (room, *ALLOWED[room])]
    if room != "cli":
        wrong += [name for name in calls(source) if name in CLOCK]
    if room == "core":
        wrong += [name for name in imports(source) if name.split(".")[0] in FORBIDDEN_IN_CORE]
        wrong += [name for name in calls(source) if name in FORBIDDEN_CALLS]
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


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("core", "from dunning_batch.reading.reader import read_ledger\n"),
        ("core", "from dunning_batch import batch\n"),
        ("core", "import os\n"),
        ("core", "def late():\n    from pathlib import Path\n"),
        ("core", "import pyarrow.csv\n"),
        ("core", "from datetime import date\nday = date.today()\n"),
        ("core", "print('sent')\n"),
        ("reading", "from dunning_batch.state import journal\n"),
        ("state", "from dunning_batch.batch import carry_out\n"),
        ("documents", "from dunning_batch.cli.words import text\n"),
        ("language", "from dunning_batch.reports import record\n"),
        ("cli", "from dunning_batch.state import journal\n"),
        ("state", "import datetime\nnow = datetime.datetime.now()\n"),
    ],
)
def test_a_planted_violation_is_seen(room, source):
    assert violations(room, source)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("state", "from dunning_batch.core.policy import Plan\n"),
        ("core", "import pandas as pd\n"),
        ("errors", "import enum\n"),
    ],
)
def test_what_is_allowed_is_no_violation(room, source):
    assert not violations(room, source)


def test_a_relative_import_is_seen():
    with pytest.raises(AssertionError):
        violations("reading", "from ..state import journal\n")


def modules() -> dict[str, set[str]]:
    """Module -> the modules of the package that it imports."""
    sources = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path.read_text(
            encoding="utf-8"
        )
        for path in PACKAGE.rglob("*.py")
    }
    return {name: {found for found in imports(source) if found in sources} - {name} for name, source in sources.items()}


def test_no_module_needs_itself():
    try:
        tuple(TopologicalSorter(modules()).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
