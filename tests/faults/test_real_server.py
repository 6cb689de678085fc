"""Issue 6, point 3: a real Postfix takes, defers and refuses 200 reminders; its queue and log agree with the journal.

Each message of the journal is held against the mailboxes, the queue and the log of the server. Skipped where there is
no Postfix, with the reason (`apt-get install postfix sasl2-bin libsasl2-modules`, and root to start it).
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from dunning_batch.state.journal import Journal
from dunning_batch.state.memory import fold
from tests.delivery.postfix import Postfix, lacking
from tests.dossiers import clock
from tests.faults.invariants import stops
from tests.faults.mailed import SECRET, SEND, dossier, levels, past, sent

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())

# How many customers of each kind; the kind is the local part of their address, and says what the server does.
KINDS = {"ok": 156, "grey": 12, "busy": 8, "unknown": 10, "spam": 6, "slow": 8}
TRIES = 3  # with `retries = 2`


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    monkeypatch.setattr("dunning_batch.delivery.post._FIRST_DELAY", 0.05)


@pytest.fixture
def postfix():
    with Postfix(SECRET) as server:
        yield server


def customers(kinds):
    """Code -> address, the kinds spread over the customers in the order of the run."""
    places = sorted(((number + 0.5) / count, kind) for kind, count in kinds.items() for number in range(count))
    return {f"CLIENT{number:03}": f"{kind}@client{number:03}.test" for number, (_, kind) in enumerate(places, 1)}


def made(folder, server, people):
    one = dossier(folder, server, *people, email="retries = 2", **people)
    text = (folder / "config.toml").read_text()
    one.write("config.toml", text.replace("timeout_seconds = 1\nfinal_timeout_seconds = 1\n", ""))
    return one


@dataclass(frozen=True)
class Row:
    """The last that the journal says of a message."""

    address: str
    message_id: str
    result: str
    data: bytes  # as it was stored


def journal(one):
    """By customer."""
    found, memory = {}, fold(Journal(one.root / "output/journal.sqlite", "123456782", clock).events)
    for run in memory.runs.values():
        for identity, message in run.messages.items():
            (address,), result = message["recipients"], run.results.get(identity, "waiting")
            data = (one.root / "output" / run.name / message["file"]).read_bytes()
            found[message["customer"]] = Row(address, message["message_id"], result, data)
    return found


def disagreements(rows, server):
    """Where mailboxes, queue and log of the server say other than the journal."""
    server.settle()
    held, taken, statuses, rejected = server.found(), server.taken(), server.statuses(), server.rejected()
    ours = {row.message_id for row in rows.values()}
    found = [f"{one.message_id} in the {one.place} is of nobody" for one in held if one.message_id not in ours]
    for customer, row in rows.items():
        copies = [one for one in held if one.message_id == row.message_id]
        count = 1 if row.result == "delivered" else 0
        found += [f"{customer}: {len(copies)} at the server"] * (len(copies) != count)
        found += [f"{customer}: taken {taken[row.message_id]} times"] * (taken[row.message_id] != count)
        for one in copies:
            told = {"mailbox": ["sent"], "queue": ["deferred"]}[one.place]
            found += [f"{customer}: to {one.recipient}"] * (one.recipient != row.address)
            found += [f"{customer}: other bytes"] * (not one.data.endswith(row.data.replace(b"\r\n", b"\n")))
            found += [f"{customer}: {statuses.get(row.address)}"] * (statuses.get(row.address) != told)
        last = rejected.get(row.address, [""])[-1][:1]
        expected = {"refused": "5", "failed": "4", "waiting": "4"}.get(row.result, last)
        found += [f"{customer}: {row.result}, and {rejected.get(row.address)}"] * (last != expected)
    return found


def interrupted(one, holds):
    """A run in a process of its own, interrupted as by Ctrl-C once something holds."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    arguments = [sys.executable, "-m", "dunning_batch", "--lang", "en", *SEND.split()]
    with subprocess.Popen(arguments, cwd=one.root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:  # fmt: skip
        while process.poll() is None and not holds():
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        return process.wait(60), process.stderr.read().decode()


def test_200_reminders_through_a_real_server(tmp_path, postfix):
    people = customers(KINDS)
    one = made(tmp_path, postfix, people)
    kinds = {customer: address.split("@")[0] for customer, address in people.items()}
    delays = {"grey": 1, "busy": 99}
    postfix.policy.deferred = {people[one]: delays[kind] for one, kind in kinds.items() if kind in delays}

    # Everybody is tried once; who is greylisted waits for a minute, in which the run is interrupted.
    code, said = interrupted(one, lambda: len(postfix.policy.asked) == len(people))
    assert code == 130, said
    rows = journal(one)
    assert {kinds[code] for code, row in rows.items() if row.result == "waiting"} == {"grey", "busy"}
    assert disagreements(rows, postfix) == []
    stops(one, 6, "resume", command=SEND)

    # Who was greylisted is taken now; who is deferred again and again is given up.
    sent(one, 5, "resume")
    rows = journal(one)
    first = Counter((kinds[code], row.result) for code, row in rows.items())
    results = {"grey": "delivered", "busy": "failed", "unknown": "refused", "spam": "refused", "slow": "delivered"}
    assert first == {(kind, results.get(kind, "delivered")): count for kind, count in KINDS.items()}
    assert disagreements(rows, postfix) == []
    rejected = {kind: {len(postfix.rejected()[people[code]]) for code in kinds if kinds[code] == kind}
                for kind in ("grey", "busy", "unknown", "spam")}  # fmt: skip
    assert rejected == {"grey": {1}, "busy": {1 + TRIES}, "unknown": {1}, "spam": {1}}
    assert levels(one) == {code: int(row.result == "delivered") for code, row in rows.items()}
    assert {code: cells[-1] for code, cells in past(one, "Result").items()} == {c: r.result for c, r in rows.items()}

    # What failed is tried by the next run, what was refused too, but not to an address that nobody has.
    postfix.policy.deferred.clear()
    before = {code: row.message_id for code, row in rows.items()}
    sent(one, 5)
    rows = journal(one)
    assert {code: row.message_id for code, row in rows.items()} == before
    assert Counter(row.result for row in rows.values()) == {"delivered": 184, "refused": 16}
    assert disagreements(rows, postfix) == []
    assert {len(postfix.rejected()[people[code]]) for code in kinds if kinds[code] == "spam"} == {2}
    assert {len(postfix.rejected()[people[code]]) for code in kinds if kinds[code] == "unknown"} == {1}
    assert levels(one) == {code: int(row.result == "delivered") for code, row in rows.items()}
    print(f"{len(people)} reminders, first run and resume: {dict(first)}; in the end: "  # noqa: T201
          f"{Counter(one.place for one in postfix.found())}, 0 disagreements")  # fmt: skip


def test_a_server_that_loses_or_doubles_a_message_is_seen(tmp_path, postfix):
    one = made(tmp_path, postfix, customers({"ok": 2}))
    sent(one)
    rows = journal(one)
    assert disagreements(rows, postfix) == []
    path = next((postfix.folder / "mail/all/new").iterdir())
    copy = path.rename(path.with_name("moved"))
    assert disagreements(rows, postfix) == []
    path.write_bytes(copy.read_bytes())
    assert [text.split(": ")[1] for text in disagreements(rows, postfix)] == ["2 at the server"]
    path.write_bytes(copy.read_bytes() + b"more")
    copy.unlink()
    assert [text.split(": ")[1] for text in disagreements(rows, postfix)] == ["other bytes"]
    path.unlink()
    assert [text.split(": ")[1] for text in disagreements(rows, postfix)] == ["0 at the server"]


def test_what_comes_back_from_a_real_server_is_refused(tmp_path, postfix):
    one = made(tmp_path, postfix, customers({"ok": 1, "gone": 1}))
    sent(one)
    assert levels(one) == {"CLIENT001": 1, "CLIENT002": 1}
    postfix.settle()
    (notice,) = [found.data for found in postfix.found() if found.recipient == "compta@atelier-exemple.fr"]
    one.write("notices/one.eml", notice)
    sent(one, 0, "bounces notices")
    assert {row.address: row.result for row in journal(one).values()} == {
        "gone@client001.test": "refused", "ok@client002.test": "delivered",
    }  # fmt: skip
    assert levels(one) == {"CLIENT001": 0, "CLIENT002": 1}


def test_a_real_server_that_is_not_trusted_or_does_not_let_us_in(tmp_path, postfix, monkeypatch):
    one = made(tmp_path, postfix, customers({"ok": 1}))
    text = (tmp_path / "config.toml").read_text()
    one.write("config.toml", text.replace('ca_file = "ca.pem"\n', ""))
    assert "certificate" in stops(one, 7, "ca_file", command=SEND).stderr
    assert "lost connection after STARTTLS" in postfix.log()
    one.write("config.toml", text)
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", "another")
    stops(one, 7, "535 5.7.8", command=SEND)
    assert "authentication failed" in postfix.log()
    assert (postfix.taken(), postfix.found()) == (Counter(), [])
