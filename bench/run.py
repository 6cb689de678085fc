"""Measures dunning-batch against the library's floor, as whole processes, in one run.

    python bench/run.py             # about four minutes
    python bench/run.py --quick     # small sizes: does it run?

Each pair runs in turn (ours, floor, ours, floor, ...); the ratio is the median of the ratios pair by pair.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CONFIG = """[creditor]
name = "Atelier Exemple SARL"
address = ["12 rue des Lilas", "69003 LYON"]
siren = "123456782"
iban = "FR7630006000011234567890189"
"""


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds on the clock and of the processor, and its largest size in MB."""

    wall: float
    cpu: float
    peak: float


def measured(command: Sequence[str], cores: set[int] | None = None) -> Cost:
    """Run a command; it must succeed."""

    def pin() -> None:
        if cores:
            os.sched_setaffinity(0, cores)

    # As installed: compiled once.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=pin,  # noqa: PLW1509 - no thread runs here
        env=environment,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 5):
        sys.exit(f"{' '.join(command)}: {process.returncode}: {said.decode()[-500:]}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def ours(dossier: Path, *arguments: str) -> list[str]:
    """The command line of the program on a dossier."""
    return [sys.executable, "-m", "dunning_batch", "--config", str(dossier / "config.toml"), "-q", *arguments]


def pairs(one: Callable[[], Cost], floor: Callable[[], Cost], count: int) -> list[tuple[Cost, Cost]]:
    """So many pairs, after one of each that does not count."""
    one(), floor()
    return [(one(), floor()) for _ in range(count)]


def report(what: str, found: list[tuple[Cost, Cost]], aim: float, memory: float | None = None) -> None:
    """One line: ours, the floor, the ratio and the aim; the processor's time too, for machines that do other things."""
    wall = [statistics.median(cost.wall for cost in side) for side in zip(*found, strict=True)]
    cpu = [statistics.median(cost.cpu for cost in side) for side in zip(*found, strict=True)]
    peak = [statistics.median(cost.peak for cost in side) for side in zip(*found, strict=True)]
    ratio = statistics.median(a.wall / b.wall for a, b in found)
    size = statistics.median(a.peak / b.peak for a, b in found)
    met = ratio <= aim and (memory is None or size <= memory)
    line = f"{what}: {wall[0]:.2f} s / {wall[1]:.2f} s = {ratio:.2f} (aim {aim:g})"
    line += f"; processor {cpu[0]:.2f} / {cpu[1]:.2f} s"
    line += f"; peak {peak[0]:.0f} / {peak[1]:.0f} MB = {size:.2f}" + (f" (aim {memory:g})" if memory else "")
    print(line, "met" if met else "NOT MET", sep="; ", flush=True)


def new_dossier(folder: Path, *ledger: str) -> Path:
    """A dossier with a generated ledger."""
    (folder / "input").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    subprocess.run(
        [sys.executable, str(HERE / "ledgers.py"), str(folder / "input" / "ledger.txt"), *ledger], check=True
    )
    return folder


def status(folder: Path, lines: int, aim: float, count: int) -> None:
    """`status` against pyarrow streaming and filtering the same file."""
    dossier = new_dossier(folder, "--lines", str(lines))
    floor = [sys.executable, str(HERE / "floor_pyarrow.py"), str(dossier / "input" / "ledger.txt")]
    command = ours(dossier, "status", "--as-of", "2026-01-15")
    report(f"status, {lines:,} lines", pairs(lambda: measured(command), lambda: measured(floor), count), aim, 1.3)


def run_of(folder: Path, customers: int, items: int, count: int) -> float:
    """A whole run on one core, into a new output each time; the median of its seconds."""
    dossier = new_dossier(folder, "--customers", str(customers), "--items", str(items))
    costs = []
    for number in range(count):
        config = CONFIG + f'[output]\nfolder = "output-{number}"\n'
        (dossier / "config.toml").write_text(config, encoding="utf-8")
        arguments = ("run", "--by", "zip", "--yes", "--max-letters", "1000000", "--as-of", "2026-01-15")
        costs.append(measured(ours(dossier, *arguments), {0}))
    wall, peak = statistics.median(cost.wall for cost in costs), max(cost.peak for cost in costs)
    met = "met" if wall < 12 and peak < 300 else "NOT MET"
    aim = f"; aim 12 s, 300 MB; {met}" if customers == 1000 else ""
    print(f"run, {customers:,} customers, {items:,} items, one core: {wall:.2f} s, {peak:.0f} MB{aim}", flush=True)
    return wall


def workbook(rows: int, count: int) -> None:
    """The levels workbook against openpyxl writing the same cells."""
    one = [sys.executable, str(HERE / "levels_workbook.py"), "ours", str(rows)]
    floor = [sys.executable, str(HERE / "levels_workbook.py"), "floor", str(rows)]
    report(f"levels workbook, {rows:,} rows", pairs(lambda: measured(one), lambda: measured(floor), count), 1.3)


def help_text(count: int) -> None:
    """`--help` against importing Click."""
    one = [sys.executable, "-m", "dunning_batch", "--help"]
    floor = [sys.executable, "-c", "import click"]
    report("--help", pairs(lambda: measured(one), lambda: measured(floor), count), 2.5)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    quick, count = options.quick, 1 if options.quick else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        help_text(5 * count)
        status(folder / "one", 20_000 if quick else 1_000_000, 2.5, 5 * count)
        status(folder / "five", 50_000 if quick else 5_000_000, 2, count)
        small = run_of(folder / "small", 100 if quick else 1000, 500 if quick else 5000, count)
        large = run_of(folder / "large", 1000 if quick else 10_000, 5000 if quick else 50_000, 1)
        met = "met" if large / small <= 11 else "NOT MET"
        print(f"run, ten times the work: {large / small:.1f} times as long; aim 11; {met}", flush=True)
        workbook(2000 if quick else 50_000, count)


if __name__ == "__main__":
    main()
