"""Columns of bytes -> columns of text: decoded, trimmed, without signs that cannot be seen (faults 4, 5, 21)."""

import re
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_EDGES = np.zeros(256, bool)  # bytes that may begin or end a blank or a quoted field, in UTF-8
_EDGES[[*range(33), ord('"'), *range(0x80, 0x8B), 0x85, 0x9F, 0xA0, 0xA8, 0xA9, 0xAF, 0xC2]] = True
_EDGES[[0xE1, 0xE2, 0xE3, 0xEF]] = True
_EDGE_BYTES = bytes(np.flatnonzero(_EDGES).tolist())
_QUOTED = r'(?s)^"((?:[^"]|"")*)"$'
_QUOTED_TEXT = re.compile(_QUOTED)

# Signs that change how a text is shown or break a workbook: controls, line separators, directions, joiners of nothing.
_BLANKS = r"[\t\n\x0b\x0c\r\x{85}\x{2028}\x{2029}]"
_UNSEEN = (
    r"[\x00-\x08\x0e-\x1f\x7f\x{80}-\x{84}\x{86}-\x{9f}\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}"
    r"\x{61c}\x{feff}\x{fff9}-\x{fffb}]"
)
_CONTROL_BYTES = bytes([*range(9), *range(10, 32), 127])  # a tab is but a blank
_LEAD_BYTES = b"\xc2\xd8\xe2\xef"
_UNSEEN_LEADS = (b"\xe2\x80", b"\xe2\x81", b"\xd8\x9c", b"\xef\xbb\xbf", b"\xef\xbf")


def bytes_of(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where each text begins (one more: where the last ends) and the bytes of all, of a binary or string column."""
    _, offsets, data = column.buffers()
    if not len(column):
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    begins = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    whole = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return begins - begins[0], whole[begins[0] : begins[-1]]


def decoded(column: pa.Array, encoding: str) -> pa.Array:
    """A binary column as text. UTF-8 must be valid."""
    offsets, data = bytes_of(column)
    if encoding == "utf-8" or not len(data) or int(data.max()) < 0x80:
        return column.view(pa.string())
    text = data.tobytes().decode(encoding, errors="replace").encode()
    grown = np.zeros(len(data) + 1, np.int32)
    np.cumsum(_growth(encoding)[data], out=grown[1:])
    begins = np.ascontiguousarray(offsets + grown[offsets], np.int32)
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(begins), pa.py_buffer(text))


@lru_cache
def _growth(encoding: str) -> np.ndarray:
    """How many bytes more each byte of a one-byte encoding takes in UTF-8."""
    signs = (bytes([byte]).decode(encoding, errors="replace") for byte in range(256))
    return np.array([len(sign.encode()) - 1 for sign in signs], np.int32)


def unquoted(text: str) -> str:
    """A field that is quoted as a whole, without its quotes; any other quote is part of the text (fault 4)."""
    found = _QUOTED_TEXT.match(text)
    return found[1].replace('""', '"').strip() if found else text


def trimmed(column: pa.Array) -> pa.Array:
    """Without blanks around, and without quotes around a field that is quoted as a whole."""
    if not _may_need_trimming(column):
        return column
    column = pc.utf8_trim_whitespace(column)
    if pc.any(pc.starts_with(column, '"')).as_py():
        inner = pc.replace_substring_regex(column, _QUOTED, r"\1")
        bare = pc.utf8_trim_whitespace(pc.replace_substring(inner, '""', '"'))
        column = pc.if_else(pc.not_equal(inner, column), bare, column)
    return column


def _may_need_trimming(column: pa.Array) -> bool:
    offsets, data = bytes_of(column)
    text = data.tobytes()
    if len(text.translate(None, _EDGE_BYTES)) == len(text):
        return False
    filled = offsets[1:] > offsets[:-1]
    first, last = offsets[:-1][filled], offsets[1:][filled] - 1
    return bool(_EDGES[data[first]].any() or _EDGES[data[last]].any())


def seen(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Without the signs that cannot be seen, and the rows that had some."""
    if not _may_hide_something(column):
        return column, np.zeros(0, np.int64)
    clean = pc.replace_substring_regex(pc.replace_substring_regex(column, _BLANKS, " "), _UNSEEN, "")
    tabs = pc.replace_substring(column, "\t", " ")
    return trimmed(clean), np.flatnonzero(pc.not_equal(clean, tabs).to_numpy(zero_copy_only=False))


def _may_hide_something(column: pa.Array) -> bool:
    data = bytes_of(column)[1].tobytes()
    if len(data.translate(None, _CONTROL_BYTES)) != len(data) or b"\t" in data:
        return True
    if len(data.translate(None, _LEAD_BYTES)) == len(data):
        return False
    return any(lead in data for lead in _UNSEEN_LEADS) or _has_c1(data)


def _has_c1(data: bytes) -> bool:
    return re.search(rb"\xc2[\x80-\x9f]", data) is not None
