"""Faults 35 to 46 of the customers file, as far as letters go."""

import pytest

from tests.dossiers import make_dossier
from tests.faults.invariants import DAY, GOOD, RUN, decisions, levels, ok, state, stops_everywhere

HEADINGS = "Client;Nom;Email;Type;Langue;Relancer;Canal;Suspendu jusqu'au;Motif;Délai;Niveau de départ\n"
LINE = "{Client};{Nom};{Email};{Type};{Langue};{Relancer};{Canal};{Until};{Motif};{Terms};{Start}\n"
EMPTY = dict.fromkeys(("Nom", "Email", "Type", "Langue", "Relancer", "Canal", "Until", "Motif", "Terms", "Start"), "")
MARTIN = LINE.format(**EMPTY | {"Client": "MARTIN"})


def with_customers(folder, *rows):
    text = HEADINGS + "".join(LINE.format(**EMPTY | {"Client": "DUPONT"} | row) for row in rows) + MARTIN
    return make_dossier(
        folder, fec=GOOD, config='[customers]\nfile = "input/customers.csv"\n', files={"input/customers.csv": text}
    )


def test_02_a_customers_file_cut_in_its_last_line_stops(tmp_path):
    """Without the end of the line nobody would know that MARTIN is not to be reminded."""
    dossier = with_customers(tmp_path, {})
    held = LINE.format(**EMPTY | {"Client": "LEROY", "Relancer": "non", "Motif": "litige"})
    whole = (tmp_path / "input/customers.csv").read_text(encoding="utf-8") + held
    dossier.write("input/customers.csv", whole[: -len("non;;;litige;;\n")])
    stops_everywhere(dossier, 4, "input/customers.csv:4", "incomplete")
    dossier.write("input/customers.csv", whole.rstrip("\n"))
    ok(dossier)


def test_35_no_address_goes_to_the_zip(tmp_path):
    """What fault 35 asks."""
    dossier = with_customers(tmp_path, {})
    ok(dossier)
    assert levels(dossier) == {"F001": 1, "F002": 1}


@pytest.mark.parametrize("address", ["a@exemple", "a..b@x.fr", "a@x.fr.", "a b@x.fr", "é@x.fr", "@x.fr"])
def test_36_an_invalid_address_is_listed_and_counts_as_none(tmp_path, address):
    """What fault 36 asks."""
    dossier = with_customers(tmp_path, {"Email": address})
    found = state(dossier)
    assert [one["email"] for one in found["customers"] if one["code"] == "DUPONT"] == [[]]
    assert "DUPONT" in {problem["customer"] for problem in found["problems"] if problem["file"] == "input/customers.csv"}
    ok(dossier)
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_40_a_shared_address_asks_before_e_mails_only(tmp_path):
    """What fault 40 asks."""
    rows = [{"Client": f"C{n}", "Nom": f"Maison {n}", "Email": "a@maison.fr"} for n in range(6)]
    ok(with_customers(tmp_path, *rows))


def test_42_names_sorted_on_one_column(tmp_path):
    dossier = with_customers(tmp_path, {"Nom": "Garage Lenoir"})
    dossier.fec("name | " + GOOD.replace("\nVE", "\nDupont SA | VE").replace("\nBQ", "\nDupont SA | BQ"))
    assert decisions(dossier) == {"F001": "customer_held", "F002": "remind"}
    text = next(one["message"] for one in state(dossier)["problems"] if one["code"] == "names_differ")
    assert "Garage Lenoir" in text
    assert "Dupont SA" in text
    ok(dossier)
    assert levels(dossier) == {"F001": 0, "F002": 1}


def test_42_legal_form_case_and_accents_do_not_count(tmp_path):
    assert decisions(with_customers(tmp_path, {"Nom": "Sàrl dupônt"})) == {"F001": "remind", "F002": "remind"}


@pytest.mark.parametrize(
    "cell",
    [{"Relancer": "peut-être"}, {"Canal": "x"}, {"Type": "x"}, {"Langue": "klingon"}, {"Until": "31/02"}, {"Until": "31/02/2026"}, {"Start": "X"}],
)
def test_43_an_unknown_value_holds_the_customer(tmp_path, cell):
    dossier = with_customers(tmp_path, cell)
    assert decisions(dossier) == {"F001": "customer_held", "F002": "remind"}
    listed = [one for one in state(dossier)["problems"] if one["customer"] == "DUPONT" and one["file"]]
    assert listed
    assert all("input/customers.csv" in one["file"] and one["line"] == 2 for one in listed)
    assert decisions(dossier, f"status {DAY} --customer DUPONT")["F001"] == "customer_held"
    ok(dossier)
    assert levels(dossier) == {"F001": 0, "F002": 1}


