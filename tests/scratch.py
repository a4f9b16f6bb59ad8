"""A second, empty database beside that of the test, for what is restored."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from psycopg import sql

from tests.database import as_owner, credentials_of_owner, drop


@pytest.fixture
def scratch(transactional_db: None) -> Iterator[str]:
    """Its name."""
    name = f"{connection.settings_dict['NAME']}_scratch"
    drop(name)
    with as_owner("postgres") as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield name
    drop(name)


@contextmanager
def connected(database: str = "", *, owner: bool = False) -> Iterator[None]:
    """Within the block the application uses this database, as its own role or as the owner."""
    ours = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        {"NAME": database or ours["NAME"], **(credentials_of_owner() if owner else {})}
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(ours)
