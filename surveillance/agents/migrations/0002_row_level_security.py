"""Seats behind the second wall: a platform sees those of its own people."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("agents_agent"),
        seen("agents_agent", "own", "organisation_id = acting_organisation()"),
    ]
