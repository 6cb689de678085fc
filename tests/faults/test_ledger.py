"""Faults 1 to 34 of the ledger, as far as texts go; those of workbooks stand in test_workbooks.py."""

import csv
import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from dunning_batch.reading import encodings
from tests.dossiers import COLUMNS, FEC_NAME, fec_bytes, make_dossier
from tests.faults.invariants import (
    DAY,
    GOOD,
    HEAD,
    RUN,
    clean,
    codes,
    decisions,
    ok,
    opens,
    recovers,
    state,
    stops,
    stops_everywhere,
)

ROOT = Path(__file__).parents[2]
WITH_LABEL = """
jnl | date | customer | piece | label | debit | credit | let | counter
VE | 2026-01-05 | DUPONT | F001 | {} | 1000.00 |       |  | 707
VE | 2026-01-06 | MARTIN | F002 |    | 240.00  |       |  | 707
"""
GOOD_OPEN = {"F001": "1000.00", "F002": "240.00"}


def refuses_then_recovers(tmp_path, data, *words, name=FEC_NAME):
    dossier = make_dossier(tmp_path)
    path = dossier.write(f"input/{name}", data)
    stops_everywhere(dossier, 4, *words)
    path.unlink()
    recovers(dossier, lambda: dossier.fec(GOOD))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ["FEC20261231.txt", "empty"]),
        (b" \r\n\r\n", ["empty"]),
        (fec_bytes(GOOD).splitlines(keepends=True)[0], ["a header and no line"]),
        ("Compte\tLibellé\tDébit\tCrédit\n411000\tDUPONT\t1000,00\t0,00\n".encode(), ["This is a balance", "grand livre"]),
    ],
    ids=["empty", "blank", "header", "balance-list"],
)
def test_01_no_ledger_in_the_file(tmp_path, data, words):
    refuses_then_recovers(tmp_path, data, *words)


def test_01_no_file_matches(tmp_path):
    dossier = make_dossier(tmp_path)
    stops_everywhere(dossier, 4, "[ledger] files", "input/*.txt")
    recovers(dossier, lambda: dossier.fec(GOOD))


def test_01_a_folder_matches(tmp_path):
    dossier = make_dossier(tmp_path)
    (tmp_path / "input" / FEC_NAME).mkdir()
    stops_everywhere(dossier, 4, "[ledger] files")


def test_02_cut_anywhere_in_the_last_line(tmp_path):
    whole = fec_bytes(GOOD)
    dossier = make_dossier(tmp_path)
    last = whole.rstrip(b"\r\n").rindex(b"\n") + 1
    complete = len(whole.rstrip(b"\r\n"))
    for size in range(last + 1, complete, 3):
        dossier.write(f"input/{FEC_NAME}", whole[:size])
        stops(dossier, 4, f"{FEC_NAME}:7", "incomplete", command=f"status {DAY}")
    for size in (complete, complete + 1, complete + 2):
        dossier.write(f"input/{FEC_NAME}", whole[:size])
        assert opens(dossier) == GOOD_OPEN
    recovers(dossier, lambda: dossier.fec(GOOD))


@pytest.mark.parametrize("change", [lambda line: line.rsplit(b"\t", 6)[0], lambda line: line + b"\tA\tB\tC\tD\tE\tF"])
def test_03_a_line_of_another_width(tmp_path, change):
    lines = fec_bytes(GOOD).split(b"\r\n")
    lines[3] = change(lines[3])
    refuses_then_recovers(tmp_path, b"\r\n".join(lines), f"{FEC_NAME}:4", "VE VE 2", "18")


@pytest.mark.parametrize("ended", [range(1, 7), range(7)], ids=["lines", "header-too"])
def test_03_a_trailing_separator(tmp_path, ended):
    lines = fec_bytes(GOOD).split(b"\r\n")
    data = b"\r\n".join(line + b"\t" if number in ended else line for number, line in enumerate(lines))
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", data)
    assert opens(dossier) == GOOD_OPEN


