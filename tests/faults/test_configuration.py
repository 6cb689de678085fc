"""Faults 47 to 56 of the configuration and the templates, and what a stranger's configuration may not do (119)."""

import random

import pytest

from tests.dossiers import CREDITOR, make_dossier
from tests.faults.invariants import DAY, GOOD, RUN, clean, levels, ok, recovers, stops, stops_everywhere

TEMPLATE = "templates/fr/level1.md"


def refuses_then_recovers(folder, config, *words, creditor=CREDITOR):
    dossier = make_dossier(folder, fec=GOOD)
    path = dossier.root / "config.toml"
    path.write_bytes(config if isinstance(config, bytes) else f"{creditor}\n{config}".encode())
    stops_everywhere(dossier, 3, *words)
    recovers(dossier, lambda: dossier.configure(""))


def test_47_no_configuration(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    (tmp_path / "config.toml").unlink()
    stops_everywhere(dossier, 3, "config.toml", "init")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbf" + CREDITOR.encode(), ["1", "BOM"]),
        (CREDITOR.replace("Atelier", "Crédit").encode("cp1252"), ["config.toml:3", "UTF-8"]),
        ((CREDITOR + 'logo = "C:\\Users\\Marie"').encode(), ["config.toml:7", "single quotes"]),
        ((CREDITOR + "[filters]\nmin_amount = 0,10").encode(), ["config.toml:8", "column"]),
        ((CREDITOR + "[filters]\npositive_balance = True").encode(), ["config.toml:8", "lower case"]),
        ((CREDITOR + 'siren = "123456782"').encode(), ["config.toml:7", "siren", "twice"]),
        (b"\x00\x01\x02", ["config.toml:1"]),
    ],
)
def test_47_what_cannot_be_read(tmp_path, data, words):
    refuses_then_recovers(tmp_path, data, *words)


def test_48_every_problem_at_once(tmp_path):
    text = '[dunning]\nmax_leters = 5\n[filtres]\nmin_amount = "1.00"\n'
    refuses_then_recovers(tmp_path, text, "max_letters", "filters")


@pytest.mark.parametrize("key", ["password", "smtp_password", "secret", "token"])
def test_49_a_password_is_refused_and_shown_nowhere(tmp_path, key):
    dossier = make_dossier(tmp_path, fec=GOOD, config=f'[email]\n{key} = "hunter2!"\n')
    for command in (RUN, f"check {DAY}", f"status {DAY} --format json"):
        done = stops(dossier, 3, key, command=command)
        assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[filters]\nlast_levels = [7]", "last_levels"),
        ('[ledger]\ntolerance = "-1.00"', "tolerance"),
        ('[ledger]\naccounting = "cash"', "accounting"),
        ("[dunning]\nlevels = []", "levels"),
        ('[[dunning.levels]]\nname="A"\ntemplate="level1"\nmin_days_overdue=30\n[[dunning.levels]]\nname="B"\ntemplate="level2"\nmin_days_overdue=1', "order"),
        ('[email]\nhost = "mail.exemple.fr"\nsecurity = "none"', "security"),
        ('[email]\nhost = "mail.exemple.fr"\nport = 465', "465"),
    ],
)  # fmt: skip
def test_50_contradictions(tmp_path, text, word):
    refuses_then_recovers(tmp_path, text, word)


@pytest.mark.parametrize(
    "text",
    [
        "Subject: A\n\n{{ custmer.name }}", "Subject: A\n\n{{ customer.nmae }}", "Subject: A\n\n{% if x %}", "Subject: A\n\n{{ 1 / 0 }}",
        "Subject: A\n\n{{ totals.due | moneyy }}", "No subject\n\ntext", "Subject: A\n\n{% include '/etc/passwd' %}",
        "Subject: A\n\n{{ ''.__class__.__mro__ }}", "Subject: A\n\n{{ cycler.__init__.__globals__.os }}",
        "Subject: A\n\n{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}", "Subject: A\n\n{{ 'a' * 10**9 }}",
    ],
)  # fmt: skip
def test_51_52_53_54_a_wrong_template_stops_before_anything(tmp_path, text):
    dossier = make_dossier(tmp_path, fec=GOOD, files={TEMPLATE: text})
    for command in (RUN, f"check {DAY}"):
        stops(dossier, 3, "level1.md", command=command)
    recovers(dossier, (tmp_path / TEMPLATE).unlink)


def test_51_52_a_template_in_another_encoding(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD, files={TEMPLATE: "Subject: Relevé\n\nété".encode("cp1252")})
    for command in (RUN, f"check {DAY}"):
        stops(dossier, 3, "level1.md", command=command)
    recovers(dossier, (tmp_path / TEMPLATE).unlink)


