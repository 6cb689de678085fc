"""`check --missing-customers`: the customers that owe and stand in no file."""

import io

import openpyxl
import pytest

from dunning_batch.core.customers import Customer
from dunning_batch.core.openitems import CustomerBalance
from dunning_batch.reading.customers import HEADINGS
from dunning_batch.reading.headings import by_spelling, columns_of
from dunning_batch.reading.missing_customers import missing_customers, missing_customers_workbook


def balance(code, name="", opened=1000, *, nobody=False):
    return CustomerBalance(code, name, nobody, opened, opened, 0, 0, 0)


BALANCES = (
    balance("DUPONT", "Dupont SA"),
    balance("MARTIN", "Martin"),
    balance("PAID", "Paid", 0),
    balance("411000", "Clients", nobody=True),
    balance("=cmd()", "+33 1 02"),
    balance("0411", "0411"),
)


def sheet(language="fr"):
    data = missing_customers_workbook(BALANCES, {"MARTIN": Customer("MARTIN")}, language)
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_who_owes_is_somebody_and_has_no_row():
    found = missing_customers(BALANCES, {"MARTIN": Customer("MARTIN")})
    assert [one.code for one in found] == ["DUPONT", "=cmd()", "0411"]


def test_what_the_ledger_knows_beside_the_name_stands_last():
    data = missing_customers_workbook(BALANCES, {}, "en", {"DUPONT": "411DUP"})
    cells = openpyxl.load_workbook(io.BytesIO(data)).active[2][18:]
    assert [(cell.value, cell.data_type) for cell in cells] == [("411DUP", "s"), (10, "n")]


def test_codes_and_names_are_filled_in_as_text():
    rows = list(sheet().iter_rows(min_row=2, max_col=2))
    assert [[cell.value for cell in row] for row in rows] == [
        ["DUPONT", "Dupont SA"],
        ["=cmd()", "+33 1 02"],
        ["0411", None],
    ]
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
    assert all(row[0].quotePrefix for row in rows)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_heading_is_one_that_is_read_back(language):
    headings = [cell.value for cell in sheet(language)[1]]
    known = columns_of(tuple(headings), by_spelling(HEADINGS))
    assert len(known) == len(headings) == 20
    assert len({field for _, field in known}) == 20


@pytest.mark.parametrize(("language", "word"), [("fr", "professionnel"), ("en", "professional")])
def test_few_words_come_as_a_list_to_choose_from(language, word):
    choices = [rule.formula1 for rule in sheet(language).data_validations.dataValidation]
    assert len(choices) == 4
    assert any(word in choice for choice in choices)
