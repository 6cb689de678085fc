"""Invented FECs of any size, the same for the same seed, written line after line.

python bench/ledgers.py many.txt --lines 1000000            # 30 % on 411, ISO-8859-15, 70 % of those lettered
python bench/ledgers.py overdue.txt --customers 1000 --items 5000
"""

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
    "EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)
FIRST_DAY = date(2025, 1, 1)
_CUSTOMERS_OF_A_LARGE_LEDGER = 5000


def amount(cents: int) -> str:
    """Cents as a FEC has them."""
    return f"{cents // 100},{cents % 100:02d}"


def line(
    journal: str, number: int, day: date, account: str, who: str, piece: str, debit: int, credit: int, let: str
) -> str:
    """One line; `who`: the customer, or nothing."""
    written = f"{day:%Y%m%d}"
    name = f"Société {who} & Fils" if who else ""
    label = "Facture de marchandises" if debit else "Règlement reçu"
    return (
        f"{journal}|Journal {journal}|{number}|{written}|{account}|Compte {account}|{who}|{name}|{piece}|{written}|{label}|"
        f"{amount(debit)}|{amount(credit)}|{let}|{written if let else ''}|{written}||"
    )


def code(number: int) -> str:
    """AA, AB, ... for each number."""
    letters = ""
    while True:
        number, rest = divmod(number, 26)
        letters = chr(65 + rest) + letters
        if not number:
            return letters.rjust(2, "A")
        number -= 1


def many_lines(count: int, seed: int) -> Iterator[str]:
    """A year of a company: 30 % of the lines on 411, of which 70 % are lettered."""
    chance = random.Random(seed)
    codes: dict[str, int] = {}
    number = written = 0
    while written < count:
        number += 1
        day = FIRST_DAY + timedelta(days=written * 364 // count)
        who, cents = f"C{chance.randrange(_CUSTOMERS_OF_A_LARGE_LEDGER):05d}", chance.randrange(1000, 500000)
        tax = cents // 6
        let = ""
        if chance.random() < 0.7:
            codes[who] = codes.get(who, -1) + 1
            let = code(codes[who])
        piece = f"F{number:07d}"
        entry = [
            line("VE", number, day, "411000", who, piece, cents, 0, let),
            line("VE", number, day, "707000", "", piece, 0, cents - tax, ""),
            line("VE", number, day, "445710", "", piece, 0, tax, ""),
        ]
        if let or chance.random() < 0.15:
            entry += [
                line("BQ", number, day, "411000", who, f"R{number:07d}", 0, cents if let else cents // 2, let),
                line("BQ", number, day, "512000", "", f"R{number:07d}", cents if let else cents // 2, 0, ""),
            ]
        entry += [line("AC", number, day, "401000", "", f"A{number:07d}", 0, cents, ""),
                  line("AC", number, day, "607000", "", f"A{number:07d}", cents, 0, "")][: chance.randrange(0, 2) * 2]  # fmt: skip
        yield from entry
        written += len(entry)


def overdue_items(customers: int, items: int, seed: int) -> Iterator[str]:
    """So many customers who owe so many invoices between them."""
    chance = random.Random(seed)
    for number in range(items):
        who, cents = f"C{number % customers:05d}", chance.randrange(1000, 500000)
        day, piece = FIRST_DAY + timedelta(days=number * 300 // items), f"F{number:07d}"
        yield line("VE", number, day, "411000", who, piece, cents, 0, "")
        yield line("VE", number, day, "707000", "", piece, 0, cents, "")


def write(path: Path, lines: Iterator[str], encoding: str) -> None:
    """The whole file."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(HEADER + "\r\n")
        for text in lines:
            file.write(text + "\r\n")


def main() -> None:
    """Write one ledger."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--lines", type=int, default=0)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--encoding", default="iso8859-15")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lines = (
        many_lines(options.lines, options.seed)
        if options.lines
        else overdue_items(options.customers, options.items, options.seed)
    )
    write(options.path, lines, options.encoding)


if __name__ == "__main__":
    main()
