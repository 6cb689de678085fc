"""What a person sees of e-mails: progress, the table at the end, the next step; report and history agree with the journal."""

import html
import json
import os
import re
from collections import Counter

import openpyxl
import pytest

from dunning_batch.state.journal import Journal
from dunning_batch.state.memory import fold
from tests.dossiers import clock
from tests.faults.mailed import DAY, SECRET, SEND, Victim, dossier, mail_server, results, sent

RUN = "2026-02-28-01"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    monkeypatch.setattr("dunning_batch.delivery.post._FIRST_DELAY", 0.05)
    monkeypatch.setattr("dunning_batch.delivery.post._RECONNECT_DELAY", 0.05)


def reply(line):
    return "550 5.1.1 unknown <user>" if "martin" in line else "451 4.3.0 later" if "leroy" in line else None


@pytest.fixture
def every(tmp_path):
    """A dossier whose run has every outcome, the server, and what was said."""
    names = ["DUPONT", "LEROY", "MARTIN", "MOREL", "PETIT", "ROUX"]
    with mail_server(replies={"RCPT": reply}, cut={"DOT": 2}) as server:
        one = dossier(tmp_path, server, *names, email="retries = 1", PETIT="")
        yield one, server, sent(one, 8, f"run --by auto --yes {DAY}")


def reported(one):
    """Customer -> recipient, result and reason as `report.html` shows them, in its order."""
    text = (one.root / "output" / RUN / "report.html").read_text(encoding="utf-8")
    rows = re.findall(r"(?s)<tr>(?:(?!</tr>).)*?\((\w+)\)</td>((?:(?!</tr>).)*?letters/(?:(?!</tr>).)*)</tr>", text)
    cells = {code: [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"(?s)<td[^>]*>(.*?)</td>", row)] for code, row in rows}
    return {code: (found[-3], *[*found[-1].split(": ", 1), ""][:2]) for code, found in cells.items()}


def remembered(one):
    """Customer -> result, as the journal has it."""
    run = fold(Journal(one.root / "output/journal.sqlite", "123456782", clock).events).runs[RUN]
    return {planned["customer"]: run.results[planned["id"]] for planned in run.reminders}


def history(one):
    """Customer -> the last row of the history: level, recipient and result."""
    rows = list(openpyxl.load_workbook(one.root / "output/levels.xlsx").worksheets[1].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if "Customer" in row)
    cells = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]
    return {row["Customer"]: (row["Level"], row["Recipient"], row["Result"]) for row in cells}


def agree(one, **expected):
    """Report, `run.json`, history and journal say the same of every reminder, and nothing of anybody else."""
    document = json.loads((one.root / "output" / RUN / "run.json").read_text())["reminders"]
    assert remembered(one) == expected
    assert {row["customer"]: row["result"] for row in document} == expected
    assert {code: result for code, (_, result, _) in reported(one).items()} == expected
    assert {code: result for code, (_, _, result) in history(one).items()} == expected
    assert {code: level for code, (level, _, _) in history(one).items()} == {
        code: 1 if result == "delivered" else 0 for code, result in expected.items()
    }
    by_document = {row["customer"]: row for row in document}
    for code, (recipient, _, reason) in reported(one).items():
        row = by_document[code]
        assert reason == (row["error"] or ""), code
        assert recipient == ("post" if row["channel"] == "zip" else row["recipient"]), code
        assert history(one)[code][1] == row["recipient"], code


FIRST = {"DUPONT": "delivered", "LEROY": "failed", "MARTIN": "refused", "MOREL": "uncertain", "PETIT": "delivered", "ROUX": "delivered"}


def test_report_history_and_journal_agree_to_the_row_before_and_after_resume(every):
    one, server, _ = every
    agree(one, **FIRST)
    sent(one, 8, "resume")
    agree(one, **FIRST)
    sent(one, 0, "resume --assume-sent all")
    agree(one, **FIRST | {"MOREL": "delivered"})
    assert reported(one)["MARTIN"][2] == "550 5.1.1 unknown <user>"
    assert reported(one)["LEROY"][2] == "451 4.3.0 later"
    assert Counter(server.recipients) == Counter(["compta@dupont.fr", "compta@morel.fr", "compta@roux.fr"])


