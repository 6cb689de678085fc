from datetime import date

import pytest

from dunning_batch.core.limitation import last_day_to_sue


@pytest.mark.parametrize(
    ("due", "customer", "last"),
    [
        (date(2026, 4, 30), "professional", date(2031, 4, 30)),
        (date(2026, 4, 30), "consumer", date(2028, 4, 30)),
        (date(2026, 4, 30), "unknown", date(2028, 4, 30)),  # nobody knows: the shortest
        (date(2026, 4, 30), "public", date(2030, 12, 31)),
        (date(2024, 2, 29), "professional", date(2029, 2, 28)),
        (date(2024, 2, 29), "consumer", date(2026, 2, 28)),
    ],
)
def test_the_last_day_to_sue(due, customer, last):
    assert last_day_to_sue(due, customer) == last
