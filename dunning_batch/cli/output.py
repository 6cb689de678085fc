"""Where a result goes: stdout, or the file of `-o`."""

import sys
from pathlib import Path

from dunning_batch.files import write_file


def put(result: bytes, target: Path | None) -> None:
    """Write a result to stdout (as bytes: UTF-8 whatever the console), or whole into a file. Raises OutputError."""
    if target is not None:
        write_file(target, result)
        return
    sys.stdout.flush()
    stream = sys.stdout.buffer
    stream.write(result)
    stream.flush()
