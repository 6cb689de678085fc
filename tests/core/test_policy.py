"""Rules F1 to F9 and F12."""

from dataclasses import replace

import pytest

from dunning_batch.core.customers import Customer
from dunning_batch.core.policy import History, channel_of, limited
from dunning_batch.core.policy.plans import histories_of, nothing_remembered
from tests.core.samples import DAY, credit, decision_of, item, letters, levels, plan_of, reasons

FULL = Customer("DUPONT", "Dupont", ("1 rue A",), "75001", "Paris", emails=("a@example.com",))
HOUSE = [
    item("DUPONT", "F001", "2026-02-14", 100),
    item("MARTIN", "F002", "2026-02-24", 200),
    item("DUPLEX", "F003", "2026-03-07", "9.99"),
]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({}, "F001 F002 F003"),
        ({"customers": ("dup*",)}, "F001 F003"),
        ({"customers": ("Mart?n", "DUPLEX")}, "F002 F003"),
        ({"exclude_customers": ("DUPONT",)}, "F002 F003"),
        ({"customers": ("DUP*",), "exclude_customers": ("*plex",)}, "F001"),
        ({"due_from": DAY("2026-02-24")}, "F002 F003"),
        ({"due_to": DAY("2026-02-24")}, "F001 F002"),
        ({"last_levels": (0,)}, "F001 F002 F003"),
        ({"last_levels": (1, 2)}, ""),
    ],
)
def test_f1_what_no_filter_passes_is_filtered(filters, kept):
    plan = plan_of(HOUSE, "2026-03-31", **filters)
    assert [piece for piece, reason in reasons(plan).items() if reason == "remind"] == kept.split()
    assert {reason for reason in reasons(plan).values() if reason != "remind"} <= {"filtered"}


def test_f1_a_customer_is_found_by_the_name_of_the_customers_file_else_of_the_ledger():
    customers = [Customer("DUPONT", name="Garage du Port")]
    assert reasons(plan_of(HOUSE, "2026-03-31", known=customers))["F001"] == "remind"
    plan = plan_of(HOUSE, "2026-03-31", known=customers, exclude_customers=("garage*", "martin"))
    assert reasons(plan) == {"F001": "filtered", "F002": "filtered", "F003": "remind"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"min_days_overdue": 35}, {"F001": "remind", "F002": "remind", "F003": "not_overdue"}),
        ({"min_days_overdue": 36}, {"F001": "remind", "F002": "not_overdue", "F003": "not_overdue"}),
        ({"min_amount": 999}, {"F001": "remind", "F002": "remind", "F003": "remind"}),
        ({"min_amount": 1000}, {"F001": "remind", "F002": "remind", "F003": "below_minimum"}),
    ],
)
def test_f1_equal_is_kept(filters, expected):
    assert reasons(plan_of(HOUSE, "2026-03-31", **filters)) == expected


def test_e5_due_today_is_not_overdue():
    assert reasons(plan_of(HOUSE[:1], "2026-02-14")) == {"F001": "not_overdue"}
    assert reasons(plan_of(HOUSE[:1], "2026-02-15")) == {"F001": "remind"}


@pytest.mark.parametrize(
    ("last_level", "last_reminded", "start", "level", "day"),
    [
        (0, None, 1, 1, "2026-02-15"),
        (1, "2026-02-15", 1, 2, "2026-03-02"),  # the gap, as due + 15 is the day before
        (1, "2026-02-10", 1, 2, "2026-03-01"),
        (2, None, 1, 3, "2026-03-16"),  # a level without a date counts from the due date only
        (0, None, 4, 4, "2026-03-31"),
        (1, None, 4, 2, "2026-03-01"),
        (0, "2026-02-15", 1, 1, "2026-02-15"),  # set back by hand
        (4, "2026-03-31", 1, None, None),
        (9, None, 1, None, None),
    ],
)
def test_f2_f3_the_next_level_and_its_day(last_level, last_reminded, start, level, day):
    history = History("K", last_level, DAY(last_reminded) if last_reminded else None)
    customers = [Customer("DUPONT", start_level=start)]
    plan = plan_of(HOUSE[:1], "2026-10-30", histories={0: history}, known=customers)
    decision = plan.decisions[0]
    assert (decision.next_level, decision.next_date) == (level, DAY(day) if day else None)
    assert (decision.reason == "last_level_reached") is (level is None)


@pytest.mark.parametrize(("as_of", "reason"), [("2026-03-01", "too_soon"), ("2026-03-02", "remind")])
def test_f3_the_day_itself_is_kept(as_of, reason):
    history = History("K", 1, DAY("2026-02-15"))
    assert reasons(plan_of(HOUSE[:1], as_of, histories={0: history})) == {"F001": reason}


