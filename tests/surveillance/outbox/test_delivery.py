"""Claim, send, record; try again later; give up; recover what a dead worker had claimed."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from typing import ClassVar

import pytest
from django.db import connection
from django.utils import translation

from surveillance.outbox import claims, delivery, queue, receipts, recording, sending, tasks
from surveillance.outbox.document import Document, paragraph
from surveillance.outbox.letter import Channel, Letter, Recipient
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.outbox.transports.base import Exchange, Permanent, Temporary, Unavailable
from tests.servers import redis_client

STATE = OutboxMessage.State


@dataclass(frozen=True)
class Trial(Letter):
    NAME: ClassVar[str] = "trial"

    def write(self) -> Document:
        return Document(title=f"In {translation.get_language()}", blocks=(paragraph("Text."),))


class Double:
    """A transport that does as it is told and keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[OutboxMessage] = []
        self.problem: Exception | None = None

    def send(self, message: OutboxMessage, at: datetime) -> Exchange:
        if self.problem:
            raise self.problem
        self.sent.append(message)
        return Exchange()

    def close(self) -> None:
        """Nothing was opened."""


@pytest.fixture
def transport(monkeypatch):
    double = Double()
    monkeypatch.setattr(sending, "TRANSPORTS", dict.fromkeys(Channel, lambda: double))
    return double


def claim(at: datetime, lanes: int = 10) -> list[claims.Batch]:
    return claims.claim(at, claims.waiting(at), dict.fromkeys(Channel, lanes))


def a_letter(*addresses: str, **facts) -> Trial:
    return Trial(
        about="TD-2026-000001",
        recipients=tuple(Recipient(Channel.EMAIL, address) for address in addresses),
        **facts,
    )


def queued(time, *addresses: str, **facts) -> list[OutboxMessage]:
    queue.enqueue([a_letter(*addresses or ["a@x.example"], **facts)], cause=None, at=time.now)
    return list(OutboxMessage.objects.order_by("created_at", "address"))


