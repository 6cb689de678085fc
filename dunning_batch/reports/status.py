"""`status` and `plan` in every form: one row an open item, with what comes next and why."""

from collections.abc import Iterator

from dunning_batch.core.policy import Decision
from dunning_batch.errors import msg
from dunning_batch.language import Language
from dunning_batch.reports.record import Record
from dunning_batch.reports.run_json import document, dump
from dunning_batch.reports.tables import Column, Value, csv_bytes, table_text, xlsx_bytes
from dunning_batch.wording import reason_text

COLUMNS = (
    Column(msg("Customer"), width=14),
    Column(msg("Name"), width=28),
    Column(msg("Piece"), width=16),
    Column(msg("Due"), "date"),
    Column(msg("Days late"), "number", 10),
    Column(msg("Open"), "money", 14),
    Column(msg("Asked"), "money", 14),
    Column(msg("Level"), "number", 8),
    Column(msg("Next"), "number", 8),
    Column(msg("From"), "date"),
    Column(msg("Why"), width=44),
)


def status_bytes(record: Record, form: str, language: Language, *, proposed_only: bool = False) -> bytes:
    """The open items of a record; `proposed_only`: those to be reminded, in a table."""
    if form == "json":
        return dump(document(record, language))
    rows = list(_rows(record, language, proposed_only=proposed_only))
    if form == "csv":
        return csv_bytes(COLUMNS, rows, language)
    if form == "xlsx":
        return xlsx_bytes(language.text("Open items"), COLUMNS, rows, language)
    return (table_text(COLUMNS, rows, language) + totals_line(record, language)).encode()


def _rows(record: Record, language: Language, *, proposed_only: bool) -> Iterator[tuple[Value, ...]]:
    names = {one.code: one.name for one in record.settlement.balances}
    names |= {code: customer.name for code, customer in record.customers.items() if customer.name}
    decisions = (one for one in record.plan.decisions if one.reason == "remind" or not proposed_only)
    for one in sorted(decisions, key=_by_customer):
        item = one.item
        yield (
            item.customer, names.get(item.customer, ""), item.piece or item.label, item.due, one.days_overdue,
            item.open, one.asked, one.history.last_level, one.next_level, one.next_date, reason_text(one, language),
        )  # fmt: skip


def _by_customer(decision: Decision) -> tuple[object, ...]:
    return decision.item.customer, decision.item.due, decision.item.order


def totals_line(record: Record, language: Language) -> str:
    """The sums of a record, as one line."""
    balances = record.settlement.balances
    return language.text(
        "{items:open item|open items}, {open:money} open, {unallocated:money} in credit, {reminded:money} to be asked.",
        items=len(record.plan.decisions),
        open=sum(one.open for one in balances),
        unallocated=sum(one.unallocated for one in balances),
        reminded=sum(one.asked for one in record.plan.decisions if one.reason == "remind"),
    ) + "\n"  # fmt: skip
