"""Delivery notices of each mail system are understood; what is none is told apart; nothing they hold does harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dunning_batch.delivery.noticefiles import KEPT, messages_in
from dunning_batch.delivery.notices import read_notice
from dunning_batch.errors import InputError, Source
from tests.delivery import notices
from tests.delivery.notices import FORMS, MESSAGE_ID, OTHERS, TO, block, head, report

HERE = Source("notice.eml")


def read(data):
    return read_notice(data, HERE)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_failure_names_message_address_and_reason(form):
    found = read(form())
    assert found.kind == "failure"
    assert next(group for group in found.originals if group) == (MESSAGE_ID,)
    failures = {failure.address: failure.reason for failure in found.failures}
    assert "5.1.1" in failures[TO]
    assert failures[TO].isprintable()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_it_is_the_same_notice_with_other_line_ends_and_another_name(form):
    assert read(form()).identity == read(b"X-Mozilla-Status: 0001\n" + form().replace(b"\r\n", b"\n")).identity


@pytest.mark.parametrize(("kind", "form"), [(kind, form) for kind, forms in OTHERS.items() for form in forms])
def test_what_is_no_failure_is_told_apart(kind, form):
    assert (read(form()).kind, read(form()).failures) == (kind, ())


def test_what_it_returns_counts_and_not_what_it_quotes_or_answers():
    data = report(
        block(), message_id="<other@x.fr>", more=f"In-Reply-To: {MESSAGE_ID}\r\n", text=f"Message-ID: {MESSAGE_ID}"
    )
    assert read(data).originals == (("<other@x.fr>",),)


def test_without_what_it_returns_it_says_what_it_answers():
    found = read(report(block(), message_id="", more=f"References: <a@x.fr>\r\n {MESSAGE_ID}\r\n"))
    assert [group for group in found.originals if group] == [(MESSAGE_ID,)]


def test_only_the_addresses_that_failed():
    found = read(
        report(block(), block("autre@dupont.fr", "delivered", "2.0.0"), block("tard@dupont.fr", "delayed", "4.2.2"))
    )
    assert [failure.address for failure in found.failures] == [TO]


@pytest.mark.parametrize(("status", "kind"), [("5.1.1", "failure"), ("4.2.2", "delayed"), ("2.0.0", "delivered")])
def test_without_an_action_the_status_says_it(status, kind):
    assert read(report(block(status=status).replace("Action: failed\r\n", ""))).kind == kind


def test_given_up_after_days_is_a_failure_whatever_the_status():
    assert read(report(block(status="4.4.7", diagnostic="delivery time expired"))).kind == "failure"


def test_a_notice_that_somebody_attached_to_a_message_is_found():
    inner = notices.postfix().decode()
    body = f"--f\r\nContent-Type: text/plain\r\n\r\nVoir ci-joint.\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--f--\r\n"
    found = read((head("Marie <marie@x.fr>", "Tr: avis", "multipart/mixed; boundary=f") + "\r\n" + body).encode())
    assert (found.kind, found.originals) == ("failure", ((MESSAGE_ID,),))


def test_controls_and_line_ends_of_a_diagnostic_are_gone():
    hostile = "550 5.1.1 \x1b]0;x\x07\x1b[31mrouge\u202e \x00 Bcc: x@y.fr"
    reason = read(report(block(diagnostic=hostile).replace("Bcc", "\r\n Bcc"))).failures[0].reason
    assert reason.isprintable()
    assert "rouge" in reason
    assert len(read(report(block(diagnostic="550 5.1.1 " + "x" * 5000))).failures[0].reason) <= 300


@pytest.mark.parametrize("charset", ["klingon", "utf-16", "us-ascii", "idna", "base64", '"'])
def test_a_wrong_charset_is_read_as_well_as_can_be(charset):
    data = notices.orange().replace(b"iso-8859-15", charset.encode())
    assert read(data).kind in ("failure", "other")


def test_nested_without_end_is_left():
    assert read(notices.bomb()).kind == "unreadable"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_notices_raise_nothing(data):
    whole = bytearray(data.draw(st.sampled_from(list(FORMS.values())))())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    read(bytes(whole))


def test_files_boxes_and_folders(tmp_path):
    (tmp_path / "a.eml").write_bytes(b"\xef\xbb\xbf" + notices.postfix())
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.MBOX").write_bytes(notices.box(notices.exim(), notices.qmail(), notices.away()))
    (tmp_path / "notes.txt").write_text("not asked for")
    found = messages_in([tmp_path])
    assert [(source.file.rpartition("/")[2], source.line, read_notice(data, source).kind) for source, data in found] == [
        ("a.eml", None, "failure"), ("b.MBOX", 1, "failure"),
        ("b.MBOX", found[2][0].line, "failure"), ("b.MBOX", found[3][0].line, "reply"),
    ]  # fmt: skip


def test_of_a_huge_message_the_beginning_is_kept(tmp_path):
    huge = notices.qmail() + b"x" * (3 * KEPT)
    (tmp_path / "one.eml").write_bytes(huge)
    (tmp_path / "two.mbox").write_bytes(notices.box(huge, notices.exim()))
    found = messages_in([tmp_path])
    assert [len(data) <= KEPT + 100_000 for _, data in found] == [True] * 3
    assert {read_notice(*reversed(one)).kind for one in found} == {"failure"}


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b"PK\x03\x04zip", b"\xd0\xcf\x11\xe0\xa1msg", b"%PDF-1.7\n", b"Note: buy milk\n", bytes(range(256)) * 40,
     "From: a@b.fr\nSubject: x\n".encode("utf-16")],
)  # fmt: skip
def test_what_is_no_e_mail_is_refused_by_name(tmp_path, content):
    (tmp_path / "good.eml").write_bytes(notices.postfix())
    (tmp_path / "bad.eml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        messages_in([tmp_path])
    assert [problem.source.file for problem in caught.value.problems] == [str(tmp_path / "bad.eml")]


def test_a_folder_without_notices_is_refused(tmp_path):
    with pytest.raises(InputError):
        messages_in([tmp_path])


def test_an_international_report_is_read():
    data = report(block()).replace(b"message/delivery-status", b"message/global-delivery-status")
    assert [failure.address for failure in read(data).failures] == [TO]