@pytest.mark.parametrize("more", [b"\t", b"\t\t"])
def test_03_a_trailing_separator_on_one_line_alone(tmp_path, more):
    """Rule A7 rules: accepted where the header or every line ends so. On one line, it may as well stand for a separator

    inside the label, with every amount one column too far: `Facture | 12,00 | 1000,00 | 0,00` reads as a debit of 12.
    """
    lines = fec_bytes(GOOD).split(b"\r\n")
    lines[3] += more
    refuses_then_recovers(tmp_path, b"\r\n".join(lines), f"{FEC_NAME}:4", "18")


def test_03_dropped_empty_tails(tmp_path):
    lines = fec_bytes(GOOD).split(b"\r\n")
    lines[3] = lines[3][:-2]
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", b"\r\n".join(lines))
    assert opens(dossier) == GOOD_OPEN


def test_03_a_separator_inside_a_label_is_mended_and_listed(tmp_path):
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", fec_bytes(WITH_LABEL.format("PLINTHES")).replace(b"PLINTHES", b"PLIN\tTHES", 1))
    assert opens(dossier) == GOOD_OPEN
    assert "mended_line" in codes(state(dossier))


@pytest.mark.parametrize("label", ['LE BON "CHOIX', '"LE BON', 'un ""double', '"entier"', '"', "l'ami"])
def test_04_a_quote_in_a_label(tmp_path, label):
    dossier = make_dossier(tmp_path, fec=WITH_LABEL.format(label))
    assert opens(dossier) == GOOD_OPEN


ACCENTS = "Société créée à Nîmes n° 5"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("cp1252", "ISO-8859-15"), ("iso8859-15", "ISO-8859-15"), ("cp850", "CP850"), ("cp437", "CP850"), ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 BOM"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
    ],
)  # fmt: skip
def test_05_encodings(tmp_path, encoding, named):
    table = WITH_LABEL.replace("MARTIN", ACCENTS).format("")
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", fec_bytes(table).decode().encode(encoding))
    found = state(dossier)
    assert {item["customer"] for item in found["items"]} == {"DUPONT", ACCENTS}
    assert named in found["inputs"][0]["dialect"]


@pytest.mark.parametrize(("encoding", "euro"), [("cp1252", b"\x80"), ("iso8859-15", b"\xa4")])
def test_05_the_euro_sign(tmp_path, encoding, euro):
    table = WITH_LABEL.replace("MARTIN", "Crédit 5 €").format("")
    data = fec_bytes(table, encoding=encoding)
    assert euro in data
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", data)
    assert {item["customer"] for item in state(dossier)["items"]} == {"DUPONT", "Crédit 5 €"}


def test_05_a_byte_that_cannot_be_read_names_its_line(tmp_path):
    data = fec_bytes(WITH_LABEL.replace("MARTIN", ACCENTS).format("")).split(b"\r\n")
    data[3] = data[3].replace(b"Vente", b"Ve\xffnte")
    refuses_then_recovers(tmp_path, b"\r\n".join(data), f"{FEC_NAME}:4", "byte")


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\r\r\n"])
def test_06_separators_and_line_ends(tmp_path, separator, newline):
    dossier = make_dossier(tmp_path)
    dossier.fec(GOOD, separator=separator, newline=newline)
    assert opens(dossier) == GOOD_OPEN


LETTERED = """
jnl | date | customer | piece | debit | credit | let | let_date | counter
VE | 2026-01-05 | DUPONT | F001 | 1000.50 |        | A |            | 707
VE | 2026-01-06 | MARTIN | F002 | 240.00  |        | B | 2026-12-31 | 707
BQ | 2026-02-20 | DUPONT | V1   |         | 900.00 | A |            | 512
BQ | 2026-02-20 | MARTIN | V2   |         | 200.00 | B | 2026-12-31 | 512
"""


