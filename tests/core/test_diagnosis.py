"""The lettering diagnosis: every sign that an account is not perfectly lettered (contract, section 7)."""

import pandas as pd
import pytest

from dunning_batch.core.allocation import Application
from dunning_batch.core.customers import Customer
from dunning_batch.core.diagnosis import diagnose
from dunning_batch.core.ledger import Ledger, LedgerFile
from dunning_batch.errors import Source
from dunning_batch.language import language
from tests.core.samples import DAY, cents, credit, item, levels, settlement

NAMES = ("2025.txt", "2026.txt")


def ledger(table, *, last_bank="2026-02-20", last=None, accounting="accrual"):
    """Lines as `file date account customer amount code code_date`, `-` for nothing; the line number is the rank + 2."""
    rows = [line.split() for line in table.strip().splitlines()]
    files, days, accounts, customers, amounts, codes, code_dates = zip(*rows, strict=True) if rows else [[]] * 7
    lines = pd.DataFrame(
        {
            "file": pd.Series([int(file) for file in files], dtype="int16"),
            "line": pd.Series(range(2, len(rows) + 2), dtype="int64"),
            "date": pd.to_datetime(pd.Series(days, dtype="str")).astype("datetime64[s]"),
            "account": pd.Series(accounts, dtype="category"),
            "customer": pd.Series(customers, dtype="category"),
            "nobody": [customer == account for customer, account in zip(customers, accounts, strict=True)],
            "amount": pd.Series([cents(amount) for amount in amounts], dtype="int64"),
            "code": pd.Series(["" if code == "-" else code for code in codes], dtype="str"),
            "code_date": pd.to_datetime(
                pd.Series([None if day == "-" else day for day in code_dates], dtype="str")
            ).astype("datetime64[s]"),
        }
    )
    bank = last_bank and DAY(last_bank)
    read = [LedgerFile(name, "", len(rows), "", None, last and DAY(last), None, bank) for name in NAMES]
    return Ledger(lines, tuple(read), accounting)


def signs(table="", *, items=(), credits_=(), applied=(), known=(), levels_=(), as_of="2026-02-28", **read):
    return diagnose(
        ledger(table, **read),
        settlement(items, credits_, nobodies=["411000"]),
        [Application(one, other, cents(amount), number) for one, other, amount, number in applied],
        DAY(as_of),
        35,
        {customer.code: customer for customer in known},
        levels_,
    )


def of(code, problems):
    return [problem for problem in problems if problem.code == code]


def said(problem):
    """The place, the customer and the sentence, with plain blanks."""
    sentence = " ".join(language("en").message(problem.message).split())
    return f"{problem.source} {problem.customer} {sentence}"


def test_a_perfect_account_shows_no_sign():
    table = """
        1 2026-01-15 411000 DUPONT  100 A 2026-02-10
        1 2026-02-10 411000 DUPONT -100 A 2026-02-10
        1 2026-01-15 411000 MARTIN  100 - -
    """
    known = [Customer("MARTIN", type="professional", terms="")]
    assert signs(table, items=[item("MARTIN", "F1", "2026-02-14", 100)], known=known, levels_=levels()) == ()


def test_an_unbalanced_group_is_named_with_its_difference_and_lines():
    table = """
        1 2026-01-15 411000 DUPONT  100 QX -
        1 2026-02-10 411000 DUPONT  -30 QX -
        1 2026-01-15 411000 MARTIN  100 qx -
        1 2026-02-10 411000 MARTIN -130 qx -
        1 2026-02-10 411000 DURAND  -30 QX -
        1 2026-02-10 411000 LEROY    30 QX -
    """
    found = of("group_unbalanced", signs(table))
    assert [(problem.customer, problem.severity, str(problem.source)) for problem in found] == [
        ("DUPONT", "warning", "2026.txt:2"),
        ("DURAND", "warning", "2026.txt:6"),
        ("MARTIN", "notice", "2026.txt:4"),
    ]
    assert "QX of DURAND stands on credits alone: €30.00. No" in said(found[1])
    for part in ("code QX of DUPONT", "€70.00 more debits than credits", "2 lines (2026.txt:2, 3)"):
        assert part in said(found[0])


def test_the_places_of_a_long_group_are_summed_up():
    table = "\n".join(["1 2026-01-15 411000 DUPONT -10 A -"] * 6 + ["1 2026-01-15 411000 DUPONT 10 A -"])
    [problem] = of("group_unbalanced", signs(table))
    assert "7 lines (2026.txt:2, 3, 4, 5, 6, ...)" in said(problem)


def test_one_code_on_two_accounts():
    table = """
        1 2026-01-15 411000 DURAND  80 ZR -
        1 2026-02-10 411500 DURAND -80 ZR -
        1 2026-01-15 411000 MARTIN  80 ZS -
        1 2026-01-15 411000 MARTIN -80 ZS -
        1 2026-01-15 411500 MARTIN  80 ZS -
        1 2026-01-15 411500 MARTIN -80 ZS -
    """
    [problem] = of("code_on_two_accounts", signs(table))
    assert "ZR of DURAND stands on the accounts 411000, 411500" in said(problem)


