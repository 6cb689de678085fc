"""`run.json` and `status --format json` hold what is promised, and their figures agree with each other."""

import json
from decimal import Decimal

import pytest

from dunning_batch.reports.run_json import dumped
from tests.reports.months import AS_OF, month

DOCUMENT = {"schema", "run", "as_of", "dry_run", "accounting", "inputs", "totals", "customers", "items", "unallocated",
            "problems"}  # fmt: skip
FIELDS = {
    "inputs": {"file", "sha256", "lines", "dialect"},
    "customers": {"code", "name", "balance", "open", "unallocated", "lettered_elsewhere", "settled_differences", "type",
                  "language", "email"},
    "items": {"key", "customer", "reference", "kind", "issued", "due", "due_source", "amount", "open", "covered",
              "asked", "days_overdue", "last_level", "last_reminded", "next_level", "next_date", "decision"},
    "unallocated": {"customer", "reference", "kind", "date", "amount", "label"},
    "problems": {"severity", "code", "message", "file", "line", "customer"},
    "reminders": {"customer", "level", "channel", "registered", "items", "open", "credits", "penalties", "indemnity",
                  "total", "document", "recipient", "result", "message_id", "error"},
}  # fmt: skip
TOTALS = {"ledger_balance", "open", "unallocated", "lettered_elsewhere", "settled_differences", "overdue", "covered",
          "reminded", "penalties", "indemnities"}  # fmt: skip
SUMS = ("open", "unallocated", "lettered_elsewhere", "settled_differences")


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Of `status` before the run, and of the run."""
    dossier = month(tmp_path_factory.mktemp("month"))
    status = dossier.run(f"status --format json --as-of {AS_OF}").json
    assert dossier.run(f"run --by zip --yes --as-of {AS_OF}").code == 0
    [run] = (dossier.root / "output").glob("*/run.json")
    return status, json.loads(run.read_text(encoding="utf-8"))


def total(rows, name):
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def test_the_fields_are_those_promised_no_more_no_less(documents):
    status, run = documents
    assert (set(status), set(run)) == (DOCUMENT, DOCUMENT | {"reminders"})
    for document in documents:
        assert set(document["totals"]) == TOTALS
        for name, fields in FIELDS.items():
            for row in document.get(name, []):
                assert set(row) == fields
    assert all(run[name] for name in FIELDS)


def test_money_is_text_with_two_digits(documents):
    amounts = [*documents[1]["totals"].values(), *(item["open"] for item in documents[1]["items"])]
    assert all(isinstance(amount, str) and amount[-3] == "." for amount in amounts)


def test_a_status_and_the_run_after_it_decide_the_same(documents):
    status, run = documents
    assert (status["run"], run["run"]) == (None, f"{AS_OF}-01")
    assert status["items"] == run["items"]
    assert status["customers"] == run["customers"]
    assert status["unallocated"] == run["unallocated"]


def test_customers_and_items_add_up_to_the_totals(documents):
    run = documents[1]
    totals, customers, items = run["totals"], run["customers"], run["items"]
    assert Decimal(totals["ledger_balance"]) == total(customers, "balance")
    for name in SUMS:
        assert Decimal(totals[name]) == total(customers, name)
    assert Decimal(totals["open"]) == total(items, "open")
    assert Decimal(totals["covered"]) == total(items, "covered")
    assert Decimal(totals["unallocated"]) == total(run["unallocated"], "amount")
    assert Decimal(totals["overdue"]) == total([one for one in items if one["days_overdue"] >= 1], "open")
    assert Decimal(totals["reminded"]) == total([one for one in items if one["decision"] == "remind"], "asked")


def test_every_customer_keeps_rule_b8(documents):
    for row in [documents[1]["totals"] | {"balance": documents[1]["totals"]["ledger_balance"]}, *documents[1]["customers"]]:
        opened, credit, elsewhere, settled = (Decimal(row[name]) for name in SUMS)
        assert Decimal(row["balance"]) == opened - credit + elsewhere + settled


def test_reminders_agree_with_the_items_that_they_name(documents):
    run = documents[1]
    items = {item["key"]: item for item in run["items"]}
    reminded = {key for key, item in items.items() if item["decision"] == "remind"}
    assert sorted(key for one in run["reminders"] for key in one["items"]) == sorted(reminded)
    for one in run["reminders"]:
        named = [items[key] for key in one["items"]]
        assert {item["customer"] for item in named} == {one["customer"]}
        assert (Decimal(one["open"]), Decimal(one["credits"])) == (total(named, "open"), total(named, "covered"))
        parts = [Decimal(one[name]) for name in ("open", "credits", "penalties", "indemnity", "total")]
        assert parts[4] == parts[0] - parts[1] + parts[2] + parts[3]
    for mine, theirs in (("penalties", "penalties"), ("indemnities", "indemnity")):
        assert Decimal(run["totals"][mine]) == total(run["reminders"], theirs)


def test_a_piece_is_as_written_and_empty_where_there_is_none(documents):
    found = {(item["customer"], item["reference"]) for item in documents[1]["items"]}
    assert {("DUPONT", "F<1>"), ("DURAND", "")} <= found


def test_a_failure_is_a_document_too(tmp_path):
    dossier = month(tmp_path)
    dossier.fec("jnl | date | debit | counter\nVE | 2026-02-31 | 1.00 | 707")
    done = dossier.run("status --format json")
    assert done.code == 4
    assert set(done.json) == {"schema", "problems"}
    assert [set(problem) for problem in done.json["problems"]] == [FIELDS["problems"]] * len(done.json["problems"])


@pytest.mark.parametrize("count", [0, 1, 500, 1201])
def test_a_long_list_is_written_bit_by_bit_as_it_would_be_at_once(count):
    things = [{"name": f"Été {number}", "amount": None} for number in range(count)]
    parts = list(dumped({"schema": 1, "items": iter(things), "problems": things[:2]}))
    assert b"".join(parts).decode() == json.dumps({"schema": 1, "items": things, "problems": things[:2]}, ensure_ascii=False) + "\n"
    assert max(map(len, parts)) < 30_000
