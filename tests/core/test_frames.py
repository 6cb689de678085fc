"""pandas is loaded while a ledger is read, not before."""

import subprocess
import sys


def loaded(code):
    names = "{'pandas', 'openpyxl', 'pypdf', 'reportlab', 'jinja2'}"
    command = f"import sys; {code}; print(sorted({names} & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.strip()


def test_what_status_imports_loads_no_library_that_it_may_not_need():
    assert loaded("import dunning_batch.readiness, dunning_batch.situation, dunning_batch.reports.status") == "[]"


def test_a_name_of_pandas_loads_it():
    assert loaded("from dunning_batch.core import frames; frames.DataFrame") == "['pandas']"
