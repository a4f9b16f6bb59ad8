"""A clock that stands says since when; a request says which version its clocks agree with."""

from django.db import migrations, models

# The open span of a clock that stands is the last one; until now only questions stopped a clock.
NOTE_PAUSES = """
    UPDATE cases_item SET paused_at = (pauses -> -1 ->> 'from')::timestamptz
    WHERE state = 'needs_information' AND jsonb_array_length(pauses) > 0
      AND pauses -> -1 ->> 'to' IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_who_made_a_version"), ("cases", "0002_tallies")]

    operations = [
        migrations.AddField("item", "paused_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "takedownrequest",
            "calendar_version",
            models.PositiveIntegerField(default=0, db_default=0),
        ),
        migrations.RunSQL(NOTE_PAUSES, migrations.RunSQL.noop),
    ]
