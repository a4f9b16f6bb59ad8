"""Endpoints move to an app of their own (surveillance/webhooks): their table gets another name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_tables")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("endpoint", "webhooks_endpoint")]
        )
    ]
