"""A platform sees the contests that it has filed."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_contests"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("cases_contest"),
        seen("cases_contest", "own", "platform_id = acting_organisation()"),
    ]
