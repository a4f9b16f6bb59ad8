"""Letters know their lane; lanes that are busy or failing have a row, and every try has one.

Claims are of lanes now, not of letters: what an old worker was sending is queued again, and may
arrive a second time with the same id.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

NAME_LANES = """
    UPDATE outbox_outboxmessage
    SET state = 'queued', lane = CASE channel
            WHEN 'webhook' THEN 'webhook:' || endpoint_id
            WHEN 'email' THEN 'email:' ||
                left(encode(sha256(convert_to(lower(trim(address)), 'UTF8')), 'hex'), 16)
            ELSE 'in_app:all' END,
        queued_at = created_at
    WHERE state IN ('queued', 'sending')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_endpoints_move_out"),
        ("webhooks", "0001_endpoints"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "outboxmessage",
                    "endpoint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="webhooks.endpoint",
                    ),
                ),
                migrations.DeleteModel("Endpoint"),
            ]
        ),
        migrations.AddField(
            "outboxmessage", "lane", models.CharField(db_default="", max_length=60)
        ),
        migrations.AddField(
            "outboxmessage",
            "queued_at",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            "outboxmessage", "held", models.CharField(db_default="", max_length=20)
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
                ],
                default="queued",
                max_length=10,
            ),
        ),
        migrations.RunSQL(NAME_LANES, migrations.RunSQL.noop),
        migrations.RemoveIndex("outboxmessage", "outbox_due"),
        migrations.RemoveIndex("outboxmessage", "outbox_claimed"),
        migrations.RemoveIndex("outboxmessage", "outbox_undelivered"),
        migrations.RemoveField("outboxmessage", "claim"),
        migrations.RemoveField("outboxmessage", "claimed_at"),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(("state", "queued")),
                name="outbox_queued",
            ),
        ),
        migrations.RemoveIndex("outboxmessage", "outbox_not_arrived"),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                fields=["lane", "next_attempt_at"],
                condition=models.Q(("held", ""), ("state", "queued")),
                name="outbox_next_in_lane",
            ),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                fields=["channel", "state"],
                condition=models.Q(("state__in", ["queued", "failed", "bounced"])),
                name="outbox_undone",
            ),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                fields=["endpoint", "-created_at", "-id"],
                condition=models.Q(("channel", "webhook")),
                name="outbox_endpoint_log",
            ),
        ),
        migrations.AddIndex(
            "outboxmessage", models.Index(fields=["-created_at", "-id"], name="outbox_log")
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("claim", models.UUIDField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("started_at", models.DateTimeField(db_index=True)),
                ("milliseconds", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("arrived", "arrived"),
                            ("later", "to be tried again"),
                            ("refused", "refused for good"),
                        ],
                        max_length=10,
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("reply", models.TextField(blank=True)),
                ("request", models.JSONField(default=dict)),
                ("response", models.JSONField(default=dict)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="outbox.outboxmessage",
                    ),
                ),
            ],
        ),
    ]
