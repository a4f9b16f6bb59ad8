"""agent.accept_invitation: whoever holds the link makes an account, once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.agents import flows
from surveillance.flow import WrongState
from tests.contract import VerbContract

PASSWORD = "a long password of my own"


def accept(agent, by=None, **facts):
    told = {"name": "Gus Moor", "password": PASSWORD} | facts
    return flows.accept_invitation(agent, by=by or agent.holder, **told)


class TestAcceptInvitation(VerbContract):
    transition = flows.ACCEPT_INVITATION
    begin = "invited_agent"
    changes = {"state", "user_id", "link_digest", "joined_at"}

    @pytest.fixture
    def actor(self, row) -> Actor:
        return row.holder

    def perform(self, row, by):
        return accept(row, by)


def test_an_account_is_made_in_the_language_of_the_invitation(story):
    agent = accept(story.invitation(language="ja").row, name="Gus M.")
    user = User.objects.get(email="gus@harbour.example")
    assert agent.user == user
    assert (user.name, user.role, user.language) == ("Gus M.", "agent", "ja")
    assert user.organisation == story.cast.harbour.organisation
    assert user.check_password(PASSWORD)


def test_the_holder_of_one_link_opens_no_other_seat(story):
    own, other = story.invited_agent(), story.invitation(email="hal@harbour.example").row
    with pytest.raises(Exception, match="is not here"):
        accept(other, by=own.holder)


def test_too_late(story, time):
    agent = story.invited_agent()
    time.pass_(flows.GOOD_FOR + timedelta(seconds=1))
    with pytest.raises(WrongState, match="too old"):
        accept(agent)


@pytest.mark.parametrize("password", ["short", "password1234", "gus@harbour.example"])
def test_a_weak_password_is_refused(story, password):
    agent = story.invited_agent()
    with pytest.raises(ValidationError) as refused:
        accept(agent, password=password)
    assert set(refused.value.message_dict) == {"password"}
    assert not User.objects.filter(email=agent.email).exists()


def test_an_address_with_an_account_elsewhere_is_told_its_owner(story, cast):
    agent = story.invitation(email=cast.dev.email).row
    with pytest.raises(ValidationError, match="has an account already"):
        accept(agent)
    cast.dev.refresh_from_db()
    assert cast.dev.organisation_id == cast.bazaar.pk


def test_who_was_removed_comes_back_to_the_own_account(story, cast):
    flows.remove(story.joined_agent(), by=story.bo)
    agent = accept(story.invitation(email=cast.dot.email).row)
    cast.dot.refresh_from_db()
    assert agent.user == cast.dot
    assert cast.dot.is_active
    assert cast.dot.check_password(PASSWORD)