@pytest.mark.parametrize(
    ("table", "reused"),
    [
        # one date balances and the other does not; both balance; over two dates only together; no date but two files
        ("A 2026-03-31  A 2026-03-31  A 2026-06-30  A 2026-06-30", "200 -150 100 -100 | 1 1 1 1 | yes"),
        ("A 2026-03-31  A 2026-03-31  A 2026-06-30  A 2026-06-30", "200 -200 100 -100 | 1 1 1 1 | yes"),
        ("A 2026-03-31  A 2026-03-31  A 2026-04-30  A 2026-04-30", "100 -60 -20 -20 | 1 1 1 1 | no"),
        ("A -           A -           A -           A -", "200 -200 100 -90 | 0 0 1 1 | yes"),
        ("A -           A -           A 2026-06-30  A 2026-06-30", "200 -200 100 -90 | 1 1 1 1 | no"),
        ("A -           A -           B -           B -", "200 -200 100 -100 | 0 0 1 1 | no"),
    ],
)
def test_a_code_that_is_used_twice(table, reused):
    codes, dates = table.split()[::2], table.split()[1::2]
    amounts, files, expected = (part.split() for part in reused.split("|"))
    rows = [
        f"{file} 2026-01-15 411000 DUPONT {amount} {code} {day}"
        for file, amount, code, day in zip(files, amounts, codes, dates, strict=True)
    ]
    found = of("codes_reused", signs("\n".join(rows)))
    assert ["Lettering codes that are used more than once on an account: 1 (DUPONT A)" in said(one) for one in found] == (
        [True] if expected == ["yes"] else []
    )


def test_a_date_of_lettering_without_a_code():
    [problem] = of("lettering_date_alone", signs("1 2026-01-15 411000 DUPONT 80 - 2026-02-10"))
    assert str(problem.source) == "2026.txt:2"


def test_lines_after_the_day_of_the_run_are_counted_once_a_file():
    table = """
        0 2026-02-24 411000 DUPONT  45 - -
        1 2026-02-20 411000 DUPONT  45 - -
        1 2026-02-25 411000 DUPONT -150 - -
        1 2026-02-21 411000 DUPONT -80 - -
    """
    found = of("lines_after_as_of", signs(table, as_of="2026-02-20"))
    assert [str(problem.source) for problem in found] == ["2025.txt:2", "2026.txt:4"]
    assert "Lines dated after 20/02/2026: 2, from 21/02/2026 to 25/02/2026" in said(found[1])


def test_lines_without_a_customer_are_counted_once_an_account():
    table = """
        1 2026-01-15 411000 411000 120 - -
        1 2026-01-15 411000 411000 -20 - -
        1 2026-01-15 411250 411250 30 - -
        1 2026-01-15 411250 MARTIN 40 - -
    """
    found = of("lines_without_customer", signs(table))
    assert [(problem.customer, str(problem.source)) for problem in found] == [
        ("411000", "2026.txt:2"),
        ("411250", "2026.txt:4"),
    ]
    assert "Lines of account 411000 that name no customer: 2, €100.00 in all" in said(found[0])


def test_invoices_without_a_number():
    items = [
        item("DUPONT", " ", "2026-02-14", 30, order=3),
        item("DUPONT", "", "2026-02-14", 12, order=4),
        item("DUPONT", "", "2026-02-14", 5, kind="refund"),
        item("MARTIN", "F1", "2026-02-14", 5),
    ]
    [problem] = of("invoices_without_piece", signs(items=items))
    assert said(problem).startswith("ledger.txt:5 DUPONT Open invoices of DUPONT without a number: 2, €42.00 in all")


ITEMS = [item("DUPONT", piece, "2026-02-14", 100, order=rank) for rank, piece in enumerate(["F001", "F002", ""])]


@pytest.mark.parametrize(
    ("number", "relation"),
    [
        (1, "bears the number of F001"),
        (2, "names in its label F001"),
        (3, "equals what is left of F001"),
    ],
)
def test_a_credit_that_was_never_lettered_is_proposed_with_its_invoice(number, relation):
    problems = signs(items=ITEMS, credits_=[credit("DUPONT", "2026-02-10", 100)], applied=[(0, 0, 100, number)])
    [problem] = of("credit_not_lettered", problems)
    assert f'ledger.txt:102 DUPONT The credit "Virement" of 10/02/2026 over €100.00 {relation}' in said(problem)
    assert of("lettering_doubt", problems) == []


def test_a_credit_that_equals_a_set_names_all_of_it():
    applied = [(0, 0, 100, 4), (0, 1, 100, 4), (0, 2, 100, 4)]
    [problem] = of(
        "credit_not_lettered", signs(items=ITEMS, credits_=[credit("DUPONT", "2026-02-10", 300)], applied=applied)
    )
    assert "over €300.00 equals what is left together of F001, F002, Vente" in said(problem)


