"""`status` and `plan` in every form: one row an open item, with what comes next and why."""

import numpy as np

from dunning_batch.core.arrays import Integers, distinct_of
from dunning_batch.core.duedates import NO_DAY, dates_or_none
from dunning_batch.core.policy.plans import Decisions
from dunning_batch.core.policy.records import REASONS
from dunning_batch.errors import msg
from dunning_batch.language import Language
from dunning_batch.reports.cells import Amounts, Cells, Words
from dunning_batch.reports.record import Record
from dunning_batch.reports.run_json import document, dump
from dunning_batch.reports.tables import Column, csv_bytes, table_bytes, xlsx_bytes
from dunning_batch.wording import why

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
    cells = _cells(record, language, proposed_only=proposed_only)
    if form == "table":
        return table_bytes(COLUMNS, cells, language) + totals_line(record, language).encode()
    rows = zip(*(column.values() for column in cells), strict=True)
    if form == "csv":
        return csv_bytes(COLUMNS, rows, language)
    return xlsx_bytes(language.text("Open items"), COLUMNS, rows, language)


def _cells(record: Record, language: Language, *, proposed_only: bool) -> list[Cells | Words | Amounts]:
    """The columns, in order of customer and due date."""
    decisions, items = record.plan.decisions, record.plan.decisions.items
    places = np.flatnonzero(decisions.where("remind")) if proposed_only else np.arange(len(items))
    places = places[np.lexsort((items.order[places], items.due[places], items.customer.ranks()[places]))]
    names = {one.code: one.name for one in record.settlement.balances}
    names |= {code: customer.name for code, customer in record.customers.items() if customer.name}
    codes, customers = items.customer.codes[places], items.customer.texts.tolist()
    return [
        Cells(customers, codes), Cells([names.get(code, "") for code in customers], codes),
        Words(items.names(places)), _days(items.due[places]),
        _numbers(decisions.days_overdue[places]), Amounts(items.open[places]), Amounts(decisions.asked[places]),
        _numbers(decisions.histories.level[places]), _numbers(decisions.next_level[places], none=0),
        _days(decisions.next_date[places]), _reasons(decisions, places, language),
    ]  # fmt: skip


def _numbers(values: Integers, none: int | None = None) -> Cells:
    distinct, rows = distinct_of(values)
    return Cells([None if value == none else value for value in distinct.tolist()], rows)


def _days(values: Integers) -> Cells:
    distinct, rows = distinct_of(values)
    return Cells(dates_or_none(distinct), rows)


def _reasons(decisions: Decisions, places: Integers, language: Language) -> Cells:
    """Why, in words: what the words depend on, each distinct case once."""
    day = np.select(
        [decisions.where("too_soon"), decisions.where("not_overdue") & (decisions.days_overdue < 1)],
        [decisions.next_date, decisions.items.due], NO_DAY,
    )  # fmt: skip
    held = decisions.histories.hold_reasons()
    hold = np.where(decisions.where("held"), held.codes, 0)
    days, place = distinct_of(day[places])
    holds, reasons = len(held.texts), len(REASONS)
    cases, rows = distinct_of((place * holds + hold[places]) * reasons + decisions.reason[places])
    shown = dates_or_none(days)
    texts = [
        why(REASONS[case % reasons], shown[case // reasons // holds], held.texts[case // reasons % holds], language)
        for case in cases.tolist()
    ]
    return Cells(texts, rows)


def totals_line(record: Record, language: Language) -> str:
    """The sums of a record, as one line."""
    balances, decisions = record.settlement.balances, record.plan.decisions
    return language.text(
        "{items:open item|open items}, {open:money} open, {unallocated:money} in credit, {reminded:money} to be asked.",
        items=len(decisions),
        open=sum(one.open for one in balances),
        unallocated=sum(one.unallocated for one in balances),
        reminded=int(decisions.asked[decisions.where("remind")].sum()),
    ) + "\n"  # fmt: skip
