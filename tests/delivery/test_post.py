"""Many messages: pace, retries, reconnecting, stopping, several connections (faults 79, 80, 84 to 86, 95)."""

import threading
from collections import Counter

import pytest

from dunning_batch.delivery.message import build
from dunning_batch.delivery.pace import Clock
from dunning_batch.delivery.post import Post, Rules
from dunning_batch.delivery.smtp import Connection, Envelope
from dunning_batch.errors import OutputError, Problem, ServerError, msg
from tests.delivery.mails import content, heading
from tests.delivery.mailserver import MailServer
from tests.delivery.test_smtp import server_at


class Watch(Clock):
    """A clock on which waiting takes no time."""

    def __new__(cls):
        clock = object.__new__(cls)
        object.__setattr__(clock, "waited", [])
        return clock

    def __init__(self):
        super().__init__(seconds=lambda: sum(self.waited))

    def wait(self, seconds):
        if seconds > 0:
            self.waited.append(seconds)


class Book:
    """Records what is told, in order."""

    def __init__(self, count, fails_at=None):
        self.envelopes = [Envelope(f"id{n}", "compta@atelier-exemple.fr", (f"c{n}@x.fr",)) for n in range(count)]
        self.steps, self.fails_at = [], fails_at

    def data(self, envelope):
        return build(content(envelope.reminder, addresses=envelope.recipients), heading()).data

    def begin(self, envelope):
        if envelope.reminder == self.fails_at:
            raise OutputError(Problem("journal_unwritable", msg("The disk is full."), "error"))
        self.steps.append(("begin", envelope.reminder))

    def end(self, envelope, attempt, *, final):
        self.steps.append((attempt.result if final else "pending", envelope.reminder))

    @property
    def results(self):
        return {reminder: step for step, reminder in self.steps if step not in ("begin", "pending")}


def post(server, book, clock=None, **rules):
    given = {"per_minute": 6000, "retries": 3}
    return Post(lambda: Connection(server_at(server)), Rules(**given | rules), book, clock or Watch())


def deliver(server, book, clock=None, **rules):
    return post(server, book, clock, **rules).deliver(book.envelopes)


def test_messages_go_through_one_connection_each_recorded_before_and_after():
    book = Book(3)
    with MailServer() as server:
        assert deliver(server, book) is None
        assert (len(server.messages), server.connections) == (3, 1)
        assert server.verbs().count("QUIT") == 1
    assert book.steps == [(step, f"id{n}") for n in range(3) for step in ("begin", "delivered")]


def test_the_pace_is_kept():
    clock = Watch()
    with MailServer() as server:
        deliver(server, Book(4), clock, per_minute=20)
    assert [round(seconds, 3) for seconds in clock.waited] == [3.0, 3.0, 3.0]


@pytest.mark.parametrize("point", ["MAIL", "RCPT"])
def test_79_a_connection_dropped_between_messages_is_replaced(point):
    """What fault 79 asks."""
    book = Book(20)
    with MailServer(cut={point: 5}) as server:
        assert deliver(server, book) is None
        assert Counter(server.recipients) == Counter(f"c{n}@x.fr" for n in range(20))
        assert server.connections == 2
    assert set(book.results.values()) == {"delivered"}


def test_79_421_makes_a_new_connection():
    """What fault 79 asks."""
    book, clock = Book(20), Watch()
    replies = [None] * 4 + ["421 4.7.0 enough"]
    with MailServer(replies={"MAIL": replies}) as server:
        assert deliver(server, book, clock) is None
        assert Counter(server.recipients) == Counter(f"c{n}@x.fr" for n in range(20))
    assert max(clock.waited) < 1


def test_80_greylisting_others_go_on_and_it_is_tried_again_later():
    """What fault 80 asks."""
    tried = Counter()

    def reply(line):
        tried[line] += 1
        return "450 4.2.0 greylisted" if "c1@" in line and tried[line] < 3 else None

    book, clock = Book(3), Watch()
    with MailServer(replies={"RCPT": reply}) as server:
        assert deliver(server, book, clock) is None
        assert server.recipients == ["c0@x.fr", "c2@x.fr", "c1@x.fr"]
    assert [round(seconds) for seconds in clock.waited if seconds > 1] == [60, 120]
    assert book.steps.count(("begin", "id1")) == 1


