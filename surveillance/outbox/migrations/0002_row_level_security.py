"""Messages and endpoints behind the second wall: one's own notices, one's organisation's
endpoints and what was sent to them."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("outbox_endpoint"),
        seen("outbox_endpoint", "own", "organisation_id = acting_organisation()"),
        wall("outbox_outboxmessage"),
        seen("outbox_outboxmessage", "own_notices", "user_id = acting_user()"),
        seen(
            "outbox_outboxmessage",
            "to_own_endpoints",
            "EXISTS (SELECT FROM outbox_endpoint endpoint"
            " WHERE endpoint.id = outbox_outboxmessage.endpoint_id)",
        ),
    ]
