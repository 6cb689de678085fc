"""Rules B against a naive reading of them, on ledgers full of codes, accounts and entries that are nearly alike."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.tables import settled

line = st.fixed_dictionaries(
    {
        "num": st.sampled_from("123"),
        "account": st.sampled_from(["411000", "411500", "411900"]),
        "customer": st.sampled_from(["DUPONT", "LEROY", "MARTIN"]),
        "euros": st.sampled_from([-3, -2, -1, 1, 2, 3]),
        "let": st.sampled_from(["", "A", "B", "AA", "a"]),
    }
)


def table_of(lines):
    rows = [
        f"VE | {one['num']} | 2026-01-15 | {one['account']} | {one['customer']} | F{one['num']} | "
        f"{max(one['euros'], 0)} | {max(-one['euros'], 0)} | {one['let']}"
        for one in lines
    ]
    return "\n".join(["jnl | num | date | account | customer | piece | debit | credit | let", *rows])


def model(lines):
    """Customer -> open, unallocated, lettered elsewhere; in euros, as one reads B1 to B7 without dates or tolerance."""
    groups, entries = defaultdict(list), defaultdict(list)
    for one in lines:
        key = (one["customer"], one["account"], one["let"])
        (groups[key] if one["let"] else entries[one["customer"], one["num"]]).append(one["euros"])
    found = defaultdict(lambda: [0, 0, 0])
    for (customer, _, code), euros in groups.items():
        total = sum(euros)
        place = 1 if total < 0 else 0 if min(euros) < 0 or code.islower() else 2
        found[customer][place] += abs(total)
    for (customer, _), euros in entries.items():
        debits, credits = (sum(abs(one) for one in euros if (one > 0) == side) for side in (True, False))
        found[customer][0] += debits - min(debits, credits)
        found[customer][1] += credits - min(debits, credits)
    return {customer: tuple(sums) for customer, sums in found.items()}


@given(st.lists(line, min_size=1, max_size=24))
@settings(max_examples=80, deadline=None)
def test_every_account_is_what_a_naive_reading_gives(lines):
    result = settled(table_of(lines))
    balances = {one.code: (one.open, one.unallocated, one.lettered_elsewhere) for one in result.balances}
    assert balances == {code: tuple(100 * euros for euros in sums) for code, sums in model(lines).items()}
    for code, sums in balances.items():
        assert sum(item.open for item in result.items if item.customer == code) == sums[0]
        assert sum(credit.amount for credit in result.credits if credit.customer == code) == sums[1]


def test_b3_what_is_left_of_a_group_within_the_tolerance_is_settled():
    result = settled(
        """
        jnl | date       | customer | piece | debit  | credit | let | let_date
        VE  | 2026-01-15 | DUPONT   | F001  | 100.00 |        | A   | 2026-02-10
        BQ  | 2026-02-10 | DUPONT   | V001  |        | 99.95  | A   | 2026-02-10
        VE  | 2026-01-16 | DUPONT   | F002  | 50.00  |        | A   |
        BQ  | 2026-02-11 | DUPONT   | V002  |        | 49.95  | A   |
        """,
        tolerance=5,
    )
    [balance] = result.balances
    assert (balance.open, balance.settled_differences) == (0, 10)
