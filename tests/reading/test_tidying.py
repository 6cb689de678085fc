"""The lines of a text file and their numbers (fault 6)."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dunning_batch.reading import encodings
from dunning_batch.reading.encodings import examine, presumed
from dunning_batch.reading.tidying import Lines, has_odd_ends, line_numbers


def stream(path, data, **how):
    path.write_bytes(data)
    return Lines(examine(path, "a.txt"), b"HEAD", **{"noting": True} | how)


@pytest.mark.parametrize(
    ("data", "blank", "count"),
    [
        (b"h\na\nb\n", [], 3),
        (b"h\r\na\r\nb", [], 3),
        (b"h\ra\rb\r", [], 3),
        (b"h\r\r\na\r\r\nb\r\r\n", [2, 4, 6], 6),
        (b"h\n\n\na\n", [2, 3], 4),
        (b"\n\nh\na\n", [1, 2], 4),
        (b"h\na\n\r\nb\n\n", [3, 5], 5),
    ],
)
def test_lines_and_blank_ones_are_counted(tmp_path, data, blank, count):
    lines = stream(tmp_path / "a.txt", data)
    text = lines.read()
    assert text.startswith(b"HEAD\n")
    assert b"h" not in text
    assert (lines.blank.tolist(), lines.count) == (blank, count)


def test_nul_bytes_are_left_out_and_counted(tmp_path):
    lines = stream(tmp_path / "a.txt", b"h\na\0b\0\n")
    assert (lines.read(), lines.nul_bytes) == (b"HEAD\nab\n", 2)


def test_other_encodings_become_utf8_where_asked(tmp_path):
    data = "h\nété à Lyon, façade\n".encode("iso8859-15")
    assert "été" in stream(tmp_path / "a.txt", data, transcoded=True).read().decode()
    assert stream(tmp_path / "a.txt", data).encoding == "iso8859-15"


def test_a_stream_is_read_in_pieces_of_any_size(tmp_path):
    data = b"h\r\n" + b"line\r\n" * 50
    whole = stream(tmp_path / "a.txt", data).read()
    pieces, lines = [], stream(tmp_path / "a.txt", data)
    while piece := lines.read(7):
        pieces.append(piece)
    assert b"".join(pieces) == whole
    assert lines.readable()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
@pytest.mark.parametrize("last", [b"", b"not ended"])
def test_no_block_of_lines_ends_within_one(tmp_path, monkeypatch, size, end, last):
    monkeypatch.setattr(encodings, "BLOCK", size)
    rest = end.join([b"a", b"", b"quite a long line", b"b", last])
    blocks = list(stream(tmp_path / "a.txt", b"h" + end + rest).whole_lines())
    assert b"".join(blocks).lstrip(b"\r\n") == rest  # of CR CR LF, the first line ends with the first sign
    assert all(block.endswith((b"\n", b"\r")) for block in blocks[:-1])
    assert len(blocks) > 1 or size == 1000


@pytest.mark.parametrize("size", [1 << 16, 1 << 20])
def test_a_line_without_end_is_not_gathered_up_to_the_end_of_the_file(tmp_path, monkeypatch, size):
    path = tmp_path / "a.txt"
    path.write_bytes(b"h\na\n" + b"x" * (1 << 22))
    monkeypatch.setattr(encodings, "BLOCK", size)
    lines = Lines(presumed(path, "a.txt", b"h\na\n"), b"HEAD", noting=False)
    with pytest.raises(pa.ArrowInvalid):
        list(lines.whole_lines())
    assert sum(len(block) for block in lines._blocks) > 1 << 20  # which were left alone


@pytest.mark.parametrize(
    ("data", "count"),
    [(b"h\na\nb\n", 3), (b"h\na", 2), (b"h\r\na\r\n", 2), (b"h\r\na\n", -1)],
)
def test_without_noting_lines_are_counted_where_all_end_alike(tmp_path, data, count):
    lines = stream(tmp_path / "a.txt", data, noting=False)
    lines.read()
    assert lines.count == count


@given(st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n"]), max_size=30))
@settings(max_examples=60, deadline=None)
def test_the_numbers_are_those_of_an_editor(tmp_path_factory, parts):
    data = b"h\n" + b"".join(parts)
    lines = stream(tmp_path_factory.mktemp("x") / "a.txt", data)
    lines.read()
    split = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    split = split[:-1] if not split[-1] else split
    assert lines.count == len(split)
    assert lines.blank.tolist() == [number for number, line in enumerate(split, 1) if not line]


@pytest.mark.parametrize(
    ("head", "odd"),
    [(b"a\nb\n", False), (b"a\r\nb\r\n", False), (b"a\r\r\nb", True), (b"a\n\nb", True), (b"\na", True)],
)
def test_odd_ends_are_seen(head, odd):
    assert has_odd_ends(head) == odd


@given(st.sets(st.integers(1, 40), max_size=10), st.integers(1, 60))
def test_numbers_pass_over_what_was_taken_out(taken, most):
    kept = [number for number in range(1, most + 60) if number not in taken][:most]
    found = line_numbers(np.arange(1, most + 1), np.array(sorted(taken), np.int64))
    assert found.tolist() == kept
