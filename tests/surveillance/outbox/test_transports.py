"""Each transport against a real receiver on this machine."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from surveillance.outbox import delivery
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.webhooks.models import Endpoint
from tests.surveillance.outbox.receivers import an_endpoint, hook_server, mail_server

STATE = OutboxMessage.State
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def mails(settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def hooks(settings):
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    with hook_server() as server:
        yield server


@pytest.fixture
def endpoint(cast, hooks):
    return an_endpoint(cast.harbour.organisation, hooks.url, SECRET)


def test_an_order_goes_out_as_text_html_and_pdf(story, mails):
    takedown = story.issued()
    delivery.deliver()
    (mail,) = [m for m in mails.mails if m["To"] == "safety@harbour-market.example"]
    assert takedown.reference in mail["Subject"]
    message = OutboxMessage.objects.get(letter="takedown_issued", channel="email")
    assert mail["Message-ID"] == f"<{message.pk}@example.org>"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds.count("text/plain") == 1
    assert kinds.count("text/html") == 1
    assert kinds.count("application/pdf") == 1
    text = mail.get_body(("plain",)).get_content()
    for item in takedown.items.select_related("listing"):
        assert item.listing.url in text
    assert "Regulation (EU) 2023/988" in text
    assert "working day 2 of 2" in text


def test_the_first_arrival_is_the_requests_delivery(story, mails, time):
    takedown = story.issued()
    time.pass_(timedelta(minutes=3))
    delivery.deliver()
    takedown.refresh_from_db()
    assert takedown.delivered_at == time.now


def test_a_refused_recipient_is_a_failure_with_its_words(story, mails):
    mails.reply = "550 no such mailbox"
    story.issued()
    delivery.deliver()
    failed = OutboxMessage.objects.get(letter="takedown_issued", channel="email")
    assert failed.state == STATE.FAILED
    assert "no such mailbox" in failed.last_error


def test_a_busy_mail_server_is_tried_again(story, mails):
    mails.reply = "451 busy"
    story.issued()
    delivery.deliver()
    waiting = OutboxMessage.objects.get(letter="takedown_issued", channel="email")
    assert waiting.state == STATE.QUEUED


def test_a_dead_mail_server_loses_nothing(story, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    story.issued()
    delivery.deliver()
    waiting = OutboxMessage.objects.get(letter="takedown_issued", channel="email")
    assert waiting.state == STATE.QUEUED
    assert "refused" in waiting.last_error


def test_a_webhook_verifies_with_the_reference_library(story, endpoint, hooks, time):
    time.move_to(datetime.now(UTC))
    takedown = story.issued_notice()
    delivery.deliver()
    (hook,) = hooks.hooks
    payload = Webhook(SECRET).verify(hook.body, hook.headers)
    assert payload["type"] == "takedown_issued"
    assert payload["data"]["reference"] == takedown.reference
    message = OutboxMessage.objects.get(channel="webhook")
    assert hook.headers["webhook-id"] == str(message.pk)
    changed = json.dumps(payload | {"type": "another"}).encode()
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(changed, hook.headers)


@pytest.mark.parametrize(
    ("status", "state"), [(204, STATE.DELIVERED), (500, STATE.QUEUED), (410, STATE.FAILED)]
)
def test_what_an_endpoint_answers_decides(story, endpoint, hooks, status, state):
    hooks.status = status
    story.issued_notice()
    delivery.deliver()
    assert OutboxMessage.objects.get(channel="webhook").state == state


def test_an_endpoints_retry_after_is_honoured(story, endpoint, hooks, time):
    hooks.status, hooks.headers = 429, {"Retry-After": "1800"}
    story.issued_notice()
    delivery.deliver()
    assert Lane.objects.get(key=endpoint.lane).not_before == time.now + timedelta(minutes=30)


def test_an_endpoint_switched_off_is_not_called(story, endpoint, hooks):
    story.issued_notice()
    Endpoint.objects.update(state=Endpoint.State.OFF)
    delivery.deliver()
    assert hooks.hooks == []
    assert OutboxMessage.objects.get(channel="webhook").state == STATE.FAILED
