"""Versions say who made them, and are made by a verb."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_MODELS = ("calendar", "regime")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("calendars", "0001_tables"),
    ]

    operations = [
        operation
        for model in _MODELS
        for operation in (
            # In Python alone: code that is still running knows the column by its name.
            migrations.SeparateDatabaseAndState(
                state_operations=[
                    migrations.RenameField(model, "made_at", "changed_at"),
                    migrations.AlterField(
                        model,
                        "changed_at",
                        models.DateTimeField(db_column="made_at", editable=False),
                    ),
                ]
            ),
            migrations.AlterField(
                model, "version", models.PositiveIntegerField(default=1, editable=False)
            ),
            migrations.AddField(
                model,
                "made_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        )
    ]
