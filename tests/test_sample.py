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


@pytest.fixture
def dossier(tmp_path):
    """A copy of the repository's own dossier."""
    for name in ("config.toml", "input", "templates"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return Dossier(tmp_path)


@pytest.mark.parametrize("as_of", ["2026-01-20", "2026-11-24", "2041-07-01"])
def test_it_gives_letters_whatever_the_day(dossier, as_of):
    done = dossier.run(f"run --by zip --yes --format json --as-of {as_of}")
    assert done.code == 0, done.stderr
    assert len(done.json["reminders"]) >= 20
    assert {reminder["level"] for reminder in done.json["reminders"]} == {1}
    again = dossier.run(f"run --by zip --yes --format json --as-of {as_of}")
    assert (again.code, again.json["reminders"]) == (0, [])


def test_the_second_level_needs_no_rate_either(dossier):
    assert dossier.run("run --by zip --yes --as-of 2041-07-01").code == 0
    done = dossier.run("run --by zip --yes --format json --as-of 2041-08-01")
    assert (done.code, {reminder["level"] for reminder in done.json["reminders"]}) == (0, {2})


def test_every_situation_stands_in_it(dossier):
    found = dossier.run("status --format json --as-of 2026-01-31").json
    items = {(item["customer"], item["reference"]): item for item in found["items"]}
    decisions = {item["decision"] for item in found["items"]}
    assert decisions >= {"remind", "customer_held", "no_customer", "covered_by_credits", "below_minimum"}
    assert {item["kind"] for item in found["items"]} == {"invoice", "opening", "refund", "other"}
    assert {credit["kind"] for credit in found["unallocated"]} == {"payment", "credit_note"}
    assert {customer["type"] for customer in found["customers"]} == {"professional", "consumer", "public", "unknown"}
    assert {customer["language"] for customer in found["customers"]} == {"fr", "en"}
    assert {item["due_source"] for item in found["items"]} == {"customer_terms", "default_terms"}
    assert found["totals"]["lettered_elsewhere"] == "270.00"
    assert {customer["code"] for customer in found["customers"] if customer["balance"].startswith("-")} == {"QUENOUILLE", "C009"}
    assert len({item["due"] for item in found["items"] if item["reference"] == "F2025-802"}) == 2
    # One customer for each of the five ways in which a credit finds its invoice, a balance line, and an advance.
    covered = {code: items[code, piece]["covered"] for code, piece in (
        ("C007", "F2025-810"), ("KIWI", "F2025-812"), ("JONQUILLE", "F2025-811"), ("NENUPHAR", "F2025-813"),
        ("OLIVIER", "F2025-816"), ("FOUGERE", "F2024-905"), ("ROMARIN", "F2025-822"))}  # fmt: skip
    assert covered == {"C007": "120.00", "KIWI": "200.00", "JONQUILLE": "732.00", "NENUPHAR": "150.00",
                       "OLIVIER": "250.00", "FOUGERE": "220.00", "ROMARIN": "300.00"}  # fmt: skip
    # An invoice of the year before keeps its number; one paid in part asks for the rest.
    assert items["DELTA", "F2024-903"]["open"] == "540.00"
    assert items["C008", "F2024-907"]["kind"] == "opening"
    assert items["C006", "IMP-Z2"]["kind"] == "refund"


def test_the_books_balance():
    for year in ("2024", "2025"):
        rows = [line.split("\t") for line in (ROOT / "input" / f"123456782FEC{year}1231.txt").read_text("utf-8").splitlines()]
        entries: dict[str, int] = {}
        for row in rows[1:]:
            cents = [int(cell.replace(",", "")) for cell in row[11:13]]
            entries[row[2]] = entries.get(row[2], 0) + cents[0] - cents[1]
        assert set(entries.values()) == {0}
