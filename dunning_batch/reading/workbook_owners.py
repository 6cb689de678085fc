"""Whose each movement is: account and customer from its columns, else from the title above it (rules A1, A2).

A list without any account is one of customers: all its lines count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.fec_columns import ACCOUNT_START
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_sections import Section
from dunning_batch.reading.workbook_values import codes, texts

_MOST = 200


@dataclass(slots=True)
class Owners:
    """One of each a movement."""

    account: list[str]
    account_name: list[str]
    customer: list[str]
    customer_name: list[str]
    is_customer: np.ndarray
    is_advance: np.ndarray
    lists_customers: bool = False  # no line has an account
    problems: list[Problem] = field(default_factory=list)


def owners_of(body: Body, moves: Moves, rules: LedgerRules) -> Owners:
    """Accounts and customers of all movements."""
    count = len(moves.rows)
    columns = {name: _column(body, moves, name) for name in ("account", "account_name", "customer", "customer_name")}
    account, customer = columns["account"], columns["customer"]
    if any(account) and not any(customer) and not any(map(ACCOUNT_START.match, account)):
        account, customer = [""] * count, account  # a list of customers that calls their codes accounts
    titles = _titles(moves)
    account, account_name = _filled(account, columns["account_name"], titles["account"])
    customer, customer_name = _filled(customer, columns["customer_name"], titles["customer"])
    if not any(account):
        return _customers_only(account, customer, customer_name, rules)
    is_advance = np.array([one.startswith(rules.advance_accounts) for one in account], bool)
    is_customer = np.array([one.startswith(rules.customer_accounts) for one in account], bool)
    problems = [_without_account(body, int(moves.rows[place])) for place, one in enumerate(account) if not one][:_MOST]
    if not (is_customer | is_advance).any() and count and not problems:
        problems.append(_no_customers(body, sorted(set(account)), rules))
    account_name, customer_name = _told_apart(account, account_name, customer, customer_name)
    is_ours = is_customer | is_advance
    return Owners(account, account_name, customer, customer_name, is_ours, is_advance, problems=problems)


def _customers_only(account: list[str], customer: list[str], name: list[str], rules: LedgerRules) -> Owners:
    count = len(account)
    prefix = rules.customer_accounts[0]
    name = _spoken(customer, name)
    return Owners([prefix] * count, [""] * count, customer, name, np.ones(count, bool), np.zeros(count, bool), True)


def _told_apart(
    account: list[str], account_name: list[str], customer: list[str], customer_name: list[str]
) -> tuple[list[str], list[str]]:
    """Names of accounts and of customers: beside a customer, one name for all of an account is not the customer's."""
    names: dict[str, set[str]] = {}
    for code, name in set(zip(account, account_name, strict=True)):
        names.setdefault(code, set()).add(name)
    own = [name if len(names[code]) > 1 else "" for code, name in zip(account, account_name, strict=True)]
    spoken = _spoken(customer, [one or other for one, other in zip(customer_name, own, strict=True)])
    return ["" if code else name for code, name in zip(customer, account_name, strict=True)], spoken


def _spoken(code: list[str], name: list[str]) -> list[str]:
    """Names; a code with a blank in it is one where there is no other."""
    return [other or (one if " " in one else "") for one, other in zip(code, name, strict=True)]


def _column(body: Body, moves: Moves, name: str) -> list[str]:
    column = body.cells(name)
    if column is None:
        return [""] * len(moves.rows)
    cells = [column[row] for row in moves.rows.tolist()]
    return codes(cells) if name in ("account", "customer") else texts(cells)


def _titles(moves: Moves) -> dict[str, list[Section | None]]:
    """The title of an account and of a customer that each movement stands under; a new account ends a customer."""
    begins = np.array([section.row for section in moves.sections], np.int64)
    account: list[Section | None] = [None]
    customer: list[Section | None] = [None]
    for section in moves.sections:
        account.append(section if section.kind == "account" else account[-1])
        customer.append(section if section.kind == "customer" else None)
    places = np.searchsorted(begins, moves.rows, side="left").tolist()
    return {"account": [account[place] for place in places], "customer": [customer[place] for place in places]}


def _filled(code: Sequence[str], name: Sequence[str], titles: Sequence[Section | None]) -> tuple[list[str], list[str]]:
    """Codes and names of the columns, else of the titles."""
    if not any(titles):
        return list(code), list(name)
    triples = list(zip(code, name, titles, strict=True))
    return (
        [one or (title.code if title else "") for one, _, title in triples],
        [other or (title.name if title and one in ("", title.code) else "") for one, other, title in triples],
    )


def _without_account(body: Body, row: int) -> Problem:
    text = msg("This line has no account: write it, or take the line away.")
    return body.problem("line_without_account", text, row, "account")


def _no_customers(body: Body, accounts: list[str], rules: LedgerRules) -> Problem:
    text = msg(
        "No line stands on a customer account ({wanted}); accounts seen: {accounts}. If customers stand on others, "
        "name them under [ledger] customer_accounts.",
        wanted=", ".join(rules.customer_accounts),
        accounts=", ".join(accounts[:5]),
    )
    return body.problem("no_customer_account", text, 0, "account", "warning")
