"""Six months of one dossier, run month after month: what is asked of whom, and what `Historique` tells in the end.

Due dates are 30 days after the invoice. Levels go out 1, 15, 30 and 45 days after the due date at the earliest, and 15
days after the one before.

- DUPONT (professional) never pays F101: levels 1 to 4, then nothing more; F201 of the new year starts below.
- MARTIN (consumer) pays F102 after the first letter.
- LEROY pays 200 of F103 (lettered in part), later the rest, lettered only by the accountant of March.
- PETIT disputes F104: held by hand in December; freed in February, with the level set to 2 by hand.
- ROUX's payment of F105 bounces: the level of before is taken up again.
- DURAND (public) is late with F106, whose first letter falls into the new year.

From December on all entries bear other numbers. January and February have two fiscal years, March the new one alone.
"""

import datetime
from pathlib import Path

import pytest

from tests.dossiers import Dossier, make_dossier

CUSTOMERS = """
Client | Nom           | Adresse 1          | Code postal | Ville      | Type
DUPONT | Dupont SA     | 3 rue du Marché    | 75011       | PARIS      | professionnel
MARTIN | Claire Martin | 8 rue des Tilleuls | 69003       | LYON       | particulier
LEROY  | Leroy SARL    | 5 quai du Port     | 44000       | NANTES     |
PETIT  | Petit et Cie  | 2 place du Puits   | 31000       | TOULOUSE   |
ROUX   | Roux SAS      | 9 rue Haute        | 67000       | STRASBOURG |
DURAND | Ville de Val  | 1 place de la Paix | 21000       | DIJON      | public
"""

HEAD = "jnl | num | date | customer | piece | debit | credit | let | counter\n"

OCTOBER = """
VE | 11 | 2025-09-10 | ROUX   | F105 | 150.00  |  |  | 707
VE | 12 | 2025-09-15 | DUPONT | F101 | 1000.00 |  |  | 707
VE | 13 | 2025-09-20 | MARTIN | F102 | 240.00  |  |  | 707
VE | 14 | 2025-10-05 | LEROY  | F103 | 600.00  |  |  | 707
VE | 15 | 2025-10-10 | PETIT  | F104 | 300.00  |  |  | 707
"""
NOVEMBER = """
VE | 11 | 2025-09-10 | ROUX   | F105 | 150.00  |        | B | 707
VE | 12 | 2025-09-15 | DUPONT | F101 | 1000.00 |        |   | 707
VE | 13 | 2025-09-20 | MARTIN | F102 | 240.00  |        | A | 707
VE | 14 | 2025-10-05 | LEROY  | F103 | 600.00  |        |   | 707
VE | 15 | 2025-10-10 | PETIT  | F104 | 300.00  |        |   | 707
BQ | 16 | 2025-11-10 | MARTIN | VIR1 |         | 240.00 | A | 512
BQ | 17 | 2025-11-12 | ROUX   | CHQ1 |         | 150.00 | B | 512
"""
DECEMBER = """
VE | 1001 | 2025-09-10 | ROUX   | F105 | 150.00  |        |   | 707
VE | 1002 | 2025-09-15 | DUPONT | F101 | 1000.00 |        |   | 707
VE | 1003 | 2025-09-20 | MARTIN | F102 | 240.00  |        | A | 707
VE | 1004 | 2025-10-05 | LEROY  | F103 | 600.00  |        | d | 707
VE | 1005 | 2025-10-10 | PETIT  | F104 | 300.00  |        |   | 707
BQ | 1006 | 2025-11-10 | MARTIN | VIR1 |         | 240.00 | A | 512
BQ | 1007 | 2025-11-12 | ROUX   | CHQ1 |         | 150.00 | Z | 512
BQ | 1008 | 2025-12-03 | ROUX   | IMP1 | 150.00  |        | Z | 512
BQ | 1009 | 2025-12-10 | LEROY  | VIR2 |         | 200.00 | d | 512
VE | 1010 | 2025-12-10 | DURAND | F106 | 500.00  |        |   | 707
"""
OPENING = """
AN | 1 | 2026-01-01 | DUPONT | F101 | 1000.00 | |   | 890
AN | 1 | 2026-01-01 | LEROY  | F103 | 400.00  | | {} | 890
AN | 1 | 2026-01-01 | PETIT  | F104 | 300.00  | |   | 890
AN | 1 | 2026-01-01 | ROUX   | F105 | 150.00  | |   | 890
AN | 1 | 2026-01-01 | DURAND | F106 | 500.00  | |   | 890
"""
JANUARY = OPENING.format("") + "VE | 2 | 2026-01-10 | DUPONT | F201 | 80.00 | | | 707\n"
FEBRUARY = JANUARY + "BQ | 3 | 2026-02-10 | LEROY | VIR3 | | 400.00 | | 512\n"
MARCH = (
    OPENING.format("E")
    + """
VE | 2 | 2026-01-10 | DUPONT | F201 | 80.00 |        |   | 707
BQ | 3 | 2026-02-10 | LEROY  | VIR3 |       | 400.00 | E | 512
"""
)

Y2025, Y2026 = "123456782FEC20251231.txt", "123456782FEC20261231.txt"

