"""Makes the sample dossier: a two-year FEC pair and a customers file of a company that does not exist.

    python -m tools.make_sample            # writes input/ of the repository and the sample of `init --sample`

The same bytes every time. Every situation of the rules stands in it at least once; each is named where it is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tools.sample_customers import NAMES, customers_csv

ROOT = Path(__file__).parent.parent
SIREN = "123456782"
HEADER = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
JOURNALS = {"AN": "A nouveaux", "VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses"}
ACCOUNTS = {"411000": "Clients", "419100": "Clients - avances reçues", "512000": "Banque", "707000": "Ventes",
            "445710": "TVA collectée", "890000": "Bilan d'ouverture", "471000": "Compte d'attente"}  # fmt: skip


@dataclass
class Line:
    """One line of an entry. Cents."""

    account: str
    who: str
    debit: int
    credit: int
    issued: str = ""  # PieceDate, where it is not the day of the entry
    code: str = ""
    code_date: str = ""


@dataclass
class Entry:
    """One entry."""

    journal: str
    day: date
    piece: str
    label: str
    lines: list[Line]


@dataclass
class Book:
    """The entries of one year."""

    year: int
    entries: list[Entry] = field(default_factory=list)


_codes: dict[str, int] = {}


def next_code(who: str) -> str:
    """AA, AB, ... for each customer."""
    number = _codes[who] = _codes.get(who, -1) + 1
    return chr(65 + number // 26) + chr(65 + number % 26)


def invoice(book: Book, day: date, who: str, piece: str, cents: int, label: str = "") -> Line:
    """A sale with 20 % VAT; the customer's line."""
    tax = cents // 6
    line = Line("411000", who, cents, 0)
    text = label or f"Facture {piece}"
    book.entries.append(
        Entry("VE", day, piece, text, [line, Line("707000", "", 0, cents - tax), Line("445710", "", 0, tax)])
    )
    return line


def receipt(book: Book, day: date, who: str, piece: str, cents: int, label: str = "", account: str = "411000") -> Line:
    """A receipt at the bank; the customer's line."""
    line = Line(account, who, 0, cents)
    book.entries.append(
        Entry("BQ", day, piece, label or f"Virement {NAMES.get(who, who)}", [Line("512000", "", cents, 0), line])
    )
    return line


def letter(day: date, *lines: Line, lower: bool = False) -> None:
    """Letter these lines together."""
    code = next_code(lines[0].who)
    for line in lines:
        line.code, line.code_date = code.lower() if lower else code, f"{day:%Y%m%d}"


def paid(book: Book, day: date, who: str, piece: str, cents: int) -> None:
    """An invoice, its payment 28 days later, and their lettering."""
    owed = invoice(book, day, who, piece, cents)
    settled = day + timedelta(days=28)
    letter(settled, owed, receipt(book, settled, who, f"VIR-{piece}", cents))


def regular_months(book: Book) -> None:
    """What goes as it should: an invoice for each customer, paid and lettered."""
    for rank, who in enumerate(NAMES):
        day = date(book.year, 1 + rank % 9, 2 + rank % 25)
        paid(book, day, who, f"F{book.year}-{100 + rank}", 12000 + rank * 1790)


def first_year() -> tuple[Book, list[tuple[str, str, int, str]]]:
    """2024, and what the opening of 2025 repeats: customer, piece, cents, date of the piece."""
    book = Book(2024)
    regular_months(book)
    carried = []
    for who, piece, cents, day in (
        ("ALBATROS", "F2024-901", 148000, date(2024, 11, 12)),
        ("BRUYERE", "F2024-902", 96050, date(2024, 11, 20)),
        ("C005", "F2024-904", 31500, date(2024, 12, 9)),
    ):
        invoice(book, day, who, piece, cents)
        carried.append((who, piece, cents, f"{day:%Y%m%d}"))
    # Paid in part in its own year: a lower-case code, 540.00 of 840.00 are left.
    owed = invoice(book, date(2024, 11, 25), "DELTA", "F2024-903", 84000)
    letter(date(2024, 12, 20), owed, receipt(book, date(2024, 12, 20), "DELTA", "VIR-D1", 30000), lower=True)
    carried.append(("DELTA", "F2024-903", 54000, "20241125"))
    # Two invoices that the new year opens as one balance: they keep their numbers and dates.
    invoice(book, date(2024, 12, 3), "FOUGERE", "F2024-905", 22000)
    invoice(book, date(2024, 12, 10), "FOUGERE", "F2024-906", 18000)
    carried.append(("FOUGERE", "", 40000, "20250101"))
    # Opened with another amount than it closed with: the opening line counts, and the difference is said.
    invoice(book, date(2024, 12, 16), "C008", "F2024-907", 15000)
    carried.append(("C008", "F2024-907", 17500, "20241216"))
    return book, carried


