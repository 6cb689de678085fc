"""Titles of accounts and customers, and sums, in printed ledgers (fault 28)."""

import pytest

from dunning_batch.reading.workbook_sections import kind_of_sum, section_of


def title(*texts, alone=False):
    found = section_of(0, list(texts), alone=alone)
    return (found.kind, found.code, found.name) if found else None


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("411DUPONT DUPONT SA",), ("account", "411DUPONT", "DUPONT SA")),
        (("411DUPONT  DUPONT SA",), ("account", "411DUPONT", "DUPONT SA")),
        (("41100010", "LEROY SA (suite)"), ("account", "41100010", "LEROY SA")),
        (("Compte : 411000 - CLIENTS",), ("account", "411000", "CLIENTS")),
        (("Compte 411PETIT", "PETIT FRERES"), ("account", "411PETIT", "PETIT FRERES")),
        (("Grand livre du compte 411DUPONT - Dupont SA",), ("account", "411DUPONT", "Dupont SA")),
        (("Client : C001 - Dupont SA",), ("customer", "C001", "Dupont SA")),
        (("Code client : C001",), ("customer", "C001", "C001")),
        (("Tiers", "C01", "Dupont"), ("customer", "C01", "Dupont")),
        (("DUPONT SA",), None),
        (("2026",), None),
    ],
)
def test_a_title_names_an_account_or_a_customer(texts, found):
    assert title(*texts) == found


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("DUPONT", "DUPONT SA"), ("customer", "DUPONT", "DUPONT SA")),
        (("DUPONT DUPONT SA",), ("customer", "DUPONT", "DUPONT SA")),
        (("Dupont SA",), ("customer", "Dupont SA", "Dupont SA")),
        (("© Sage", "Page : 2"), None),
        (("Période du 01/01/2026",), None),
        (("Janvier 2026",), None),
        (("2026",), None),
        (("a", "b", "c"), None),
    ],
)
def test_any_title_may_be_a_customer_where_no_column_is(texts, found):
    assert title(*texts, alone=True) == found


@pytest.mark.parametrize(
    "text",
    ["Total", "TOTAL GÉNÉRAL", "Totaux 01DUPO", "Total du compte 411DUPONT", "Sous-total", "Report", "A reporter",
     "À reporter", "Solde", "Solde au 31/12/2026", "Solde final du partenaire", "Cumul de la période",
     "Report de la page 2", "Carried forward", "Ensemble"],
)  # fmt: skip
def test_sums_are_known(text):
    assert kind_of_sum([text]) == "total"


@pytest.mark.parametrize(
    "text",
    ["Solde initial", "Report à nouveau", "A nouveau", "Cumul antérieur", "Solde d'ouverture", "Opening balance",
     "Solde initial du partenaire"],
)  # fmt: skip
def test_opening_balances_are_known(text):
    assert kind_of_sum([text]) == "opening"


@pytest.mark.parametrize("text", ["Facture 12", "Solde facture 12", "TOTALENERGIES", "Reportage photo", "Netto SA", ""])
def test_what_only_begins_like_a_sum_is_none(text):
    assert kind_of_sum([text]) == ""
