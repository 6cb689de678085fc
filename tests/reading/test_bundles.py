"""Archives of ledgers, and what must not be unpacked (faults 1, 13, 14, 22 to 25; rule S11)."""

import io
import stat
import zipfile

import pytest

from dunning_batch.errors import InputError
from dunning_batch.reading import bundles
from dunning_batch.reading.reader import read_ledger
from tests.dossiers import fec_bytes, make_dossier
from tests.faults.invariants import DAY, GOOD, opens, stops_everywhere
from tests.reading.ledgers import LedgerRules, rows
from tests.reading.xmlfecs import xml_of

OLD = """
    jnl | date       | customer | piece | debit  | credit | counter
    VE  | 2025-11-05 | DUPONT   | F001  | 100.00 |        | 707
"""
NEW = """
    jnl | date       | customer | piece | debit  | credit | counter
    AN  | 2026-01-01 | DUPONT   | F001  | 100.00 |        | 890
    VE  | 2026-02-05 | MARTIN   | F002  | 40.00  |        | 707
"""
YEARS = {"123456782FEC20251231.txt": fec_bytes(OLD), "2026/123456782FEC20261231.xml": xml_of(NEW)}


def zipped(members, **flags):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for flag, value in flags.items():
                setattr(entry, flag, value)
            archive.writestr(entry, data)
    return file.getvalue()


def read(folder, data, name="fecs.zip", siren=""):
    path = folder / name
    path.write_bytes(data)
    return read_ledger([path], folder, LedgerRules(), {}, siren)


def refused(folder, data, **how):
    with pytest.raises(InputError) as caught:
        read(folder, data, **how)
    return [(one.code, str(one.source)) for one in caught.value.problems], caught.value.problems


def fault_of(folder, data):
    found, problems = refused(folder, data)
    assert found == [("unreadable_archive", "fecs.zip")]
    return dict(problems[0].message.values)["fault"].text


def test_a_zip_of_years_is_one_ledger(tmp_path):
    ledger = read(tmp_path, zipped(YEARS))
    assert [file.name for file in ledger.files] == [f"fecs.zip/{name}" for name in YEARS]
    assert rows(ledger, "file", "customer", "amount") == [
        (0, "DUPONT", 100.0),
        (1, "DUPONT", 100.0),
        (1, "MARTIN", 40.0),
    ]
    assert [str(file.closing) for file in ledger.files] == ["2025-12-31", "2026-12-31"]
    assert not ledger.problems


def test_a_wrong_cell_is_named_by_member_and_line_of_each(tmp_path):
    members = {name: data.replace(b"100", b"1OO") for name, data in YEARS.items()}
    assert set(refused(tmp_path, zipped(members))[0]) == {
        ("wrong_amount", "fecs.zip/123456782FEC20251231.txt:2"),
        ("wrong_amount", "fecs.zip/123456782FEC20251231.txt:3"),
        ("wrong_amount", "fecs.zip/2026/123456782FEC20261231.xml:7"),
        ("wrong_amount", "fecs.zip/2026/123456782FEC20261231.xml:8"),
    }


def test_14_the_siren_of_another_company_in_the_name_of_a_member(tmp_path):
    found, _ = refused(tmp_path, zipped(YEARS), siren="987654321")
    assert {code for code, _ in found} == {"other_company"}


def test_13_the_same_file_twice_in_an_archive(tmp_path):
    data = fec_bytes(OLD)
    assert refused(tmp_path, zipped({"a.txt": data, "b.txt": data}))[0] == [("same_file", "fecs.zip/b.txt")]


def test_what_is_no_ledger_by_its_name_is_said(tmp_path):
    ledger = read(tmp_path, zipped(YEARS | {"description.pdf": b"%PDF", "__MACOSX/._a.txt": b"\0", "2026/": b""}))
    assert [(one.code, one.severity, str(one.source)) for one in ledger.problems] == [
        ("member_not_read", "notice", "fecs.zip/__MACOSX/._a.txt"), ("member_not_read", "notice", "fecs.zip/description.pdf"),
    ]  # fmt: skip


def test_a_member_that_cannot_be_read_stops(tmp_path):
    found, _ = refused(tmp_path, zipped({**YEARS, "notes.txt": b"bonjour"}))
    assert found == [("no_fec", "fecs.zip/notes.txt")]