def second_year(carried: list[tuple[str, str, int, str]]) -> Book:
    """2025, with every situation of the rules."""
    book = Book(2025)
    opening = [Line("411000", who, cents, 0, issued=day) for who, _, cents, day in carried]
    for line, (_, piece, cents, _) in zip(opening, carried, strict=True):
        book.entries.append(
            Entry("AN", date(2025, 1, 1), piece or "SOLDE", "Solde à nouveau", [line, Line("890000", "", 0, cents)])
        )
    by_piece = {piece: line for line, (_, piece, _, _) in zip(opening, carried, strict=True)}
    # An invoice of the year before, paid and lettered in this one.
    letter(date(2025, 1, 20), by_piece["F2024-904"], receipt(book, date(2025, 1, 20), "C005", "VIR-C5", 31500))
    # A payment lettered with the balance line of two invoices: it goes to the one of its amount.
    letter(date(2025, 2, 3), by_piece[""], receipt(book, date(2025, 2, 3), "FOUGERE", "VIR-F1", 22000), lower=True)
    regular_months(book)
    partly_paid(book)
    never_lettered(book)
    credits(book)
    odd_ones(book)
    for rank, who in enumerate(list(NAMES)[:12]):  # plain debts of the autumn
        invoice(book, date(2025, 9, 3 + rank), who, f"F2025-{950 + rank}", 21000 + rank * 3333)
    return book


def partly_paid(book: Book) -> None:
    """Partial payments, one of them an instalment plan."""
    owed = invoice(book, date(2025, 6, 5), "CORMORAN", "F2025-801", 250000)
    letter(date(2025, 7, 10), owed, receipt(book, date(2025, 7, 10), "CORMORAN", "VIR-K1", 100000), lower=True)
    # Two due dates in one entry: two instalments.
    first, second = Line("411000", "LAURIER", 60000, 0), Line("411000", "LAURIER", 60000, 0, issued="20250815")
    book.entries.append(Entry("VE", date(2025, 7, 15), "F2025-802", "Facture F2025-802 en deux fois",
                              [first, second, Line("707000", "", 0, 100000), Line("445710", "", 0, 20000)]))  # fmt: skip
    # A discount taken off in the invoice's own entry.
    book.entries.append(Entry("VE", date(2025, 7, 18), "F2025-803", "Facture F2025-803 moins remise", [
        Line("411000", "ILEX", 48000, 0), Line("411000", "ILEX", 0, 2400), Line("707000", "", 0, 38000),
        Line("445710", "", 0, 7600)]))  # fmt: skip


def never_lettered(book: Book) -> None:
    """Payments that nobody lettered: by their number, label, amount, by a sum of invoices; one fits nothing."""
    invoice(book, date(2025, 5, 9), "C007", "F2025-810", 30000)
    receipt(book, date(2025, 6, 18), "C007", "F2025-810", 12000)
    invoice(book, date(2025, 5, 12), "JONQUILLE", "F2025-811", 73200)
    receipt(book, date(2025, 6, 20), "JONQUILLE", "VIR-J1", 73200)
    invoice(book, date(2025, 5, 14), "KIWI", "F2025-812", 40800)
    receipt(book, date(2025, 6, 25), "KIWI", "VIR-W1", 20000, "Acompte sur F2025-812")
    for piece, cents in (("F2025-813", 15000), ("F2025-814", 22500), ("F2025-815", 41000)):
        invoice(book, date(2025, 5, 20), "NENUPHAR", piece, cents)
    receipt(book, date(2025, 7, 1), "NENUPHAR", "VIR-N1", 37500)
    invoice(book, date(2025, 5, 22), "OLIVIER", "F2025-816", 66000)
    receipt(book, date(2025, 7, 2), "OLIVIER", "VIR-O1", 25000)


