"""What every test has: the servers' database, the cast, and a way to act and to sign in."""

import gc
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.operations import watching
from tests.cast import Cast, find_cast
from tests.database import copy_cast, django_db_setup
from tests.scenes import Past, remembering
from tests.servers import _clean_redis, pytest_xdist_setupnodes, require_servers
from tests.stage import StandingTime, files_in
from tests.story import Story

__all__ = ["_clean_redis", "django_db_setup", "pytest_xdist_setupnodes"]


def pytest_configure(config: pytest.Config) -> None:
    require_servers()
    # Thousands of passwords are set and looked at, and how long one takes is nowhere tried.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Time stands in most tests, and so would the minute in which calls are counted.
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 1_000_000)


def pytest_collection_finish() -> None:
    """What has been loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


_numbers = count()


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path_factory) -> None:
    """Uploads of a test land in its own folder, made by the first of them."""
    folder = tmp_path_factory.getbasetemp() / f"files-{next(_numbers)}"
    settings.STORAGES = settings.STORAGES | files_in(folder)


@pytest.fixture(autouse=True)
def _nobody_looks_in_the_background(monkeypatch) -> None:
    """What waits is looked at when a test says so, over its own connection."""
    monkeypatch.setattr(watching, "in_background", lambda work: None)
    monkeypatch.setattr(watching.watch, "seen", None)


@pytest.fixture
def time():
    """Monday 28 September 2026, 08:00 UTC, until moved. Everything asks this clock."""
    standing = StandingTime()
    clock.set_source(standing)
    yield standing
    clock.set_source(None)


@pytest.fixture
def past(db, time) -> Iterator[Past]:
    """The cast has come. What is played from here on may be kept or laid."""
    copy_cast()
    with remembering() as past:
        yield past


_cast_as_copied = cache(find_cast)


@pytest.fixture
def cast(past) -> Cast:
    return deepcopy(_cast_as_copied())


@pytest.fixture
def story(cast, past) -> Story:
    return Story(cast, past)


@pytest.fixture
def ana(cast) -> User:
    return cast.ana


@pytest.fixture
def bo(cast) -> User:
    return cast.bo


@pytest.fixture
def cai(cast) -> User:
    return cast.cai


@pytest.fixture
def dot(cast) -> User:
    return cast.dot


@pytest.fixture
def dev(cast) -> User:
    return cast.dev


@pytest.fixture
def as_() -> Callable[[User], Actor]:
    return Actor.of


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """A browser without JavaScript: signed in as somebody, or as nobody (Eve)."""

    def sign_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        return client

    return sign_in


def session_of(user: User) -> str:
    """The key of a new session as a login leaves it: one statement, where the login has fifteen."""
    facts = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    ends = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    session = Session(get_random_string(32), SessionStore().encode(facts), ends)
    session.save(force_insert=True)
    return session.session_key


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cases", type=int, default=2, help="tries per operation and role of the API")
    parser.addoption("--kills", type=int, default=1000, help="of the proof of random kills")
    parser.addoption("--seed", type=int, help="to meet the same random kills again")
    parser.addoption("--data", type=Path, help="folder of the full public data, for the benches")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys take longest: begun first, they do not keep one worker busy at the end."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)
