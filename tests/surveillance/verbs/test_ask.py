"""replay.ask: letters go out again, each with its id, and only those that the actor sees."""

import pytest
from django.core.exceptions import ValidationError

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Role
from surveillance.outbox.models import OutboxMessage
from surveillance.webhooks.flows import endpoints, replays
from surveillance.webhooks.models import Replay
from tests.contract import CreationContract


class TestAsk(CreationContract):
    transition = replays.ASK
    model = Replay
    by = "bo"

    @pytest.fixture
    def ground(self, story):
        return story.sent_webhook(story.endpoint())

    def perform(self, ground, by):
        return replays.ask(OutboxMessage.objects.filter(pk=ground.pk), by=by)


def test_it_keeps_its_id_and_begins_its_tries_anew(story, time):
    message = story.sent_webhook(story.endpoint())
    OutboxMessage.objects.update(attempts=7)
    arrived_at = message.delivered_at
    replays.ask(OutboxMessage.objects.all(), by=story.system)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.queued_at) == ("queued", 0, time.now)
    assert message.delivered_at == arrived_at, "when it arrived first is a fact"
    assert OutboxMessage.objects.count() == 1


def test_a_manager_replays_the_own_only(story, cast):
    own = story.sent_webhook(story.endpoint())
    rivals = story.sent_webhook(story.endpoint(cast.bazaar.organisation))
    fay = Actor(Role.PLATFORM_MANAGER, "Fay", organisation_id=cast.harbour.pk)
    assert replays.ask(OutboxMessage.objects.all(), by=fay).messages == 1
    own.refresh_from_db()
    rivals.refresh_from_db()
    assert (own.state, rivals.state) == ("queued", "delivered")


def test_nothing_to_a_webhook_that_is_off(story):
    endpoint = story.endpoint()
    story.sent_webhook(endpoint)
    endpoints.switch_off(endpoint, by=story.system)
    with pytest.raises(ValidationError, match="webhook is off"):
        replays.ask(OutboxMessage.objects.all(), by=story.system)


def test_what_waits_is_left_alone(story):
    endpoints.ping(story.endpoint(), by=story.system)
    with pytest.raises(ValidationError, match="waits to be sent anyway"):
        replays.ask(OutboxMessage.objects.all(), by=story.system)
