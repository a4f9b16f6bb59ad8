"""Made-up listings of sandbox demands (docs/decisions/0027)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sellers", "0009_working_calendar"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="is_sandbox",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
