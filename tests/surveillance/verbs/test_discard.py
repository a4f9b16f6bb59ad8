"""replay.discard: letters that the breaker holds never go out, because an administrator says so."""

import pytest

from surveillance.outbox import holding
from surveillance.outbox.models import OutboxMessage
from surveillance.webhooks.flows import held
from surveillance.webhooks.models import Replay
from tests.contract import CreationContract
from tests.surveillance.verbs.test_release import hold


class TestDiscard(CreationContract):
    transition = held.DISCARD
    model = Replay
    by = "ada"

    @pytest.fixture
    def ground(self, story):
        hold(story)

    def perform(self, ground, by):
        return held.discard(holding.by_breaker(), by=by, reason="Written by mistake.")


def test_it_counts_as_given_up(story, time):
    hold(story)
    held.discard(holding.by_breaker(), by=story.system, reason="Written by mistake.")
    message = OutboxMessage.objects.get()
    assert (message.state, message.failed_at) == ("failed", time.now)
    assert "discarded" in message.last_error
