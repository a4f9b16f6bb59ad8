"""Redis loses its memory, or its connections, while letters flow. It is only ever asked to say
"look now"; the rows are the memory. Everything arrives, and arrives once.

    ./check tests/journeys/test_redis_lost.py -m long -n0 -s
"""

import logging
import random
import time as wall
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from surveillance import clock
from surveillance.outbox import queue
from surveillance.outbox.letter import Channel, Recipient
from surveillance.outbox.models import Canary, OutboxMessage
from tests.cast import MONDAY, raise_cast
from tests.journeys.callers import Accepted, Busy, Post
from tests.journeys.workers import Running, beat, wait_until, worker
from tests.servers import redis_client
from tests.surveillance.outbox.receivers import (
    HookServer,
    MailServer,
    an_endpoint,
    hook_server,
    mail_server,
)
from tests.surveillance.outbox.test_delivery import Trial

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.django_db(transaction=True)]
APP = "tests.journeys.hasty"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PENDING, FLUSHES, RESETS = 10_000, 10, 100
ADDRESSES = 500


@dataclass
class World:
    mails: MailServer
    hooks: HookServer
    endpoints: dict[int, str]
    user_id: int
    env: dict[str, str]

    def arrived(self) -> Counter[str]:
        """How often each id has arrived outside."""
        mails = Counter(mail["Message-ID"][1:37] for mail in self.mails.mails)
        return mails + Counter(hook.headers["webhook-id"] for hook in self.hooks.hooks)


@pytest.fixture
def world(transactional_db, caplog) -> Iterator[World]:
    clock.set_source(None)
    caplog.set_level(logging.WARNING, "mail.log")  # the receiver's, of every command
    cast = raise_cast(MONDAY)
    OutboxMessage.objects.all().delete()
    with mail_server() as mails, hook_server() as hooks:
        organisations = (cast.harbour.organisation, cast.bazaar.organisation)
        ends = [an_endpoint(one, hooks.url, SECRET) for one in organisations]
        env = {
            "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
            "WEBHOOKS_MAY_CALL_PRIVATE": "1",
            "LETTERS_AN_HOUR": "0",
            "LOG_LEVEL": "WARNING",
        }
        yield World(mails, hooks, {end.pk: end.url for end in ends}, cast.dot.pk, env)


@contextmanager
def at_work(world: World, folder: Path) -> Iterator[list[Running]]:
    """Two workers and a beat, who are all alive at the end."""
    with ExitStack() as stack:
        members = [
            stack.enter_context(worker(folder / f"worker-{n}.log", APP, **world.env))
            for n in (1, 2)
        ]
        members.append(stack.enter_context(beat(folder / "beat.log", APP, **world.env)))
        yield members
        assert [one.process.poll() for one in members] == [None, None, None]


def enqueue_pending(world: World) -> None:
    """Seven of ten by mail to many, two by webhook, one in the application."""
    (first, one), (second, other) = world.endpoints.items()
    hooks = (
        Recipient(Channel.WEBHOOK, one, endpoint_id=first),
        Recipient(Channel.WEBHOOK, other, endpoint_id=second),
    )
    notice = Recipient(Channel.IN_APP, "user", user_id=world.user_id)
    for place in range(PENDING // 10):
        mails = (
            Recipient(Channel.EMAIL, f"r{(7 * place + n) % ADDRESSES}@post.example")
            for n in range(7)
        )
        queue.enqueue([Trial("post", (*mails, *hooks, notice))], cause=None, at=clock.now())


def undelivered() -> int:
    return OutboxMessage.objects.undelivered().count()


def everything_arrived_once(world: World) -> None:
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("delivered", 1)}
    outside = OutboxMessage.objects.leaving().values_list("pk", flat=True)
    assert world.arrived() == Counter(str(pk) for pk in outside)


def test_flushed_with_ten_thousand_letters_pending(world, tmp_path):
    """Before anybody could be asked to deliver, and again and again while it is done."""
    enqueue_pending(world)
    assert undelivered() == PENDING
    with redis_client() as client:
        client.flushall()
        begun = wall.monotonic()
        with at_work(world, tmp_path):
            for flush in range(1, FLUSHES + 1):
                left = PENDING - flush * PENDING // (FLUSHES + 1)
                wait_until(lambda left=left: undelivered() <= left, f"{left} are left", seconds=60)
                client.flushall()
            wait_until(lambda: not undelivered(), "all have arrived", seconds=120)
            took = wall.monotonic() - begun
            work_goes_on()
    print(f"\n{PENDING:,} letters, {FLUSHES + 1} flushes: all arrived once, in {took:.1f} s")
    everything_arrived_once(world)


def test_a_hundred_resets_of_connections(world, tmp_path):
    """Each takes all connections of all processes: worker, beat, and whoever writes letters."""
    accepted = Accepted()
    post = Post(accepted, world.endpoints, world.user_id)
    cut = 0
    with at_work(world, tmp_path):
        wait_until(Canary.objects.exists, "a job has finished")
        busy = Busy(post.one, 0.1)
        try:
            for _ in range(RESETS):
                wall.sleep(random.uniform(0.1, 0.5))
                cut += reset_connections()
        finally:
            busy.stop()
        wait_until(lambda: not undelivered(), "all have arrived", seconds=60)
        work_goes_on()
    print(f"\n{RESETS} resets of {cut} connections, {accepted.letters} letters: all arrived once")
    assert OutboxMessage.objects.count() == accepted.letters
    everything_arrived_once(world)


def reset_connections() -> int:
    """Returns how many there were: some, for everybody is back soon after the reset before."""
    cut = 0
    with redis_client() as client:
        until, own = wall.monotonic() + 30, client.client_id()
        number = client.connection_pool.connection_kwargs.get("db", 0)
        while not cut and wall.monotonic() < until:
            for one in client.client_list():
                if int(one["id"]) != own and int(one["db"]) == number:
                    with suppress(redis.ResponseError):  # it has left by itself
                        client.client_kill_filter(_id=one["id"])
                        cut += 1
    assert cut, "nobody has come back"
    return cut


def work_goes_on() -> None:
    """A live worker proves nothing: further jobs finish."""
    since = clock.now()
    wait_until(
        lambda: Canary.objects.filter(finished_at__gt=since).exists(), "a job finishes", seconds=60
    )
