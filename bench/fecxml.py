"""A FEC in XML, read by the program and walked by lxml's iterparse alone: time, and memory at two sizes.

    python -m bench.fecxml                   # 1,000,000 lines: a few minutes
    python -m bench.fecxml --lines 100000

Each pair runs in turn, as whole processes; the ratio is the median of the ratios pair by pair.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from bench.ledgers import HEADER, many_lines
from dunning_batch.core.ledger import LedgerRules
from dunning_batch.reading.fecxml import FecXmlReader

_HEADS = ("EcritureNum", "EcritureDate", "EcritureLib", "PieceRef", "PieceDate", "EcritureLet", "DateLet", "ValidDate")
_LINE = ("CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "Debit", "Credit")


def xml_lines(count: int) -> Iterator[str]:
    """The ledger of bench/ledgers.py as XML: a journal begins wherever it changes."""
    names = HEADER.split("|")
    lines = (dict(zip(names, text.split("|"), strict=True)) for text in many_lines(count, seed=1))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<comptabilite>\n<exercice>\n<DateCloture>2025-12-31</DateCloture>\n'
    for (code, label), of_journal in groupby(lines, lambda line: (line["JournalCode"], line["JournalLib"])):
        yield f"<journal>\n<JournalCode>{code}</JournalCode>\n<JournalLib>{label}</JournalLib>\n"
        for _, group in groupby(of_journal, lambda line: (line["EcritureNum"], line["PieceRef"])):
            entry = list(group)
            yield "<ecriture>\n" + "".join(element(name, entry[0][name]) for name in _HEADS)
            for line in entry:
                yield "<ligne>\n" + "".join(element(name, line[name]) for name in _LINE) + "</ligne>\n"
            yield "</ecriture>\n"
        yield "</journal>\n"
    yield "</exercice>\n</comptabilite>\n"


def element(name: str, text: str) -> str:
    """One element with its text, a line of its own."""
    if name in {"Debit", "Credit"}:
        text = text.replace(",", ".")
    elif name in {"EcritureDate", "PieceDate", "DateLet", "ValidDate"} and text:
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return f"<{name}>{escape(text)}</{name}>\n" if text else ""


def ours(path: Path) -> int:
    """The program's reader."""
    return len(FecXmlReader().read(path, path.name, LedgerRules(), {}).lines)


def floor(path: Path) -> int:
    """Every element, and nothing done with it."""
    count = 0
    for _, found in etree.iterparse(path):
        count += 1
        found.clear()
    return count


def measured(kind: str, path: Path) -> tuple[float, float, float]:
    """Seconds, seconds of all processors, and megabytes of a process of its own, without its start."""
    command = [sys.executable, "-m", "bench.fecxml", "--one", kind, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds, busy, megabytes = map(float, done.stdout.split())
    return seconds, busy, megabytes


def measure(kind: str, path: Path) -> None:
    """Run one of them, and say what it took."""
    start, busy = time.perf_counter(), time.process_time()
    {"ours": ours, "floor": floor}[kind](path)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - start, time.process_time() - busy, megabytes)


def main() -> None:
    """Measure pairs; or one of them, for a pair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--one", nargs=2)
    options = parser.parse_args()
    if options.one:
        measure(options.one[0], Path(options.one[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        for count in (options.lines // 4, options.lines):
            path = Path(folder) / f"{count}.xml"
            with path.open("w", encoding="utf-8") as file:
                file.writelines(xml_lines(count))
            pairs = [(measured("ours", path), measured("floor", path)) for _ in range(options.pairs)]
            wall, busy = (statistics.median(mine[of] / theirs[of] for mine, theirs in pairs) for of in (0, 1))
            mine, theirs = pairs[-1]
            print(
                f"{count} lines: {mine[0]:.1f} s, iterparse {theirs[0]:.1f} s, ratio {wall:.2f} "
                f"({busy:.2f} of what the processors did), {mine[2]:.0f} MB"
            )


if __name__ == "__main__":
    main()
