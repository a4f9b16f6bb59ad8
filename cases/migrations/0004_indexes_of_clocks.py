"""Indexes for the sweeps: clocks that run, and requests that an older calendar was used for."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0003_clocks_that_stand")]

    operations = [
        AddIndexConcurrently(
            "item",
            models.Index(
                condition=models.Q(
                    ("missed_at", None),
                    ("paused_at", None),
                    ("started_at__isnull", False),
                    ("state__in", ["pending", "still_online"]),
                ),
                fields=["due_at"],
                name="item_running_clock",
            ),
        ),
        RemoveIndexConcurrently("item", "item_open_clock"),
        AddIndexConcurrently(
            "takedownrequest",
            models.Index(
                condition=models.Q(("state", "issued")),
                fields=["regime", "calendar_version"],
                name="takedown_calendar",
            ),
        ),
    ]
