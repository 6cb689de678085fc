"""Months, payments, failures, hand edits, cuts and old copies in any order, against a model of a few lines (I1 to I4)."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.samples import item, levels
from tests.state.months import Dossier

DUE, DAYS, GAPS = date(2026, 1, 31), (1, 15, 30, 45), (0, 15, 15, 15)
PIECES = tuple(f"F{number}" for number in range(1, 6))
CUSTOMERS = {piece: "DUPONT" if piece < "F3" else "MARTIN" if piece < "F5" else "LEROY" for piece in PIECES}


class Month(RuleBasedStateMachine):
    """The dossier, and what it must hold."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.dossier = Dossier(Path(self.folder.name), rules={"levels": levels({}, {}, {}, {"registered": False})})
        self.today = date(2026, 2, 1)
        self.open = dict.fromkeys(PIECES, True)
        self.level, self.last = dict.fromkeys(PIECES, 0), dict.fromkeys(PIECES)
        self.held = set()
        self.shown = set()  # pieces that stand in `Niveaux`
        self.copies = []
        self.delivered = set()

    def teardown(self):
        self.folder.cleanup()

    def items(self):
        return [
            item(CUSTOMERS[piece], piece, DUE.isoformat(), 100 + number, issued="2026-01-01", order=number)
            for number, piece in enumerate(PIECES)
            if self.open[piece]
        ]

    def is_due(self, piece):
        step, last = self.level[piece], self.last[piece]
        if not self.open[piece] or piece in self.held or step == len(DAYS):
            return False
        day = DUE + timedelta(DAYS[step])
        # Nothing goes out twice on one day, whatever gap the level asks for.
        return self.today >= (day if last is None else max(day, last + timedelta(max(GAPS[step], 1))))

    @rule(
        days=st.integers(0, 40),
        fails=st.sampled_from(["", "DUPONT", "MARTIN"]),
        cut=st.sampled_from(["", "", "delivered", "written"]),
    )
    def run(self, days, fails, cut):
        self.today += timedelta(days)
        due = {piece for piece in PIECES if self.is_due(piece)}
        plan = self.dossier.run(self.items(), self.today.isoformat(), results={fails: "failed"}, cut=cut)
        assert {one.item.piece for one in plan.decisions if one.reason == "remind"} == due
        memory = self.dossier.memory()
        run = list(memory.runs.values())[-1]
        if cut == "delivered":
            self.dossier.journal().append(("dropped", {"run": run.name}))
            return
        assert not run.delivered_ids & self.delivered, "a reminder went out twice"
        self.delivered |= run.delivered_ids
        for piece in due:
            if CUSTOMERS[piece] != fails:
                self.level[piece] += 1
                self.last[piece] = self.today
        if cut == "written":
            journal = self.dossier.journal()
            self.dossier.publish(journal, self.dossier.reconciled(), run.name)
            journal.append(("closed", {"run": run.name}))
        for piece in PIECES:
            if not self.open[piece] and not self.level[piece] and piece not in self.held:
                self.last[piece] = None  # it is forgotten, and a new one should it come back
        self.shown = {piece for piece in PIECES if self.open[piece]}
        self.copies.append(self.dossier.path.read_bytes())

    @rule(piece=st.sampled_from(PIECES))
    def pay_or_bounce(self, piece):
        self.open[piece] = not self.open[piece]

    def is_latest(self):
        """The workbook is the one last written, with or without edits."""
        return not any(one.code == "older_copy" for one in self.dossier.reconciled().problems)

    @precondition(lambda self: self.shown)
    @rule(data=st.data(), level=st.integers(0, 4))
    def write_a_level(self, data, level):
        piece = data.draw(st.sampled_from(sorted(self.shown)))
        if self.is_latest():
            self.dossier.edit((piece, "Niveau", level))
            self.level[piece] = level

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def hold_or_free(self, data):
        piece = data.draw(st.sampled_from(sorted(self.shown)))
        if self.is_latest():
            self.held ^= {piece}
            self.dossier.edit((piece, "Suspendu", "oui" if piece in self.held else None))

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def delete_or_sort_rows(self, data):
        # What was edited in a row is gone with it, so nothing may have been.
        if self.dossier.reconciled().edits:
            return
        book = openpyxl.load_workbook(self.dossier.path)
        sheet = book["Niveaux"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, sheet.max_row)
        kept = data.draw(st.permutations(rows))[data.draw(st.integers(0, 2)) :]
        for row in kept:
            sheet.append(row)
        book.save(self.dossier.path)
        self.shown &= {row[2] for row in kept}

    @precondition(lambda self: len(self.copies) > 1)
    @rule(data=st.data())
    def put_an_older_copy_back(self, data):
        if not self.dossier.reconciled().edits and self.dossier.memory().is_published:
            number = data.draw(st.integers(0, len(self.copies) - 1))
            self.dossier.path.write_bytes(self.copies[number])
            rows = openpyxl.load_workbook(self.dossier.path)["Niveaux"].iter_rows(min_row=2, values_only=True)
            self.shown = {row[2] for row in rows}

    @invariant()
    def the_levels_are_those_of_the_model(self):
        if not self.dossier.path.exists():
            return
        rows = {row.piece: row for row in self.dossier.reconciled().rows.values()}
        for piece in PIECES:
            if self.level[piece] or piece in self.held:
                assert (rows[piece].level, rows[piece].held) == (self.level[piece], piece in self.held)
            elif piece in rows:
                assert (rows[piece].level, rows[piece].held) == (0, False)


Month.TestCase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
test_months_in_any_order = Month.TestCase
