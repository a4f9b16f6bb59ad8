"""Redis or Valkey, and the processes that work through it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, cast

import redis
from django.conf import settings

from surveillance import clock
from surveillance.celery import app
from surveillance.operations.doctor.findings import Fault
from surveillance.web.health import CANARY_LIMIT, health

PATIENCE = 5  # seconds
PING = 2.0  # seconds that workers have to answer


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.CACHES["default"]["LOCATION"],
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
    )


def redis_answers() -> Iterator[Fault]:
    try:
        with closing(_client()) as client:
            client.ping()
    except redis.RedisError as problem:
        yield Fault(
            f"Redis cannot be reached: {problem}",
            "Start it, and see that REDIS_URL names its host, password and database.",
        )


def redis_keeps_jobs() -> Iterator[Fault]:
    with closing(_client()) as client:
        yield from faults_of_memory(cast(Mapping[str, Any], client.info()))


def faults_of_memory(info: Mapping[str, Any]) -> Iterator[Fault]:
    """Of INFO. That nothing is kept on disk is no fault: what must not be lost is in PostgreSQL,
    and sweeps find it again."""
    policy = info.get("maxmemory_policy", "noeviction")
    if policy.startswith("allkeys-"):
        yield Fault(
            f"Redis may throw jobs away when its memory is full (maxmemory-policy {policy}).",
            "Set maxmemory-policy noeviction or volatile-lru.",
        )
    if "err" in (info.get("rdb_last_bgsave_status"), info.get("aof_last_write_status")):
        yield Fault(
            "Redis could not write its memory to disk, and then takes no more jobs.",
            "Give its disk room and its folder the right owner; or switch persistence off.",
        )


def a_worker_answers() -> Iterator[Fault]:
    if not app.control.ping(timeout=PING):
        yield Fault(
            "No worker answers: letters, reminders and missed deadlines wait.",
            "Start one: celery --app=surveillance worker",
        )


def jobs_finish() -> Iterator[Fault]:
    """The canary goes from beat through Redis and a worker into the database."""
    age = health(clock.now()).canary_age
    if age is not None and age <= CANARY_LIMIT.total_seconds():
        return
    since = "ever" if age is None else f"for {age:.0f} s"
    with closing(_client()) as client:
        waiting = client.llen(app.conf.task_default_queue)
    if waiting:
        yield Fault(
            f"No job has finished {since}, and {waiting} wait: the workers take none.",
            "Restart the workers and read their log.",
        )
    else:
        yield Fault(
            f"No job has finished {since}, and none waits: beat starts none.",
            "Start it, on one machine or on two: celery --app=surveillance beat",
        )
