"""Fault 97 of runs that were narrowed down: `resume` finishes what was planned, no letter more and none less."""

import openpyxl
import pytest

from tests.dossiers import make_dossier
from tests.faults.invariants import HEAD, levels, ok, stops
from tests.faults.mailed import SECRET, dossier, mail_server, past

LEDGER = (
    HEAD
    + """
VE | 2026-01-05 | DUPONT | F001 | 100.00 | | | 707
VE | 2026-01-06 | DUPONT | F002 | 200.00 | | | 707
VE | 2026-01-07 | MARTIN | F003 | 300.00 | | | 707
VE | 2026-01-08 | ROUX   | F004 | 0.60   | | | 707
BQ | 2026-02-20 | GARNIER | V1  | | 50.00 | | 512
BQ | 2026-02-20 | MARTIN | V2 | | 300.00 | | 512
"""
)
DAY = "--as-of 2026-02-28"
PLAN = "output/plan-2026-02-28.xlsx"


def tick(one):
    """A plan with one invoice of two unticked, the other at a higher level."""
    ok(one, f"plan {DAY}")
    book = openpyxl.load_workbook(one.root / PLAN)
    rows = list(book.worksheets[0].iter_rows())
    head = next(row for row in rows if "Piece" in [cell.value for cell in row])
    place = {cell.value: number for number, cell in enumerate(head)}
    of = {row[place["Piece"]].value: row for row in rows}
    of["F002"][0].value = "no"
    of["F001"][place["Next level"]].value = 2
    book.save(one.root / PLAN)


CHOICES = {
    "a ticked plan": (f"--selection {PLAN}", {"F001": 2}),
    "days": ("--due-from 2026-02-04 --due-to 2026-02-04", {"F001": 1}),
    "days, and at most one letter": ("--due-to 2026-02-05 --limit 1", {"F001": 1, "F002": 1}),
    "an amount below that of the configuration": ("--customer roux --min-amount 0.50", {"F004": 1}),
    "a level": ("--last-level 0 --exclude-customer ROUX", {"F001": 1, "F002": 1}),
}


@pytest.fixture(params=CHOICES.values(), ids=CHOICES)
def choice(request):
    return request.param


def raised(one):
    return {piece: level for piece, level in levels(one).items() if level}


@pytest.mark.parametrize("point", ["put_folder", "finish"])
def test_97_the_rest_of_a_run_that_was_narrowed_down(tmp_path, monkeypatch, choice, point):
    options, expected = choice
    one = make_dossier(tmp_path, fec=LEDGER)
    tick(one)
    with monkeypatch.context() as patched:
        patched.setattr(f"dunning_batch.delivering.{point}", interrupt)
        assert one.run(f"--lang en run --by zip --yes {DAY} {options}").code == 130
    assert "withdrawn" not in ok(one, "resume").stderr
    assert raised(one) == expected


def interrupt(*_):
    raise KeyboardInterrupt


def test_97_messages_that_wait_of_a_run_that_was_narrowed_down(tmp_path, monkeypatch, choice):
    options, expected = choice
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    with mail_server(replies={"MAIL": ["550 5.4.5 Daily sending quota exceeded"]}) as server:
        one = dossier(tmp_path, server, "DUPONT", "ROUX")
        one.fec(LEDGER)
        tick(one)
        ok(one, f"run --by email --yes {DAY} {options}", 7)
        assert server.messages == []
        assert "withdrawn" not in ok(one, "resume").stderr
        assert len(server.messages) == 1
    assert raised(one) == expected


def test_97_a_level_that_somebody_changed_meanwhile_is_not_reminded_at_the_old_one(tmp_path, monkeypatch):
    one = make_dossier(tmp_path, fec=LEDGER)
    assert one.run(f"run --by zip --yes {DAY}").code == 0
    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.delivering.put_folder", interrupt)
        assert one.run("run --by zip --yes --as-of 2026-03-20").code == 130
    one.edit("F001", Niveau=2)
    assert "withdrawn" in ok(one, "resume").stderr
    assert (raised(one)["F001"], raised(one)["F002"]) == (2, 1)


def test_97_a_customer_left_out_of_the_configuration_meanwhile_is_left_out(tmp_path, monkeypatch):
    one = make_dossier(tmp_path, fec=LEDGER)
    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.delivering.put_folder", interrupt)
        assert one.run(f"--lang en run --by zip --yes {DAY} --due-to 2026-02-05").code == 130
    one.configure('[filters]\nexclude_customers = ["DUPONT"]\n')
    assert "withdrawn" in ok(one, "resume").stderr
    assert raised(one) == {}


def test_87_122_the_same_ticked_plan_after_a_crash_names_resume_before_rows_that_no_longer_agree(tmp_path, monkeypatch):
    one = make_dossier(tmp_path, fec=LEDGER)
    tick(one)
    command = f"run --by zip --yes {DAY} --selection {PLAN}"
    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.delivering.publish_levels", interrupt)
        assert one.run(f"--lang en {command}").code == 130
    stops(one, 6, "resume", command=command)
    ok(one, "resume")
    stops(one, 4, "F001", command=command)


def test_94_drafts_keep_their_message_id_in_the_history_of_a_run_that_was_cut(tmp_path, monkeypatch):
    references = []
    for name, cut in (("calm", False), ("cut", True)):
        with mail_server() as server:
            one = dossier(tmp_path / name, server, "DUPONT")
        with monkeypatch.context() as patched:
            if cut:
                patched.setattr("dunning_batch.delivering.finish", interrupt)
            assert one.run(f"--lang en run --by drafts --yes {DAY}").code == (130 if cut else 0)
        if cut:
            ok(one, "resume")
        references.append(past(one, "Reference"))
    assert references[0] == references[1]
    assert "@atelier-exemple.fr" in references[0]["DUPONT"][0]
