"""A platform sees the appeals about the listings of its own requests."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_appeals"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("cases_appeal"),
        seen(
            "cases_appeal",
            "of_items_seen",
            "EXISTS (SELECT FROM cases_item item WHERE item.id = cases_appeal.item_id)",
        ),
    ]
