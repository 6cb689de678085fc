"""pandas is loaded while a ledger is read, not before."""

import subprocess
import sys

from tests.dossiers import fec_bytes


def loaded(code):
    names = "{'pandas', 'openpyxl', 'pypdf', 'reportlab', 'jinja2', 'lxml'}"
    command = f"import sys; {code}; print(sorted({names} & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.strip()


def test_what_status_imports_loads_no_library_that_it_may_not_need():
    assert loaded("import dunning_batch.readiness, dunning_batch.situation, dunning_batch.reports.status") == "[]"


def test_a_fec_as_text_loads_the_library_of_no_other_ledger(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(fec_bytes("jnl | date | account | customer | debit\nVE | 2026-01-05 | 411000 | DUPONT | 5.00"))
    code = (
        "import pathlib, dunning_batch.situation; from dunning_batch.core.ledger import LedgerRules; "
        "from dunning_batch.reading.reader import read_ledger; "
        f"read_ledger([pathlib.Path({str(path)!r})], pathlib.Path({str(tmp_path)!r}), LedgerRules(), {{}}, '')"
    )
    assert loaded(code) == "['pandas']"


def test_a_name_of_pandas_loads_it():
    assert loaded("from dunning_batch.core import frames; frames.DataFrame") == "['pandas']"
