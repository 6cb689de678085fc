"""Faults 35, 40, 41, 73 to 90c, 95, 116, 119, 120, 124 through the command line, against a scripted server with TLS."""

import base64
import json
from collections import Counter

import pytest

from tests.dossiers import make_dossier
from tests.faults.invariants import stops
from tests.faults.mailed import DAY, SECRET, SEND, dossier, ledger, levels, mail_server, past, people, results, sent

RESUME = "resume"
ADDRESSES = {"DUPONT": "compta@dupont.fr", "MARTIN": "compta@martin.fr", "ROUX": "compta@roux.fr"}


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    monkeypatch.setattr("dunning_batch.delivery.post._FIRST_DELAY", 0.05)
    monkeypatch.setattr("dunning_batch.delivery.post._RECONNECT_DELAY", 0.05)


def only(recipients):
    return lambda line: None if any(one in line for one in recipients) else "550 5.1.1 unknown"


def test_everybody_gets_one_message_and_rises(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one)
        assert Counter(server.recipients) == Counter(ADDRESSES.values())
        assert server.connections == 1
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
    assert set(results(one).values()) == {"delivered"}
    stored = {path.read_bytes() for path in (tmp_path / "output" / "2026-02-28-01" / "messages").iterdir()}
    assert stored == {message.data for message in server.messages}
    assert not (tmp_path / "output" / "2026-02-28-01" / "letters.zip").exists()
    assert past(one, "Recipient") == {code: [address] for code, address in ADDRESSES.items()}
    assert all(cells[0].endswith("@atelier-exemple.fr>") for cells in past(one, "Reference").values())


def test_91_again_at_once_sends_nothing(tmp_path):
    """What fault 91 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one)
        sent(one)
        assert len(server.messages) == 3


def test_the_next_reminder_answers_the_one_before(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT")
        sent(one)
        sent(one, command="run --by email --yes --as-of 2026-03-20")
        first, second = (message.data.decode() for message in server.messages)
    identity = next(line for line in first.split("\r\n") if line.startswith("Message-ID: ")).split()[1]
    assert f"In-Reply-To: {identity}\r\n" in second
    assert levels(one) == {"DUPONT": 2}


def test_35_without_an_address_auto_goes_to_the_zip_and_email_is_no_channel(tmp_path):
    """What fault 35 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", "MARTIN", MARTIN="")
        found = sent(one, command=f"run --by auto --yes {DAY} --format json").json
        assert {r["customer"]: (r["channel"], r["result"]) for r in found["reminders"]} == {
            "DUPONT": ("email", "delivered"), "MARTIN": ("zip", "delivered"),
        }  # fmt: skip
        assert server.recipients == ["compta@dupont.fr"]
        folder = tmp_path / "output" / "2026-02-28-01"
        assert (folder / "letters.zip").exists()
        assert (folder / "print.pdf").exists()
        other = dossier(tmp_path / "other", server, "DUPONT", "MARTIN", MARTIN="")
        sent(other, 5)
        assert levels(other) == {"DUPONT": 1, "MARTIN": 0}


def test_40_41_strange_addresses_are_said_before_anything_is_sent(tmp_path):
    """What fault 40 and fault 41 ask."""
    names = ["DUPONT", "MARTIN", "ROUX", "LEROY", "PETIT", "MOREL"]
    emails = dict.fromkeys(names[:5], "marie@dupont.fr") | {"MOREL": "moi@atelier-exemple.fr"}
    with mail_server() as server:
        one = dossier(tmp_path, server, *names, **emails)
        done = sent(one, command=f"run --by email {DAY}", answers="n\n")
        assert "marie@dupont.fr is the address of 5 customers" in done.stderr
        assert "moi@atelier-exemple.fr is at your own domain" in done.stderr
        assert server.connections == 0
    assert not (tmp_path / "output" / "2026-02-28-01").exists()


