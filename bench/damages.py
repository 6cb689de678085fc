"""What may happen to a ledger on its way: to the bytes of a file, and to the cells of a table (see fuzz.py)."""

import random
from collections.abc import Callable
from typing import Any

Rows = list[list[Any]]


def flip(data: bytes, rng: random.Random) -> bytes:
    """Some bytes become others."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 40))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(data: bytes, rng: random.Random) -> bytes:
    """The end is missing, or a piece within."""
    start = rng.randrange(len(data))
    return data[:start] if rng.random() < 0.5 else data[:start] + data[start + rng.randrange(1, 200) :]


def repeat(data: bytes, rng: random.Random) -> bytes:
    """A piece stands twice."""
    start = rng.randrange(len(data))
    return data[:start] + data[max(0, start - rng.randrange(1, 400)) :]


def swap_columns(rows: Rows, rng: random.Random) -> Rows:
    """Two columns change places."""
    width = max(map(len, rows))
    if width < 2:
        return rows
    one, other = rng.sample(range(width), 2)
    place = {one: other, other: one}
    full = [row + [None] * (width - len(row)) for row in rows]
    return [[row[place.get(column, column)] for column in range(width)] for row in full]


def shuffle_rows(rows: Rows, rng: random.Random) -> Rows:
    """All rows but the first in any order."""
    rest = rows[1:]
    rng.shuffle(rest)
    return [*rows[:1], *rest]


def repeat_headings(rows: Rows, rng: random.Random) -> Rows:
    """The first row, the headings of a table, stands a second time somewhere."""
    return _inserted(rows, rng, list(rows[0]))


def repeat_row(rows: Rows, rng: random.Random) -> Rows:
    """Any row stands a second time somewhere."""
    return _inserted(rows, rng, list(rng.choice(rows)))


def double_heading(rows: Rows, rng: random.Random) -> Rows:
    """Two columns bear one heading."""
    changed = [list(row) for row in rows]
    row = rng.choice(changed[:10])
    if len(row) > 1:
        one, other = rng.sample(range(len(row)), 2)
        row[one] = row[other]
    return changed


def lose_cells(rows: Rows, rng: random.Random) -> Rows:
    """Some cells are empty, or shifted."""
    changed = [list(row) for row in rows]
    for _ in range(rng.choice((1, 3, 12))):
        row = rng.choice(changed)
        if row:
            place = rng.randrange(len(row))
            if rng.random() < 0.5:
                row[place] = None
            else:
                del row[place]
    return changed


def odd_cells(rows: Rows, rng: random.Random) -> Rows:
    """Some cells hold what nobody expects there."""
    odd = (
        "",
        " ",
        "-",
        "0",
        "1e9",
        "-1,00",
        "12,345",
        "31/02/2026",
        46000,
        -1,
        1e300,
        "total",
        "\N{EURO SIGN}",
        "é" * 300,
    )
    changed = [list(row) for row in rows]
    for _ in range(rng.choice((1, 3, 12))):
        row = rng.choice(changed)
        if row:
            row[rng.randrange(len(row))] = rng.choice(odd)
    return changed


def blank_rows(rows: Rows, rng: random.Random) -> Rows:
    """Rows without anything in them."""
    return _inserted(rows, rng, [])


def _inserted(rows: Rows, rng: random.Random, row: list[Any]) -> Rows:
    place = rng.randrange(len(rows) + 1)
    return [*rows[:place], row, *rows[place:]]


ON_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip, cut, repeat)
ON_ROWS: tuple[Callable[[Rows, random.Random], Rows], ...] = (
    swap_columns, shuffle_rows, repeat_headings, repeat_row, double_heading, lose_cells, odd_cells, blank_rows,
)  # fmt: skip
