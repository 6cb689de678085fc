"""Damages ledgers in every way that is cheap to think of: none may end in anything but a ledger that adds up, or a refusal.

    python -m bench.fuzz                            # ten minutes
    python -m bench.fuzz --minutes 1 --seed 5000    # from another seed
    python -m bench.fuzz --only 5123                # one case again

A case is its seed: it chooses a layout of `tests/reading/layouts` or a FEC, and what is done to it. Whatever is not
refused must satisfy rule B8, and what only looks otherwise (columns or rows of a table in another order, blank rows, headings
again, another encoding) must not change what anybody owes. The first failure stops it, under its seed.
"""

import argparse
import csv
import faulthandler
import io
import itertools
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from bench.damages import ON_BYTES, ON_ROWS, Rows
from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.openitems import Settlement
from dunning_batch.core.paidlists import settle_paid
from dunning_batch.core.settling import settle
from dunning_batch.errors import InputError
from dunning_batch.reading.reader import read_ledger
from tests.dossiers import fec_bytes
from tests.reading.books import saved, zipped
from tests.reading.layouts import LAYOUTS, REFUSED
from tests.reading.xmlfecs import xml_of

_TABLE = 5  # headings in its first row: it is a table
SLOW = 20  # seconds for one small file: it hangs
_FEC = """
jnl | date       | customer | piece | debit   | credit | let | counter
AN  | 2026-01-01 | DUPONT   | F900  | 40.00   |        | A   | 890
VE  | 2026-01-15 | DUPONT   | F001  | 1000.00 |        | A   | 707
VE  | 2026-01-16 | MARTIN   | F002  | 240.50  |        |     | 707
BQ  | 2026-02-10 | DUPONT   |       |         | 900.00 | A   | 512
BQ  | 2026-02-11 | MARTIN   |       |         | 40.50  |     | 512
"""


@dataclass(frozen=True)
class Sample:
    """A whole file before it is damaged."""

    name: str
    file: str
    data: bytes
    separator: str = ""  # of a text
    encoding: str = "utf-8"

    @property
    def has_rows(self) -> bool:
        """Whether its rows can be changed, not only its bytes."""
        return bool(self.separator) or self.file.endswith(".xlsx")


def samples() -> list[Sample]:
    """Every layout, and FECs in some dialects."""
    whole = [_sample(one.name, one.file, one.make()) for one in (*LAYOUTS, *REFUSED)]
    name = "123456782FEC20261231.txt"
    return [
        *whole,
        Sample("FEC, tabs", name, fec_bytes(_FEC), "\t"),
        Sample("FEC, bars", name, fec_bytes(_FEC, "|", "\n", "cp1252"), "|", "cp1252"),
        Sample("FEC, zipped", "fec.zip", zipped(**{name: fec_bytes(_FEC)})),
        Sample("FEC, XML", "123456782FEC20261231.xml", xml_of(_FEC)),
        Sample("FEC, semicolons", name, fec_bytes(_FEC, ";", "\r\n", "utf-8-sig"), ";", "utf-8-sig"),
    ]


def _sample(name: str, file: str, data: bytes) -> Sample:
    if not file.endswith((".csv", ".txt")):
        return Sample(name, file, data)
    try:
        head, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        head, encoding = data.decode("cp1252"), "cp1252"
    return Sample(name, file, data, max("\t;,|", key=head.count), encoding)


def rows_of(sample: Sample) -> Rows:
    """The cells of a file."""
    if sample.separator:
        lines = sample.data.decode(sample.encoding).splitlines()
        return [list(row) for row in csv.reader(lines, delimiter=sample.separator)]
    sheet = openpyxl.load_workbook(io.BytesIO(sample.data)).active
    assert sheet is not None
    return [list(values) for values in sheet.iter_rows(values_only=True)]


def with_rows(sample: Sample, rows: Rows) -> bytes:
    """A file like the sample with other cells."""
    if sample.separator:
        file = io.StringIO()
        csv.writer(file, delimiter=sample.separator).writerows(rows)
        return file.getvalue().encode(sample.encoding, errors="replace")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def encode(sample: Sample, rng: random.Random) -> bytes:
    """The same text in another encoding, with other line ends."""
    text = sample.data.decode(sample.encoding).replace("\r\n", rng.choice(("\n", "\r\n", "\r", "\r\r\n")))
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16")), errors="replace")


