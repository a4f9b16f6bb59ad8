"""What a page asks of the database, seen in this process as one of a signed-in reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client, override_settings

from cases.bench import timing
from surveillance.accounts import second_factor
from surveillance.accounts.models import User

_OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def reader(user: User) -> Iterator[Client]:
    """With the settings of the servers that are measured (serving.py)."""
    with override_settings(SECOND_FACTOR=second_factor.OFFERED, DEMO=False):
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        yield client


@contextmanager
def watched() -> Iterator[list[float]]:
    """Milliseconds of each statement. What begins, ends or undoes a transaction is none."""
    spent: list[float] = []

    def watch(execute: Any, *args: Any) -> Any:
        if str(args[0]).startswith(_OF_TRANSACTIONS):
            return execute(*args)
        found: list[Any] = []
        spent.append(timing.once(lambda: found.append(execute(*args))) * 1000)
        return found[0]

    with connection.execute_wrapper(watch):
        yield spent
