"""What invoice copies say and the ledger does not: due dates and addresses (rule E1); else both must agree.

A copy counts where number and amount are the ledger's. The ledger wins over it, and any contradiction is said.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.customers import Customer
from dunning_batch.core.duedates import FROM_INVOICE, days_of, to_days
from dunning_batch.core.ledger import Ledger
from dunning_batch.core.openitems import OpenItem
from dunning_batch.errors import Problem, Source, msg

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(frozen=True, slots=True)
class Invoice:
    """The data of one invoice copy. Cents."""

    number: str
    source: Source
    totals: frozenset[int]  # with tax: the whole, and what was to be paid
    due: date | None = None  # the one day; None where there is none, or several
    email: str = ""  # the buyer's
    buyer: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A ledger with the due dates of the copies, and what the comparison found, by piece."""

    ledger: Ledger
    problems: Mapping[str, tuple[Problem, ...]]
    emails: Mapping[str, tuple[str, Source]]  # by customer
    said: tuple[Problem, ...] = ()  # of the copies alone


def compare(ledger: Ledger, invoices: Mapping[str, Invoice]) -> Compared:
    """Take due dates from the copies where the ledger has none.

    Args:
        ledger: As read.
        invoices: By number.
    """
    lines = ledger.lines
    pieces = lines["piece"].str.strip()
    places = np.flatnonzero(pieces.isin(invoices.keys()).to_numpy() & (lines["amount"].to_numpy() > 0))
    if not len(places):
        return Compared(ledger, {}, {})
    due, taken = lines["due"].copy(), np.zeros(len(lines), bool)
    problems: dict[str, tuple[Problem, ...]] = {}
    emails: dict[str, tuple[str, Source]] = {}
    of_copies = lines.iloc[places]
    for piece, rows in of_copies.assign(place=places).groupby(pieces.iloc[places].to_numpy()):
        invoice = invoices[str(piece)]
        problems[invoice.number] = tuple(_contradictions(rows, invoice))
        if problems[invoice.number]:
            continue
        customer = str(rows["customer"].iloc[0])
        if invoice.email:
            emails.setdefault(customer, (invoice.email, invoice.source))
        missing = rows["due"].isna().to_numpy()
        if invoice.due:
            due.iloc[rows["place"].to_numpy()[missing]] = pd.Timestamp(invoice.due)
            taken[rows["place"].to_numpy()[missing]] = True
    filled = lines.assign(due=due, **{FROM_INVOICE: taken})
    return Compared(replace(ledger, lines=filled), problems, emails)


def _contradictions(rows: "pd.DataFrame", invoice: Invoice) -> Iterator[Problem]:
    customers = sorted({str(one) for one in rows["customer"]})
    about = {"piece": invoice.number, "file": invoice.source.file}
    if len(customers) > 1:
        text = msg("Several customers have an invoice {piece}: nothing is taken from {file}.", **about)
        yield Problem("copy_contradicts", text, "warning", invoice.source)
        return
    if not _agrees(rows, invoice.totals):
        amount = int(rows.groupby("entry")["amount"].sum().iloc[0])
        text = msg(
            "{file} says {total:money} for the invoice {piece}, the ledger {amount:money}: nothing is taken from the "
            "copy. Correct the ledger, or take the copy away.",
            **about, total=max(invoice.totals), amount=amount,
        )  # fmt: skip
        yield Problem("copy_contradicts", text, "warning", invoice.source, customers[0])
    told = days_of(rows["due"])
    if invoice.due and not rows["due"].isna().all() and to_days(invoice.due) not in told.tolist():
        day = rows["due"].dropna().iloc[0].date()
        text = msg(
            "{file} says that the invoice {piece} is due on {copy:date}, the ledger says {day:date}, which counts: "
            "correct the one that is wrong.",
            **about, copy=invoice.due, day=day,
        )  # fmt: skip
        yield Problem("copy_contradicts", text, "warning", invoice.source, customers[0])


def _agrees(rows: "pd.DataFrame", totals: Collection[int]) -> bool:
    """An entry is over the whole invoice; an opening line may be over what was left of it."""
    sums = rows.groupby("entry").agg(amount=("amount", "sum"), opening=("opening", "all"))
    return any(
        amount in totals or (opening and amount < max(totals))
        for amount, opening in sums.itertuples(index=False, name=None)
    )


def problems_of(
    compared: Compared, items: Iterable[OpenItem], customers: Mapping[str, Customer]
) -> tuple[Problem, ...]:
    """What the copies contradict of what is open, and addresses for who has none: a person enters those.

    Args:
        compared: The ledger with its copies.
        items: What is open.
        customers: The customers file, by code.
    """
    pieces = {item.piece.strip(): item.customer for item in items} if compared.problems or compared.emails else {}
    found = [problem for piece in compared.problems if piece in pieces for problem in compared.problems[piece]]
    for code in sorted(compared.emails.keys() & set(pieces.values())):
        address, source = compared.emails[code]
        if code in customers and not customers[code].emails:
            text = msg("{address} stands in the invoice copy {file}: enter it in the customers file if it is right.",
                       address=address, file=source.file)  # fmt: skip
            found.append(Problem("address_in_copy", text, "notice", customers[code].source, code))
    return (*compared.said, *found)
