"""Tests by the real clock run on Sundays and at night as well: everybody is at work."""

from collections.abc import Iterator
from unittest import mock

import pytest

from surveillance.outbox import queue

always = mock.patch.object(queue, "reachable_from", lambda at, pace, recipient: at)


@pytest.fixture
def everybody_is_at_work() -> Iterator[None]:
    with always:
        yield
