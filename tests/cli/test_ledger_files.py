"""Which files of a dossier are its ledger."""

import pytest

from tests.dossiers import fec_bytes, make_dossier

FEC = fec_bytes("""
    jnl | date       | customer | piece | debit | counter
    VE  | 2026-01-15 | DUPONT   | F001  | 10.00 | 707
""")


@pytest.mark.parametrize("name", ["input/123456782FEC20261231.TXT", "input/ledger.Csv"])
def test_the_case_of_an_extension_does_not_matter(tmp_path, name):
    found = make_dossier(tmp_path, files={name: FEC}).run("status --format json --as-of 2026-03-31")
    assert (found.code, [one["file"] for one in found.json["inputs"]]) == (0, [name])


@pytest.mark.parametrize("name", ["output/ledger.txt", "input/~$ledger.txt", "input/.ledger.txt", "input/ledger.bak"])
def test_other_files_are_not_taken(tmp_path, name):
    files = '[ledger]\nfiles = ["**/*.txt"]'
    assert make_dossier(tmp_path, config=files, files={name: FEC}).run("status").code == 4
