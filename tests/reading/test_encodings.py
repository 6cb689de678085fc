"""What a text file is made of (faults 5, 6, 21)."""

import codecs

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError
from dunning_batch.reading import encodings
from dunning_batch.reading.encodings import encoding_of, examine, text_of
from dunning_batch.reading.reader import read_ledger
from tests.dossiers import fec_bytes

TEXT = "JournalCode\tEcritureLib\r\n" + "VE\tn° 12, été à Lyon, façade, naïve, Élan, hôtel\r\n" * 3


def content_of(tmp_path, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    return examine(path, "a.txt")


def refused(tmp_path, data):
    with pytest.raises(InputError) as error:
        content_of(tmp_path, data)
    [problem] = error.value.problems
    return problem.code, problem.source.line


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TEXT.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "UTF-8 BOM"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("iso8859-15"), "ISO-8859-15"),
        (TEXT.replace("été", "l\u2019été").encode("cp1252"), "cp1252"),
        (TEXT.encode("cp850"), "CP850"),
        (b"JournalCode\tEcritureLib\r\nVE\tn\xf8 12\r\n", "CP850"),
        ("Jean André\r\n".encode("cp850"), "CP850"),  # one é, at the end of a word
        ("Facture d'été\r\n".encode("cp850"), "CP850"),
        ("Éclair\r\n".encode("cp850"), "CP850"),
        ("PAYÉ\r\n".encode("cp850"), "CP850"),
        ("FRANÇOIS\r\n".encode("cp850"), "CP850"),
        ("MÜLLER\r\nBrühl".encode("cp850"), "CP850"),
        ("Jean André\r\n".encode("cp1252"), "ISO-8859-15"),
        ("etc\u2026 5 €\r\n".encode("cp1252"), "cp1252"),
        ("prix 5€ HT\u2026\r\n".encode("cp1252"), "cp1252"),
        ("dit \u201ale prêt\u2018 été\r\n".encode("cp1252"), "cp1252"),
        (b"plain ASCII\n", "UTF-8"),
    ],
)
def test_the_encoding_is_told_and_the_text_is_that(tmp_path, data, name):
    assert content_of(tmp_path, data).encoding_name == name
    if b"Lyon" in data:
        assert "à Lyon" in text_of(data)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64])
@pytest.mark.parametrize("encoding", ["utf-8", "cp850", "iso8859-15"])
def test_blocks_of_any_size_tell_the_same(tmp_path, monkeypatch, size, encoding):
    monkeypatch.setattr(encodings, "BLOCK", size)
    assert content_of(tmp_path, TEXT.encode(encoding)).encoding == encoding


def test_a_beginning_in_ascii_that_misleads(tmp_path):
    """The last line has no end, and is not looked at before the reading begins: its byte is no UTF-8, and no day."""
    rows = "jnl | date | customer | piece | debit | counter\nVE | 2026-01-05 | DUPONT | F1 | 10.00 | 707\n"
    data = fec_bytes(rows).rstrip(b"\r\n")
    for old, new, code in ((b"20260105", b"2026\x9c105", "wrong_date"), (b"Vente", b"\xc9t\xe9", "")):
        place = data.rindex(b"\n") + 1
        last = data[place:]
        path = tmp_path / "fec.txt"
        path.write_bytes(data[:place] + last.replace(old, new, 1))
        if code:
            with pytest.raises(InputError) as error:
                read_ledger([path], tmp_path, LedgerRules(), {}, "")
            assert {problem.code for problem in error.value.problems} == {code}
        else:
            assert read_ledger([path], tmp_path, LedgerRules(), {}, "").files[0].dialect == "FEC, tab, ISO-8859-15"


def test_a_damaged_sign_names_its_line(tmp_path):
    data = (TEXT * 3).encode()
    place = data.rfind("é".encode())
    assert refused(tmp_path, data[: place + 1] + data[place + 2 :]) == ("unreadable_byte", 12)


def test_half_a_sign_at_the_end_names_the_last_line(tmp_path):
    assert refused(tmp_path, TEXT.encode() + "é".encode()[:1]) == ("unreadable_byte", 5)
    assert refused(tmp_path, TEXT.encode("utf-16") + b"\x41")[0] == "unreadable_byte"


def test_a_byte_that_cp1252_lacks_names_its_line(tmp_path):
    data = TEXT.replace("été", "l\u2019été").encode("cp1252")
    assert refused(tmp_path, data.replace(b"Lyon", b"Ly\x81n", 2)) == ("unreadable_byte", 2)


@pytest.mark.parametrize("before", [b"", b"a\n", b"a\r\nb\r\n", b"a\rb\rc\r"])
def test_a_line_longer_than_any_is_refused_with_its_number(tmp_path, before):
    lines = len(before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").splitlines())
    long = b"x" * (encodings.LONGEST_LINE + 10) + b"\n"
    assert refused(tmp_path, before + long) == ("long_line", lines + 1)


def test_many_short_lines_are_no_long_one(tmp_path):
    assert content_of(tmp_path, b"x" * 1000 + (b"\n" + b"y" * 1000) * 600).encoding == "utf-8"


@pytest.mark.parametrize(("data", "ended"), [(b"a\n", True), (b"a\r", True), (b"a", False), (b"a\n\x1a", True)])
def test_whether_the_last_line_has_its_end(tmp_path, data, ended):
    assert content_of(tmp_path, data).ended == ended


def test_nul_bytes_are_noticed_but_in_utf16(tmp_path):
    assert content_of(tmp_path, b"a\0b\n").has_nul
    assert not content_of(tmp_path, TEXT.encode("utf-16")).has_nul


def test_short_beginnings_are_no_utf16():
    assert encoding_of(b"a\0b\0") == (0, "")
    assert encoding_of(b"\0" * 100) == (0, "")
