"""Sets of items that sum to a credit (rule F6, pass 4)."""

import numpy as np
import pytest

from dunning_batch.core.itemsets import have_a_set

LARGE = 2_000_000_000  # cents; five of them are more than 32 bits hold


@pytest.mark.parametrize("amount", [100, LARGE // 5, LARGE, 1000 * LARGE])
def test_f6_sums_of_any_size_are_those_of_the_items(amount):
    amounts = np.array([[amount + 1, amount + 1], [amount + 10, amount + 10], [amount + 100, amount + 100]])
    asked = np.array([3 * amount + 111, 2 * amount + 12])
    assert have_a_set(amounts, np.array([0, 1]), asked).tolist() == [True, False]


def test_f6_a_sum_beyond_32_bits_is_not_taken_for_what_it_leaves_of_them():
    amounts = np.array([[LARGE], [LARGE], [LARGE]])
    assert have_a_set(amounts, np.array([0]), np.array([3 * LARGE - (1 << 32)])).tolist() == [False]
