"""The documentation agrees with the program."""

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest

from dunning_batch.core.words import plain
from dunning_batch.errors import ExitCode
from dunning_batch.init import make_dossier
from dunning_batch.reading.customers import HEADINGS
from dunning_batch.state.columns import LEVELS, PAST
from tests.dossiers import Dossier
from tools import reference
from tools.problems import problems

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dunning_batch"
PAGES = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("name", ["commands.md", "configuration.md", "exit-codes.md", "messages.md"])
def test_the_reference_is_what_the_program_says(name):
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == reference.pages()[name], "run: make docs"


def test_every_exit_code_is_explained():
    assert set(reference.EXIT_CODES) == {code.value for code in ExitCode}


def entries() -> list[str]:
    """The codes that the page of remedies has an entry for."""
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    return [code for row in re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE) for code in re.findall(r"[a-z_]+", row)]


def test_every_problem_has_one_remedy():
    assert Counter(entries()) == Counter(problems().keys())


def test_the_search_for_problems_finds_them():
    found = problems()
    assert len(found) > 120
    assert found["same_file"] == ("{one} and {two} are the same file: take one away.",)
    assert {
        "wrong_amount",
        "plan_row",
        "wrong_setting",
        "unreadable_workbook",
    } <= found.keys()  # by way of other functions
    assert sum(1 for sentences in found.values() if not sentences) <= 1


def test_only_options_that_exist_are_named():
    known = set(re.findall(r"--[a-z-]+", reference.commands_page())) | {"--help", "--version"}
    others = {"--require-hashes", "--quiet", "--no-deps"}  # pip's
    for page in PAGES:
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page.read_text(encoding="utf-8")))
        assert named <= known | others, page.name


def test_only_commands_that_exist_are_named():
    known = set(re.findall(r"^## dunning-batch (\S+)", reference.commands_page(), re.MULTILINE))
    for page in PAGES:
        for block in re.findall(r"```(?:console|bash)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in re.findall(r"^(?:\$ )?dunning-batch (.*)$", block, re.MULTILINE):
                words = [word for word in shlex.split(line, comments=True) if word not in {"--lang", "en", "fr"}]
                assert words[0] in known, f"{page.name}: {line}"


def test_only_modules_that_exist_are_named():
    rooms = "|".join(path.name for path in PACKAGE.iterdir() if path.is_dir())
    for page in PAGES:
        for name in re.findall(rf"`(?:dunning_batch/)?((?:{rooms})/[\w/.]*)`", page.read_text(encoding="utf-8")):
            assert (PACKAGE / name).exists() or name.startswith("delivery/smtp"), f"{page.name}: {name}"


def headings(page: str, section: str = "") -> list[tuple[str, str]]:
    """The headings that a page of the reference tells, in French and English."""
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    text = text[text.index(section) :].split("\n## ")[1 if section.startswith("\n") else 0]
    return re.findall(r"^\| `([^`]+)`(?: ✎)? \| ([^|]+?) \|", text, re.MULTILINE)


def test_the_customers_file_is_told_as_it_is_read():
    told = headings("customers-file.md")
    assert [french for french, _ in told] == [spellings.split(";")[0] for spellings in HEADINGS.values()]
    for (french, english), spellings in zip(told, HEADINGS.values(), strict=True):
        assert plain(english) in map(plain, spellings.split(";")), french


@pytest.mark.parametrize(("section", "columns"), [("\n## `Niveaux`", LEVELS), ("\n## `Historique`", PAST)])
def test_the_levels_workbook_is_told_as_it_is_written(section, columns):
    assert headings("levels-workbook.md", section) == [(column.fr, column.en) for column in columns]
    page = (ROOT / "docs" / "reference" / "levels-workbook.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([^`]+)` ✎", page)) == {column.fr for column in LEVELS if column.edited}


def test_the_json_is_told_as_it_is_printed(tmp_path):
    make_dossier(tmp_path, "fr", sample=True)
    found = Dossier(tmp_path).run("run --by zip --yes --format json --as-of 2026-01-31").json
    page = (ROOT / "docs" / "reference" / "run-json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    assert set(found) <= set(rows)
    for name, value in found.items():
        keys = value[0] if isinstance(value, list) else value
        if isinstance(keys, dict):
            assert set(keys) == set(re.findall(r"`([a-z_0-9]+)`", rows[name])), name


def test_links_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_tutorial_works_as_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    dossier, seen, checked = Dossier(tmp_path), "", 0
    for kind, block in re.findall(r"```(console|text)\n(.*?)```", text, re.DOTALL):
        if kind == "text":
            shown = [" ".join(line.removesuffix("...").split()) for line in block.splitlines() if line.strip() != "..."]
            assert [line for line in shown if line not in seen] == []
            checked += len(shown)
            continue
        seen = ""
        for command in block.splitlines():
            program, *arguments = shlex.split(command.removeprefix("$ "))
            if program == "cd":
                dossier = Dossier(dossier.root / arguments[0])
                continue
            done = dossier.run(shlex.join(arguments))
            assert done.code == 0, f"{command}: {done.stderr}"
            seen += " ".join(f"{done.stdout} {done.stderr} ".split())
    assert checked > 8
    run = dossier.root / "output" / "2026-01-31-01"
    assert {path.name for path in run.iterdir()} >= {"letters", "letters.zip", "print.pdf", "report.html"}
    assert (dossier.root / "output" / "plan-2026-01-31.xlsx").exists()
