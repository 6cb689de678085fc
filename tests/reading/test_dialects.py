"""A ledger gives the same table in whatever dialect it is written (fec.md: quirks seen in real files; faults 4 to 8)."""

import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dunning_batch.reading import encodings
from dunning_batch.reading.encodings import HEAD
from tests.dossiers import COLUMNS
from tests.reading.ledgers import faults_of, ledger_of

SPELLINGS = {
    "CompteLib": "CompteLIB", "CompAuxNum": "CompteAuxNum", "Montantdevise": "MontantDevise", "Idevise": "IdDevise",
    "PieceRef": "pieceRef", "Credit": "Crédit", "EcritureLib": "  ecriture LIB ",
}  # fmt: skip
ROWS = (
    # journal, number, date, account, customer, piece, label, cents, code
    ("VE", "1", "20260115", "411000", "DUPONT", "F001", "Vente à l'été", 123456, "AA"),
    ("VE", "1", "20260115", "707000", "", "F001", "Vente à l'été", -123456, ""),
    ("BQ", "2", "20260214", "411000", "DUPONT", "REM", 'LE "BON COIN', -123456, "AA"),
    ("BQ", "2", "20260214", "512000", "", "REM", 'LE "BON COIN', 123456, ""),
    ("VE", "3", "20260301", "411000", "MARTIN", "F002", "Façade n° 12", 5, ""),
    ("VE", "3", "20260301", "706000", "", "F002", "Façade n° 12", -5, ""),
)


def comma(cents):
    return f"{cents // 100},{cents % 100:02d}"


AMOUNTS = {
    "comma": comma,
    "point": lambda cents: comma(cents).replace(",", "."),
    "padded": lambda cents: comma(cents).rjust(15, "0"),
    "signed": lambda cents: "+" + comma(cents).rjust(12, "0"),
    "blanks": lambda cents: f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d}",
    "empty": lambda cents: comma(cents) if cents else "",
}
DAYS = {
    "compact": str,
    "iso": lambda day: f"{day[:4]}-{day[4:6]}-{day[6:]}",
    "french": lambda day: f"{day[6:]}/{day[4:6]}/{day[:4]}",
}


def cells(row, amount, day, layout):
    journal, number, date, account, customer, piece, label, cents, code = row
    found = dict.fromkeys(COLUMNS, "") | {
        "JournalCode": journal, "JournalLib": journal, "EcritureNum": number, "EcritureDate": day(date),
        "CompteNum": account, "CompteLib": "Clients", "CompAuxNum": customer, "CompAuxLib": customer, "PieceRef": piece,
        "PieceDate": day(date), "EcritureLib": label, "EcritureLet": code, "ValidDate": day(date),
    }  # fmt: skip
    if layout == "negative":  # a credit as a negative debit
        sign = "-" if cents < 0 else ""
        return found | {"Debit": sign + amount(abs(cents)).lstrip("+"), "Credit": amount(0)}
    if layout in {"DC", "+-"}:
        sides = {"DC": ("D", "C"), "+-": ("+1", "-1")}[layout]
        return found | {"Debit": amount(abs(cents)), "Credit": sides[cents < 0]}
    return found | {"Debit": amount(max(cents, 0)), "Credit": amount(max(-cents, 0))}


def written(rows, how):
    names = list(how.get("order", COLUMNS))
    amount, day = AMOUNTS[how.get("amounts", "comma")], DAYS[how.get("days", "compact")]
    layout = how.get("layout", "usual")
    table = [[cells(row, amount, day, layout)[name] for name in names] for row in rows]
    if layout in {"DC", "+-"}:
        names = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in names]
    if how.get("respelt"):
        names = [SPELLINGS.get(name, name) for name in names]
    separator, newline = how.get("separator", "\t"), how.get("newline", "\r\n")
    if how.get("widths"):
        table = [[cell.ljust(20) for cell in line] for line in table]
    out = io.StringIO()
    for line in [names, *table]:
        out.write(separator.join(line) + (separator if how.get("trailing") else "") + newline)
    text = out.getvalue().removesuffix(newline) if how.get("unended") else out.getvalue()
    return text.encode(how.get("encoding", "utf-8"))


def table_of(folder, data):
    lines = ledger_of(folder, data).lines
    return lines.drop(columns="line").astype(dict.fromkeys(lines.select_dtypes("category").columns, "str"))


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """The table of the legal dialect."""
    return table_of(tmp_path_factory.mktemp("usual"), written(ROWS, {}))


def test_the_table_itself(usual):
    assert usual["amount"].tolist() == [123456, -123456, 5]
    assert usual["label"].tolist() == ["Vente à l'été", 'LE "BON COIN', "Façade n° 12"]
    assert (usual["code"].tolist(), usual["piece"].tolist()) == (["AA", "AA", ""], ["F001", "REM", "F002"])


