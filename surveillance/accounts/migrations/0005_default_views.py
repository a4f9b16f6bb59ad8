"""Which view of a list comes first for a person: read with the person, in no query of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_row_level_security")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="default_views",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
