"""What is said of a file that no reader takes (fault 1)."""

import pytest

from dunning_batch.reading.refusals import refusal


def refused(folder, data, candidates=()):
    path = folder / "a.txt"
    path.write_bytes(data)
    problem = refusal(path, "input/a.txt", candidates)
    assert (problem.severity, problem.source.file) == ("error", "input/a.txt")
    return problem.code, dict(problem.message.values)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n"])
def test_an_empty_file(tmp_path, data):
    assert refused(tmp_path, data)[0] == "empty_file"


def test_something_else_is_shown_as_it_begins(tmp_path):
    code, values = refused(tmp_path, "Balance générale\x07\tà fin 2026\r\n411000;12,00".encode())
    assert (code, values["seen"]) == ("no_fec", "Balance générale??à fin 2026")
    assert len(refused(tmp_path, b"x" * 500)[1]["seen"]) == 60


def test_several_readers_are_listed(tmp_path):
    assert refused(tmp_path, b"x", ["FEC", "list"]) == ("several_readers", {"readers": "FEC, list"})
