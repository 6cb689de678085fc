"""Shifted or filled-down columns of the customers file (faults 40, 42)."""

from datetime import date

import pytest

from dunning_batch.core.customer_doubts import (
    doubt_names,
    name_mismatch,
    own_addresses,
    shared_addresses,
    unknown_customers,
    without_unknown,
)
from dunning_batch.core.customers import Customer


@pytest.mark.parametrize(
    ("name", "ledger"),
    [
        ("Dupont SARL", "DUPONT"), ("Société Dupont & Fils", "dupont fils"), ("Élan Bois", "ELAN BOIS SAS"),
        ("Jean MARTIN", "M. MARTIN JEAN"), ("Carrosserie Durand", "CARROSSER"), ("A.B.C. Bois", "ABC BOIS"),
        ("DupontFils", "Dupont Fils"), ("", "MARTIN"), ("Dupont", ""), ("Un", "C1"), ("SARL", "SAS SARL"),
    ],
)  # fmt: skip
def test_42_the_same_customer(name, ledger):
    assert not name_mismatch(Customer("C1", name), ledger)


@pytest.mark.parametrize(
    ("name", "ledger"),
    [("Dupont SARL", "MARTIN SARL"), ("Société Durand", "Société Dupont"), ("Bois et Fils", "Martin et Fils"),
     ("Le Comptoir", "La Forge"), ("C1", "Dupont")],
)  # fmt: skip
def test_42_another_customer(name, ledger):
    assert name_mismatch(Customer("C1", name), ledger)


def test_42_the_customer_is_held_and_both_names_are_shown():
    customers = {"C1": Customer("C1", "Dupont"), "C2": Customer("C2", "Martin")}
    checked, problems = doubt_names(customers, {"C1": "MARTIN SARL", "C2": "Martin", "C3": "Durand"})
    assert [code for code, customer in checked.items() if customer.doubtful] == ["C1"]
    assert [problem.customer for problem in problems] == ["C1"]
    assert {"Dupont", "MARTIN SARL"} <= set(dict(problems[0].message.values).values())


def test_40_one_address_on_five_customers_of_different_names():
    """What fault 40 asks."""
    customers = [Customer(f"C{number}", f"Client{number}", emails=("a@x.fr",)) for number in range(5)]
    (problem,) = shared_addresses(customers)
    assert dict(problem.message.values)["count"] == 5
    assert shared_addresses(customers[:4]) == ()
    same_name = [Customer(f"C{number}", "Dupont", emails=("A@x.fr",)) for number in range(9)]
    assert shared_addresses(same_name) == ()


def test_81_an_address_refused_for_good_counts_as_none_until_it_is_changed():
    """What fault 81 asks."""
    known = {"A": Customer("A", emails=("a@x.fr", "b@x.fr")), "B": Customer("B", emails=("a@x.fr",))}
    checked, problems = without_unknown(known, {("A", "a@x.fr"), ("B", "old@x.fr"), ("C", "a@x.fr")})
    assert {code: one.emails for code, one in checked.items()} == {"A": ("b@x.fr",), "B": ("a@x.fr",)}
    assert [(one.code, one.customer) for one in problems] == [("address_refused_before", "A")]


def test_41_addresses_of_our_own_and_of_examples_are_doubted():
    """What fault 41 asks."""
    customers = [
        Customer("A", emails=("a@cabinet.fr",)), Customer("B", emails=("b@Example.com", "b@dupont.fr")),
        Customer("C", emails=("c@mail.example.org",)), Customer("D", emails=("d@my-example.com",)),
    ]  # fmt: skip
    assert [one.customer for one in own_addresses(customers, {"Cabinet.FR"})] == ["A", "B", "C"]


def test_40_how_many_may_share_an_address_is_a_setting():
    """What fault 40 asks."""
    customers = [Customer(f"C{n}", f"Nom{n}", emails=("a@x.fr",)) for n in range(3)]
    assert [len(shared_addresses(customers, limit)) for limit in (2, 3, 4)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("change", "codes"),
    [({"remind": False}, ["unknown_customer"]), ({"held_until": date(2026, 5, 1)}, ["unknown_customer"]), ({}, [])],
)
def test_a_hold_of_nobody_is_said(change, codes):
    known = {"DUPONT": Customer("DUPONT", remind=False), "DUPOND": Customer("DUPOND", **change)}
    assert [one.code for one in unknown_customers(known, {"DUPONT"})] == codes
