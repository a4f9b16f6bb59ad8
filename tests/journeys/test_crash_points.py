"""Eight named points at which a worker is killed with SIGKILL, on each channel.

Nothing committed is lost. What arrives twice was accepted before the crash and not yet recorded,
and comes with the same id. At the end each protection is taken out once, and the test sees it.
"""

import os
import signal
import time as wall
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from smtplib import SMTP
from uuid import uuid4

import pytest
import urllib3
from django.db import connections, transaction

from cases.flows import chasing
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from surveillance.outbox import claims, delivery, queue, receipts, recording, sending
from surveillance.outbox.letter import Channel, Recipient
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.outbox.transports.in_app import InApp
from tests.cast import MONDAY, Cast, raise_cast
from tests.story import Story
from tests.surveillance.outbox.receivers import (
    HookServer,
    MailServer,
    an_endpoint,
    hook_server,
    mail_server,
)
from tests.surveillance.outbox.test_delivery import Trial

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
Work = Callable[[], object]


@dataclass
class World:
    """Real receivers, and one letter's recipient on each channel."""

    cast: Cast
    mails: MailServer
    hooks: HookServer
    recipients: dict[str, Recipient]

    def enqueue(self, channel: str, unique: str = "") -> None:
        letter = Trial("TD-2026-000001", (self.recipients[channel],), unique=unique)
        with transaction.atomic():
            queue.enqueue([letter], cause=None, at=MONDAY)

    def received(self, channel: str) -> Counter[str]:
        """How often each id has arrived."""
        if channel == Channel.EMAIL:
            return Counter(mail["Message-ID"][1:37] for mail in self.mails.mails)
        if channel == Channel.WEBHOOK:
            return Counter(hook.headers["webhook-id"] for hook in self.hooks.hooks)
        arrived = OutboxMessage.objects.filter(state="delivered")
        return Counter(str(key) for key in arrived.values_list("pk", flat=True))


@pytest.fixture
def world(settings, time, monkeypatch) -> Iterator[World]:
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    monkeypatch.setattr(receipts, "_receipts", {"trial": note_arrival})
    monkeypatch.setattr(queue, "start", lambda task, **arguments: True)
    cast = raise_cast(MONDAY)
    OutboxMessage.objects.all().delete()
    with ExitStack() as stack:
        mails, hooks = stack.enter_context(mail_server()), stack.enter_context(hook_server())
        settings.EMAIL_PORT = mails.port
        endpoint = an_endpoint(cast.harbour.organisation, hooks.url, SECRET)
        recipients = {
            Channel.EMAIL: Recipient(Channel.EMAIL, "reader@x.example"),
            Channel.WEBHOOK: Recipient(Channel.WEBHOOK, hooks.url, endpoint_id=endpoint.pk),
            Channel.IN_APP: Recipient(Channel.IN_APP, "user", user_id=cast.dot.pk),
        }
        yield World(cast, mails, hooks, recipients)


def note_arrival(about, at) -> None:
    """A receipt that can be counted."""
    AuditEntry(
        at=at,
        verb="trial.arrive",
        subject=about,
        context=[about],
        operation=uuid4(),
        actor="system",
    ).save()


