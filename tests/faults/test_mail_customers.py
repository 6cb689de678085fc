"""Faults 35 to 41 by e-mail: what stands in the customers file, and where a message goes (I8), against a server with TLS."""

import email
import email.policy
from collections import Counter

import pytest

from tests.dossiers import make_dossier
from tests.faults.invariants import RUN, ok, state, stops
from tests.faults.mailed import DAY, SECRET, SEND, dossier, ledger, levels, mail_server, people, results, sent

AUTO = f"run --by auto --yes {DAY}"


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


def problems(one, command=f"status {DAY}"):
    return [problem for problem in state(one, command)["problems"] if problem["customer"]]


def decisions(one):
    """Customer -> what a run by e-mail alone decides."""
    found = sent(one, 5, f"{SEND} --format json").json
    return {item["customer"]: item["decision"] for item in found["items"]}


def test_35_without_an_address_by_email_is_no_channel_and_auto_goes_to_the_zip(tmp_path):
    """What fault 35 asks."""
    with mail_server() as server:
        one = dossier(tmp_path / "email", server, "DUPONT", "MARTIN", MARTIN="")
        assert decisions(one) == {"DUPONT": "remind", "MARTIN": "no_channel"}
        other = dossier(tmp_path / "auto", server, "DUPONT", "MARTIN", MARTIN="")
        sent(other, 0, AUTO)
        assert server.recipients == ["compta@dupont.fr"] * 2
    assert levels(one) == {"DUPONT": 1, "MARTIN": 0}
    assert levels(other) == {"DUPONT": 1, "MARTIN": 1}


@pytest.mark.parametrize("address", ["a@exemple", "a..b@x.fr", "a@x.fr.", "rené@x.fr"])
def test_36_39_an_invalid_address_is_listed_with_its_cell_and_counts_as_none_for_that_customer_only(tmp_path, address):
    """What fault 36 asks, and fault 39 of an accent before the @."""
    with mail_server() as server:
        one = dossier(tmp_path, server, MARTIN=address)
        (found,) = [problem for problem in problems(one) if address in problem["message"]]
        assert (found["customer"], found["file"], found["line"]) == ("MARTIN", "input/customers.csv", 3)
        done = ok(one, f"check {DAY}")
        said = done.stdout + done.stderr
        assert "customers.csv" in said
        assert address in said
        sent(one, 0, AUTO)
        assert Counter(server.recipients) == Counter(["compta@dupont.fr", "compta@roux.fr"])
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


