"""The lines of a text file as a stream that pyarrow parses, with the numbers they have in the file (fault 6)."""

import codecs
import io
import re
from collections.abc import Iterator

import numpy as np

from dunning_batch.reading.encodings import Content, blocks

_LINE_END = re.compile(rb"\r\n|\n|\r(?=[^\n])")
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])  # but tab, CR and LF


class Lines(io.RawIOBase):
    """The bytes of a file after its byte order mark.

    Tidied, blank lines and control characters are taken out and every line ends with LF; UTF-16 becomes UTF-8. `blank`
    then holds the numbers of the lines that were taken out.
    """

    def __init__(self, content: Content, header: bytes, *, tidy: bool) -> None:
        """A stream over the whole file, with that line in the place of its first one."""
        self._content, self._header = content, header + b"\n"
        self._plain = not (tidy or content.has_controls or content.encoding.startswith("utf-16"))
        self._blocks = self._with_header(blocks(content.path, content.bom) if self._plain else self._tidied())
        self._rest = b""
        self.blank: list[int] = []
        self.controls = 0

    @property
    def encoding(self) -> str:
        """The encoding of the stream."""
        return "utf-8" if self._content.encoding.startswith("utf-16") else self._content.encoding

    @property
    def is_tidied(self) -> bool:
        """Blank lines were taken out."""
        return not self._plain

    def readable(self) -> bool:
        """It is read, and nothing else."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; empty at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        if size < 0:
            taken, self._rest = self._rest + b"".join(self._blocks), b""
        else:
            taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _with_header(self, given: Iterator[bytes]) -> Iterator[bytes]:
        """The header names the columns by their place: pyarrow takes their number from it."""
        yield self._header
        first = b""
        for block in given:
            first += block
            if end := _LINE_END.search(first):
                yield first[end.end() :]
                break
        yield from given

    def _tidied(self) -> Iterator[bytes]:
        number, rest = 1, b""
        for block in self._texts():
            *lines, rest = (
                (rest + block).replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
            )
            yield self._kept(lines, number)
            number += len(lines)
        if rest:
            yield self._kept([rest], number)

    def _texts(self) -> Iterator[bytes]:
        """Blocks that end between two line ends, never inside CR CR LF."""
        decoder = (
            codecs.getincrementaldecoder(self._content.encoding)() if self.encoding != self._content.encoding else None
        )
        held = b""
        for block in blocks(self._content.path, self._content.bom):
            text = held + (decoder.decode(block).encode() if decoder else block)
            cut = len(text.rstrip(b"\r"))
            held = text[cut:]
            yield text[:cut]
        yield held

    def _kept(self, lines: list[bytes], first: int) -> bytes:
        kept = []
        for number, line in enumerate(lines, first):
            clean = line.translate(None, _CONTROLS)
            self.controls += len(clean) != len(line)
            if clean.strip():
                kept.append(clean)
            else:
                self.blank.append(number)
        return b"".join(line + b"\n" for line in kept)


def line_numbers(count: int, first: int, taken_out: list[int]) -> np.ndarray:
    """The numbers in the file of the lines that were parsed, in order.

    Args:
        count: How many were parsed.
        first: The number of the first line that could be one.
        taken_out: Numbers of lines that stand among them and were not parsed, sorted.
    """
    numbers = np.arange(first, first + count, dtype=np.int64)
    if taken_out:
        holes = np.array(taken_out, np.int64) - np.arange(len(taken_out))
        numbers += np.searchsorted(holes, numbers, side="right")
    return numbers
