"""`check`, `status` and `plan`: what they print, where, and that they change nothing."""

import csv
import io

import openpyxl
import pytest

from tests.dossiers import make_dossier
from tests.reports.months import AS_OF, month


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    """Nothing has been reminded yet."""
    return month(tmp_path_factory.mktemp("month"))


@pytest.mark.parametrize("command", ["check", "status", "plan", "status --format json", "check --format json"])
def test_looking_changes_no_state(tmp_path, command):
    dossier = month(tmp_path)
    before = dossier.tree()
    assert dossier.run(f"{command} --as-of {AS_OF}").code == 0
    after = dossier.tree()
    assert {name for name in after if name not in before} <= {f"output/plan-{AS_OF}.xlsx"}
    assert {name: after[name] for name in before} == before


def test_a_perfect_ledger_is_told_so(tmp_path):
    table = "jnl | date | customer | piece | debit | counter\nVE | 2026-05-01 | DUPONT | F001 | 10.00 | 707"
    customers = "Client | Type\nDUPONT | professionnel"
    done = make_dossier(tmp_path, fec=table, customers=customers).run(f"--lang en check --as-of {AS_OF}")
    assert done.stdout.splitlines() == [
        "Nothing to say: the ledger is perfectly lettered.",
        "1 open item, €10.00 open, €0.00 in credit, €0.00 to be asked.",
    ]


def test_check_says_that_letters_would_name_no_account(tmp_path):
    dossier = month(tmp_path)
    assert "[creditor] iban" not in dossier.run(f"check --as-of {AS_OF}").stdout
    path = dossier.root / "config.toml"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("iban")))
    assert "notice: config.toml [creditor] iban: It is empty" in dossier.run(f"--lang en check --as-of {AS_OF}").stdout


def test_check_tells_errors_first_then_warnings_then_notices(dossier):
    lines = dossier.run(f"--lang en check --as-of {AS_OF}").stdout.splitlines()[:-1]
    kinds = [line.split(":")[0] for line in lines]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert {"warning", "notice"} <= set(kinds)


def test_status_has_the_same_rows_in_every_form(dossier):
    items = dossier.run(f"status --format json --as-of {AS_OF}").json["items"]
    table = dossier.run(f"status --as-of {AS_OF}").stdout.splitlines()
    assert len(table) == len(items) + 3  # headings, rule, totals
    assert dossier.run(f"status --format csv --as-of {AS_OF} -o rows.csv").code == 0
    rows = list(csv.reader(io.StringIO((dossier.root / "rows.csv").read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(items) + 1
    assert sum(int(row[5].replace(",", "")) for row in rows[1:]) == sum(int(one["open"].replace(".", "")) for one in items)
    assert dossier.run(f"status --format xlsx --as-of {AS_OF} -o rows.xlsx").code == 0
    sheet = openpyxl.load_workbook(dossier.root / "rows.xlsx").active
    assert sheet.max_row == len(items) + 1
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=3) for cell in row} == {"s"}


def test_the_plan_on_the_screen_shows_what_would_be_reminded(dossier):
    lines = dossier.run(f"plan --as-of {AS_OF}").stdout.splitlines()
    reminded = [one for one in dossier.run(f"status --format json --as-of {AS_OF}").json["items"] if one["decision"] == "remind"]
    assert len(lines) == len(reminded) + 3


@pytest.mark.parametrize(
    ("options", "pieces"),
    [
        ("--customer DUPONT", {"F<1>", "F002"}),
        ("--customer 'D*'", {"F<1>", "F002", "", "F005"}),
        ("--customer MARTIN --customer PETIT", {"F003", "F007"}),
        ("--exclude-customer 'D*' --exclude-customer LEROY", {"F003", "F006", "F007"}),
        ("--due-to 2026-02-09", {"F<1>"}),
        ("--due-from 2026-02-15", {"F002", "F005"}),
        ("--last-level 1", set()),
    ],
)
def test_filters_of_the_command_line(dossier, options, pieces):
    items = dossier.run(f"status --format json --as-of {AS_OF} {options}").json["items"]
    assert {one["reference"] for one in items if one["decision"] != "filtered"} == pieces


@pytest.mark.parametrize(("least", "decision"), [("300.50", "remind"), ("300.51", "below_minimum")])
def test_an_amount_equal_to_the_minimum_is_kept(dossier, least, decision):
    items = dossier.run(f"status --format json --as-of {AS_OF} --min-amount {least}").json["items"]
    assert [one["decision"] for one in items if one["reference"] == "F002"] == [decision]


@pytest.mark.parametrize(
    "command",
    ["status --as-of 2026-02-30", "status --min-amount many", "status --last-level 12", "status --format pdf", "look",
     "status --min-days-overdue -1", "run --by pigeon", "status extra"],
)  # fmt: skip
def test_a_wrong_command_line_is_refused(dossier, command):
    done = dossier.run(command)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr


def test_quiet_and_verbose_change_what_is_said_beside(dossier):
    counts = [len(dossier.run(f"{flag} status --as-of {AS_OF}".strip()).stderr.splitlines()) for flag in ("-q", "", "-v")]
    assert counts == sorted(set(counts))
    assert counts[0] == 0
