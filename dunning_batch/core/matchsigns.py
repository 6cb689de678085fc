"""What the diagnosis says of credits never lettered: proposed, in doubt, or fitting nothing (rules F6, F8)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from dunning_batch.core.allocation import Applications
from dunning_batch.core.arrays import Integers
from dunning_batch.core.creditpasses import BY_AGE, BY_AMOUNT
from dunning_batch.core.itemcolumns import Credits, Items
from dunning_batch.core.openitems import Credit
from dunning_batch.core.proposals import RELATIONS
from dunning_batch.errors import Problem, msg

_NAMED = 20  # pieces or customers in one message


def credit_signs(items: Items, credits: Credits, applied: Applications) -> Iterator[Problem]:
    """Every unlettered credit that covers something: certain matches, then what an amount alone says, then the rest."""
    yield from _proposals(items, credits, applied)
    yield from _unsure(items, credits, applied)
    yield from _oldest_due(items, credits, applied)


def listed(names: Sequence[str]) -> str:
    """The first names, and a sign that there are more."""
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _proposals(items: Items, credits: Credits, applied: Applications) -> Iterator[Problem]:
    """Credits that were never lettered, each with the items it certainly belongs to by piece, label or amount."""
    matches: dict[tuple[int, int], list[str]] = defaultdict(list)
    parts = np.flatnonzero((applied.number < BY_AGE) & applied.sure)
    pairs = zip(applied.credit[parts].tolist(), applied.number[parts].tolist(), strict=True)
    for pair, name in zip(pairs, items.names(applied.item[parts]), strict=True):
        matches[pair].append(name)
    found = credits.some(np.array([place for place, _ in matches], np.int64))
    for credit, ((_, number), names) in zip(found, matches.items(), strict=True):
        yield _proposal(credit, number, names)


def _proposal(credit: Credit, number: int, names: Iterable[str]) -> Problem:
    text = msg(
        'The credit "{label}" of {day:date} over {amount:money} {relation} {pieces} and is not lettered with it: '
        "letter them together.",
        label=credit.label,
        day=credit.date,
        amount=credit.amount,
        relation=RELATIONS[number],
        pieces=_pieces(names),
    )
    return Problem("credit_not_lettered", text, source=credit.source, customer=credit.customer)


def _unsure(items: Items, credits: Credits, applied: Applications) -> Iterator[Problem]:
    """Credits that an amount alone says something about, each with all the items that it may have paid."""
    parts = np.flatnonzero((applied.number < BY_AGE) & ~applied.sure)
    matches: dict[tuple[int, int], list[int]] = defaultdict(list)
    pairs = zip(applied.credit[parts].tolist(), applied.number[parts].tolist(), strict=True)
    for pair, item in zip(pairs, applied.item[parts].tolist(), strict=True):
        matches[pair].append(item)
    found = credits.some(np.array([place for place, _ in matches], np.int64))
    alike = _alike(items, applied, parts)
    for credit, ((_, number), places) in zip(found, matches.items(), strict=True):
        others = alike[places[0]] if number == BY_AMOUNT else places
        yield _unsure_problem(credit, number, items.names(np.array(others)), items.names(np.array(places)))


def _alike(items: Items, applied: Applications, parts: Integers) -> Mapping[int, list[int]]:
    """For each item of these parts, the items of that customer of which as much was left when pass 3 began."""
    if not len(parts):
        return {}
    left, before = items.open.copy(), applied.number < BY_AMOUNT
    np.subtract.at(left, applied.item[before], applied.amount[before])
    owner = items.customer.codes
    concerned = np.flatnonzero(np.isin(owner, owner[applied.item[parts]]) & (left > 0))
    same: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, key in zip(concerned.tolist(), zip(owner[concerned].tolist(), left[concerned].tolist(), strict=True),
                          strict=True):  # fmt: skip
        same[key].append(place)
    return {place: same[int(owner[place]), int(left[place])] for place in applied.item[parts].tolist()}


def _unsure_problem(credit: Credit, number: int, names: Sequence[str], deducted: Sequence[str]) -> Problem:
    about = {"label": credit.label, "day": credit.date, "amount": credit.amount}
    if len(names) > len(deducted):
        text = msg(
            'The credit "{label}" of {day:date} over {amount:money} equals what is left of each of {pieces}: the '
            "amount does not tell which was paid. It is deducted from {deducted}; see which it was, and letter it.",
            **about,
            pieces=_pieces(names),
            deducted=_pieces(deducted),
        )
    else:
        text = msg(
            'The credit "{label}" of {day:date} over {amount:money} {relation} {pieces}, perhaps by chance: other '
            "invoices or credits fit as well, or an invoice is later. It is deducted there; see what was paid, and "
            "letter it.",
            **about,
            relation=RELATIONS[number],
            pieces=_pieces(names),
        )
    return Problem("credit_fits_several", text, source=credit.source, customer=credit.customer)


def _oldest_due(items: Items, credits: Credits, applied: Applications) -> Iterator[Problem]:
    """Once a customer: the credits that fit nothing and went to the oldest due (rule F8)."""
    parts: dict[str, list[int]] = defaultdict(list)
    by_age = np.flatnonzero(applied.number == BY_AGE)
    for place, customer in enumerate(items.customer.some(applied.item[by_age])):
        parts[customer].append(place)
    names, amounts = items.names(applied.item[by_age]), applied.amount[by_age].tolist()
    firsts = applied.credit[by_age[[places[0] for places in parts.values()]]]
    for (customer, places), source in zip(parts.items(), credits.sources(firsts), strict=True):
        text = msg(
            "{amount:money} of unlettered credits of {customer} fit no open invoice and are set against the oldest "
            "due ({pieces}): the total is right, the invoices may not be. Letter this account.",
            amount=sum(amounts[place] for place in places),
            customer=customer,
            pieces=_pieces(names[place] for place in places),
        )
        yield Problem("lettering_doubt", text, source=source, customer=customer)


def _pieces(names: Iterable[str]) -> str:
    return listed(list(dict.fromkeys(names)))
