"""Months, payments, failing mail, hand edits, crashes, `undo` and `resume` in any order, against `model.py` (I1 to I4).

The command line runs in this process, against a scripted server with TLS. A crash is an exception that nothing catches,
raised at a recorded step: a file written, a rename, a row of the journal (before or after it), a word to the server;
nothing on the disk changes after it. `MACHINE=500 pytest tests/faults/test_machine.py` runs 500 examples of 30 steps,
other ones each time; without it a few, always the same.
"""

import json
import os
import shutil
import sys
from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.faults.mailed import SECRET
from tests.faults.model import FATES, PIECES, Model
from tests.faults.played import AMOUNTS, CUSTOMERS, Played

crashes = st.one_of(
    st.just(("", 0)),
    st.tuples(st.just("journal"), st.integers(1, 24)),
    st.tuples(st.just("mail"), st.integers(1, 40)),
    st.tuples(st.just("file"), st.integers(1, 40)),
)
fates = st.dictionaries(st.sampled_from(CUSTOMERS), st.sampled_from([one for one in FATES if one]), max_size=2)


class Months(Played, RuleBasedStateMachine):
    """One dossier, and what must hold of it."""

    @initialize()
    def begin(self):
        self.model, self.orders = Model(), Counter()  # orders: Message-ID -> copies that a person has ordered
        self.may_stand = set()  # rows of the past that a crash may have kept from being written
        self.open = False  # a run is unfinished
        os.environ["DUNNING_SMTP_PASSWORD"] = SECRET
        self.prepare()

    def teardown(self):
        if hasattr(self, "server"):
            try:
                if sys.exc_info()[0] is None:
                    self.the_end()
            finally:
                self.server.__exit__()
                shutil.rmtree(self.folder)

    # What happens.

    def expected(self, letter, doing, *, stopped, crashed):
        """The results that a letter may have once it is sent -> the copies that the server may have then."""
        result, copies = FATES[doing.get(letter[0], "")]
        found = {result: {copies}}
        if stopped or crashed:
            found.setdefault("waiting", {0})
        if crashed:
            found["uncertain"] = {0, 1}
        return found

    def settle(self, run, allowed, doing, code):
        """Hold what became of the letters against what may."""
        found, in_hand, copies = self.observed(run), 0, self.copies()
        mids = {self.ids[one]: message["message_id"] for one, message in run.messages.items()}
        assert found.keys() == self.model.letters.keys()
        for letter, (result, told) in found.items():
            if run.dropped:
                break
            new = copies[mids[letter]] - self.before[mids[letter]] if letter in mids else 0
            assert result in allowed[letter], (letter, result, allowed[letter])
            assert new in allowed[letter][result], (letter, result, new)
            meant = "uncertain" in (FATES[doing.get(letter[0], "")][0], self.model.letters[letter])
            in_hand += result == "uncertain" and not meant
            changed = (result, told) != (self.model.letters[letter], letter in self.model.told)
            if result == "refused" and changed and doing.get(letter[0]) == "unknown":
                self.model.unknown.add(letter[0])
            if told and changed:
                self.model.learn(letter, result)
            self.model.letters[letter] = result
        assert in_hand <= 1
        unsettled = any(result in ("waiting", "uncertain") for result in self.model.letters.values())
        self.open = not (run.closed or run.dropped)
        if code is not None:
            self.whole = True
            assert self.open == (unsettled and not run.dropped), self.model.letters
            self.check_code(code, set(self.model.letters.values()))
        if not self.open:
            self.check_report(run)
            self.model.close()

    def check_code(self, code, results):
        """Of a command that was not killed; a customer without an address counts only where letters are made."""
        assert (code == 8) == ("uncertain" in results)
        assert (code == 7) == ("waiting" in results and "uncertain" not in results)
        assert code in (0, 5, 7, 8)

    def check_report(self, run):
        """The run's own record says of each letter what the journal says; the sums are those of the invoices."""
        path = self.folder / "output" / run.name / "run.json"
        if run.dropped or not path.is_file():
            return
        told = json.loads(path.read_text())
        results = {(one["customer"], one["level"]): one["result"] for one in told["reminders"]}
        for letter, result in self.model.letters.items():
            assert results.get(letter[:2], "skipped") == result
        for one in told["reminders"]:
            (letter,) = [each for each in self.model.letters if each[:2] == (one["customer"], one["level"])]
            assert one["total"] == one["open"] == f"{sum(AMOUNTS[piece] for piece in letter[2])}.00"

    @precondition(lambda self: self.open)
    @rule(command=st.sampled_from(["run --by zip --yes --as-of {}", "undo", "levels set 1 --as-of {}"]))
    def wait_for_resume(self, command):
        assert self.call(command.format(self.model.today)) == 6

    @precondition(lambda self: not self.open)
    @rule(days=st.integers(0, 40), doing=fates, crash=crashes)
    def run(self, days, doing, crash):
        self.model.today += timedelta(days)
        command = f"run --by email --yes --as-of {self.model.today}"
        due = {one for one in self.model.due(self.model.today) if one[0] not in self.model.unknown}
        known = self.memory().runs.keys()
        code = self.call(command, doing, crash)
        new = [run for name, run in self.memory().runs.items() if name not in known]
        if not new:
            assert code is None
            assert self.copies() == self.before
            return
        self.model.begin(due)
        stopped = any(doing.get(letter[0]) == "quota" for letter in due)
        allowed = {one: self.expected(one, doing, stopped=stopped, crashed=code is None) for one in due}
        self.settle(new[0], allowed, doing, code)
        unserved = {"refused", "failed"} & {result for result, _ in self.observed(new[0]).values()}
        assert code in (5, 7, 8, None) if unserved or self.model.due(self.model.today) - due else code != 5

    @precondition(lambda self: self.open)
    @rule(
        order=st.sampled_from(["", "", "--resend", "--assume-sent", "--drop"]),
        one=st.booleans(),
        doing=fates,
        crash=crashes,
    )
    def resume(self, order, one, doing, crash):
        run = self.memory().unfinished
        model, chosen = self.model, sorted(self.model.doubtful)
        chosen = chosen[:1] if one and order in ("--resend", "--assume-sent") else chosen
        names = (
            " ".join(f"{order} {self.message_id(letter)}" for letter in chosen) if one and chosen else f"{order} all"
        )
        if order in ("--resend", "--drop"):
            self.ordered(letter for letter in chosen)
        moved = self.moved(run)
        code = self.call(f"resume {order if order in ('', '--drop') else names}", doing, crash)
        crashed = code is None
        going = [letter for letter, result in model.letters.items() if result == "waiting" and order != "--drop"]
        going += chosen if order == "--resend" else []
        leaving = [letter for letter in going if model.still_due(letter) and letter not in moved]
        stopped = any(doing.get(letter[0]) == "quota" for letter in leaving)
        allowed = {}
        for letter, before in model.letters.items():
            if before != "waiting" and letter not in model.told:  # that is recorded first
                self.may_stand |= {(piece, letter[1], before) for piece in letter[2]}
            may = {before: {0}}
            if letter in leaving:
                may = self.expected(letter, doing, stopped=stopped, crashed=crashed)
            elif letter in going or (order == "--drop" and (before == "waiting" or letter in chosen)):
                may = {"skipped": {0}}
            elif order == "--assume-sent" and letter in chosen:
                may = {"delivered": {0}}
            if crashed or (stopped and before == "uncertain"):
                may = {before: {0}} | may
            allowed[letter] = may
        self.settle(self.memory().runs[run.name], allowed, doing, code)

    def ordered(self, letters):
        """A person wants these sent, or does not mind: one copy more may go out."""
        meant = set(letters)
        for run in self.memory().runs.values():
            for one, message in run.messages.items():
                self.orders[message["message_id"]] += self.ids.get(one) in meant

    @precondition(lambda self: self.model.runs and not self.open)
    @rule(crash=crashes)
    def undo(self, crash):
        last = self.memory().last_run
        code = self.call("undo", crash=crash)
        assert code in (0, None)
        if code == 0:
            self.whole = True
        if last and self.memory().runs[last.name].undone:
            self.ordered(self.ids[one] for one in last.delivered_ids)
            self.model.undo()
        else:
            assert code is None or last is None

    @rule(piece=st.sampled_from(sorted(PIECES)))
    def pay_or_bounce(self, piece):
        self.model.open[piece] = not self.model.open[piece]
        self.write_ledger()

    @precondition(lambda self: self.model.unknown or self.open)
    @rule(customer=st.sampled_from(CUSTOMERS))
    def change_the_address(self, customer):
        self.addresses[customer] += 1
        self.model.unknown.discard(customer)
        self.write_customers()

    def rows(self):
        """The pieces that stand in the workbook as they are by now: what is written over an older row is void."""
        path, model = self.folder / "output/levels.xlsx", self.model
        found = (
            {row["Pièce"]: (row["Niveau"], row["Suspendu"] == "oui") for row in self.one.sheet()}
            if path.exists()
            else {}
        )
        return [piece for piece, now in found.items() if now == (model.level[piece], piece in model.held)]

    @precondition(lambda self: self.rows())
    @rule(data=st.data(), level=st.integers(0, 4))
    def write_a_level(self, data, level):
        piece = data.draw(st.sampled_from(self.rows()))
        if level != self.model.level[piece]:
            self.one.edit(piece, Niveau=level)
            self.model.level[piece] = level
            self.ordered(letter for letter in self.ids.values() if piece in letter[2])

    @precondition(lambda self: self.rows())
    @rule(data=st.data())
    def hold_or_free(self, data):
        piece = data.draw(st.sampled_from(self.rows()))
        self.model.held ^= {piece}
        self.one.edit(piece, Suspendu="oui" if piece in self.model.held else None)

    # What must hold.

    @invariant()
    def nothing_is_sent_twice_without_an_order(self):
        for mid, count in self.copies().items():
            assert count <= 1 + self.orders[mid]

    @invariant()
    def status_agrees(self):
        found = self.status()
        items = {item["reference"]: item for item in found["items"]}
        assert items.keys() == {piece for piece, open_ in self.model.open.items() if open_}
        assert {piece: item["last_level"] for piece, item in items.items()} == {p: self.model.level[p] for p in items}
        doubtful = {piece for letter in self.model.doubtful for piece in letter[2]}
        due = {piece for letter in self.model.due(self.model.today) for piece in letter[2]} - doubtful
        assert {piece for piece, item in items.items() if item["decision"] == "remind"} == due
        open_, reminded = (sum(AMOUNTS[piece] for piece in pieces) for pieces in (items, due))
        assert (found["totals"]["open"], found["totals"]["reminded"]) == (f"{open_}.00", f"{reminded}.00")

    def status(self):
        assert self.call(f"status --as-of {self.model.today} --format json") == 0, self.said.stderr
        return self.said.json

    @invariant()
    def the_past_agrees(self):
        past = self.memory().past
        sent = {(row.piece, row.before + 1, row.result) for row in past if row.result not in ("manual", "undone")}
        assert self.model.past <= sent <= self.model.past | self.may_stand
        if self.whole and (self.folder / "output/levels.xlsx").exists():
            rows = self.one.sheet("Historique")
            shown = [
                (row["Pièce"], row["Niveau avant"], row["Niveau"], row["Référence"] if row["Canal"] else None)
                for row in rows
            ]
            assert shown == [
                (row.piece, row.before, row.level, (row.reference or None) if row.channel else None) for row in past
            ]

    def the_end(self):
        """A person looks at the server, answers, and everybody gets what is due: nothing is lost."""
        for customer in self.model.unknown.copy():
            self.change_the_address(customer)
        for _ in range(20):
            arrived = [self.copies()[self.message_id(letter)] for letter in sorted(self.model.doubtful)[:1]]
            if self.open:
                self.resume("" if not arrived else "--assume-sent" if arrived[0] else "--resend", True, {}, ("", 0))
        assert self.call("resume") == 0
        self.run(100, {}, ("", 0))
        self.status_agrees()
        self.the_past_agrees()
        assert not self.open


_LONG = int(os.environ.get("MACHINE", "0"))
Months.TestCase.settings = settings(
    max_examples=_LONG or 12,
    stateful_step_count=30 if _LONG else 14,
    derandomize=not _LONG,
    database=None,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_months_with_failing_mail = Months.TestCase
