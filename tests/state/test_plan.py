"""The plan workbook: written, ticked, taken back (contract section 6; fault 122)."""

import io

import openpyxl
import pytest

from dunning_batch.core.policy import Decision
from dunning_batch.errors import InputError
from dunning_batch.language import language
from dunning_batch.reading.sheets import read_sheets
from dunning_batch.state.advancing import advance
from dunning_batch.state.plan import plan_bytes, put_plan, selection
from dunning_batch.state.reading import mark_of
from tests.core.samples import item, letters, policy, reasons
from tests.state.months import CREDITOR, Dossier, shown_in

ITEMS = [
    item("DUPONT", "F001", "2026-02-14", 100, issued="2026-01-15", order=1),
    item("DUPONT", "F002", "2026-02-14", 200, issued="2026-01-15", order=2),
    item("MARTIN", "F010", "2026-02-14", 300, issued="2026-01-15", order=3),
    item("MARTIN", "F020", "2026-03-22", 50, issued="2026-02-20", order=4),
]
DAY_OF_PLAN = "2026-02-28"


def why(one: Decision) -> str:
    return f"parce que {one.reason}"


@pytest.fixture
def dossier(tmp_path):
    return Dossier(tmp_path)


@pytest.fixture
def ticked(dossier):
    return Ticked(dossier)


class Ticked:
    """A plan that somebody edits and gives back."""

    def __init__(self, dossier, items=ITEMS, as_of=DAY_OF_PLAN):
        self.dossier = dossier
        known, found, plan = dossier.look_at(items, as_of)
        rows = advance(plan, found, {}, known.rows, {}, policy(), language("fr"))
        self.data = plan_bytes(plan, rows, why, CREDITOR, dossier.look)
        self.plan = plan

    def edit(self, *changes):
        book = openpyxl.load_workbook(io.BytesIO(self.data))
        sheet = book["Relances"]
        heads = {cell.value: cell.column for cell in sheet[1]}
        for piece, heading, value in changes:
            (row,) = [row for row in sheet.iter_rows(min_row=2) if row[heads["Pièce"] - 1].value == piece]
            sheet.cell(row[0].row, heads[heading]).value = value
        file = io.BytesIO()
        book.save(file)
        self.data = file.getvalue()
        return self

    def taken(self, items=ITEMS, as_of=DAY_OF_PLAN, creditor=CREDITOR, **rules):
        """Piece -> level of what is chosen."""
        self.dossier.rules = rules
        plan = self.dossier.look_at(items, as_of)[2]
        sheets = read_sheets(self.data, "plan.xlsx")
        chosen = selection(sheets, mark_of(self.data), creditor, plan.decisions, 4)
        pieces = {one.history.key: one.item.piece for one in plan.decisions}
        return {pieces[key]: level for key, level in chosen.items()}

    def refused(self, *args, **kwargs):
        with pytest.raises(InputError) as caught:
            self.taken(*args, **kwargs)
        return {str(one.source): language("en").message(one.message) for one in caught.value.problems}


def test_every_item_that_is_due_is_ticked_and_the_others_say_why(ticked):
    assert shown_in(
        ticked.data, "Relances", ("Relancer", "Client", "Demandé", "Niveau", "Prochain niveau", "Motif")
    ) == {
        "F001": ("oui", "DUPONT", 100, 0, 1, None),
        "F002": ("oui", "DUPONT", 200, 0, 1, None),
        "F010": ("oui", "MARTIN", 300, 0, 1, None),
    }
    assert shown_in(ticked.data, "Non relancées", ("Raison", "Jours de retard")) == {
        "F020": ("parce que not_overdue", -22)
    }


def test_as_it_is_it_takes_all(ticked, dossier):
    assert ticked.taken() == {"F001": 1, "F002": 1, "F010": 1}


def test_unticked_rows_are_left(ticked, dossier):
    ticked.edit(("F002", "Relancer", "Non "), ("F010", "Relancer", None))
    assert ticked.taken() == {"F001": 1}
    chosen = {one.history.key: 1 for one in ticked.plan.decisions if one.item.piece == "F001"}
    plan = dossier.look_at(ITEMS, DAY_OF_PLAN, chosen)[2]
    assert letters(plan) == [("DUPONT", 1, ["F001"])]
    assert reasons(plan)["F002"] == "not_selected"


def test_122_nothing_ticked_is_nothing_chosen(ticked):
    """What fault 122 asks."""
    assert ticked.edit(*((piece, "Relancer", "non") for piece in ("F001", "F002", "F010"))).taken() == {}


@pytest.mark.parametrize(
    ("heading", "value", "level"),
    [("Prochain niveau", 3, 3), ("Prochain niveau", "2 ", 2), ("Niveau", 2, 3), ("Niveau", 0, 1), ("Niveau", 3, 4)],
)
def test_a_level_may_be_changed(ticked, heading, value, level):
    assert ticked.edit(("F001", heading, value)).taken()["F001"] == level