@pytest.mark.parametrize(
    ("cell", "good", "bad"),
    [
        ("a@x.fr ; b@x.fr", ["a@x.fr", "b@x.fr"], None),
        ("  a@x.fr  ", ["a@x.fr"], None),
        ("Marie Roux <a@x.fr>; Paul <b@x.fr>", ["a@x.fr", "b@x.fr"], None),
        ("a@x.fr; b@@x.fr; c@x.fr", ["a@x.fr", "c@x.fr"], "b@@x.fr"),
        ("a@x.fr; A@x.fr", ["a@x.fr", "A@x.fr"], None),
    ],
)
def test_37_several_addresses_are_split_and_none_is_dropped_silently(tmp_path, cell, good, bad):
    """What fault 37 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server, "ROUX", ROUX=f'"{cell}"')
        assert [problem["message"] for problem in problems(one) if "customers.csv" in (problem["file"] or "")] == (
            [next(p["message"] for p in problems(one) if bad in p["message"])] if bad else []
        )
        sent(one)
        assert [message.recipients for message in server.messages] == [good]
        assert len(set(results(one).values())) == 1


BCC = "\r\nBcc: espion@x.fr"


@pytest.mark.parametrize("where", ["name", "address", "piece", "subject"])
def test_38_no_text_of_the_dossier_reaches_the_envelope(tmp_path, where):
    """What fault 38 asks: a line end and `Bcc:` in a name, an address, an invoice number or a subject."""
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", "ROUX")
        customers = (one.root / "input/customers.csv").read_text()
        one.write("templates/fr/level1.md", "Subject: {{ customer.name }} {{ items[0].reference }}\n\nBonjour {{ customer.name }}\n")
        if where == "name":
            one.write("input/customers.csv", customers.replace(";Roux;", f';"Roux{BCC}";'))
        elif where == "address":
            one.write("input/customers.csv", customers.replace("compta@roux.fr", f'"compta@roux.fr{BCC}"'))
        elif where == "subject":
            one.write("templates/fr/level1.md", "Subject: Rappel {{ '\r\nBcc: espion@x.fr' }}\n\nBonjour\n")
        else:
            one.fec(ledger("DUPONT", "ROUX").replace("F-ROUX", "F-ROUX Bcc: espion@x.fr"))
        done = one.run(f"--lang en {AUTO}")
        assert done.code in (0, 3)
        assert done.code == 0 or where == "subject"
        assert set(server.recipients) <= {"compta@dupont.fr", "compta@roux.fr"}
        assert ("compta@roux.fr" in server.recipients) == (where in ("name", "piece") or (where == "subject" and done.code == 0))
        assert "espion" not in "".join(line for line in server.log if line.upper().startswith(("MAIL", "RCPT")))
        for message in server.messages:
            assert email.message_from_bytes(message.data, policy=email.policy.default)["Bcc"] is None


def test_39_an_accented_domain_goes_over_the_wire_as_punycode(tmp_path):
    """What fault 39 asks."""
    with mail_server() as server:
        sent(dossier(tmp_path, server, "ROUX", ROUX="marie@société-roux.fr"))
        assert server.recipients == ["marie@xn--socit-roux-e7ab.fr"]
        assert b"To: Roux <marie@xn--socit-roux-e7ab.fr>\r\n" in server.messages[0].data


CUSTOMERS = ["DUPONT", "MARTIN", "ROUX", "LEROY", "PETIT"]


def test_40_five_customers_of_different_names_at_one_address_are_asked_about_and_four_are_not(tmp_path):
    """What fault 40 asks."""
    with mail_server() as server:
        four = dossier(tmp_path / "four", server, *CUSTOMERS, **dict.fromkeys(CUSTOMERS[:4], "marie@maison.fr"))
        assert "is the address of" not in sent(four).stderr
        five = dossier(tmp_path / "five", server, *CUSTOMERS, **dict.fromkeys(CUSTOMERS, "marie@maison.fr"))
        before = server.connections
        said = stops(five, 2, "--yes", command=f"run --by email {DAY}").stderr
        assert "marie@maison.fr is the address of 5 customers of different names (" in said
        assert all(name in said for name in CUSTOMERS)
        done = sent(five, command=f"run --by email {DAY}", answers="n\n")
        assert "Nothing was done" in done.stderr
        assert server.connections == before
        sent(five, command=f"run --by zip {DAY}")  # paper goes where the address of the post says
        assert server.connections == before


@pytest.mark.parametrize(
    ("address", "config"),
    [("moi@Atelier-Exemple.fr", ""), ("x@example.com", ""), ("x@mail.example.org", ""), ("x@maison-mere.fr", 'email = "contact@maison-mere.fr"')],
)
def test_41_an_address_of_nobody_is_asked_about_with_the_list(tmp_path, address, config):
    """What fault 41 asks: the creditor's own domain, that of the accountant who sends, domains of examples."""
    with mail_server() as server:
        one = dossier(tmp_path, server, DUPONT=address)
        text = (one.root / "config.toml").read_text().replace("[creditor]", f"[creditor]\n{config}")
        one.write("config.toml", text)
        said = stops(one, 2, "--yes", command=f"run --by email {DAY}").stderr
        assert f"{address.rpartition('@')[0]}@{address.rpartition('@')[2]} is at your own domain or at one of examples" in said
        assert said.count("is at your own domain") == 1
        sent(one, command=f"run --by email {DAY}", answers="n\n")
        assert server.connections == 0


def test_35_41_a_run_for_the_post_asks_nothing_of_addresses(tmp_path):
    """Of fault 40 and fault 41, zip and drafts go on with the warning (fault 35)."""
    one = make_dossier(tmp_path, ledger("DUPONT"), "", people("DUPONT", DUPONT="x@example.com"))
    ok(one, RUN)
    assert levels(one) == {"DUPONT": 1}
