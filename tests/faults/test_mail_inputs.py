"""Faults 15, 16, 37 to 39 and 46 of dossiers that send: what is asked before, and what then stands on the wire (I8)."""

import email
import email.policy
import re
import zipfile
from pathlib import Path

import pytest

from tests.faults.invariants import HEAD, stops
from tests.faults.mailed import DAY, SECRET, SEND, dossier, levels, mail_server, people, sent
from tests.reading.books import xlsx

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


def lines(*rows):
    return HEAD + "\n".join(rows) + "\n"


OWED = "VE | 2026-01-15 | DUPONT | F-DUPONT | 100.00 | | | 707"


def bank(day):
    return f"BQ | {day} | MARTIN | V1 | | 50.00 | | 512"


def headers(message):
    return email.message_from_bytes(message.data, policy=email.policy.default)


def test_15_a_ledger_that_ends_earlier_is_asked_about_before_e_mails(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        one.fec(lines(OWED, bank("2026-02-20")))
        sent(one)
        one.fec(lines(OWED, bank("2026-02-10")))
        later = "run --by email --as-of 2026-03-20"
        stops(one, 2, "20/02/2026", "10/02/2026", "--yes", command=later)
        before = one.tree()
        done = sent(one, command=later, answers="n\n")
        assert "20/02/2026" in done.stderr
        assert "10/02/2026" in done.stderr
        assert one.tree() == before
        assert len(server.messages) == 1
        sent(one, command=f"{later} --yes")
        assert len(server.messages) == 2


def test_16_an_old_bank_entry_is_said_first_and_asked_about_before_e_mails(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        one.fec(lines(OWED, bank("2026-01-20")))
        for command in (f"status {DAY}", f"check {DAY}", f"run --by email --dry-run {DAY}"):
            done = sent(one, command=command)
            assert "20/01/2026" in done.stdout + done.stderr, command
        before = one.tree()
        assert "20/01/2026" in sent(one, command=f"run --by email {DAY}", answers="n\n").stderr
        assert one.tree() == before
        assert server.connections == 0
        sent(one)
        report = (tmp_path / "output/2026-02-28-01/report.html").read_text(encoding="utf-8")
        assert "20/01/2026" in report[: report.index("<table")], "at the head"


@pytest.mark.parametrize(
    ("cell", "used"),
    [
        (" a@x.fr ; b@x.fr ", ["a@x.fr", "b@x.fr"]),
        ("a@x.fr, b@x.fr", ["a@x.fr", "b@x.fr"]),
        ("Compta <a@x.fr>", ["a@x.fr"]),
        ("a@x.fr; b@@x.fr", ["a@x.fr"]),
    ],
)
def test_37_several_addresses_and_names(tmp_path, cell, used):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", DUPONT=f'"{cell}"')
        done = sent(one)
        assert list(server.recipients) == used
        assert ("b@@x.fr" in done.stdout + done.stderr) == ("@@" in cell)


INJECTED = "Dupont\r\nBcc: voleur@x.fr"


@pytest.mark.parametrize("where", ["name", "email", "piece", "subject"])
def test_38_no_line_end_makes_a_header_or_a_recipient(tmp_path, where):
    """Excel and a quoted .csv keep line ends in a cell; so does a template with a value in its subject."""
    person = {"Client": "DUPONT", "Nom": "Dupont", "Email": "compta@dupont.fr", "Adresse 1": "1 rue Un",
              "Code postal": "75001", "Ville": "Paris"}  # fmt: skip
    person |= {
        "name": {"Nom": INJECTED},
        "subject": {"Nom": INJECTED},
        "email": {"Email": "a@x.fr\r\nBcc: voleur@x.fr"},
    }.get(where, {})
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        config = (tmp_path / "config.toml").read_text(encoding="utf-8").replace("customers.csv", "customers.xlsx")
        (tmp_path / "input/customers.csv").unlink()
        one.write("input/customers.xlsx", xlsx(tuple(person), tuple(person.values())))
        if where == "piece":
            head = ("Journal", "Date", "Compte", "Client", "Pièce", "Libellé", "Débit", "Crédit")
            one.write(
                "input/ledger.xlsx", xlsx(head, ("VE", "15/01/2026", 411000, "DUPONT", INJECTED, "Vente", 100, None))
            )
            config += '[ledger]\nfiles = ["input/ledger.xlsx"]\n'
        if where == "subject":
            template = (ROOT / "templates/fr/level1.md").read_text(encoding="utf-8")
            one.write("templates/fr/level1.md", re.sub("Subject: .*", "Subject: Pour {{ customer.name }}", template))
        one.write("config.toml", config)
        sent(one, 5 if where == "email" else 0)
        assert "voleur@x.fr" not in "".join(server.recipients)
        for message in server.messages:
            assert headers(message)["Bcc"] is None
            assert "\r\nBcc:" not in message.data.decode().split("\r\n\r\n", 1)[0]


def test_39_an_accented_domain_is_punycode_on_the_wire_and_an_accented_name_counts_as_none(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", "MARTIN", DUPONT="compta@société.fr", MARTIN="hervé@martin.fr")
        done = sent(one, 5)
        assert list(server.recipients) == ["compta@xn--socit-esab.fr"]
        assert "hervé@martin.fr" in sent(one, command=f"check {DAY}").stdout + done.stderr
    assert levels(one)["MARTIN"] == 0


@pytest.mark.parametrize("column", ["Relancer", "Suspendu jusqu'au"])
def test_46_a_customer_who_is_held_gets_no_e_mail_whatever_is_asked(tmp_path, column):
    held = {"Relancer": "non", "Suspendu jusqu'au": "31/12/2026"}[column]
    head, row = people("DUPONT").split("\n")
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        sent(one, command=f"plan {DAY}")
        table = f"{head} | {column} | Motif\n{row} | {held} | sauvegarde"
        one.write("input/customers.csv", table.replace(" | ", ";"))
        for more in (
            "",
            "--customer DUPONT",
            "--any-balance --min-amount 0",
            "--selection output/plan-2026-02-28.xlsx",
        ):
            done = one.run(f"--lang en {SEND} {more}")
            assert done.code in (0, 2, 4), done.stderr
        sent(one, command=f"run --by zip --yes {DAY}")
        assert server.messages == []
    assert levels(one).get("DUPONT", 0) == 0
    assert not [
        name
        for path in tmp_path.glob("output/*/letters.zip")
        for name in zipfile.ZipFile(path).namelist()
        if "DUPONT" in name
    ]
