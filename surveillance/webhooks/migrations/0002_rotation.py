"""Endpoints get references, events, a second secret and verbs; secrets are sealed.

The old code cannot sign with a sealed secret: a webhook that it sends between this migration and
its own end is refused by the receiver and sent again by the new code.
"""

import secrets
import string

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from surveillance.outbox import vault

LETTERS = string.ascii_lowercase + string.digits


def complete(apps, schema_editor):
    for row in apps.get_model("webhooks", "Endpoint").objects.all():
        row.reference = "wh_" + "".join(secrets.choice(LETTERS) for _place in range(10))
        row.secret = vault.seal(row.secret)
        row.state = "on" if row.is_active else "off"
        row.save()


def take_back(apps, schema_editor):
    model = apps.get_model("webhooks", "Endpoint")
    model.objects.filter(state="deleted").delete()
    for row in model.objects.all():
        row.secret = vault.unseal(row.secret)
        row.is_active = row.state == "on"
        row.save()


class Migration(migrations.Migration):
    atomic = False  # rows are changed between changes of their table

    dependencies = [
        ("webhooks", "0001_endpoints"),
        ("outbox", "0003_lanes_and_tries"),
    ]

    operations = [
        migrations.AddField(
            "endpoint", "version", models.PositiveIntegerField(default=1, editable=False)
        ),
        migrations.AddField(
            "endpoint",
            "changed_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "endpoint",
            "created_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField("endpoint", "reference", models.CharField(max_length=20, null=True)),
        migrations.AddField(
            "endpoint",
            "name",
            models.CharField(blank=True, default="", max_length=100, verbose_name="what it is for"),
            preserve_default=False,
        ),
        migrations.AddField(
            "endpoint",
            "events",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            "endpoint",
            "old_secret",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField("endpoint", "old_secret_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "endpoint",
            "state",
            models.CharField(
                choices=[("on", "on"), ("off", "switched off"), ("deleted", "deleted")],
                default="on",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "endpoint",
            "off_because",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AlterField("endpoint", "secret", models.TextField()),
        migrations.AlterField(
            "endpoint", "url", models.URLField(max_length=500, verbose_name="address")
        ),
        migrations.AlterField(
            "endpoint",
            "organisation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="endpoints",
                to="accounts.organisation",
            ),
        ),
        migrations.RunPython(complete, take_back),
        migrations.AlterField(
            "endpoint", "reference", models.CharField(max_length=20, unique=True)
        ),
        migrations.RemoveField("endpoint", "is_active"),
        migrations.CreateModel(
            name="Replay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("messages", models.PositiveIntegerField()),
                ("criteria", models.JSONField(default=dict)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
