"""The documentation agrees with the program."""

import ast
import re
import shlex
from pathlib import Path

import pytest

from dunning_batch.errors import ExitCode
from tests.dossiers import Dossier
from tools import reference

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["commands.md", "configuration.md", "exit-codes.md"])
def test_the_reference_is_what_the_program_says(name):
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == reference.pages()[name], "run: make docs"


def test_every_exit_code_is_explained():
    assert set(reference.EXIT_CODES) == {code.value for code in ExitCode}


def codes() -> set[str]:
    """The codes of problems, as the package's source has them."""
    found = set()
    for path in (ROOT / "dunning_batch").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and node.args:
                first = node.args[0]
                found |= {first.value} if isinstance(first, ast.Constant) else set()
    return found


def test_every_problem_has_a_remedy():
    told = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")))
    assert len(codes()) > 90
    assert codes() - told == set()


def test_links_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_tutorial_works_as_it_is_written(tmp_path):
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    dossier = Dossier(tmp_path)
    commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(commands) > 8
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "cd":
            dossier = Dossier(dossier.root / arguments[0])
            continue
        done = dossier.run(shlex.join(arguments))
        assert done.code == 0, f"{command}: {done.stderr}"
    run = dossier.root / "output" / "2026-01-31-01"
    assert (run / "letters.zip").exists()
    assert (run / "report.html").exists()
