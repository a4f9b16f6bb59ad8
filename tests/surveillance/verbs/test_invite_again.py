"""agent.invite_again: a new link, and the one before works no longer."""

from datetime import timedelta

from surveillance.agents import flows
from tests.contract import VerbContract


class TestInviteAgain(VerbContract):
    transition = flows.INVITE_AGAIN
    begin = "invited_agent"
    by = "bo"
    changes = {"link_digest"}
    repeatable = True

    def perform(self, row, by):
        return flows.invite_again(row, by=by)


def test_only_the_new_link_works_and_for_a_week_from_now(story, time):
    first = story.invitation()
    time.pass_(timedelta(days=6))
    second = flows.invite_again(first.row, by=story.bo)
    assert flows.opened(first.token, time.now) is None
    time.pass_(timedelta(days=6))
    assert flows.opened(second.token, time.now) == first.row
    time.pass_(timedelta(days=1))
    assert flows.opened(second.token, time.now) is None
