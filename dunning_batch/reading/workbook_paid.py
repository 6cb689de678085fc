"""What each row of a list of invoices says is paid (rules C1, C2)."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dunning_batch.core.ledger import Accounting, LedgerRules
from dunning_batch.core.paidflags import doubt_of, is_day, paid_cents, read_flag
from dunning_batch.errors import Problem, msg
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_table import Table
from dunning_batch.reading.workbook_values import cents, day_of, texts

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd

PAID = ("paid", "paid_on", "paid_amount", "residual")


def accounting_of(body: Body, rules: LedgerRules) -> Accounting:
    """Cash where a column says what is paid and none holds lettering codes, or where the configuration says so (C2).

    Cash that was asked for without such a column would ask every invoice anew, paid or not: it is refused later on.
    """
    says_paid = any(name in body.fields for name in PAID)
    if rules.accounting == "auto":
        says_paid = says_paid and "lettering" not in body.fields and not _owed_only(body)
    return "cash" if says_paid and rules.accounting != "accrual" else "accrual"


def _owed_only(body: Body) -> bool:
    """Whether what remains to be paid is all that is known: then it is the amount."""
    return not any(name in body.fields for name in PAID[:3]) and "amount" not in body.fields


class Paid(NamedTuple):
    """The lines with the cents paid of each, the last day on which something was, and the cells that cannot be read."""

    lines: "pd.DataFrame"
    last: date | None
    problems: list[Problem]


def with_paid(body: Body, table: Table) -> Paid:
    """What is paid of the lines of a table."""
    return _Paid(body, table).column()


class _Paid:
    """The paid columns of the lines of a table."""

    def __init__(self, body: Body, table: Table) -> None:
        self.body, self.table = body, table
        self.rows = table.rows.tolist()
        self.amount: list[int] = table.lines["amount"].tolist()
        self.problems: list[Problem] = []

    def column(self) -> Paid:
        amounts, days = self._amounts(), self._days()
        flags = self._flags(amounts)
        self._blame_gaps(flags, days, amounts)
        paid = np.zeros(len(self.rows), np.int64)
        for place, said in enumerate(zip(self.amount, flags, days, amounts, strict=True)):
            paid[place] = paid_cents(*said)
            if doubt := doubt_of(*said):
                name = "paid_amount" if "paid_amount" in self.body.fields else "residual"
                self.problems.append(
                    self.body.problem(doubt.code, doubt.message, self.rows[place], name, doubt.severity)
                )
        last = max((day for day in days if day and is_day(day)), default=None)
        return Paid(self.table.lines.assign(paid=paid), last, self.problems)

    def _cells(self, name: str) -> list[object] | None:
        column = self.body.cells(name)
        return None if column is None else [column[row] for row in self.rows]

    def _flags(self, amounts: list[int | None]) -> list[bool | None]:
        cells = self._cells("paid")
        if cells is None:
            return [None] * len(self.rows)
        flags = []
        for place, text in enumerate(texts(cells)):
            flag = read_flag(text, amount_known=amounts[place] is not None)
            if flag is None:
                said = msg("{column}: {text} says neither paid nor unpaid. Write oui or non.",
                           column=self.body.heading("paid"), text=text[:40])  # fmt: skip
                self.problems.append(self.body.problem("wrong_flag", said, self.rows[place], "paid"))
            flags.append(flag)
        return flags

    def _blame_gaps(self, flags: list[bool | None], days: list[date | None], amounts: list[int | None]) -> None:
        """A row that says nothing, where a column of what is left speaks for the others: nothing left, or all of it?"""
        if "residual" not in self.body.fields or "paid_amount" in self.body.fields:
            return
        for row, flag, day, amount in zip(self.rows, flags, days, amounts, strict=True):
            if amount is None and not flag and not is_day(day):
                said = msg("{column} is empty: write what is left to pay of this invoice, 0 if nothing.",
                           column=self.body.heading("residual"))  # fmt: skip
                self.problems.append(self.body.problem("no_residual", said, row, "residual"))

    def _days(self) -> list[date | None]:
        cells = self._cells("paid_on")
        if cells is None:
            return [None] * len(self.rows)
        days: list[date | None] = []
        for place, cell in enumerate(cells):
            day = day_of(cell, month_first=self.body.calendar.month_first)
            if isinstance(day, str) and not _before_1950(day):
                said = msg("{column}: {text} is no date. Make it a date, such as 31/01/2026.",
                           column=self.body.heading("paid_on"), text=day[:40])  # fmt: skip
                self.problems.append(self.body.problem("wrong_date", said, self.rows[place], "paid_on"))
            days.append(day if isinstance(day, date) else None)
        return days

    def _amounts(self) -> list[int | None]:
        """What is paid of each row in cents: its amount less what remains, else what is said to be paid."""
        paid, left = self._cents("paid_amount"), self._cents("residual")
        found: list[int | None] = []
        for place, (amount, one, other) in enumerate(zip(self.amount, paid, left, strict=True)):
            if other is None:
                found.append(one)
                continue
            remains = -other if amount < 0 < other else other  # of a credit note either sign is meant
            if one is not None and amount > 0 and one != amount - remains:
                self.problems.append(self._disagreement(place, one, remains))
            found.append(amount - remains)
        return found

    def _disagreement(self, place: int, paid: int, left: int) -> Problem:
        """A discount or a credit note may leave less than what is not paid; nothing leaves more."""
        values = {"paid": paid, "amount": self.amount[place], "left": left}
        if left > self.amount[place] - paid:
            text = msg(
                "{paid:money} are paid of {amount:money}, and {left:money} are to be left: correct the row.", **values
            )
            return self.body.problem("paid_and_left", text, self.rows[place], "residual")
        text = msg(
            "{paid:money} are paid of {amount:money} and {left:money} are left: what is left counts, as after a "
            "discount or a credit note.",
            **values,
        )
        return self.body.problem("paid_and_left", text, self.rows[place], "residual", "warning")

    def _cents(self, name: str) -> list[int | None]:
        """The amounts of a column; None where there is none."""
        cells = self._cells(name)
        if cells is None:
            return [None] * len(self.rows)
        found, filled, wrong = cents(cells)
        for place in np.flatnonzero(wrong).tolist():
            said = msg("{column}: {text} is no amount. Write it as 1234,56.", column=self.body.heading(name),
                       text=texts([cells[place]])[0][:40])  # fmt: skip
            self.problems.append(self.body.problem("wrong_amount", said, self.rows[place], name))
        return [int(one) if known else None for one, known in zip(found, filled, strict=True)]


def _before_1950(text: str) -> bool:
    return text[:4].isdigit() and text[:4] < "1950"
