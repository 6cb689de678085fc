"""Messages: what a reader finds in them, and what no name or subject can do to them (faults 38, 39, 89)."""

import email.header
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.delivery.headers import address_parts, field, one_line, words
from dunning_batch.delivery.mailbox import Mailbox, mailbox
from dunning_batch.delivery.message import build
from tests.delivery.mails import MOMENT, PDF, SENDER, body, content, heading, read

HOSTILE = "Dupont\r\nBcc: espion@x.fr\r\n\r\nsuite\x00\u202e"


def decoded(field_lines):
    """A header as RFC 2047 wants it read."""
    return str(email.header.make_header(email.header.decode_header("\r\n ".join(field_lines))))


def header_lines(data):
    return data.split(b"\r\n\r\n", 1)[0].decode("ascii").replace("\r\n ", " ").split("\r\n")


def test_a_message_holds_text_html_and_the_letter():
    message = build(content(), heading())
    found = read(message.data)
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    assert [part.defects for part in found.walk()] == [[]] * 5
    assert body(found, "plain") == content().words.text
    assert body(found, "html") == content().words.html
    (attached,) = found.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("DUPONT-1.pdf", PDF)


def test_its_headers_say_who_to_whom_when_and_that_no_person_wrote_it():
    message = build(content(previous=("<a@x.fr>", "<b@x.fr>")), heading(reply_to=mailbox("marie@x.fr")))
    assert header_lines(message.data) == [
        "From: Atelier Exemple <compta@atelier-exemple.fr>",
        "Reply-To: marie@x.fr",
        "To: Dupont SARL <compta@dupont.fr>",
        "Subject: =?utf-8?b?UmVsZXbDqSBkZSBmYWN0dXJlcyBpbXBhecOpZXM=?=",
        "Date: Tue, 24 Nov 2026 10:30:00 +0100",
        "Message-ID: <ab12@atelier-exemple.fr>",
        "In-Reply-To: <b@x.fr>",
        "References: <a@x.fr> <b@x.fr>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        re.search("Content-Type: .*", "\n".join(header_lines(message.data)))[0],
    ]
    assert message.recipients == ("compta@dupont.fr",)


def test_a_first_reminder_refers_to_nothing_and_a_draft_says_that_it_is_one():
    found = read(build(content(), heading()).data)
    assert (found["In-Reply-To"], found["References"], found["X-Unsent"]) == (None, None, None)
    assert read(build(content(), heading(unsent=True)).data)["X-Unsent"] == "1"


def test_the_same_reminder_makes_the_same_bytes():
    assert build(content(), heading()) == build(content(), heading())
    assert build(content("other"), heading()).message_id != build(content(), heading()).message_id


def test_89_everything_is_seven_bits_in_short_lines_with_crlf():
    """What fault 89 asks."""
    long = "é" * 400 + " " + "mot " * 400 + "\n.\nFrom here\n"
    data = build(content(name=long, subject=long, text=long, html=long), heading()).data
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.endswith(b"--\r\n")


@pytest.mark.parametrize("text", [HOSTILE, "a\nb", "a\u2028Bcc: b", "\r\n\r\n", "x\x85Bcc: y"])
def test_38_a_line_end_in_a_name_or_subject_makes_no_header(text):
    """What fault 38 asks."""
    plain = build(content(name="", subject=""), heading())
    for changed in ({"name": text}, {"subject": text}):
        message = build(content(**{"name": "", "subject": ""} | changed), heading())
        assert [line.split(":")[0] for line in header_lines(message.data)] == [
            line.split(":")[0] for line in header_lines(plain.data)
        ]
        assert message.recipients == plain.recipients
        assert read(message.data)["Bcc"] is None


@pytest.mark.parametrize("name", ["a\r\nBcc: b@c.fr", "a\nb", "a\r\n", "é", "a\x00b", "a\r\n\tb"])
def test_38_a_field_is_refused_rather_than_written_wrong(name):
    """What fault 38 asks."""
    with pytest.raises(ValueError, match="To"):
        field("To", name)
    with pytest.raises(ValueError, match="To"):
        field(f"To: {name}", "x")


def test_39_an_accented_domain_is_punycode():
    """What fault 39 asks."""
    message = build(content(addresses=("marie@société-dupont.fr",)), heading())
    assert message.recipients == ("marie@xn--socit-dupont-eebb.fr",)
    assert "To: Dupont SARL <marie@xn--socit-dupont-eebb.fr>" in header_lines(message.data)
    assert mailbox("Élan <x@élan.fr>") == Mailbox("x@xn--lan-9la.fr", "Élan")


def test_a_redirected_message_goes_to_one_address_and_says_whose_it_is():
    redirected = heading(redirect_to=Mailbox("test@x.fr"))
    message = build(content(addresses=("a@dupont.fr", "b@dupont.fr")), redirected)
    assert message.recipients == ("test@x.fr",)
    assert "dupont" not in str(read(message.data)["To"]).replace("Dupont SARL", "")
    assert read(message.data)["Subject"] == "[a@dupont.fr, b@dupont.fr] Relevé de factures impayées"
    assert message.message_id != build(content(), heading()).message_id


def test_several_addresses_stand_in_one_field():
    message = build(content(name="Été & Cie", addresses=("a@x.fr", "b@x.fr")), heading())
    assert [(box.display_name, box.addr_spec) for box in read(message.data)["To"].addresses] == [
        ("Été & Cie", "a@x.fr"), ("Été & Cie", "b@x.fr"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ['Dupont "Bois" \\ Fils', "Dupont, Martin; Cie (SARL)", "=?utf-8?q?x?=", "a" * 300, "株式会社"]
)
def test_names_are_read_as_they_were_written(name):
    assert decoded(address_parts([Mailbox("a@x.fr", name)])).replace('\\"', '"').replace("\\\\", "\\").strip('"') in (
        f"{name} <a@x.fr>", f'{name}" <a@x.fr>',
    )  # fmt: skip


@given(st.text(max_size=300))
def test_any_subject_is_read_as_one_line(text):
    assert decoded(words(text)).strip() == one_line(text.replace("\n", " ")).strip()
    assert field("Subject", *words(text)).count(b"\r\n") == len(words(text))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_name_leaves_the_envelope_and_the_fields_as_they_are(name, subject):
    message = build(content(name=name, subject=subject), heading(sender=replace(SENDER, name=name)))
    assert message.recipients == ("compta@dupont.fr",)
    assert [line.split(":")[0] for line in header_lines(message.data)] == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert f"{MOMENT:%d}" in read(message.data)["Date"]
