"""Blocks onto pages: rows that belong together stay together, tables repeat their head and carry their sums forward."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dunning_batch.documents.pages import Row


class Carried(NamedTuple):
    """What a table says where a page ends: the sums so far, below and again above. Both rows have one height."""

    below: Row
    above: Row


@dataclass(frozen=True, slots=True)
class Block:
    """Rows one below the other. Points."""

    rows: Sequence[Row]
    before: float = 0  # space above it, dropped at the top of a page
    head: Row | None = None  # drawn above the first row, and again on every page it goes on to
    carry: Callable[[int], Carried] | None = None  # the sums of so many rows
    keep: bool = False  # its last row with the next block


class _Chunk(NamedTuple):
    """Rows that no page end may part, and how many stand before them."""

    before: int
    rows: Sequence[Row]
    last: bool

    @property
    def height(self) -> float:
        return sum(row.height for row in self.rows)


@dataclass(slots=True)
class Flow:
    """Pages as they fill."""

    first: float  # where the first page begins, in points below its upper edge
    following: float  # where the others do
    bottom: float  # where all end
    pages: list[list[tuple[float, Row]]] = field(default_factory=lambda: [[]])
    y: float = 0

    def __post_init__(self) -> None:
        """Begin on the first page."""
        self.y = self.first

    def add(self, blocks: Iterable[Block]) -> None:
        """Place blocks, in order."""
        waiting = list(blocks)
        for place, block in enumerate(waiting):
            self._place(block, _needed_after(waiting, place))

    def _place(self, block: Block, needed_after: float) -> None:
        self.y += block.before if self.pages[-1] else 0
        head = [block.head] if block.head else []
        for chunk in _chunks(block.rows):
            opening = sum(row.height for row in head) if chunk.before == 0 else 0
            closing = needed_after if chunk.last else _carry_height(block)
            if self._is_full(opening + chunk.height + closing):
                self._turn(block, chunk.before)
                self._draw(head)
                self._draw([block.carry(chunk.before).above] if block.carry and chunk.before else [])
            elif chunk.before == 0:
                self._draw(head)
            self._draw(chunk.rows)

    def _is_full(self, height: float) -> bool:
        """The page has no room left; a page that is still empty takes everything."""
        return bool(self.pages[-1]) and self.y + height > self.bottom

    def _turn(self, block: Block, placed: int) -> None:
        if block.carry and placed:
            self._draw([block.carry(placed).below])
        self.pages.append([])
        self.y = self.following

    def _draw(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.pages[-1].append((self.y, row))
            self.y += row.height


def _carry_height(block: Block) -> float:
    return block.carry(0).below.height if block.carry else 0


def _needed_after(blocks: Sequence[Block], place: int) -> float:
    """The height of what must stand on the page where a block ends: those that follow, as far as each is kept."""
    needed = 0.0
    while blocks[place].keep and place + 1 < len(blocks):
        place += 1
        needed += _opening(blocks[place])
        if len(list(_chunks(blocks[place].rows))) > 1:
            break
    return needed


def _opening(block: Block) -> float:
    """The height that a block needs to begin."""
    first = next(_chunks(block.rows), None)
    head = block.head.height if block.head else 0
    return block.before + head + (first.height if first else 0)


def _chunks(rows: Sequence[Row]) -> Iterator[_Chunk]:
    start = 0
    for place, row in enumerate(rows):
        if not row.keep or place == len(rows) - 1:
            yield _Chunk(start, rows[start : place + 1], place == len(rows) - 1)
            start = place + 1