def credits(book: Book) -> None:
    """A credit note, customers in credit, an advance, bounced payments, a debt settled in another year."""
    invoice(book, date(2025, 6, 2), "PIVOINE", "F2025-821", 54000)
    book.entries.append(Entry("VE", date(2025, 6, 20), "AV2025-01", "Avoir sur F2025-821", [
        Line("411000", "PIVOINE", 0, 9000), Line("707000", "", 7500, 0), Line("445710", "", 1500, 0)]))  # fmt: skip
    receipt(book, date(2025, 6, 30), "QUENOUILLE", "VIR-Q1", 12000, "Virement en double")
    # Paid 10.00 too much, and lettered all the same.
    letter(date(2025, 7, 3), invoice(book, date(2025, 6, 4), "C009", "F2025-825", 24000),
           receipt(book, date(2025, 7, 3), "C009", "VIR-Z1", 25000))  # fmt: skip
    invoice(book, date(2025, 7, 4), "ROMARIN", "F2025-822", 88000)
    receipt(book, date(2025, 6, 28), "ROMARIN", "AC2025-01", 30000, "Acompte à la commande", account="419100")
    owed = invoice(book, date(2025, 6, 10), "SORBIER", "F2025-823", 36000)
    cheque = receipt(book, date(2025, 7, 8), "SORBIER", "CHQ-S1", 36000, "Chèque")
    back = Line("411000", "SORBIER", 36000, 0)
    book.entries.append(Entry("BQ", date(2025, 7, 15), "IMP-S1", "Chèque impayé", [back, Line("512000", "", 0, 36000)]))
    letter(date(2025, 7, 15), cheque, back)
    assert not owed.code
    # A cheque that bounced after its invoice was lettered: owed like an invoice.
    letter(date(2025, 7, 9), invoice(book, date(2025, 6, 9), "C006", "F2025-826", 19200),
           receipt(book, date(2025, 7, 9), "C006", "CHQ-Z2", 19200, "Chèque"))  # fmt: skip
    book.entries.append(Entry("BQ", date(2025, 7, 21), "IMP-Z2", "Chèque impayé", [
        Line("411000", "C006", 19200, 0), Line("512000", "", 0, 19200)]))  # fmt: skip
    # Lettered after the closing: its payment stands in 2026.
    letter(date(2026, 1, 12), invoice(book, date(2025, 12, 15), "TILLEUL", "F2025-824", 27000))


def odd_ones(book: Book) -> None:
    """A dispute, a consumer, a public buyer, no piece, nobody, a cent, a transfer, a code used again."""
    invoice(book, date(2025, 6, 11), "HERON", "F2025-831", 190000)
    invoice(book, date(2025, 6, 12), "EGLANTIER", "F2025-832", 35000)
    invoice(book, date(2025, 6, 13), "MURIER", "F2025-833", 12550)
    invoice(book, date(2025, 6, 16), "GENET", "F2025-834", 410000)
    invoice(book, date(2025, 6, 17), "C001", "", 18000, "Vente au comptoir")
    invoice(book, date(2025, 6, 18), "", "F2025-835", 6000, "Passage")
    owed = invoice(book, date(2025, 6, 19), "C002", "F2025-836", 50001)
    letter(date(2025, 7, 20), owed, receipt(book, date(2025, 7, 20), "C002", "VIR-V1", 50000), lower=True)
    book.entries.append(Entry("OD", date(2025, 6, 30), "OD-01", "Reclassement", [
        Line("411000", "C003", 4500, 0), Line("471000", "", 0, 4500)]))  # fmt: skip
    first = invoice(book, date(2025, 3, 3), "C004", "F2025-837", 20000)
    letter(date(2025, 4, 2), first, receipt(book, date(2025, 4, 2), "C004", "VIR-X1", 20000))
    again = invoice(book, date(2025, 8, 4), "C004", "F2025-838", 30000)
    part = receipt(book, date(2025, 9, 2), "C004", "VIR-X2", 10000)
    for line in (again, part):
        line.code, line.code_date = first.code, "20250902"
    # Plain debts: of a customer without an address, of one abroad, of one whose type nobody knows.
    invoice(book, date(2025, 12, 20), "C011", "F2025-839", 99900)
    invoice(book, date(2025, 9, 24), "C013", "F2025-840", 132000)
    invoice(book, date(2025, 9, 26), "C010", "F2025-841", 8400)


def amount(cents: int) -> str:
    """As a FEC has it."""
    return f"{cents // 100},{cents % 100:02d}"


def fec(book: Book) -> bytes:
    """The year as a FEC: tabs, CRLF, UTF-8."""
    return "".join("\t".join(fields) + "\r\n" for fields in [HEADER, *_fields(book)]).encode()


def _fields(book: Book) -> Iterator[tuple[str, ...]]:
    order = {"AN": 0}
    entries = sorted(book.entries, key=lambda entry: (order.get(entry.journal, 1), entry.day))
    for number, entry in enumerate(entries, 1):
        day = f"{entry.day:%Y%m%d}"
        for line in entry.lines:
            yield (
                entry.journal, JOURNALS[entry.journal], str(number), day, line.account, ACCOUNTS[line.account], line.who,
                NAMES.get(line.who, ""), entry.piece, line.issued or day, entry.label, amount(line.debit),
                amount(line.credit), line.code, line.code_date, day, "", "",
            )  # fmt: skip


def files() -> dict[str, bytes]:
    """Every file of the sample, by name."""
    _codes.clear()
    before, carried = first_year()
    after = second_year(carried)
    return {
        f"{SIREN}FEC20241231.txt": fec(before),
        f"{SIREN}FEC20251231.txt": fec(after),
        "customers.csv": customers_csv(),
    }


def main() -> None:
    """Write the sample into the repository's dossier and into the package."""
    for folder in (ROOT / "input", ROOT / "dunning_batch" / "data" / "dossier" / "input"):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files().items():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