def _with_commas(table, quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    csv.writer(text, quoting=quoting).writerows(line.split("\t") for line in fec_bytes(table).decode().splitlines())
    return text.getvalue().encode()


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_06_commas_between_quoted_amounts_read_alike(tmp_path, quoting):
    """No FEC has commas: it is read as a table, and means the same, down to the closing date of its name (rule B5)."""
    plain, commas = (make_dossier(tmp_path / name) for name in ("plain", "commas"))
    plain.write(f"input/{FEC_NAME}", fec_bytes(LETTERED))
    commas.write(f"input/{FEC_NAME}", _with_commas(LETTERED, quoting))
    one, other = state(plain), state(commas)
    assert [item | {"key": ""} for item in other["items"]] == [item | {"key": ""} for item in one["items"]]
    assert (other["totals"], other["customers"]) == (one["totals"], one["customers"])
    assert opens(commas) == {"F001": "100.50", "F002": "40.00"}


@pytest.mark.parametrize("amount", [b"1000,50", b"1 000,50", b"-1000,50"])
def test_06_commas_between_amounts_with_commas_are_refused(tmp_path, amount):
    """The columns at the end are empty: cut in two, every amount would fit under some heading all the same."""
    data = fec_bytes(LETTERED).replace(b"1000,50", amount).replace(b"\t", b",")
    refuses_then_recovers(tmp_path, data, f"{FEC_NAME}:2", "cut in two", "20 fields", "18")


def test_06_mixed_line_ends_and_blank_lines_keep_their_numbers(tmp_path):
    lines = fec_bytes(GOOD).split(b"\r\n")
    data = lines[0] + b"\r\n" + lines[1] + b"\n\n" + lines[2] + b"\r" + lines[3].replace(b"240,00", b"24O,00") + b"\r"
    data += b"\r\n".join(lines[4:]) + b"\r\n\r\n"
    refuses_then_recovers(tmp_path, data, f"{FEC_NAME}:5", "24O,00")


def test_06_mixed_separators(tmp_path):
    lines = fec_bytes(GOOD).split(b"\r\n")
    lines[3] = lines[3].replace(b"\t", b";")
    refuses_then_recovers(tmp_path, b"\r\n".join(lines), f"{FEC_NAME}:4")


def _with_header(header):
    return "\t".join(header).encode() + b"\r\n" + fec_bytes(GOOD).split(b"\r\n", 1)[1]


@pytest.mark.parametrize(
    "spell", [str.lower, str.upper, lambda name: f" {name} ", lambda name: name.replace("Debit", "Débit").replace("Credit", "Crédit")]
)
def test_07_headings_in_other_spellings(tmp_path, spell):
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": _with_header([spell(name) for name in COLUMNS])})
    assert opens(dossier) == GOOD_OPEN


def test_07_columns_in_another_order(tmp_path):
    rows = [line.split("\t")[::-1] for line in fec_bytes(GOOD).decode().splitlines()]
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": "\n".join("\t".join(row) for row in rows) + "\n"})
    assert opens(dossier) == GOOD_OPEN


def test_07_amount_and_side(tmp_path):
    rows = [line.split("\t") for line in fec_bytes(GOOD).decode().splitlines()]
    rows[0][11:13] = ["Montant", "Sens"]
    for row in rows[1:]:
        row[11:13] = [row[11], "D"] if row[11] != "0,00" else [row[12], "C"]
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": "\n".join("\t".join(row) for row in rows) + "\n"})
    assert opens(dossier) == GOOD_OPEN


@pytest.mark.parametrize("name", ["CompteNum", "EcritureDate", "Debit"])
def test_07_a_missing_column_is_named(tmp_path, name):
    header = ["Autre" if column == name else column for column in COLUMNS]
    refuses_then_recovers(tmp_path, _with_header(header), f"{FEC_NAME}:1", name)


def test_07_a_heading_twice(tmp_path):
    header = ["Debit" if column == "Credit" else column for column in COLUMNS]
    refuses_then_recovers(tmp_path, _with_header(header), f"{FEC_NAME}:1", "Debit", "twice")


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1234,56", "1234.56"), ("1 234,56", "1234.56"), ("1\u00a0234,56", "1234.56"), ("1\u202f234,56", "1234.56"),
        ("1234.56", "1234.56"), ("+0000012,00", "12.00"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"),
    ],
)  # fmt: skip
def test_08_amounts(tmp_path, written, cents):
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", fec_bytes(GOOD).replace(b"1000,00", written.encode()))
    assert opens(dossier) == {"F001": cents, "F002": "240.00"}


