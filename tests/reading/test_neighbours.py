"""Names of copies beside a file (faults 32, 33)."""

import unicodedata
from pathlib import Path

import pytest

from dunning_batch.reading.neighbours import copies_and_locks, is_copy

COPIES = [
    "levels (1).xlsx", "levels(2).xlsx", "levels - Copie.xlsx", "levels - Copie (2).xlsx", "levels - Copy.xlsx", "levels copy.xlsx",
    "levels copie 2.xlsx", "levels (copie).xlsx", "levels (another copy).xlsx", "levels (copie 2).xlsx", "Copie de levels.xlsx",
    "Copy of levels.xlsx", "Copie (2) de levels.xlsx", "levels (conflicted copy 2026-11-24 120000).xlsx", "levels-PC-DE-MARIE.xlsx",
    "levels (Copie en conflit de Marie 2026-11-24).xlsx", "levels_MARIE_Nov-24-120000-2026_Conflict.xlsx", "levels - Copie.XLSX",
]  # fmt: skip
OTHERS = [
    "levels.xlsx", "LEVELS.xlsx", "levels.2026-02-28-01.xlsx", "levels.2026-02-28-01-2.xlsx", "levels.2026-03-04-17h25.xlsx",
    "levels.new-2026-02-28-01-093000.xlsx", "levels.damaged.xlsx", "plan-2026-02-28.xlsx", "levels - Copie.csv", "niveaux (1).xlsx",
    "sublevels.xlsx", "levels-2025.xlsx", "levelsconflicts.xlsx", ".xlsx", "xlsx", "Copie de notre.xlsx",
]  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_33_a_copy(name):
    assert is_copy(name, Path("output/levels.xlsx"))


@pytest.mark.parametrize("name", OTHERS)
def test_33_no_copy(name):
    assert not is_copy(name, Path("output/levels.xlsx"))


def test_33_accents_in_either_form():
    assert is_copy(unicodedata.normalize("NFD", "créances (1).txt"), Path("créances.txt"))


def test_32_33_a_copy_and_a_lock_are_named(tmp_path):
    path = tmp_path / "export.txt"
    for name in (path.name, "export (1).txt", "~$export.txt"):
        (tmp_path / name).write_text("x")
    found = {problem.code: dict(problem.message.values) for problem in copies_and_locks(path, "input/export.txt")}
    assert found["conflict_copy"]["copy"] == "export (1).txt"
    assert found["open_elsewhere"]["file"] == "input/export.txt"
