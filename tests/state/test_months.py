"""What is handed from month to month: levels, holds, hand edits, what is paid and comes back (rules F10, F11; fault 109)."""

import datetime

import pytest

from dunning_batch.language import language
from dunning_batch.state.advancing import raised_row
from dunning_batch.state.rows import Row
from dunning_batch.state.undoing import undone_rows
from tests.core.samples import DAY, item, policy, reasons
from tests.state.months import Dossier

F1 = item("DUPONT", "F001", "2026-02-14", 100, issued="2026-01-15")
F2 = item("MARTIN", "F002", "2026-02-14", 60, issued="2026-01-15")
LEVEL, DATED = "Niveau", "Dernière relance"


def moment(text):
    return datetime.datetime.fromisoformat(text)


@pytest.fixture
def dossier(tmp_path):
    return Dossier(tmp_path)


def codes(problems):
    return [problem.code for problem in problems]


def test_a_delivered_reminder_raises_the_level(dossier):
    dossier.run([F1], "2026-02-28")
    dossier.run([F1], "2026-03-15")
    assert dossier.shown(LEVEL, DATED, "Prochain niveau", "Prochaine date", "Canal", "Jours de retard") == {
        "F001": (2, moment("2026-03-15"), 3, moment("2026-03-30"), "courrier", 29)
    }
    assert dossier.memory().rows[key(dossier)].previous == ((1, DAY("2026-02-28")), (2, DAY("2026-03-15")))


def key(dossier, piece="F001"):
    return next(row.key for row in dossier.memory().rows.values() if row.piece == piece)


@pytest.mark.parametrize("result", ["refused", "failed", "uncertain", "skipped"])
def test_i3_nothing_else_does(dossier, result):
    dossier.run([F1, F2], "2026-02-28", results={"DUPONT": result})
    assert dossier.shown(LEVEL) == {"F001": 0, "F002": 1}
    assert dossier.shown("Niveau avant", LEVEL, sheet="Historique") == {"F001": (0, 0), "F002": (0, 1)}


def test_91_a_second_run_at_once_asks_nothing(dossier):
    """What fault 91 asks."""
    dossier.run([F1], "2026-02-28")
    again = dossier.run([F1], "2026-02-28")
    assert reasons(again) == {"F001": "too_soon"}
    assert len(dossier.memory().past) == 1


def test_unchanged_rows_are_not_recorded_again(dossier):
    dossier.run([F1, F2], "2026-02-28")
    dossier.run([F1, F2], "2026-03-01")
    assert dossier.journal().events[-3].body["rows"] == []
    assert dossier.shown("Jours de retard") == {"F001": 15, "F002": 15}


def test_f10_104_paid_and_back_open_resumes_at_its_level(dossier):
    dossier.run([F1, F2], "2026-02-28")
    dossier.run([F2], "2026-03-05")
    assert dossier.shown(LEVEL) == {"F002": 1}
    assert dossier.shown(LEVEL, "Soldée le", sheet="Soldées") == {"F001": (1, moment("2026-03-05"))}
    dossier.run([F2], "2026-03-06")
    assert dossier.shown("Soldée le", sheet="Soldées") == {"F001": moment("2026-03-05")}
    dossier.run([F1, F2], "2026-03-20")
    assert dossier.shown(LEVEL) == {"F001": 2, "F002": 2}
    assert dossier.shown(LEVEL, sheet="Soldées") == {}


def test_an_item_paid_before_any_reminder_is_forgotten(dossier):
    dossier.run([F1, F2], "2026-02-01")
    dossier.run([F2], "2026-02-10")
    assert [row.piece for row in dossier.memory().rows.values()] == ["F002"]


def test_109_a_level_written_by_hand_is_honoured_and_recorded(dossier):
    """What fault 109 asks."""
    dossier.run([F1], "2026-02-28")
    dossier.edit(("F001", LEVEL, 3))
    assert dossier.look_at([F1], "2026-03-10")[2].decisions[0].next_level == 4
    assert len(dossier.memory().past) == 1, "looking records nothing"
    dossier.run([F1], "2026-03-10")
    last = dossier.memory().past[-1]
    assert (last.result, last.before, last.level, last.run, last.day) == ("manual", 1, 3, "", DAY("2026-03-10"))
    assert dossier.shown(LEVEL) == {"F001": 3}
    assert dossier.reconciled().edits == ()


def test_a_hold_is_honoured_and_told_in_words(dossier):
    dossier.run([F1], "2026-02-28")
    dossier.edit(
        ("F001", "Suspendu", "Oui "), ("F001", "Suspendu jusqu'au", moment("2026-04-01")), ("F001", "Motif", "litige")
    )
    plan = dossier.run([F1], "2026-03-20")
    assert reasons(plan) == {"F001": "held"}
    told = dossier.shown("Résultat", "Référence", sheet="Historique")["F001"]
    assert told[1] == "Suspendu : oui, Suspendu jusqu'au : 2026-04-01, Motif : litige"
    dossier.edit(
        ("F001", "Suspendu", "non"),
        ("F001", "Suspendu jusqu'au", None),
        ("F001", "Motif", None),
        ("F001", "Note", "payera"),
    )
    assert reasons(dossier.run([F1], "2026-03-21")) == {"F001": "remind"}
    assert dossier.memory().past[-2].what == (("held", False), ("held_until", None), ("reason", ""), ("note", "payera"))
    assert dossier.shown("Suspendu", "Motif", "Note") == {"F001": (None, None, "payera")}


