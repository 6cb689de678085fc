"""A dossier that a state machine plays with: its files, its mail server, its commands, and what is seen of it."""

import gc
import re
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from dunning_batch import batch
from dunning_batch.state.journal import Journal
from dunning_batch.state.memory import fold
from tests.delivery.certificates import authority
from tests.dossiers import clock, fec_bytes, make_dossier
from tests.faults.crashing import CRASH, KilledError, append
from tests.faults.mailed import mail_server
from tests.faults.model import DAYS, GAPS, PIECES

CUSTOMERS = sorted(set(PIECES.values()))
AMOUNTS = {piece: 100 + number for number, piece in enumerate(PIECES)}
CONFIG = """
[email]
host = "localhost"
port = {port}
sender = "Atelier Exemple <compta@atelier-exemple.fr>"
username = "compta"
ca_file = "ca.pem"
per_minute = 6000
retries = 1
stop_after_failures = 50
[customers]
file = "input/customers.csv"
""" + "".join(
    f'[[dunning.levels]]\nname = "L{number}"\ntemplate = "level{min(number, 3)}"\nmin_days_overdue = {days}\n'
    f"min_days_since_previous = {gap}\n"
    for number, (days, gap) in enumerate(zip(DAYS, GAPS, strict=True), 1)
)  # fmt: skip
_papers = []
_load_papers = batch.load_papers


def load_papers(*given):
    """The templates, which are the same all the time."""
    if not _papers:
        _papers.append(_load_papers(*given))
    return _papers[0]


class Played:
    """Used by a state machine, which has a `model`."""

    def prepare(self):
        """A dossier with its server."""
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
        self.server = mail_server()
        self.addresses = dict.fromkeys(CUSTOMERS, 1)  # customer -> the how-manieth address it has
        self.whole = True  # nothing was cut since the workbook was written
        self.ids = {}  # reminder -> letter: customer, level, pieces
        config = CONFIG.format(port=self.server.port)
        self.one = make_dossier(self.folder, config=config, files={"ca.pem": authority().read_bytes()})
        self.write_ledger()
        self.write_customers()

    def write_ledger(self):
        lines = ["jnl | date | customer | piece | debit | credit | let | counter"]
        for number, (piece, customer) in enumerate(PIECES.items()):
            code = "" if self.model.open[piece] else f"A{'ABCDEF'[number]}"
            lines.append(f"VE | 2026-01-01 | {customer} | {piece} | {AMOUNTS[piece]}.00 | | {code} | 707")
            if code:
                lines.append(f"BQ | 2026-02-01 | {customer} | V{number} | | {AMOUNTS[piece]}.00 | {code} | 512")
        self.one.write("input/123456782FEC20261231.txt", fec_bytes("\n".join(lines)))

    def write_customers(self):
        rows = [f"{code};{code.title()};{self.address(code)};1 rue Un;75001;Paris" for code in CUSTOMERS]
        self.one.write("input/customers.csv", "\n".join(["Client;Nom;Email;Adresse 1;Code postal;Ville", *rows]) + "\n")

    def address(self, customer):
        return f"compta{self.addresses[customer]}@{customer.lower()}.test"

    def call(self, command, doing=None, crash=("", 0)):
        """The exit code; None where it was killed."""
        doing, seen = doing or {}, Counter()
        by_address = {self.address(customer): fate for customer, fate in doing.items()}

        def answer(line):
            address = line.split("<")[1].split(">")[0]
            seen[address] += 1
            fate = by_address.get(address)
            if fate == "grey" and seen[address] > 1:
                return None
            return {"unknown": "550 5.1.1 nobody", "later": "451 4.3.0 later", "quota": "550 5.4.5 daily limit",
                    "grey": "450 4.2.0 greylisted"}.get(fate)  # fmt: skip

        self.server.script.replies = {"RCPT": answer}
        self.server.script.ends = {
            one: fate for one, fate in by_address.items() if fate in ("cut", "doubt", "lost", "spam")
        }
        self.before = self.copies()
        CRASH.set(self.folder, *crash)
        try:
            with (
                patch("dunning_batch.delivery.post._FIRST_DELAY", 0.001),
                patch("dunning_batch.state.journal.Journal.append", append),
                patch("dunning_batch.batch.load_papers", load_papers),
            ):
                done = self.one.run(command)
        except KilledError:
            done = None
        finally:
            CRASH.set("", "", 0)
        if done is None:
            self.whole = False
            with warnings.catch_warnings(action="ignore"):
                gc.collect()  # connections that nobody ended
            return None
        assert done.code != 1, done.stderr
        assert "Traceback" not in done.stderr
        self.said = done
        return done.code

    def copies(self):
        found = (re.search(rb"^Message-ID: (\S+)", one.data, re.MULTILINE)[1].decode() for one in self.server.messages)
        return Counter(found)

    def memory(self):
        path = self.folder / "output/journal.sqlite"
        return fold(Journal(path, "123456782", clock).events if path.exists() else [])

    def observed(self, run):
        """Letter -> its result, and whether it counts."""
        for one in run.reminders:
            self.ids[one["id"]] = (
                one["customer"],
                one["items"][0]["level"],
                tuple(item["piece"] for item in one["items"]),
            )
        found = {self.ids[one["id"]]: ("waiting", False) for one in run.reminders}
        found |= {self.ids[one]: (body["result"], False) for one, body in run.mailed.items()}
        found |= {self.ids[one]: (result, True) for one, result in run.results.items()}
        return found | {self.ids[one]: ("uncertain", False) for one in run.sending}

    def moved(self, run):
        """Letters whose messages are written, to another address than the one of today."""
        written = (self.folder / "output" / run.name).exists()
        letters = {self.ids[one]: message["recipients"] for one, message in run.messages.items() if written}
        return {letter for letter, to in letters.items() if to != [self.address(letter[0])]}

    def message_id(self, letter):
        """Of a letter of the run that is not finished."""
        messages = self.memory().unfinished.messages
        return next(message["message_id"] for one, message in messages.items() if self.ids[one] == letter)
