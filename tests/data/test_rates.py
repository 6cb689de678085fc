"""The program's table of rates: nothing missing, nothing carried forward, each row with its source."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import dunning_batch
from dunning_batch.core.penalties import rates_from

TABLE = tomllib.loads((Path(dunning_batch.__file__).parent / "data" / "rates.toml").read_text(encoding="utf-8"))
RATES = rates_from(TABLE)
HALF_YEARS = [f"{year}-S{half}" for year in range(2015, 2027) for half in (1, 2)]


@pytest.mark.parametrize("index", ["ecb", "legal"])
def test_every_half_year_stands_once_in_order_with_its_source(index):
    assert [row["half_year"] for row in TABLE[index]] == HALF_YEARS
    for row in TABLE[index]:
        anchor = date(int(row["half_year"][:4]), 1 if row["half_year"].endswith("1") else 7, 1)
        assert row["effective"] <= anchor
        assert row["source"]
        assert Decimal(row["percent"]).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("half_years", "professional", "public"),
    [
        ("2015-S1 2015-S2 2016-S1", "10.05", "8.05"),
        ("2016-S2 2017-S1 2019-S2 2022-S1 2022-S2", "10.00", "8.00"),
        ("2023-S1", "12.50", "10.50"),
        ("2023-S2", "14.00", "12.00"),
        ("2024-S1", "14.50", "12.50"),
        ("2024-S2", "14.25", "12.25"),
        ("2025-S1", "13.15", "11.15"),
        ("2025-S2 2026-S1", "12.15", "10.15"),
        ("2026-S2", "12.40", "10.40"),
    ],
)
def test_the_rates_that_follow(half_years, professional, public):
    for half_year in half_years.split():
        assert RATES.ecb[half_year] + 10 == Decimal(professional)
        assert RATES.ecb[half_year] + 8 == Decimal(public)


@pytest.mark.parametrize(
    ("half_year", "three_times"),
    [("2015-S1", "2.79"), ("2023-S2", "12.66"), ("2024-S1", "15.21"), ("2024-S2", "14.76"), ("2026-S2", "8.25")],
)
def test_three_times_the_legal_rate(half_year, three_times):
    assert RATES.legal[half_year] * 3 == Decimal(three_times)


def test_an_ecb_rate_holds_from_the_same_day_wherever_it_stands():
    effective = {}
    for row in TABLE["ecb"]:
        assert effective.setdefault(row["effective"], row["percent"]) == row["percent"]
