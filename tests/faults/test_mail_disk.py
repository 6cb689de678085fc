"""Faults 64 to 72 while e-mails leave: full disks, workbooks that are open, copies of invoices; nothing sent unknown (I1 to I4)."""

import errno
import json
import os
import sqlite3
import tempfile
import tracemalloc
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

import dunning_batch
from dunning_batch import batch, files
from dunning_batch.delivery.archive import Parcel
from dunning_batch.delivery.mailbox import Mailbox
from dunning_batch.delivery.message import Heading, Words
from dunning_batch.delivery.outbox import Outbox
from dunning_batch.state import journal
from dunning_batch.state import levels as book
from dunning_batch.state.journal import Journal
from tests.delivery.mails import body, read
from tests.documents.letters import reminder
from tests.documents.test_copies import invoice
from tests.dossiers import clock
from tests.faults.invariants import clean, stops
from tests.faults.mailed import SECRET, SEND, dossier, levels, mail_server, results, sent

ADDRESSES = Counter(["compta@dupont.fr", "compta@martin.fr", "compta@roux.fr"])
ALL_AT_ONE = {"DUPONT": 1, "MARTIN": 1, "ROUX": 1}
MEMORY = "/dev/shm"  # noqa: S108 - a disk of its own, where there is one
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)


def no_room(path, *_, **__):
    raise files.cannot_write(path if isinstance(path, Path) else Path("letters"), FULL) from FULL


def events(one):
    return Journal(one.root / "output/journal.sqlite", "123456782", clock).events


@pytest.mark.parametrize("what", ["file", "link"])
def test_64_an_output_folder_that_cannot_be_is_known_before_anything_is_sent(tmp_path, what):
    """What fault 64 asks: a file in its place, a drive that is gone."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        (tmp_path / "output").rmdir()
        if what == "file":
            one.write("output", "x")
        else:
            (tmp_path / "output").symlink_to(tmp_path / "gone" / "drive")
        stops(one, 9, "output", command=SEND)
        assert server.connections == 0
        (tmp_path / "output").unlink()
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


@pytest.mark.skipif(not os.access(MEMORY, os.W_OK), reason="no other disk here")
def test_64_an_output_folder_on_another_disk_than_the_temporary_one(tmp_path, monkeypatch):
    """What fault 64 asks."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as other, mail_server() as server:
        if Path(other).stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("no other disk here")
        monkeypatch.setattr(tempfile, "tempdir", other)
        one = dossier(tmp_path, server)
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_65_the_program_s_own_folder_is_no_output(tmp_path):
    """What fault 65 asks: besides folders of the input, which tests of the configuration have."""
    with mail_server() as server:
        inside = Path(dunning_batch.__file__).parent / "data" / "out"
        one = dossier(tmp_path, server, config=f'[output]\nfolder = "{inside}"\nlevels = "{inside}/levels.xlsx"\n')
        stops(one, 3, "output", command=SEND)
        assert server.connections == 0
        assert not inside.exists()


