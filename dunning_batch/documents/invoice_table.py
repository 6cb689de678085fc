"""The table of a letter: one row an item, its sums, carried from page to page (rules F6, G5).

Columns: what the item is, its date, when it was due, how late it is, what was booked, paid, covered by credits, asked.
Those of payments and of credits stand only where there are any.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.flow import Block, Carried
from dunning_batch.documents.grid import CARRIED, SUM, Column, Style, figures, grid_row, head_row
from dunning_batch.documents.pages import LEFT, MM, RIGHT, Row
from dunning_batch.documents.pen import Pen
from dunning_batch.documents.values import reference_of

DATE, DAYS = 19 * MM, 17 * MM


@dataclass(frozen=True, slots=True)
class _Amounts:
    """A column of money, in cents."""

    title: str
    values: tuple[int, ...]
    always: bool  # shown where all are zero, and zeros printed

    def cell(self, cents: int, pen: Pen) -> str:
        return pen.language.money(cents) if cents or self.always else ""


def invoice_table(reminder: Reminder, pen: Pen) -> Block:
    """The table with its head and sums."""
    decisions = [line.decision for line in reminder.items]
    amounts = _amounts(reminder, pen)
    columns = _columns(amounts, pen)
    rows = [
        grid_row(
            [
                pen.show(reference_of(decision)),
                pen.language.date(decision.item.issued),
                pen.language.date(decision.item.due),
                str(decision.days_overdue),
                *(column.cell(column.values[place], pen) for column in amounts),
            ],
            columns,
        )
        for place, decision in enumerate(decisions)
    ]
    sums = _sums(amounts, columns, pen)
    if len(rows) > 1:
        rows = [*with_ends_kept(rows), sums(pen.say("Total"), len(rows), SUM)]
    return Block(rows, 8, head_row(columns), _carry(sums, pen), keep=True)


def with_ends_kept(rows: Sequence[Row]) -> list[Row]:
    """The last row of a table stays with its sum, the first one with the second: none is alone on a page."""
    ends = {0, len(rows) - 1}
    return [replace(row, keep=True) if place in ends else row for place, row in enumerate(rows)]


def _amounts(reminder: Reminder, pen: Pen) -> list[_Amounts]:
    decisions = [line.decision for line in reminder.items]
    columns = [
        _Amounts(pen.say("Amount (€)"), tuple(one.item.amount for one in decisions), always=True),
        _Amounts(pen.say("Paid (€)"), tuple(one.item.amount - one.item.open for one in decisions), always=False),
        _Amounts(pen.say("Deducted (€)"), tuple(one.covered for one in decisions), always=False),
        _Amounts(pen.say("Balance (€)"), tuple(one.asked for one in decisions), always=True),
    ]
    return [column for column in columns if column.always or any(column.values)]


def _columns(amounts: Sequence[_Amounts], pen: Pen) -> tuple[Column, ...]:
    fixed = (
        Column(pen.say("Dated"), DATE),
        Column(pen.say("Due on"), DATE),
        Column(pen.say("Days late"), DAYS, right=True),
        *(
            figures(one.title, [pen.language.money(cents) for cents in (sum(one.values), *one.values)])
            for one in amounts
        ),
    )
    width = RIGHT - LEFT - sum(column.width for column in fixed)
    return (Column(pen.say("Document no."), width), *fixed)


def _sums(amounts: Sequence[_Amounts], columns: Sequence[Column], pen: Pen) -> Callable[[str, int, Style], Row]:
    """What makes a row with the sums of the first rows."""

    def sums(label: str, count: int, style: Style) -> Row:
        totals = [pen.language.money(sum(column.values[:count])) for column in amounts]
        return grid_row([label, "", "", "", *totals], columns, style)

    return sums


def _carry(sums: Callable[[str, int, Style], Row], pen: Pen) -> Callable[[int], Carried]:
    @lru_cache
    def carry(count: int) -> Carried:
        below, above = pen.say("Carried forward"), pen.say("Brought forward")
        return Carried(sums(below, count, CARRIED), sums(above, count, CARRIED))

    return carry
