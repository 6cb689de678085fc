"""Days and sides by the column (rule A3, fault 10)."""

import pyarrow as pa

from dunning_batch.reading.cells import NO_DAY, days, sides


def test_days_of_a_column():
    column = pa.array([b"20260115", b"", b"15/01/2026", b"31/02/2026", b'"20260115"', b"00000000"], pa.binary())
    numbers, wrong = days(column, "utf-8")
    assert numbers.tolist() == [20468, NO_DAY, 20468, NO_DAY, 20468, NO_DAY]
    assert wrong.tolist() == [3]


def test_sides_of_a_column():
    column = pa.array([b"D", b"C", b"d", b" c ", b"+1", b"-1", b"1", b"", b"X", b"0"], pa.binary())
    signs, wrong = sides(column, "utf-8")
    assert signs.tolist() == [1, -1, 1, -1, 1, -1, 1, 0, 0, 0]
    assert wrong.tolist() == [7, 8, 9]