@pytest.mark.parametrize("written", ["-12,00", "12,00-", "(12,00)"])
def test_08_09_a_negative_debit_is_a_credit(tmp_path, written):
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", fec_bytes(GOOD).replace(b"1000,00", written.encode()))
    assert opens(dossier) == {"F002": "240.00"}
    assert state(dossier)["totals"]["unallocated"] == "62.00"


@pytest.mark.parametrize("written", ["12,345", "1.234", "12,5O", "1 23,45", "--12", "12 €", "1e3", "12,00,00", "nan", "inf"])
def test_08_a_doubtful_amount_names_its_line(tmp_path, written):
    data = fec_bytes(GOOD).replace(b"1000,00", written.encode())
    refuses_then_recovers(tmp_path, data, f"{FEC_NAME}:2", "Debit", written)


def test_09_both_sides_filled(tmp_path):
    table = HEAD + "VE | 2026-01-05 | DUPONT | F001 | 1000.00 | 100.00 | | 707\n"
    dossier = make_dossier(tmp_path, fec=table)
    found = state(dossier)
    assert [item["open"] for item in found["items"]] == ["900.00"]
    assert [problem["line"] for problem in found["problems"] if problem["code"] == "both_sides"][:1] == [2]


@pytest.mark.parametrize("written", ["31022026", "20260231", "2026-02-31", "31/02/2026", "19000101", "22060101", "46000", "hier", ""])
def test_10_a_day_that_is_none_names_its_line(tmp_path, written):
    lines = fec_bytes(GOOD).split(b"\r\n")
    lines[3] = lines[3].replace(b"20260106", written.encode(), 1)
    refuses_then_recovers(tmp_path, b"\r\n".join(lines), f"{FEC_NAME}:4", "EcritureDate")


@pytest.mark.parametrize("written", ["0", "00000000", "-", "//", ""])
def test_10_a_filled_day_is_empty(tmp_path, written):
    lines = fec_bytes(GOOD).split(b"\r\n")
    fields = lines[3].split(b"\t")
    fields[9] = written.encode()
    lines[3] = b"\t".join(fields)
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": b"\r\n".join(lines)})
    assert opens(dossier) == GOOD_OPEN


@pytest.mark.parametrize("written", ["20270630", "2027-06-30", "30/06/2027"])
def test_10_a_due_date_to_come_is_a_day(tmp_path, written):
    rows = [line + (b"\tDateLimitReglmt" if number == 0 else b"\t" + written.encode())
            for number, line in enumerate(fec_bytes(GOOD).split(b"\r\n")) if line]  # fmt: skip
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": b"\r\n".join(rows) + b"\r\n"})
    assert {item["due"] for item in state(dossier)["items"]} == {"2027-06-30"}
    assert set(decisions(dossier).values()) == {"not_overdue"}


def test_11_an_entry_that_does_not_balance(tmp_path):
    lines = fec_bytes(GOOD).split(b"\r\n")
    lines[2] = lines[2].replace(b"1000,00", b"900,00")
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": b"\r\n".join(lines)})
    found = state(dossier)
    listed = [problem for problem in found["problems"] if problem["code"] == "unbalanced_entry"]
    assert [problem["line"] for problem in listed] == [2]
    assert "100.00" in listed[0]["message"]
    assert "unbalanced_file" in codes(found)
    ok(dossier)


