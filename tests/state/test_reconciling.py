"""The levels workbook as users give it back: moved, sorted, deleted, misspelt, old, strange (faults 99 to 102)."""

import io
import random
import shutil
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from dunning_batch.errors import InputError, StateError
from dunning_batch.language import language
from dunning_batch.reading.sheets import read_sheets
from dunning_batch.state.reading import book_of, mark_of
from tests.core.samples import DAY, item, reasons
from tests.reading.books import xlsx
from tests.state.months import Dossier, book_from

ITEMS = [item("DUPONT", f"F{n:03d}", "2026-02-14", 100 + n, issued="2026-01-15", order=n) for n in range(1, 5)]
FIRST, SECOND = "2026-02-28", "2026-03-15"


@pytest.fixture
def dossier(tmp_path):
    one = Dossier(tmp_path)
    one.run(ITEMS, FIRST)
    return one


def levels(dossier):
    return {row.piece: row.level for row in dossier.reconciled().rows.values()}


def codes(dossier):
    return [problem.code for problem in dossier.reconciled().problems]


def told(problems):
    return [language("fr").message(problem.message) for problem in problems]


def saved(dossier, change):
    """Change the sheet `Niveaux` with openpyxl, keeping properties."""
    book = openpyxl.load_workbook(dossier.path)
    change(book["Niveaux"])
    book.save(dossier.path)


def places(sheet):
    return {cell.value: cell.column for cell in sheet[1]}


# --- what may be done to it ----------------------------------------------------------------------------------------


def test_100_columns_moved_added_and_rows_sorted(dossier):
    """What fault 100 asks."""
    def change(sheet):
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        order = list(range(len(rows[0])))
        random.Random(1).shuffle(order)
        sheet.delete_rows(1, sheet.max_row)
        sheet.append(["Relevé préparé par Zoé"])
        for row in [rows[0], *reversed(rows[1:])]:
            sheet.append([f"x{row[0]}", *(row[place] for place in order)])

    saved(dossier, change)
    known = dossier.reconciled()
    assert (known.edits, known.problems, known.extras.headings) == ((), (), ("xClient",))
    assert [row.piece for row in known.remembered] == ["F004", "F003", "F002", "F001"], "the workbook's order"
    assert set(levels(dossier).values()) == {1}


def test_100_accents_case_and_blanks_of_headings_do_not_count(dossier):
    """What fault 100 asks."""
    def change(sheet):
        for heading, place in places(sheet).items():
            sheet.cell(1, place).value = f" {heading.upper().replace('É', 'E')} "

    saved(dossier, change)
    assert dossier.reconciled().problems == ()


@pytest.mark.parametrize("heading", ["Client", "Pièce", "Niveau", "Suspendu", "Suspendu jusqu'au", "Clé"])
def test_100_a_renamed_required_column_stops(dossier, heading):
    """What fault 100 asks."""
    saved(dossier, lambda sheet: sheet.cell(1, places(sheet)[heading]).__setattr__("value", "Ma colonne"))
    with pytest.raises(InputError) as caught:
        dossier.reconciled()
    (problem,) = caught.value.problems
    assert problem.code == "missing_column"
    assert heading in told([problem])[0]
    assert str(problem.source) == "levels.xlsx Niveaux!1"


def test_100_a_missing_reason_clears_no_reasons(dossier):
    """What fault 100 asks."""
    dossier.edit(("F001", "Motif", "litige"))
    dossier.run(ITEMS, SECOND)
    saved(dossier, lambda sheet: sheet.delete_cols(places(sheet)["Motif"]))
    assert dossier.reconciled().edits == ()
    dossier.run(ITEMS, "2026-03-16")
    assert dossier.shown("Motif")["F001"] == "litige"


def test_a_column_that_stands_twice_stops(dossier):
    saved(dossier, lambda sheet: sheet.cell(1, sheet.max_column + 1).__setattr__("value", "Niveau"))
    with pytest.raises(InputError) as caught:
        dossier.reconciled()
    assert caught.value.problems[0].code == "column_twice"


def test_a_missing_sheet_stops(dossier):
    book = openpyxl.load_workbook(dossier.path)
    book["Niveaux"].title = "Autre"
    book.save(dossier.path)
    with pytest.raises(InputError) as caught:
        dossier.reconciled()
    assert "Niveaux / Levels" in told(caught.value.problems)[0]


def test_100_deleted_rows_come_back_and_are_named(dossier):
    """What fault 100 asks."""
    saved(dossier, lambda sheet: sheet.delete_rows(2, 2))
    known = dossier.reconciled()
    assert levels(dossier) == dict.fromkeys(("F001", "F002", "F003", "F004"), 1)
    assert [row.piece for row in known.remembered] == ["F003", "F004", "F001", "F002"]
    assert "2 lignes supprimées du classeur des niveaux reviennent (F001, F002)" in told(known.problems)[0]
    dossier.run(ITEMS, SECOND)
    assert set(dossier.shown("Niveau").values()) == {2}


