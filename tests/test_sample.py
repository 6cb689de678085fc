"""The sample dossier is what its generator makes, and gives letters whatever the day."""

import shutil
from pathlib import Path

import pytest

from tests.dossiers import Dossier
from tools import make_sample

ROOT = Path(__file__).parent.parent


def test_the_committed_files_are_the_generators():
    for folder in (ROOT / "input", ROOT / "dunning_batch" / "data" / "dossier" / "input"):
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == make_sample.files()


@pytest.mark.parametrize("as_of", ["2026-01-20", "2026-11-24", "2041-07-01"])
def test_it_gives_letters_whatever_the_day(tmp_path, as_of):
    for name in ("config.toml", "input", "templates"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    dossier = Dossier(tmp_path)
    done = dossier.run(f"run --by zip --yes --format json --as-of {as_of}")
    assert done.code == 0, done.stderr
    assert len(done.json["reminders"]) >= 20
    assert {reminder["level"] for reminder in done.json["reminders"]} == {1}
    again = dossier.run(f"run --by zip --yes --format json --as-of {as_of}")
    assert (again.code, again.json["reminders"]) == (0, [])


def test_every_situation_stands_in_it(tmp_path):
    for name in ("config.toml", "input", "templates"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    found = Dossier(tmp_path).run("status --format json --as-of 2026-01-31").json
    decisions = {item["decision"] for item in found["items"]}
    assert decisions >= {"remind", "customer_held", "no_customer", "covered_by_credits", "below_minimum"}
    assert {item["kind"] for item in found["items"]} >= {"invoice", "other"}
    assert {credit["kind"] for credit in found["unallocated"]} >= {"payment", "credit_note"}
    assert {customer["type"] for customer in found["customers"]} >= {"professional", "consumer", "public", "unknown"}
    assert float(found["totals"]["lettered_elsewhere"]) > 0
    assert any(float(customer["balance"]) < 0 for customer in found["customers"])
    assert len({item["due"] for item in found["items"] if item["reference"] == "F2025-802"}) == 2
