import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keys", "0001_tables")]

    operations = [
        migrations.AlterField(
            "apikey",
            "scopes",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("read", "read what the organisation may see"),
                        ("answer", "acknowledge and answer takedown requests"),
                        ("report", "send reports of unsafe products"),
                        ("manage", "manage the organisation's webhooks"),
                    ],
                    max_length=10,
                ),
                size=None,
            ),
        )
    ]
