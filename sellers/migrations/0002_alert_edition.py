from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sellers", "0001_tables"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["version", "id"], name="alert_edition"),
        ),
    ]
