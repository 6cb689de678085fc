"""Whose each movement is: account and customer from its columns, else from the title above it (rules A1, A2).

A list without any account is one of customers: all its lines count.
"""

import re
from dataclasses import dataclass, field

import numpy as np

from dunning_batch.core.ledger import LedgerRules, is_collective
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.fec_columns import ACCOUNT_START
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_coded import Coded, combined
from dunning_batch.reading.workbook_moves import Moves
from dunning_batch.reading.workbook_sections import Kind, Section

_MOST = 200
# `411DUPONT - DUPONT SA` in one cell; a hyphen within a number is part of it.
_WITH_NAME = re.compile(r"(?P<code>[1-8]\d{2}[0-9A-Z]{2,})(?:\s+[-–:]?\s*|[-–:]\s+)(?P<name>[^\W\d].*)")


@dataclass(slots=True)
class Owners:
    """Accounts of all movements; customers and names of those on customers' accounts, in the order of `places`."""

    account: Coded
    is_customer: np.ndarray
    is_advance: np.ndarray
    places: np.ndarray  # movements on customers' accounts
    account_name: Coded
    customer: Coded
    customer_name: Coded
    lists_customers: bool = False  # no line has an account
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Titles:
    """The code and name of the title that each row stands under; empty ones where it stands under none."""

    code: Coded
    name: Coded


def owners_of(body: Body, moves: Moves, rules: LedgerRules) -> Owners:
    """Accounts and customers of all movements."""
    account, are_customers = _accounts(body, moves)
    account, spoken = _without_names(account)
    if not account.holds():
        return _customers_only(body, moves, rules, "account" if are_customers else "customer")
    is_advance = account.numbers(lambda code: code.startswith(rules.advance_accounts), np.bool_)
    is_ours = is_advance | account.numbers(lambda code: code.startswith(rules.customer_accounts), np.bool_)
    places = np.flatnonzero(is_ours)
    kept, ours = moves.rows[places], account.at(places)
    account_name = combined(
        lambda code, name: name or spoken.get(code, ""), ours, body.coded("account_name", kept).as_texts()
    )
    account_name = _named(ours, account_name, _titles(moves, kept, "account"))
    titles = _below_collective(ours, _titles(moves, kept, "customer"), rules)
    customer, customer_name = _customers(body, kept, titles)
    account_name, customer_name = _told_apart(ours, account_name, customer, customer_name)
    without = np.flatnonzero(account.numbers(lambda code: not code, np.bool_))[:_MOST]
    problems = [_without_account(body, int(moves.rows[place])) for place in without.tolist()]
    if not len(places) and len(moves.rows) and not problems:
        problems.append(_no_customers(body, sorted(set(account.cells)), rules))
    return Owners(account, is_ours, is_advance, places, account_name, customer, customer_name, problems=problems)


def _accounts(body: Body, moves: Moves) -> tuple[Coded, bool]:
    """The account of each movement; whether the column of accounts holds customers' codes instead, in a list."""
    account = body.coded("account", moves.rows).as_codes()
    if account.holds() and "customer" not in body.fields and not any(map(ACCOUNT_START.match, account.cells)):
        return Coded(np.zeros(len(moves.rows), np.int64), [""]), True
    return _filled(account, _titles(moves, moves.rows, "account")), False


def _without_names(account: Coded) -> tuple[Coded, dict[str, str]]:
    """Accounts whose cells hold their names too: the numbers, and the names by number."""
    found = {text: match for text in account.cells if (match := _WITH_NAME.fullmatch(text))}
    if not found:
        return account, {}
    numbers = [found[text]["code"] if text in found else text for text in account.cells]
    return Coded(account.places, numbers), {match["code"]: match["name"].strip() for match in found.values()}


def _names(body: Body, rows: np.ndarray) -> Coded:
    """Names of customers; of people the first name too: it tells a father from his son."""
    name = body.coded("customer_name", rows).as_texts()
    if "first_name" not in body.fields:
        return name
    return combined(lambda one, first: f"{one} {first}".strip(), name, body.coded("first_name", rows).as_texts())


def _customers(
    body: Body, rows: np.ndarray, titles: _Titles | None, field_name: str = "customer"
) -> tuple[Coded, Coded]:
    """Codes and names of customers."""
    code = body.coded(field_name, rows).as_codes()
    return _filled(code, titles), _named(code, _names(body, rows), titles)


def _customers_only(body: Body, moves: Moves, rules: LedgerRules, field_name: str) -> Owners:
    count = len(moves.rows)
    customer, name = _customers(body, moves.rows, _titles(moves, moves.rows, "customer"), field_name)
    nothing = np.zeros(count, np.int64)
    return Owners(
        Coded(nothing, [rules.customer_accounts[0]]), np.ones(count, bool), np.zeros(count, bool), np.arange(count),
        Coded(nothing, [""]), customer, combined(_spoken, customer, name), lists_customers=True,
    )  # fmt: skip


def _told_apart(account: Coded, account_name: Coded, customer: Coded, customer_name: Coded) -> tuple[Coded, Coded]:
    """Names of accounts and of customers: beside a customer, one name for all of an account is not the customer's."""
    if not customer.holds():
        return account_name, customer_name
    names: dict[str, set[str]] = {}
    pairs = combined(lambda code, name: f"{code}\x1f{name}", account, account_name)
    for pair in pairs.cells:
        names.setdefault(pair.partition("\x1f")[0], set()).add(pair)
    own = combined(lambda code, name: name if len(names[code]) > 1 else "", account, account_name)
    spoken = combined(lambda code, name, other: _spoken(code, name or other), customer, customer_name, own)
    return combined(lambda code, name: "" if code else name, customer, account_name), spoken


def _spoken(code: str, name: str) -> str:
    """The name; a code with a blank in it is one where there is no other."""
    return name or (code if " " in code else "")


def _titles(moves: Moves, rows: np.ndarray, kind: Kind) -> _Titles | None:
    """The title of an account or customer that each row stands under. An account ends a customer."""
    if not any(section.kind == kind for section in moves.sections):
        return None
    begins = np.array([section.row for section in moves.sections], np.int64)
    current: list[Section | None] = [None]
    for section in moves.sections:
        if section.kind == kind:
            current.append(section)
        else:
            current.append(current[-1] if kind == "account" else None)
    places = np.searchsorted(begins, rows, side="right")
    return _Titles(
        Coded(places, [section.code if section else "" for section in current]),
        Coded(places, [section.name if section else "" for section in current]),
    )


def _below_collective(account: Coded, titles: _Titles | None, rules: LedgerRules) -> _Titles | None:
    """A title names the customer only where the account does not: `Clients France` is no customer of 411DUPONT."""
    if titles is None:
        return None
    prefixes = rules.customer_accounts
    code, name = (
        combined(lambda one, title: title if is_collective(one, prefixes) else "", account, column)
        for column in (titles.code, titles.name)
    )
    return _Titles(code, name)


def _filled(code: Coded, titles: _Titles | None) -> Coded:
    """Codes of the column, else of the titles."""
    return code if titles is None else combined(lambda own, title: own or title, code, titles.code)


def _named(code: Coded, name: Coded, titles: _Titles | None) -> Coded:
    """Names of the column, else those of titles that name the same account or customer as the column, if it does."""
    if titles is None:
        return name
    return combined(
        lambda own, spoken, title, other: spoken or (other if own in ("", title) else ""),
        code, name, titles.code, titles.name,
    )  # fmt: skip


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
