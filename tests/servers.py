"""The servers of a test run, as ./check starts them, and what each test process has of them.

Under pytest-xdist each worker has a PostgreSQL database and a Redis database of its own.
"""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import redis
from django.db import connection
from django.test import TransactionTestCase

REQUIRED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def require_servers() -> None:
    """For `pytest_configure`: stop at once, in one sentence, when there are no servers."""
    if missing := [name for name in REQUIRED if not os.environ.get(name)]:
        raise pytest.UsageError(
            f"{' and '.join(missing)} not set: run the tests with ./check (for a part of them "
            "./check tests/cases -k issue), which starts servers of their own."
        )


def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Before the workers are born: the first has Redis database 1, the second 2, and so on."""
    for number, spec in enumerate(specs, start=1):
        spec.env["REDIS_URL"] = redis_url_of_database(os.environ["REDIS_URL"], number)


def redis_url_of_database(url: str, number: int) -> str:
    """The same server, another of its numbered databases."""
    if url.startswith("redis+socket://"):
        return f"{url.partition('?')[0]}?virtual_host={number}"
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def redis_client() -> redis.Redis:
    """The Redis database of this test process. The caller closes it."""
    url = os.environ["REDIS_URL"]
    return redis.Redis.from_url(
        url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    )


def environment_of_this_test() -> dict[str, str]:
    """For a worker or server that a test starts: the databases of this test process.

    Only transactional tests share what they wrote with another process.
    """
    database = quote(str(connection.settings_dict["NAME"]), safe="")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    return os.environ | {"DATABASE_URL": url}


@pytest.fixture(autouse=True)
def _clean_redis(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test leaves no jobs or cached pages to the next."""
    yield
    if is_transactional(request):
        with redis_client() as client:
            client.flushdb()


def is_transactional(request: pytest.FixtureRequest) -> bool:
    """Does this test commit?"""
    marker = request.node.get_closest_marker("django_db")
    test_class = request.node.cls
    return bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
        or (marker and marker.kwargs.get("transaction"))
        or (
            test_class
            and issubclass(test_class, TransactionTestCase)
            and not hasattr(test_class, "setUpTestData")
        )
    )