@pytest.mark.parametrize("written", ["Oui ", "OUI", "1", "oui", "yes", ""])
def test_43_yes_in_every_spelling(tmp_path, written):
    assert decisions(with_customers(tmp_path, {"Relancer": written})) == {"F001": "remind", "F002": "remind"}


def test_43_terms_that_cannot_be_read_stop(tmp_path):
    dossier = with_customers(tmp_path, {"Terms": "un certain temps"})
    stops_everywhere(dossier, 4, "input/customers.csv", "un certain temps")
    with_customers(tmp_path, {"Terms": "30 jours"})
    ok(dossier)


def test_44_a_customer_twice(tmp_path):
    dossier = with_customers(tmp_path, {"Email": "a@dupont.fr"}, {"Email": "b@dupont.fr"})
    stops_everywhere(dossier, 4, "input/customers.csv:3", "input/customers.csv:2")
    with_customers(tmp_path, {"Email": "a@dupont.fr"}, {"Email": "a@dupont.fr"})
    assert "customer_twice" in {one["code"] for one in state(dossier)["problems"]}
    ok(dossier)


def test_45_a_renamed_customer_keeps_the_level(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    lines = (tmp_path / "input/123456782FEC20261231.txt").read_bytes()
    dossier.write("input/123456782FEC20261231.txt", lines.replace(b"DUPONT\tDUPONT", b"DUPONT\tDupont et Durand"))
    ok(dossier, "run --by zip --yes --as-of 2026-03-20")
    assert levels(dossier) == {"F001": 2, "F002": 2}


def test_45_a_changed_code_is_held_never_silently_at_level_one(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.fec(GOOD.replace("DUPONT", "C00042"))
    found = state(dossier, "status --as-of 2026-03-20")
    assert {one["reference"]: one["decision"] for one in found["items"]} == {"F001": "held", "F002": "remind"}
    assert any("F001" in one["message"] for one in found["problems"] if one["severity"] == "warning")
    ok(dossier, "run --by zip --yes --as-of 2026-03-20")
    assert not list(tmp_path.glob("output/2026-03-20-01/letters/C00042*"))


def test_45_a_customer_merged_into_another_is_held_never_silently_at_level_one(tmp_path):
    """MARTIN becomes DUPONT: its invoice of the same piece, day and amount was reminded under the old code."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.fec(GOOD.replace("MARTIN", "DUPONT"))
    found = state(dossier, "status --as-of 2026-03-20")
    assert {one["reference"]: (one["decision"], one["last_level"]) for one in found["items"]} == {
        "F001": ("remind", 1), "F002": ("held", 0)
    }  # fmt: skip
    assert any("F002" in one["message"] for one in found["problems"] if one["severity"] == "warning")


@pytest.mark.parametrize(
    "held", [{"Relancer": "non", "Motif": "redressement"}, {"Until": "31/12/2026", "Motif": "litige"}], ids=["no", "until"]
)
def test_46_nothing_is_sent_by_any_command_or_selection(tmp_path, held):
    dossier = with_customers(tmp_path, {})
    ok(dossier, f"plan {DAY}")
    with_customers(tmp_path, held)
    for more in ("", "--customer DUPONT", "--any-balance --min-amount 0", "--selection output/plan-2026-02-28.xlsx"):
        done = dossier.run(f"--lang en {RUN} --dry-run {more}")
        assert done.code in (0, 4), done.stderr
        assert not list(tmp_path.glob("output/dry-run/*/letters/DUPONT*"))
    assert decisions(dossier)["F001"] == "customer_held"
    ok(dossier)
    assert levels(dossier)["F001"] == 0


def test_i5_missing_customers_never_replace_a_file(tmp_path):
    dossier = with_customers(tmp_path, {})
    done = ok(dossier, f"check {DAY} --missing-customers new.xlsx")
    assert done.stdout
    before = dossier.tree()
    for name, word in (("new.xlsx", "there already"), ("input/customers.csv", "there already"), ("a.csv", ".xlsx")):
        assert word in ok(dossier, f"check {DAY} --missing-customers {name}", 2).stderr
    assert dossier.tree() == before
