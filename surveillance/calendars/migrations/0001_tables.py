"""Calendars and regimes, in versions that say who made them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.CharField(max_length=40)),
                ("changed_at", models.DateTimeField(db_column="made_at", editable=False)),
                ("is_current", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("name", models.CharField(max_length=120)),
                ("jurisdiction", models.CharField(max_length=2)),
                ("time_zone", models.CharField(max_length=40)),
                ("weekend", models.JSONField()),
                ("holidays", models.JSONField(default=dict)),
                ("extra_working_days", models.JSONField(default=dict)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("source", models.TextField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="calendar_version_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("code",),
                        name="calendar_has_one_current_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Regime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.CharField(max_length=40)),
                ("changed_at", models.DateTimeField(db_column="made_at", editable=False)),
                ("is_current", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("name", models.CharField(max_length=160)),
                ("jurisdiction", models.CharField(max_length=2)),
                (
                    "kind",
                    models.CharField(
                        choices=[("order", "order"), ("notice", "notice")], max_length=10
                    ),
                ),
                ("legal_basis", models.TextField()),
                ("source", models.TextField(blank=True)),
                ("limit_amount", models.PositiveSmallIntegerField()),
                (
                    "limit_unit",
                    models.CharField(
                        choices=[("working_days", "working_days"), ("hours", "hours")],
                        max_length=20,
                    ),
                ),
                (
                    "start_rule",
                    models.CharField(
                        choices=[
                            ("receipt", "receipt"),
                            ("day_after_receipt", "day_after_receipt"),
                            ("next_working_day", "next_working_day"),
                        ],
                        max_length=30,
                    ),
                ),
                ("cut_off", models.TimeField(null=True)),
                ("day_ends_at", models.TimeField(null=True)),
                ("calendar_code", models.CharField(max_length=40)),
                ("reminders", models.JSONField(default=list)),
                ("escalation", models.JSONField(default=list)),
                ("four_eyes", models.BooleanField(default=False)),
                ("extension_approvals", models.PositiveSmallIntegerField(default=1)),
                ("is_local_policy", models.BooleanField(default=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="regime_version_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("code",),
                        name="regime_has_one_current_version",
                    ),
                ],
            },
        ),
    ]