# --- what stands in its cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["2 ", " 2", "2", 2, 2.0])
def test_100_a_level_is_read_however_it_is_typed(dossier, value):
    """What fault 100 asks."""
    dossier.edit(("F001", "Niveau", value))
    assert levels(dossier)["F001"] == 2


@pytest.mark.parametrize("value", ["II", 9, -1, 1.5, "1 ou 2", "=1+1", None, "#N/A", "2026-01-01"])
def test_100_an_illegal_level_holds_the_item_with_its_cell(dossier, value):
    """What fault 100 asks."""
    dossier.edit(("F002", "Niveau", value))
    known, _, plan = dossier.look_at(ITEMS, SECOND)
    assert reasons(plan) == {"F001": "remind", "F002": "held", "F003": "remind", "F004": "remind"}
    assert [str(problem.source) for problem in known.problems] == ["levels.xlsx Niveaux!J3"]
    assert (known.problems[0].customer, known.edits) == ("DUPONT", ())


def test_an_item_held_for_an_illegal_cell_stays_held_and_says_why(dossier):
    dossier.edit(("F002", "Niveau", "II"), ("F003", "Suspendu", "peut-être"))
    dossier.run(ITEMS, SECOND)
    assert dossier.shown("Niveau", "Suspendu", "Motif") == {
        "F001": (2, None, None),
        "F002": (1, "oui", "Niveau : II ?"),
        "F003": (1, "oui", "Suspendu : peut-être ?"),
        "F004": (2, None, None),
    }
    assert set(reasons(dossier.run(ITEMS, "2026-03-31")).values()) == {"remind", "held"}
    dossier.edit(("F002", "Suspendu", None), ("F003", "Suspendu", "non"))
    assert reasons(dossier.run(ITEMS, "2026-04-01"))["F002"] == "remind"


@pytest.mark.parametrize("value", ["31/02/2026", "demain", 46000, "01/01/0206"])
def test_100_an_illegal_date_holds(dossier, value):
    """What fault 100 asks."""
    dossier.edit(("F001", "Suspendu jusqu'au", value))
    assert reasons(dossier.look_at(ITEMS, SECOND)[2])["F001"] == "held"
    assert [problem.source.cell for problem in dossier.reconciled().problems] == ["P2"]


@pytest.mark.parametrize("value", ["20/03/2026", "2026-03-20", "20.03.2026"])
def test_100_a_date_as_text_is_read(dossier, value):
    """What fault 100 asks."""
    dossier.edit(("F001", "Suspendu jusqu'au", value))
    assert reasons(dossier.look_at(ITEMS, "2026-03-20")[2])["F001"] == "held"
    assert reasons(dossier.look_at(ITEMS, "2026-03-21")[2])["F001"] == "remind"


@pytest.mark.parametrize(
    ("value", "held"), [("Oui ", True), ("OUI", True), ("x", True), (1, True), ("non", False), (0, False)]
)
def test_suspendu_as_people_write_it(dossier, value, held):
    dossier.edit(("F001", "Suspendu", value))
    assert (reasons(dossier.look_at(ITEMS, SECOND)[2])["F001"] == "held") == held
    assert dossier.reconciled().problems == ()


def test_a_level_above_those_of_a_shorter_configuration_is_no_fault(dossier):
    dossier.edit(("F001", "Niveau", 4))
    dossier.run(ITEMS, SECOND)
    events, data = dossier.journal().events, dossier.path.read_bytes()
    from dunning_batch.state.memory import fold
    from dunning_batch.state.reconciling import reconcile

    known = reconcile(events, fold(events), book_from(data, levels=2), dossier.creditor, "levels.xlsx")
    assert (known.problems, known.edits) == ((), ())


def test_a_row_copied_by_hand_is_one_item_held_where_the_copies_differ(dossier):
    def copy(level):
        def change(sheet):
            row = [cell.value for cell in sheet[2]]
            row[places(sheet)["Niveau"] - 1] = level
            sheet.append(row)

        return change

    saved(dossier, copy(1))
    known, found, plan = dossier.look_at(ITEMS, SECOND)
    assert (found.problems, reasons(plan)["F001"]) == ((), "remind")
    saved(dossier, copy(3))
    known, found, plan = dossier.look_at(ITEMS, SECOND)
    assert [problem.code for problem in found.problems] == ["level_row_twice"]
    assert (reasons(plan)["F001"], known.edits) == ("held", ())