def test_users_own_columns_follow_the_item_to_soldees_and_back(dossier):
    dossier.run([F1, F2], "2026-02-28")
    dossier.edit(("F001", "Rappelé par", "Zoé"), ("F001", "Vu le", moment("2026-03-01")), ("F002", "Rappelé par", 3.5))
    dossier.run([F2], "2026-03-05")
    assert dossier.shown("Rappelé par", "Vu le") == {"F002": (3.5, None)}
    assert dossier.shown("Rappelé par", "Vu le", sheet="Soldées") == {"F001": ("Zoé", moment("2026-03-01"))}
    dossier.run([F1, F2], "2026-03-06")
    assert dossier.shown("Rappelé par", "Vu le") == {"F001": ("Zoé", moment("2026-03-01")), "F002": (3.5, None)}


def test_the_english_workbook_is_read_by_a_french_dossier(dossier):
    dossier.code = "en"
    dossier.run([F1], "2026-02-28")
    assert "Level" in [*map(str, next(iter_rows(dossier, "Levels")))]
    dossier.code = "fr"
    dossier.run([F1], "2026-03-15")
    assert dossier.shown(LEVEL) == {"F001": 2}


def iter_rows(dossier, sheet):
    import openpyxl

    return openpyxl.load_workbook(dossier.path)[sheet].iter_rows(values_only=True)


def test_the_previous_workbooks_are_kept_24_of_them(dossier):
    for day in range(1, 28):
        dossier.run([F1], f"2026-03-{day:02d}")
    kept = sorted(path.name for path in dossier.folder.glob("levels.*-*.xlsx"))
    assert (len(kept), kept[0], kept[-1]) == (24, "levels.2026-03-04-01.xlsx", "levels.2026-03-27-01.xlsx")


def test_the_fold_of_the_journal_is_the_workbook(dossier):
    dossier.run([F1, F2], "2026-02-28")
    before = dossier.path.read_bytes()
    dossier.path.unlink()
    assert dossier.reconciled().missing
    dossier.publish(dossier.journal(), dossier.reconciled(), "")
    from tests.state.months import shown_in

    for sheet in ("Niveaux", "Historique", "Soldées"):
        headings = [cell for cell in next(iter_rows(dossier, sheet)) if cell != "Clé"]
        assert dossier.shown(*headings, sheet=sheet) == shown_in(before, sheet, headings)


# --- undo and levels set -------------------------------------------------------------------------------------------


def test_121_undo_puts_rows_back_but_those_edited_since(dossier):
    """What fault 121 asks."""
    dossier.run([F1, F2], "2026-02-28")
    dossier.run([F1, F2], "2026-03-15")
    dossier.edit(("F002", LEVEL, 4))
    memory, known = dossier.memory(), dossier.reconciled().rows
    changes, rows, kept = undone_rows(memory.last_run, known, policy())
    assert [(row.piece, row.level, row.last_reminded, row.next_level, row.next_date) for row in rows] == [
        ("F001", 1, DAY("2026-02-28"), 2, DAY("2026-03-15"))
    ]
    assert rows[0].previous == ((1, DAY("2026-02-28")),)
    assert [row.piece for row in kept] == ["F002"]
    assert [(change["before"], change["level"]) for change in changes] == [(2, 1)]


def test_121_undo_touches_only_what_was_delivered(dossier):
    """What fault 121 asks."""
    dossier.run([F1, F2], "2026-02-28", results={"DUPONT": "failed"})
    _, rows, kept = undone_rows(dossier.memory().last_run, dossier.reconciled().rows, policy())
    assert ([row.piece for row in rows], kept) == (["F002"], [])


def test_the_last_run_is_one_that_delivered(dossier):
    assert dossier.memory().last_run is None
    dossier.run([F1], "2026-02-28")
    dossier.run([F1], "2026-03-01")
    dossier.run([F1], "2026-03-15", results={"DUPONT": "refused"})
    assert dossier.memory().last_run.name == "2026-02-28-01"
    dossier.journal().append(("undone", {"run": "2026-02-28-01", "day": "2026-03-15", "changes": []}))
    assert dossier.memory().last_run is None


def test_ids_that_were_delivered_are_known_until_undone(dossier):
    dossier.run([F1, F2], "2026-02-28", results={"DUPONT": "failed"})
    (planned,) = [event for event in dossier.journal().events if event.kind == "planned"]
    ids = {one["customer"]: one["id"] for one in planned.body["reminders"]}
    assert dossier.memory().spent == {ids["MARTIN"]}
    dossier.journal().append(("undone", {"run": "2026-02-28-01", "day": "2026-03-15", "changes": []}))
    assert dossier.memory().spent == set()


