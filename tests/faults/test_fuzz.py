"""Fault 34: bytes of what users keep beside the ledger are flipped, doubled or cut off; it is refused, or read, and whole."""

import io
import random
import shutil
import zipfile

import openpyxl
import pytest

from tests.dossiers import Dossier, make_dossier
from tests.faults.invariants import DAY, GOOD, RUN, clean, levels

CUSTOMERS = [["Client", "Nom", "Email", "Relancer"], ["DUPONT", "Dupont", "a@dupont.fr", ""], ["MARTIN", "Martin", "", "oui"]]
RUN_MARCH = "run --by zip --yes --as-of 2026-03-20"
PLAN = "output/plan-2026-02-28.xlsx"


def workbook():
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in CUSTOMERS:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


CASES = {  # file -> what is typed, after what
    "input/customers.csv": (RUN, []),
    "input/customers.xlsx": (RUN, []),
    "output/levels.xlsx": (RUN_MARCH, [RUN]),
    "output/journal.sqlite": (RUN_MARCH, [RUN]),
    PLAN: (f"{RUN} --selection {PLAN}", [f"plan {DAY}"]),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A dossier for each case, as it is before the damage."""
    found = {}
    for name, (_, before) in CASES.items():
        config = f'[customers]\nfile = "{name}"\n' if "customers" in name else ""
        dossier = make_dossier(tmp_path_factory.mktemp("sound"), fec=GOOD, config=config)
        if config:
            text = "".join(";".join(row) + "\n" for row in CUSTOMERS)
            dossier.write(name, text if name.endswith("csv") else workbook())
        for command in before:
            assert clean(dossier.run(command)).code == 0
        found[name] = dossier
    return found


def damaged(data, chance):
    """Bytes flipped, doubled or cut off; of a workbook those of a part of it as often as those of its archive."""
    if data[:2] == b"PK" and chance.random() < 0.7:
        return repacked(data, chance)
    data = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        data[place : place + chance.randint(0, 2)] = bytes(chance.randrange(256) for _ in range(chance.randint(0, 2)))
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.2 else data)


def repacked(data, chance):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        hurt = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, damaged(part, chance) if name == hurt and part else part)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", CASES)
def test_34_damage_is_refused_or_read(tmp_path, sound, name, seed):
    dossier = Dossier(tmp_path / "dossier")
    shutil.copytree(sound[name].root, dossier.root)
    path = dossier.root / name
    path.write_bytes(damaged(path.read_bytes(), random.Random(f"{name}{seed}")))
    before = dossier.tree()
    done = clean(dossier.run(f"--lang en {CASES[name][0]}"))
    assert done.code in (0, 3, 4, 5, 6), done.stderr
    if done.code in (3, 4, 6):
        assert dossier.tree() == before
        assert path.name in done.stderr
    else:
        assert set(levels(dossier).values()) <= {0, 1, 2}