_SAME = frozenset({"swap_columns", "shuffle_rows", "repeat_headings", "blank_rows", "encode"})  # for a table


@dataclass(frozen=True)
class Case:
    """One damaged file."""

    seed: int
    sample: Sample
    done: str
    data: bytes

    def __str__(self) -> str:
        """As printed."""
        return f"seed {self.seed}: {self.sample.name}, {self.done}"


def case_of(seed: int, all_samples: Sequence[Sample]) -> Case:
    """The case of a seed."""
    rng = random.Random(seed)
    sample = rng.choice(all_samples)
    if sample.has_rows and rng.random() < 0.7:
        change = rng.choice(ON_ROWS)
        return Case(seed, sample, change.__name__, with_rows(sample, change(rows_of(sample), rng)))
    if sample.separator and rng.random() < 0.3:
        return Case(seed, sample, "encode", encode(sample, rng))
    damage = rng.choice(ON_BYTES)
    return Case(seed, sample, damage.__name__, damage(sample.data, rng))


def read(folder: Path, name: str, data: bytes) -> Settlement | None:
    """What is owed by a file; None if it is refused."""
    path = folder / name
    path.write_bytes(data)
    try:
        ledger = read_ledger([path], folder, LedgerRules(), {}, "")
        if ledger.accounting == "cash":
            settled = settle_paid(ledger, {}, "30 days")
        else:
            settled = settle(ledger, LedgerRules(), {}, "30 days")
    except InputError as error:
        if not error.problems:
            raise
        return None
    finally:
        path.unlink()
    by_customer = ledger.lines.groupby("customer", observed=True)["amount"].sum().to_dict()
    for one in settled.balances:
        owed = one.open - one.unallocated + one.lettered_elsewhere + one.settled_differences
        assert owed == one.balance, f"rule B8: {one}"
        assert ledger.accounting == "cash" or by_customer[one.code] == one.balance, f"lines do not add up: {one}"
    assert sum(one.open for one in settled.items) == sum(one.open for one in settled.balances)
    assert all(one.open > 0 and one.amount >= one.open for one in settled.items)
    return settled


def is_table(sample: Sample) -> bool:
    """Whether the headings stand in the first row: in a print, titles and values have their places in columns too."""
    return sample.has_rows and len([cell for cell in rows_of(sample)[0] if cell]) >= _TABLE


def owed(settled: Settlement) -> list[tuple[str, int]]:
    """Who owes what."""
    return sorted((one.code, one.balance) for one in settled.balances)


def check(case: Case, folder: Path) -> None:
    """Raises if the case ends in anything but a ledger that adds up, or a refusal."""
    started = time.perf_counter()
    settled = read(folder, case.sample.file, case.data)
    assert time.perf_counter() - started < SLOW, "it took too long"
    if settled and case.done in _SAME and is_table(case.sample):
        whole = read(folder, case.sample.file, case.sample.data)
        assert not whole or owed(settled) == owed(whole), "it only looks otherwise, and others owe"


def main() -> None:
    """Run cases until the time is over, or one fails."""
    parser = argparse.ArgumentParser(description="Damage ledgers until the time is over.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--only", type=int, help="this seed alone")
    options = parser.parse_args()
    all_samples = samples()
    seeds = itertools.count(options.seed) if options.only is None else iter((options.only,))
    end = time.monotonic() + options.minutes * 60
    cases = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in itertools.takewhile(lambda _: time.monotonic() < end, seeds):
            case = case_of(seed, all_samples)
            print(f"\r{case}".ljust(100), end="", flush=True)  # stands above the traceback of a case that fails
            faulthandler.dump_traceback_later(3 * SLOW, exit=True)  # for what hangs outside of Python
            check(case, Path(folder))
            cases += 1
    faulthandler.cancel_dump_traceback_later()
    print(f"\r{cases} cases, none failed".ljust(100))


if __name__ == "__main__":
    main()