@pytest.mark.parametrize("where", ["dunning_batch.delivery.outbox.write_ahead", "dunning_batch.delivery.outbox.sync_files", "dunning_batch.packing.write_file"])
def test_66_a_disk_full_while_letters_are_written_sends_nothing(tmp_path, monkeypatch, where):
    """What fault 66 asks."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        with monkeypatch.context() as patched:
            patched.setattr(where, no_room)
            stops(one, 9, "full" if os.name == "nt" else "space", command=SEND)
        assert server.connections == 0
        sent(one)
        assert Counter(server.recipients) == ADDRESSES
    assert levels(one) == ALL_AT_ONE


def test_67_a_disk_full_while_the_levels_are_written_loses_nothing(tmp_path, monkeypatch):
    """What fault 67 asks: the old workbook intact, the journal complete, `resume` writes the new one."""
    march = "run --by email --yes --as-of 2026-03-20"
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one)
        before = (tmp_path / "output/levels.xlsx").read_bytes()
        with monkeypatch.context() as patched:
            patched.setattr(book, "write_file", no_room)
            sent(one, 9, march)
        assert len(server.messages) == 6
        assert (tmp_path / "output/levels.xlsx").read_bytes() == before
        assert [event.kind for event in events(one)][-1] == "delivered"
        stops(one, 6, "resume", command=march)
        sent(one, 0, "resume")
        assert len(server.messages) == 6
    assert levels(one) == {"DUPONT": 2, "MARTIN": 2, "ROUX": 2}


def test_68_a_disk_full_on_the_journal_stops_before_the_next_message(tmp_path, monkeypatch):
    """What fault 68 asks, from any step of the journal on: what was sent is known, or said to be uncertain."""
    number, code, write = 0, 9, journal._write
    while code == 9:
        number += 1
        calls = []

        def written(*arguments, calls=calls, last=number, **named):
            calls.append(1)
            if len(calls) >= last:
                raise sqlite3.OperationalError("database or disk is full")
            return write(*arguments, **named)

        with mail_server() as server:
            one = dossier(tmp_path / f"n{number}", server)
            with monkeypatch.context() as patched:
                patched.setattr(journal, "_write", written)
                done = clean(one.run(f"--lang en {SEND}"))
            code = done.code
            assert code in (0, 9), (number, done.stderr)
            path = one.root / "output/journal.sqlite"
            kinds = [event.kind for event in events(one)] if path.exists() else []
            assert len(server.messages) <= kinds.count("sending"), number
            assert len(server.messages) - kinds.count("sent") in (0, 1), number
            doubtful = kinds.count("sending") - kinds.count("sent")
            if code == 9 and kinds:
                stops(one, 6, "resume", command=SEND)
                sent(one, 8 if doubtful else 0, "resume")
                sent(one, 0, "resume --assume-sent all")
            else:
                sent(one)
            assert Counter(server.recipients) == ADDRESSES, number
        assert levels(one) == ALL_AT_ONE, number
    assert number > 8


def test_69_the_workbook_open_at_the_start_and_at_the_end(tmp_path):
    """What fault 69 asks: nothing sent; afterwards the new one under a dated name, and never both taken."""
    march = "run --by email --yes --as-of 2026-03-20"
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one)
        one.write("output/~$levels.xlsx", "x")
        connections = server.connections
        stops(one, 6, "levels.xlsx", command=march)
        assert server.connections == connections
        (tmp_path / "output/~$levels.xlsx").unlink()
        server.script.on["QUIT"] = lambda: one.write("output/~$levels.xlsx", "x")
        said = sent(one, 9, march).stderr
        (beside,) = (tmp_path / "output").glob("levels.new-2026-03-20-01-*.xlsx")
        assert beside.name in said
        assert levels(one) == ALL_AT_ONE
        stops(one, 6, "levels.xlsx", command=march)
        stops(one, 6, "levels.xlsx", command="resume")
        (tmp_path / "output/~$levels.xlsx").unlink()
        server.script.on.clear()
        stops(one, 6, "resume", command=march)
        sent(one, 0, "resume")
        assert len(server.messages) == 6
    assert levels(one) == {"DUPONT": 2, "MARTIN": 2, "ROUX": 2}
    assert not beside.exists()


def test_70_two_runs_in_the_same_second_have_names_of_their_own(tmp_path, monkeypatch):
    """What fault 70 asks; that one waits for the other is fault 92."""
    moment = datetime(2026, 2, 28, 10, 0, 0, tzinfo=UTC)
    monkeypatch.setattr("dunning_batch.cli.running.now", lambda: moment)
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one, command=f"{SEND} --limit 1")
        sent(one, command="run --by zip --yes --as-of 2026-02-28 --limit 1")
        sent(one)
        assert len(server.messages) == 2
    assert sorted(path.name for path in (tmp_path / "output").glob("2026*")) == [f"2026-02-28-0{n}" for n in (1, 2, 3)]
    assert zipfile.ZipFile(tmp_path / "output/2026-02-28-02/letters.zip").testzip() is None
    assert levels(one) == ALL_AT_ONE


def encrypted(path):
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.encrypt("x")
    writer.write(path)


COPIES = '[letters]\ninvoice_copies = "input/copies"\n'


@pytest.mark.parametrize("damage", ["missing", "empty", "encrypted", "another", "good"])
def test_71_a_copy_that_cannot_be_taken_is_listed_and_announced_by_nothing(tmp_path, damage):
    """What fault 71 asks: no message speaks of a copy that is not in it."""
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", config=COPIES)
        path = one.root / "input/copies/F-DUPONT.pdf"
        path.parent.mkdir()
        if damage == "empty":
            path.write_bytes(b"")
        elif damage != "missing":
            invoice(path, "Facture F-AUTRE" if damage == "another" else "Facture F-DUPONT", "Total TTC 100,00 EUR", "Atelier")
        if damage == "encrypted":
            encrypted(path)
        found = sent(one, 0, f"-v {SEND} --format json")
        (message,) = server.messages
    said = [problem["message"] for problem in found.json["problems"] if "F-DUPONT" in problem["message"]]
    pages = "".join(page.extract_text() for page in PdfReader(one.root / "output/2026-02-28-01/letters/DUPONT-1.pdf").pages)
    spoken = (body(read(message.data), "plain") + body(read(message.data), "html") + pages).casefold()
    assert bool(said) == (damage != "good"), found.json["problems"]
    assert ("copie" in spoken) == (damage == "good"), spoken
    (attached,) = read(message.data).iter_attachments()
    assert ("Total TTC" in pages) == (damage == "good")
    assert attached.get_content() == (one.root / "output/2026-02-28-01/letters/DUPONT-1.pdf").read_bytes()


def test_71_a_message_above_the_server_s_size_is_refused_and_the_others_go(tmp_path):
    """What fault 71 asks, and fault 83: that reminder only."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        sent(one, command=f"{SEND} --dry-run")
        largest = max(path.stat().st_size for path in (tmp_path / "output/dry-run/2026-02-28-01/messages").iterdir())
        one.write("templates/fr/level1.md", "Subject: Rappel\n\n{{ invoices }}\n\n{% if customer.code == 'MARTIN' %}" + "mot " * 9000 + "{% endif %}\n")
        server.script.features = (f"SIZE {largest + 20_000}", "AUTH PLAIN")
        sent(one, 5)
        assert Counter(server.recipients) == Counter(["compta@dupont.fr", "compta@roux.fr"])
    assert results(one) == {"DUPONT": "delivered", "MARTIN": "refused", "ROUX": "delivered"}
    assert levels(one) == {"DUPONT": 1, "MARTIN": 0, "ROUX": 1}
    report = json.loads((tmp_path / "output/2026-02-28-01/run.json").read_text())
    assert [problem["customer"] for problem in report["problems"] if problem["code"] == "not_delivered"] == ["MARTIN"]


def test_72_a_message_that_is_written_stays_on_the_disk_and_not_in_memory(tmp_path):
    """What fault 72 asks: memory does not follow the size of what is sent."""
    one = reminder()
    heading = Heading(Mailbox("compta@atelier-exemple.fr", "Atelier Exemple"), clock())
    outbox = Outbox(tmp_path, "messages", heading, {})

    def write(first, count):
        for number in range(first, first + count):
            named = batch.replace_fields(one, id=f"{number:032x}")
            outbox.deliver(Parcel(named, f"C{number}-1.pdf", f"C{number}.pdf", bytes(300_000), Words("Rappel", "Bonjour", "<p>Bonjour</p>")))

    write(0, 3)
    tracemalloc.start()
    try:
        write(3, 60)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(list((tmp_path / "messages").iterdir())) == 63
    assert kept < 60 * 10_000
