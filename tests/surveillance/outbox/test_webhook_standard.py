"""Standard Webhooks 1.0.0: the golden vector, the reference library, forgeries, and waiting."""

import base64
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from surveillance.outbox import delivery, queue
from surveillance.outbox.letter import Channel, Recipient
from surveillance.outbox.models import Attempt, OutboxMessage
from surveillance.outbox.transports.webhook import HIDDEN, seconds_to_wait, signed_headers
from surveillance.webhooks.flows import endpoints
from surveillance.webhooks.models import Endpoint
from tests.surveillance.outbox.receivers import an_endpoint, hook_server
from tests.surveillance.outbox.test_delivery import Trial

# The example of the specification's reference implementations.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
GOLDEN = {
    "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "at": datetime.fromtimestamp(1614265330, UTC),
    "body": '{"test": 2432232314}',
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_the_golden_vector():
    headers = signed_headers(GOLDEN["id"], GOLDEN["at"], GOLDEN["body"], [SECRET])
    assert headers == {
        "webhook-id": GOLDEN["id"],
        "webhook-timestamp": "1614265330",
        "webhook-signature": GOLDEN["signature"],
    }


def test_while_two_secrets_live_both_sign():
    other = "whsec_" + base64.b64encode(b"another secret of 32 bytes long!").decode()
    at = datetime.now(UTC)
    headers = signed_headers("msg_1", at, "{}", [other, SECRET])
    assert len(headers["webhook-signature"].split()) == 2
    for known in (SECRET, other):
        assert Webhook(known).verify("{}", headers) == {}
    stranger = "whsec_" + base64.b64encode(b"a secret that nobody signed with").decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(stranger).verify("{}", headers)


def test_of_10_000_webhooks_with_one_bit_turned_none_is_accepted():
    die = Random(20261124)
    at = datetime.now(UTC)
    body = json.dumps({"type": "takedown_issued", "data": {"reference": "TD-2026-000001"}})
    headers = signed_headers("msg_1", at, body, [SECRET])
    assert Webhook(SECRET).verify(body, headers)
    accepted = 0
    for _turn in range(10_000):
        part = die.choice(["body", *headers])
        forged = {"body": body, **headers}
        raw = bytearray(forged[part].encode())
        place = die.randrange(len(raw))
        if part == "webhook-signature":
            place = die.randrange(len("v1,"), len(raw) - 2)  # the last two carry padding
        raw[place] ^= 1 << die.randrange(7)
        forged[part] = raw.decode("latin-1")
        changed = forged.pop("body")
        try:
            Webhook(SECRET).verify(changed, forged)
        except (WebhookVerificationError, ValueError):
            continue
        accepted += 1
    assert accepted == 0


AT = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 28 Sep 2026 08:30:00 GMT", 1800),
        ("Mon, 28 Sep 2026 07:30:00 GMT", 0),
        ("Monday, 28-Sep-26 08:30:00 GMT", 1800),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after_in_seconds_and_as_a_date(header, seconds):
    assert seconds_to_wait(header, AT) == seconds


@pytest.fixture
def hooks(settings):
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    with hook_server() as server:
        yield server


@pytest.fixture
def endpoint(cast, hooks) -> Endpoint:
    return an_endpoint(cast.harbour.organisation, hooks.url, SECRET)


def put(endpoint: Endpoint, time, times: int = 1) -> None:
    to = Recipient(Channel.WEBHOOK, endpoint.url, endpoint_id=endpoint.pk)
    letters = [Trial(f"L-{number}", (to,)) for number in range(times)]
    queue.enqueue(letters, cause=None, at=time.now)


def test_a_rotation_leaves_no_gap_on_the_wire(endpoint, hooks, time, story):
    time.move_to(datetime.now(UTC))
    made = endpoints.rotate_secret(endpoint, by=story.system)
    put(endpoint, time)
    delivery.deliver()
    (hook,) = hooks.hooks
    assert Webhook(SECRET).verify(hook.body, hook.headers)
    assert Webhook(made.secret).verify(hook.body, hook.headers)


def test_410_switches_it_off_at_once_and_its_organisation_is_told(endpoint, hooks, time):
    hooks.status = 410
    put(endpoint, time, times=5)
    delivery.deliver()
    endpoint.refresh_from_db()
    assert (endpoint.state, len(hooks.hooks)) == (Endpoint.State.OFF, 1)
    told = OutboxMessage.objects.filter(letter="webhook_switched_off")
    assert told.exclude(channel=Channel.WEBHOOK).exists()
    time.pass_(timedelta(minutes=10))
    delivery.deliver()
    assert len(hooks.hooks) == 1
    assert not OutboxMessage.objects.filter(channel=Channel.WEBHOOK, state="queued").exists()


def test_only_chosen_events_are_written(endpoint, hooks, story):
    wants = Endpoint.objects.filter(pk=endpoint.pk)
    wants.update(events=["takedown_withdrawn"])
    story.issued_notice()
    assert not OutboxMessage.objects.filter(endpoint=endpoint).exists()
    wants.update(events=["takedown_issued"])
    story.issued_notice()
    assert OutboxMessage.objects.filter(endpoint=endpoint).count() == 1


def test_each_try_is_on_record_with_both_sides_and_no_secret(endpoint, hooks, time):
    hooks.status, hooks.headers = 500, {"Set-Cookie": "session=secret", "X-Ray": "1"}
    hooks.body = b"Internal " + b"x" * 20_000
    put(endpoint, time)
    delivery.deliver()
    hooks.status, hooks.body = 204, b""
    time.pass_(timedelta(seconds=10))
    delivery.deliver()
    first, second = Attempt.objects.order_by("id")
    assert (first.number, first.outcome, first.status) == (1, "later", 500)
    assert (second.number, second.outcome, second.status) == (2, "arrived", 204)
    assert first.request["body"] == hooks.hooks[0].body.decode() == hooks.hooks[1].body.decode()
    assert first.request["headers"]["webhook-signature"] == HIDDEN
    assert first.response["headers"]["Set-Cookie"] == HIDDEN
    assert first.response["headers"]["X-Ray"] == "1"
    assert 1_000 < len(first.response["body"]) <= 16_000
    assert SECRET.removeprefix("whsec_") not in str(first.request)


def test_one_connection_serves_many_webhooks(endpoint, hooks, time):
    put(endpoint, time, times=40)
    delivery.deliver()
    assert len(hooks.hooks) == 40
    assert hooks.connections == 1