def test_a_row_added_by_hand_is_found_by_its_piece(dossier):
    def change(sheet):
        head = places(sheet)
        sheet.append([None])
        for heading, value in {"Client": "MARTIN", "Pièce": "G1", "Niveau": 2}.items():
            sheet.cell(sheet.max_row + (heading == "Client"), head[heading]).value = value

    saved(dossier, change)
    late = item("MARTIN", "G1", "2026-01-14", 100, issued="2025-12-15", order=9)
    plan = dossier.look_at([*ITEMS, late], SECOND)[2]
    assert plan.decisions[-1].next_level == 3


# --- whose it is, and how old --------------------------------------------------------------------------------------


def test_99_a_missing_workbook_is_seen_and_nothing_is_forgotten(dossier):
    """What fault 99 asks."""
    dossier.path.unlink()
    known = dossier.reconciled()
    assert (known.missing, known.first, {row.level for row in known.remembered}) == (True, False, {1})


def test_99_one_saved_without_its_properties_counts_as_missing(dossier):
    """What fault 99 asks."""
    book = openpyxl.load_workbook(dossier.path)
    for name in book.custom_doc_props.names:
        del book.custom_doc_props[name]
    book.save(dossier.path)
    known = dossier.reconciled()
    assert (known.missing, {row.level for row in known.remembered}) == (True, {1})


def test_the_first_run_is_known_as_such(tmp_path):
    known = Dossier(tmp_path).reconciled()
    assert (known.first, known.missing, known.remembered) == (True, False, ())


def test_101_of_another_creditor_or_a_newer_program(dossier):
    """What fault 101 asks."""
    data = dossier.path.read_bytes()
    from dunning_batch.state.memory import fold
    from dunning_batch.state.reconciling import reconcile

    events = dossier.journal().events
    with pytest.raises(StateError) as caught:  # a journal of ours, and the workbook of another dossier beside it
        reconcile(events, replace(fold(events), creditors={"987654321"}), book_from(data), "987654321", "levels.xlsx")
    assert caught.value.problems[0].code == "levels_of_another"
    assert "123456782" in told(caught.value.problems)[0]
    assert "987654321" in told(caught.value.problems)[0]
    book = openpyxl.load_workbook(dossier.path)
    book.custom_doc_props["dunning-batch format"].value = 2
    book.save(dossier.path)
    with pytest.raises(StateError) as caught:
        dossier.reconciled()
    assert caught.value.problems[0].code == "levels_newer"


def test_102_an_older_copy_is_caught_up_and_its_hand_edits_are_kept(dossier):
    """What fault 102 asks."""
    dossier.edit(("F001", "Motif", "vu en mars"), ("F003", "Niveau", 3))
    old = dossier.path.read_bytes()
    dossier.run([one for one in ITEMS if one.piece != "F002"], SECOND)
    dossier.path.write_bytes(old)
    dossier.edit(("F004", "Suspendu", "oui"), ("F001", "Niveau", 0))
    known = dossier.reconciled()
    rows = {row.piece: row for row in known.rows.values()}
    assert {piece: row.level for piece, row in rows.items()} == {"F001": 2, "F002": 1, "F003": 3, "F004": 2}
    assert (rows["F001"].reason, rows["F004"].held, rows["F002"].settled_on) == ("vu en mars", True, DAY(SECOND))
    assert codes(dossier) == ["older_copy", "levels_not_taken"]
    assert "F001" in told(known.problems)[1]
    again = dossier.run([one for one in ITEMS if one.piece != "F002"], "2026-03-16")
    assert "remind" not in reasons(again).values()


def test_102_an_older_copy_of_the_journal_is_refused(dossier):
    """What fault 102 asks."""
    journal = dossier.folder / "journal.sqlite"
    old = journal.read_bytes()
    dossier.run(ITEMS, SECOND)
    journal.write_bytes(old)
    with pytest.raises(StateError) as caught:
        dossier.reconciled()
    assert caught.value.problems[0].code == "journal_older"
    journal.unlink()
    with pytest.raises(StateError) as caught:
        dossier.reconciled()
    assert caught.value.problems[0].code == "journal_missing"


def test_a_row_that_the_journal_forgot_since_does_not_come_back(dossier):
    dossier.run([*ITEMS, item("MARTIN", "G1", "2026-04-14", 5, order=9)], "2026-03-01")
    old = dossier.path.read_bytes()
    dossier.run(ITEMS, "2026-03-02")
    dossier.path.write_bytes(old)
    assert "G1" not in levels(dossier)
    assert codes(dossier) == ["older_copy"]


