"""What must hold after every fault, whatever it was: nothing written, nothing raised, one message that helps."""

import json
from collections.abc import Callable

import openpyxl

from tests.dossiers import Done, Dossier

DAY = "--as-of 2026-02-28"
RUN = f"run --by zip --yes {DAY}"
HEAD = "jnl | date | customer | piece | debit | credit | let | counter\n"
GOOD = (
    HEAD
    + """
VE | 2026-01-05 | DUPONT | F001 | 1000.00 |       |  | 707
VE | 2026-01-06 | MARTIN | F002 | 240.00  |       |  | 707
BQ | 2026-02-20 | ROUX   | V1   |         | 50.00 |  | 512
"""
)


def clean(done: Done) -> Done:
    """No traceback, no defect."""
    assert done.code != 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


def ok(dossier: Dossier, command: str = RUN, code: int = 0, answers: str | None = None) -> Done:
    """The command ends with that code; the account adds up where it says so (B8)."""
    done = clean(dossier.run(f"--lang en {command}", answers))
    assert done.code == code, done.stderr
    return done


def stops(dossier: Dossier, code: int, *words: str, command: str = RUN) -> Done:
    """The command refuses: that code, a message with these words, and not a byte changed (I13)."""
    before = dossier.tree()
    done = clean(dossier.run(f"--lang en {command}"))
    assert done.code == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert dossier.tree() == before
    return done


def stops_everywhere(dossier: Dossier, code: int, *words: str) -> None:
    """`run`, `check` and `status` refuse alike; `--format json` says it as a document."""
    for command in (RUN, f"check {DAY}", f"status {DAY}"):
        stops(dossier, code, *words, command=command)
    failed = stops(dossier, code, *words, command=f"status {DAY} --format json")
    assert failed.json["problems"]


def state(dossier: Dossier, command: str = f"status {DAY}") -> dict:
    """The document of `status`; its account adds up to the cent, in total and for each customer (B8)."""
    found = json.loads(ok(dossier, f"{command} --format json").stdout)
    for account in (found["totals"], *found["customers"]):
        cents = {name: round(float(text) * 100) for name, text in account.items() if _is_amount(name)}
        balance = cents["balance"] if "balance" in cents else cents["ledger_balance"]
        assert balance == cents["open"] - cents["unallocated"] + cents["lettered_elsewhere"] + cents["settled_differences"]
    return found


def _is_amount(name: str) -> bool:
    return name in ("balance", "ledger_balance", "open", "unallocated", "lettered_elsewhere", "settled_differences")


def opens(dossier: Dossier) -> dict[str, str]:
    """What is open: piece -> amount."""
    return {item["reference"]: item["open"] for item in state(dossier)["items"]}


def codes(found: dict) -> list[str]:
    """The codes of the problems of a document."""
    return [problem["code"] for problem in found["problems"]]


def decisions(dossier: Dossier, command: str = f"status {DAY}") -> dict[str, str]:
    """Piece -> what is decided."""
    return {item["reference"]: item["decision"] for item in state(dossier, command)["items"]}


def levels(dossier: Dossier) -> dict[str, int]:
    """Piece -> level, as the workbook has it, in whatever language it was written."""
    path = dossier.root / "output/levels.xlsx"
    if not path.exists():
        return {}
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] in ("Client", "Customer"))
    found = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]
    return {row.get("Pièce") or row["Piece"]: row["Niveau"] if "Niveau" in row else row["Level"] for row in found}


def recovers(dossier: Dossier, repair: Callable[[], object]) -> None:
    """After the repair, a run ends where an undisturbed run ends (I11)."""
    repair()
    ok(dossier)
    assert levels(dossier) == {"F001": 1, "F002": 1}