def test_56_what_a_run_was_made_from_is_recorded(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD, files={TEMPLATE: "Subject: A\n\nBonjour"})
    ok(dossier)
    recorded = (tmp_path / "output/journal.sqlite").read_bytes()
    for name in (b"config.toml", b"123456782FEC20261231.txt", b"level1.md"):
        assert name in recorded


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('iban = "FR7630006000011234567890188"', "iban"),
        ('siren = "123456789"', "siren"),
        ('vat = "FR00123456782"', "vat"),
        ('bic = "X"', "bic"),
    ],
)
def test_51_an_invalid_number_of_the_creditor(tmp_path, line, word):
    kept = "".join(one + "\n" for one in CREDITOR.splitlines() if not one.startswith(word))
    refuses_then_recovers(tmp_path, "", "config.toml", word, creditor=f"{kept}{line}\n")


@pytest.mark.parametrize("template", ["/etc/passwd", "../../config", "C:\\x", "a/b"])
def test_119_a_template_outside_the_dossier(tmp_path, template):
    refuses_then_recovers(tmp_path, f"[[dunning.levels]]\nname = 'A'\ntemplate = '{template}'\n", "template")


@pytest.mark.parametrize("folder", ["/etc", "/usr/lib/x", "/", "input", "input/out", "."])
def test_65_119_an_output_folder_that_must_not_be(tmp_path, folder):
    """What fault 65 asks."""
    refuses_then_recovers(tmp_path, f'[output]\nfolder = "{folder}"\nlevels = "{folder}/levels.xlsx"\n', "output")


def test_119_a_run_says_in_whose_name_how_many_and_how_much_and_asks(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    before = dossier.tree()
    done = ok(dossier, f"run --by zip {DAY}", answers="n\n")
    for word in ("Atelier Exemple SARL", "2 letters", "1,240.00"):
        assert word in done.stderr
    assert dossier.tree() == before
    ok(dossier, f"run --by zip {DAY}", answers="y\n")
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_119_an_output_outside_the_dossier_is_named_in_the_question(tmp_path):
    outside = tmp_path / "ailleurs"
    config = f'[output]\nfolder = "{outside}"\nlevels = "{outside}/levels.xlsx"\n'
    dossier = make_dossier(tmp_path / "dossier", fec=GOOD, config=config)
    assert str(outside) in ok(dossier, f"run --by zip {DAY}", answers="n\n").stderr


def test_120_more_letters_than_allowed(tmp_path):
    """What fault 120 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD, config="[dunning]\nmax_letters = 1\n")
    stops(dossier, 2, "--max-letters 2")
    before = dossier.tree()
    ok(dossier, f"run --by zip {DAY}", answers="y\n")
    assert dossier.tree() == before
    ok(dossier, f"{RUN} --max-letters 2")
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_120_the_number_is_typed(tmp_path):
    """What fault 120 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD, config="[dunning]\nmax_letters = 1\n")
    ok(dossier, f"run --by zip {DAY}", answers="2\n")
    assert levels(dossier) == {"F001": 1, "F002": 1}


def test_120_a_total_that_has_grown_is_said(tmp_path):
    """What fault 120 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.fec(GOOD + "VE | 2026-01-20 | PETIT | F009 | 90000.00 | | | 707\n")
    done = ok(dossier, "run --by zip --as-of 2026-03-20", answers="n\n")
    assert "1,240.00" in done.stderr


LEVEL = """
[[dunning.levels]]
name = "Relance"
template = "level1"
show_penalties = {shown}
"""


def test_126_a_missing_half_year_stops_before_any_letter(tmp_path):
    customers = "Client | Nom | Type\nDUPONT | Dupont | professionnel\n"
    dossier = make_dossier(tmp_path, fec=GOOD, config=LEVEL.format(shown="true"), customers=customers)
    stops(dossier, 3, "2030-S1", command="run --by zip --yes --as-of 2030-02-28")
    config = LEVEL.format(shown="false") + '[customers]\nfile = "input/customers.csv"\n'
    dossier.configure(config)
    ok(dossier, "run --by zip --yes --as-of 2030-02-28")


@pytest.mark.parametrize("seed", range(40))
def test_34_flipped_bytes_and_cuts_of_a_configuration(tmp_path, seed):
    chance = random.Random(seed)
    dossier = make_dossier(tmp_path, fec=GOOD, config='[dunning]\nmax_letters = 5\n[filters]\nmin_amount = "1.00"\n')
    data = bytearray((tmp_path / "config.toml").read_bytes())
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    dossier.write("config.toml", bytes(data))
    assert clean(dossier.run(f"--lang en status {DAY}")).code in (0, 3, 4), seed
