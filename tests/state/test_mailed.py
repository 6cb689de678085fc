"""What the journal knows of messages: waiting, leaving, arrived, uncertain (delivery model, 3 to 6; I2)."""

import pytest

from dunning_batch.state.journal import Event
from dunning_batch.state.memory import fold

RUN = "2026-11-24-01"
ITEM = {"key": "K", "piece": "F1", "open": 100, "asked": 100, "before": 0, "last": None, "level": 1}


def planned(*ids):
    reminders = [{"id": one, "customer": f"C{one}", "name": "Dupont", "channel": "email", "recipient": "a@x.fr",
                  "document": "", "items": [ITEM]} for one in ids]  # fmt: skip
    messages = {one: {"file": f"messages/{one}.eml", "sha256": "", "message_id": "", "recipients": []} for one in ids}
    return "planned", {"run": RUN, "as_of": "2026-11-24", "total": 0, "reminders": reminders, "folder_digest": "",
                       "digests": {}, "by": "email", "messages": messages}  # fmt: skip


def step(kind, identity, **more):
    return kind, {"run": RUN, "id": identity, **more}


def delivered(**results):
    return "delivered", {"run": RUN, "outcomes": [{"id": one, "result": result} for one, result in results.items()]}


def memory(*steps):
    return fold(Event(number, kind, body) for number, (kind, body) in enumerate(steps, 1))


def test_what_is_planned_waits():
    run = memory(planned("a", "b")).runs[RUN]
    assert (run.waiting, run.uncertain, run.by, run.placed) == (("a", "b"), (), "email", False)
    assert memory(planned("a"), ("placed", {"run": RUN})).runs[RUN].placed


def test_what_is_being_sent_is_uncertain_and_never_sent_again():
    found = memory(planned("a", "b"), step("sending", "a"))
    assert (found.runs[RUN].waiting, found.runs[RUN].uncertain, found.spent) == (("b",), ("a",), {"a"})


@pytest.mark.parametrize(
    ("result", "spent"), [("delivered", {"a"}), ("uncertain", {"a"}), ("refused", set()), ("failed", set())]
)
def test_an_outcome_ends_the_doubt(result, spent):
    found = memory(planned("a"), step("sending", "a"), step("sent", "a", result=result))
    run = found.runs[RUN]
    assert (run.waiting, run.sending, run.mailed["a"]["result"], found.spent) == ((), set(), result, spent)


def test_without_a_reply_it_is_uncertain_before_the_run_ends_and_until_a_person_says():
    unknown = (planned("a"), step("sending", "a"), step("sent", "a", result="uncertain"))
    assert memory(*unknown).runs[RUN].uncertain == ("a",)
    assert memory(*unknown, delivered(a="uncertain")).runs[RUN].uncertain == ("a",)
    assert memory(*unknown, delivered(a="uncertain"), delivered(a="delivered")).runs[RUN].uncertain == ()


def test_certainly_not_sent_and_still_to_be_waits_again():
    found = memory(planned("a"), step("sending", "a"), step("sent", "a", result="waiting"))
    assert (found.runs[RUN].waiting, found.runs[RUN].uncertain, found.spent) == (("a",), (), set())


def test_outcomes_may_come_one_after_the_other_and_the_past_keeps_all():
    found = memory(planned("a", "b", "c"), delivered(a="delivered", b="uncertain"))
    assert (found.runs[RUN].waiting, found.runs[RUN].uncertain) == (("c",), ("b",))
    found = memory(
        planned("a", "b", "c"), delivered(a="delivered", b="uncertain"), delivered(b="delivered", c="skipped")
    )
    run = found.runs[RUN]
    assert (run.waiting, run.uncertain, run.delivered_ids, found.spent) == ((), (), {"a", "b"}, {"a", "b"})
    assert [(row.customer, row.result) for row in found.past] == [
        ("Ca", "delivered"), ("Cb", "uncertain"), ("Cb", "delivered"), ("Cc", "skipped"),
    ]  # fmt: skip


def test_an_uncertain_one_that_is_given_up_may_be_sent_by_a_later_run():
    assert memory(planned("a"), delivered(a="uncertain"), delivered(a="skipped")).spent == set()


def test_an_uncertain_one_that_is_sent_again_is_in_doubt_again():
    found = memory(planned("a"), delivered(a="uncertain"), step("sending", "a"))
    assert found.runs[RUN].uncertain == ("a",)
    found = memory(planned("a"), delivered(a="uncertain"), step("sending", "a"), step("sent", "a", result="delivered"))
    assert (found.runs[RUN].uncertain, found.runs[RUN].mailed["a"]["result"]) == ((), "delivered")


def test_81_an_address_refused_for_good_is_remembered():
    """What fault 81 asks."""
    found = memory(planned("a"), step("sent", "a", result="refused", customer="Ca", unknown=["a@x.fr"]))
    assert found.unknown_addresses == {("Ca", "a@x.fr")}
