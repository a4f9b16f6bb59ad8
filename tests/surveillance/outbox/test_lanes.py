"""One destination's trouble is its own: lanes, real receivers, and what is counted of them."""

import socket
import threading
import time as wall
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError

from surveillance.outbox import claims, delivery, queue, recording, sending
from surveillance.outbox.letter import Channel, Recipient
from surveillance.outbox.models import Attempt, Lane, OutboxMessage
from surveillance.outbox.transports.base import Exchange, Temporary, Unavailable
from surveillance.web.health import health
from tests.surveillance.outbox.receivers import (
    HookServer,
    an_endpoint,
    hook_server,
    mail_server,
)
from tests.surveillance.outbox.test_delivery import Trial, claim

STATE = OutboxMessage.State
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Post:
    """A transport that answers as its address says, and counts the tries."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()
        self.order: list[str] = []
        self.problems: dict[str, Exception] = {}
        self.lock = threading.Lock()

    def send(self, message, at) -> Exchange:
        with self.lock:
            self.tries[message.address] += 1
            self.order.append(message.about)
        if problem := self.problems.get(message.address) or self.problems.get(message.about):
            raise problem
        return Exchange()

    def close(self) -> None:
        """Nothing was opened."""


@pytest.fixture
def post(monkeypatch) -> Post:
    double = Post()
    monkeypatch.setattr(sending, "TRANSPORTS", dict.fromkeys(Channel, lambda: double))
    return double


def put(time, address: str, times: int = 1) -> None:
    """Letters to one address, a second apart, due."""
    for number in range(times):
        letter = Trial(f"L-{number}", (Recipient(Channel.EMAIL, address),))
        queue.enqueue([letter], cause=None, at=time.now - timedelta(seconds=times - number))


def states(address: str) -> Counter[str]:
    return Counter(OutboxMessage.objects.filter(address=address).values_list("state", flat=True))


@pytest.mark.django_db
class TestAFailingDestination:
    def test_waits_as_a_whole_and_burns_one_try(self, time, post):
        put(time, "dead@x.example", 50)
        post.problems["dead@x.example"] = Unavailable("no answer")
        delivery.deliver()
        assert post.tries == {"dead@x.example": 1}
        assert states("dead@x.example") == {STATE.QUEUED: 50}
        assert sum(OutboxMessage.objects.values_list("attempts", flat=True)) == 1
        lane = Lane.objects.get()
        assert timedelta(seconds=5) <= lane.not_before - time.now <= timedelta(seconds=6)
        assert (lane.failures, lane.failing_since, lane.claim) == (1, time.now, None)

    def test_is_asked_by_one_letter_then_gets_all_in_order(self, time, post):
        put(time, "dead@x.example", 20)
        post.problems["dead@x.example"] = Unavailable("no answer")
        for _round in range(3):
            delivery.deliver()
            time.move_to(Lane.objects.get().not_before)
        assert post.order == ["L-0"] * 3
        post.problems.clear()
        delivery.deliver()
        assert post.order[3:] == [f"L-{number}" for number in range(20)]
        assert not Lane.objects.exists(), "a destination that is well has no row"

    def test_holds_up_nobody_else(self, time, post):
        put(time, "dead@x.example", 300)
        put(time, "well@x.example", 30)
        post.problems["dead@x.example"] = Unavailable("no answer")
        delivery.deliver()
        assert states("well@x.example") == {STATE.DELIVERED: 30}
        assert post.tries["dead@x.example"] == 1

    def test_a_letter_that_is_not_taken_steps_aside(self, time, post):
        put(time, "fussy@x.example", 10)
        post.problems["L-3"] = Temporary("500 your letter breaks us")
        delivery.deliver()
        assert states("fussy@x.example") == {STATE.DELIVERED: 9, STATE.QUEUED: 1}

    def test_three_letters_in_a_row_are_the_destinations_fault(self, time, post):
        put(time, "broken@x.example", 10)
        post.problems["broken@x.example"] = Temporary("500")
        delivery.deliver()
        assert post.tries == {"broken@x.example": sending.CLOSES_AFTER}
        assert Lane.objects.get().not_before > time.now

    def test_once_one_is_given_up_those_behind_do_not_wait_as_long_again(self, time, post):
        put(time, "dead@x.example", 3)
        post.problems["dead@x.example"] = Unavailable("no answer")
        begun = time.now
        while OutboxMessage.objects.undelivered().exists():
            delivery.deliver()
            time.move_to(max(time.now, Lane.objects.get().not_before))
        assert 12 <= post.tries["dead@x.example"] <= 20
        assert time.now - begun < timedelta(hours=120)

    def test_is_not_counted_as_waiting_for_us(self, time, post):
        put(time, "dead@x.example", 5)
        post.problems["dead@x.example"] = Unavailable("no answer")
        time.pass_(timedelta(minutes=20))
        assert health(time.now).undelivered == 5
        delivery.deliver()
        assert (health(time.now).undelivered, health(time.now).oldest_undelivered_age) == (0, None)


@pytest.mark.django_db
class TestOurOwnMailServer:
    def test_when_it_is_away_no_letter_burns_a_try(self, time, post):
        for number in range(40):
            put(time, f"{number}@x.example")
        away = Unavailable("refused", everywhere=True)
        post.problems = {f"{number}@x.example": away for number in range(40)}
        delivery.deliver()
        assert set(OutboxMessage.objects.values_list("attempts", "state")) == {(0, STATE.QUEUED)}
        assert Lane.objects.get().key == "email"
        assert delivery.deliver() == 0

    def test_one_letter_goes_ahead_then_all(self, time, post):
        for number in range(40):
            put(time, f"{number}@x.example")
        Lane.objects.create(key="email", failures=2, not_before=time.now)
        assert len(claim(time.now, 8)) == 1
        time.pass_(timedelta(hours=1))
        claims.recover_claims(time.now)
        delivery.deliver()
        assert not OutboxMessage.objects.undelivered().exists()
        assert not Lane.objects.filter(key="email").exists()

    def test_it_is_counted_as_waiting_for_us(self, time, post):
        put(time, "a@x.example")
        post.problems["a@x.example"] = Unavailable("refused", everywhere=True)
        delivery.deliver()
        assert health(time.now).undelivered == 1


@pytest.mark.django_db
class TestMarksThatLagBehind:
    """What has left and has no mark yet leaves again after a death: it must stay little."""

    def test_no_further_letter_leaves_and_the_threads_come_to_an_end(self, time, post, monkeypatch):
        def broken(results, at):
            raise OperationalError("the database is away")

        monkeypatch.setattr(sending, "UNRECORDED", 3)
        monkeypatch.setattr(recording, "record", broken)
        put(time, "a@x.example", 40)
        with pytest.raises(OperationalError):
            delivery.deliver()
        assert post.order == ["L-0", "L-1", "L-2", "L-3"]

    def test_all_leave_where_marks_are_written(self, time, post, monkeypatch):
        monkeypatch.setattr(sending, "UNRECORDED", 3)
        for name in "abc":
            put(time, f"{name}@x.example", 10)
        assert delivery.deliver() == 30
        assert not OutboxMessage.objects.undelivered().exists()


@pytest.mark.django_db
class TestClaiming:
    def test_one_batch_to_a_destination_at_a_time(self, time, monkeypatch):
        monkeypatch.setattr(claims, "A_BATCH", 20)
        monkeypatch.setattr(claims, "AT_ONCE", 20)
        put(time, "a@x.example", 30)
        assert [len(batch.messages) for batch in claim(time.now, 8)] == [20]
        assert claim(time.now, 8) == []

    def test_few_destinations_give_more_letters_at_once(self, time, monkeypatch):
        monkeypatch.setattr(claims, "A_BATCH", 4)
        monkeypatch.setattr(claims, "AT_ONCE", 12)
        for lane, taken in (("a", [12]), ("bc", [6, 6]), ("defgh", [4] * 5)):
            for name in lane:
                put(time, f"{name}@x.example", 14)
            assert [len(batch.messages) for batch in claim(time.now, 8)] == taken

    def test_what_is_held_back_is_not_claimed_and_not_waiting_for_us(self, time, post):
        put(time, "a@x.example", 3)
        OutboxMessage.objects.filter(about="L-1").update(held="quiet_hours")
        assert health(time.now).undelivered == 2
        assert delivery.deliver() == 2
        OutboxMessage.objects.update(held="")
        assert delivery.deliver() == 1

    def test_letters_from_before_there_were_lanes_go_out(self, time, post):
        put(time, "a@x.example", 3)
        OutboxMessage.objects.update(lane="")
        assert delivery.deliver() == 3
        assert states("a@x.example") == {STATE.DELIVERED: 3}

    def test_a_letter_that_kills_its_worker_ends_and_frees_those_behind(self, time, post):
        put(time, "a@x.example", 20)
        for _crash in range(10):
            claim(time.now, 1)
            time.pass_(claims.CLAIM_EXPIRES + timedelta(seconds=1))
            claims.recover_claims(time.now)
        assert OutboxMessage.objects.get(about="L-0").state == STATE.FAILED
        delivery.deliver()
        assert states("a@x.example") == {STATE.FAILED: 1, STATE.DELIVERED: 19}

    def test_statements_do_not_grow_with_the_letters(
        self, time, post, django_assert_max_num_queries
    ):
        put(time, "a@x.example", 40)
        with django_assert_max_num_queries(20):
            delivery.deliver()


@contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """Takes connections and never says a word."""
    listening = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                kept.append(listening.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], kept
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for one in kept:
            one.close()
        thread.join(5)


@pytest.fixture
def short_timeouts(settings, monkeypatch):
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    settings.EMAIL_TIMEOUT = 2
    monkeypatch.setattr("surveillance.outbox.transports.dialling.TIMEOUT.total", 2)


def test_a_silent_and_a_dead_endpoint_beside_a_healthy_one(cast, time, short_timeouts):
    """While the silent one still makes its only caller wait, the healthy one has had everything."""
    with hook_server() as healthy, silent_server() as (silent_port, called):
        urls = {
            "healthy": healthy.url,
            "silent": f"http://127.0.0.1:{silent_port}/",
            "dead": "http://127.0.0.1:1/",
        }
        for name, url in urls.items():
            row = an_endpoint(cast.harbour.organisation, url, SECRET)
            to = Recipient(Channel.WEBHOOK, url, endpoint_id=row.pk)
            letters = [Trial(f"{name}-{number}", (to,)) for number in range(60)]
            queue.enqueue(letters, cause=None, at=time.now)
        delivery.deliver()
        assert len(healthy.hooks) == 60
        assert len(called) == 1
        assert states(urls["healthy"]) == {STATE.DELIVERED: 60}
        assert states(urls["silent"]) == states(urls["dead"]) == {STATE.QUEUED: 60}
        assert Lane.objects.count() == 2


def test_eight_endpoints_that_answer_only_when_a_ninth_has_had_everything(cast, time, settings):
    """Were the ninth to wait for them, they would wait for each other for ever."""
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    harbour = cast.harbour.organisation
    with hook_server() as ninth, hook_server() as slow:
        slow.waits_for = threading.Event()
        endpoints = [an_endpoint(harbour, slow.url, SECRET) for _number in range(8)]
        endpoints.append(an_endpoint(harbour, ninth.url, SECRET))
        for row in endpoints:
            to = Recipient(Channel.WEBHOOK, row.url, endpoint_id=row.pk)
            times = 60 if row.url == ninth.url else 1
            letters = [Trial(f"{row.pk}-{number}", (to,)) for number in range(times)]
            queue.enqueue(letters, cause=None, at=time.now)
        watch = threading.Thread(target=set_once_full, args=(ninth, slow.waits_for))
        watch.start()
        delivery.deliver()
        watch.join()
    assert (len(ninth.hooks), len(slow.hooks)) == (60, 8)
    assert not OutboxMessage.objects.filter(channel="webhook").undelivered().exists()
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"arrived"}


def set_once_full(server: HookServer, event: threading.Event) -> None:
    until = wall.monotonic() + 9
    while len(server.hooks) < 60 and wall.monotonic() < until:
        wall.sleep(0.02)
    if len(server.hooks) >= 60:
        event.set()


def test_a_recipient_that_hangs_in_the_mail_server_beside_healthy_ones(
    cast, time, settings, short_timeouts
):
    with mail_server() as mails:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
        mails.hangs_on = "slow@x.example"
        put(time, "slow@x.example", 5)
        for number in range(30):
            put(time, f"{number}@x.example")
        delivery.deliver()
        assert len(mails.mails) == 30
        assert mails.connections < 20, "connections are kept from one letter to the next"
    assert states("slow@x.example") == {STATE.QUEUED: 5}
    assert not Lane.objects.filter(key="email").exists()
