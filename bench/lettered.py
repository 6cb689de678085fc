"""Invented ledgers that are lettered whole, one for each way in which customers pay; the same for the same seed."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ledgers import HEADER, amount, code

FIRST_DAY = date(2025, 1, 6)


class Booked(NamedTuple):
    """A line of a customer: debits positive, in cents; `group` is what letters it, nothing for a line left open."""

    day: date
    journal: str
    piece: str
    label: str
    cents: int
    group: int | None
    counterpart: str


class Book:
    """The account of one customer."""

    def __init__(self, chance: random.Random, who: str) -> None:
        self.chance, self.who = chance, who
        self.amounts = range(2_000, 400_000)  # cents
        self.lines: list[Booked] = []
        self.groups = self.invoices = self.payments = 0

    def invoice(self, cents: int, days: int, group: int | None) -> str:
        """An invoice so many days after the first day; its number."""
        self.invoices += 1
        piece = f"F{self.who}-{self.invoices:04d}"
        self.lines.append(Booked(FIRST_DAY + timedelta(days), "VE", piece, "Facture", cents, group, "707000"))
        return piece

    def payment(self, cents: int, days: int, group: int, label: str = "VIREMENT RECU") -> None:
        """A transfer."""
        self.payments += 1
        piece = f"BQ{self.payments:04d}"
        self.lines.append(Booked(FIRST_DAY + timedelta(days), "BQ", piece, label, -cents, group, "512000"))

    def write_off(self, cents: int, days: int, group: int, account: str) -> None:
        """A discount or charges, booked by itself."""
        self.lines.append(Booked(FIRST_DAY + timedelta(days), "OD", "", "Ecart de règlement", -cents, group, account))

    def new_group(self) -> int:
        """The next code."""
        self.groups += 1
        return self.groups

    def some_cents(self) -> int:
        """The amount of an invoice."""
        return self.chance.choice(self.amounts)


def numbered(book: Book, days: int) -> None:
    """One payment an invoice, its number in the label."""
    cents, group = book.some_cents(), book.new_group()
    piece = book.invoice(cents, days, group)
    book.payment(cents, days + book.chance.randrange(20, 70), group, f"VIR {book.who} {piece}")


def plain(book: Book, days: int) -> None:
    """One payment an invoice, which says nothing."""
    cents, group = book.some_cents(), book.new_group()
    book.invoice(cents, days, group)
    book.payment(cents, days + book.chance.randrange(20, 70), group)


def one_for_many(book: Book, days: int) -> None:
    """One payment for two to five invoices."""
    group, cents = book.new_group(), [book.some_cents() for _ in range(book.chance.randrange(2, 6))]
    for place, one in enumerate(cents):
        book.invoice(one, days + 3 * place, group)
    book.payment(sum(cents), days + book.chance.randrange(30, 70), group)


def many_for_many(book: Book, days: int) -> None:
    """Two payments for two to four invoices, none for one of them alone."""
    group, cents = book.new_group(), [book.some_cents() for _ in range(book.chance.randrange(2, 5))]
    for place, one in enumerate(cents):
        book.invoice(one, days + 3 * place, group)
    first = sum(cents) * book.chance.randrange(20, 80) // 100
    book.payment(first, days + 30, group)
    book.payment(sum(cents) - first, days + 60, group)


def discount(book: Book, days: int) -> None:
    """A payment less a discount of 2 %, which is booked apart."""
    cents, group = book.some_cents(), book.new_group()
    book.invoice(cents, days, group)
    book.payment(cents - cents // 50, days + 12, group)
    book.write_off(cents // 50, days + 12, group, "665000")


def charges(book: Book, days: int) -> None:
    """A payment less the charges of a bank."""
    cents, group = book.some_cents(), book.new_group()
    book.invoice(cents, days, group)
    book.payment(cents - 1_500, days + 40, group)
    book.write_off(1_500, days + 40, group, "627000")


def near_equal(book: Book, days: int) -> None:
    """Amounts that differ by a few cents."""
    cents, group = 60_000 + book.chance.randrange(0, 60), book.new_group()
    book.invoice(cents, days, group)
    book.payment(cents, days + book.chance.randrange(20, 70), group)


def equal(book: Book, days: int) -> None:
    """The same amount each month; one payment in five skips an invoice."""
    group = book.new_group()
    book.invoice(49_900, days, group)
    book.payment(49_900, days + (95 if book.chance.random() < 0.2 else 30), group)


WAYS: dict[str, Callable[[Book, int], None]] = {
    "one to one, number in the label": numbered, "one to one, no number": plain, "one payment, n invoices": one_for_many,
    "n payments, n invoices": many_for_many, "discounts": discount, "bank charges": charges,
    "near-equal amounts": near_equal, "equal amounts": equal,
}  # fmt: skip


def mixed(book: Book, days: int) -> None:
    """Any of them."""
    book.chance.choice(list(WAYS.values()))(book, days)


def _in_parts(amounts: range) -> Callable[[Book, int], None]:
    """Amounts of which few are possible, and a third of the groups paid in two parts: chance has much to say."""

    def way(book: Book, days: int) -> None:
        book.amounts = amounts
        book.chance.choice([plain, one_for_many, many_for_many])(book, days)

    return way


HARDER = {"a third in parts, less than 50 €": _in_parts(range(500, 5_000)),
          "a third in parts, whole tens of euros": _in_parts(range(2_000, 200_000, 1_000))}  # fmt: skip


def lettered_fec(way: Callable[[Book, int], None], customers: int, seed: int) -> bytes:
    """A year of so many customers, who pay in that way, and leave one invoice in eight open."""
    chance = random.Random(seed)
    rows = []
    for number in range(customers):
        book = Book(chance, f"C{number:04d}")
        for month in range(10):
            way(book, 30 * month)
            if chance.random() < 0.125:
                book.invoice(book.some_cents(), 30 * month + 7, None)
        rows += [(line.day, place, book.who, line) for place, line in enumerate(book.lines)]
    lines = [
        text
        for number, row in enumerate(sorted(rows, key=lambda row: row[:3]))
        for text in _entry(number, row[2], row[3])
    ]
    return "\r\n".join([HEADER, *lines, ""]).encode()


def _entry(number: int, who: str, line: Booked) -> Iterator[str]:
    let = "" if line.group is None else code(line.group)
    for account, customer, cents, lettering in (
        ("411000", who, line.cents, let),
        (line.counterpart, "", -line.cents, ""),
    ):
        day = f"{line.day:%Y%m%d}"
        yield (
            f"{line.journal}|Journal {line.journal}|{number}|{day}|{account}|Compte|{customer}|{customer}|{line.piece}|{day}|"
            f"{line.label}|{amount(max(cents, 0))}|{amount(max(-cents, 0))}|{lettering}|{day if lettering else ''}|{day}||"
        )
