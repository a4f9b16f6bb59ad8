"""platform.remove_contact: nothing more goes there; demands always have somewhere to go."""

import pytest

from sellers.flows import platform_setup
from sellers.models import ContactPoint
from surveillance.accounts.actor import Actor
from surveillance.flow import WrongState
from tests.contract import VerbContract


class TestRemoveContact(VerbContract):
    transition = platform_setup.REMOVE_CONTACT
    begin = "platform"

    @pytest.fixture
    def actor(self, story) -> Actor:
        return Actor.of(story.manager())

    def perform(self, row, by):
        known = row.contact_points.filter(purpose="escalation").first()
        contact = known or ContactPoint(pk=0, platform=row, purpose="escalation")
        return platform_setup.remove_contact(row, contact, by=by)


def test_the_last_one_for_demands_stays(story, cast):
    last = cast.harbour.contact_points.get(purpose="demands")
    with pytest.raises(WrongState, match="add another one first"):
        platform_setup.remove_contact(cast.harbour, last, by=story.system)


def test_not_a_rivals(story, cast):
    rivals = cast.bazaar.contact_points.get()
    with pytest.raises(WrongState, match="not there any more"):
        platform_setup.remove_contact(cast.harbour, rivals, by=story.system)
