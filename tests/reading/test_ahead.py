"""Work on pieces beside the reading of them: their order, how many are kept, what is raised."""

from threading import Event

import pytest

from dunning_batch.reading.ahead import worked_ahead


def test_results_come_in_order_whichever_is_ready_first():
    second = Event()

    def work(number):
        if number == 1:
            assert second.wait(10)
        if number == 2:
            second.set()
        return number

    assert list(worked_ahead(range(1, 6), work, 2)) == [1, 2, 3, 4, 5]


def test_no_more_pieces_are_taken_than_may_be_kept():
    taken = []
    pieces = (taken.append(number) or number for number in range(100))
    results = worked_ahead(pieces, str, 2)
    assert next(results) == "0"
    assert len(taken) == 3


def test_what_the_work_raises_is_raised_in_its_turn():
    results = worked_ahead([1, 0, 2], lambda number: 1 / number, 2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
