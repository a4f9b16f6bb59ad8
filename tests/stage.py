"""What many tests begin from, made once: a stage is a transaction that lasts as long as the class
or module which sets it, a scene a savepoint in it that lasts as long as a test. Both are undone.

A class takes `Staged` as a base and says in `prepare` what stands on its stage. A module says

    stage, db, time, cast, story = staged(prepare)
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from surveillance import clock
from tests.cast import MONDAY, Cast, find_cast
from tests.database import copy_cast, undone
from tests.story import Story


class StandingTime:
    """The clock of a test: it stands until the test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, instant: datetime) -> None:
        self.now = instant

    def pass_(self, span: Any) -> None:
        self.now += span


Prepare = Callable[[Story, StandingTime], Any]


@dataclass(frozen=True)
class Stage:
    """`made` is what `prepare` returned; `now` and `offers` go on where it left the clock and the
    story."""

    made: Any
    now: datetime
    offers: int

    def story_of(self, cast: Cast) -> Story:
        story = Story(cast)
        story._offers = self.offers
        return story


def files_in(folder: Path) -> dict[str, Any]:
    """Of settings.STORAGES: where uploads land."""
    return {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": None},
        }
    }


@contextmanager
def standing(now: datetime = MONDAY) -> Iterator[StandingTime]:
    time = StandingTime(now)
    clock.set_source(time)
    yield time
    clock.set_source(None)


@contextmanager
def set_up(blocker: Any, prepare: Prepare) -> Iterator[Stage]:
    with blocker.unblock(), undone():
        with standing() as time:
            copy_cast()
            story = Story(find_cast())
            stage = Stage(prepare(story, time), time.now, story._offers)
        yield stage


class Staged:
    """Tests on one stage. The cast and every row are read anew for each of them."""

    @classmethod
    def prepare(cls, story: Story, time: StandingTime) -> Any:
        """What stands on the stage beside the cast."""

    @pytest.fixture(scope="class")
    @classmethod
    def stage(cls, django_db_setup, django_db_blocker) -> Iterator[Stage]:
        with set_up(django_db_blocker, cls.prepare) as stage:
            yield stage

    @pytest.fixture
    def db(self, stage) -> Iterator[None]:
        with undone():
            yield

    @pytest.fixture
    def time(self, stage) -> Iterator[StandingTime]:
        with standing(stage.now) as time:
            yield time

    @pytest.fixture
    def cast(self, db, time) -> Cast:
        return find_cast()

    @pytest.fixture
    def story(self, cast, stage) -> Story:
        return stage.story_of(cast)


def staged(prepare: Prepare) -> tuple[Any, Any, Any, Any, Any]:
    """The same for a module: its fixtures stage, db, time, cast and story."""

    @pytest.fixture(scope="module")
    def stage(django_db_setup, django_db_blocker):
        with set_up(django_db_blocker, prepare) as stage:
            yield stage

    @pytest.fixture
    def db(stage):
        with undone():
            yield

    @pytest.fixture
    def time(stage):
        with standing(stage.now) as time:
            yield time

    @pytest.fixture
    def cast(db, time):
        return find_cast()

    @pytest.fixture
    def story(cast, stage):
        return stage.story_of(cast)

    return stage, db, time, cast, story