def die(*args: object, **kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def started(work: Work) -> int:
    """A process of its own, with connections of its own; ends by SIGKILL where `work` has it, and
    without a goodbye in any case."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def in_another_process(work: Work) -> bool:
    """Was it killed?"""
    _child, status = os.waitpid(started(work), 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def recover(time) -> None:
    """What beat does once a claim has become stale."""
    time.move_to(MONDAY + claims.CLAIM_EXPIRES + timedelta(seconds=1))
    claims.recover_claims(time.now)
    delivery.deliver()


def deliver_and_die(
    monkeypatch, target: object, name: str, act: Callable[..., object] = die
) -> Work:
    def work() -> None:
        monkeypatch.setattr(target, name, act)
        delivery.deliver()

    return work


def half_a_request(*args: object, **kwargs: object) -> None:
    """The receiver has heard the beginning."""
    pool = args[0]
    assert isinstance(pool, urllib3.HTTPConnectionPool)
    caller = pool._get_conn()
    caller.connect()
    caller.sock.sendall(b"POST /hook HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    die()


def die_before_commit(monkeypatch) -> Work:
    tell = recording._tell

    def told_and_dead(*args: object) -> None:
        tell(*args)
        die()

    return deliver_and_die(monkeypatch, recording, "_tell", told_and_dead)


def during_send(monkeypatch) -> Work:
    """Each channel in the middle of its own protocol."""

    def work() -> None:
        monkeypatch.setattr(SMTP, "data", die)
        monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", half_a_request)
        monkeypatch.setattr(InApp, "send", die)
        delivery.deliver()

    return work


def after_acceptance(monkeypatch) -> Work:
    def record(results, at) -> None:
        if any(isinstance(one, sending.Try) for one in results):
            die()

    return deliver_and_die(monkeypatch, recording, "record", record)


@dataclass(frozen=True)
class Point:
    """Where the worker dies, and how often the receiver may have the letter at the end."""

    name: str
    dies: Callable[[pytest.MonkeyPatch], Work]
    accepted_before: bool = False


# Points 1, 2 and 8 have tests of their own below: there it is not the delivery that dies.
IN_DELIVERY = [
    Point("3 after claim, before send", lambda m: deliver_and_die(m, sending.Crew, "take")),
    Point("4 during send", during_send),
    Point("5 after the remote's acceptance, before record", after_acceptance, True),
    Point("6 during record", lambda m: deliver_and_die(m, recording, "copy_in"), True),
    Point("7 after record, before the commit of receipts", die_before_commit, True),
]


@pytest.mark.parametrize("channel", list(Channel))
def test_1_after_enqueue_before_commit(world, channel, time):
    """Nothing was committed: there is nothing to arrive, and nothing does."""

    def work() -> None:
        with transaction.atomic():
            world.enqueue(channel)
            die()

    assert in_another_process(work)
    recover(time)
    assert OutboxMessage.objects.count() == 0
    assert world.received(channel) == {}


@pytest.mark.parametrize("channel", list(Channel))
def test_2_after_commit_before_poke(world, channel, time, monkeypatch):
    def work() -> None:
        monkeypatch.setattr(queue, "start", die)
        world.enqueue(channel)

    assert in_another_process(work)
    recover(time)
    assert_arrived_once(world, channel)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("point", IN_DELIVERY, ids=lambda point: point.name)
def test_killed_while_delivering(world, channel, point, time, monkeypatch):
    world.enqueue(channel)
    assert in_another_process(point.dies(monkeypatch))
    assert OutboxMessage.objects.get().state == "queued"
    assert delivery.deliver() == 0, "the lane is claimed by the dead"
    recover(time)
    is_twice = point.accepted_before and channel != Channel.IN_APP
    assert_arrived_once(world, channel, times=2 if is_twice else 1)


@pytest.mark.parametrize("channel", list(Channel))
def test_8_a_stale_claim_is_recovered_while_the_first_worker_still_runs(
    world, channel, time, monkeypatch
):
    """The first worker was stopped for eleven minutes before it could send, and goes on."""
    go_on_reading, go_on = os.pipe()
    send_batch = sending.send_batch

    def late(batch, transport_of, told):
        os.read(go_on_reading, 1)
        batch.begun -= 660
        return send_batch(batch, transport_of, told)

    def work() -> None:
        monkeypatch.setattr(sending, "send_batch", late)
        delivery.deliver()

    world.enqueue(channel)
    child = started(work)
    while not Lane.objects.exclude(claim=None).exists():
        wall.sleep(0.02)
    recover(time)
    assert_arrived_once(world, channel)
    connections.close_all()
    os.write(go_on, b"x")
    os.waitpid(child, 0)
    assert_arrived_once(world, channel)
    os.close(go_on)
    os.close(go_on_reading)


def assert_arrived_once(world: World, channel: str, times: int = 1) -> None:
    """Delivered, with one receipt; `times`: as often as the receiver has it, under one id."""
    message = OutboxMessage.objects.get()
    assert message.state == "delivered"
    assert world.received(channel) == {str(message.pk): times}
    assert AuditEntry.objects.filter(verb="trial.arrive").count() == 1
    assert not Lane.objects.exists()


def deliver_shortly() -> None:
    delivery.deliver(seconds=0.5)


class TestWithAProtectionTakenOut:
    def test_without_the_outbox_a_letter_is_lost(self, world, time, monkeypatch):
        """As an ordinary queue does: off the list when it is taken."""
        claim = claims.claim

        def claim_and_forget(*given):
            batches = claim(*given)
            OutboxMessage.objects.update(state="delivered", delivered_at=MONDAY)
            return batches

        def work() -> None:
            monkeypatch.setattr(claims, "claim", claim_and_forget)
            monkeypatch.setattr(sending.Crew, "take", die)
            delivery.deliver()

        world.enqueue(Channel.EMAIL)
        assert in_another_process(work)
        recover(time)
        assert world.received(Channel.EMAIL) == {}

    @pytest.mark.parametrize("is_claimed", [True, False])
    def test_without_the_claim_two_workers_send_the_same(self, world, monkeypatch, is_claimed):
        world.mails.hangs_on, world.mails.hangs_for = "reader@x.example", 1.0
        if not is_claimed:
            for name in ("_WAITING", "_CLAIM_LANES"):
                text = getattr(claims, name).replace("claim IS NULL", "true")
                text = text.replace("known.claim IS NOT NULL", "false")
                monkeypatch.setattr(claims, name, text)
        world.enqueue(Channel.EMAIL)
        for child in [started(deliver_shortly), started(deliver_shortly)]:
            os.waitpid(child, 0)
        times = world.received(Channel.EMAIL).total()
        assert times == 1 if is_claimed else times > 1

    @pytest.mark.parametrize("is_unique", [True, False])
    def test_without_the_unique_key_two_sweeps_write_the_same(self, world, monkeypatch, is_unique):
        if not is_unique:
            monkeypatch.setattr(queue, "_unique_key", lambda letter, recipient: None)

        def work() -> None:
            world.enqueue(Channel.EMAIL, unique="missed:1")

        for child in [started(work), started(work)]:
            os.waitpid(child, 0)
        assert OutboxMessage.objects.count() == (1 if is_unique else 2)

    @pytest.mark.parametrize("looks", [True, False])
    def test_without_a_look_under_the_lock_two_sweeps_note_the_same(
        self, world, time, monkeypatch, looks
    ):
        """Both have read the item before either noted it."""
        takedown = Story(world.cast).issued_notice(listings=1)
        if not looks:
            monkeypatch.setattr(import_module("surveillance.flow.many"), "check", lambda *_: None)
        items = list(takedown.items.all())
        time.move_to(items[0].due_at)

        def work() -> None:
            chasing.note_missed_deadlines(items, by=SYSTEM, at=time.now)

        for child in [started(work), started(work)]:
            os.waitpid(child, 0)
        noted = AuditEntry.objects.filter(verb="item.note_missed_deadline")
        assert noted.count() == (1 if looks else 2)
        assert OutboxMessage.objects.filter(letter="deadline_missed", channel="email").count() == 1
