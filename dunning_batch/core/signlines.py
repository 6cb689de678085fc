"""The signs of the lettering diagnosis with their amounts and all their lines, for somebody who works them off."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dunning_batch.core.ledger import Ledger
from dunning_batch.core.openitems import Credit, OpenItem, Settlement
from dunning_batch.errors import Problem, Source

if TYPE_CHECKING:
    import pandas as pd

_Key = tuple[str, str]  # customer, lettering code
_Place = tuple[str, Source]  # account, where the line stands
_OF_CODES = frozenset({"group_unbalanced", "code_on_two_accounts"})
_OF_CREDITS = frozenset({"lettering_doubt", "account_in_credit", "credit_note_left"})
_OF_ITEMS = frozenset({"invoices_without_piece"})
_OF_NOBODY = frozenset({"lines_without_customer"})
SIGNS = frozenset(
    (
        *_OF_CODES, *_OF_CREDITS, *_OF_ITEMS, *_OF_NOBODY, "bank_entries_old", "codes_reused", "lettering_date_alone",
        "lettered_elsewhere", "opening_mismatch", "not_lettered", "years_overlap", "list_old", "credit_note_deducted",
        "invoice_rows_alike", "invoices_vanished", "paid_too_much", "paid_in_part_and_whole", "credit_fits_several",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign that an account is not perfectly lettered."""

    problem: Problem
    amount: int | None  # cents, never negative; None where it is about no amount
    lines: tuple[Source, ...]


def amount_of(problem: Problem) -> int | None:
    """The amount that a problem is about, as its message says it, without its sign; None where it names none."""
    values = dict(problem.message.values)
    cents = values.get("amount", values.get("difference"))
    return abs(cents) if isinstance(cents, int) else None


def greatest_first(problem: Problem) -> int:
    """A key that puts what concerns the whole ledger first, then the greatest amounts."""
    amount = amount_of(problem)
    return -(1 << 62) if amount is None else -amount


def signs_of(problems: Iterable[Problem], ledger: Ledger, settlement: Settlement) -> tuple[Sign, ...]:
    """The signs among problems but for those that are proposals, the most general first, then by amount."""
    found = sorted((one for one in problems if one.code in SIGNS), key=greatest_first)
    codes = {one.code for one in found}
    places = {
        **dict.fromkeys(_OF_CODES, _by_code(found, ledger) if codes & _OF_CODES else {}),
        **dict.fromkeys(_OF_CREDITS, _by_customer(settlement.credits) if codes & _OF_CREDITS else {}),
        **dict.fromkeys(_OF_ITEMS, _by_customer(_nameless(settlement)) if codes & _OF_ITEMS else {}),
        **dict.fromkeys(_OF_NOBODY, _by_account(ledger) if codes & _OF_NOBODY else {}),
    }
    return tuple(Sign(one, amount_of(one), _lines_of(one, places.get(one.code, {}))) for one in found)


def _lines_of(problem: Problem, places: Mapping[_Key, Sequence[_Place]]) -> tuple[Source, ...]:
    found = places.get((problem.customer, _code_of(problem)), ())
    if problem.code == "group_unbalanced":  # a code holds within one account (rule B1)
        accounts = {account for account, source in found if source == problem.source}
        found = [place for place in found if place[0] in accounts]
    return tuple(source for _, source in found) or ((problem.source,) if problem.source.file else ())


def _code_of(problem: Problem) -> str:
    """The lettering code that a message names; empty for none."""
    return str(dict(problem.message.values).get("code", "")) if problem.code in _OF_CODES else ""


def _by_code(found: Iterable[Problem], ledger: Ledger) -> dict[_Key, list[_Place]]:
    """The lines of the customers and codes that are named."""
    wanted = {(one.customer, _code_of(one)) for one in found if one.code in _OF_CODES}
    customers, codes = ({key[place] for key in wanted} for place in (0, 1))
    lines = ledger.lines
    places: dict[_Key, list[_Place]] = defaultdict(list)
    for customer, code, place in _told(ledger, lines["customer"].isin(customers) & lines["code"].isin(codes)):
        places[customer, code].append(place)
    return places


def _by_account(ledger: Ledger) -> dict[_Key, list[_Place]]:
    """The lines that name no customer."""
    places: dict[_Key, list[_Place]] = defaultdict(list)
    for account, _, place in _told(ledger, ledger.lines["nobody"]):
        places[account, ""].append(place)
    return places


def _nameless(settlement: Settlement) -> Iterator[OpenItem]:
    return (one for one in settlement.items if one.kind == "invoice" and not one.piece.strip())


def _by_customer(records: Iterable[OpenItem | Credit]) -> dict[_Key, list[_Place]]:
    places: dict[_Key, list[_Place]] = defaultdict(list)
    for one in records:
        places[one.customer, ""].append(("", one.source))
    return places


def _told(ledger: Ledger, wanted: "pd.Series[bool]") -> Iterator[tuple[str, str, _Place]]:
    """Customer, code, account and place of some lines."""
    columns = ["customer", "code", "account", "file", "line"]
    lines = ledger.lines.loc[wanted, columns].astype({"customer": "str", "account": "str"})
    for customer, code, account, file, line in lines.itertuples(index=False, name=None):
        yield customer, code, (account, Source(ledger.files[file].name, line))
