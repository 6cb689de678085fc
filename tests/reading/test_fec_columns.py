"""The header of a FEC, however it is written (fault 7; A47 A-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.reading.fec_columns import dialect, header_of, header_problems, may_lack, usual_width, widened
from tests.dossiers import COLUMNS

LEGAL = "\t".join(COLUMNS)
CASH = ("DateRglt", "ModeRglt", "NatOp", "IdClient")
FIELDS = ("journal", "journal_label", "number", "date", "account", "account_name", "customer", "customer_name", "piece",
          "piece_date", "label", "debit", "credit", "lettering", "lettering_date", "valid_date", "currency_amount",
          "currency")  # fmt: skip


def codes(line, configured=None):
    configured = configured or {}
    return [(one.code, one.severity) for one in header_problems(header_of(line, configured), configured, "a.txt")]


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
def test_the_eighteen_columns_in_the_legal_order(separator):
    header = header_of(separator.join(COLUMNS), {})
    assert header.separator == separator
    assert header.columns == {name: place for place, name in enumerate(FIELDS)}
    assert list(header_problems(header, {}, "a.txt")) == []


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_columns_of_cash_accounting(count):
    header = header_of("\t".join([*COLUMNS, *CASH[:count]]), {})
    assert header.width == 18 + count
    assert dialect(header, "UTF-8") == "FEC, tab, UTF-8, DateRglt"


@pytest.mark.parametrize(
    ("written", "field"),
    [("CompteLIB", "account_name"), ("MontantDevise", "currency_amount"), ("IdDevise", "currency"),
     ("pieceRef", "piece"), ("CompteAuxNum", "customer"), ("CompteAuxLib", "customer_name"), ("Crédit", "credit"),
     ("Débit", "debit"), ("  EcritureDate  ", "date"), ('"CompteNum"', "account"), ("ECRITURELET", "lettering"),
     ("Écriture Lib", "label"), ("DateLimitReglmt", "due_date"), ("Date d'échéance", "due_date"),
     ("Échéance", "due_date"), ("Due date", "due_date"), ("NumFacture", "invoice")],
)  # fmt: skip
def test_other_spellings(written, field):
    rest = [name for name, known in zip(COLUMNS, FIELDS, strict=True) if known != field]
    assert header_of("\t".join([*rest, written]), {}).columns[field] == len(rest)


@given(st.permutations(COLUMNS))
def test_any_order(names):
    header = header_of("|".join(names), {})
    assert all(names[header.columns[field]] == name for field, name in zip(FIELDS, COLUMNS, strict=True))


def test_a_vendors_own_columns_are_passed_over():
    header = header_of(f"{LEGAL}\tCodeEtbt\tIdOrigine\tPieceJointe", {})
    assert (header.width, set(header.columns)) == (21, set(FIELDS))


@pytest.mark.parametrize(
    "line", ["", "Compte\tLibellé\tDébit\tCrédit\tSolde", "hello", "a;b;c;d;e;f", "JournalCode\tDebit"]
)
def test_what_is_no_header_of_a_fec(line):
    assert header_of(line, {}) is None


def test_amount_and_side_in_the_place_of_debit_and_credit():
    assert codes(LEGAL.replace("Debit\tCredit", "Montant\tSens")) == []
    assert codes(LEGAL.replace("Debit\tCredit", "Montant")) == [("missing_column", "error")]
    assert codes(LEGAL.replace("Debit\tCredit", "Solde\tSens")) == [("missing_column", "error")]


@pytest.mark.parametrize("name", ["EcritureDate", "CompteNum", "Debit", "Credit"])
def test_a_column_that_must_be_there(name):
    assert codes(LEGAL.replace(name, "Autre")) == [("missing_column", "error")]


@pytest.mark.parametrize("name", ["CompAuxNum", "EcritureLet", "DateLet", "PieceRef", "JournalLib", "EcritureLib"])
def test_a_column_that_may_be_missing(name):
    assert codes(LEGAL.replace(name, "Autre")) == []


def test_one_signed_amount_counts_where_it_is_configured():
    line = LEGAL.replace("Debit\tCredit", "Mouvement")
    assert codes(line, {"amount": "Mouvement"}) == []
    assert codes(line) == [("missing_column", "error")] * 2


def test_a_column_twice():
    assert codes(f"{LEGAL}\tdébit") == [("column_twice", "error")]
    assert codes(f"{LEGAL}\tAutre\tAutre") == []


def test_a_configured_heading_wins_and_one_that_is_nowhere_is_said():
    line = f"{LEGAL}\tÉchu le\tNumFacture"
    header = header_of(line, {"due_date": "échu LE", "piece": "PieceRef"})
    assert header.columns["due_date"] == 18
    assert "invoice" not in header.columns
    assert codes(line, {"due_date": "Nulle part"}) == [("heading_not_found", "warning")]


def test_lines_that_all_end_with_a_separator_widen_the_header():
    header = header_of(LEGAL, {})
    line = "\t".join("x" * 18) + "\t"
    assert widened(header, [line, line]).width == 19
    assert widened(header, [line, line[:-1]]).width == 18
    assert widened(header, []).width == 18
    assert widened(header_of(f"{LEGAL}\t", {}), [line]).width == 19


def test_lines_that_all_drop_their_empty_tail_are_as_wide_as_that():
    header = header_of(LEGAL, {})
    sixteen, twelve = "\t".join("x" * 16), "\t".join("x" * 12)
    assert usual_width(header, [sixteen, sixteen]) == 16
    assert usual_width(header, [sixteen, LEGAL]) == 18
    assert usual_width(header, [twelve, twelve]) == 18
    assert (may_lack(header, 13), may_lack(header, 12)) == (True, False)
