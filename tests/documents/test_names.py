"""Names of letters: portable, unique, in postal order (fault 61; S11; F9)."""

import hashlib
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.documents.names import named
from tests.documents.letters import reminder

RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
STRANGE = [
    "../../x", "CON", "con", "aux.", "a/b", "a\\b", "C:\\x", "~$x", "=x", "x\u202ey", "x" * 300, "Dupont", "DUPONT",
    unicodedata.normalize("NFC", "Été"), unicodedata.normalize("NFD", "Été"), "", " ", ".", "..", "nul.txt", "株式会社",
    "a:b", "a b", "a\nb", "a\0b", "-x", "LPT1", "COM¹", "\ud800",
]  # fmt: skip


def to(code, **changes):
    one = reminder(full=False)
    identity = hashlib.sha256(repr((code, changes)).encode()).hexdigest()[:32]
    return replace(one, id=identity, customer=replace(one.customer, code=code), **changes)


def check_portable(names):
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(names)
    for name in names:
        assert name.isascii()
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*\.pdf", name), name
        assert len(name) <= 80
        assert name.removesuffix(".pdf").casefold() not in RESERVED
        assert name.split(".")[0].casefold() not in RESERVED


def test_a_usual_code_is_kept():
    (one,) = named([to("C-0042")])
    assert (one.file, one.zip_name) == ("C-0042-1.pdf", "001-C-0042-1.pdf")


def test_strange_codes_have_portable_names():
    letters = named([to(code) for code in STRANGE])
    check_portable([one.file for one in letters])
    check_portable([one.zip_name for one in letters])


@given(st.lists(st.text(max_size=80), max_size=12, unique=True))
def test_any_codes_have_portable_names(codes):
    letters = named([to(code) for code in codes])
    check_portable([one.file for one in letters])
    check_portable([one.zip_name for one in letters])


@pytest.mark.parametrize("same_piece", [True, False])
def test_letters_of_one_customer_and_level_have_names_of_their_own(same_piece):
    letters = []
    for number in range(3):
        one = to("DUPONT", name=f"n{number}")
        decision = one.items[0].decision
        item = replace(decision.item, piece="F1" if same_piece else f"F{number}")
        letters.append(replace(one, items=(replace(one.items[0], decision=replace(decision, item=item)),)))
    files = [one.file for one in named(letters)]
    check_portable(files)
    assert all(file.startswith("DUPONT-1") for file in files)


def test_a_name_does_not_depend_on_the_letters_beside_it():
    alone = {one.file for one in named([to("B")])}
    beside = {one.file for one in named([to("A"), to("B"), to("C")])}
    assert alone < beside


def test_names_in_a_zip_sort_in_postal_order():
    def living(code, postcode, country=""):
        one = to(code)
        customer = replace(one.customer, address=("1 rue",), postcode=postcode, town="X", country=country)
        return replace(one, customer=customer, name=code)

    letters = named([
        living("E", "10115", "Allemagne"), living("D", "75011"), living("B", "01000"), living("C", "69003"),
        living("A", "69003", "FRANCE"),
    ])  # fmt: skip
    assert [one.reminder.customer.code for one in letters] == ["B", "A", "C", "D", "E"]
    assert sorted(one.zip_name for one in letters) == [one.zip_name for one in letters]


def test_a_thousand_letters_still_sort():
    letters = named([to(f"C{number:05}") for number in range(1001)])
    assert all(first.zip_name < second.zip_name for first, second in pairwise(letters))