def test_f8_a_credit_that_fits_nothing_is_a_doubt_once_a_customer():
    credits_ = [credit("DUPONT", "2026-02-10", 30), credit("DUPONT", "2026-02-12", 40)]
    problems = signs(items=ITEMS, credits_=credits_, applied=[(0, 0, 30, 5), (1, 0, 40, 5)])
    [problem] = of("lettering_doubt", problems)
    assert "€70.00 of unlettered credits of DUPONT fit no open invoice" in said(problem)
    assert "(F001)" in said(problem)
    assert of("credit_not_lettered", problems) == []


def test_an_account_in_credit():
    credits_ = [credit("DUPONT", "2026-02-10", 30), credit("MARTIN", "2026-02-12", 50)]
    items = [item("DUPONT", "F1", "2026-02-14", 30), item("MARTIN", "F2", "2026-02-14", 20)]
    [problem] = of("account_in_credit", signs(items=items, credits_=credits_))
    assert "The account of MARTIN is in credit by €30.00" in said(problem)


@pytest.mark.parametrize(("last_bank", "days"), [("2026-01-24", None), ("2026-01-23", 36), (None, None)])
def test_16_the_last_bank_entry_is_old(last_bank, days):
    found = of("bank_entries_old", signs(last_bank=last_bank))
    assert [f"{days} days before 28/02/2026" in said(problem) for problem in found] == ([True] if days else [])


@pytest.mark.parametrize(
    ("terms", "type_", "told"),
    [
        ("90 days", "professional", True),
        ("60 days", "professional", False),
        ("90 days", "unknown", True),
        ("90 days", "public", False),
        ("90 days", "consumer", False),
    ],
)
def test_e4_terms_above_the_legal_caps_between_professionals(terms, type_, told):
    known = [Customer("MARTIN", terms=terms, type=type_, source=Source("customers.csv", 3))]
    found = of("terms_above_cap", signs(known=known))
    assert [str(problem.source) for problem in found] == (["customers.csv:3"] if told else [])


def test_g3_customers_of_unknown_type_are_told_where_money_would_be_shown():
    items = [item(code, "F1", "2026-02-14", 30) for code in ("411000", "DUPONT", "INCONNU", "MARTIN")]
    known = [Customer("MARTIN", type="consumer"), Customer("INCONNU"), Customer("PAID")]
    [problem] = of("type_unknown", signs(items=items, known=known, levels_=levels()))
    assert "not known: 2 (DUPONT, INCONNU)" in said(problem)
    silent = levels(*[{"show_penalties": False}] * 4)
    assert of("type_unknown", signs(items=items, known=known, levels_=silent)) == []


def test_a_long_list_of_customers_is_cut():
    items = [item(f"C{rank:02}", "F1", "2026-02-14", 30) for rank in range(25)]
    [problem] = of("type_unknown", signs(items=items))
    assert "not known: 25 (" in said(problem)
    assert "C19, ...)" in said(problem)


def test_a_start_level_that_does_not_exist():
    known = [Customer("MARTIN", start_level=5), Customer("DUPONT", start_level=4)]
    [problem] = of("start_level_unknown", signs(known=known, levels_=levels()))
    assert "MARTIN starts at level 5 and there are 4" in said(problem)


def test_a_ledger_without_a_customer_is_not_called_perfect():
    [problem] = signs()
    assert (problem.code, problem.severity) == ("no_customer_lines", "warning")
    assert "[ledger] customer_accounts" in said(problem)


def test_c3_a_list_of_invoices_has_no_signs_of_lettering():
    table = "0 2026-01-10 411000 DUPONT 100.00 A -\n0 2026-01-20 411000 DUPONT -40.00 A -"
    applied = [(0, 0, "40.00", 3)]
    known = {"items": [item("DUPONT", "F001", "2026-02-01", 40)], "credits_": [credit("DUPONT", "2026-01-20", 90)]}
    codes = {"group_unbalanced", "credit_not_lettered", "account_in_credit"}
    assert codes <= {one.code for one in signs(table, applied=applied, **known)}
    assert not codes & {one.code for one in signs(table, applied=applied, accounting="cash", **known)}


@pytest.mark.parametrize(
    ("last_bank", "last", "words"),
    [
        ("2026-01-10", "2026-02-20", "no payment after 10/01/2026, 49 days"),
        (None, "2026-01-10", "newest invoice of the list is of 10/01/2026, 49 days"),
        ("2026-02-20", "2026-01-10", None),
        (None, "2026-02-20", None),
        (None, None, None),
    ],
)
def test_16_an_old_list_of_invoices_is_said(last_bank, last, words):
    found = of("list_old", signs(last_bank=last_bank, last=last, accounting="cash"))
    assert [words in said(one) for one in found] == ([True] if words else [])
