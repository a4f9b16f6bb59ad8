"""platform.set_hours: in which language it is written to, and when its day is."""

import pytest

from cases.letters import recipients
from sellers.flows import platform_setup
from surveillance.accounts.actor import Actor
from tests.contract import VerbContract

FACTS = {"language": "zh-hant", "time_zone": "Asia/Taipei"}


class TestSetHours(VerbContract):
    transition = platform_setup.SET_HOURS
    begin = "platform"
    changes = {"hours_set_at"}
    repeatable = True

    @pytest.fixture
    def actor(self, story) -> Actor:
        return Actor.of(story.manager())

    def perform(self, row, by):
        return platform_setup.set_hours(row, by=by, **FACTS)


def test_letters_follow_it(story, cast):
    platform = platform_setup.set_hours(cast.harbour, by=story.system, **FACTS)
    mails = [one for one in recipients.of_platform(platform) if one.channel == "email"]
    assert {one.time_zone for one in mails} == {"Asia/Taipei"}