def test_f2_the_last_level_is_repeated_only_when_asked():
    history = {0: History("K", 4, DAY("2026-03-31"))}
    plan = plan_of(HOUSE[:1], "2026-04-14", histories=history, known=[FULL], repeat_last_level=True)
    assert (plan.decisions[0].next_level, plan.decisions[0].next_date) == (4, DAY("2026-04-15"))
    plan = plan_of(HOUSE[:1], "2026-04-15", histories=history, known=[FULL], repeat_last_level=True)
    assert letters(plan) == [("DUPONT", 4, ["F001"])]


def test_f11_never_twice_on_one_day_whatever_gap_the_level_asks():
    rules = {"levels": levels({}, {"min_days_since_previous": 0})}
    history = {0: History("K", 1, DAY("2026-10-30"))}
    assert reasons(plan_of(HOUSE[:1], "2026-10-30", histories=history, **rules)) == {"F001": "too_soon"}
    assert reasons(plan_of(HOUSE[:1], "2026-10-31", histories=history, **rules)) == {"F001": "remind"}


@pytest.mark.parametrize(
    ("held", "until", "as_of", "reason"),
    [
        (True, None, "2026-12-31", "held"),
        (True, "2026-03-20", "2026-03-20", "held"),
        (True, "2026-03-20", "2026-03-21", "remind"),
        (False, "2026-03-20", "2026-03-20", "held"),
        (False, "2026-03-20", "2026-03-21", "remind"),
    ],
)
def test_f4_an_item_is_held_up_to_its_date_included(held, until, as_of, reason):
    history = History("K", held=held, held_until=DAY(until) if until else None)
    assert reasons(plan_of(HOUSE[:1], as_of, histories={0: history})) == {"F001": reason}


@pytest.mark.parametrize(
    ("change", "as_of", "reason"),
    [
        ({"remind": False}, "2026-03-31", "customer_held"),
        ({"remind": False, "held_until": DAY("2026-03-10")}, "2026-03-31", "customer_held"),
        ({"held_until": DAY("2026-03-10")}, "2026-03-10", "customer_held"),
        ({"held_until": DAY("2026-03-10")}, "2026-03-11", "remind"),
        ({"doubtful": True}, "2026-03-31", "customer_held"),
        ({"start_level": 5}, "2026-03-31", "customer_held"),
    ],
)
def test_f4_a_customer_is_held(change, as_of, reason):
    assert reasons(plan_of(HOUSE[:1], as_of, known=[replace(FULL, **change)])) == {"F001": reason}


@pytest.mark.parametrize(
    ("amount", "positive", "reason"),
    [("99.99", True, "remind"), (100, True, "balance_not_positive"), (150, False, "remind")],
)
def test_f5_a_balance_that_is_not_positive(amount, positive, reason):
    given = {"credits_": [credit("DUPONT", "2026-02-10", amount)], "unallocated_credits": "show"}
    assert reasons(plan_of(HOUSE[:1], "2026-03-31", positive_balance=positive, **given)) == {"F001": reason}


def test_f6_what_a_credit_covers_is_not_asked():
    credits_ = [credit("DUPONT", "2026-03-02", 30), credit("DUPONT", "2026-02-10", 20)]
    plan = plan_of(HOUSE[:1], "2026-03-31", credits_=credits_, applied=[(0, 0, 30, 1), (1, 0, 20, 5)])
    decision = plan.decisions[0]
    assert (decision.covered, decision.asked, decision.reason) == (5000, 5000, "remind")
    assert decision.coverings == ((DAY("2026-02-10"), 2000), (DAY("2026-03-02"), 3000))


@pytest.mark.parametrize("way", ["show", "ignore"])
def test_f7_nothing_is_deducted_under_show_and_ignore(way):
    credits_ = [credit("DUPONT", "2026-02-10", 30)]
    applied = [(0, 0, 30, 5)]
    rules = {"unallocated_credits": way, "on_lettering_doubt": "hold"}
    plan = plan_of(HOUSE[:1], "2026-03-31", credits_=credits_, applied=applied, **rules)
    assert (plan.decisions[0].covered, plan.decisions[0].asked, plan.decisions[0].reason) == (0, 10000, "remind")
    assert plan.shown_credits == ({"DUPONT": tuple(credits_)} if way == "show" else {})