def test_no_terminal_and_no_yes_sends_nothing(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        stops(one, 2, "--yes", command=f"run --by email {DAY}")
        assert server.connections == 0


def test_119_the_question_names_sender_server_and_number(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        done = sent(one, command=f"run --by email {DAY}", answers="n\n")
        for word in ("3 messages", "compta@atelier-exemple.fr", "localhost", "Go on?"):
            assert word in done.stderr
        assert server.connections == 0
        sent(one, command=f"run --by email {DAY}", answers="y\n")
        assert len(server.messages) == 3


def test_120_more_letters_than_allowed(tmp_path):
    """What fault 120 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server, config="[dunning]\nmax_letters = 2\n")
        stops(one, 2, "--max-letters 3", command=SEND)
        assert server.connections == 0
        sent(one, command=f"{SEND} --max-letters 3")


def test_the_server_and_the_sender_must_be_named(tmp_path):
    one = make_dossier(tmp_path, ledger("DUPONT"), "", people("DUPONT"))
    stops(one, 3, "[email] sender", command=SEND)
    one = make_dossier(tmp_path / "b", ledger("DUPONT"), '[email]\nsender = "a@x.fr"\n', people("DUPONT"))
    stops(one, 3, "[email] host", command=SEND)
    one = make_dossier(tmp_path / "c", ledger("DUPONT"), '[email]\nsender = "a@x.fr"\nhost = "x.fr"\n', people("DUPONT"))
    stops(one, 3, "[email] username", command=SEND)


def test_77_no_password(tmp_path, monkeypatch):
    """What fault 77 asks."""
    monkeypatch.delenv("DUNNING_SMTP_PASSWORD")
    with mail_server() as server:
        stops(dossier(tmp_path, server), 7, "DUNNING_SMTP_PASSWORD", command=SEND)
        assert server.connections == 0


@pytest.mark.parametrize(
    "script",
    [
        {"tls": "none"}, {"certificate": "expired"}, {"replies": {"STARTTLS": "454 no"}}, {"silent": ("EHLO",)},
        {"replies": {"AUTH": "535 5.7.139 disabled"}}, {"replies": {"HELLO": "554 no"}}, {"cut": {"AUTH": 1}},
    ],
)  # fmt: skip
def test_73_to_77_a_server_that_cannot_be_used_changes_nothing(tmp_path, script):
    """What fault 73, fault 74, fault 75, fault 76 and fault 77 ask."""
    with mail_server(**script) as server:
        one = dossier(tmp_path, server)
        if server.script.tls == "none":
            one.write("config.toml", (one.root / "config.toml").read_text().replace('"none"', '"starttls"'))
        stops(one, 7, "localhost", command=SEND)
        assert "MAIL" not in server.verbs()
        server.script.certificate, server.script.silent = "good", ()
        server.script.replies, server.script.cut = {}, {}
        if server.script.tls == "none":
            return
        sent(one)
        assert Counter(server.recipients) == Counter(ADDRESSES.values())
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


@pytest.mark.parametrize("mechanism", ["AUTH PLAIN", "AUTH LOGIN"])
def test_116_the_password_appears_nowhere(tmp_path, mechanism):
    """What fault 116 asks."""
    def echo(line):
        return f"535 5.7.8 {line.split()[-1]} {SECRET} refused {'x' * 200} {SECRET}"

    with mail_server(features=(mechanism,), replies={"AUTH": echo}) as server:
        one = dossier(tmp_path, server)
        done = one.run(f"-v --lang en {SEND}")
        assert done.code == 7
    shown = done.stdout + done.stderr
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for form in (SECRET[:10], base64.b64encode(SECRET.encode()).decode(),
                 base64.b64encode(f"\0compta\0{SECRET}".encode()).decode()):  # fmt: skip
        assert form not in shown
        assert form.encode() not in files


def test_81_unknown_user_is_refused_and_counts_as_none_until_it_is_changed(tmp_path):
    """What fault 81 asks."""
    with mail_server(replies={"RCPT": only(["dupont", "roux"])}) as server:
        one = dossier(tmp_path, server)
        done = sent(one, 5)
        assert "550 5.1.1" in done.stderr
        assert results(one) == {"DUPONT": "delivered", "MARTIN": "refused", "ROUX": "delivered"}
        assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 1}
        server.script.replies = {}
        again = f"run --by email --yes {DAY}"
        done = sent(one, 5, again)
        assert "compta@martin.fr" in done.stderr
        assert len(server.messages) == 2
        one.write("input/customers.csv", (tmp_path / "input/customers.csv").read_text().replace("compta@martin", "info@martin"))
        sent(one, 0, again)
        assert server.recipients[-1] == "info@martin.fr"
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


def test_82_one_of_several_addresses_refused(tmp_path):
    """What fault 82 asks."""
    with mail_server(replies={"RCPT": only(["good@", "archive@"])}) as server:
        one = dossier(tmp_path, server, "DUPONT", email='bcc = ["archive@x.fr"]', DUPONT="bad@dupont.fr, good@dupont.fr")
        done = sent(one)
        assert "bad@dupont.fr was not taken" in done.stderr
        assert server.recipients == ["good@dupont.fr", "archive@x.fr"]
        assert b"archive@x.fr" not in server.messages[0].data
    assert levels(one) == {"DUPONT": 1}


def test_80_greylisting_is_waited_out_and_a_failure_is_one_letter_s(tmp_path):
    """What fault 80 asks."""
    tried = Counter()

    def reply(line):
        tried[line] += 1
        if "martin" in line and tried[line] == 1:
            return "450 4.2.0 greylisted"
        return "451 4.3.0 no" if "roux" in line else None

    with mail_server(replies={"RCPT": reply}) as server:
        one = dossier(tmp_path, server, email="retries = 1")
        sent(one, 5)
        assert Counter(server.recipients) == Counter(["compta@dupont.fr", "compta@martin.fr"])
    assert results(one) == {"DUPONT": "delivered", "MARTIN": "delivered", "ROUX": "failed"}
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 0}


def test_83_too_large_for_the_server_is_that_reminder_only(tmp_path):
    """What fault 83 asks."""
    with mail_server(features=("SIZE 1000", "AUTH PLAIN")) as server:
        one = dossier(tmp_path, server)
        sent(one, 5)
        assert "MAIL" not in server.verbs()
    assert set(results(one).values()) == {"refused"}


def test_84_a_quota_stops_and_resume_goes_on_next_day(tmp_path):
    """What fault 84 asks."""
    with mail_server(replies={"MAIL": [None, "550 5.4.5 daily limit"]}) as server:
        one = dossier(tmp_path, server)
        done = sent(one, 7)
        assert "resume tomorrow" in done.stderr
        assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 0}
        stops(one, 6, "resume", command=SEND)
        sent(one, 0, RESUME)
        assert Counter(server.recipients) == Counter(ADDRESSES.values())
        sent(one, 0, RESUME)
        sent(one, 0)
        assert len(server.messages) == 3
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
    assert set(results(one).values()) == {"delivered"}


def test_84_dropped_the_rest_is_not_sent_and_may_be_by_the_next_run(tmp_path):
    """What fault 84 asks."""
    with mail_server(replies={"MAIL": [None, "550 5.4.5 daily limit"]}) as server:
        one = dossier(tmp_path, server)
        sent(one, 7)
        sent(one, 0, "resume --drop")
        assert len(server.messages) == 1
        assert results(one) == {"DUPONT": "delivered", "MARTIN": "skipped", "ROUX": "skipped"}
        sent(one)
        assert Counter(server.recipients) == Counter(ADDRESSES.values())


def test_85_content_refused_for_all_stops_after_five(tmp_path):
    """What fault 85 asks."""
    names = [f"CLIENT{n}" for n in range(8)]
    with mail_server(replies={"DOT": "554 5.6.0 spam"}) as server:
        one = dossier(tmp_path, server, *names)
        done = sent(one, 7)
        assert "5 messages in a row" in done.stderr
        assert server.verbs().count("DATA") == 5
    assert set(levels(one).values()) == {0}


def test_86_cut_after_the_dot_is_uncertain_until_a_person_says(tmp_path):
    """What fault 86 asks."""
    with mail_server(cut={"DOT": 2}) as server:
        one = dossier(tmp_path, server)
        done = sent(one, 8)
        assert "Nobody knows whether Martin has" in done.stderr
        assert Counter(server.recipients) == Counter(ADDRESSES.values())
        assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 1}
        assert results(one)["MARTIN"] == "uncertain"
        stops(one, 6, "resume", command=SEND)
        found = sent(one, 0, f"status {DAY} --format json").json
        assert {i["customer"]: i["decision"] for i in found["items"]}["MARTIN"] == "delivery_uncertain"
        before = one.tree()["output/levels.xlsx"]
        assert "Nobody knows whether Martin has" in sent(one, 8, RESUME).stderr
        assert len(server.messages) == 3
        assert before
        sent(one, 2, "resume --assume-sent DUPONT")
        sent(one, 0, "resume --assume-sent MARTIN")
        assert len(server.messages) == 3
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
    assert set(results(one).values()) == {"delivered"}
    assert past(one, "Result")["MARTIN"] == ["uncertain", "delivered"]


def test_86_sent_again_it_is_the_same_message(tmp_path):
    """What fault 86 asks."""
    with mail_server(cut={"DOT": 2}) as server:
        one = dossier(tmp_path, server)
        sent(one, 8)
        sent(one, 0, "resume --resend all")
        martin = [message.data for message in server.messages if message.recipients == ["compta@martin.fr"]]
        assert len(martin) == 2
        assert martin[0] == martin[1]
        assert len(server.messages) == 4
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


def test_109_a_level_written_while_nobody_knew_stays(tmp_path):
    """What fault 109 asks."""
    with mail_server(cut={"DOT": 2}) as server:
        one = dossier(tmp_path, server)
        assert one.run(SEND).code == 8  # in French, so that the workbook is
        one.edit("F-MARTIN", Niveau=3)
        done = one.run("resume --assume-sent all")
        assert done.code == 0
        assert "Le niveau de F-MARTIN a été modifié depuis ce lot" in done.stderr.replace("\xa0", " ")
    assert levels(one) == {"DUPONT": 1, "MARTIN": 3, "ROUX": 1}
    rows = [(row["Niveau avant"], row["Niveau"], row["Résultat"]) for row in one.sheet("Historique") if row["Client"] == "MARTIN"]
    assert [row[:2] for row in rows] == [(0, 0), (0, 3), (0, 1)]
    assert str(one.sheet()[1]["Dernière relance"])[:10] == "2026-02-28"


def test_86_given_up_it_may_be_sent_anew(tmp_path):
    """What fault 86 asks."""
    with mail_server(cut={"DOT": 2}) as server:
        one = dossier(tmp_path, server)
        sent(one, 8)
        sent(one, 0, "resume --drop")
        assert levels(one)["MARTIN"] == 0
        sent(one)
        assert len(server.messages) == 4
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}


def test_88_cut_after_the_reply_is_delivered(tmp_path):
    """What fault 88 asks."""
    with mail_server(cut={"AFTER": 3}) as server:
        sent(dossier(tmp_path, server))
        assert len(server.messages) == 3


def test_90_the_name_given_is_the_sender_s_domain(tmp_path):
    """What fault 90 asks."""
    with mail_server() as server:
        sent(dossier(tmp_path, server))
        assert server.log[0] == "ehlo atelier-exemple.fr"


def test_90b_redirected_everything_goes_to_one_address_and_nothing_changes(tmp_path):
    """What fault 90b asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server, email='bcc = ["archive@x.fr"]')
        before = {name: data for name, data in one.tree().items() if "dry-run" not in name}
        sent(one, command=f"{SEND} --redirect-to moi@x.fr")
        assert [message.recipients for message in server.messages] == [["moi@x.fr"]] * 3
        assert b"Subject: =?utf-8?b?W2NvbXB0YUBkdXBvbnQuZnJd" in server.messages[0].data
        assert {name: data for name, data in one.tree().items() if "dry-run" not in name} == before
        sent(one)
        assert Counter(server.recipients[3:]) == Counter([*ADDRESSES.values(), *["archive@x.fr"] * 3])
    identities = [next(x for x in m.data.split(b"\r\n") if x.startswith(b"Message-ID")) for m in server.messages]
    assert len(set(identities)) == 6


@pytest.mark.parametrize("more", ["--by zip", "--by drafts", "--by email --dry-run"])
def test_90b_redirection_needs_a_run_that_sends(tmp_path, more):
    """What fault 90b asks."""
    with mail_server() as server:
        stops(dossier(tmp_path, server), 2, "--redirect-to", command=f"run {more} --yes {DAY} --redirect-to moi@x.fr")


@pytest.mark.parametrize("by", ["email", "auto", "drafts"])
def test_90c_a_dry_run_sees_no_server(tmp_path, by):
    """What fault 90c asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        before = one.tree()
        done = sent(one, command=f"run --by {by} --yes {DAY} --dry-run")
        assert server.connections == 0
        changed = {name for name, data in one.tree().items() if before.get(name) != data}
        assert changed
        assert all(name.startswith("output/dry-run/") for name in changed)
        assert "delivered" not in done.stdout.replace("nothing was delivered", "")
        sent(one, command=f"run --by {by} --yes {DAY}")
        kind = "drafts" if by == "drafts" else "messages"
        names = [{path.name for path in (tmp_path / "output" / place / "2026-02-28-01" / kind).iterdir()} for place in ("", "dry-run")]
        assert names[0] == names[1]


def test_124_drafts_are_delivered_when_they_are_written(tmp_path):
    """What fault 124 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        done = sent(one, command=f"run --by drafts {DAY}")
        assert server.connections == 0
    folder = tmp_path / "output" / "2026-02-28-01" / "drafts"
    assert {path.name for path in folder.iterdir()} == {"DUPONT-1.eml", "MARTIN-1.eml", "ROUX-1.eml"}
    assert all(b"X-Unsent: 1\r\n" in path.read_bytes() for path in folder.iterdir())
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
    assert str(folder) in done.stdout


def test_96_97_what_waits_goes_as_it_was_written_less_what_was_paid_or_moved_since(tmp_path):
    """What fault 96 and fault 97 ask."""
    with mail_server(replies={"MAIL": "550 5.4.5 daily limit"}) as server:
        one = dossier(tmp_path, server)
        sent(one, 7)
        stored = (tmp_path / "output" / "2026-02-28-01" / "messages" / "ROUX-1.eml").read_bytes()
        one.fec(ledger("DUPONT", "MARTIN", "ROUX") + "\nBQ | 2026-02-27 | DUPONT | V1 | | 100.00 | | 512")
        customers = (tmp_path / "input/customers.csv").read_text()
        one.write("input/customers.csv", customers.replace("compta@martin", "info@martin"))
        one.write("templates/fr/level1.md", "Subject: Autre\n\nAutre\n")
        server.script.replies = {}
        done = sent(one, 0, RESUME)
        assert [message.data for message in server.messages] == [stored]
        assert done.stderr.count("withdrawn") == 2
    assert results(one) == {"DUPONT": "skipped", "MARTIN": "skipped", "ROUX": "delivered"}
    assert levels(one)["ROUX"] == 1


def test_a_stored_message_that_was_changed_is_never_sent(tmp_path):
    with mail_server(replies={"MAIL": "550 5.4.5 daily limit"}) as server:
        one = dossier(tmp_path, server)
        sent(one, 7)
        one.write("output/2026-02-28-01/messages/ROUX-1.eml", b"To: everybody\r\n")
        server.script.replies = {}
        sent(one, 0, RESUME)
        assert Counter(server.recipients) == Counter(["compta@dupont.fr", "compta@martin.fr"])


def test_several_connections_through_the_command_line(tmp_path):
    names = [f"CLIENT{n}" for n in range(12)]
    with mail_server() as server:
        one = dossier(tmp_path, server, *names, email="connections = 3")
        sent(one)
        assert len(server.messages) == 12
    assert set(levels(one).values()) == {1}


def test_the_journal_of_a_run_with_messages_adds_up(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one)
    found = json.loads((tmp_path / "output/2026-02-28-01/run.json").read_text())
    assert all(reminder["message_id"] for reminder in found["reminders"])
    done = sent(one, command="undo")
    assert done.stderr.count("cannot be taken back") == 3
    assert levels(one) == {"DUPONT": 0, "MARTIN": 0, "ROUX": 0}


def test_69_103_the_workbook_changed_while_messages_left(tmp_path):
    """What fault 69 and fault 103 ask."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one)
        march = "run --by email --yes --as-of 2026-03-20"
        workbook = tmp_path / "output/levels.xlsx"
        before = workbook.read_bytes()
        server.script.on["DOT"] = lambda: workbook.write_bytes(before + b"\0")
        done = sent(one, 9, march)
        assert "levels.new-" in done.stderr
        server.script.on.clear()
        workbook.write_bytes(before)
        stops(one, 6, "resume", command=march)
        sent(one, 0, "resume")
        assert len(server.messages) == 6
    assert levels(one) == {"DUPONT": 2, "MARTIN": 2, "ROUX": 2}
    assert not list((tmp_path / "output").glob("levels.new-*"))


def test_zip_and_e_mail_in_one_run_that_is_stopped(tmp_path):
    with mail_server(replies={"MAIL": "550 5.4.5 daily limit"}) as server:
        one = dossier(tmp_path, server, MARTIN="")
        sent(one, 7, f"run --by auto --yes {DAY}")
        assert levels(one) == {"DUPONT": 0, "MARTIN": 1, "ROUX": 0}
        server.script.replies = {}
        sent(one, 0, "resume")
        assert Counter(server.recipients) == Counter(["compta@dupont.fr", "compta@roux.fr"])
    assert levels(one) == {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
    assert set(results(one).values()) == {"delivered"}
