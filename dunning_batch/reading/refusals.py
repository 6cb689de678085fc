"""What is said of a file that no reader takes: what was seen, what is expected, what to do (fault 1)."""

import re
from collections.abc import Sequence
from pathlib import Path

from dunning_batch.errors import Problem, Source, msg
from dunning_batch.reading.encodings import HEAD
from dunning_batch.reading.xml_guard import outermost

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def refusal(path: Path, shown: str, candidates: Sequence[str]) -> Problem:
    """The error for a file of which there is not exactly one reader."""
    source = Source(shown)
    if candidates:
        text = msg("Several readers take this file: {readers}. Name one under [ledger] format.",
                   readers=", ".join(candidates))  # fmt: skip
        return Problem("several_readers", text, "error", source)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        return Problem("empty_file", msg("The file is empty: export the FEC again."), "error", source)
    if head.startswith((_ZIP, _OLE)):
        text = msg('This is a workbook, and [ledger] format takes FECs only: write format = "auto", or export the FEC.')
        return Problem("workbook_ledger", text, "error", source)
    if (name := outermost(head)) is not None:
        text = msg(
            "This XML is no FEC: its outermost element is {name}. That of a FEC is comptabilite. Export it from the "
            "accounting package (export for the tax office), or take the file out of [ledger] files.",
            name=name or "?",
        )
        return Problem("xml_ledger", text, "error", source)
    seen = re.split(r"[\r\n]", head.decode("utf-8", errors="replace").strip(), maxsplit=1)[0][:60]
    text = msg(
        "This is no FEC: its first line begins {seen}. A FEC begins with JournalCode, JournalLib, EcritureNum, ... "
        "separated by tabs or bars. Export it from the accounting package (export for the tax office).",
        seen="".join(sign if sign.isprintable() else "?" for sign in seen),
    )
    return Problem("no_fec", text, "error", source)
