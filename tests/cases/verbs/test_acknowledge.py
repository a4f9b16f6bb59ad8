"""takedown.acknowledge: the platform says that it has the request."""

from cases.flows import takedowns
from tests.contract import VerbContract


class TestAcknowledge(VerbContract):
    transition = takedowns.ACKNOWLEDGE
    begin = "issued"
    by = "dot"
    changes = {"acknowledged_at"}

    def perform(self, row, by):
        return takedowns.acknowledge(row, by=by)


class TestAcknowledgeBeforeIssue:
    """To its platform a request that has not gone out does not exist."""

    def test_is_not_visible(self, story):
        takedown = story.approved()
        assert not type(takedown).objects.visible_to(story.dot).exists()
