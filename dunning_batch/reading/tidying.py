"""The lines of a text file as a stream that pyarrow parses, with the numbers they have in the file (fault 6)."""

import codecs
import io
import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from dunning_batch.reading.encodings import LONGEST_LINE, Content, blocks, pieces

_LINE_END = re.compile(rb"\r\n|\n|\r(?=[^\n])")
_ODD_ENDS = re.compile(rb"\r\r|\n\n|\n\r")
_LF, _CR = 10, 13


class Lines(io.RawIOBase):
    """The bytes of a file after its byte order mark, without NUL bytes, another line in the place of the first one.

    What makes lines: LF, CR, CR LF, each for itself; so CR CR LF is a line and a blank one. pyarrow skips blank lines;
    their numbers are noted if asked for, as they shift all others.
    """

    def __init__(self, content: Content, header: bytes, *, noting: bool, transcoded: bool = False) -> None:
        """A stream over the whole file.

        Args:
            content: The file.
            header: The line in the place of its first one.
            noting: Whether to note blank lines.
            transcoded: Whether the stream is UTF-8 whatever the file is.
        """
        self._content, self._header, self._noting = content, header + b"\n", noting
        self.encoding = "utf-8" if transcoded or content.is_wide else content.encoding
        self._blocks = self._with_header(self._noted(self._without_nul(self._texts())))
        self._rest = b""
        self._feeds = self._returns = self._noted_ends = 0
        self._last = _LF  # the last byte seen
        self._blank: list[np.ndarray] = []
        self.nul_bytes = 0

    @property
    def count(self) -> int:
        """How many lines were read, blank ones and the first one too; -1 if that takes noting."""
        unended = self._last not in (_LF, _CR)
        if self._noting:
            return self._noted_ends + unended
        if not self._feeds or not self._returns:
            return self._feeds + self._returns + unended
        return self._feeds + unended if self._feeds == self._returns else -1

    @property
    def blank(self) -> np.ndarray:
        """The numbers of blank lines, the first line of the file being 1."""
        return np.concatenate(self._blank) if self._blank else np.zeros(0, np.int64)

    def readable(self) -> bool:
        """It is read, and nothing else."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; empty at the end only."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = block
        if size < 0:
            taken, self._rest = self._rest + b"".join(self._blocks), b""
        else:
            taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def whole_lines(self) -> Iterator[bytes]:
        """The lines after the first one, block by block; no block ends within a line, but for the end of the file.

        Raises ArrowInvalid, as a stream of pyarrow does, where a line is longer than any line of a ledger.
        """
        next(self._blocks)
        rest = b""
        for block in self._blocks:
            end = block.rfind(b"\n") + 1 or block.rfind(b"\r") + 1
            if end:
                yield b"".join((rest, memoryview(block)[:end]))
            rest = block[end:] if end else rest + block
            if len(rest) > LONGEST_LINE:
                raise pa.ArrowInvalid("a line is too long")
        if rest:
            yield rest

    def _texts(self) -> Iterator[bytes]:
        given = blocks(self._content.path, self._content.bom)
        if self.encoding == self._content.encoding:
            yield from given
            return
        decoder = codecs.getincrementaldecoder(self._content.encoding)(errors="replace")
        for block in given:
            yield decoder.decode(block).encode()

    def _without_nul(self, given: Iterator[bytes]) -> Iterator[bytes]:
        if not self._content.has_nul:
            yield from given
            return
        for block in given:
            clean = block.translate(None, b"\0")
            self.nul_bytes += len(block) - len(clean)
            yield clean

    def _noted(self, given: Iterator[bytes]) -> Iterator[bytes]:
        for block in given:
            if block:
                self._note_ends(np.frombuffer(block, np.uint8))
            yield block

    def _note_ends(self, block: np.ndarray) -> None:
        if not self._noting:
            for piece in pieces(block):
                self._feeds += int(np.count_nonzero(piece == _LF))
                self._returns += int(np.count_nonzero(piece == _CR))
        else:
            before = np.concatenate([np.array([self._last], np.uint8), block[:-1]])
            ends = np.flatnonzero((block == _CR) | ((block == _LF) & (before != _CR)))
            is_blank = (before[ends] == _LF) | (before[ends] == _CR)
            self._blank.append(self._noted_ends + 1 + np.flatnonzero(is_blank))
            self._noted_ends += len(ends)
        self._last = int(block[-1])

    def _with_header(self, given: Iterator[bytes]) -> Iterator[bytes]:
        yield self._header
        first = b""
        for block in given:
            first = (first + block).lstrip(b"\r\n")
            if end := _LINE_END.search(first):
                yield first[end.end() :]
                break
        yield from given


def has_odd_ends(head: bytes) -> bool:
    """Whether blank lines stand in a beginning, or before it."""
    return _ODD_ENDS.search(head) is not None or head[:1] in (b"\r", b"\n")


def line_numbers(numbers: np.ndarray, taken_out: np.ndarray) -> np.ndarray:
    """The numbers in the file of the n-th lines among those that were not taken out (sorted numbers)."""
    if not len(taken_out):
        return numbers
    holes = taken_out - np.arange(len(taken_out))
    shifted: np.ndarray = numbers + np.searchsorted(holes, numbers, side="right")
    return shifted
