"""Lists of invoices (rule C1): what is no invoice of its own is left out, what says nothing of payments is refused."""

from collections.abc import Iterator
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
_SAME_INVOICE = ("invoice", "piece", "customer", "customer_name", "date", "piece_date", "amount", "residual",
                 "paid_amount")  # fmt: skip
_TOLD = ("lettering", "paid", "paid_on", "paid_amount", "residual", "balance")


def invoices_only(body: Body, moves: Moves, accounting: Accounting) -> Moves:
    """The rows of a list without those that are payments, or further articles of one invoice."""
    if accounting != "cash":
        return moves
    dropped = _payments(body, moves.rows) | _articles(body, moves.rows)
    if not dropped.any():
        return moves
    first = int(moves.rows[np.flatnonzero(dropped)[0]])
    text = msg("{count} rows are payments or further articles of an invoice, and are left out.",
               count=int(dropped.sum()))  # fmt: skip
    said = body.problem("no_invoice_rows", text, first, severity="notice")
    kept = ~dropped
    return replace(moves, rows=moves.rows[kept], net=moves.net[kept], day=moves.day[kept], opening=moves.opening[kept],
                   problems=[*moves.problems, said])  # fmt: skip


def _payments(body: Body, rows: np.ndarray) -> np.ndarray:
    column = body.cells("type")
    if column is None:
        return np.zeros(len(rows), bool)
    kinds = {text: bool(set(plain(text).split()) & _PAYMENTS) for text in set(texts(column))}
    return np.array([kinds[text] for text in texts([column[row] for row in rows.tolist()])], bool)


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
    elif not any(owners.customer) and not any(owners.customer_name):
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
