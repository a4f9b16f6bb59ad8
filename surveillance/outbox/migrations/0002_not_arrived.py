from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Messages that have not arrived are counted by channel without reading those that have."""

    atomic = False

    dependencies = [("outbox", "0001_tables")]

    operations = [
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["channel", "state"],
                condition=models.Q(state__in=["queued", "sending", "failed"]),
                name="outbox_not_arrived",
            ),
        ),
    ]
