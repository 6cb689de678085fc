"""The project's own files agree: README, the build, the locks."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME: list[str] = PROJECT["dependencies"]
DEV: list[str] = PROJECT["optional-dependencies"]["dev"]


def blocks(kind: str) -> list[str]:
    """The code blocks of the README of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def pins(name: str) -> dict[str, str]:
    """Package -> version, as a lock has them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


def test_the_two_commands_of_the_readme_are_what_the_build_runs():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    for block in blocks("bash")[:2]:
        assert block.strip() in script


def test_the_windows_commands_are_the_same_two():
    def translated(command: str) -> str:
        """On Windows only `python -m pip` can replace pip itself, and the shell has no `&&`."""
        for there, here in (
            (".venv/bin/pip", ".venv\\Scripts\\python -m pip"),
            (".venv/bin/", ".venv\\Scripts\\"),
            ("python3", "py"),
            (" && ", "; "),
        ):
            command = command.replace(there, here)
        return command

    assert "".join(translated(block) for block in blocks("bash")[:2]) == blocks("powershell")[0]


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.lock", RUNTIME), ("requirements-dev.lock", RUNTIME + DEV)])
def test_a_lock_pins_what_the_project_asks_for(lock, wanted):
    pinned = pins(lock)
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pinned[requirement.name]), f"{requirement}: run `make lock`"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes(lock):
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock)) > 10
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_an_extra_brings_is_what_is_tested():
    """What users install with an extra, and the version that tests run against, meet."""
    extras = PROJECT["optional-dependencies"]
    wanted = {requirement.name: requirement.specifier for requirement in map(Requirement, extras["microsoft"])}
    assert set(wanted) == {"msal", "keyring"}
    assert wanted["msal"].contains(pins("requirements-dev.lock")["msal"])
    assert set(extras["keyring"]) < set(extras["microsoft"])


def test_both_locks_agree():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_awaited_case_has_its_reason():
    lines = (ROOT / ".ci" / "awaited-cases").read_text(encoding="utf-8").splitlines()
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines if line and not line.startswith("#"))
