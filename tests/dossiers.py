"""Small dossiers for tests: a FEC from a short table, a configuration, and the command line run on them.

    dossier = make_dossier(tmp_path, fec='''
        jnl | date       | customer | piece | debit  | credit | let | counter
        VE  | 2026-01-15 | DUPONT   | F001  | 100.00 |        |     | 707
    ''')
    done = dossier.run("status --format json --as-of 2026-02-28")

Columns of the table: jnl, num, date, account, customer, name, piece, piece_date, label, debit, credit, let, let_date,
and `counter`: the account that balances the line. `-` is an empty cell; a blank one takes a default.
"""

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from dunning_batch.cli.main import run_command_line

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
_SHORT = {
    "jnl": "JournalCode", "num": "EcritureNum", "date": "EcritureDate", "account": "CompteNum",
    "customer": "CompAuxNum", "name": "CompAuxLib", "piece": "PieceRef", "piece_date": "PieceDate",
    "label": "EcritureLib", "debit": "Debit", "credit": "Credit", "let": "EcritureLet", "let_date": "DateLet",
}  # fmt: skip
FEC_NAME = "123456782FEC20261231.txt"
CREDITOR = """
[creditor]
name = "Atelier Exemple SARL"
address = ["12 rue des Lilas", "69003 LYON"]
siren = "123456782"
iban = "FR7630006000011234567890189"
"""


def clock() -> datetime:
    """The time of what is tested below the command line."""
    return datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a table drawn with bars, the first line naming the columns."""
    lines = [line for line in table.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert all(len(row) == len(head) for row in rows), "a row has another number of cells than the head"
    return [dict(zip(head, row, strict=True)) for row in rows]


def fec_bytes(table: str, separator: str = "\t", newline: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """A whole FEC from a short table."""
    lines = [list(COLUMNS)]
    for number, row in enumerate(rows_of(table), 1):
        line = _line(number, row)
        lines.append([line[column] for column in COLUMNS])
        if row.get("counter"):
            lines.append([_counterpart(line, row["counter"])[column] for column in COLUMNS])
    return "".join(separator.join(line) + newline for line in lines).encode(encoding)


def _line(number: int, row: dict[str, str]) -> dict[str, str]:
    given = {_SHORT[key]: cell for key, cell in row.items() if cell and key in _SHORT}
    line = dict.fromkeys(COLUMNS, "") | {"EcritureNum": str(number), "CompteNum": "411000", "CompteLib": "Clients"}
    line |= given
    line["JournalLib"] = line["JournalCode"]
    defaults = {
        "PieceDate": line["EcritureDate"], "ValidDate": line["EcritureDate"], "CompAuxLib": line["CompAuxNum"],
        "EcritureLib": "Vente" if line["Debit"] else "Virement", "Debit": "0.00", "Credit": "0.00",
    }  # fmt: skip
    line = {column: cell or defaults.get(column, "") for column, cell in line.items()}
    line = {column: "" if cell == "-" else cell for column, cell in line.items()}
    for column in ("EcritureDate", "PieceDate", "DateLet", "ValidDate"):
        line[column] = line[column].replace("-", "")
    return line | {side: line[side].replace(".", ",") for side in ("Debit", "Credit")}


def _counterpart(line: dict[str, str], account: str) -> dict[str, str]:
    empty = dict.fromkeys(("CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet"), "")
    swapped = {"Debit": line["Credit"], "Credit": line["Debit"]}
    return line | empty | swapped | {"CompteNum": account.ljust(6, "0"), "CompteLib": "Contrepartie"}


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.stdout)


@dataclass(frozen=True)
class Dossier:
    """A folder with a configuration and a ledger."""

    root: Path

    def run(self, arguments: str, answers: str | None = None) -> Done:
        """Run a command in this process; `answers` is what a person types at a terminal, None: there is none."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        typed = _Terminal(answers) if answers is not None else io.StringIO("")
        before, stdin = Path.cwd(), sys.stdin
        try:
            os.chdir(self.root)
            sys.stdin = typed
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run_command_line(shlex.split(arguments))
        finally:
            os.chdir(before)
            sys.stdin = stdin
        return Done(int(code), _text(out), _text(err))

    def spawn(self, arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
        """Run a command in a process of its own; `more` goes to subprocess.run."""
        more = {"capture_output": True, "stdin": subprocess.DEVNULL, "timeout": 120} | more
        return subprocess.run(
            [sys.executable, "-m", "dunning_batch", *shlex.split(arguments)], cwd=self.root, check=False, **more
        )

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the dossier."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def fec(self, table: str, name: str = FEC_NAME, **dialect: str) -> Path:
        """Write a FEC into input/."""
        return self.write(f"input/{name}", fec_bytes(table, **dialect))

    def configure(self, text: str, creditor: str = CREDITOR) -> Path:
        """Write config.toml: a creditor, and `text`."""
        return self.write("config.toml", f"{creditor}\n{text}")

    def sheet(self, name: str = "Niveaux", file: str = "output/levels.xlsx") -> list[dict[str, Any]]:
        """The rows of a sheet as heading -> value; the headings are the first row with a cell `Client`."""
        rows = list(openpyxl.load_workbook(self.root / file)[name].iter_rows(values_only=True))
        start = next(number for number, row in enumerate(rows) if "Client" in row)
        return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]

    def edit(self, piece: str, file: str = "output/levels.xlsx", sheet: str = "Niveaux", **cells: Any) -> None:
        """Change cells of the row of a piece by hand, as somebody with a spreadsheet does."""
        book = openpyxl.load_workbook(self.root / file)
        rows = list(book[sheet].iter_rows())
        start = next(n for n, row in enumerate(rows) if "Client" in [cell.value for cell in row])
        columns = {cell.value: number for number, cell in enumerate(rows[start])}
        found = [row for row in rows[start + 1 :] if row[columns["Pièce"]].value == piece]
        assert len(found) == 1, f"{len(found)} rows of {piece}"
        for heading, value in cells.items():
            found[0][columns[heading.replace("_", " ")]].value = value
        book.save(self.root / file)

    def tree(self) -> dict[str, bytes]:
        """Every file but the lock, with its content: what must not change when a command refuses."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path.name != "journal.lock"
        }


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def make_dossier(
    folder: Path, fec: str = "", config: str = "", customers: str = "", files: dict[str, str | bytes] | None = None
) -> Dossier:
    """A dossier in `folder`: a FEC table, more configuration, a customers table, other files."""
    dossier = Dossier(folder)
    for name in ("input", "output", "templates"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if fec:
        dossier.fec(fec)
    if customers:
        rows = rows_of(customers)
        lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
        dossier.write("input/customers.csv", "\n".join(lines) + "\n")
        config += '\n[customers]\nfile = "input/customers.csv"\n'
    dossier.configure(config)
    for name, content in (files or {}).items():
        dossier.write(name, content)
    return dossier
