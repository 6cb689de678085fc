"""Everything that shows an account is not perfectly lettered, or that a reminder is not what it could be.

Nothing here changes what is asked: rules B and F6 have decided that. Each sign names what to do in the ledger, so that
next month's is better.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

import numpy as np

from dunning_batch.core.allocation import Application, applications_of
from dunning_batch.core.customers import Customer
from dunning_batch.core.guards import last_bank_entry, stale_since
from dunning_batch.core.itemcolumns import Items, credits_of, items_of
from dunning_batch.core.ledger import Ledger, LedgerFile
from dunning_batch.core.lettering_signs import lettering_signs, lines_after, lines_of_nobody
from dunning_batch.core.matchsigns import credit_signs, listed
from dunning_batch.core.openitems import OpenItem, Settlement
from dunning_batch.core.policy import Level
from dunning_batch.core.terms import legal_cap_exceeded, parse_terms
from dunning_batch.errors import Problem, msg


def diagnose(
    ledger: Ledger,
    settlement: Settlement,
    applications: Sequence[Application],
    as_of: date,
    stale_after_days: int,
    customers: Mapping[str, Customer],
    levels: Sequence[Level] = (),
) -> tuple[Problem, ...]:
    """Every sign, the most general first.

    Args:
        ledger: Its lines, and what was read of its files.
        settlement: Items, credits and balances.
        applications: Which credit would cover what (rule F6), whatever is done with it.
        as_of: The day of the run.
        stale_after_days: Age of the last bank entry from which it is reported.
        customers: The customers file by code.
        levels: Those of the dossier.
    """
    cash = ledger.accounting == "cash"
    stale = _stale_list if cash else _stale_bank
    signs = chain(
        _no_customers(ledger),
        stale(ledger.files, as_of, stale_after_days),
        lines_after(ledger, as_of),
        lines_of_nobody(ledger),
        _missing_pieces(items_of(settlement.items)),
        () if cash else _lettering(ledger, settlement, applications),
        _terms(customers.values()),
        _start_levels(customers.values(), levels),
        _unknown_types(settlement, customers, levels),
    )
    return tuple(signs)


def _no_customers(ledger: Ledger) -> Iterator[Problem]:
    told = any(problem.code == "no_customer_account" for problem in ledger.problems)  # by the reader, with what it saw
    if ledger.lines.empty and not told:
        text = msg(
            "The ledger has no line that counts on a customer account: nobody is reminded. If your customers have "
            "other accounts than 411, name them in [ledger] customer_accounts."
        )
        yield Problem("no_customer_lines", text)


def _stale_bank(files: tuple[LedgerFile, ...], as_of: date, stale_after_days: int) -> Iterator[Problem]:
    last = stale_since(files, as_of, stale_after_days)
    if last is not None:
        text = msg(
            "The last bank entry of the ledger is of {last:date}, {days:day|days} before {as_of:date}: who has paid "
            "since would be reminded. Enter the bank statements, and export the ledger anew.",
            last=last,
            days=(as_of - last).days,
            as_of=as_of,
        )
        yield Problem("bank_entries_old", text)


def _stale_list(files: tuple[LedgerFile, ...], as_of: date, stale_after_days: int) -> Iterator[Problem]:
    last = stale_since(files, as_of, stale_after_days, "cash")
    if last is not None and last_bank_entry(files):
        text = msg(
            "The list of invoices knows of no payment after {last:date}, {days:day|days} before {as_of:date}: who has "
            "paid since would be reminded. Mark what is paid, and export the list anew.",
            last=last,
            days=(as_of - last).days,
            as_of=as_of,
        )
        yield Problem("list_old", text)
    elif last is not None:
        text = msg(
            "The newest invoice of the list is of {last:date}, {days:day|days} before {as_of:date}: is it the list of "
            "this month? Who has paid since it was exported would be reminded.",
            last=last,
            days=(as_of - last).days,
            as_of=as_of,
        )
        yield Problem("list_old", text)


def _lettering(ledger: Ledger, settlement: Settlement, applications: Sequence[Application]) -> Iterator[Problem]:
    """What makes sense only where payments are booked; a list of invoices has none (rule C3)."""
    items, credits, applied = items_of(settlement.items), credits_of(settlement.credits), applications_of(applications)
    yield from lettering_signs(ledger)
    yield from credit_signs(items, credits, applied)
    yield from _in_credit(settlement)


def _missing_pieces(items: Items) -> Iterator[Problem]:
    """Once a customer: its invoices that bear no number."""
    by_customer: dict[str, list[OpenItem]] = defaultdict(list)
    for item in items.some(np.flatnonzero(items.kind.where("invoice") & items.without_piece())):
        by_customer[item.customer].append(item)
    for customer, without in by_customer.items():
        text = msg(
            "Open invoices of {customer} without a number: {count}, {amount:money} in all. Letters show their label. "
            "If the number stands in the label, [ledger] piece_pattern can find it.",
            count=len(without),
            customer=customer,
            amount=sum(item.open for item in without),
        )
        yield Problem("invoices_without_piece", text, "notice", without[0].source, customer)


def _in_credit(settlement: Settlement) -> Iterator[Problem]:
    for balance in settlement.balances:
        if balance.open < balance.unallocated:
            text = msg(
                "The account of {customer} is in credit by {amount:money}: a payment made twice, an advance, or a "
                "payment that belongs to another customer?",
                customer=balance.code,
                amount=balance.unallocated - balance.open,
            )
            yield Problem("account_in_credit", text, "notice", customer=balance.code)


def _terms(customers: Iterable[Customer]) -> Iterator[Problem]:
    """Terms above the legal caps between professionals: reported, never changed (rule E4; L441-10 I)."""
    for customer in customers:
        among = customer.type in ("professional", "unknown")
        terms = parse_terms(customer.terms) if customer.terms and among else None
        if terms is not None and legal_cap_exceeded(terms):
            text = msg(
                'The terms "{terms}" of {customer} exceed what the law allows between professionals, 60 days or 45 '
                "days end of month from the invoice: they are applied as they are.",
                terms=customer.terms,
                customer=customer.code,
            )
            yield Problem("terms_above_cap", text, source=customer.source, customer=customer.code)


def _start_levels(customers: Iterable[Customer], levels: Sequence[Level]) -> Iterator[Problem]:
    for customer in customers:
        if levels and customer.start_level > len(levels):
            text = msg(
                "{customer} starts at level {level} and there are {count}: the customer is held. Correct the start "
                "level in the customers file.",
                customer=customer.code,
                level=customer.start_level,
                count=len(levels),
            )
            yield Problem("start_level_unknown", text, "warning", customer.source, customer.code)


def _unknown_types(
    settlement: Settlement, customers: Mapping[str, Customer], levels: Sequence[Level]
) -> Iterator[Problem]:
    """Summed up in one: customers of unknown type, to whom no money is added where letters show some (rule G3)."""
    if levels and not any(level.show_penalties for level in levels):
        return
    owing = (balance.code for balance in settlement.balances if balance.open and not balance.nobody)
    unknown = [code for code in owing if code not in customers or customers[code].type == "unknown"]
    if unknown:
        text = msg(
            "Customers whose type is not known: {count} ({codes}). No interest and no indemnity is added to what they "
            "owe. Fill in the column Type of the customers file.",
            count=len(unknown),
            codes=listed(unknown),
        )
        yield Problem("type_unknown", text, "notice")
