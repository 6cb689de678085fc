"""What must be so of a dossier that sends e-mails, in a few lines: pieces, letters, what a person ordered."""

from collections import defaultdict
from datetime import date, timedelta

DUE, DAYS, GAPS = date(2026, 1, 31), (1, 15, 30, 45), (0, 15, 15, 15)
PIECES = {"F1": "DUPONT", "F2": "DUPONT", "F3": "MARTIN", "F4": "MARTIN", "F5": "LEROY"}
# What a mail server does with a customer's messages -> what becomes of them, and how many of them it has then.
FATES = {"": ("delivered", 1), "grey": ("delivered", 1), "cut": ("delivered", 1), "unknown": ("refused", 0),
         "spam": ("refused", 0), "later": ("failed", 0), "quota": ("waiting", 0), "doubt": ("uncertain", 1),
         "lost": ("uncertain", 0)}  # fmt: skip


class Model:
    def __init__(self):
        self.today, self.day = date(2026, 2, 1), None  # the day of the last run
        self.open, self.level = dict.fromkeys(PIECES, True), dict.fromkeys(PIECES, 0)
        self.last, self.held = dict.fromkeys(PIECES), set()
        self.unknown = set()  # customers whose address nobody has
        self.letters = {}  # of a run that is not finished: (customer, level, pieces) -> its result, as far as it is known
        self.told = set()  # those of them that count
        self.runs = []  # what each moved: day, {piece: (level before, last before, level)}
        self.past = set()  # piece, level, result

    def is_due(self, piece, day):
        step, last = self.level[piece], self.last[piece]
        if not self.open[piece] or piece in self.held or step == len(DAYS):
            return False
        first = DUE + timedelta(DAYS[step])
        return day >= (first if last is None else max(first, last + timedelta(max(GAPS[step], 1))))

    def due(self, day):
        """The letters that would go out: one a customer and level."""
        found = defaultdict(list)
        for piece, customer in PIECES.items():
            if self.is_due(piece, day):
                found[customer, self.level[piece] + 1].append(piece)
        return {(customer, level, tuple(pieces)) for (customer, level), pieces in found.items()}

    @property
    def doubtful(self):
        return {letter for letter, result in self.letters.items() if result == "uncertain"}

    def begin(self, letters):
        self.day, self.letters, self.told = self.today, dict.fromkeys(letters, "waiting"), set()
        self.runs.append((self.today, {}))

    def still_due(self, letter):
        due = {(piece, level) for _, level, pieces in self.due(self.day) for piece in pieces}
        return {(piece, letter[1]) for piece in letter[2]} <= due and letter[0] not in self.unknown

    def learn(self, letter, result):
        """It counts from now on: only a letter that arrived moves a level, and none that a person moved since."""
        self.letters[letter] = result
        self.told.add(letter)
        for piece in letter[2]:
            self.past.add((piece, letter[1], result))
            if result == "delivered":
                self.runs[-1][1][piece] = (letter[1] - 1, self.last[piece], letter[1])
                self.level[piece] = letter[1] if self.level[piece] == letter[1] - 1 else self.level[piece]
                self.last[piece] = self.day if self.level[piece] else None

    def close(self):
        self.letters, self.told = {}, set()
        for piece in PIECES:  # of what was never reminded and is paid nothing is known
            if not (self.open[piece] or self.level[piece] or piece in self.held):
                self.last[piece] = None

    def undo(self):
        while self.runs and not self.runs[-1][1]:
            self.runs.pop()
        day, moved = self.runs.pop() if self.runs else (None, {})
        for piece, (level, last, reached) in moved.items():
            if (self.level[piece], self.last[piece]) == (reached, day):
                self.level[piece], self.last[piece] = level, last