@pytest.mark.parametrize(("number", "reason"), [(3, "remind"), (4, "remind"), (5, "lettering_doubt")])
def test_f8_a_customer_is_in_doubt_by_pass_5_only(number, reason):
    items = [*HOUSE[:1], item("DUPONT", "F009", "2026-02-20", 50)]
    given = {"credits_": [credit("DUPONT", "2026-02-10", 30)], "applied": [(0, 0, 30, number)]}
    plan = plan_of(items, "2026-03-31", on_lettering_doubt="hold", **given)
    assert reasons(plan) == {"F001": reason, "F009": reason}
    assert reasons(plan_of(items, "2026-03-31", **given)) == {"F001": "remind", "F009": "remind"}


def test_f9_one_letter_by_level_by_customer_or_by_invoice():
    items = [
        item("DUPONT", "F003", "2026-03-03", 40, order=2),
        item("DUPONT", "F002", "2026-03-02", 60, order=1),
        item("DUPONT", "F001", "2026-02-14", 100, order=0),
        item("ALBERT", "F010", "2026-02-14", 100, order=3),
    ]
    given = {"histories": {2: History("K2", 1, DAY("2026-02-15"))}}
    albert = ("ALBERT", 1, ["F010"])
    assert letters(plan_of(items, "2026-03-10", **given)) == [
        albert,
        ("DUPONT", 1, ["F002", "F003"]),
        ("DUPONT", 2, ["F001"]),
    ]
    plan = plan_of(items, "2026-03-10", grouping="customer", **given)
    assert letters(plan) == [albert, ("DUPONT", 2, ["F001", "F002", "F003"])]
    assert [decision.next_level for decision in plan.dunnings[1].decisions] == [2, 1, 1]
    assert letters(plan_of(items, "2026-03-10", grouping="invoice", **given)) == [
        albert,
        ("DUPONT", 1, ["F003"]),
        ("DUPONT", 1, ["F002"]),
        ("DUPONT", 2, ["F001"]),
    ]


@pytest.mark.parametrize(("second", "reason"), [("20.00", "remind"), ("19.99", "below_minimum")])
def test_f9_the_letters_minimum_is_compared_with_its_principal(second, reason):
    items = [item("DUPONT", "F001", "2026-02-14", 30), item("DUPONT", "F002", "2026-02-14", second)]
    plan = plan_of(items, "2026-02-28", levels=levels({"min_amount": 5000}))
    assert reasons(plan) == {"F001": reason, "F002": reason}


def test_f9_the_letters_minimum_is_compared_after_the_selection():
    items = [item("DUPONT", "F001", "2026-02-14", 30), item("DUPONT", "F002", "2026-02-14", 20)]
    plan = plan_of(items, "2026-02-28", levels=levels({"min_amount": 5000}), selection={"K0": 1})
    assert reasons(plan) == {"F001": "below_minimum", "F002": "not_selected"}


NO_TOWN = replace(FULL, town="")
NO_EMAIL = replace(FULL, emails=())
BY_POST = replace(FULL, channel="post")


@pytest.mark.parametrize(
    ("customer", "level", "by", "channel"),
    [
        (Customer("X"), {}, "any", "zip"),
        (Customer("X"), {}, "zip", "zip"),
        (FULL, {}, "zip", "zip"),
        (FULL, {"registered": True}, "any", "zip"),
        (NO_TOWN, {"registered": True}, "any", None),
        (NO_TOWN, {"registered": True}, "zip", None),
        (NO_TOWN, {"registered": True}, "auto", None),
        (FULL, {"channel": "email"}, "any", "email"),
        (NO_EMAIL, {"channel": "email"}, "any", None),
        (FULL, {"channel": "email"}, "zip", None),
        (FULL, {}, "email", "email"),
        (NO_EMAIL, {}, "email", None),
        (FULL, {"registered": True}, "email", None),
        (FULL, {"channel": "post"}, "email", None),
        (FULL, {}, "drafts", "drafts"),
        (NO_EMAIL, {}, "drafts", None),
        (FULL, {}, "auto", "email"),
        (NO_EMAIL, {}, "auto", "zip"),
        (BY_POST, {}, "auto", "zip"),
        (FULL, {"channel": "post"}, "auto", "zip"),
        (FULL, {"registered": True}, "auto", "zip"),
    ],
)
def test_f9_how_a_letter_reaches_its_customer(customer, level, by, channel):
    assert channel_of(customer, levels(level)[0], by) == channel


def test_f9_a_letter_that_cannot_be_sent_is_none_but_its_minimum_comes_first():
    rules = {"levels": levels({"registered": True, "min_amount": 15000})}
    assert reasons(plan_of(HOUSE[:2], "2026-03-31", **rules)) == {"F001": "below_minimum", "F002": "no_channel"}
    assert plan_of(HOUSE[:2], "2026-03-31", **rules).dunnings == ()


