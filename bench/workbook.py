"""A workbook of 200,000 x 12 cells into the ledger table, against calamine alone on the same file, in turn.

    python bench/workbook.py
    python bench/workbook.py --lines 2000 --runs 2      # does it run?

Processor time of this process: the ratio is the median of the ratios pair by pair.
"""

import argparse
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parent.parent))

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.reading.workbook import WorkbookReader

HEADINGS = ("Journal", "Date", "N° écriture", "Compte", "Client", "Nom", "Pièce", "Libellé", "Débit", "Crédit",
            "Lettrage", "Échéance")  # fmt: skip
FIRST = date(2026, 1, 1)


def write(path: Path, lines: int) -> None:
    """An invented ledger: each invoice is a customer's line and one of sales."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Grand livre")
    sheet.append(HEADINGS)
    for number in range(lines // 2):
        customer, amount, day = f"C{number * 7919 % 3000:05d}", (100 + number * 7919 % 900000) / 100, FIRST + timedelta(number % 300)
        piece, label = f"F{number:06d}", f"Facture de {customer}"
        code = "AA" if number % 3 else None
        sheet.append(("VE", day, number, 411000, customer, f"Société {customer}", piece, label, amount, None, code, day + timedelta(30)))
        sheet.append(("VE", day, number, 706000, None, None, piece, label, None, amount, None, None))
    book.save(path)


def floor(path: Path) -> None:
    """Calamine alone: the cells as Python's values."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    assert workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


def ours(path: Path) -> None:
    """The ledger's table."""
    assert len(WorkbookReader().read(path, path.name, LedgerRules(), {}).lines)


def seconds(run: Callable[[Path], None], path: Path) -> float:
    start = time.process_time()
    run(path)
    return time.process_time() - start


def main() -> None:
    """Measure and say it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grand-livre.xlsx"
        write(path, given.lines)
        pairs = [(seconds(ours, path), seconds(floor, path)) for _ in range(given.runs)]
    ratio = statistics.median(one / other for one, other in pairs)
    one, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{given.lines} lines x {len(HEADINGS)}: ours {one:.2f} s, calamine {other:.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
