"""agent.remove: the account is dead at once, and somebody is left to manage the others."""

import pytest
from django.urls import reverse

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Role
from surveillance.agents import flows
from surveillance.agents.models import Agent
from surveillance.flow import WrongState
from tests.contract import VerbContract


class TestRemove(VerbContract):
    transition = flows.REMOVE
    begin = "joined_agent"
    by = "bo"
    changes = {"state"}

    def perform(self, row, by):
        return flows.remove(row, by=by)


def test_a_session_ends_with_it(story, cast, client_of):
    client = client_of(cast.dot)
    assert client.get(reverse("portal")).status_code == 200
    flows.remove(story.joined_agent(), by=story.bo)
    assert client.get(reverse("portal")).status_code == 302


def test_a_manager_removes_colleagues_and_neither_herself_nor_the_last_one(story):
    fay = Actor.of(story.manager())
    own = Agent.objects.get(user=fay.user_id)
    with pytest.raises(WrongState, match="Somebody else"):
        flows.remove(own, by=fay)
    other = Actor(Role.PLATFORM_MANAGER, "Hal", 9001, fay.organisation_id)
    with pytest.raises(WrongState, match="Nobody would be left"):
        flows.remove(own, by=other)
    assert flows.remove(story.joined_agent(), by=fay).state == "removed"
    assert flows.remove(own, by=story.bo).state == "removed"
