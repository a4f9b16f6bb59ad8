"""A platform says by which calendar its people work; until then by its jurisdiction's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sellers", "0008_remark_row_level_security")]

    operations = [
        migrations.AddField(
            model_name="platform",
            name="working_calendar",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
