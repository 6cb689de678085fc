"""The invoice number of a line (rule A4)."""

import pytest

from dunning_batch.core.ledger import LedgerRules
from tests.dossiers import fec_bytes
from tests.reading.ledgers import ledger_of, rows

HEAD = "jnl | num | date | customer | piece | label | debit\n"


def pieces(folder, *lines, pattern=""):
    table = HEAD + "\n".join(
        f"VE | {num} | 2026-01-15 | DUPONT | {piece} | {label} | 1.00" for num, piece, label in lines
    )
    return rows(ledger_of(folder, table, rules=LedgerRules(piece_pattern=pattern)), "piece")


@pytest.mark.parametrize("none", ["-", "x", "X", "0"])
def test_a_placeholder_is_no_piece(tmp_path, none):
    assert pieces(tmp_path, ("1", f'"{none}"', "Vente"), ("2", "F2", "Vente")) == ["", "F2"]


def test_what_only_looks_like_a_placeholder_is_a_piece(tmp_path):
    assert pieces(tmp_path, ("1", "00", "Vente"), ("2", "--", "Vente"), ("3", "xx", "v")) == ["00", "--", "xx"]


def test_the_label_then_a_number_of_the_entry_that_holds_a_letter(tmp_path):
    lines = [("FAC/2026/0012", "-", "Facture F-77 du mois"), ("FAC/2026/0013", "-", "sans numéro"), ("14", "-", "rien")]
    assert pieces(tmp_path, *lines) == ["FAC/2026/0012", "FAC/2026/0013", ""]
    assert pieces(tmp_path, *lines, pattern=r"(F-\d+)") == ["F-77", "FAC/2026/0013", ""]


def test_an_entry_number_that_is_the_same_everywhere_says_nothing(tmp_path):
    assert pieces(tmp_path, ("A1", "-", "un"), ("A1", "-", "deux")) == ["", ""]


def test_the_piece_wins_over_the_label(tmp_path):
    assert pieces(tmp_path, ("1", "F9", "Facture F-77"), pattern=r"(F-\d+)") == ["F9"]


def test_a_column_of_invoice_numbers_wins_over_the_piece(tmp_path):
    lines = fec_bytes(HEAD + "VE | 1 | 2026-01-15 | DUPONT | REF | Vente | 1.00").decode().splitlines()
    data = "\r\n".join(f"{line}\t{more}" for line, more in zip(lines, ("NumFacture", "F2026-1"), strict=True)) + "\r\n"
    assert rows(ledger_of(tmp_path, data.encode()), "piece") == ["F2026-1"]
    assert rows(ledger_of(tmp_path, data.replace("F2026-1", "-").encode()), "piece") == ["REF"]
