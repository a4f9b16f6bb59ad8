"""The pages of webhooks and the delivery log: who sees what, secrets once, sending again."""

import pytest
from django.urls import reverse

from surveillance.accounts import enrolment
from surveillance.accounts.rights import Role
from surveillance.outbox.models import Attempt, OutboxMessage
from surveillance.webhooks.models import Endpoint


@pytest.fixture
def fay(cast, time):
    """Manages Harbour Market."""
    return enrolment.enrol(
        "fay@cast.example",
        name="Fay Mills",
        role=Role.PLATFORM_MANAGER,
        organisation=cast.harbour.organisation,
        at=time.now,
    )


@pytest.fixture
def fays(fay, client_of):
    return client_of(fay)


@pytest.fixture
def own(story):
    return story.endpoint()


@pytest.fixture
def rivals(story, cast):
    return story.endpoint(cast.bazaar.organisation)


def text_of(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_a_secret_is_shown_once(fays, fay):
    asked = {"organisation": fay.organisation_id, "url": "https://hooks.harbour.example/in"}
    page = fays.post(reverse("webhook-list"), asked)
    secret = page.context["made"].secret
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    endpoint = Endpoint.objects.get()
    assert secret not in text_of(fays, "webhook-detail", endpoint.reference)
    rotated = fays.post(reverse("webhook-rotate_secret", args=[endpoint.reference]))
    assert rotated.context["made"].secret != secret


def test_a_wrong_address_stands_at_its_field(fays, fay):
    asked = {"organisation": fay.organisation_id, "url": "http://hooks.harbour.example/"}
    page = fays.post(reverse("webhook-list"), asked)
    assert page.status_code == 422
    assert "https only" in page.content.decode()
    assert not Endpoint.objects.exists()


def test_a_manager_sees_the_own_alone(fays, own, rivals):
    assert text_of(fays, "webhook-list").count("hooks.<wbr>market") == 1
    for name in ("webhook-detail", "webhook-change"):
        assert fays.get(reverse(name, args=[own.reference])).status_code == 200
        assert fays.get(reverse(name, args=[rivals.reference])).status_code == 404
    for name in ("webhook-ping", "webhook-switch_off", "webhook-rotate_secret", "webhook-remove"):
        assert fays.post(reverse(name, args=[rivals.reference])).status_code == 404


def test_events_are_chosen(fays, own):
    asked = {"url": own.url, "name": "Stock", "chosen": ["takedown_issued"]}
    done = fays.post(reverse("webhook-change", args=[own.reference]), asked)
    assert done.status_code == 302
    own.refresh_from_db()
    assert (own.events, own.name) == (["takedown_issued"], "Stock")
    page = fays.get(reverse("webhook-change", args=[own.reference]))
    assert page.context["form"]["chosen"].value() == ["takedown_issued"]


def test_ping_off_on_and_remove_are_buttons(fays, own):
    for verb, state in [("ping", "on"), ("switch_off", "off"), ("switch_on", "on")]:
        fays.post(reverse(f"webhook-{verb}", args=[own.reference]))
        own.refresh_from_db()
        assert own.state == state
    fays.post(reverse("webhook-remove", args=[own.reference]))
    assert fays.get(reverse("webhook-detail", args=[own.reference])).status_code == 404


@pytest.mark.parametrize("who", ["ana", "bo", "dot"])
def test_nobody_else_manages_webhooks(cast, client_of, who):
    assert client_of(getattr(cast, who)).get(reverse("webhook-list")).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("dot", 403), ("bo", 200), ("ada", 200)])
def test_who_reads_the_delivery_log(cast, client_of, who, status):
    assert client_of(getattr(cast, who)).get(reverse("delivery-list")).status_code == status


def test_the_log_shows_a_manager_the_own_webhooks_alone(story, fays, own, rivals):
    mine, theirs = story.sent_webhook(own), story.sent_webhook(rivals)
    story.issued_notice()
    page = fays.get(reverse("delivery-list"))
    shown = {row.pk for row in page.context["page"].rows}
    assert mine.pk in shown
    assert theirs.pk not in shown
    assert set(OutboxMessage.objects.filter(pk__in=shown).values_list("endpoint", flat=True)) == {
        own.pk
    }
    assert fays.get(reverse("delivery", args=[mine.pk])).status_code == 200
    assert fays.get(reverse("delivery", args=[theirs.pk])).status_code == 404
    assert fays.post(reverse("delivery-replay", args=[theirs.pk])).status_code == 404


def test_each_try_is_shown_with_both_sides(story, fays, own, time):
    message = story.sent_webhook(own)
    Attempt.objects.create(
        message=message,
        number=1,
        started_at=time.now,
        milliseconds=31,
        outcome="later",
        status=503,
        reply="503 busy",
        request={"headers": {"webhook-id": str(message.pk)}, "body": '{"type":"ping"}'},
        response={"headers": {"Server": "x<script>"}, "body": "<b>no</b>"},
    )
    page = text_of(fays, "delivery", message.pk)
    assert f"webhook-id: {message.pk}" in page
    assert "&quot;type&quot;: &quot;ping&quot;" in page
    assert "<script>x" not in page
    assert "x&lt;script&gt;" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page


def test_one_is_sent_again_and_a_whole_list(story, cast, client_of, own, rivals):
    one, other = story.sent_webhook(own), story.sent_webhook(rivals)
    bos = client_of(cast.bo)
    bos.post(reverse("delivery-replay", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "queued"
    filters = f"?state=delivered&webhook={rivals.reference}"
    done = bos.post(reverse("delivery-replay-many") + filters)
    assert done.url == reverse("delivery-list") + filters
    other.refresh_from_db()
    assert other.state == "queued"


@pytest.mark.parametrize("filters", ["", "?state=nonsense"])
def test_nothing_is_sent_again_by_mistake(story, cast, client_of, own, filters):
    message = story.sent_webhook(own)
    done = client_of(cast.bo).post(reverse("delivery-replay-many") + filters)
    assert done.status_code == 404
    message.refresh_from_db()
    assert message.state == "delivered"


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ("channel=webhook", 1),
        ("channel=email", 0),
        ("state=delivered", 1),
        ("state=failed", 0),
        ("letter=ping", 1),
        ("letter=takedown_issued", 0),
        ("day=2026-09-28", 1),
        ("day=2026-09-27", 0),
        ("q=hooks.market", 1),
        ("q=nobody", 0),
    ],
)
def test_the_log_is_filtered(story, cast, client_of, own, filters, number):
    story.sent_webhook(own)
    page = client_of(cast.bo).get(f"{reverse('delivery-list')}?{filters}")
    assert page.context["page"].total == number


def test_the_log_costs_the_same_for_one_and_for_many(
    story, cast, client_of, own, django_assert_max_num_queries
):
    message = story.sent_webhook(own)
    for _copy in range(30):
        OutboxMessage.objects.create(
            **{
                field.attname: getattr(message, field.attname)
                for field in message._meta.concrete_fields
                if field.name != "id"
            }
        )
    client = client_of(cast.bo)
    with django_assert_max_num_queries(8):
        assert client.get(reverse("delivery-list")).context["page"].shown == 25