# --- from and to other programs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_100_saved_by_libreoffice(dossier, form):
    """What fault 100 asks."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed: the workbook is not sent through LibreOffice")
    dossier.edit(("F001", "Suspendu", "oui"), ("F001", "Suspendu jusqu'au", DAY("2026-03-20")), ("F002", "À moi", "=texte"),
                 ("F003", "Motif", "@litige"))  # fmt: skip
    dossier.run(ITEMS, SECOND)
    out = dossier.folder / "office"
    home = (dossier.folder / "home").as_uri()
    command = [
        office,
        f"-env:UserInstallation={home}",
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(out),
        str(dossier.path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    data = (out / f"levels.{form}").read_bytes()
    before = book_from(dossier.path.read_bytes())
    after = book_of(read_sheets(data, f"levels.{form}"), mark_of(data), 4)
    assert (after.mark, after.rows, after.faults, after.fields) == (before.mark, before.rows, {}, before.fields)
    assert after.extras == before.extras


def test_a_legacy_list_of_piece_and_level_is_enough(tmp_path):
    dossier = Dossier(tmp_path)
    dossier.path.write_bytes(xlsx(("Relances de décembre",), (), ("N° facture", "Niveau de relance"), ("F001", 2), ("F002", "1"),
                                  ("F003", "II"), ("F004", None), ("F999", 3)))  # fmt: skip
    known, _, plan = dossier.look_at(ITEMS, "2026-03-16")
    assert (known.first, known.missing) == (False, False)
    assert {one.item.piece: (one.history.last_level, one.reason) for one in plan.decisions} == {
        "F001": (2, "remind"), "F002": (1, "remind"), "F003": (0, "held"), "F004": (0, "remind"),
    }  # fmt: skip
    assert [problem.source.cell for problem in known.problems] == ["B6"]
    dossier.run(ITEMS, "2026-03-16")
    assert dossier.shown("Niveau") == {"F001": 3, "F002": 2, "F003": 0, "F004": 1}
    assert dossier.shown("Niveau", sheet="Soldées") == {"F999": 3}, "were it to come back, it would resume there"


def test_a_legacy_list_with_more_columns(tmp_path):
    dossier = Dossier(tmp_path)
    dossier.path.write_bytes(xlsx(("Code client", "Facture", "Montant TTC", "Relance", "Date de relance"),
                                  ("DUPONT", "F001", 101.0, 1, DAY("2026-03-10")), sheet="Suivi"))  # fmt: skip
    decision = dossier.look_at(ITEMS, "2026-03-16")[2].decisions[0]
    assert (decision.history.last_level, decision.history.last_reminded, decision.reason) == (
        1,
        DAY("2026-03-10"),
        "too_soon",
    )


def test_a_workbook_that_is_no_list_is_refused(tmp_path):
    dossier = Dossier(tmp_path)
    dossier.path.write_bytes(xlsx(("Bonjour",), ("le monde",)))
    with pytest.raises(InputError) as caught:
        dossier.reconciled()
    assert caught.value.problems[0].code == "no_levels"


def test_properties_that_are_none(dossier):
    assert mark_of(xlsx(("a",))) is None
    data = dossier.path.read_bytes()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(b">1<", b">one<") if name == "docProps/custom.xml" else part)
    assert mark_of(file.getvalue()) is None


CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def with_custom_properties(data, text):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            after.writestr(name, text if name == "docProps/custom.xml" else before.read(name))
    return file.getvalue()


@pytest.mark.parametrize(
    ("head", "wrap"),
    [
        (f'<Properties xmlns="{CUSTOM}" xmlns:vt="{TYPES}">', "<property fmtid='{{}}' name='{0}' pid='2'><vt:i4>{1}</vt:i4></property>"),
        (f'<Properties xmlns="{CUSTOM}">', '<property name="{0}"><vt:lpwstr xmlns:vt="' + TYPES + '">{1}</vt:lpwstr></property>'),
        (f'<op:Properties xmlns:op="{CUSTOM}" xmlns:t="{TYPES}">', '<op:property name="{0}">\n <t:i4>{1}</t:i4>\n</op:property>'),
    ],
)  # fmt: skip
def test_properties_are_read_however_a_program_spells_its_xml(dossier, head, wrap):
    """openpyxl alone has two spellings: one where lxml is installed, one where it is not."""
    data = dossier.path.read_bytes()
    mark = mark_of(data)
    values = {"dunning-batch creditor": mark.creditor, "dunning-batch format": mark.format, "dunning-batch mark": mark.number}
    body = "".join(wrap.format(name, value) for name, value in values.items())
    end = "</" + head[1 : head.index(" ")] + ">"
    assert mark_of(with_custom_properties(data, head + body + end)) == mark


def test_properties_with_entities_are_none(dossier):
    bomb = '<!DOCTYPE a [<!ENTITY b "1">]><a><property name="dunning-batch mark"><i4>&b;</i4></property></a>'
    assert mark_of(with_custom_properties(dossier.path.read_bytes(), bomb)) is None
