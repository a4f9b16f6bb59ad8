"""Letters can be held back, and a restore leaves a row by which nothing is sent until it ends."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("outbox", "0003_lanes_and_tries")]

    operations = [
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
        migrations.AlterField(
            "outboxmessage",
            "state",
            models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("delivered", "delivered"),
                    ("failed", "failed"),
                    ("bounced", "came back"),
                    ("held", "held back since a restore"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["created_at"], condition=models.Q(state="held"), name="outbox_held"
            ),
        ),
    ]
