"""Messages and every try of one.

Letters know their lane; lanes that are busy or failing have a row. Letters can be held back, for a
digest or by the breaker, and a restore leaves a row by which nothing is sent until it ends.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_tables"),
        ("webhooks", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            name="Restoration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("backup_made_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Canary",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("finished_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="there_is_one_canary"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("letter", models.CharField(max_length=60)),
                ("about", models.CharField(db_index=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "email"), ("webhook", "webhook"), ("in_app", "in_app")],
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(max_length=500)),
                ("language", models.CharField(max_length=10)),
                ("document", models.JSONField()),
                ("payload", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=300)),
                ("as_pdf", models.BooleanField(default=False)),
                ("unique_key", models.CharField(max_length=300, null=True, unique=True)),
                (
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
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lane", models.CharField(db_default="", max_length=60)),
                (
                    "queued_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("next_attempt_at", models.DateTimeField()),
                (
                    "held",
                    models.CharField(
                        blank=True,
                        choices=[("digest", "for a digest"), ("breaker", "by the breaker")],
                        db_default="",
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(blank=True, db_default="", default="", max_length=40),
                ),
                ("gathers", models.BooleanField(db_default=False, default=False)),
                ("released_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "cause",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="audit.auditentry",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="gathered",
                        to="outbox.outboxmessage",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="webhooks.endpoint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("held", ""), ("state", "queued")),
                        fields=["lane", "next_attempt_at"],
                        name="outbox_next_in_lane",
                    ),
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["next_attempt_at"],
                        name="outbox_queued",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "failed", "bounced"])),
                        fields=["channel", "state"],
                        name="outbox_undone",
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["created_at"],
                        name="outbox_held",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "in_app"), ("digest", None), ("held", "")),
                        fields=["user", "-created_at"],
                        include=("read_at",),
                        name="outbox_notices_shown",
                    ),
                    models.Index(
                        condition=models.Q(("held", "digest"), ("state", "queued")),
                        fields=["channel", "address", "next_attempt_at"],
                        name="outbox_to_gather",
                    ),
                    models.Index(
                        condition=models.Q(("digest", None), ("gathers", True), ("held", "")),
                        fields=["channel", "address", "queued_at"],
                        name="outbox_let_go_alone",
                    ),
                    models.Index(
                        condition=models.Q(("digest__isnull", False)),
                        fields=["digest"],
                        name="outbox_digests",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("channel", "in_app"), _negated=True), ("released_at", None)
                        ),
                        fields=["delivered_at"],
                        name="outbox_left",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "webhook")),
                        fields=["endpoint", "-created_at", "-id"],
                        name="outbox_endpoint_log",
                    ),
                    models.Index(fields=["-created_at", "-id"], name="outbox_log"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "webhook"), _negated=True),
                            ("endpoint__isnull", False),
                            _connector="OR",
                        ),
                        name="webhook_has_endpoint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "in_app"), _negated=True),
                            ("user__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_has_user",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "delivered"), _negated=True),
                            ("delivered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivered_has_instant",
                    ),
                ],
            },
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
