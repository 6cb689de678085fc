"""What a letter holds: totals, indemnity once a piece, missing rates, ids, what a formal notice lacks (G2, G3, G5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dunning_batch.core.customers import Customer
from dunning_batch.core.penalties import PenaltyTerms, Rates
from dunning_batch.core.policy import History
from dunning_batch.core.reminders import compose, formal_notice_lacks, indemnity_bearers
from dunning_batch.errors import ConfigurationError
from tests.core.samples import DAY, credit, item, levels, plan_of, settlement

RATES = Rates(ecb={"2026-S1": Decimal("2.15"), "2026-S2": Decimal("2.40")}, legal={"2026-S2": Decimal("2.75")})
PRO = Customer("PRO", "Pro SA", ("1 rue A",), "75001", "Paris", type="professional")
SHOWN = {"levels": levels({"show_penalties": True})}


def composed(plan, known=(PRO,), *, rates=RATES, dossier="D", **terms):
    balances = settlement([decision.item for decision in plan.decisions]).balances
    customers = {customer.code: customer for customer in known}
    return compose(plan, balances, customers, "fr", PenaltyTerms(**terms), rates, dossier)


def euros(reminder):
    return (reminder.open, reminder.credits, reminder.penalties, reminder.indemnity, reminder.total)


def test_the_total_is_open_less_credits_plus_penalties_and_indemnity():
    items = [item("PRO", "F001", "2026-04-30", 1000), item("INC", "F010", "2026-04-30", 300)]
    credits_ = [credit("PRO", "2026-04-15", 200), credit("INC", "2026-04-20", 100)]
    applied = [(0, 0, 200, 1), (1, 1, 100, 5)]
    plan = plan_of(items, "2026-11-24", credits_=credits_, applied=applied, known=[PRO], **SHOWN)
    assert [euros(one) for one in composed(plan)] == [
        (30000, 10000, 0, 0, 20000),
        (100000, 20000, 5619, 4000, 89619),
    ]


def test_a_level_that_shows_no_penalties_adds_none_and_needs_no_rate():
    plan = plan_of([item("PRO", "F001", "2026-04-30", 1000)], "2031-11-24", known=[PRO])
    assert [euros(one) for one in composed(plan)] == [(100000, 0, 0, 0, 100000)]


def test_g2_every_missing_half_year_is_listed_with_its_key():
    items = [item("PRO", "F001", "2030-11-30", 500), item("PUB", "F002", "2026-04-30", 500)]
    known = [PRO, replace(PRO, code="PUB", type="public")]
    plan = plan_of(items, "2031-02-15", known=known, **SHOWN)
    with pytest.raises(ConfigurationError) as caught:
        composed(plan, known)
    said = [(dict(one.message.values)["half_year"], one.source.key) for one in caught.value.problems]
    assert said == [("2030-S2", "[penalties] ecb"), ("2031-S1", "[penalties] ecb")]


def test_g3_consumers_owe_legal_interest_from_the_formal_notice_on():
    consumer = replace(PRO, type="consumer")
    sent = History("K0", 4, DAY("2026-07-31"), previous=((1, DAY("2026-05-31")), (4, DAY("2026-07-31"))))
    given = {"known": [consumer], "histories": {0: sent}, "repeat_last_level": True}
    debt = [item("PRO", "F001", "2026-04-30", 1000)]
    [reminder] = composed(plan_of(debt, "2026-11-24", **given), [consumer], consumer="legal")
    assert [(str(one.first), one.days) for one in reminder.items[0].segments] == [("2026-08-01", 116)]
    assert reminder.indemnity == 0
    fresh = given | {"histories": {0: History("K0", 3, DAY("2026-07-31"))}}
    [notice] = composed(plan_of(debt, "2026-11-24", **fresh), [consumer], consumer="legal")
    assert (notice.level.registered, notice.penalties) == (True, 0)


def test_g3_one_indemnity_a_piece_on_one_letter():
    items = [
        item("PRO", "F9", "2026-04-30", 300, order=0),
        item("PRO", "F9", "2026-05-31", 300, order=1),
        item("PRO", "F10", "2026-05-31", 300, order=2),
        item("PRO", "", "2026-05-31", 300, order=3),
        item("PRO", "", "2026-05-31", 300, order=4),
        item("PRO", "R1", "2026-05-31", 300, kind="refund", order=5),
    ]
    [reminder] = composed(plan_of(items, "2026-11-24", known=[PRO], **SHOWN))
    assert [line.indemnity for line in reminder.items] == [4000, 0, 4000, 4000, 4000, 0]
    assert reminder.indemnity == 16000


@pytest.mark.parametrize("grouping", ["invoice", "level"])
def test_g3_the_first_overdue_instalment_bears_it_on_whatever_letter_it_stands(grouping):
    items = [item("PRO", "F9", "2026-05-31", 300, order=0), item("PRO", "F9", "2026-04-30", 300, order=1)]
    histories = {1: History("K1", 1, DAY("2026-11-01"))} if grouping == "level" else {}
    rules = {"levels": levels({"show_penalties": True}, {"show_penalties": True}), "grouping": grouping}
    plan = plan_of(items, "2026-11-24", known=[PRO], histories=histories, **rules)
    by_due = {str(one.items[0].decision.item.due): one.indemnity for one in composed(plan)}
    assert by_due == {"2026-04-30": 4000, "2026-05-31": 0}


def test_g3_an_instalment_that_is_covered_or_not_yet_due_bears_none():
    items = [item("PRO", "F9", "2026-04-30", 300, order=0), item("PRO", "F9", "2026-05-31", 300, order=1)]
    given = {"credits_": [credit("PRO", "2026-05-02", 300)], "applied": [(0, 0, 300, 1)]}
    assert indemnity_bearers(plan_of(items, "2026-11-24", **given).decisions) == {"K1"}
    assert indemnity_bearers(plan_of(items, "2026-05-31").decisions) == {"K0"}
    assert indemnity_bearers(plan_of(items, "2026-04-30").decisions) == frozenset()


def test_names_language_deadline_and_what_is_shown():
    items = [item("PRO", "F001", "2026-04-30", 100), item("INC", "F002", "2026-04-30", 100)]
    given = {"credits_": [credit("PRO", "2026-05-02", 30)], "unallocated_credits": "show"}
    plan = plan_of(items, "2026-11-24", known=[replace(PRO, language="en")], **given)
    inc, pro = composed(plan, [replace(PRO, language="en")])
    assert (inc.name, inc.language, inc.customer.type) == ("Inc", "fr", "unknown")
    assert (pro.name, pro.language, str(pro.deadline)) == ("Pro SA", "en", "2026-12-02")
    assert [one.amount for one in pro.shown_credits] == [3000]
    assert pro.credits == 0
    assert pro.total == 10000


def test_previous_reminders_are_listed_once_oldest_first():
    dated = [(1, DAY("2026-05-15")), (2, DAY("2026-06-15"))]
    histories = {
        0: History("K0", 2, dated[1][1], previous=tuple(dated)),
        1: History("K1", 2, dated[1][1], previous=(dated[1],)),
        2: History("K2", 2, DAY("2026-06-01")),  # from a legacy list
    }
    items = [item("PRO", f"F{rank}", "2026-04-30", 100) for rank in range(3)]
    [reminder] = composed(plan_of(items, "2026-11-24", known=[PRO], histories=histories))
    assert reminder.previous_reminders == (dated[0], (2, DAY("2026-06-01")), dated[1])


def ids(as_of="2026-11-24", *, dossier="D", histories=None, rows=None, **rules):
    plan = plan_of(rows or [item("PRO", "F001", "2026-04-30", 100)], as_of, known=[PRO], histories=histories, **rules)
    return [one.id for one in composed(plan, dossier=dossier)]


def test_an_id_tells_letters_apart_and_knows_the_same_one_again():
    [first] = ids()
    assert len(first) == 32
    assert ids("2026-11-25") == [first]
    others = [
        *ids(dossier="E"),
        *ids(histories={0: History("K9")}),
        *ids(histories={0: History("K0", 1, DAY("2026-05-15"))}),
        *ids(rows=[item("PRO", "F001", "2026-04-30", 100), item("PRO", "F002", "2026-04-30", 100)]),
    ]
    again = [
        *ids(histories={0: History("K0", 4, DAY("2026-05-15"))}, repeat_last_level=True),
        *ids(histories={0: History("K0", 4, DAY("2026-06-15"))}, repeat_last_level=True),
    ]
    assert len({first, *others, *again}) == 7


def test_g5_what_a_formal_notice_lacks():
    rules = {"levels": levels({"registered": True})}
    [whole] = composed(plan_of([item("PRO", "F001", "2026-04-30", 100)], "2026-11-24", known=[PRO], **rules))
    creditor = ("Atelier", ("1 rue B", "69003 LYON"), "FR76")
    assert formal_notice_lacks(whole, *creditor) == ()
    lacks = [one.text for one in formal_notice_lacks(whole, "", (" ",), "")]
    assert lacks == ["the creditor's name", "the creditor's address", "the means of payment (an IBAN)"]
    bare = replace(whole, customer=Customer("PRO"), name="", deadline=whole.as_of)
    lacks = [one.text for one in formal_notice_lacks(bare, *creditor)]
    assert lacks == ["the customer's name", "the customer's address", "a deadline after the day of the letter"]
    [unnumbered] = composed(plan_of([item("PRO", " ", "2026-04-30", 100)], "2026-11-24", known=[PRO], **rules))
    [lack] = formal_notice_lacks(unnumbered, *creditor)
    assert dict(lack.values) == {"issued": DAY("2026-04-30"), "amount": 10000}
