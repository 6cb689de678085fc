"""What is wrong with a FEC is said once a line, and summed up where there is too much of it."""

import pytest

from dunning_batch.reading import fec, fec_batches, fec_gathering, fec_notes
from tests.dossiers import COLUMNS, fec_bytes
from tests.reading.ledgers import codes, faults_of, ledger_of, rows

HEAD = "jnl | num | date | account | customer | piece | debit | credit | counter\n"


def lines(*given):
    return HEAD + "\n".join(given)


def test_a_header_without_lines_stops(tmp_path):
    assert faults_of(tmp_path, ("\t".join(COLUMNS) + "\r\n").encode()) == ["no_lines:None"]


def test_a_missing_column_stops_before_anything_is_read(tmp_path):
    data = fec_bytes(lines("VE | 1 | bad | | DUPONT | F1 | 1.00 | |")).replace(b"CompteNum", b"Autre")
    assert faults_of(tmp_path, data) == ["missing_column:1"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text.replace("F001\t", "F001\tmore\t", 1), ["wrong_width:2"]),
        (lambda text: text.replace("\t0,00\t\t\t20260115\t\t\r\n", "\r\n", 1), ["wrong_width:2"]),
        (lambda text: text[: text.rindex("\t0,00")], ["cut_file:5"]),
    ],
)
def test_a_line_of_another_width_stops_with_its_number(tmp_path, change, expected):
    text = fec_bytes(lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 1.00 | | 707", "VE | 2 | 2026-01-15 | | DUPONT | F002 | 1.00 | | 707")).decode()
    assert faults_of(tmp_path, change(text).encode()) == expected


def test_lines_of_another_width_are_summed_up(tmp_path, monkeypatch):
    monkeypatch.setattr(fec, "_MOST", 2)
    text = fec_bytes(lines(*["VE | 1 | 2026-01-15 | | DUPONT | F001 | 1.00 | |"] * 5)).decode()
    head, *body = text.splitlines()
    data = "\n".join([head, body[0], *["x\t" + line for line in body[1:]], ""]).encode()
    assert faults_of(tmp_path, data) == ["wrong_width:3", "wrong_width:4", "wrong_width:None"]


def test_wrong_cells_are_summed_up(tmp_path, monkeypatch):
    for module in (fec_batches, fec_gathering):
        monkeypatch.setattr(module, "MOST", 2)
    table = lines(*["VE | 1 | 2026-01-15 | | DUPONT | F001 | 1.0O | |"] * 5)
    assert faults_of(tmp_path, table) == ["wrong_amount:2", "wrong_amount:3", "more_wrong_cells:None"]


def test_entries_that_do_not_balance_are_summed_up(tmp_path, monkeypatch):
    monkeypatch.setattr(fec_notes, "_LISTED", 2)
    table = lines("OD | 9 | 2026-01-15 | 658000 | - | X | 1.00 | |", *(
        f"VE | {number} | 2026-01-15 | | DUPONT | F001 | 1.00 | |" for number in range(4)))  # fmt: skip
    found = [one for one in ledger_of(tmp_path, table).problems if one.code == "unbalanced_entry"]
    assert [one.source.line for one in found] == [2, 3, None]
    assert dict(found[-1].message.values)["count"] == 3


def test_lines_with_both_sides_are_summed_up(tmp_path, monkeypatch):
    monkeypatch.setattr(fec_notes, "_LISTED", 1)
    table = lines(*["VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | 1.00 |"] * 3)
    found = [one.source.line for one in ledger_of(tmp_path, table).problems if one.code == "both_sides"]
    assert found == [2, None]


def test_an_extract_of_customers_accounts_says_so_once(tmp_path):
    table = lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | |", "VE | 2 | 2026-01-15 | | DUPONT | F002 | 3.00 | |")
    assert codes(ledger_of(tmp_path, table)) == ["customers_only"]


def test_a_mended_line_counts_and_is_said(tmp_path):
    data = fec_bytes(lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | | 707"), separator="|")
    ledger = ledger_of(tmp_path, data.replace(b"Vente", b"Ven|te", 1))
    assert (rows(ledger, "label", "amount"), codes(ledger)) == ([("Ven|te", 2)], ["mended_line"])


def test_lines_that_drop_their_empty_tail_are_whole(tmp_path):
    text = fec_bytes(lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | | 707")).decode()
    assert rows(ledger_of(tmp_path, text.replace("\t\t\r\n", "\r\n").encode()), "amount") == [2]
    one = text.replace("\t\t\r\n", "\r\n", 1).encode()
    assert rows(ledger_of(tmp_path, one), "amount") == [2]


def test_nul_bytes_and_unseen_signs_are_taken_out_and_said(tmp_path):
    data = fec_bytes(lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | | 707")).replace(b"Vente", b"Ve\0n\x07te")
    ledger = ledger_of(tmp_path, data)
    assert (rows(ledger, "label"), codes(ledger)) == (["Vente"], ["control_characters", "nul_bytes"])


def test_blank_lines_do_not_shift_the_numbers(tmp_path):
    text = fec_bytes(lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | | 707", "VE | 2 | 2026-01-15 | | DUPONT | F002 | 1.0O | |")).decode()
    head, *body = text.split("\r\n")
    assert faults_of(tmp_path, "\r\n".join([head, "", body[0], "", "", *body[1:]]).encode()) == ["wrong_amount:7"]


@pytest.mark.parametrize(("name", "siren", "expected"), [
    ("123456782FEC20261231.txt", "987654321", ["other_company:None"]), ("123456782FEC20261231.txt", "123456782", []),
    ("export.txt", "987654321", []), ("0000000001FEC20261231.txt", "987654321", []),
])  # fmt: skip
def test_the_company_of_a_legal_name_must_be_the_creditor(tmp_path, name, siren, expected):
    table = lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | | 707")
    assert faults_of(tmp_path, table, names=(name,), siren=siren) == expected


def test_a_cash_fec_without_lettering_is_said_not_to_tell_what_is_paid(tmp_path):
    text = fec_bytes(lines("VE | 1 | 2026-01-15 | | DUPONT | F001 | 2.00 | | 707")).decode()
    head, *body = text.splitlines()
    more = ("20260115", "CH", "", "")
    data = "\r\n".join([f"{head}\tDateRglt\tModeRglt\tNatOp\tIdClient", *("\t".join([line, *more]) for line in body), ""])
    assert codes(ledger_of(tmp_path, data.encode())) == ["not_lettered"]
    assert codes(ledger_of(tmp_path, data.replace("0,00\t\t\t", "0,00\tAA\t\t", 1).encode())) == []


def test_files_stand_in_the_order_of_their_days_and_name_what_they_share(tmp_path):
    old = lines("VE | 1 | 2025-03-15 | | DUPONT | F001 | 1.00 | | 707")
    new = lines("VE | 1 | 2026-03-15 | | DUPONT | F002 | 2.00 | | 707")
    ledger = ledger_of(tmp_path, new, old, names=("a.txt", "b.txt"))
    assert [file.name for file in ledger.files] == ["b.txt", "a.txt"]
    assert rows(ledger, "piece", "file", "entry") == [("F001", 0, 0), ("F002", 1, 1)]
    assert faults_of(tmp_path, new, new, names=("a.txt", "b.txt")) == ["same_file:None"]