@pytest.mark.parametrize(("order", "result"), [("--resend all", "delivered"), ("--drop", "skipped")])
def test_they_agree_whatever_a_person_decides(every, order, result):
    one, _, _ = every
    sent(one, 0, f"resume {order}")
    agree(one, **FIRST | {"MOREL": result})


def test_the_table_at_the_end_names_who_has_nothing_and_what_to_do(every):
    _, _, done = every
    told = [line for line in done.stdout.splitlines() if not line.startswith(("Report", "Letters to print"))]
    assert [re.sub(r", €[\d.,]+", "", line) for line in told] == [
        "1 letter uncertain",
        "  Morel: the connection broke after the whole message was handed over: nobody knows whether it was taken",
        "3 letters delivered",
        "1 letter refused",
        "  Martin: 550 5.1.1 unknown <user>",
        "1 letter failed",
        "  Leroy: 451 4.3.0 later",
        "Next: find out whether the uncertain ones arrived, then type dunning-batch resume.",
        "Next: correct the addresses that were refused; the next run makes these reminders again.",
        "Next: the next run tries again what has failed.",
    ]


def test_the_uncertain_one_stands_first_with_its_message_its_time_and_what_to_look_at(every):
    """Delivery model, 11."""
    one, _, done = every
    assert next(iter(reported(one))) == "MOREL"
    run = json.loads((one.root / "output" / RUN / "run.json").read_text())
    (row,) = [row for row in run["reminders"] if row["customer"] == "MOREL"]
    for said in (done.stderr, sent(one, 8, "resume").stderr):
        (line,) = [line for line in said.splitlines() if "Nobody knows" in line]
        assert re.search(rf"{re.escape(row['message_id'])} of \d\d/\d\d/\d{{4}}, \d\d:\d\d\.", line), line
        assert all(word in line for word in ("Sent folder", "copy to the archive", "ask the customer"))
        assert "resume --assume-sent MOREL" in line
        assert "--resend MOREL" in line


def test_what_waits_is_said_with_the_command_that_sends_it(tmp_path):
    with mail_server(replies={"MAIL": [None, "550 5.4.5 daily limit"]}) as server:
        one = dossier(tmp_path, server)
        done = sent(one, 7)
        assert "  Martin: not sent yet\n  Roux: not sent yet\n" in done.stdout
        assert done.stdout.rstrip().endswith("Next: type dunning-batch resume for what was not sent yet.")
        server.script.replies = {}
        done = sent(one, 0, "resume")
        assert "2 letters delivered" in done.stdout
        assert "Next" not in done.stdout
        assert "Not reminded" not in done.stdout


def test_a_dry_run_says_that_messages_are_made_and_that_nothing_failed(tmp_path):
    with mail_server() as server:
        one = dossier(tmp_path, server)
        done = sent(one, command=f"{SEND} --dry-run")
    assert "3 letters made" in done.stdout
    assert "failed" not in done.stdout
    report = (one.root / "output/dry-run" / RUN / "report.html").read_text()
    assert report.count("<td>made</td>") == 3
    assert "failed" not in report
    assert set(results(one, f"dry-run/{RUN}").values()) == {"skipped"}


@pytest.mark.skipif(os.name == "nt", reason="no such terminal")
@pytest.mark.parametrize("plain", [False, True])
def test_progress_is_shown_message_by_message_on_a_terminal_that_wants_it(tmp_path, monkeypatch, plain):
    import pty

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1") if plain else monkeypatch.delenv("NO_COLOR", raising=False)
    master, slave = pty.openpty()
    with mail_server() as server:
        one = dossier(tmp_path, server)
        code, _ = Victim(0).run(tmp_path, stderr=slave)
        os.close(slave)
        shown = b""
        while chunk := _read(master):
            shown += chunk
        os.close(master)
        assert code == 0
        assert len(server.messages) == 3
    assert one
    moved = [f"E-mails {number}/3".encode() in shown for number in (1, 2, 3)]
    assert moved == [not plain] * 3
    assert (b"\x1b" in shown) is False


def _read(descriptor):
    try:
        return os.read(descriptor, 4096)
    except OSError:  # all that was written has been read
        return b""
