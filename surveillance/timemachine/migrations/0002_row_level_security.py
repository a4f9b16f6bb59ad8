"""The demo's clock is everybody's."""

from django.db import migrations

from surveillance.accounts.policies import open_to_all


class Migration(migrations.Migration):
    dependencies = [
        ("timemachine", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [open_to_all("timemachine_timemachine")]
