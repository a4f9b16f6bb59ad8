"""replay.release: letters that the breaker holds go out, because an administrator says so."""

import pytest
from django.core.exceptions import ValidationError

from surveillance.outbox import holding
from surveillance.outbox.models import OutboxMessage
from surveillance.webhooks.flows import held
from surveillance.webhooks.models import Replay
from tests.contract import CreationContract


def hold(story) -> None:
    story.sent_webhook(story.endpoint())
    OutboxMessage.objects.update(state="held", held="breaker", delivered_at=None)


class TestRelease(CreationContract):
    transition = held.RELEASE
    model = Replay
    by = "ada"

    @pytest.fixture
    def ground(self, story):
        hold(story)

    def perform(self, ground, by):
        return held.release(holding.by_breaker(), by=by, reason="A large recall.")


def test_it_goes_out_as_if_it_had_never_been_held(story, time):
    hold(story)
    done = held.release(holding.by_breaker(), by=story.system, reason="A large recall.")
    message = OutboxMessage.objects.get()
    assert done.messages == 1
    assert (message.state, message.held, message.released_at) == ("queued", "", time.now)


def test_what_a_restore_holds_for_a_digest_still_waits_for_it(story):
    hold(story)
    OutboxMessage.objects.update(held="digest")
    held.release(holding.held(), by=story.system, reason="The logs do not name it.")
    assert OutboxMessage.objects.get().held == "digest"


def test_a_reason_is_asked_for_and_something_must_be_held(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        held.release(holding.by_breaker(), by=story.system, reason=" ")
    with pytest.raises(ValidationError, match="held back any more"):
        held.release(holding.by_breaker(), by=story.system, reason="All of them.")
    assert not Replay.objects.exists()