@pytest.mark.parametrize(
    "how",
    [
        *({"separator": separator} for separator in ("|", ";")),
        *({"newline": newline} for newline in ("\n", "\r", "\r\r\n", "\r\n\r\n", "\n\r\n")),
        *({"encoding": name} for name in ("utf-8-sig", "cp1252", "iso8859-15", "cp850", "utf-16", "utf-16-le", "utf-16-be")),
        *({"amounts": name} for name in AMOUNTS),
        *({"days": name} for name in DAYS),
        *({"layout": name} for name in ("negative", "DC", "+-")),
        {"order": tuple(reversed(COLUMNS))},
        {"respelt": True},
        {"widths": True},
        {"trailing": True},
        {"unended": True},
    ],
    ids=str,
)  # fmt: skip
def test_one_habit_at_a_time(tmp_path, monkeypatch, usual, how):
    data = written(ROWS, how)
    pd.testing.assert_frame_equal(table_of(tmp_path, data), usual)
    monkeypatch.setattr(encodings, "BLOCK", 100)  # less than a line: an entry is found again in many blocks
    in_blocks = table_of(tmp_path, data)
    for name in ("entry", "entry_key"):  # numbers that only tell one from another
        in_blocks[name] = pd.factorize(in_blocks[name])[0]
    pd.testing.assert_frame_equal(in_blocks, usual)


PLAIN = ("VE", "9", "20260401", "707000", "", "F009", "Vente sans accent", 0, "")
MANY = [PLAIN] * (2 * HEAD // len(PLAIN[6]) // 3)  # the beginning that is looked at ends among them


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "iso8859-15", "cp850"])
def test_a_beginning_without_accents_misleads_nobody(tmp_path, usual, encoding):
    found = table_of(tmp_path, written([*MANY, *ROWS], {"encoding": encoding}))
    assert found["label"].tolist() == usual["label"].tolist()


def test_a_later_sign_tells_another_encoding(tmp_path):
    rows = [ROWS[4], *MANY, ("VE", "4", "20260302", "411000", "MARTIN", "F003", "Prix en \u20ac", 700, "")]
    ledger = ledger_of(tmp_path, written(rows, {"encoding": "cp1252"}))
    assert ledger.lines["label"].tolist() == ["Façade n° 12", "Prix en \u20ac"]
    assert "cp1252" in ledger.files[0].dialect


def test_nul_bytes_behind_a_clean_beginning_are_taken_out(tmp_path, usual):
    data = written([*MANY, *ROWS], {}).replace("Façade".encode(), "Fa\0çade".encode())
    assert table_of(tmp_path, data)["label"].tolist() == usual["label"].tolist()


def test_damage_behind_a_clean_beginning_is_named(tmp_path):
    data = written([*ROWS, *MANY, ROWS[4]], {})
    place = data.rfind("ç".encode())
    assert faults_of(tmp_path, data[:place] + b"\xc3" + data[place + 2 :]) == [f"unreadable_byte:{len(MANY) + 8}"]


@pytest.mark.parametrize("cell", [b"20260301", b"411000", b"0,05", b"F002", b"MARTIN"])
def test_damage_is_named_where_the_mark_says_utf_8_and_a_line_is_looked_at_first(tmp_path, cell):
    data = written(ROWS, {"encoding": "utf-8-sig"})
    place = data.rfind(cell)
    line = data[:place].count(b"\n") + 1
    assert faults_of(tmp_path, data[: place + 2] + b"\x98" + data[place + 3 :]) == [f"unreadable_byte:{line}"]


habits = st.fixed_dictionaries(
    {
        "separator": st.sampled_from(["\t", "|", ";"]),
        "newline": st.sampled_from(["\n", "\r\n", "\r", "\r\r\n", "\n\n"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"]),
        "amounts": st.sampled_from(list(AMOUNTS)),
        "days": st.sampled_from(list(DAYS)),
        "layout": st.sampled_from(["usual", "negative", "DC", "+-"]),
        "order": st.permutations(COLUMNS),
        "respelt": st.booleans(),
        "widths": st.booleans(),
        "trailing": st.booleans(),
    }
)


@given(how=habits)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_habits_together(tmp_path_factory, usual, how):
    pd.testing.assert_frame_equal(table_of(tmp_path_factory.mktemp("any"), written(ROWS, how)), usual)


entry = st.tuples(
    st.sampled_from(["VE", "BQ", "OD"]),
    st.sampled_from(["1", "2", "A7", "0"]),
    st.sampled_from(["20260115", "20260228", "20261231"]),
    st.sampled_from(["411000", "411DUPONT", "707000", "512000", "445710"]),
    st.sampled_from(["", "DUPONT", "MARTIN"]),
    st.sampled_from(["F001", "F-2", "x", ""]),
    st.sampled_from(["", "Vente", "Façade", "réglé", 'LE "BON', "a'#&(1-"]),  # CP850 is told by letters within words
    st.integers(-(10**9), 10**9),
    st.sampled_from(["", "A", "a", "AA"]),
)


@given(lines=st.lists(entry, min_size=1, max_size=12), how=habits)
@settings(max_examples=30, deadline=None)
def test_any_ledger_in_any_dialect(tmp_path_factory, lines, how):
    folder = tmp_path_factory.mktemp("any")
    expected = table_of(folder, written(lines, {}))
    pd.testing.assert_frame_equal(table_of(folder, written(lines, how)), expected)
