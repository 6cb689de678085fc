"""Month after month without ledger, letters or command line: what is handed on by journal and levels workbook alone."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from dunning_batch.core.identity import recall
from dunning_batch.core.penalties import PenaltyTerms, Rates
from dunning_batch.core.policy import decide
from dunning_batch.core.reminders import Outcome, compose
from dunning_batch.files import sha256_of
from dunning_batch.language import language
from dunning_batch.reading.sheets import read_sheets
from dunning_batch.state.advancing import advance, changed_rows, delivered_step, hand_steps, planned_step
from dunning_batch.state.journal import Journal
from dunning_batch.state.levels import put_in_place, workbook_bytes
from dunning_batch.state.marks import Look
from dunning_batch.state.memory import Memory, fold
from dunning_batch.state.reading import Book, book_of, mark_of
from dunning_batch.state.reconciling import Reconciled, reconcile
from tests.core.samples import DAY, policy, settlement
from tests.dossiers import clock

CREDITOR = "123456782"
NO_MONEY = PenaltyTerms("none", "none", "none", 0)
NO_RATES = Rates()


def book_from(data: bytes, levels: int = 4) -> Book:
    """A workbook as a command reads it."""
    return book_of(read_sheets(data, "levels.xlsx"), mark_of(data), levels)


@dataclass
class Dossier:
    """What lies in an output folder."""

    folder: Path
    code: str = "fr"
    creditor: str = CREDITOR
    rules: dict = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.folder / "levels.xlsx"

    @property
    def look(self) -> Look:
        return Look(self.code, 4)

    def journal(self) -> Journal:
        return Journal(self.folder / "journal.sqlite", self.creditor, clock)

    def memory(self) -> Memory:
        return fold(self.journal().events)

    def reconciled(self) -> Reconciled:
        events = self.journal().events
        data = self.path.read_bytes() if self.path.exists() else None
        book = book_from(data) if data else None
        return reconcile(events, fold(events), book, self.creditor, "levels.xlsx", sha256_of(data) if data else "")

    def look_at(self, items, as_of, selection=None):
        """What was read, and what is decided."""
        known = self.reconciled()
        found = recall(items, known.remembered, self.creditor)
        plan = decide(settlement(items), (), found.histories, {}, policy(**self.rules), DAY(as_of), selection)
        return known, found, plan

    def run(self, items, as_of, *, results=None, cut="", selection=None):
        """A run; `results` maps a customer to what became of its reminders, `cut` names the step before which it stops."""
        known, found, plan = self.look_at(items, as_of, selection)
        reminders = compose(plan, settlement(items).balances, {}, "fr", NO_MONEY, NO_RATES, self.creditor)
        outcomes = [
            Outcome(one.id, (results or {}).get(one.customer.code, "delivered"), "a.pdf", one.name) for one in reminders
        ]
        journal, name = self.journal(), self._name(as_of)
        facts = {"ledger_end": as_of, "folder_digest": "", "digests": {}}
        journal.append(*hand_steps(known.edits, (), DAY(as_of)), planned_step(name, plan, reminders, outcomes, facts))
        if cut == "delivered":
            return plan
        raised = {
            one.decision.history.key: (one.decision.next_level, reminder.channel)
            for reminder, outcome in zip(reminders, outcomes, strict=True)
            if outcome.result == "delivered"
            for one in reminder.items
        }
        rows = advance(plan, found, raised, known.rows, {}, policy(**self.rules), language(self.code))
        journal.append(delivered_step(name, outcomes, changed_rows(fold(journal.events).rows, rows)))
        if cut == "written":
            return plan
        self.publish(journal, known, name)
        journal.append(("closed", {"run": name}))
        return plan

    def publish(self, journal, known, name):
        mark = len(journal.events) + 1
        data = workbook_bytes(fold(journal.events), self.creditor, mark, self.look, known.extras)
        journal.append(("written", {"mark": mark, "sha256": put_in_place(self.path, data, name)}))

    def _name(self, as_of):
        return f"{as_of}-{sum(name.startswith(as_of) for name in self.memory().runs) + 1:02d}"

    def edit(self, *changes, sheet="Niveaux"):
        """Write cells as a user does: (piece, heading, value) each."""
        book = openpyxl.load_workbook(self.path)
        cells = book[sheet]
        heads = {cell.value: cell.column for cell in cells[1]}
        for piece, heading, value in changes:
            if heading not in heads:
                heads[heading] = cells.max_column + 1
                cells.cell(1, heads[heading], heading)
            (row,) = [row for row in cells.iter_rows(min_row=2) if row[heads["Pièce"] - 1].value == piece]
            cells.cell(row[0].row, heads[heading]).value = value
        book.save(self.path)

    def shown(self, *headings, sheet="Niveaux"):
        """The cells of a sheet by piece."""
        return shown_in(self.path.read_bytes(), sheet, headings)


def shown_in(data, sheet, headings):
    rows = list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))
    place = {heading: number for number, heading in enumerate(rows[0])}
    found = {row[place["Pièce"]]: tuple(row[place[heading]] for heading in headings) for row in rows[1:]}
    return {piece: cells[0] if len(headings) == 1 else cells for piece, cells in found.items()}
