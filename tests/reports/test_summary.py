"""What a run tells on the screen."""

import pytest

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
