"""Files that are whole or not there, and what is no file at all."""

import os

import pytest

from dunning_batch.errors import OutputError
from dunning_batch.files import write_file
from tests.dossiers import make_dossier
from tests.faults.mailed import DAY, ledger, people


@pytest.fixture
def pipe(tmp_path):
    """A pipe, and what came through it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    yield path, lambda: os.read(descriptor, 65536)
    os.close(descriptor)


def test_what_is_no_file_is_written_into_and_stays(tmp_path, pipe):
    """`-o /dev/null`, typed by the administrator of a computer, would take it away from everybody."""
    path, received = pipe
    write_file(path, b"data")
    assert received() == b"data"
    assert path.is_fifo()
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_what_is_no_file_leads_there(tmp_path, pipe):
    path, received = pipe
    link = tmp_path / "link"
    link.symlink_to(path)
    write_file(link, b"data")
    assert received() == b"data"
    assert link.is_symlink()


def test_a_file_is_replaced_and_a_folder_is_not(tmp_path):
    file = tmp_path / "a.txt"
    for data in (b"one", b"two"):
        write_file(file, data)
        assert file.read_bytes() == data
    with pytest.raises(OutputError):
        write_file(tmp_path, b"x")
    assert list(tmp_path.iterdir()) == [file]


def test_a_result_goes_into_a_pipe(tmp_path, pipe):
    path, received = pipe
    one = make_dossier(tmp_path / "dossier", ledger("DUPONT"), "", people("DUPONT"))
    assert one.run(f"status {DAY} --format csv -o {path}").code == 0
    assert b"F-DUPONT" in received()
    assert path.is_fifo()
