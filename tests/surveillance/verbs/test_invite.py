"""agent.invite: a link that is mailed, works for a week and once, and of which a digest is kept."""

import pytest
from django.core.exceptions import ValidationError

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role
from surveillance.agents import flows
from surveillance.agents.models import Agent
from surveillance.flow import NotVisible
from tests.contract import CreationContract


class TestInvite(CreationContract):
    transition = flows.INVITE
    model = Agent
    begin = "platform"
    by = "bo"

    def perform(self, ground, by):
        facts = {"name": "Gus Moor", "email": "gus@harbour.example"}
        return flows.invite(ground.organisation, by=by, **facts).row


def test_no_account_is_made_and_no_link_is_kept(story):
    invited = story.invitation(email=" Gus@Harbour.example ")
    row = Agent.objects.filter(pk=invited.row.pk).values().get()
    assert (row["email"], row["user_id"]) == ("gus@harbour.example", None)
    assert not User.objects.filter(email="gus@harbour.example").exists()
    assert not any(part in str(row) for part in invited.token.split(":"))


def test_a_manager_invites_to_the_own_platform_only(story, cast):
    fay = Actor.of(story.manager())
    facts = {"name": "Gus", "email": "gus@market.example"}
    assert flows.invite(cast.harbour.organisation, by=fay, **facts).row.state == "invited"
    with pytest.raises(NotVisible):
        flows.invite(cast.bazaar.organisation, by=fay, **facts)


def test_somebody_with_an_account_elsewhere_is_not_given_away(story, cast):
    """That an address has an account at a rival is nobody's business: it is said to its owner."""
    assert story.invitation(email=cast.dev.email).row.state == "invited"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "gus"}, "email"),
        ({"email": "DOT@cast.example"}, "email"),
        ({"role": Role.INSPECTOR}, "role"),
    ],
)
def test_what_is_wrong_is_named(story, facts, field):
    with pytest.raises(ValidationError) as refused:
        story.invitation(**facts)
    assert set(refused.value.message_dict) == {field}


def test_nobody_is_invited_twice_at_once(story):
    story.invited_agent()
    with pytest.raises(ValidationError, match="invited already"):
        story.invitation()


def test_the_authority_invites_nobody_to_itself(story, cast):
    with pytest.raises(ValidationError, match="Only people of platforms"):
        flows.invite(cast.ana.organisation, by=story.system, name="Gus", email="gus@x.example")
