"""The rivals, raised once for a module, with their files and with what was logged meanwhile.

stage, db, time, cast, rivals, _files_of_their_own = with_rivals()
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from tests.house.rivals import Rivals
from tests.stage import files_in, set_up, staged
from tests.surveillance.operations.test_logs import formatter


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """As a server writes it, of every level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def raise_rivals(story: Any, time: Any) -> Rivals:
    with everything_logged() as written:
        rivals = Rivals(story.cast)
    rivals.logged = written.getvalue()
    return rivals


def with_rivals() -> tuple[Any, Any, Any, Any, Any, Any]:
    """Fixtures for a module: those of `staged` but the story, the rivals, and their files."""
    _stage, db, time, cast, _story = staged(raise_rivals)

    @pytest.fixture(scope="module")
    def stage(django_db_setup, django_db_blocker, tmp_path_factory):
        files = files_in(tmp_path_factory.mktemp("files"))
        with override_settings(STORAGES=settings.STORAGES | files):
            with set_up(django_db_blocker, raise_rivals) as stage:
                yield stage

    @pytest.fixture
    def rivals(db, time, stage):
        return deepcopy(stage.made)

    @pytest.fixture(autouse=True)
    def _files_of_their_own(stage):
        """Those of the stage."""

    return stage, db, time, cast, rivals, _files_of_their_own
