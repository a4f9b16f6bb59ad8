"""Messages behind the second wall: one's own notices, and what was sent to one's organisation's
endpoints, with every try and how the endpoints do."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall

OWN_ENDPOINT = "EXISTS (SELECT FROM webhooks_endpoint endpoint WHERE {condition})"


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_tables"),
        ("accounts", "0004_row_level_security"),
        ("webhooks", "0002_row_level_security"),
    ]

    operations = [
        wall("outbox_outboxmessage"),
        seen("outbox_outboxmessage", "own_notices", "user_id = acting_user()"),
        seen(
            "outbox_outboxmessage",
            "to_own_endpoints",
            OWN_ENDPOINT.format(condition="endpoint.id = outbox_outboxmessage.endpoint_id"),
        ),
        wall("outbox_attempt"),
        seen(
            "outbox_attempt",
            "at_own_endpoints",
            "EXISTS (SELECT FROM outbox_outboxmessage message"
            " JOIN webhooks_endpoint endpoint ON endpoint.id = message.endpoint_id"
            " WHERE message.id = outbox_attempt.message_id)",
        ),
        wall("outbox_lane"),
        seen(
            "outbox_lane",
            "of_own_endpoints",
            OWN_ENDPOINT.format(condition="'webhook:' || endpoint.id = outbox_lane.key"),
        ),
    ]
