"""What stood in the place of the levels workbook is never lost: it may hold what nobody else wrote down."""

import os
import stat
from datetime import datetime

import pytest

from dunning_batch.reading.neighbours import is_copy
from dunning_batch.state.levels import put_in_place


@pytest.fixture
def path(tmp_path):
    return tmp_path / "levels.xlsx"


def saved(path, data, *moment):
    path.write_bytes(data)
    stamp = datetime(*moment).timestamp()
    os.utime(path, (stamp, stamp))


def copies(path):
    return {one.name: one.read_bytes() for one in path.parent.iterdir() if one != path}


def test_a_list_replaced_without_a_run_is_kept_for_when_it_was_saved(path):
    saved(path, b"list from Excel", 2026, 3, 1, 14, 5)
    put_in_place(path, b"new", "")
    assert (path.read_bytes(), copies(path)) == (b"new", {"levels.2026-03-01-14h05.xlsx": b"list from Excel"})
    assert stat.S_IMODE((path.parent / "levels.2026-03-01-14h05.xlsx").stat().st_mode) == 0o600


def test_121_undo_leaves_the_copy_of_before_the_run(path):
    """What fault 121 asks."""
    path.write_bytes(b"before")
    put_in_place(path, b"after", "2026-03-15-01")
    put_in_place(path, b"undone", "2026-03-15-01")
    assert copies(path) == {"levels.2026-03-15-01.xlsx": b"before", "levels.2026-03-15-01-2.xlsx": b"after"}


def test_94_a_run_cut_after_its_copy_makes_no_second_one(path):
    """What fault 94 asks."""
    path.write_bytes(b"before")
    put_in_place(path, b"after", "2026-03-15-01")
    path.write_bytes(b"before")
    put_in_place(path, b"after", "2026-03-15-01")
    assert copies(path) == {"levels.2026-03-15-01.xlsx": b"before"}


def test_a_list_of_long_ago_is_not_forgotten_at_once(path):
    path.write_bytes(b"0")
    for day in range(1, 29):
        put_in_place(path, str(day).encode(), f"2026-03-{day:02d}-01")
    saved(path, b"list from Excel", 2019, 1, 2, 8, 30)
    put_in_place(path, b"new", "")
    kept = sorted(copies(path))
    assert (len(kept), kept[0], kept[1]) == (24, "levels.2019-01-02-08h30.xlsx", "levels.2026-03-06-01.xlsx")


def test_94_what_a_killed_command_left_goes_and_nothing_else(path):
    """What fault 94 asks."""
    others = [".~lock.levels.xlsx#", "levels.2026-02-28-01.xlsx", ".levels.xlsx", ".other.xlsx.abcd1234", "levels.abcd1234"]
    for name in (".levels.xlsx.abcd1234", ".levels.2026-02-28-01.xlsx.x_y_z_09", *others):
        path.with_name(name).write_bytes(b"x")
    put_in_place(path, b"new", "")
    assert {one.name for one in path.parent.iterdir()} == {*others, "levels.xlsx"}


def test_a_first_workbook_has_nothing_to_keep(path):
    put_in_place(path, b"new", "")
    assert copies(path) == {}


def test_no_kept_copy_looks_like_one_of_a_cloud_folder(path):
    saved(path, b"list", 2026, 3, 1, 14, 5)
    for data in (b"1", b"2", b"3"):
        put_in_place(path, data, "2026-03-15-01")
    put_in_place(path, b"4", "")
    assert len(copies(path)) == 4
    assert not [name for name in copies(path) if is_copy(name, path)]
