"""Messages and drafts in the run's folder (faults 35, 124; contract section 1)."""

import hashlib
from dataclasses import replace

import pytest

from dunning_batch.delivery.archive import Parcel
from dunning_batch.delivery.message import Words
from dunning_batch.delivery.outbox import Outbox
from tests.delivery.mails import PDF, heading, read
from tests.documents.letters import reminder

WORDS = Words("Relance", "Bonjour\n", "<p>Bonjour</p>\n")


def parcel(identity="id1", *emails):
    one = reminder()
    one = replace(one, id=identity, customer=replace(one.customer, emails=emails or ("compta@dupont.fr",)))
    return Parcel(one, f"DUPONT-{identity}.pdf", f"001-DUPONT-{identity}.pdf", PDF, WORDS)


def outbox(folder, kind, previous=(), **changes):
    return Outbox(folder, kind, heading(unsent=kind == "drafts", **changes), {"DUPONT": tuple(previous)})


def test_a_message_is_written_whole_and_waits(tmp_path):
    box = outbox(tmp_path, "messages", ["<old@x.fr>"])
    outcome = box.deliver(parcel("id1", "a@x.fr", "b@x.fr"))
    assert (outcome.result, outcome.document) == ("failed", "letters/DUPONT-id1.pdf")
    assert (outcome.recipient, outcome.reference) == ("a@x.fr, b@x.fr", "<id1@atelier-exemple.fr>")
    data = (tmp_path / "messages" / "DUPONT-id1.eml").read_bytes()
    kept = box.kept["id1"]
    assert (kept.file, kept.sha256) == ("messages/DUPONT-id1.eml", hashlib.sha256(data).hexdigest())
    assert kept.recipients == ("a@x.fr", "b@x.fr")
    found = read(data)
    assert (found["Subject"], found["In-Reply-To"], found["X-Unsent"]) == ("Relance", "<old@x.fr>", None)
    assert next(found.iter_attachments()).get_filename() == "DUPONT-id1.pdf"
    assert (tmp_path / "letters" / "DUPONT-id1.pdf").read_bytes() == PDF


def test_a_draft_is_delivered_and_opens_as_one(tmp_path):
    box = outbox(tmp_path, "drafts")
    outcome = box.deliver(parcel())
    assert (outcome.result, outcome.document, outcome.error) == ("delivered", "drafts/DUPONT-id1.eml", None)
    found = read((tmp_path / "drafts" / "DUPONT-id1.eml").read_bytes())
    assert (found["X-Unsent"], found["Bcc"]) == ("1", None)


@pytest.mark.parametrize("kind", ["messages", "drafts"])
def test_what_was_written_is_told_and_its_owner_s(tmp_path, kind):
    box = outbox(tmp_path, kind)
    for number in range(3):
        box.deliver(parcel(f"id{number}"))
    written = box.finish()
    assert len(written) == 6
    for one in written:
        assert hashlib.sha256((tmp_path / one.path).read_bytes()).hexdigest() == one.sha256
        assert (tmp_path / one.path).stat().st_mode & 0o077 == 0
