"""What a run tells on the screen."""

import html

import pytest

from tests.dossiers import make_dossier
from tests.reports.months import AS_OF, month


@pytest.mark.parametrize(
    ("command", "first"),
    [
        (f"run --by zip --yes --as-of {AS_OF}", "3 lettres transmises, 1\u202f590,50\u00a0€"),
        (f"run --by zip --dry-run --as-of {AS_OF}", "Essai à blanc : rien n'a été transmis, aucun niveau n'a été relevé."),
        ("run --by zip --yes --as-of 2026-01-25", "Rien à relancer."),
    ],
)
def test_what_was_done_stands_first(tmp_path, command, first):
    assert month(tmp_path).run(command).stdout.splitlines()[0].replace("\u00a0:", " :") == first


def test_who_was_left_out_is_counted_with_the_reason(tmp_path):
    lines = month(tmp_path).run(f"--lang en run --by zip --yes --as-of {AS_OF}").stdout.splitlines()
    assert "  2 items, €510.00: covered by what the customer has paid" in lines
    assert "  1 item, €50.00: the customer is held" in lines


def test_what_is_about_to_go_out_is_said_by_level_and_in_all(tmp_path):
    shown = month(tmp_path).run(f"--lang en run --by zip --yes --as-of {AS_OF}").stderr
    assert "In the name of Atelier Exemple SARL:" in shown
    assert "  in all: 3 letters, €1,590.50" in shown


def test_a_letter_that_was_refused_says_why_on_the_screen_and_in_the_report(tmp_path):
    levels = """
        [[dunning.levels]]
        name = "Mise en demeure"
        template = "level4"
        registered = true
    """
    table = """
        jnl | date       | customer | piece | label             | debit  | counter
        VE  | 2026-01-10 | DUPONT   | -     | Vente au comptoir | 100.00 | 707
        VE  | 2026-01-10 | MARTIN   | F001  | Vente             | 100.00 | 707
    """
    customers = """
        Client | Adresse 1    | Code postal | Ville
        DUPONT | 1 rue Basse  | 69001       | LYON
        MARTIN | 2 rue Haute  | 69001       | LYON
    """
    dossier = make_dossier(tmp_path, fec=table, config=levels, customers=customers)
    done = dossier.run("--lang en run --by zip --yes --as-of 2026-05-20")
    assert done.code == 5
    lines = done.stdout.splitlines()
    place = lines.index("1 letter refused, €100.00")
    assert lines[place + 1].startswith("  ")
    assert "number" in lines[place + 1]
    [report] = (tmp_path / "output").glob("*/report.html")
    assert f"refused: {lines[place + 1].strip()}" in html.unescape(report.read_text("utf-8"))