@pytest.mark.parametrize(
    ("name", "raw", "shown"),
    [
        ("écritures.txt", None, "écritures.txt"),
        ("xcritures.txt", "écritures.txt".encode("cp850"), "écritures.txt"),
        ("xxcritures.txt", "écritures.txt".encode(), "écritures.txt"),
        ("x\x07critures.txt", None, "x?critures.txt"),
        ("dos\\a.txt", None, "dos/a.txt"),
    ],
    ids=["utf-8", "cp850", "utf-8-unsaid", "control", "backslash"],
)
def test_names_of_members_in_any_encoding(tmp_path, name, raw, shown):
    data = zipped({name: fec_bytes(OLD)})
    if raw:
        data = data.replace(name.encode(), raw)
    assert [file.name for file in read(tmp_path, data).files] == [f"fecs.zip/{shown}"]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:/a.txt", "a/../../b.txt", "..\\a.txt"])
def test_s11_a_name_that_leads_outside(tmp_path, name):
    assert "leads out" in fault_of(tmp_path, zipped({name: fec_bytes(OLD)}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fecs.zip"]


def test_s11_a_link_is_not_followed(tmp_path):
    assert "leads out" in fault_of(
        tmp_path, zipped({"a.txt": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16)
    )


def test_23_an_encrypted_member(tmp_path):
    data = bytearray(zipped({"a.txt": fec_bytes(OLD)}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in fault_of(tmp_path, bytes(data))


def test_24_a_bomb_is_refused_by_its_directory(tmp_path, monkeypatch):
    monkeypatch.setattr(bundles, "_unpack", None)
    assert "holds more" in fault_of(tmp_path, zipped({"a.txt": b"0" * 30_000_000}))
    assert "holds more" in fault_of(tmp_path, zipped({f"{number}.txt": b"" for number in range(501)}))


def test_24_a_directory_that_lies_is_found_out(tmp_path):
    data = zipped({"a.txt": fec_bytes(OLD) * 500})
    size = (len(fec_bytes(OLD)) * 500).to_bytes(4, "little")
    assert "damaged" in fault_of(tmp_path, data.replace(size, (99).to_bytes(4, "little")))


@pytest.mark.parametrize("name", ["more.zip", "more.txt"])
def test_24_an_archive_in_an_archive(tmp_path, name):
    assert "another archive" in fault_of(tmp_path, zipped({name: zipped({"a.txt": fec_bytes(OLD)})}))


def test_22_a_damaged_or_empty_archive(tmp_path):
    whole = zipped(YEARS)
    for size in (60, len(whole) // 2, len(whole) - 30):
        assert "damaged" in fault_of(tmp_path, whole[:size])
    flipped = bytearray(whole)
    flipped[120] ^= 255
    assert refused(tmp_path, bytes(flipped))
    assert "no ledger" in fault_of(tmp_path, zipped({"a.pdf": b"%PDF"}))


def test_22_an_archive_that_lacks_a_piece(tmp_path):
    """The places in its directory then lie before the file: no fault of the temporary folder."""
    data = zipped(YEARS)
    assert "damaged" in fault_of(tmp_path, data[:60] + data[160:])


def test_two_members_of_one_name(tmp_path):
    data = zipped({"a.txt": fec_bytes(OLD), "b.txt": fec_bytes(NEW)}).replace(b"b.txt", b"a.txt")
    assert "one name" in fault_of(tmp_path, data)


def test_members_are_unpacked_one_at_a_time(tmp_path):
    path = tmp_path / "fecs.zip"
    path.write_bytes(zipped(YEARS))
    seen = []
    for member, _ in bundles.sources(path, "fecs.zip", []):
        seen.append(member)
        assert [other.exists() for other in seen] == [False] * (len(seen) - 1) + [True]
    assert len(seen) == 2
    assert not seen[-1].parent.exists()


def test_01_an_archive_nobody_asked_for_is_told(tmp_path):
    dossier = make_dossier(tmp_path)
    dossier.write("input/fecs.zip", zipped({"a.txt": fec_bytes(GOOD)}))
    stops_everywhere(dossier, 4, "input/fecs.zip is an archive and is not read", 'add "input/*.zip" to [ledger] files')
    dossier.configure('[ledger]\nfiles = ["input/*.zip"]\n')
    assert opens(dossier) == {"F001": "1000.00", "F002": "240.00"}
    dossier.configure("")
    dossier.fec(GOOD)
    assert "input/fecs.zip is an archive and is not read" in dossier.run(f"--lang en check {DAY}").stdout


def test_one_file_a_journal_is_one_year(tmp_path):
    dossier = make_dossier(tmp_path)
    head, *lines = fec_bytes(GOOD).splitlines(keepends=True)
    journals = {}
    for line in lines:
        journals.setdefault(line.split(b"\t")[0].decode(), []).append(line)
    dossier.configure('[ledger]\nfiles = ["input/*.zip"]\n')
    dossier.write("input/fecs.zip", zipped({f"{name}.txt": head + b"".join(found) for name, found in journals.items()}))
    assert opens(dossier) == {"F001": "1000.00", "F002": "240.00"}
