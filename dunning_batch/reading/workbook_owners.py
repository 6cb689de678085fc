"""Whose each movement is: account and customer from its columns, else from the title above it (rules A1, A2).

A list without any account is one of customers: all its lines count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dunning_batch.core.ledger import LedgerRules, is_collective
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.fec_columns import ACCOUNT_START
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_sections import Kind, Section

_MOST = 200
# `411DUPONT - DUPONT SA` in one cell; a hyphen within a number is part of it.
_WITH_NAME = re.compile(r"(?P<code>[1-8]\d{2}[0-9A-Z]{2,})(?:\s+[-–:]?\s*|[-–:]\s+)(?P<name>[^\W\d].*)")


@dataclass(slots=True)
class Owners:
    """Accounts of all movements; customers and names of those on customers' accounts, in the order of `places`."""

    account: list[str]
    is_customer: np.ndarray
    is_advance: np.ndarray
    places: np.ndarray  # movements on customers' accounts
    account_name: list[str]
    customer: list[str]
    customer_name: list[str]
    lists_customers: bool = False  # no line has an account
    problems: list[Problem] = field(default_factory=list)


def owners_of(body: Body, moves: Moves, rules: LedgerRules) -> Owners:
    """Accounts and customers of all movements."""
    account, are_customers = _accounts(body, moves)
    account, spoken = _without_names(account)
    if not any(account):
        return _customers_only(body, moves, rules, "account" if are_customers else "customer")
    kinds = {one: (one.startswith(rules.customer_accounts), one.startswith(rules.advance_accounts))
             for one in set(account)}  # fmt: skip
    is_customer, is_advance = (np.array([kinds[one][place] for one in account], bool) for place in (0, 1))
    is_ours = is_customer | is_advance
    places = np.flatnonzero(is_ours)
    kept = moves.rows[places]
    ours = [account[place] for place in places.tolist()]
    account_name, customer_name = body.texts_of("account_name", kept), _names(body, kept)
    if spoken:
        account_name = [name or spoken.get(code, "") for code, name in zip(ours, account_name, strict=True)]
    account_name = _filled(ours, account_name, _titles(moves, kept, "account"))[1]
    titles = _below_collective(ours, _titles(moves, kept, "customer"), rules)
    customer, customer_name = _filled(body.codes_of("customer", kept), customer_name, titles)
    account_name, customer_name = _told_apart(ours, account_name, customer, customer_name)
    problems = [_without_account(body, int(moves.rows[place])) for place, one in enumerate(account) if not one][:_MOST]
    if not len(places) and account and not problems:
        problems.append(_no_customers(body, sorted(set(account)), rules))
    return Owners(account, is_ours, is_advance, places, account_name, customer, customer_name, problems=problems)


def _accounts(body: Body, moves: Moves) -> tuple[list[str], bool]:
    """The account of each movement; whether the column of accounts holds customers' codes instead, in a list."""
    account = body.codes_of("account", moves.rows)
    if any(account) and "customer" not in body.fields and not any(map(ACCOUNT_START.match, set(account))):
        return [""] * len(account), True
    titles = _titles(moves, moves.rows, "account")
    return (_filled(account, account, titles)[0] if titles else account), False


def _without_names(account: list[str]) -> tuple[list[str], dict[str, str]]:
    """Accounts whose cells hold their names too: the numbers, and the names by number."""
    found = {text: match for text in set(account) if (match := _WITH_NAME.fullmatch(text))}
    if not found:
        return account, {}
    numbers = [found[text]["code"] if text in found else text for text in account]
    return numbers, {match["code"]: match["name"].strip() for match in found.values()}


def _names(body: Body, rows: np.ndarray) -> list[str]:
    """Names of customers; of people the first name too: it tells a father from his son."""
    name = body.texts_of("customer_name", rows)
    if "first_name" not in body.fields:
        return name
    return [f"{one} {first}".strip() for one, first in zip(name, body.texts_of("first_name", rows), strict=True)]


def _customers_only(body: Body, moves: Moves, rules: LedgerRules, field_name: str) -> Owners:
    count = len(moves.rows)
    name = _names(body, moves.rows)
    customer, name = _filled(body.codes_of(field_name, moves.rows), name, _titles(moves, moves.rows, "customer"))
    return Owners(
        [rules.customer_accounts[0]] * count, np.ones(count, bool), np.zeros(count, bool), np.arange(count),
        [""] * count, customer, _spoken(customer, name), lists_customers=True,
    )  # fmt: skip


def _told_apart(
    account: list[str], account_name: list[str], customer: list[str], customer_name: list[str]
) -> tuple[list[str], list[str]]:
    """Names of accounts and of customers: beside a customer, one name for all of an account is not the customer's."""
    if not any(customer):
        return account_name, customer_name
    names: dict[str, set[str]] = {}
    for code, name in set(zip(account, account_name, strict=True)):
        names.setdefault(code, set()).add(name)
    own = [name if len(names[code]) > 1 else "" for code, name in zip(account, account_name, strict=True)]
    spoken = _spoken(customer, [one or other for one, other in zip(customer_name, own, strict=True)])
    return ["" if code else name for code, name in zip(customer, account_name, strict=True)], spoken


def _spoken(code: list[str], name: list[str]) -> list[str]:
    """Names; a code with a blank in it is one where there is no other."""
    return [other or (one if " " in one else "") for one, other in zip(code, name, strict=True)]


def _titles(moves: Moves, rows: np.ndarray, kind: Kind) -> list[Section | None]:
    """The title of an account or customer that each row stands under; empty without any. An account ends a customer."""
    if not any(section.kind == kind for section in moves.sections):
        return []
    begins = np.array([section.row for section in moves.sections], np.int64)
    current: list[Section | None] = [None]
    for section in moves.sections:
        if section.kind == kind:
            current.append(section)
        else:
            current.append(current[-1] if kind == "account" else None)
    return [current[place] for place in np.searchsorted(begins, rows, side="left").tolist()]


def _below_collective(account: list[str], titles: list[Section | None], rules: LedgerRules) -> list[Section | None]:
    """A title names the customer only where the account does not: `Clients France` is no customer of 411DUPONT."""
    if not titles:
        return titles
    collective = {one: is_collective(one, rules.customer_accounts) for one in set(account)}
    return [title if collective[one] else None for one, title in zip(account, titles, strict=True)]


def _filled(code: list[str], name: list[str], titles: Sequence[Section | None]) -> tuple[list[str], list[str]]:
    """Codes and names of the columns, else of the titles."""
    if not titles:
        return code, name
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
