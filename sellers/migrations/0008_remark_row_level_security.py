"""A platform's remark to its numbers, behind the second wall: it sees its own."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("sellers", "0007_platform_remark"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("sellers_platformremark"),
        seen("sellers_platformremark", "own", "platform_id = acting_organisation()"),
    ]
