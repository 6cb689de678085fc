"""The rules that need nothing but a line: customers (A2), pieces (A4), opening journals (D1)."""

import re

import pytest

from dunning_batch.core.ledger import customer_of, is_collective, is_opening_journal, piece_of


@pytest.mark.parametrize("account", ["411", "411000", "411100000", "4110", "4119", "41150"])
def test_a_collective_account(account):
    assert is_collective(account, ("411",))


@pytest.mark.parametrize("account", ["411DUPONT", "411000320", "4111234", "41", "401000", "41112"])
def test_an_account_of_one_customer(account):
    assert not is_collective(account, ("411",))


def test_a_prefix_is_no_pattern():
    assert not is_collective("4x10", ("4.1",))


@pytest.mark.parametrize(
    ("account", "auxiliary", "name", "collective", "expected"),
    [
        ("411000", "DUPONT", "Dupont", True, ("DUPONT", False)),
        ("411VILMO", "", "", False, ("411VILMO", False)),
        ("411VILMO", "", "Vilmo", False, ("411VILMO", False)),
        ("411000", "", "Dupont", True, ("Dupont", False)),
        ("411000", "", "", True, ("411000", True)),
    ],
)
def test_auxiliary_then_account_then_name_then_nobody(account, auxiliary, name, collective, expected):
    assert customer_of(account, auxiliary, name, collective=collective) == expected


@pytest.mark.parametrize(
    ("piece", "label", "number", "found"),
    [("F1", "x", "A1", "F1"), ("-", "no F7 here", "A1", "F7"), ("", "none", "A1", "A1"), ("", "none", "12", ""),
     ("", "none", "", ""), ("x", "F", "É1", "É1")],
)  # fmt: skip
def test_piece_of(piece, label, number, found):
    assert piece_of(piece, label, number, re.compile(r"(F\d+)")) == found


def test_a_pattern_whose_group_is_empty_finds_nothing():
    assert piece_of("-", "Facture", "A1", re.compile(r"Facture( \d+)?")) == "A1"


@pytest.mark.parametrize("code", ["AN", "ano", "RAN", "A-N", "OUV", " an "])
def test_an_opening_journal_by_its_code(code):
    assert is_opening_journal(code, "Divers", ())


@pytest.mark.parametrize(
    "label", ["A nouveau", "À-NOUVEAUX", "Report à nouveau", "reports", "Ouverture 2026", "Bilan début", "BILAN DE DÉBUT"]
)
def test_an_opening_journal_by_its_label(label):
    assert is_opening_journal("XX", label, ())


@pytest.mark.parametrize(
    ("code", "label"), [("VE", "Ventes"), ("AN2", "Ventes"), ("XX", "Nouveaux clients"), ("XX", "Rapport"), ("", "")]
)
def test_another_journal(code, label):
    assert not is_opening_journal(code, label, ())
    assert is_opening_journal(code or " ", label, (code,))
