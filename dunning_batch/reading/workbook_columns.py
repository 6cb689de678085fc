"""Columns that compete for a meaning, settled by what stands in them; else both are shown (fault 28).

What a heading says is not always enough: `Solde` may run or be what is left to pay, `Règlement` may be an amount or a
means, `Intitulé` names what stands before it, `Jour` may be a day of a month that stands elsewhere.
"""

from collections.abc import Callable, Mapping

import numpy as np

from dunning_batch.core.paidflags import read_flag
from dunning_batch.core.words import plain
from dunning_batch.errors import InputError, Problem, msg
from dunning_batch.reading.workbook_body import Body, with_fields
from dunning_batch.reading.workbook_months import whole_days
from dunning_batch.reading.workbook_values import cents, day_of, is_number, texts

_DECISIVE = ("date", "piece_date", "due_date", "account", "customer", "debit", "credit", "amount", "lettering", "piece",
             "invoice", "paid", "paid_on", "paid_amount", "residual")  # fmt: skip
_SPELT = {"invoice": "piece", "residual": "paid_amount"}  # keys of [ledger.columns] for what has none of its own


def settled_columns(body: Body, columns: Mapping[str, str]) -> Body:
    """The body with one column a meaning. Raises InputError where two would do."""
    _refuse_rivals(body)
    for settle in (_one_kind_of_amount, _titled, _paid, _last_paid, _residual):
        body = settle(body, columns)
    return whole_days(body)


def _refuse_rivals(body: Body) -> None:
    pairs = [(name, place) for name, places in body.header.rivals.items() for place in places]
    problems = [
        _rivalry(body, name, place)
        for name, place in pairs
        if name in _DECISIVE and name in body.fields and _differ(body, body.fields[name], place)
    ]
    if problems:
        raise InputError(*problems)


def _differ(body: Body, one: int, other: int) -> bool:
    """Whether two columns hold different things, in rows that hold something in both."""
    if max(one, other) >= len(body.columns):
        return False
    pairs = zip(body.columns[one], body.columns[other], strict=True)
    return any(first != second and "" not in (first, second) for first, second in pairs)


def _rivalry(body: Body, name: str, place: int) -> Problem:
    key = _SPELT.get(name, name)
    first, second = body.heading(name), body.header.headings.get(place, "")
    text = msg(
        "The columns {first} and {second} may both be {key}. Write under [ledger.columns] either {one} or {other}.",
        first=first,
        second=second,
        key=key,
        one=f'{key} = "{first}"',
        other=f'{key} = "{second}"',
    )
    return Problem("ambiguous_columns", text, "error", body.sheet.source(body.header.last, place))


def _without(body: Body, *names: str) -> Body:
    return with_fields(body, {name: place for name, place in body.fields.items() if name not in names})


def _renamed(body: Body, old: str, new: str) -> Body:
    fields = {new if name == old else name: place for name, place in body.fields.items() if name != new}
    return with_fields(body, fields, {**body.titles, new: body.titles[old]})


def _one_kind_of_amount(body: Body, columns: Mapping[str, str]) -> Body:
    """Debit and credit win over an amount beside them, unless the configuration names the amount."""
    if {"debit", "credit"} <= body.fields.keys():
        return _without(body, "debit", "credit") if "amount" in columns else _without(body, "amount", "side")
    if "amount" in body.fields or "residual" in body.fields:
        return _without(body, "debit", "credit")
    text = msg(
        "Debit and credit are both needed, and only {name} is there: export the ledger with both, or name their "
        "headings under [ledger.columns].",
        name=body.heading("debit" if "debit" in body.fields else "credit"),
    )
    raise InputError(Problem("missing_column", text, "error", body.sheet.source(body.header.last)))


def _titled(body: Body, columns: Mapping[str, str]) -> Body:
    """`Intitulé` alone names the account or the customer whose column stands before it; else it is a label."""
    place = body.fields.get("account_name")
    if place is None or plain(body.heading("account_name")) != "intitule":
        return body
    owners = {body.fields[name]: name for name in ("account", "customer") if name in body.fields}
    before = [other for other in owners if other < place]
    owner = owners[max(before)] if before else ""
    if owner == "customer" and "customer_name" not in body.fields:
        return _renamed(body, "account_name", "customer_name")
    return body if owner or "label" in body.fields else _renamed(body, "account_name", "label")


def _share(body: Body, name: str, is_so: Callable[[object], bool]) -> float:
    """The share of the filled cells of a column of which something is true; 1 of none."""
    kept = {cell for cell in body.cells(name) or () if cell != ""}
    return sum(map(is_so, kept)) / len(kept) if kept else 1.0


def _is_flag(cell: object) -> bool:
    return read_flag(texts([cell])[0], amount_known=True) is not None


def _is_day(cell: object) -> bool:
    return not isinstance(day_of(cell), str)


def _paid(body: Body, columns: Mapping[str, str]) -> Body:
    """A column that says what is paid holds flags, days or amounts; `Règlement` may also be a means of payment."""
    for name in ("paid", "paid_amount"):
        if name not in body.fields or name in columns:
            continue
        flags, numbers = _share(body, name, _is_flag), _share(body, name, is_number)
        if name == "paid" and flags == 1.0:
            continue
        if _share(body, name, _is_day) == 1.0 and numbers < 1.0 and "paid_on" not in body.fields:
            body = _renamed(body, name, "paid_on")
        elif numbers > 0.9 and name == "paid" and "paid_amount" not in body.fields:
            body = _renamed(body, name, "paid_amount")
        elif (name == "paid" and not flags) or (name == "paid_amount" and not numbers):
            body = _without(body, name)
    return body


def _last_paid(body: Body, columns: Mapping[str, str]) -> Body:
    """The day of the last payment settles an invoice only where nothing says how much was paid."""
    if "last_paid" not in body.fields:
        return body
    known = {"paid", "paid_on", "paid_amount", "residual", "lettering"} & body.fields.keys()
    return _without(body, "last_paid") if known else _renamed(body, "last_paid", "paid_on")


def _residual(body: Body, columns: Mapping[str, str]) -> Body:
    """`Solde` beside one amount: what is left to pay if it never exceeds the amount, and does not run."""
    if "balance" not in body.fields or "residual" in body.fields or "amount" not in body.fields:
        return body
    amount, filled, _ = cents(body.cells("amount") or ())
    balance, known, wrong = cents(body.cells("balance") or ())
    rows = filled & known & ~wrong
    if not rows.any():
        return body
    fits = (np.abs(balance) <= np.abs(amount)) & (balance * np.sign(amount) >= 0)
    if fits[rows].all() and not _runs(amount[rows], balance[rows]):
        return _renamed(body, "balance", "residual")
    return body


def _runs(amount: np.ndarray, balance: np.ndarray) -> bool:
    """Whether each balance adds an amount to the one before, or begins anew, as below the title of a customer."""
    begins, goes_on = balance == amount, balance == np.concatenate(([0], balance[:-1])) + amount
    return bool((begins | goes_on).all() and not begins.all())
