"""Factur-X and ZUGFeRD, the data inside invoice copies in PDF: number, totals, due date, e-mail (rule E1; fault 25).

The profile decides what there is: MINIMUM has no due date. Several due dates are instalments, of which none is taken.
What cannot be read is no data, and the copy itself is judged where it is laid behind a letter (documents/copies.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from dunning_batch.core.emailaddress import read_addresses
from dunning_batch.core.invoicecopies import Compared, Invoice, compare
from dunning_batch.core.ledger import Ledger
from dunning_batch.core.money import read_amount
from dunning_batch.errors import InputError, Problem, Severity, Source, msg
from dunning_batch.reading.days import read_day
from dunning_batch.reading.xml_guard import Element, XmlFaultError, XmlTypeError, local, tree_of

_MOST_BYTES = 20_000_000  # of a PDF, as documents/copies.py has it
_MOST_XML = 5_000_000
_MOST_FILES = 5_000
_ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
_INVOICES = frozenset({"380", "384", "389", "751", ""})  # no credit notes: they are due to nobody
_HAS_FILES = re.compile(rb"/EmbeddedFile|#2Fxml")
_DAMAGED = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError)


def with_copies(ledger: Ledger, root: Path, shown: str, siren: str) -> Compared:
    """The ledger with what the invoice copies add to it.

    Args:
        ledger: As read.
        root: The dossier.
        shown: `[letters] invoice_copies`, empty for none.
        siren: The creditor's.
    """
    if not shown:
        return Compared(ledger, {}, {})
    invoices, problems = read_invoices(root / shown, shown, siren)
    return replace(compare(ledger, invoices), said=problems)


def read_invoices(folder: Path, shown: str, siren: str) -> tuple[dict[str, Invoice], tuple[Problem, ...]]:
    """The data of the invoice copies of a folder and its sub-folders, by number, and what is doubtful of them.

    Args:
        folder: `[letters] invoice_copies`; nothing where it is not there.
        shown: Its name.
        siren: The creditor's; an invoice of another seller is none of ours.

    Raises:
        InputError: a copy declares a document type (fault 25).
    """
    found: dict[str, Invoice] = {}
    twice: set[str] = set()
    problems: list[Problem] = []
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf") if folder.is_dir() else []
    for path in files[:_MOST_FILES]:
        source = Source(f"{shown}/{path.relative_to(folder).as_posix()}")
        try:
            invoice = _invoice_of(path, source, siren)
        except XmlFaultError as error:
            text = msg("The data inside {file} are not read: it {fault}.", file=source.file, fault=error.fault)
            severity: Severity = "error" if isinstance(error, XmlTypeError) else "warning"
            problems.append(Problem("copy_data", text, severity, source))
            continue
        if invoice is None:
            continue
        other = found.setdefault(invoice.number, invoice)
        if (other.totals, other.due, other.email) != (invoice.totals, invoice.due, invoice.email):
            twice.add(invoice.number)
            problems.append(_two(other, invoice))
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise InputError(*errors)
    return {number: one for number, one in found.items() if number not in twice}, tuple(problems)


def _two(one: Invoice, other: Invoice) -> Problem:
    text = msg("{one} and {two} are copies of the invoice {piece} with other data: neither is used. Keep one.",
               one=one.source.file, two=other.source.file, piece=one.number)  # fmt: skip
    return Problem("copy_data", text, "warning", other.source)


def _invoice_of(path: Path, source: Source, siren: str) -> Invoice | None:
    for data in _attachments(path):
        root = tree_of(data)
        if local(root.tag) in _ROOTS:
            return invoice_in(root, source, siren)
    return None


def _attachments(path: Path) -> Iterator[bytes]:
    """The XML files inside a PDF that are no larger than an invoice's."""
    try:
        if path.stat().st_size > _MOST_BYTES or not _HAS_FILES.search(path.read_bytes()):
            return
        reader = PdfReader(path)
        attached = reader.attachments
        named = [name for name in attached if name.lower().endswith(".xml")]
        contents = [one for name in named for one in attached[name]]
    except _DAMAGED:
        return
    yield from (one for one in contents if len(one) <= _MOST_XML)


def invoice_in(root: Element, source: Source, siren: str) -> Invoice | None:
    """The invoice of a document; None for a credit note, another seller's, another currency, or without a number."""
    document = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    number = _text(document, "ID")
    seller = re.sub(r"\D", "", _text(_first(root, "SellerTradeParty"), "SpecifiedLegalOrganization", "ID"))[:9]
    is_ours = not (siren and len(seller) == 9 and seller != siren)
    currency = _text(_first(root, "InvoiceCurrencyCode"))
    totals = _totals(_first(root, "SpecifiedTradeSettlementHeaderMonetarySummation",
                            "SpecifiedTradeSettlementMonetarySummation"))  # fmt: skip
    if not number or not is_ours or not totals or currency not in ("", "EUR"):
        return None
    if _text(document, "TypeCode") not in _INVOICES:
        return None
    buyer = _first(root, "BuyerTradeParty")
    return Invoice(number, source, totals, _due(root), _email(buyer), _text(buyer, "Name"))


def _totals(summation: Element) -> frozenset[int]:
    texts = (_text(summation, name) for name in ("GrandTotalAmount", "DuePayableAmount"))
    amounts = (read_amount(text) if text else None for text in texts)
    return frozenset(cents for cents in amounts if cents is not None and cents > 0)


def _due(root: Element) -> date | None:
    """The due date, where it is one day and certain."""
    texts = {(one.text or "").strip() for one in root.iter("{*}DateTimeString") if _parent(one) == "DueDateDateTime"}
    day = read_day(texts.pop()) if len(texts) == 1 else None
    return day if isinstance(day, date) else None


def _email(buyer: Element) -> str:
    """The buyer's address for invoices, else that of its contact; only one that could be written to."""
    texts = [(one.text or "").strip() for one in _all(buyer, "URIID") if _is_mail(one)]
    good = [address for text in texts for address in read_addresses(text.removeprefix("mailto:"))[0]]
    return good[0] if good else ""


def _is_mail(address: Element) -> bool:
    return address.get("schemeID", "EM") in ("EM", "SMTP") and "@" in (address.text or "")


def _parent(element: Element) -> str:
    parent = element.getparent()
    return local(parent.tag) if parent is not None else ""


def _all(element: Element, name: str) -> Iterable[Element]:
    return element.iter(f"{{*}}{name}") if element is not None else ()


def _first(root: Element, *names: str) -> Element:
    return next((one for name in names for one in root.iter(f"{{*}}{name}")), None)


def _text(element: Element, *path: str) -> str:
    """The text of a child, or of the element itself, without the blanks around it."""
    for name in path:
        element = element.find(f"{{*}}{name}") if element is not None else None
    return (element.text or "").strip() if element is not None else ""
