"""Floods: at most one digest for a person and hour on each channel, and nothing is lost (T22)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction

from surveillance.outbox import delivery, gathering, queue
from surveillance.outbox.document import Document, paragraph
from surveillance.outbox.gathering import FEW, LISTED, gather
from surveillance.outbox.letter import Channel, Letter, Pace, Recipient
from surveillance.outbox.models import OutboxMessage
from surveillance.web.health import health
from tests.surveillance.outbox.test_delivery import transport

__all__ = ["transport"]
STATE = OutboxMessage.State
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Chaser(Letter):
    NAME: ClassVar[str] = "chaser"
    PACE: ClassVar[Pace] = Pace.IN_HOURS

    def write(self) -> Document:
        return Document(title=f"{self.about} is late", blocks=(paragraph("Text."),))


def chase(number: int, to: Recipient, at: datetime, first: int = 0) -> None:
    letters = [
        Chaser(f"L-{place}", (to,), f"/l/{place}/", unique=f"L-{place}")
        for place in range(first, first + number)
    ]
    queue.enqueue(letters, cause=None, at=at)


def mail(name: str = "bo", language: str = "en", zone: str = "UTC") -> Recipient:
    return Recipient(Channel.EMAIL, f"{name}@x.example", language, time_zone=zone)


def sent(transport) -> Counter[str]:
    return Counter(message.letter for message in transport.sent)


@pytest.mark.django_db
class TestGathering:
    def test_a_few_go_as_they_are(self, time, transport):
        chase(FEW, mail(), time.now)
        delivery.deliver()
        assert sent(transport) == {"chaser": FEW}

    def test_more_become_one_digest_that_names_each_of_them(self, time, transport):
        chase(FEW + 9, mail(), time.now)
        delivery.deliver()
        assert sent(transport) == {"digest": 1}
        (digest,) = transport.sent
        assert digest.document["title"] == f"{FEW + 9} notices about deadlines"
        for number in range(FEW + 9):
            assert f"L-{number} is late" in str(digest.document)
            assert f"/l/{number}/" in str(digest.document)
        assert digest.gathered.filter(state=STATE.GATHERED).count() == FEW + 9

    def test_many_are_counted_and_the_list_is_linked(self, time, transport):
        chase(LISTED + 30, mail(), time.now)
        delivery.deliver()
        text = str(transport.sent[0].document)
        assert "30 more are not named one by one" in text
        assert transport.sent[0].link == "/notices/"
        assert text.count("is late") == LISTED

    def test_what_comes_after_the_digest_waits_for_the_next_hour(self, time, transport):
        chase(FEW + 1, mail(), time.now)
        delivery.deliver()
        chase(FEW + 1, mail(), time.now + MINUTE, first=100)
        for _minute in range(59):
            time.pass_(MINUTE)
            delivery.deliver()
        assert sent(transport) == {"digest": 1}
        time.pass_(MINUTE)
        delivery.deliver()
        assert sent(transport) == {"digest": 2}

    def test_one_by_one_they_are_few_until_they_are_not(self, time, transport):
        for number in range(FEW + 2):
            chase(1, mail(), time.now, first=number)
            delivery.deliver()
        assert sent(transport) == {"chaser": FEW, "digest": 1}  # the last waits for the hour

    def test_each_person_for_themselves(self, time, transport):
        chase(FEW + 1, mail("bo"), time.now)
        chase(FEW, mail("ana"), time.now, first=50)
        delivery.deliver()
        assert sent(transport) == {"digest": 1, "chaser": FEW}

    def test_in_the_readers_language_and_time(self, time, transport):
        chase(FEW + 1, mail(zone="Asia/Tokyo"), time.now)  # 17:00 there
        delivery.deliver()
        assert "5 p.m." in transport.sent[0].document["dated"]

    def test_programs_get_every_event(self, time, transport, cast, story):
        endpoint = story.endpoint()
        hook = Recipient(Channel.WEBHOOK, endpoint.url, endpoint_id=endpoint.pk)
        chase(FEW + 5, hook, time.now)
        delivery.deliver()
        assert sent(transport) == {"chaser": FEW + 5}

    def test_in_the_application_too_and_the_bell_counts_one(self, time, cast):
        to = Recipient(Channel.IN_APP, f"user:{cast.bo.pk}", user_id=cast.bo.pk)
        chase(FEW + 5, to, time.now)
        notices = OutboxMessage.objects.notices_for(cast.bo.pk)
        assert notices.count() == 0
        gather(time.now)
        assert [notice.letter for notice in notices] == ["digest"]

    def test_nobody_is_chased_in_the_night_nor_counted_as_waiting(self, time, transport):
        night = time.now.replace(hour=20)
        time.move_to(night)
        chase(FEW + 1, mail(), night)
        assert delivery.deliver() == 0
        assert health(time.now).undelivered == 0
        time.move_to(night + 12 * HOUR)
        delivery.deliver()
        assert sent(transport) == {"digest": 1}

    def test_a_letter_that_is_of_no_use_in_the_morning_goes_now(self, time, transport):
        night = time.now.replace(hour=20)
        time.move_to(night)
        letter = Chaser("L-1", (mail(),), useful_until=night + 4 * HOUR)
        queue.enqueue([letter], cause=None, at=night)
        delivery.deliver()
        assert sent(transport) == {"chaser": 1}

    def test_letters_that_nobody_gathers_turn_health_red(self, time):
        chase(2, mail(), time.now)
        assert health(time.now + HOUR).undelivered == 0
        assert health(time.now + 2 * HOUR).faults

    def test_statements_grow_with_the_people_not_with_the_letters(
        self, time, django_assert_max_num_queries
    ):
        chase(300, mail(), time.now)
        with django_assert_max_num_queries(14):
            gather(time.now)


@pytest.mark.django_db
def test_a_worker_that_dies_in_between_leaves_no_half_digest(time, transport, monkeypatch):
    """Marked and not yet written: all of it is undone, and the next one begins anew."""
    chase(FEW + 4, mail(), time.now)

    def die(*facts: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "_digest", die)
        with pytest.raises(SystemExit), transaction.atomic():
            gather(time.now)
    assert OutboxMessage.objects.to_gather(time.now).count() == FEW + 4
    delivery.deliver()
    assert sent(transport) == {"digest": 1}
    assert OutboxMessage.objects.get(letter="digest").gathered.count() == FEW + 4


@pytest.mark.django_db
def test_it_would_show_if_there_were_no_digests(time, transport, monkeypatch):
    monkeypatch.setattr(gathering, "FEW", 10_000)
    chase(FEW + 9, mail(), time.now)
    delivery.deliver()
    assert sent(transport) == {"chaser": FEW + 9}


def flood(items: int, people: int, time, transport, wave: int) -> None:
    """So many things fall due at once, noted in waves as the sweep finds them; the beat goes on
    until all have been told."""
    readers = [mail(f"p{number}") for number in range(people)]
    begun, noted = time.now, 0
    while noted < items or OutboxMessage.objects.undelivered().exists():
        for number, reader in enumerate(readers if noted < items else []):
            chase(wave // people, reader, time.now, first=number * items + noted)
        noted += wave if noted < items else 0
        delivery.deliver(an_hour=0)
        time.pass_(MINUTE)
        assert time.now - begun < timedelta(days=2)


def check_flood(items: int, people: int, transport) -> None:
    digests = Counter(
        (message.address, message.created_at.replace(minute=0))
        for message in transport.sent
        if message.letter == "digest"
    )
    assert set(digests.values()) == {1}
    assert max(Counter(message.address for message in transport.sent).values()) <= 4 * (FEW + 1)
    chasers = OutboxMessage.objects.filter(letter="chaser")
    alone = {message.pk for message in transport.sent if message.letter == "chaser"}
    assert chasers.count() == items
    assert chasers.filter(digest=None).exclude(pk__in=alone).count() == 0
    assert chasers.exclude(digest=None).filter(pk__in=alone).count() == 0
    told = sum(
        int(message.document["title"].split(" ")[0])
        for message in transport.sent
        if message.letter == "digest"
    )
    assert told + len(alone) == items


@pytest.mark.django_db
def test_two_thousand_due_at_once(time, transport):
    flood(2_000, 10, time, transport, wave=1_000)
    check_flood(2_000, 10, transport)


@pytest.mark.long
@pytest.mark.django_db
def test_a_hundred_thousand_due_at_once(time, transport):
    flood(100_000, 50, time, transport, wave=5_000)
    check_flood(100_000, 50, transport)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_outboxmessage WHERE state = 'queued'")
        assert cursor.fetchone() == (0,)
