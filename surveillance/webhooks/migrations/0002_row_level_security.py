"""Webhooks behind the second wall: an organisation sees its own, and its orders to send again."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("webhooks_endpoint"),
        seen("webhooks_endpoint", "own", "organisation_id = acting_organisation()"),
        wall("webhooks_replay"),
        seen("webhooks_replay", "own", "organisation_id = acting_organisation()"),
    ]
