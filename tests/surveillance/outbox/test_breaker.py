"""The breaker: so many letters in an hour, and what is beyond waits for a person."""

from datetime import timedelta

import pytest

from surveillance.outbox import delivery, holding, queue
from surveillance.outbox.letter import Channel, Recipient
from surveillance.outbox.models import Held, Lane, OutboxMessage
from tests.surveillance.outbox.test_delivery import Trial, transport

__all__ = ["transport"]
STATE = OutboxMessage.State
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _ten_an_hour(settings):
    settings.LETTERS_AN_HOUR = 10


def write(time, number: int, name: str = "a") -> None:
    letters = [
        Trial(f"T-{place}", (Recipient(Channel.EMAIL, f"{name}{place % 4}@x.example"),))
        for place in range(number)
    ]
    queue.enqueue(letters, cause=None, at=time.now)


def mails(transport) -> list[OutboxMessage]:
    return [message for message in transport.sent if message.channel == Channel.EMAIL]


def notices() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(letter="letters_held_back"))


@pytest.mark.django_db
class TestTheBreaker:
    def test_what_is_beyond_the_limit_is_held(self, time, transport, cast):
        write(time, 25)
        delivery.deliver()
        assert len(mails(transport)) == 10
        assert holding.by_breaker().count() == 15
        assert not OutboxMessage.objects.undelivered().leaving().exists()
        assert not Lane.objects.exists()

    def test_staff_are_told_once_an_hour_in_the_application(self, time, transport, cast):
        write(time, 25)
        delivery.deliver()
        write(time, 5, "b")
        delivery.deliver()
        assert {notice.user_id for notice in notices()} == {cast.bo.pk, cast.ada.pk}
        assert {notice.channel for notice in notices()} == {"in_app"}

    def test_the_hour_slides(self, time, transport, cast):
        write(time, 10)
        delivery.deliver()
        time.pass_(HOUR - timedelta(minutes=1))
        write(time, 1, "b")
        delivery.deliver()
        assert holding.by_breaker().count() == 1
        time.pass_(timedelta(minutes=1))
        write(time, 10, "c")
        delivery.deliver()
        assert len(mails(transport)) == 20
        assert holding.by_breaker().count() == 1

    def test_what_is_released_goes_out_and_counts_for_nothing(self, time, transport, cast):
        write(time, 25)
        delivery.deliver()
        assert holding.release(holding.by_breaker(), time.now) == 15
        delivery.deliver()
        assert len(mails(transport)) == 25
        assert len({message.pk for message in mails(transport)}) == 25
        time.pass_(HOUR)
        write(time, 10, "b")
        delivery.deliver()
        assert len(mails(transport)) == 35

    def test_what_is_dropped_never_goes_out(self, time, transport, cast):
        write(time, 12)
        delivery.deliver()
        holding.discard(holding.by_breaker(), time.now)
        assert OutboxMessage.objects.filter(state=STATE.FAILED).count() == 2
        assert delivery.deliver() == 0
        assert len(mails(transport)) == 10

    def test_notices_in_the_application_are_neither_held_nor_counted(self, time, transport, cast):
        to = Recipient(Channel.IN_APP, f"user:{cast.bo.pk}", user_id=cast.bo.pk)
        queue.enqueue([Trial(f"N-{n}", (to,)) for n in range(30)], cause=None, at=time.now)
        delivery.deliver()
        write(time, 10)
        delivery.deliver()
        assert len(transport.sent) == 40
        assert not holding.held().exists()

    def test_zero_is_no_limit(self, time, transport, settings):
        settings.LETTERS_AN_HOUR = 0
        write(time, 40)
        delivery.deliver()
        assert len(mails(transport)) == 40

    def test_they_say_why_they_are_held(self, time, transport, cast):
        write(time, 13)
        delivery.deliver()
        assert [tuple(row) for row in holding.tally()] == [("trial", True, 3)]
        assert set(holding.held().values_list("held", flat=True)) == {Held.BREAKER}