@pytest.mark.django_db
class TestQueue:
    def test_one_message_for_each_recipient_once(self, time):
        assert len(queued(time, "a@x.example", "b@x.example", "a@x.example")) == 2

    def test_written_in_the_recipients_language(self, time):
        letter = Trial(
            about="x",
            recipients=(
                Recipient(Channel.EMAIL, "a@x.example", "ja"),
                Recipient(Channel.EMAIL, "b@x.example", "zh-hant"),
            ),
        )
        with translation.override("en"):
            queue.enqueue([letter], cause=None, at=time.now)
        titles = {m.address: m.document["title"] for m in OutboxMessage.objects.all()}
        assert titles == {"a@x.example": "In ja", "b@x.example": "In zh-hant"}

    def test_a_unique_letter_is_queued_once_however_often_asked_for(self, time):
        for _ in range(3):
            queue.enqueue([a_letter("a@x.example", unique="miss:1")], cause=None, at=time.now)
        queue.enqueue([a_letter("a@x.example", unique="miss:2")], cause=None, at=time.now)
        assert OutboxMessage.objects.count() == 2

    def test_pokes_the_worker_once_a_transaction(self, time, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            for number in range(5):
                queue.enqueue([a_letter(f"{number}@x.example")], cause=None, at=time.now)
        assert callbacks == [queue.poke]

    def test_a_broker_that_is_away_loses_nothing(self, time, monkeypatch):
        def away(*args, **kwargs):
            raise queue.OperationalError("no broker")

        monkeypatch.setattr(queue.app, "send_task", away)
        queue.poke()
        assert queued(time)[0].state == STATE.QUEUED


@pytest.mark.django_db
class TestDelivery:
    def test_sends_what_is_due_and_records_it(self, time, transport):
        queued(time, "a@x.example", "b@x.example")
        assert delivery.deliver() == 2
        assert Counter(m.address for m in transport.sent) == {"a@x.example": 1, "b@x.example": 1}
        for message in OutboxMessage.objects.all():
            assert (message.state, message.delivered_at) == (STATE.DELIVERED, time.now)
        assert delivery.deliver() == 0

    def test_what_is_not_due_waits(self, time, transport):
        (message,) = queued(time)
        OutboxMessage.objects.update(next_attempt_at=time.now + timedelta(seconds=1))
        assert delivery.deliver() == 0
        time.pass_(timedelta(seconds=1))
        assert delivery.deliver() == 1

    def test_a_temporary_problem_is_tried_again_with_the_same_id(self, time, transport):
        (message,) = queued(time)
        transport.problem = Temporary("451 try later")
        delivery.deliver()
        message.refresh_from_db()
        assert (message.state, message.attempts) == (STATE.QUEUED, 1)
        assert message.last_error == "451 try later"
        wait = message.next_attempt_at - time.now
        assert timedelta(seconds=5) <= wait <= timedelta(seconds=6)
        transport.problem = None
        time.pass_(wait)
        delivery.deliver()
        assert [m.pk for m in transport.sent] == [message.pk]

    def test_ten_tries_over_about_75_hours_then_failed(self, time, transport):
        (message,) = queued(time)
        begin = time.now
        transport.problem = Temporary("away")
        for _ in range(10):
            delivery.deliver()
            message.refresh_from_db()
            time.move_to(max(time.now, message.next_attempt_at))
        assert (message.state, message.attempts) == (STATE.FAILED, 10)
        assert timedelta(hours=75) <= message.failed_at - begin <= timedelta(hours=91)
        assert delivery.deliver() == 0

    def test_the_receivers_own_wait_is_honoured(self, time, transport):
        (message,) = queued(time)
        transport.problem = Unavailable("429", retry_after=3600)
        delivery.deliver()
        assert Lane.objects.get().not_before == time.now + timedelta(hours=1)
        transport.problem = None
        time.pass_(timedelta(minutes=59))
        assert delivery.deliver() == 0
        time.pass_(timedelta(minutes=1))
        assert delivery.deliver() == 1

    def test_a_permanent_problem_is_not_tried_again(self, time, transport):
        (message,) = queued(time)
        transport.problem = Permanent("550 no such user")
        delivery.deliver()
        message.refresh_from_db()
        assert (message.state, message.last_error) == (STATE.FAILED, "550 no such user")

    def test_a_fault_of_ours_holds_up_nobody_else(self, time, transport, monkeypatch):
        queued(time, "a@x.example", "b@x.example")

        def faulty(message, at):
            if message.address == "a@x.example":
                raise ZeroDivisionError("a fault")
            return Exchange()

        monkeypatch.setattr(transport, "send", faulty)
        delivery.deliver()
        states = dict(OutboxMessage.objects.values_list("address", "state"))
        assert states == {"a@x.example": STATE.QUEUED, "b@x.example": STATE.DELIVERED}

    def test_an_arrival_is_told_to_who_asked(self, time, transport, monkeypatch):
        told = []
        monkeypatch.setattr(receipts, "_receipts", {})
        receipts.register("trial", lambda about, at: told.append((about, at)))
        queued(time)
        delivery.deliver()
        assert told == [("TD-2026-000001", time.now)]

    def test_a_turn_that_is_up_asks_for_another(self, time, transport, monkeypatch):
        """Else letters without end would keep the sweeps from every worker."""
        asked: list[str] = []
        monkeypatch.setattr(queue, "start", lambda task: asked.append(task))
        queued(time)
        asked.clear()
        assert tasks.deliver() == 1
        assert asked == []
        monkeypatch.setattr(tasks, "TURN", 0.0)
        tasks.deliver()
        assert asked == ["outbox.deliver"]

    def test_a_sweep_overtakes_those_who_ask_for_a_delivery(self):
        with redis_client() as client:
            try:
                queue.poke()
                queue.start("outbox.canary")
                (first,) = client.lrange("celery", 0, -1)
            finally:
                client.flushdb()
        assert json.loads(first)["headers"]["task"] == "outbox.canary"


@pytest.mark.django_db
class TestClaims:
    def test_a_claim_is_ours_alone(self, time):
        queued(time, "a@x.example", "b@x.example")
        assert len(claim(time.now, lanes=1)) == 1
        assert len(claim(time.now)) == 1
        assert claim(time.now) == []

    def test_a_stale_claim_goes_back_with_the_same_id(self, time, transport):
        (message,) = queued(time)
        claim(time.now)
        time.pass_(claims.CLAIM_EXPIRES)
        assert claims.recover_claims(time.now) == 0
        time.pass_(timedelta(seconds=1))
        assert claims.recover_claims(time.now) == 1
        delivery.deliver()
        assert [m.pk for m in transport.sent] == [message.pk]

    def test_who_lost_a_claim_records_nothing(self, time, transport):
        queued(time)
        (slow,) = claim(time.now)
        time.pass_(claims.CLAIM_EXPIRES + timedelta(seconds=1))
        claims.recover_claims(time.now)
        delivery.deliver()
        transport.problem = Permanent("too late to say")
        results: list[sending.Result] = []
        results.append(sending.send_batch(slow, lambda channel: transport, results.append))
        recording.record(results, time.now)
        (message,) = slow.messages
        message.refresh_from_db()
        assert message.state == STATE.DELIVERED
        assert [one.outcome for one in message.tries.order_by("id")] == ["arrived", "refused"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(time, transport, monkeypatch):
    """While a letter is with the transport, no session of the database has a transaction open."""
    seen: list[int] = []
    statement = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
    )

    def send(message, at):
        sleep(0.3)  # until whoever claimed has nothing left to do
        with connection.cursor() as cursor:
            cursor.execute(statement)
            seen.append(cursor.fetchone()[0])
        connection.close()  # this thread has one of its own
        return Exchange()

    monkeypatch.setattr(transport, "send", send)
    queued(time)
    assert delivery.deliver() == 1
    assert seen == [0]
