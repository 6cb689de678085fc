"""Settings that are right one by one and wrong together (fault 50), and what this version cannot do yet."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from dunning_batch.config.findings import Findings
from dunning_batch.config.folders import output_fault, under
from dunning_batch.config.keys import LEVELS
from dunning_batch.config.mailserver import check_email
from dunning_batch.core.policy import Level
from dunning_batch.errors import Message, msg

Values = dict[str, Any]


def check_together(values: dict[str, Values], levels: tuple[Level, ...], root: Path, findings: Findings) -> None:
    """Note every contradiction."""
    _check_creditor(values["creditor"], findings)
    _check_ledger(values["ledger"], findings)
    _check_customers(values["customers"], findings)
    _check_filters(values["filters"], len(levels), findings)
    _check_levels(levels, findings)
    check_email(values["email"], root, findings)
    _check_output(values, root, findings)


def _check_creditor(creditor: Values, findings: Findings) -> None:
    siren, vat = creditor["siren"], creditor["vat"]
    if siren and vat.startswith("FR") and vat[4:] != siren:
        text = msg("[creditor] vat ends in {found}, but [creditor] siren is {siren}: one of them is wrong.",
                   found=vat[4:], siren=siren)  # fmt: skip
        findings.add("creditor", "vat", text)


def _check_ledger(ledger: Values, findings: Findings) -> None:
    if not ledger["files"]:
        findings.add("ledger", "files", msg('[ledger] files is empty: write for example files = ["input/*.txt"].'))
    if not ledger["customer_accounts"]:
        text = msg('[ledger] customer_accounts is empty: write for example customer_accounts = ["411"].')
        findings.add("ledger", "customer_accounts", text)


def _check_customers(customers: Values, findings: Findings) -> None:
    if not customers["file"].lower().endswith((".xlsx", ".csv", ".ods")):
        findings.add("customers", "file", msg("[customers] file must end in .xlsx, .csv or .ods."))


def _check_filters(filters: Values, levels: int, findings: Findings) -> None:
    if any(level > levels for level in filters["last_levels"]):
        text = msg("[filters] last_levels goes beyond the last level, {last}.", last=levels)
        findings.add("filters", "last_levels", text)
    if filters["due_from"] and filters["due_to"] and filters["due_from"] > filters["due_to"]:
        findings.add("filters", "due_to", msg("[filters] due_to lies before due_from: nothing would be reminded."))


def _check_levels(levels: tuple[Level, ...], findings: Findings) -> None:
    if not 1 <= len(levels) <= 9:
        findings.add("dunning", "levels", msg("There must be 1 to 9 levels: remove [[dunning.levels]] to have four."))
    for before, level in pairwise(levels):
        if level.min_days_overdue < before.min_days_overdue:
            text = msg("Level {number} goes out after {days:day|days}, before level {previous} ({before:day|days}): "
                       "put the levels in order.", number=level.number, days=level.min_days_overdue,
                       previous=before.number, before=before.min_days_overdue)  # fmt: skip
            findings.add(f"{LEVELS}.{level.number}", "min_days_overdue", text)
    for level in levels:
        if level.registered and level.channel == "email":
            text = msg('Level {number} is a registered letter, which no e-mail can be: write channel = "post".',
                       number=level.number)  # fmt: skip
            findings.add(f"{LEVELS}.{level.number}", "channel", text)


def _check_output(values: dict[str, Values], root: Path, findings: Findings) -> None:
    folder, workbook = under(root, values["output"]["folder"]), under(root, values["output"]["levels"])
    if fault := output_fault(folder, root, (*values["ledger"]["files"], values["customers"]["file"])):
        findings.add("output", "folder", _sentence("folder", fault))
    if workbook.suffix.lower() != ".xlsx" or not workbook.is_relative_to(folder) or workbook == folder:
        findings.add("output", "levels", _sentence("levels", msg("it must be an .xlsx file in the output folder")))


def _sentence(key: str, fault: Message) -> Message:
    return msg("[output] {name}: {reason}.", name=key, reason=fault)
