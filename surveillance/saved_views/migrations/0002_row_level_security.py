"""Saved views behind the second wall: one's own, and what colleagues share."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("saved_views", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("saved_views_savedview"),
        seen(
            "saved_views_savedview",
            "own_and_shared",
            "organisation_id = acting_organisation() AND (is_shared OR owner_id = acting_user())",
        ),
    ]