def test_f12_a_pseudo_customer_is_reminded_only_if_the_customers_file_knows_it():
    items = [item("411000", "F001", "2026-02-14", 100)]
    assert reasons(plan_of(items, "2026-03-31", nobodies=["411000"])) == {"F001": "no_customer"}
    plan = plan_of(items, "2026-03-31", nobodies=["411000"], known=[Customer("411000")])
    assert reasons(plan) == {"F001": "remind"}


def test_f12_the_first_reason_is_given():
    wrong = {
        "history": History("K0", 4, DAY("2026-03-31"), held=True, uncertain=True),
        "due": "2026-04-05",
        "covered": 100,
        "customer": replace(FULL, remind=False),
        "rules": {"exclude_customers": ("DUPONT",), "min_amount": 100000, "on_lettering_doubt": "hold"},
    }
    remedies = [
        ("filtered", "rules", {"min_amount": 100000, "on_lettering_doubt": "hold"}),
        ("customer_held", "customer", FULL),
        ("held", "history", History("K0", 4, DAY("2026-03-31"), uncertain=True)),
        ("delivery_uncertain", "history", History("K0", 4, DAY("2026-03-31"))),
        ("not_overdue", "due", "2026-02-05"),
        ("covered_by_credits", "covered", 40),
        ("below_minimum", "rules", {"on_lettering_doubt": "hold"}),
        ("lettering_doubt", "rules", {}),
        ("balance_not_positive", "rules", {"positive_balance": False}),
        ("last_level_reached", "history", History("K0", 3, DAY("2026-03-31"))),
        ("too_soon", "history", History("K0", 3, DAY("2026-03-10"))),
        ("remind", "", None),
    ]
    for reason, name, better in remedies:
        plan = plan_of(
            [item("DUPONT", "F001", wrong["due"], 100)],
            "2026-04-01",
            credits_=[credit("DUPONT", "2026-03-01", 100)],
            applied=[(0, 0, wrong["covered"], 5)],
            histories={0: wrong["history"]},
            known=[wrong["customer"]],
            **wrong["rules"],
        )
        assert reasons(plan) == {"F001": reason}
        wrong[name] = better


def test_a_ticked_plan_says_which_items_and_at_which_level():
    items = [*HOUSE[:1], item("DUPONT", "F009", "2026-02-20", 50)]
    plan = plan_of(items, "2026-03-31", selection={"K1": 3})
    assert reasons(plan) == {"F001": "not_selected", "F009": "remind"}
    assert letters(plan) == [("DUPONT", 3, ["F009"])]
    assert decision_of(plan, "F009").next_level == 3


def test_a_ticked_item_that_is_held_meanwhile_stays_held():
    history = {0: History("K0", held=True)}
    assert reasons(plan_of(HOUSE[:1], "2026-03-31", histories=history, selection={"K0": 1})) == {"F001": "held"}


def test_an_unticked_item_that_could_not_go_out_says_so():
    rules = {"levels": levels({"channel": "email"}), "selection": {}}
    assert reasons(plan_of(HOUSE[:1], "2026-03-31", **rules)) == {"F001": "no_channel"}


def test_a_limited_plan_keeps_its_first_letters():
    plan = limited(plan_of(HOUSE, "2026-03-31"), 2)
    assert letters(plan) == [("DUPLEX", 1, ["F003"]), ("DUPONT", 1, ["F001"])]
    assert reasons(plan) == {"F001": "remind", "F002": "not_selected", "F003": "remind"}
    assert limited(plan, 9) == plan


@pytest.mark.parametrize(("start", "reason"), [(4, "remind"), (5, "customer_held")])
def test_f4_a_start_level_that_does_not_exist_holds_the_customer(start, reason):
    plan = plan_of(HOUSE[:1], "2026-03-31", known=[replace(FULL, start_level=start)])
    assert reasons(plan) == {HOUSE[0].piece: reason}


def test_a_limit_of_all_letters_leaves_none_out():
    plan = plan_of(HOUSE, "2026-03-31")
    assert letters(limited(plan, len(plan.dunnings))) == letters(plan)
    assert letters(limited(plan, 0)) == []


def test_why_somebody_held_an_item_is_kept_by_item():
    held = histories_of([History("K0", reason="litige"), History("K1"), History("K2", reason="litige")])
    words = held.hold_reasons()
    assert [words.texts[code] for code in words.codes] == ["litige", "", "litige"]
    none = nothing_remembered(2, lambda: ["K0", "K1"]).hold_reasons()
    assert [none.texts[code] for code in none.codes] == ["", ""]
