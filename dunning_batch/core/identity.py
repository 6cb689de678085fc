"""Keys and levels of items from month to month (rules H).

An item has no name of its own in a ledger: entry numbers change when a draft is validated, pieces are written anew,
a new year brings opening lines. So it is found again by what it looks like, surest likeness first.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import count

from dunning_batch.core.matching import Likeness, Matching, match
from dunning_batch.core.openitems import OpenItem
from dunning_batch.core.policy import History
from dunning_batch.core.policy.plans import Histories, histories_of, nothing_remembered
from dunning_batch.errors import Problem, msg

_PLACEHOLDERS = frozenset(("", "-", "x", "X", "0"))


@dataclass(frozen=True, slots=True)
class Remembered:
    """One row of the levels workbook (sheet `Niveaux`, or `Soldées`), or of a legacy list. Cents.

    A legacy list may know no more than a piece and a level: what it does not know is empty or None, and its key too.
    """

    key: str
    customer: str
    piece: str
    issued: date | None
    due: date | None
    amount: int | None
    level: int
    last_reminded: date | None = None
    held: bool = False
    held_until: date | None = None
    reason: str = ""
    note: str = ""
    settled_on: date | None = None  # set for a row of `Soldées`
    uncertain: bool = False  # its last reminder awaits `resume`
    previous: tuple[tuple[int, date], ...] = ()  # (level, date) of its reminders, oldest first
    doubtful: bool = False  # a cell of the row could not be read: the item is held (fault 100)


@dataclass(frozen=True, slots=True)
class Recall:
    """Open items with what is remembered of them, and the rows that no open item took."""

    histories: Histories  # parallel to the items
    settled: tuple[Remembered, ...]  # reminded or held, no longer open, each with a key; no `settled_on`: since now
    problems: tuple[Problem, ...] = ()


def recall(items: Sequence[OpenItem], remembered: Sequence[Remembered], dossier: str) -> Recall:
    """What is remembered of each open item, under the key it has or is now given.

    Args:
        items: In ledger order.
        remembered: Rows of `Niveaux`, then of `Soldées`, or of a legacy list, in the workbook's order.
        dossier: What tells this dossier from another, for new keys.
    """
    if not remembered:
        return Recall(nothing_remembered(len(items), cache(lambda: _new_keys(items, dossier))), ())
    rows, doubles = _distinct(remembered)
    likenesses = [_likeness_of_item(item) for item in items]
    matching = match(likenesses, [_likeness_of_row(row) for row in rows])
    inherited, lowered = _inherited(items, rows, matching)
    doubts = _doubts(items, rows, matching)
    used = {row.key for row in rows if row.key}
    histories = tuple(
        _history(item, inherited.get(index), doubts.get(index), dossier, used) for index, item in enumerate(items)
    )
    settled = (rows[index] for index in matching.free_rows if _is_kept(rows[index]))
    keyed = tuple(row if row.key else replace(row, key=_new_key(row, dossier, used)) for row in settled)
    return Recall(histories_of(histories), keyed, (*doubles, *lowered, *doubts.values()))


def _is_kept(row: Remembered) -> bool:
    """Whether a row of no open item is worth its memory: it has a level, or somebody held it (rule F10)."""
    return bool(row.level or row.held or row.held_until or row.settled_on)


def _likeness_of_item(item: OpenItem) -> Likeness:
    return Likeness(
        item.customer, _piece(item.piece), item.issued, item.due, item.amount, opening=item.kind == "opening"
    )


def _likeness_of_row(row: Remembered) -> Likeness:
    settled = row.settled_on is not None
    return Likeness(row.customer.strip(), _piece(row.piece), row.issued, row.due, row.amount, settled=settled)


def _piece(text: str) -> str:
    """A piece without the blanks around it; empty for a placeholder."""
    piece = text.strip()
    return "" if piece in _PLACEHOLDERS else piece


def _distinct(remembered: Iterable[Remembered]) -> tuple[list[Remembered], list[Problem]]:
    """The rows, each key once (rule H3): of rows copied by hand the first is taken, and held where they differ."""
    rows: list[Remembered] = []
    place: dict[str, int] = {}
    problems = []
    for row in remembered:
        first = place.get(row.key) if row.key else None
        if first is None:
            place[row.key] = len(rows)
            rows.append(row)
        elif row != rows[first]:
            rows[first] = replace(rows[first], doubtful=True)
            text = msg(
                "Two rows of the levels workbook have the key {key} ({piece}): the item is held. Remove one of them.",
                key=row.key,
                piece=row.piece,
            )
            problems.append(Problem("level_row_twice", text, customer=row.customer))
    return rows, problems


def _inherited(
    items: Sequence[OpenItem], rows: Sequence[Remembered], matching: Matching
) -> tuple[dict[int, Remembered], list[Problem]]:
    """The row of each item that has one; twins of different levels all take the lowest, which is reported (rule H2)."""
    inherited = {item: rows[row] for item, row in matching.row_of.items()}
    problems = []
    for group in matching.twins:
        twins = [rows[row] for row in group.rows]
        lowest = min(twins, key=lambda row: row.level)
        if all(row.level == lowest.level for row in twins):
            continue
        for item in group.items:
            if item in inherited:
                inherited[item] = _lowered(inherited[item], lowest)
        problems.append(_lowered_problem(items[group.items[0]], lowest.level))
    return inherited, problems


def _lowered(row: Remembered, lowest: Remembered) -> Remembered:
    return replace(row, level=lowest.level, last_reminded=lowest.last_reminded, previous=lowest.previous)


def _lowered_problem(item: OpenItem, level: int) -> Problem:
    text = msg(
        "Several items {piece} of {issued:date} over {amount:money} are alike and had different levels: "
        "all of them are now at the lowest, {level}.",
        piece=item.piece or item.label,
        issued=item.issued,
        amount=item.amount,
        level=level,
    )
    return Problem("twin_levels_differ", text, source=item.source, customer=item.customer)


def _doubts(items: Sequence[OpenItem], rows: Sequence[Remembered], matching: Matching) -> dict[int, Problem]:
    """The items that are held because nobody can tell which level is theirs, by index."""
    vanished = _vanished(items, rows, matching)
    doubts = {}
    for index in matching.free_items:
        item = items[index]
        row = vanished.get((_piece(item.piece), item.issued, item.amount))
        if index in matching.ambiguous:
            doubts[index] = _ambiguous(item)
        elif row is not None and row.customer != item.customer:
            doubts[index] = _moved(item, row)
    return doubts


def _vanished(
    items: Sequence[OpenItem], rows: Sequence[Remembered], matching: Matching
) -> dict[tuple[str, date | None, int | None], Remembered]:
    """Rows that matter and whose customer has their piece open no more: its code may have changed (fault 45)."""
    gone = [rows[index] for index in matching.free_rows if rows[index].level or rows[index].held]
    gone = [row for row in gone if row.settled_on is None and row.customer and _piece(row.piece)]
    still = {(item.customer, _piece(item.piece)) for item in items} if gone else set()
    return {
        (_piece(row.piece), row.issued, row.amount): row
        for row in gone
        if (row.customer, _piece(row.piece)) not in still
    }


def _ambiguous(item: OpenItem) -> Problem:
    text = msg(
        "{piece} of {issued:date} over {amount:money} may be one of several items reminded before: it is held. "
        "Set its level in the levels workbook, and release it there.",
        piece=item.piece or item.label,
        issued=item.issued,
        amount=item.amount,
    )
    return Problem("item_ambiguous", text, source=item.source, customer=item.customer)


def _moved(item: OpenItem, row: Remembered) -> Problem:
    text = msg(
        "{piece} of {issued:date} over {amount:money} looks like the one of customer {before}, which is no longer open "
        "and was at level {level}: it is held. Set its level in the levels workbook, and release it there.",
        piece=item.piece,
        issued=item.issued,
        amount=item.amount,
        before=row.customer,
        level=row.level,
    )
    return Problem("item_moved", text, source=item.source, customer=item.customer)


def _history(item: OpenItem, row: Remembered | None, doubt: Problem | None, dossier: str, used: set[str]) -> History:
    if row is None:
        return History(_new_key(item, dossier, used), held=doubt is not None, doubt=doubt.message if doubt else None)
    return History(
        key=row.key or _new_key(item, dossier, used),
        last_level=row.level,
        last_reminded=row.last_reminded,
        held=row.held or row.doubtful,
        held_until=None if row.doubtful else row.held_until,
        reason=row.reason,
        note=row.note,
        uncertain=row.uncertain,
        previous=row.previous,
    )


def _new_keys(items: Iterable[OpenItem], dossier: str) -> list[str]:
    """Keys of items that were never seen before."""
    used: set[str] = set()
    return [_new_key(item, dossier, used) for item in items]


def _new_key(one: OpenItem | Remembered, dossier: str, used: set[str]) -> str:
    """A key that no other item has, the same whenever it is asked for; added to those used."""
    known = f"{dossier}\x1f{one.customer}\x1f{one.piece}\x1f{one.issued}\x1f{one.amount}\x1f{one.due}"
    digests = (hashlib.sha256(f"{known}\x1f{ordinal}".encode()).digest() for ordinal in count())
    keys = (base64.b32encode(digest[:10])[:10].decode() for digest in digests)
    key = next(key for key in keys if key not in used)
    used.add(key)
    return key