@pytest.mark.parametrize(
    ("heading", "value", "cell"),
    [
        ("Prochain niveau", 5, "N2"), ("Prochain niveau", 0, "N2"), ("Prochain niveau", "II", "N2"),
        ("Prochain niveau", None, "N2"), ("Niveau", 4, "K2"), ("Niveau", "x", "K2"), ("Niveau", None, "K2"),
    ],
)  # fmt: skip
def test_122_an_illegal_level_is_named(ticked, heading, value, cell):
    """What fault 122 asks."""
    assert list(ticked.edit(("F001", heading, value)).refused()) == [f"plan.xlsx Relances!{cell}"]


def test_122_a_tick_that_is_none_and_a_key_that_is_none(ticked):
    """What fault 122 asks."""
    ticked.edit(("F001", "Relancer", "peut-être"), ("F002", "Clé", "XXXXXXXXXX"), ("F010", "Clé", None))
    refused = ticked.refused()
    assert list(refused) == ["plan.xlsx Relances!A2", "plan.xlsx Relances!T3", "plan.xlsx Relances!T4"]
    assert "peut-être" in refused["plan.xlsx Relances!A2"]
    assert "DUPONT F002" in refused["plan.xlsx Relances!T3"]


def test_122_an_amount_that_has_changed_is_refused_by_name(ticked):
    """What fault 122 asks."""
    partly = [item("DUPONT", "F001", "2026-02-14", 70, issued="2026-01-15", amount=100, order=1), *ITEMS[1:]]
    assert list(ticked.refused(partly)) == ["plan.xlsx Relances!I2"]
    assert ticked.edit(("F001", "Relancer", "non")).taken(partly) == {"F002": 1, "F010": 1}


def test_122_what_was_reminded_or_held_since_is_refused(ticked, dossier):
    """What fault 122 asks."""
    dossier.run(ITEMS, DAY_OF_PLAN)
    assert list(ticked.refused()) == [f"plan.xlsx Relances!T{row}" for row in (2, 3, 4)], "again at once"
    assert len(ticked.refused(as_of="2026-04-15")) == 3, "later, when the next level is due"


def test_122_a_level_set_by_hand_since_is_refused(ticked, dossier):
    """What fault 122 asks."""
    dossier.run(ITEMS, "2026-02-01")
    later = Ticked(dossier)
    assert later.taken() == {"F001": 1, "F002": 1, "F010": 1}
    dossier.edit(("F001", "Niveau", 2))
    assert list(later.refused(as_of="2026-04-01")) == ["plan.xlsx Relances!T2"]


def test_what_is_filtered_now_is_left_without_complaint(ticked):
    assert ticked.taken(customers=("MARTIN",)) == {"F001": 1, "F002": 1, "F010": 1}


def test_a_row_twice_is_refused(ticked):
    book = openpyxl.load_workbook(io.BytesIO(ticked.data))
    book["Relances"].append([cell.value for cell in book["Relances"][2]])
    file = io.BytesIO()
    book.save(file)
    ticked.data = file.getvalue()
    assert list(ticked.refused()) == ["plan.xlsx Relances!T5"]


def test_122_a_plan_of_another_dossier_is_refused(ticked):
    """What fault 122 asks."""
    assert len(ticked.refused(creditor="987654321")) == 1


def test_what_is_no_plan_is_refused(ticked, dossier):
    dossier.run(ITEMS, DAY_OF_PLAN)
    ticked.data = dossier.path.read_bytes()
    assert "Relances / Reminders" in next(iter(ticked.refused().values()))


def test_an_english_plan_is_read_by_a_french_dossier(dossier):
    dossier.code = "en"
    plan = Ticked(dossier)
    dossier.code = "fr"
    assert plan.taken() == {"F001": 1, "F002": 1, "F010": 1}


def test_a_ticked_plan_is_not_silently_overwritten(tmp_path, ticked, dossier):
    path = tmp_path / "plan-2026-02-28.xlsx"
    put_plan(path, ticked.data)
    put_plan(path, Ticked(dossier).data)
    assert [one.name for one in tmp_path.glob("plan*")] == [path.name], "nothing was written into it"
    for number in range(2):
        ticked.edit(("F001", "Relancer", "non"), ("F001", "Niveau", number))
        path.write_bytes(ticked.data)
        put_plan(path, Ticked(dossier).data)
    kept = ["plan-2026-02-28.previous-2.xlsx", "plan-2026-02-28.previous.xlsx", path.name]
    assert sorted(one.name for one in tmp_path.glob("plan*")) == kept
    assert (tmp_path / kept[0]).read_bytes() == ticked.data
    path.write_bytes(b"no workbook")
    put_plan(path, ticked.data)
    assert (tmp_path / "plan-2026-02-28.previous-3.xlsx").read_bytes() == b"no workbook"


def test_the_last_level_is_not_proposed(dossier):
    dossier.run(ITEMS, DAY_OF_PLAN)
    dossier.edit(("F001", "Niveau", 4))
    plan = Ticked(dossier, as_of="2026-04-30")
    assert shown_in(plan.data, "Non relancées", ("Raison", "Niveau"))["F001"] == ("parce que last_level_reached", 4)
