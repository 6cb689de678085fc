"""The creditor's own numbers (fault 51)."""

import pytest

from dunning_batch.config.identifiers import bic_fault, iban_fault, siren_fault, vat_fault
from tests.config.helpers import CREDITOR, only_problem


@pytest.mark.parametrize("iban", ["FR7630006000011234567890189", "DE89370400440532013000", "GB29NWBK60161331926819"])
def test_51_a_good_iban(iban):
    assert iban_fault(iban) is None


@pytest.mark.parametrize(
    "iban", ["FR7630006000011234567890188", "FR763000600001123456789018", "7630006000011234567890189", "FR76", "FR76-X"]
)
def test_51_a_bad_iban(iban):
    assert iban_fault(iban) is not None


def test_51_every_changed_digit_of_an_iban_is_found():
    good = "FR7630006000011234567890189"
    changed = [good[:place] + other + good[place + 1 :] for place in range(2, 27) for other in "0123456789"]
    assert [iban for iban in changed if iban_fault(iban) is None] == [good] * 25


@pytest.mark.parametrize(("siren", "good"), [("123456782", True), ("732829320", True), ("123456783", False),
                                             ("12345678", False), ("73282932000074", False)])  # fmt: skip
def test_51_siren(siren, good):
    assert (siren_fault(siren) is None) is good


@pytest.mark.parametrize(
    ("vat", "good"),
    [("FR11123456782", True), ("FR12123456782", False), ("FR11123456783", False), ("FRXX123456782", True),
     ("FRIO123456782", False), ("DE123456789", True), ("11123456782", False)],
)  # fmt: skip
def test_51_vat(vat, good):
    assert (vat_fault(vat) is None) is good


@pytest.mark.parametrize(("bic", "good"), [("AGRIFRPP", True), ("AGRIFRPP882", True), ("AGRIFRP", False),
                                           ("AGRI12PP", False)])  # fmt: skip
def test_51_bic(bic, good):
    assert (bic_fault(bic) is None) is good


@pytest.mark.parametrize(
    ("key", "value"),
    [("iban", "FR7630006000011234567890188"), ("siren", "123456783"), ("bic", "AGRI12PP"), ("vat", "FR99123456782"),
     ("email", "nobody")],
)  # fmt: skip
def test_51_each_is_checked_where_it_stands(tmp_path, key, value):
    lines = [line for line in CREDITOR.splitlines() if not line.startswith(f"{key} =")]
    line, text = only_problem(tmp_path, "", creditor="\n".join([*lines, f'{key} = "{value}"']) + "\n")
    assert line == len(lines) + 1
    assert text.startswith(f"[creditor] {key}: ")
    assert value not in text  # a key in the wrong place may hold a secret


def test_51_a_vat_number_of_another_company(tmp_path):
    line, text = only_problem(tmp_path, 'vat = "FR44732829320"\n')
    assert (line, "732829320" in text) == (6, True)
