"""Chasing letters are gathered into digests; the breaker marks what it holds."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("outbox", "0005_row_level_security")]

    operations = [
        migrations.AddField(
            "outboxmessage",
            "time_zone",
            models.CharField(max_length=40, blank=True, default="", db_default=""),
        ),
        migrations.AddField(
            "outboxmessage", "gathers", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "outboxmessage",
            "digest",
            models.ForeignKey(
                "outbox.outboxmessage",
                django.db.models.deletion.SET_NULL,
                null=True,
                db_index=False,
                related_name="gathered",
            ),
        ),
        migrations.AddField("outboxmessage", "released_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "outboxmessage",
            "held",
            models.CharField(
                max_length=20,
                choices=[("digest", "for a digest"), ("breaker", "by the breaker")],
                blank=True,
                default="",
                db_default="",
            ),
        ),
        migrations.AlterField(
            "outboxmessage",
            "state",
            models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("delivered", "delivered"),
                    ("failed", "failed"),
                    ("bounced", "came back"),
                    ("held", "held back"),
                    ("gathered", "in a digest"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["user", "-created_at"],
                condition=models.Q(channel="in_app", held="", digest=None),
                name="outbox_notices_shown",
            ),
        ),
        RemoveIndexConcurrently("outboxmessage", "outbox_notices"),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["channel", "address", "next_attempt_at"],
                condition=models.Q(state="queued", held="digest"),
                name="outbox_to_gather",
            ),
        ),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["channel", "address", "queued_at"],
                condition=models.Q(gathers=True, held="", digest=None),
                name="outbox_let_go_alone",
            ),
        ),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["digest"],
                condition=models.Q(digest__isnull=False),
                name="outbox_digests",
            ),
        ),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["delivered_at"],
                condition=~models.Q(channel="in_app") & models.Q(released_at=None),
                name="outbox_left",
            ),
        ),
    ]
