"""Where results and messages go: stdout, the file of `-o`, stderr. A reader who leaves stops no command (fault 112)."""

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click


def put(result: bytes, target: Path | None) -> None:
    """Write a result to stdout (as bytes: UTF-8 whatever the console), or whole into a file.

    Raises:
        OutputError: the file cannot be written.
        OSError: stdout cannot be, as its disk is full.
    """
    if target is not None:
        from dunning_batch.files import write_file

        write_file(target, result)
        return
    try:
        sys.stdout.flush()
        stream = sys.stdout.buffer
        stream.write(result)
        stream.flush()
    except OSError as error:
        if not _has_left(error, sys.stdout):
            raise
        forget(sys.stdout)


def _has_left(error: OSError, stream: TextIO) -> bool:
    """The reader of a pipe, or whoever sat at a terminal that is closed (fault 95): neither is a full disk."""
    if isinstance(error, BrokenPipeError):
        return True
    return error.errno == errno.EIO and stat.S_ISCHR(os.fstat(stream.fileno()).st_mode)


def tell(line: str) -> None:
    """A line of the result, on stdout. Raises OSError where its disk is full."""
    put(f"{line}\n".encode(), None)


def warn(line: str) -> None:
    """A line on stderr; where nobody can hear it, the work goes on."""
    try:
        click.echo(line, err=True)
    except OSError:
        forget(sys.stderr)


def forget(stream: TextIO) -> None:
    """The reader left (`| head -1`) or the disk is full: what is buffered must not raise again when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