def test_80_after_the_retries_it_has_failed():
    """What fault 80 asks."""
    book = Book(2)
    with MailServer(replies={"RCPT": lambda line: "450 4.2.0 no" if "c0@" in line else None}) as server:
        assert deliver(server, book, retries=2) is None
        assert sum("c0@" in line for line in server.log) == 3
    assert book.results == {"id0": "failed", "id1": "delivered"}


def test_a_refusal_for_good_is_not_tried_again_and_many_unknown_addresses_stop_nothing():
    book = Book(8)
    with MailServer(replies={"RCPT": "550 5.1.1 unknown"}) as server:
        assert deliver(server, book) is None
        assert server.verbs().count("RCPT") == 8
    assert set(book.results.values()) == {"refused"}


@pytest.mark.parametrize(
    "script",
    [{"replies": {"DOT": "554 5.6.0 no"}}, {"replies": {"RCPT": "554 5.7.1 relay denied"}}, {"silent": ("DATA",)}],
)
def test_85_five_in_a_row_stop_the_run(script):
    """What fault 85 asks."""
    book = Book(12)
    with MailServer(**script) as server:
        stopped = deliver(server, book)
        assert isinstance(stopped, ServerError)
        assert stopped.problems[0].code == "too_many_failures"
        assert server.messages == []
        assert server.verbs().count("MAIL") <= 10
    assert len(book.results) <= 4
    assert all(step != "begin" or ("pending", one) in book.steps or one in book.results for step, one in book.steps)


def test_84_a_quota_stops_cleanly_and_the_message_stays_to_be_sent():
    """What fault 84 asks."""
    book = Book(5)
    with MailServer(replies={"MAIL": [None, None, "550 5.4.5 daily limit"]}) as server:
        stopped = deliver(server, book)
        assert stopped.problems[0].code == "quota_reached"
        assert len(server.messages) == 2
    assert book.results == {"id0": "delivered", "id1": "delivered"}


def test_84_throttling_slows_down_and_loses_nothing():
    """What fault 84 asks."""
    book, clock = Book(3), Watch()
    with MailServer(replies={"MAIL": [None, "454 4.7.0 slow down"]}) as server:
        assert deliver(server, book, clock) is None
        assert sorted(server.recipients) == ["c0@x.fr", "c1@x.fr", "c2@x.fr"]
    assert sum(clock.waited) >= 60


def test_86_an_uncertain_message_is_not_sent_again_and_the_others_go_on():
    """What fault 86 asks."""
    book = Book(3)
    with MailServer(cut={"DOT": 2}) as server:
        assert deliver(server, book) is None
        assert Counter(server.recipients) == Counter(["c0@x.fr", "c1@x.fr", "c2@x.fr"])
    assert book.results == {"id0": "delivered", "id1": "uncertain", "id2": "delivered"}


def test_the_server_is_gone_for_good():
    book = Book(3)
    with MailServer() as server:
        server.script.on["AFTER"] = None
        sender = post(server, book)
        server.stop()
        server.script.cut["MAIL"] = 2
        stopped = sender.deliver(book.envelopes)
    assert stopped.problems[0].code == "server_unreachable"
    assert book.results == {"id0": "delivered"}


def test_nothing_is_sent_that_cannot_be_recorded():
    book = Book(3, fails_at="id1")
    with MailServer() as server:
        with pytest.raises(OutputError):
            deliver(server, book)
        assert server.recipients == ["c0@x.fr"]
        assert server.verbs().count("DATA") == 1


def test_95_an_interruption_ends_after_the_message_in_hand():
    """What fault 95 asks."""
    book, clock = Book(5), Clock()
    with MailServer(on={"DOT": clock.interrupted.set}) as server:
        assert deliver(server, book, clock) is None
        assert len(server.messages) == 1
    assert book.results == {"id0": "delivered"}


def test_several_connections_share_the_work_and_record_one_at_a_time():
    book, clock = Book(40), Clock()
    meeting = threading.Barrier(4, timeout=5)
    server = MailServer(on={"EHLO": lambda: None})
    with server:
        server.script.on["MAIL"] = lambda: meeting.wait() if server._seen["MAIL"] <= 4 else None
        assert deliver(server, book, clock, connections=4) is None
        assert Counter(server.recipients) == Counter(f"c{n}@x.fr" for n in range(40))
        assert server.connections == 4
    assert Counter(step for step, _ in book.steps) == {"begin": 40, "delivered": 40}


def test_a_defect_in_a_thread_is_not_lost():
    book = Book(4)
    book.data = lambda _envelope: 1 // 0
    with MailServer() as server, pytest.raises(ZeroDivisionError):
        deliver(server, book, connections=2)