def test_11_an_extract_of_customer_accounts_says_it_once(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD.replace("| 707", "| ").replace("| 512", "| "))
    found = state(dossier)
    assert codes(found).count("customers_only") == 1
    assert "unbalanced_entry" not in codes(found)
    ok(dossier)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("VE | 2026-01-05 | DUPONT | F1 | 100.00 | | A | 707\nBQ | 2026-02-01 | DUPONT | V | | 90.00 | A | 512", {"F1": "10.00"}),
        ("VE | 2026-01-05 | DUPONT | F1 | 100.00 | | A | 707\nBQ | 2026-02-20 | DUPONT | V | | 10.00 | | 512", {}),  # rule B5: the other side was lettered elsewhere
        ("VE | 2026-01-05 | DUPONT | F1 | 100.00 | | A | 707\nBQ | 2026-02-01 | MARTIN | V | | 100.00 | A | 512", {}),
        ("VE | 2026-01-05 | DUPONT | F1 | 100.00 | | a | 707\nBQ | 2026-02-01 | DUPONT | V | | 90.00 | a | 512", None),
    ],
    ids=["off-zero", "one-side", "two-accounts", "lower-case"],
)
def test_12_odd_lettering_adds_up(tmp_path, rows, expected):
    dossier = make_dossier(tmp_path, fec=HEAD + rows + "\n")
    found = state(dossier)
    if expected is not None:
        assert {item["reference"]: item["open"] for item in found["items"]} == expected
    assert {"error"}.isdisjoint(problem["severity"] for problem in found["problems"])
    ok(dossier)


