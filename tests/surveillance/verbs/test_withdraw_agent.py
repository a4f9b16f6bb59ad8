"""agent.withdraw: the link that was mailed works no longer."""

from surveillance.agents import flows
from tests.contract import VerbContract


class TestWithdraw(VerbContract):
    transition = flows.WITHDRAW
    begin = "invited_agent"
    by = "bo"
    changes = {"state", "link_digest"}

    def perform(self, row, by):
        return flows.withdraw(row, by=by)


def test_the_link_is_dead_and_the_address_can_be_invited_anew(story, time):
    invited = story.invitation()
    flows.withdraw(invited.row, by=story.bo)
    assert flows.opened(invited.token, time.now) is None
    assert story.invited_agent().state == "invited"
