"""The drill: a backup is restored twice beside the living database, and nothing is really sent.

The first time it plays what followed the backup: all that waited leaves, and the sweeps write and
send what had become due. Then that is lost. The second time is a restore as it would be in
earnest, with workers afterwards; the same receiver must get nothing that it has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.files.storage import FileSystemStorage
from django.db import connection
from psycopg import sql

from surveillance import clock
from surveillance.operations.backup import restoring
from surveillance.operations.backup.contents import BackupError
from surveillance.operations.backup.restoring import Restore, Tell
from surveillance.outbox import holding
from surveillance.outbox.rehearsing import CountingReceiver, deliver_all, rehearsed


@dataclass(frozen=True, slots=True)
class Outcome:
    """Letters that left before the loss; that were held after it; that came a second time."""

    left: int
    held: int
    twice: int


def drill(backups: Path, database: str, files: Path, programs: Path | None, tell: Tell) -> Outcome:
    """`database`: an empty one, for this; `files`: an empty folder. Raises BackupError."""
    receiver = CountingReceiver()
    with _using(database), rehearsed(receiver):
        tell("First life: the backup is restored, and everything that waits leaves.")
        storage = FileSystemStorage(location=files)
        wanted = Restore(backups, replace=True, programs=programs, storage=storage, is_drill=True)
        restoring.restore(wanted, tell)
        holding.release(holding.held(), clock.now())
        deliver_all()
        left = receiver.got.total()
        tell(f"{left} letters left. Now this database is lost, and the backup comes back.")
        restoring.restore(wanted, tell)
        held = holding.held().count()
        deliver_all()
    return Outcome(left, held, sum(times - 1 for times in receiver.got.values()))


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """Made by the owner, gone at the end. Raises BackupError without the right to make one."""
    statement = sql.SQL("{} DATABASE {}")
    made = sql.Identifier(name)
    with psycopg.connect(**_parameters("postgres"), autocommit=True) as server:
        try:
            server.execute(statement.format(sql.SQL("CREATE"), made))
        except psycopg.errors.InsufficientPrivilege as problem:
            raise BackupError(
                "This role may not make a database. Make an empty one of the owner's and name it"
                " with --into."
            ) from problem
        except psycopg.errors.DuplicateDatabase as problem:
            raise BackupError(f"There is a database {name} already: drop it first.") from problem
        try:
            yield
        finally:
            server.execute(statement.format(sql.SQL("DROP"), made))


def _parameters(database: str) -> dict[str, Any]:
    known = ("host", "port", "user", "password")
    given = connection.get_connection_params()
    return {name: given[name] for name in known if given.get(name)} | {"dbname": database}


@contextmanager
def _using(database: str) -> Iterator[None]:
    """Another database of the same server in the place of ours."""
    ours = connection.settings_dict["NAME"]
    if database == ours:
        raise BackupError(f"{database} is the living database: the drill needs one of its own.")
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
