"""Lists of levels from any program (contract section 5; fault 100)."""

from datetime import date

import pytest

from dunning_batch.core.identity import Remembered
from dunning_batch.errors import InputError
from dunning_batch.reading.sheets import read_sheets
from dunning_batch.state.legacy import coded, level_in_words, unmatched
from dunning_batch.state.reading import book_of
from tests.dossiers import make_dossier
from tests.faults.invariants import GOOD, state
from tests.reading.books import xlsx


def book(*rows, **more):
    return book_of(read_sheets(xlsx(*rows, **more), "output/levels.xlsx"), None, 4)


def levels(found):
    return [(row.piece, row.level, row.doubtful) for row in found.legacy]


@pytest.mark.parametrize(
    ("text", "level"),
    [("Niveau 2", "2"), ("2ème relance", "2"), ("1re relance", "1"), ("Deuxième rappel", "2"), ("Relance n° 3", "3"), ("R2", "2"),
     ("Troisième lettre", "3"), ("2nd reminder", "2"), ("aucune relance", "0"), ("Niv. 4", "4"), ("3", "3")],
)  # fmt: skip
def test_levels_in_words(text, level):
    assert level_in_words(text) == level


@pytest.mark.parametrize(
    "text", ["II", "Mise en demeure", "relance 2 du 15/01", "entre 1 et 2", "", "12 rue des Lilas"]
)
def test_what_is_no_level_stays_as_it_is(text):
    assert level_in_words(text) == text


@pytest.mark.parametrize(
    ("piece", "level"),
    [("Pièce", "Niveau"), ("N° de facture", "Nb. relances"), ("Invoice number", "Dunning level"), ("Réf. facture", "Étape"),
     ("DOCUMENT", "niveau_relance"), ("N° pièce", "Relance")],
)  # fmt: skip
def test_headings_in_both_languages_in_any_order_behind_a_title(piece, level):
    found = book(
        ("Suivi des relances",),
        (),
        ("Remarque", level, "x", piece),
        ("", "Relance n° 2", 1, "F001"),
        ("", 1, 1, 2026007.0),
    )
    assert levels(found) == [("F001", 2, False), ("2026007", 1, False)]
    assert not found.problems


def test_100_a_cell_that_is_no_level_holds_its_item():
    """What fault 100 asks."""
    found = book(("Facture", "Niveau"), ("F001", "II"), ("F002", "Niveau 7"), ("F003", "MED"))
    assert [row.doubtful for row in found.legacy] == [True, True, True]
    assert [problem.source.cell for problem in found.problems] == ["B2", "B3", "B4"]


def test_several_sheets_and_a_hidden_one():
    found = book(("Facture", "Niveau"), ("F001", 1), sheet="Lyon", Paris=[("Invoice", "Reminder"), ("F002", "2nd reminder")],
                 Old_hidden=[("Facture", "Niveau"), ("F003", 3)], Notes=[("a", "b")])  # fmt: skip
    assert levels(found) == [("F001", 1, False), ("F002", 2, False)]


def test_our_own_workbook_without_its_mark_is_read_by_its_first_sheet():
    found = book(
        ("Pièce", "Niveau"), ("F001", 2), sheet="Niveaux", Historique=[("Pièce", "Niveau"), ("F001", 1), ("F001", 2)]
    )
    assert levels(found) == [("F001", 2, False)]


def test_lines_of_totals_are_none():
    assert levels(book(("Client", "Facture", "Niveau"), ("DUPONT", "F001", 1), ("Total", "", 1))) == [
        ("F001", 1, False)
    ]


def test_a_row_for_each_reminder_tells_the_last():
    found = book(
        ("Facture", "Niveau", "Date de relance"),
        ("F001", 2, date(2026, 2, 15)), ("F001", 1, date(2026, 1, 15)), ("F002", 2, date(2026, 1, 15)), ("F002", 1, date(2026, 2, 15)),
        ("F003", 1, None), ("F003", 2, date(2026, 2, 15)),
    )  # fmt: skip
    assert levels(found) == [
        ("F001", 2, False),
        ("F002", 2, False),
        ("F002", 1, False),
        ("F003", 1, False),
        ("F003", 2, False),
    ]


def test_no_such_columns():
    with pytest.raises(InputError) as caught:
        book(("Facture", "Montant"), ("F001", 1))
    assert caught.value.problems[0].code == "no_levels"


def row(customer, piece="F001", level=1, key=""):
    return Remembered(key, customer, piece, None, None, None, level)


def test_customers_by_name_get_their_code():
    names = {"C1": "Dupont & Fils", "C2": "Martin", "C3": "MARTIN"}
    rows = (
        row("DUPONT  et fils"),
        row("dupont & fils"),
        row("Martin"),
        row("C2"),
        row("nobody"),
        row(""),
        row("x", key="K"),
    )
    assert [one.customer for one in coded(rows, names)] == ["", "C1", "", "C2", "", "", "x"]


def test_rows_that_no_open_invoice_took_are_said():
    rows = (row("", "F001"), row("", "F002", 0), row("", "F003"), row("", "F004", key="K"))
    (problem,) = unmatched(rows, rows[1:], "output/levels.xlsx")
    assert dict(problem.message.values) == {"count": 1, "piece": "F003"}
    assert not list(unmatched(rows, (), "output/levels.xlsx"))


def test_a_list_with_names_and_words_from_end_to_end(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    dossier.write(
        "output/levels.xlsx",
        xlsx(("Client", "Facture", "Niveau"), ("Dupont", "F001", "2ème relance"), ("Roux", "F999", 1)),
    )
    found = state(dossier)
    assert {item["reference"]: item["last_level"] for item in found["items"]} == {"F001": 2, "F002": 0}
    assert [one["code"] for one in found["problems"] if one["code"].startswith("legacy")] == ["legacy_rows_left"]
