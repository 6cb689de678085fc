"""What of a configuration holds for a list of invoices (rules C2, C3)."""

import pytest

from dunning_batch.config import for_accounting, with_filters
from dunning_batch.errors import ConfigurationError, UsageError
from tests.config.helpers import load

BALANCES = '[filters]\npositive_balance = true\n[dunning]\nunallocated_credits = "show"\non_lettering_doubt = "hold"\n'


def test_c3_keys_of_balances_are_ignored_in_a_list_and_said_with_their_lines(tmp_path):
    settings = for_accounting(load(tmp_path, BALANCES), "cash")
    policy = settings.policy
    assert (policy.filters.positive_balance, policy.unallocated_credits, policy.on_lettering_doubt) == (
        False, "ignore", "remind",
    )  # fmt: skip
    assert [(one.code, one.severity, one.source.line) for one in settings.problems] == [
        ("ignored_in_cash", "notice", 7), ("ignored_in_cash", "notice", 9), ("ignored_in_cash", "notice", 10),
    ]  # fmt: skip


def test_c3_nothing_is_said_of_keys_that_are_not_there(tmp_path):
    assert for_accounting(load(tmp_path), "cash").problems == ()


def test_c3_a_ledger_keeps_them(tmp_path):
    settings = load(tmp_path, BALANCES)
    assert for_accounting(settings, "accrual") == settings


@pytest.mark.parametrize("typed", [True, False])
def test_c3_a_balance_asked_for_on_the_command_line_is_a_usage_error(tmp_path, typed):
    settings = with_filters(load(tmp_path), positive_balance=typed)
    with pytest.raises(UsageError):
        for_accounting(settings, "cash")
    assert for_accounting(settings, "accrual").policy.filters.positive_balance is typed


def test_c2_cash_asked_for_a_ledger_is_an_error_that_names_the_key(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        for_accounting(load(tmp_path, '[ledger]\naccounting = "cash"\n'), "accrual")
    assert [str(one.source) for one in refused.value.problems] == ["config.toml [ledger] accounting"]
