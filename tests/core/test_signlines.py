"""The signs of the diagnosis with their amounts and all their lines."""

from dunning_batch.core.allocation import allocate
from dunning_batch.core.diagnosis import diagnose
from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.settling import settle
from dunning_batch.core.signlines import amount_of, greatest_first, signs_of
from dunning_batch.errors import Problem, Source, msg
from tests.core.tables import DAY, ledger_of

TABLE = """
    jnl | date       | account | customer | piece | debit  | credit | let
    VE  | 2026-01-10 | 411000  | DUPONT   | F001  | 100.00 |        | A
    BQ  | 2026-01-20 | 411000  | DUPONT   | V001  |        | 60.00  | A
    VE  | 2026-01-10 | 411000  | MARTIN   | F002  | 500.00 |        | B
    BQ  | 2026-01-11 | 411000  | MARTIN   | V002  |        | 1.00   | B
    BQ  | 2026-01-20 | 411500  | MARTIN   | V003  |        | 400.00 | B
    VE  | 2026-01-21 | 411500  | MARTIN   | F003  | 1.00   |        | B
    BQ  | 2026-01-20 | 411000  | LEROY    | V004  |        | 25.00  |
    VE  | 2026-01-10 | 411000  | PETIT    | -     | 7.00   |        |
    VE  | 2026-01-11 | 411000  | PETIT    | -     | 8.00   |        |
    VE  | 2026-01-12 | 411000  | -        | F005  | 9.00   |        |
"""


def found():
    ledger = ledger_of(TABLE)
    settlement = settle(ledger, LedgerRules(), {}, "30 days")
    problems = diagnose(ledger, settlement, allocate(settlement), DAY("2026-02-01"), 35, {})
    return [
        (sign.problem.code, sign.problem.customer, sign.amount, [line.line for line in sign.lines])
        for sign in signs_of(problems, ledger, settlement)
    ]


def test_each_sign_has_its_amount_and_all_its_lines():
    signs = found()
    assert ("group_unbalanced", "DUPONT", 4000, [2, 3]) in signs
    assert ("group_unbalanced", "MARTIN", 49900, [4, 5]) in signs
    assert ("group_unbalanced", "MARTIN", 39900, [6, 7]) in signs
    assert ("code_on_two_accounts", "MARTIN", None, [4, 5, 6, 7]) in signs
    assert ("account_in_credit", "LEROY", 2500, [8]) in signs
    assert ("invoices_without_piece", "PETIT", 1500, [9, 10]) in signs
    assert ("lines_without_customer", "411000", 900, [11]) in signs


def test_what_concerns_the_whole_stands_first_then_the_greatest():
    amounts = [amount for _, _, amount, _ in found()]
    named = [amount for amount in amounts if amount is not None]
    assert amounts == [None] * (len(amounts) - len(named)) + sorted(named, reverse=True)


def test_an_amount_has_no_sign_and_a_sentence_may_name_none():
    assert amount_of(Problem("x", msg("{difference:money}", difference=-250))) == 250
    assert amount_of(Problem("x", msg("{amount:money} {difference:money}", amount=7, difference=9))) == 7
    assert amount_of(Problem("x", msg("{count} lines", count=3))) is None
    assert greatest_first(Problem("x", msg("none"))) < greatest_first(Problem("x", msg("{amount:money}", amount=10**14)))


def test_a_sign_without_lines_of_its_own_has_the_place_of_its_problem():
    ledger = ledger_of(TABLE)
    settlement = settle(ledger, LedgerRules(), {}, "30 days")
    problems = [Problem("bank_entries_old", msg("old")), Problem("opening_mismatch", msg("x"), source=Source("a.txt", 4)),
                Problem("zero_lines", msg("no sign"))]  # fmt: skip
    assert [sign.lines for sign in signs_of(problems, ledger, settlement)] == [(), (Source("a.txt", 4),)]
