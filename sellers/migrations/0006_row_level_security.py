"""Rules that a platform has accepted, behind the second wall: it sees its own."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("sellers", "0005_platform_setup"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("sellers_regimeacceptance"),
        seen("sellers_regimeacceptance", "own", "platform_id = acting_organisation()"),
    ]
