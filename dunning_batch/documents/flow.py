"""Blocks onto pages: rows that belong together stay together, tables repeat their head on every page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dunning_batch.documents.pages import Row


@dataclass(frozen=True, slots=True)
class Block:
    """Rows one below the other. Points."""

    rows: Sequence[Row]
    before: float = 0  # space above it, dropped at the top of a page
    head: Row | None = None  # drawn above the first row, and again on every page it goes on to
    keep: bool = False  # its last row with the next block


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
            follower = waiting[place + 1] if block.keep and place + 1 < len(waiting) else None
            self._place(block, _opening(follower) if follower else 0)

    def _place(self, block: Block, needed_after: float) -> None:
        head = block.head.height if block.head else 0
        self.y += block.before if self.pages[-1] else 0
        started = False
        for chunk in _chunks(block.rows):
            last = chunk[-1] is block.rows[-1]
            height = sum(row.height for row in chunk)
            if self._is_full(height + (0 if started else head) + (needed_after if last else 0)):
                self._turn()
                started = False
            if block.head and not started:
                self._draw(block.head)
            started = True
            for row in chunk:
                self._draw(row)

    def _is_full(self, height: float) -> bool:
        """The page has no room left; a page that is still empty takes everything."""
        return bool(self.pages[-1]) and self.y + height > self.bottom

    def _turn(self) -> None:
        self.pages.append([])
        self.y = self.following

    def _draw(self, row: Row) -> None:
        self.pages[-1].append((self.y, row))
        self.y += row.height


def _opening(block: Block) -> float:
    """The height that a block needs to begin."""
    first = next(iter(_chunks(block.rows)), ())
    return block.before + (block.head.height if block.head else 0) + sum(row.height for row in first)


def _chunks(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    """Rows that no page end may part."""
    start = 0
    for place, row in enumerate(rows):
        if not row.keep or place == len(rows) - 1:
            yield rows[start : place + 1]
            start = place + 1
