"""Jobs have a public reference, may wait for a worker, and may hold an uploaded file."""

from django.db import migrations, models

import surveillance.jobs.models

NAME_THEM = """
UPDATE jobs_job SET reference = format(
    'J-%s-%s',
    extract(year FROM started_at),
    lpad(next_reference('j', extract(year FROM started_at)::integer)::text, 6, '0')
)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_references"), ("jobs", "0001_tables")]

    operations = [
        migrations.AddField("job", "reference", models.CharField(max_length=20, default="")),
        migrations.RunSQL(NAME_THEM, migrations.RunSQL.noop),
        migrations.AlterField("job", "reference", models.CharField(max_length=20, unique=True)),
        migrations.AddField(
            "job",
            "file",
            models.FileField(blank=True, max_length=400, upload_to=surveillance.jobs.models._place),
        ),
        migrations.AlterField(
            "job",
            "state",
            models.CharField(
                choices=[
                    ("queued", "waiting for a worker"),
                    ("running", "running"),
                    ("done", "done"),
                    ("failed", "failed"),
                    ("cancelled", "cancelled"),
                ],
                default="running",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("job", "a_job_that_has_ended_says_when"),
        migrations.AddConstraint(
            "job",
            models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "running"]),
                    ("finished_at__isnull", False),
                    _connector="OR",
                ),
                name="a_job_that_has_ended_says_when",
            ),
        ),
    ]
