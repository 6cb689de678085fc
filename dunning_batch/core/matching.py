"""Finding open items again among remembered rows, surest likeness first (rules H1 and H2)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Likeness:
    """What an item, or the row that remembers it, is known by; what is not known is empty or None."""

    customer: str
    piece: str  # empty for a placeholder: no piece never equals no piece
    issued: date | None
    due: date | None
    amount: int | None
    opening: bool = False  # an item of kind `opening`
    settled: bool = False  # a row of `Soldées`


@dataclass(frozen=True, slots=True)
class TwinGroup:
    """Items and rows that nothing tells apart within their side; the first items took the first rows."""

    items: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(slots=True)
class Matching:
    """Which item is which row, by index."""

    row_of: dict[int, int] = field(default_factory=dict)
    twins: list[TwinGroup] = field(default_factory=list)
    free_items: dict[int, None] = field(default_factory=dict)  # in order
    free_rows: dict[int, None] = field(default_factory=dict)
    ambiguous: set[int] = field(default_factory=set)  # free items that may be one of several rows


Test = Callable[[Likeness], bool]
Groups = dict[tuple[object, ...], list[int]]


def _any(_: Likeness) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Pass:
    """One comparison; a key with something unknown in it equals nothing."""

    key: Callable[[Likeness], tuple[object, ...]]
    item: Test = _any  # which items and rows it is for
    row: Test = _any
    unique: bool = False  # on both sides: not even twins are matched


_PASSES = (
    # What agrees in everything is the same item, with a piece or without; of twins, the first are the first.
    _Pass(lambda one: (one.customer, f"={one.piece}", one.issued, one.due, one.amount)),
    _Pass(lambda one: (one.customer, one.piece, one.issued, one.amount)),
    _Pass(lambda one: (one.customer, one.piece, one.amount)),
    _Pass(lambda one: (one.customer, one.piece, one.due)),
    _Pass(lambda one: (one.customer, one.issued, one.amount)),
    _Pass(lambda one: (one.customer, one.amount), item=lambda item: item.opening, unique=True),
    # Legacy lists, that know a piece and a level and perhaps the customer.
    _Pass(lambda one: (one.customer, one.piece), row=lambda row: row.amount is None),
    _Pass(lambda one: (one.piece,), row=lambda row: not row.customer),
)


def match(items: Sequence[Likeness], rows: Sequence[Likeness]) -> Matching:
    """Each item's row, one-to-one.

    Several items or rows in one pass that are no twins go on to the next. The passes are repeated on what is left, as
    a later one may have taken what made an earlier one ambiguous. Rows of items that were open are asked before rows
    of settled ones, in every pass.
    """
    found = Matching(free_items=dict.fromkeys(range(len(items))), free_rows=dict.fromkeys(range(len(rows))))
    progress = True
    while progress and found.free_rows and found.free_items:
        before = len(found.row_of)
        for one in _PASSES:
            for settled in (False, True):
                _match_in(one, settled, items, rows, found)
        progress = len(found.row_of) > before
    for one in _PASSES:
        by_item, by_row = _sides(one, None, items, rows, found)
        found.ambiguous.update(index for key in by_item.keys() & by_row.keys() for index in by_item[key])
    return found


def _match_in(one: _Pass, settled: bool, items: Sequence[Likeness], rows: Sequence[Likeness], found: Matching) -> None:
    by_item, by_row = _sides(one, settled, items, rows, found)
    for key, group in by_item.items():
        candidates = by_row.get(key, [])
        alone = len(group) == len(candidates) == 1
        if not alone and (
            one.unique or not candidates or not (_are_twins(items, group) and _are_twins(rows, candidates))
        ):
            continue
        if not alone:
            found.twins.append(TwinGroup(tuple(group), tuple(candidates)))
        for item, row in zip(group, candidates, strict=False):
            found.row_of[item] = row
            del found.free_items[item], found.free_rows[row]


def _sides(
    one: _Pass, settled: bool | None, items: Sequence[Likeness], rows: Sequence[Likeness], found: Matching
) -> tuple[Groups, Groups]:
    """Free items and free rows by key, rows of one kind only unless `settled` is None."""
    kind = [row for row in found.free_rows if settled is None or rows[row].settled is settled]
    by_row = _grouped(one.key, one.row, rows, kind)
    return (_grouped(one.key, one.item, items, found.free_items) if by_row else {}), by_row


def _grouped(
    key_of: Callable[[Likeness], tuple[object, ...]], test: Test, side: Sequence[Likeness], indices: Iterable[int]
) -> Groups:
    groups: Groups = defaultdict(list)
    for index in indices:
        if test(side[index]) and all(key := key_of(side[index])):
            groups[key].append(index)
    return groups


def _are_twins(side: Sequence[Likeness], group: Sequence[int]) -> bool:
    first = side[group[0]]
    wanted = (first.piece, first.issued, first.due, first.amount)
    return all((one.piece, one.issued, one.due, one.amount) == wanted for one in map(side.__getitem__, group))
