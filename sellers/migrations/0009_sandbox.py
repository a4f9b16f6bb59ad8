"""Made-up listings of sandbox demands (docs/decisions/0025)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sellers", "0008_remark_row_level_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="is_sandbox",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
