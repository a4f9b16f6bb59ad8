import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("keys", "0001_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("read", "read what the organisation may see"),
                        ("answer", "acknowledge and answer takedown requests"),
                        ("report", "send reports of unsafe products"),
                        ("screen", "check products against the public register"),
                    ],
                    max_length=10,
                ),
                size=None,
            ),
        ),
    ]
