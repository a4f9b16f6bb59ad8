"""Sandbox demands, which nobody in person drafts or decides about (docs/decisions/0027)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_longer_references"),
        ("calendars", "0003_row_level_security"),
        ("cases", "0013_contests_row_level_security"),
        ("sellers", "0010_sandbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="appeal",
            name="a_decided_appeal_is_whole",
        ),
        migrations.AddField(
            model_name="case",
            name="is_sandbox",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="takedownrequest",
            name="is_sandbox",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="takedownrequest",
            name="drafted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="takedownrequest",
            index=models.Index(
                condition=models.Q(("is_sandbox", True)),
                fields=["platform", "state"],
                name="takedown_sandbox",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(
                        ("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_decided_appeal_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="takedownrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_sandbox", True), ("drafted_by__isnull", False), _connector="OR"
                ),
                name="a_person_drafts_a_real_demand",
            ),
        ),
    ]
