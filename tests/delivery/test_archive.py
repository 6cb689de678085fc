"""Delivery by zip: whole files or none, the same bytes each time (faults 61, 64, 66, 70; S11)."""

import hashlib
import io
import os
import stat
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from dunning_batch.delivery.archive import Parcel, ZipDelivery
from dunning_batch.errors import OutputError
from dunning_batch.language import language
from tests.documents.letters import reminder

DAY = date(2026, 11, 24)


def parcels(*levels):
    return [
        Parcel(replace(reminder(level), id=f"id{rank}"), f"C{rank}-{level}.pdf", f"{rank:03}-C{rank}-{level}.pdf",
               f"%PDF letter {rank}".encode())
        for rank, level in enumerate(levels, 1)
    ]  # fmt: skip


def deliver(folder, letters, *, print_file=True):
    with ZipDelivery(folder, DAY, language("fr")) as delivery:
        if print_file:
            delivery.print_file().write(b"%PDF all")
        outcomes = [delivery.deliver(letter) for letter in letters]
        return outcomes, delivery.finish()


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_letters_zip_and_print_file_are_written_with_their_digests(tmp_path):
    outcomes, written = deliver(tmp_path, parcels(1, 2))
    found = content(tmp_path)
    assert set(found) == {"letters/C1-1.pdf", "letters/C2-2.pdf", "letters.zip", "print.pdf"}
    assert {one.path: one.sha256 for one in written} == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items()
    }
    assert [(one.reminder, one.result, one.document, one.recipient) for one in outcomes] == [
        ("id1", "delivered", "letters/C1-1.pdf", "Dupont & Fils SARL"),
        ("id2", "delivered", "letters/C2-2.pdf", "Dupont & Fils SARL"),
    ]


def test_the_zip_holds_the_letters_in_postal_order_with_fixed_dates(tmp_path):
    letters = parcels(1, 4, 2)
    deliver(tmp_path, letters)
    with zipfile.ZipFile(tmp_path / "letters.zip") as archive:
        assert archive.testzip() is None
        members = archive.infolist()
        assert [member.filename for member in members] == [letter.zip_name for letter in letters]
        assert {member.date_time for member in members} == {(2026, 11, 24, 12, 0, 0)}
        assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}
        assert [archive.read(member) for member in members] == [letter.pdf for letter in letters]


def test_the_same_letters_make_the_same_zip(tmp_path):
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        deliver(tmp_path / name, parcels(1, 2, 3))
        made.append(content(tmp_path / name))
    assert made[0] == made[1]


def test_registered_letters_are_in_the_zip_and_in_a_list(tmp_path):
    _, written = deliver(tmp_path, parcels(1, 4))
    assert written[-1].path == "registered.xlsx"
    assert len(zipfile.ZipFile(tmp_path / "letters.zip").namelist()) == 2


def test_without_letters_nothing_is_written(tmp_path):
    assert deliver(tmp_path, [])[1] == ()
    assert content(tmp_path) == {}


def test_70_a_delivery_that_is_cut_leaves_no_zip(tmp_path):
    """What fault 70 asks."""
    with pytest.raises(KeyboardInterrupt), ZipDelivery(tmp_path, DAY, language("fr")) as delivery:  # noqa: PT012
        delivery.print_file().write(b"%PDF")
        delivery.deliver(parcels(1)[0])
        raise KeyboardInterrupt
    assert set(content(tmp_path)) == {"letters/C1-1.pdf"}


@pytest.mark.parametrize("place", ["letter", "zip", "print", "end"])
def test_66_a_full_disk_is_an_error_of_output_and_leaves_no_zip(tmp_path, monkeypatch, place):
    """What fault 66 asks."""
    full = OSError(28, "No space left on device")

    def fail(*_args, **_options):
        raise full

    with pytest.raises(OutputError) as caught, ZipDelivery(tmp_path, DAY, language("fr")) as delivery:  # noqa: PT012
        printed = delivery.print_file()
        if place == "letter":
            monkeypatch.setattr(os, "fdopen", fail)
        if place == "zip":
            monkeypatch.setattr(zipfile.ZipFile, "writestr", fail)
        if place == "print":
            printed.file.close()
            monkeypatch.setattr(printed, "file", Failing(full))
            printed.write(b"x")
        delivery.deliver(parcels(1)[0])
        if place == "end":
            monkeypatch.setattr(os, "fsync", fail)
        delivery.finish()
    assert "No space left" in str(dict(caught.value.problems[0].message.values))
    assert not [name for name in content(tmp_path) if name.endswith((".zip", ".part", "print.pdf"))]


class Failing(io.BytesIO):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, _data):
        raise self.error


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_118_only_the_owner_may_read_what_is_written(tmp_path):
    deliver(tmp_path, parcels(4))
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