def test_13_same_file_twice(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    dossier.fec(GOOD, "copie.txt")
    stops_everywhere(dossier, 4, "copie.txt", FEC_NAME, "same file")
    recovers(dossier, (tmp_path / "input/copie.txt").unlink)


def test_13_last_months_export_beside_this_months(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    dossier.fec("\n".join(GOOD.splitlines()[:4]) + "\n", "janvier.txt")
    stops_everywhere(dossier, 4, "janvier.txt", FEC_NAME, ":2")
    recovers(dossier, (tmp_path / "input/janvier.txt").unlink)


@pytest.mark.parametrize("name", ["FEC (1).txt", "FEC - Copie.txt", "Copie de FEC.txt"])
def test_33_13_a_copy_of_a_ledger_is_a_ledger_where_it_matches(tmp_path, name):
    """It is read like any file of `[ledger] files`: listed, and refused where entries would count twice."""
    dossier = make_dossier(tmp_path)
    dossier.fec(GOOD, "FEC.txt")
    dossier.fec(GOOD, name)
    stops_everywhere(dossier, 4, name, "FEC.txt")
    dossier.fec(HEAD + "VE | 2026-02-05 | PETIT | F100 | 12.00 | | | 707\n", name)
    found = state(dossier)
    assert {one["customer"] for one in found["items"]} == {"DUPONT", "MARTIN", "PETIT"}
    assert [name in one["message"] for one in found["problems"] if one["code"] == "conflict_copy"] == [True]


def test_33_a_copy_of_a_ledger_that_does_not_match_is_named_all_the_same(tmp_path):
    dossier = make_dossier(tmp_path, config='[ledger]\nfiles = ["input/FEC.txt"]\n')
    dossier.fec(GOOD, "FEC.txt")
    dossier.fec(GOOD, "FEC (1).txt")
    assert "conflict_copy" in codes(state(dossier))
    assert opens(dossier) == GOOD_OPEN


def test_13_the_same_entry_number_everywhere_proves_nothing(tmp_path):
    table = "num | " + GOOD.replace("\nVE", "\n0 | VE").replace("\nBQ", "\n0 | BQ")
    ok(make_dossier(tmp_path, fec=table))


def test_14_the_siren_of_another_company(tmp_path):
    refuses_then_recovers(tmp_path, fec_bytes(GOOD), "999999999", "123456782", name="999999999FEC20261231.txt")


def test_14_other_names_prove_nothing(tmp_path):
    dossier = make_dossier(tmp_path)
    dossier.fec(GOOD, "export 999999999.txt")
    ok(dossier)


def test_15_the_ledger_ends_earlier_than_that_of_the_last_run(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.fec("\n".join(GOOD.splitlines()[:4]) + "\n")
    done = ok(dossier, "run --by zip --as-of 2026-03-05")
    assert "06/01/2026" in done.stderr
    assert "20/02/2026" in done.stderr


def test_15_a_person_is_asked(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    dossier.fec("\n".join(GOOD.splitlines()[:4]) + "\n")
    before = dossier.tree()
    done = ok(dossier, "run --by zip --as-of 2026-03-25", answers="n\n")
    assert "06/01/2026" in done.stderr
    assert dossier.tree() == before


def test_16_an_old_last_bank_entry_is_said_everywhere(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    day = "--as-of 2026-06-30"
    for command in (f"check {day}", f"run --by zip --yes {day}"):
        done = ok(dossier, command)
        assert "20/02/2026" in done.stdout + done.stderr, command
    assert "20/02/2026" in (tmp_path / "output/2026-06-30-01/report.html").read_text(encoding="utf-8")


PAID = GOOD + "BQ | 2026-02-21 | DUPONT | V2 | | {} | | 512\n"


def test_17_an_unlettered_payment_is_deducted(tmp_path):
    dossier = make_dossier(tmp_path, fec=PAID.format("300.00"))
    found = state(dossier)
    assert {item["reference"]: item["asked"] for item in found["items"]} == {"F001": "700.00", "F002": "240.00"}


def test_17_what_is_wholly_covered_is_not_reminded(tmp_path):
    dossier = make_dossier(tmp_path, fec=PAID.format("1000.00"))
    assert decisions(dossier) == {"F001": "covered_by_credits", "F002": "remind"}
    assert "F001" in ok(dossier, f"check {DAY}").stdout
    ok(dossier)
    assert not (tmp_path / "output/2026-02-28-01/letters/DUPONT-1.pdf").exists()


@pytest.mark.parametrize(("mode", "asked"), [("show", "1000.00"), ("ignore", "1000.00")])
def test_17_show_and_ignore(tmp_path, mode, asked):
    dossier = make_dossier(tmp_path, fec=PAID.format("300.00"), config=f'[dunning]\nunallocated_credits = "{mode}"\n')
    items = {item["reference"]: item["asked"] for item in state(dossier)["items"]}
    assert items["F001"] == asked
    ok(dossier)


def letter(folder, customer="DUPONT"):
    """The text of the only letter to a customer."""
    (path,) = folder.glob(f"output/2026-02-28-01/letters/*{customer}*")
    return " ".join(page.extract_text() for page in PdfReader(path).pages).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("mode", "shown", "total"), [("apply", True, "700,00"), ("show", True, "1 000,00"), ("ignore", False, "1 000,00")]
)
def test_17_the_letter_shows_the_payment_and_what_is_left(tmp_path, mode, shown, total):
    dossier = make_dossier(tmp_path, fec=PAID.format("300.00"), config=f'[dunning]\nunallocated_credits = "{mode}"\n')
    ok(dossier)
    text = letter(tmp_path)
    assert ("300,00" in text) == shown
    assert total in text
    assert ("700,00" in text) == (mode == "apply")


@pytest.mark.parametrize(
    ("paid", "sign"),
    [("1000.00", "credit_not_lettered"), ("300.00", "lettering_doubt")],
    ids=["one-invoice", "nothing"],
)
def test_17_the_lettering_is_proposed_or_asked_for(tmp_path, paid, sign):
    dossier = make_dossier(tmp_path, fec=PAID.format(paid))
    work = dossier.run(f"check {DAY} --format json").json["worklist"]
    assert [one["sign"] for one in work if one["customer"] == "DUPONT"] == [sign]


def test_17_equal_invoices_are_offered_and_not_proposed(tmp_path):
    """Which of two was paid, an amount does not tell: the oldest is deducted, and both are named."""
    twin = "VE | 2026-01-07 | DUPONT | F003 | 1000.00 | | | 707\n"
    dossier = make_dossier(tmp_path, fec=PAID.format("1000.00") + twin)
    assert decisions(dossier) == {"F001": "covered_by_credits", "F002": "remind", "F003": "remind"}
    (sign,) = [one for one in dossier.run(f"--lang en check {DAY} --format json").json["worklist"]
               if one["customer"] == "DUPONT"]  # fmt: skip
    assert (sign["sign"], sign["group"], sign["pass"]) == ("credit_fits_several", None, None)
    assert "F001, F003" in sign["message"]


def test_17_hold_on_doubt(tmp_path):
    dossier = make_dossier(tmp_path, fec=PAID.format("333.33"), config='[dunning]\non_lettering_doubt = "hold"\n')
    assert decisions(dossier) == {"F001": "lettering_doubt", "F002": "remind"}


def test_18_nothing_is_asked_of_a_residue_or_a_balance_in_credit(tmp_path):
    table = GOOD + "VE | 2026-01-05 | ROUX | F003 | 0.50 | | | 707\nVE | 2026-01-05 | PETIT | F004 | 1.00 | | | 707\n"
    dossier = make_dossier(tmp_path, fec=table)
    found = decisions(dossier)
    assert found["F003"] in ("covered_by_credits", "below_minimum", "balance_not_positive")
    assert found["F004"] == "remind"  # equal is kept


def test_18_a_group_within_the_tolerance(tmp_path):
    rows = "VE | 2026-01-05 | DUPONT | F1 | 100.00 | | A | 707\nBQ | 2026-02-21 | DUPONT | V | | 99.95 | A | 512\n"
    exact = make_dossier(tmp_path / "exact", fec=HEAD + rows, config='[ledger]\ntolerance = "0.05"\n')
    assert opens(exact) == {}
    strict = make_dossier(tmp_path / "strict", fec=HEAD + rows, config='[ledger]\ntolerance = "0.04"\n')
    assert opens(strict) == {"F1": "0.05"}


def test_19_the_currency_column_of_a_fec_is_ignored(tmp_path):
    lines = [line.split("\t") for line in fec_bytes(GOOD).decode().splitlines()]
    for line in lines[1:]:
        line[16:18] = ["9999,99", "USD"]
    dossier = make_dossier(tmp_path, files={f"input/{FEC_NAME}": "\n".join("\t".join(line) for line in lines) + "\n"})
    assert opens(dossier) == GOOD_OPEN


def test_20_a_file_is_read_block_by_block(tmp_path, monkeypatch):
    rows = "".join(f"VE | 2026-01-05 | C{n % 40} | F{n} | {n}.07 | | | 707\n" for n in range(1, 1500))
    dossier = make_dossier(tmp_path, fec=HEAD + rows)
    whole = state(dossier)
    monkeypatch.setattr(encodings, "BLOCK", 1 << 12)
    in_blocks = state(dossier)
    assert in_blocks["items"] == whole["items"]
    assert in_blocks["totals"] == whole["totals"]


MEASURE = """
import os, resource, sys
from dunning_batch.__main__ import main
try:
    main()
except SystemExit as leaving:
    code = leaving.code
# Linux counts into ru_maxrss what the process was that started this one, which is all of pytest.
own = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")] if os.path.exists("/proc") else []
print(int(own[0] if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024, file=sys.stderr)
sys.exit(code)
"""


def long_ledger(dossier, lines):
    """Entries of four lines that concern no customer, and the good ledger behind."""
    head, rest = fec_bytes(GOOD).split(b"\r\n", 1)
    line = "OD\tDivers\t{entry}-{number}\t20260105\t606000\tAchats\t\t\tP{number}\t20260105\t{label}\t100,00\t0,00\t\t\t20260105\t\t\r\n"
    entry = "".join(line.format(entry="{entry}", number=number // 4, label="Achat de fournitures de toute sorte" + 60 * "x") for number in range(1000))
    with (dossier.root / "input" / FEC_NAME).open("wb") as file:
        file.write(head + b"\r\n")
        for number in range(lines // 1000):
            file.write(entry.replace("{entry}", str(number)).encode())
        file.write(rest)
        return file.tell() // 1_000_000


def test_20_memory_follows_the_customers_and_not_the_file(tmp_path):
    """Two files of which one is the double of the other; at 500 bytes a line, 2 million are 1 GB."""
    dossier, sizes, peaks = make_dossier(tmp_path), [], []
    for lines in (300_000, 600_000):
        sizes.append(long_ledger(dossier, lines))
        command = [sys.executable, "-c", MEASURE, *f"--lang en status {DAY}".split()]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
        assert "F001" in done.stdout
        peaks.append(int(done.stderr.split()[-1]))
    assert max(peaks) < 500, "MB"
    assert peaks[1] - peaks[0] < (sizes[1] - sizes[0]) / 2, "MB"


def test_20_a_long_ledger_is_announced_on_a_terminal(tmp_path, monkeypatch):
    dossier = make_dossier(tmp_path, fec=GOOD)
    monkeypatch.setattr("dunning_batch.cli.progress.is_shown", lambda _: True)
    assert "MB of ledger" not in ok(dossier, f"status {DAY}").stderr
    monkeypatch.setattr("dunning_batch.cli.progress._LONG", 0)
    for command in (f"status {DAY}", f"check {DAY}", f"plan {DAY}", RUN):
        assert "MB of ledger" in ok(dossier, command).stderr


@pytest.mark.parametrize(
    "label", ["x" * 10_000_000, "a\0b", "a\x07b\x1b[31m", "fusée 🚀", "\u202egnp.exe", "\ufeffF"], ids=["10MB", "nul", "controls", "emoji", "bidi", "bom"]
)
def test_21_strange_labels_are_cleaned_or_named(tmp_path, label):
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", fec_bytes(WITH_LABEL.format("LABEL")).replace(b"LABEL", label.encode(), 1))
    done = clean(dossier.run(f"--lang en {RUN}"))
    assert done.code in (0, 4)
    if done.code == 4:
        assert f"{FEC_NAME}:2" in done.stderr
    assert "\x1b[31m" not in done.stdout + done.stderr


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"<?xml version='1.0'?><comptabilite/>", b"Date;Montant\n"])
@pytest.mark.parametrize("ending", ["xlsx", "txt"])
def test_22_what_only_begins_like_another_file_is_refused(tmp_path, data, ending):
    refuses_then_recovers(tmp_path, data, f"input/ledger.{ending}", name=f"ledger.{ending}")


@pytest.mark.parametrize("seed", range(60))
def test_34_flipped_bytes_and_cuts_of_a_ledger(tmp_path, seed):
    chance = random.Random(seed)
    data = bytearray(fec_bytes(GOOD, encoding="cp1252"))
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.5:
        del data[chance.randrange(len(data)) :]
    dossier = make_dossier(tmp_path)
    dossier.write(f"input/{FEC_NAME}", bytes(data))
    before = dossier.tree()
    done = clean(dossier.run(f"--lang en status {DAY}"))
    assert done.code in (0, 4), seed
    assert dossier.tree() == before
