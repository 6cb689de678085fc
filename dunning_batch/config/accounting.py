"""What of a configuration holds for a list of invoices (rules C2, C3): it has no account balance and no payments."""

from dataclasses import replace
from typing import Any

from dunning_batch.config.findings import Findings, shown_key
from dunning_batch.config.settings import Settings
from dunning_batch.config.tables import is_given
from dunning_batch.core.ledger import Accounting
from dunning_batch.errors import ConfigurationError, Problem, Source, UsageError, msg

_OF_BALANCES = (("filters", "positive_balance"), ("dunning", "unallocated_credits"), ("dunning", "on_lettering_doubt"))


def ignored_in_cash(document: dict[str, Any], findings: Findings) -> tuple[Problem, ...]:
    """What is said of the keys that a list of invoices has no use for; `findings` knows their lines."""
    given = [(table, name) for table, name in _OF_BALANCES if is_given(document, table, name)]
    return tuple(
        Problem(
            "ignored_in_cash",
            msg("{key} is ignored: a list of invoices has no account balance and no payments.",
                key=shown_key(table, name)),
            "notice",
            Source(findings.file, findings.line_of(f"{table}.{name}")),
        )
        for table, name in given
    )  # fmt: skip


def for_accounting(settings: Settings, accounting: Accounting) -> Settings:
    """The settings as they hold for a ledger of that kind.

    Raises:
        ConfigurationError: cash was asked for, and the ledger is judged by its lettering (rule C2).
        UsageError: a balance was asked for on the command line, of a list that has none (rule C3).
    """
    if accounting == "accrual":
        if settings.ledger.accounting == "cash":
            text = msg(
                '[ledger] accounting = "cash" is for a list of invoices with a column that says what is paid. This '
                'ledger has none, as no FEC has: write "auto", or give the list of invoices instead.'
            )
            key = shown_key("ledger", "accounting")
            raise ConfigurationError(Problem("no_list", text, "error", Source(settings.file.name, key=key)))
        return settings
    if settings.balance_typed:
        text = msg(
            "--positive-balance and --any-balance are for ledgers with payments: a list of invoices has no account "
            "balance. Leave the option out."
        )
        raise UsageError(Problem("no_balance", text, "error"))
    filters = replace(settings.policy.filters, positive_balance=False)
    policy = replace(settings.policy, filters=filters, unallocated_credits="ignore", on_lettering_doubt="remind")
    return replace(settings, policy=policy, problems=(*settings.problems, *settings.problems_in_cash))
