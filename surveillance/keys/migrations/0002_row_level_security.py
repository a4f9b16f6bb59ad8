"""Keys behind the second wall: an organisation sees its own."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("keys", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("keys_apikey"),
        seen("keys_apikey", "own", "organisation_id = acting_organisation()"),
    ]
