"""Lists of invoices (rule C1): what is no invoice of its own is left out, what says nothing of payments is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from dunning_batch.core.ledger import Accounting, LedgerRules
from dunning_batch.core.words import plain
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_owners import Owners
from dunning_batch.reading.workbook_values import texts

_PAYMENTS = frozenset({"payment", "paiement", "reglement", "encaissement", "receipt", "virement", "cheque", "deposit"})
_OFFERS = frozenset({"devis", "proforma", "forma", "quote", "quotation", "estimate"})
_ORDERS = frozenset({"commande", "livraison", "order", "delivery"})
_INVOICES = frozenset({"facture", "factures", "fact", "fac", "invoice", "invoices", "bill"})
_NOTES = (frozenset({"avoir"}), frozenset({"avoirs"}), frozenset({"credit", "note"}), frozenset({"credit", "memo"}))
_SAGE_INVOICES = frozenset({"6", "7"})  # of DO_Type; the others are quotes, orders, deliveries, and what is bought
_SAME_INVOICE = ("invoice", "piece", "customer", "customer_name", "date", "piece_date", "amount", "residual",
                 "paid_amount")  # fmt: skip
_TOLD = ("lettering", "paid", "paid_on", "paid_amount", "residual", "balance")


def invoices_only(body: Body, moves: Moves, accounting: Accounting) -> Moves:
    """The rows of a list without those that are payments, offers, or further articles of one invoice.

    A credit note that is told by its type alone counts against the customer's invoices.
    """
    if accounting != "cash":
        return moves
    kinds = _kinds(body, moves.rows)
    repeated = (kinds == "payment") | _articles(body, moves.rows)
    offers = (kinds == "offer") & ~repeated
    turned = (kinds == "credit_note") & (moves.net > 0)
    said = list(_said(body, moves.rows, {"repeated": repeated, "offers": offers, "turned": turned}))
    kept = ~(repeated | offers)
    net = np.where(turned, -moves.net, moves.net)
    return replace(moves, rows=moves.rows[kept], net=net[kept], day=moves.day[kept], opening=moves.opening[kept],
                   problems=[*moves.problems, *said])  # fmt: skip


def _said(body: Body, rows: np.ndarray, found: Mapping[str, np.ndarray]) -> Iterator[Problem]:
    """What was done with rows that are no invoices."""
    counts = {name: int(which.sum()) for name, which in found.items()}
    first = {name: int(rows[np.argmax(which)]) for name, which in found.items() if counts[name]}
    if counts["repeated"]:
        text = msg("Payments and further articles of an invoice, whose rows are left out: {count}.",
                   count=counts["repeated"])  # fmt: skip
        yield body.problem("no_invoice_rows", text, first["repeated"], severity="notice")
    if counts["offers"]:
        text = msg("Quotes, orders and deliveries, whose rows are left out: {count}.", count=counts["offers"])
        yield body.problem("no_invoice_rows", text, first["offers"], severity="notice")
    if counts["turned"]:
        text = msg("Credit notes with a positive amount: {count}. They are counted as owed to the customer.",
                   count=counts["turned"])  # fmt: skip
        yield body.problem("credit_notes_turned", text, first["turned"], severity="notice")


def _kinds(body: Body, rows: np.ndarray) -> np.ndarray:
    """What each row is by its type: payment, offer, credit_note; empty for an invoice and what nobody can tell."""
    column = body.cells("type")
    if column is None:
        return np.full(len(rows), "", object)
    said = texts([column[row] for row in rows.tolist()])
    if plain(body.heading("type")) == "do type":
        return np.array(["" if text in _SAGE_INVOICES else "offer" for text in said], object)
    words = {text: set(plain(text).split()) for text in set(said)}
    if not any(one & _INVOICES for one in words.values()):  # the column tells something else
        return np.full(len(rows), "", object)
    return np.array([_kind(words[text]) for text in said], object)


def _kind(words: set[str]) -> str:
    if words & _PAYMENTS:
        return "payment"
    if any(note <= words for note in _NOTES):
        return "credit_note"
    return "offer" if words & _OFFERS or (words & _ORDERS and not words & _INVOICES) else ""


def _articles(body: Body, rows: np.ndarray) -> np.ndarray:
    """Rows that repeat an invoice above them: number, customer, day and sums alike, another article."""
    if "item" not in body.fields or not {"invoice", "piece"} & body.fields.keys():
        return np.zeros(len(rows), bool)
    columns = [column for name in _SAME_INVOICE if (column := body.cells(name)) is not None]
    first: dict[tuple[object, ...], int] = {}
    keys = (tuple(column[row] for column in columns) for row in rows.tolist())
    return np.array([first.setdefault(key, place) != place for place, key in enumerate(keys)], bool)


def list_problems(body: Body, moves: Moves, owners: Owners, rules: LedgerRules) -> Iterator[Problem]:
    """Why a table without accounts cannot be judged: of nobody, of suppliers, or silent about payments."""
    if not len(moves.rows) or not owners.lists_customers:
        return
    source = body.sheet.source(body.header.last)
    if _is_of_suppliers(body):
        text = msg("This is a ledger of suppliers: export that of the customers.")
        yield Problem("suppliers_ledger", text, "error", source)
    elif not owners.customer.holds() and not owners.customer_name.holds():
        text = msg(
            "No column and no title says whose account a line is on: is this a bank statement? Export the ledger of "
            "the customers, or name the headings of account or customer under [ledger.columns]."
        )
        yield Problem("no_owner", text, "error", source)
    elif rules.accounting == "auto" and not any(name in body.fields for name in _TOLD) and (moves.net >= 0).all():
        text = msg(
            "This list says of no invoice whether it is paid. Export it with what is paid (Payée, Payée le, Montant "
            'payé, Reste dû); or, if all of it is unpaid, write accounting = "accrual" under [ledger].'
        )
        yield Problem("nothing_says_paid", text, "error", source)


def _is_of_suppliers(body: Body) -> bool:
    """Whether the rows above the headings name suppliers and no customers."""
    cells = [cell for row in body.sheet.rows[: body.header.first] for cell in row if isinstance(cell, str)]
    words = {word for cell in cells for word in plain(cell).split()}
    return bool(words & {"fournisseur", "fournisseurs", "suppliers", "vendors"}) and not words & {
        "client", "clients", "customers",
    }  # fmt: skip