# Letters of each month: customer, level, pieces, total. F101 in December: 77 days at 12.15 % = 25.63, and 40; in
# January 31 days more of the next half-year at 12.15 % = 10.32. F106 in March: opened on 2026-01-01, so due on
# 2026-01-31: 59 days at 10.15 % = 8.20, and 40.
LETTERS = {
    "2025-10-31": [("DUPONT", 1, ["F101"], "1000.00"), ("MARTIN", 1, ["F102"], "240.00"), ("ROUX", 1, ["F105"], "150.00")],
    "2025-11-30": [("DUPONT", 2, ["F101"], "1000.00"), ("LEROY", 1, ["F103"], "600.00"), ("PETIT", 1, ["F104"], "300.00")],
    "2025-12-31": [("DUPONT", 3, ["F101"], "1065.63"), ("LEROY", 2, ["F103"], "400.00"), ("ROUX", 2, ["F105"], "150.00")],
    "2026-01-31": [
        ("DUPONT", 4, ["F101"], "1075.95"), ("DURAND", 1, ["F106"], "500.00"), ("LEROY", 3, ["F103"], "400.00"),
        ("ROUX", 3, ["F105"], "150.00"),
    ],
    "2026-02-28": [
        ("DUPONT", 1, ["F201"], "80.00"), ("DURAND", 2, ["F106"], "500.00"), ("PETIT", 3, ["F104"], "300.00"),
        ("ROUX", 4, ["F105"], "150.00"),
    ],
    "2026-03-31": [
        ("DUPONT", 2, ["F201"], "80.00"), ("DURAND", 3, ["F106"], "548.20"), ("PETIT", 4, ["F104"], "300.00"),
    ],
}  # fmt: skip


def export(dossier: Dossier, **tables: str) -> None:
    """Put this month's files into input/, and nothing else."""
    for year, name in (("y2025", Y2025), ("y2026", Y2026)):
        if year in tables:
            dossier.fec(HEAD + tables[year], name)
        else:
            (dossier.root / "input" / name).unlink(missing_ok=True)


def letters(dossier: Dossier, as_of: str) -> list[tuple[str, int, list[str], str]]:
    """Run a month; what its run.json says of the letters, in order of customer and level."""
    done = dossier.run(f"run --by zip --yes --format json --as-of {as_of}")
    assert done.code == 0, done.stderr
    pieces = {item["key"]: item["reference"] for item in done.json["items"]}
    assert all(reminder["result"] == "delivered" for reminder in done.json["reminders"])
    return sorted(
        (r["customer"], r["level"], sorted(pieces[key] for key in r["items"]), r["total"])
        for r in done.json["reminders"]
    )


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The dossier after its six months."""
    found = make_dossier(tmp_path_factory.mktemp("six-months"), customers=CUSTOMERS)
    seen = {}
    export(found, y2025=OCTOBER)
    seen["2025-10-31"] = letters(found, "2025-10-31")
    export(found, y2025=NOVEMBER)
    seen["2025-11-30"] = letters(found, "2025-11-30")
    export(found, y2025=DECEMBER)
    found.edit("F104", Suspendu="oui", Motif="litige")
    seen["2025-12-31"] = letters(found, "2025-12-31")
    export(found, y2025=DECEMBER, y2026=JANUARY)
    seen["2026-01-31"] = letters(found, "2026-01-31")
    export(found, y2025=DECEMBER, y2026=FEBRUARY)
    found.edit("F104", Suspendu=None, Motif=None, Niveau=2)
    seen["2026-02-28"] = letters(found, "2026-02-28")
    export(found, y2026=MARCH)
    seen["2026-03-31"] = letters(found, "2026-03-31")
    found.write("seen.txt", repr(seen))
    return found


@pytest.mark.parametrize("as_of", LETTERS)
def test_letters_of_the_month(dossier: Dossier, as_of: str) -> None:
    seen = eval((dossier.root / "seen.txt").read_text())  # noqa: S307 - written above
    assert seen[as_of] == LETTERS[as_of]


def test_levels_never_skip_and_nothing_is_asked_twice(dossier: Dossier) -> None:
    sent = [row for row in dossier.sheet("Historique") if row["Document"]]
    assert len(sent) == sum(len(month) for month in LETTERS.values())
    steps = [(row["Pièce"], row["Niveau"]) for row in sent]
    assert len(set(steps)) == len(steps)
    assert all(row["Niveau"] == row["Niveau avant"] + 1 for row in sent)


def test_history_tells_the_story(dossier: Dossier) -> None:
    story = [
        (row["Date"].date().isoformat(), row["Niveau avant"], row["Niveau"])
        for row in dossier.sheet("Historique")
        if row["Pièce"] == "F104"
    ]
    held, freed = ("2025-12-31", 1, 1), ("2026-02-28", 1, 2)
    assert story == [("2025-11-30", 0, 1), held, freed, ("2026-02-28", 2, 3), ("2026-03-31", 3, 4)]


def test_what_is_left(dossier: Dossier) -> None:
    left = {row["Pièce"]: (row["Niveau"], row["Dernière relance"].date()) for row in dossier.sheet("Niveaux")}
    assert left == {
        "F101": (4, datetime.date(2026, 1, 31)),
        "F104": (4, datetime.date(2026, 3, 31)),
        "F105": (4, datetime.date(2026, 2, 28)),
        "F106": (3, datetime.date(2026, 3, 31)),
        "F201": (2, datetime.date(2026, 3, 31)),
    }


def test_what_was_settled_has_left(dossier: Dossier) -> None:
    settled = {row["Pièce"]: row["Niveau"] for row in dossier.sheet("Soldées")}
    assert settled == {"F102": 1, "F103": 3}


def test_a_run_the_same_day_asks_nothing(dossier: Dossier, tmp_path: Path) -> None:
    assert letters(dossier, "2026-03-31") == []
