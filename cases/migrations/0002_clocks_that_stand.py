"""A clock that stands says since when; a request says which version its clocks agree with."""

from django.db import migrations, models

_WAITING = ["pending", "still_online"]

# The open span of a clock that stands is the last one.
NOTE_PAUSES = """
    UPDATE cases_item SET paused_at = (pauses -> -1 ->> 'from')::timestamptz
    WHERE jsonb_array_length(pauses) > 0 AND pauses -> -1 ->> 'to' IS NULL
      AND state IN ('needs_information', 'pending', 'still_online')
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_who_made_a_version"), ("cases", "0001_tables")]

    operations = [
        migrations.AddField("item", "paused_at", models.DateTimeField(null=True)),
        migrations.RunSQL(NOTE_PAUSES, migrations.RunSQL.noop),
        migrations.RemoveIndex("item", "item_open_clock"),
        migrations.AddIndex(
            "item",
            models.Index(
                condition=models.Q(
                    ("missed_at", None),
                    ("paused_at", None),
                    ("started_at__isnull", False),
                    ("state__in", _WAITING),
                ),
                fields=["due_at"],
                name="item_open_clock",
            ),
        ),
        migrations.AddField(
            "takedownrequest", "calendar_version", models.PositiveIntegerField(default=0)
        ),
        migrations.AddIndex(
            "takedownrequest",
            models.Index(
                condition=models.Q(("state", "issued")),
                fields=["regime", "calendar_version"],
                name="takedown_calendar",
            ),
        ),
    ]