def test_123_levels_set_and_level_0():
    """What fault 123 asks."""
    row = Row("K", "DUPONT", piece="F001", due=DAY("2026-02-14"))
    raised = raised_row(row, 2, "", DAY("2026-03-01"), policy())
    assert (raised.level, raised.last_reminded, raised.next_level, raised.next_date) == (
        2, DAY("2026-03-01"), 3, DAY("2026-03-16"))  # fmt: skip
    back = raised_row(raised, 0, "", DAY("2026-03-05"), policy())
    assert (back.level, back.last_reminded, back.next_level, back.previous) == (0, None, 1, ())
    last = raised_row(row, 4, "", DAY("2026-03-01"), policy())
    assert (last.next_level, last.next_date) == (None, None)


# --- runs that were cut -------------------------------------------------------------------------------------------


def test_a_planned_run_is_unfinished_until_closed_or_dropped(dossier):
    dossier.run([F1], "2026-02-28", cut="delivered")
    run = dossier.memory().unfinished
    assert (run.name, run.as_of, run.delivered) == ("2026-02-28-01", DAY("2026-02-28"), False)
    (reminder,) = run.reminders
    assert reminder["items"] == [
        {"key": dossier.look_at([F1], "2026-02-28")[2].decisions[0].history.key, "piece": "F001", "open": 10000,
         "issued": "2026-01-15", "due": "2026-02-14", "amount": 10000, "asked": 10000, "before": 0, "last": None, "level": 1}
    ]  # fmt: skip
    assert dossier.memory().rows == {}
    dossier.journal().append(("dropped", {"run": run.name}))
    assert dossier.memory().unfinished is None


def test_a_reminder_that_is_withdrawn_stands_in_the_history(dossier):
    dossier.run([F1, F2], "2026-02-28", cut="delivered")
    run = dossier.memory().unfinished
    gone = [one["id"] for one in run.reminders if one["customer"] == "DUPONT"]
    dossier.journal().append(("skipped", {"run": run.name, "skipped": gone, "folder_digest": "new"}))
    run = dossier.memory().unfinished
    assert ([one["customer"] for one in run.reminders], run.folder_digest) == (["MARTIN"], "new")
    assert [(row.piece, row.before, row.level, row.result) for row in dossier.memory().past] == [
        ("F001", 0, 0, "skipped")
    ]


def test_69_a_run_cut_before_its_workbook_loses_neither_levels_nor_holds(dossier):
    """What fault 69 asks."""
    dossier.run([F1, F2], "2026-02-28")
    dossier.run([F1, F2], "2026-03-15", cut="written")
    assert not dossier.memory().is_published
    dossier.edit(("F001", "Suspendu", "oui"), ("F002", LEVEL, 0))
    known = dossier.reconciled()
    rows = {row.piece: row for row in known.rows.values()}
    assert (rows["F001"].level, rows["F001"].held, rows["F002"].level) == (2, True, 2)
    assert codes(known.problems) == ["levels_not_taken"]
    assert "F002" in language("fr").message(known.problems[0].message)


def test_hand_edits_after_a_run_that_was_given_up_count(dossier):
    dossier.run([F1], "2026-02-28")
    dossier.edit(("F001", LEVEL, 2))
    dossier.run([F1], "2026-03-16", cut="delivered")
    dossier.journal().append(("dropped", {"run": "2026-03-16-01"}))
    known = dossier.reconciled()
    assert (known.rows[key(dossier)].level, known.edits, known.problems) == (2, (), ())
    dossier.edit(("F001", "Motif", "vu"))
    known = dossier.reconciled()
    assert (known.rows[key(dossier)].reason, codes(known.problems)) == ("vu", [])


def test_what_a_run_that_was_given_up_had_read_can_be_taken_back(dossier):
    dossier.run([F1], "2026-02-28")
    dossier.edit(("F001", LEVEL, 2), ("F001", "Suspendu", "oui"))
    dossier.run([F1], "2026-03-16", cut="delivered")
    dossier.journal().append(("dropped", {"run": "2026-03-16-01"}))
    dossier.edit(("F001", LEVEL, 3), ("F001", "Suspendu", None))
    row = dossier.reconciled().rows[key(dossier)]
    assert (row.level, row.held, dossier.reconciled().problems) == (3, False, ())


def test_a_workbook_put_in_place_just_before_a_cut_is_the_new_one(dossier):
    dossier.run([F1], "2026-02-28", cut="written")
    journal = dossier.journal()
    from dunning_batch.state.levels import put_in_place, workbook_bytes
    from dunning_batch.state.memory import fold
    from dunning_batch.state.tables import Extras

    data = workbook_bytes(fold(journal.events), dossier.creditor, len(journal.events) + 1, dossier.look, Extras())
    put_in_place(dossier.path, data, "")
    known = dossier.reconciled()
    assert ([row.level for row in known.rows.values()], known.problems) == ([1], ())
