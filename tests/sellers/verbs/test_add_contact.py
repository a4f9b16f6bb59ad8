"""platform.add_contact: letters of this purpose go there too."""

import pytest
from django.core.exceptions import ValidationError

from cases.letters import recipients
from sellers.flows import platform_setup
from surveillance.accounts.actor import Actor
from tests.contract import VerbContract

FACTS = {
    "purpose": "demands",
    "name": "Night desk",
    "email": "night@harbour-market.example",
    "language": "ja",
}


class TestAddContact(VerbContract):
    transition = platform_setup.ADD_CONTACT
    begin = "platform"

    @pytest.fixture
    def actor(self, story) -> Actor:
        return Actor.of(story.manager())

    def perform(self, row, by):
        return platform_setup.add_contact(row, by=by, **FACTS)


def test_it_is_written_to_in_its_language(story, cast):
    platform_setup.add_contact(cast.harbour, by=story.system, **FACTS)
    found = {one.address: one.language for one in recipients.of_platform(cast.harbour)}
    assert found["night@harbour-market.example"] == "ja"


@pytest.mark.parametrize("facts", [{"name": " "}, {"email": "night"}])
def test_what_is_wrong_is_refused(story, cast, facts):
    with pytest.raises(ValidationError):
        platform_setup.add_contact(cast.harbour, by=story.system, **(FACTS | facts))
