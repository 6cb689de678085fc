"""Addresses as the post wants them, and the order of posting."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.customers import Customer
from dunning_batch.core.postal import (
    LINE_LENGTH,
    MAX_LINES,
    in_capitals,
    postal_address,
    postal_order,
    postal_slots,
    town_of,
)


def living(*address, postcode="75011", town="Paris", country=""):
    return Customer("DUPONT", "Dupont", address, postcode, town, country)


def test_the_last_three_lines_are_capitals_without_accents_or_punctuation():
    address = postal_address(living("Bâtiment A, 2e étage", "3, rue du Marché"), "Dupont & Fils")
    assert address.lines == ("Dupont & Fils", "BATIMENT A 2E ETAGE", "3 RUE DU MARCHE", "75011 PARIS")
    assert not address.cut


def test_lines_before_the_last_three_stay_as_they_are():
    lines = postal_address(living("Service achats", "Bâtiment A", "3 rue du Marché"), "Dupont").lines
    assert lines[1:3] == ("Service achats", "BATIMENT A")


@pytest.mark.parametrize("country", ["France", "FRANCE", "fr", " France "])
def test_france_is_not_written(country):
    assert postal_address(living("1 rue", country=country), "Dupont").lines[-1] == "75011 PARIS"


def test_abroad_has_the_country_last_and_the_street_as_it_is():
    lines = postal_address(living("Königstraße 5", postcode="70173", town="Stuttgart", country="Allemagne"), "M").lines
    assert lines == ("M", "Königstraße 5", "70173 STUTTGART", "ALLEMAGNE")


def test_nothing_but_a_name():
    assert postal_address(Customer("DUPONT"), "Dupont").lines == ("Dupont",)


@pytest.mark.parametrize("country", ["", "Suisse"])
@pytest.mark.parametrize("streets", [0, 1, 3, 4, 9])
@pytest.mark.parametrize("name", ["Dupont", "Dupont et Fils " * 3, "Dupont et Fils " * 20, "X" * 100])
def test_an_address_never_takes_more_room_than_it_has(country, streets, name):
    customer = living(*(f"{number} rue de la très longue avenue de la République" for number in range(streets)),
                      country=country)  # fmt: skip
    address = postal_address(customer, name)
    assert len(address.lines) <= MAX_LINES + bool(country)
    assert all(0 < len(line) <= LINE_LENGTH for line in address.lines)
    assert address.lines[0] == name[: len(address.lines[0])]
    assert address.lines[-1 - bool(country)] == "75011 PARIS"


def test_what_was_left_out_is_said_and_the_street_is_kept():
    address = postal_address(living("Bâtiment A", "3 rue du Marché"), "Dupont et Fils " * 20)
    assert address.cut
    assert address.lines[-3:] == ("BATIMENT A", "3 RUE DU MARCHE", "75011 PARIS")


@pytest.mark.parametrize(
    ("line", "town"),
    [
        ("69003 LYON", "Lyon"),
        ("69003 LYON CEDEX 03", "Lyon"),
        ("F-75001 Paris", "Paris"),
        ("L-2230 Luxembourg", "Luxembourg"),
        ("38080 L'ISLE-D'ABEAU", "L'Isle-d'Abeau"),
        ("13100 AIX-EN-PROVENCE", "Aix-en-Provence"),
        ("72200 LA FLÈCHE", "La Flèche"),
        ("FRANCE", ""),
        ("12 rue des Lilas", ""),
    ],
)
def test_the_town_of_an_address(line, town):
    assert town_of(["Service comptable", line]) == town


def test_the_town_is_found_above_the_country():
    assert town_of(["12 rue des Lilas", "69003 LYON", "FRANCE"]) == "Lyon"


def test_letters_go_by_country_postcode_and_name():
    ordered = sorted(
        [
            (living(postcode="10115", country="Allemagne"), "A"),
            (living(postcode="75011", country="France"), "Étienne"),
            (living(postcode="75011"), "Dupont"),
            (living(postcode="01 000"), "Zola"),
        ],
        key=lambda one: postal_order(*one),
    )
    assert [name for _, name in ordered] == ["Zola", "Dupont", "Étienne", "A"]


@pytest.mark.parametrize(
    ("address", "slots"),
    [
        (("Bâtiment B", "3 rue du Marché"), ("", "Bâtiment B", "3 RUE DU MARCHE", "")), (("3 rue du Marché", "Bâtiment B"), ("", "Bâtiment B", "3 RUE DU MARCHE", "")),
        (("Étage 2", "Bât. B", "Rue Haute", "BP 12"), ("Étage 2", "Bât. B", "RUE HAUTE", "BP 12")), (("Le Bourg",), ("", "", "LE BOURG", "")),
        (("CS 20001",), ("", "", "", "CS 20001")), ((), ("", "", "", "")),
    ],
)  # fmt: skip
def test_each_line_has_its_place_for_services(address, slots):
    assert postal_slots(living(*address), "Dupont SARL") == ("Dupont SARL", *slots, "75011 PARIS")


def test_a_street_abroad_stays_as_it_is_in_its_place():
    assert postal_slots(living("Am Grünen Weg 3", country="Allemagne", postcode="10115", town="Berlin"), "Müller")[3:] == ("Am Grünen Weg 3", "", "10115 BERLIN")


@given(st.lists(st.sampled_from(["Étage 2", "Bât. B", "3 rue Haute", "BP 1", "x" * 70]), max_size=6, unique=True), st.integers(1, 90), st.sampled_from(["consumer", "professional"]), st.sampled_from(["Paris", "", "A" * 50]))
def test_services_are_told_all_that_stands_on_the_envelope(address, long, type_, town):
    customer = replace(living(*address, town=town), type=type_)
    name = ("Dupont " * 20)[:long].strip()
    slots, envelope = postal_slots(customer, name), postal_address(customer, name).lines
    assert len(slots) == MAX_LINES
    assert all(len(slot) <= LINE_LENGTH for slot in slots)
    assert {in_capitals(line) for line in envelope} <= {in_capitals(slot) for slot in slots}
